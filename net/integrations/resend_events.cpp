#include "net/integrations/resend_events.hpp"

#include "net/json_tree.hpp"
#include "net/mail/resend_transport.hpp"

namespace net::integrations {
namespace {

constexpr std::size_t longest_name = 200;

std::string text_in(const json_node* in, std::string_view name) {
  const auto* found = in ? in->find(name) : nullptr;
  return found && found->kind == json_kind::string ? found->string : std::string{};
}

std::optional<actors::mail_event> event_of(std::string_view type) {
  using actors::mail_event;
  if (type == "email.sent") return mail_event::sent;
  if (type == "email.delivered") return mail_event::delivered;
  if (type == "email.delivery_delayed") return mail_event::delayed;
  if (type == "email.bounced") return mail_event::bounced;
  if (type == "email.complained") return mail_event::complained;
  if (type == "email.failed") return mail_event::failed;
  return std::nullopt;
}

/// Our id, in the tag that we gave the mail: `{"name": "value"}`, or the list of tags as they were sent.
std::optional<model::mail_id> tag_in(const json_node* data) {
  const auto* tags = data ? data->find("tags") : nullptr;
  if (!tags) return std::nullopt;
  if (tags->kind == json_kind::object)
    return model::parse_id<model::mail_id>(text_in(tags, mail::resend_mail_tag));
  for (const auto& tag : tags->items)
    if (text_in(&tag, "name") == mail::resend_mail_tag)
      return model::parse_id<model::mail_id>(text_in(&tag, "value"));
  return std::nullopt;
}

std::optional<std::string> reason_in(const json_node* data) {
  const auto* bounce = data ? data->find("bounce") : nullptr;
  const auto* failed = data ? data->find("failed") : nullptr;
  auto reason = bounce ? text_in(bounce, "message") : text_in(failed, "reason");
  if (const auto kind = text_in(bounce, "subType"); !kind.empty())
    reason = kind + (reason.empty() ? "" : ": " + reason);
  return reason.empty() ? std::nullopt : std::optional{reason};
}

model::refusal unreadable(std::string why) {
  return {model::refusal_code::bad_request, std::move(why), {}, {}, {}, {}};
}

}  // namespace

std::variant<std::optional<actors::mail_notice>, model::refusal> read_resend_event(std::string_view id,
                                                                                   std::string_view body) {
  auto read = parse_json(body);
  if (auto* no = std::get_if<model::refusal>(&read)) return std::move(*no);
  const auto& root = std::get<json_tree>(read).root;
  const auto type = text_in(&root, "type");
  if (type.empty()) return unreadable("The webhook does not say what it is about (type).");
  const auto what = event_of(type);
  if (!what) return std::optional<actors::mail_notice>{};
  const auto* data = root.find("data");
  actors::mail_notice out;
  out.id = id;
  out.what = *what;
  out.provider_id = text_in(data, "email_id");
  if (out.provider_id.empty() || out.provider_id.size() > longest_name)
    return unreadable("The webhook does not say which mail it is about (data.email_id).");
  out.mail = tag_in(data);
  out.at = model::parse_instant(text_in(&root, "created_at"));
  out.reason = reason_in(data);
  return std::optional{std::move(out)};
}

}  // namespace net::integrations
