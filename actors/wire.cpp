#include "actors/wire.hpp"

namespace actors {
namespace {

/// An answer with its bytes written out.
struct flat_answer {
  answer_kind kind = answer_kind::ok;
  std::string body;
  std::string etag;
  std::optional<model::uuid> made;
  std::optional<stream_order> stream;
};
BOOST_DESCRIBE_STRUCT(flat_answer, (), (kind, body, etag, made, stream))

using flat_reply = std::variant<flat_answer, model::refusal>;

}  // namespace

std::string pack_reply(const reply_message& r) {
  return std::visit(model::overloaded{[](const answer& a) {
                                        return model::pack(flat_reply{flat_answer{
                                            a.kind, std::string(a.body.text()), a.etag, a.made, a.stream}});
                                      },
                                      [](const model::refusal& no) { return model::pack(flat_reply{no}); }},
                    r.what);
}

void unpack_reply(std::string_view bytes, reply_message& r) {
  flat_reply flat;
  model::unpack(bytes, flat);
  if (auto* no = std::get_if<model::refusal>(&flat)) {
    r.what = std::move(*no);
    return;
  }
  auto& a = std::get<flat_answer>(flat);
  r.what = answer{a.kind, rendered::again(std::move(a.body)), std::move(a.etag), a.made, std::move(a.stream)};
}

}  // namespace actors
