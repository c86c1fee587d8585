#include "net/content/file_name.hpp"
#include "net/content/heading.hpp"
#include "net/edge_turn.hpp"

namespace net {
namespace {

model::refusal too_many_streams(const char* what) {
  auto no =
      model::refusal::unavailable(std::string("Too many ") + what + " are under way. Try again shortly.");
  no.retry_after = 10;
  return no;
}

bool is_export(const actors::case_request& what) {
  const auto* command = std::get_if<model::case_command>(&what);
  return command && std::holds_alternative<model::make_export>(*command);
}

}  // namespace

// Before the case is asked, since an export is written down with that.
std::optional<model::refusal> reserve(turn& t, const actors::case_request& what) {
  auto& streams = *t.setup->downloads;
  if (is_export(what)) {
    t.place = streams.exports.take();
    if (!t.place) return too_many_streams("exports");
  } else if (std::holds_alternative<actors::view_content>(what) ||
             std::holds_alternative<actors::view_signed>(what)) {
    t.place = streams.downloads.take();
    if (!t.place) return too_many_streams("downloads");
  }
  return std::nullopt;
}

void stream_out(edge_pointer self, const turn_ptr& t, const actors::answer& passed) {
  // An export is of this moment: nothing compares with it later.
  const auto etag = t->at().leaves_trace ? std::string{} : passed.etag;
  auto order = std::make_shared<const actors::stream_order>(*passed.stream);
  if (t->asked->method == "HEAD") {
    auto head = contents::heading_of(*order, etag);
    // Its reader is gone at once; it only tells how long the body would be.
    head.stream = std::make_shared<http::outflow>(
        http::outflow::options{.on_room = {}, .length = contents::known_length(*order)});
    return finish(*t, std::move(head));
  }
  ask<contents::stream_opened>(self, t, t->setup->contents,
                               contents::stream_wanted{order, etag, t->request_id, t->place},
                               [t](const contents::stream_opened& opened) {
                                 if (const auto* no = std::get_if<model::refusal>(&opened.what))
                                   return refuse(*t, *no);
                                 finish(*t, std::get<http::response>(opened.what));
                               });
}

void take_upload(edge_pointer self, const turn_ptr& t, const upload_call& c,
                 std::function<void(case_call)> then) {
  // Checked with the query.
  const auto name = c.file_name.empty() ? std::nullopt : contents::file_name_of(c.file_name);
  ask<contents::upload_judged>(
      self, t, t->setup->contents, contents::uploaded{t->asked, name.value_or("")},
      [t, c, then](const contents::upload_judged& judged) {
        if (const auto* no = std::get_if<model::refusal>(&judged.what)) return refuse(*t, *no);
        then({c.of_case, model::case_command{
                             model::attach_file{c.document, std::get<model::uploaded_file>(judged.what)}}});
      });
}

void take_form(edge_pointer self, const turn_ptr& t, const form_call& c,
               std::function<void(case_call)> then) {
  ask<contents::form_judged>(
      self, t, t->setup->contents, contents::form_uploaded{t->asked},
      [t, of_case = c.of_case, then](const contents::form_judged& judged) {
        if (const auto* no = std::get_if<model::refusal>(&judged.what)) return refuse(*t, *no);
        const auto& form = std::get<contents::filled_form>(judged.what);
        t->body_hash = form.body_hash;
        then({of_case, model::case_command{model::upload_document{form.made, form.file}}});
      });
}

}  // namespace net
