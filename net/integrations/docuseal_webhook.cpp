#include "net/integrations/docuseal_webhook.hpp"

#include "net/integrations/webhook_signature.hpp"
#include "net/json_tree.hpp"

namespace net::integrations {
namespace {

constexpr std::chrono::seconds tolerance{300};
constexpr std::size_t longest_name = 100;

std::string text_in(const json_node& object, std::string_view name) {
  const auto* found = object.find(name);
  return found && found->kind == json_kind::string ? found->string : std::string{};
}

std::optional<std::int64_t> number_in(const json_node* object, std::string_view name) {
  const auto* found = object ? object->find(name) : nullptr;
  return found && found->kind == json_kind::whole ? std::optional{found->whole} : std::nullopt;
}

/// Our id: the signer's own, or one of those that the request has.
std::optional<model::signature_id> request_in(const json_node& data) {
  if (auto own = model::parse_id<model::signature_id>(text_in(data, "external_id"))) return own;
  const auto* signers = data.find("submitters");
  if (!signers || signers->kind != json_kind::array) return std::nullopt;
  for (const auto& signer : signers->items)
    if (auto id = model::parse_id<model::signature_id>(text_in(signer, "external_id"))) return id;
  return std::nullopt;
}

model::refusal not_described() {
  return {model::refusal_code::bad_request, "This is no event of DocuSeal's.", {}, {}, {}, {}};
}

}  // namespace

bool is_signed_by_docuseal(std::string_view secret, std::string_view header, std::string_view body,
                           model::instant now) {
  const auto dot = header.find('.');
  if (secret.empty() || dot == header.npos) return false;
  const auto seconds = header.substr(0, dot);
  return is_fresh(seconds, now, tolerance) &&
         matches_hex(hmac_sha256(secret, {seconds, ".", body}), header.substr(dot + 1));
}

std::variant<actors::signing_notice, model::refusal> read_docuseal_event(std::string_view body) {
  const auto read = parse_json(body);
  if (const auto* no = std::get_if<model::refusal>(&read)) return *no;
  const auto& root = std::get<json_tree>(read).root;
  const auto* data = root.find("data");
  actors::signing_notice told;
  told.event_type = text_in(root, "event_type");
  told.timestamp = text_in(root, "timestamp");
  if (!data || data->kind != json_kind::object || told.event_type.empty() ||
      told.event_type.size() > longest_name || told.timestamp.size() > longest_name)
    return not_described();
  const auto subject = number_in(data, "id");
  if (!subject) return not_described();
  told.subject = *subject;
  told.request = request_in(*data);
  if (told.event_type.starts_with("submission."))
    told.submission = told.subject;
  else if (told.event_type.starts_with("form."))
    told.submission = number_in(data, "submission_id") ? number_in(data, "submission_id")
                                                       : number_in(data->find("submission"), "id");
  return told;
}

}  // namespace net::integrations
