#include "net/integrations/docuseal_parts.hpp"

#include <sodium.h>

#include <algorithm>
#include <charconv>

#include "model/json.hpp"
#include "net/content/wording.hpp"
#include "net/mail/document_attachment.hpp"
#include "net/print/document_pdf.hpp"
#include "net/speakable.hpp"

namespace net::integrations::docuseal_parts {
namespace {

using actors::signing_trouble;

constexpr std::string_view signer_role = "Signer";

struct file {
  std::string name;
  std::string file;
};
BOOST_DESCRIBE_STRUCT(file, (), (name, file))

struct submitter {
  std::string role;
  std::string name;
  std::string email;
  std::string external_id;
};
BOOST_DESCRIBE_STRUCT(submitter, (), (role, name, email, external_id))

struct submission {
  std::string name;
  bool send_email = true;
  bool merge_documents = true;
  std::vector<docuseal_parts::file> documents;
  std::vector<submitter> submitters;
};
BOOST_DESCRIBE_STRUCT(submission, (), (name, send_email, merge_documents, documents, submitters))

std::string base64(const std::string& bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();
  return out;
}

std::string value_of(const model::fields& fields, std::string_view name) {
  for (const auto& [field, value] : fields)
    if (field == name) return value;
  return {};
}

/// A page of its own, since nothing is to be put over what was approved, and an uploaded PDF names no place
/// for a signature. What stands in double braces DocuSeal makes a field.
std::string page_to_sign(const actors::signing_order& what) {
  actors::stream_heading about;
  about.organisation = value_of(what.fields, "organisation");
  about.tenant = value_of(what.fields, "tenant");
  about.time_zone = value_of(what.fields, "time_zone");
  auto page = contents::printed(what.document.document, {}, about);
  page.type = "Page to sign: " + page.type;
  page.kind = print::printed_body::plain_text;
  page.body = "To be signed by " + what.to_name +
              "\n\n\nSignature\n\n{{Signature;role=Signer;type=signature;width=240;height=60}}"
              "\n\n\n\n\n\nDate\n\n{{Date;role=Signer;type=date}}\n";
  std::string bytes;
  print::document_pdf(page, [&](std::string_view part) { bytes += part; });
  return bytes;
}

/// DocuSeal says what is wrong in `error`.
std::string said_in(const http_response& answer) {
  const auto tree = tree_of(answer);
  const auto said = tree ? text_in(*tree, "error") : std::string{};
  return said.empty() ? std::string{} : ": " + speakable(said);
}

std::optional<std::chrono::seconds> asked_to_wait(const http_response& answer) {
  const auto text = answer.header("Retry-After");
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::chrono::seconds{std::min(seconds, 24 * 3600)};
}

signing_trouble not_set_up(const std::string& what, const std::string& hint) {
  return {signing_trouble::kind::set_up, false, "DocuSeal " + what + ". " + hint, {}};
}

std::optional<std::int64_t> number_in(const json_node& object, std::string_view name) {
  const auto* found = object.find(name);
  return found && found->kind == json_kind::whole ? std::optional{found->whole} : std::nullopt;
}

/// The list itself, or what `data` holds of one.
const json_node* list_in(const json_node& answer, std::string_view name) {
  const auto* list = answer.kind == json_kind::array ? &answer : answer.find(name);
  return list && list->kind == json_kind::array ? list : nullptr;
}

}  // namespace

std::string submission_of(const actors::signing_order& what) {
  const auto& d = what.document.document;
  submission s;
  s.name = d.title;
  s.documents.push_back({d.title, base64(mail::as_pdf(what.document, what.fields).bytes)});
  s.documents.push_back({"Page to sign", base64(page_to_sign(what))});
  s.submitters.push_back({std::string(signer_role), what.to_name, what.to_email, model::to_text(what.id)});
  return model::to_json(s);
}

signing_trouble trouble_with(const http_failure& failure) {
  return {signing_trouble::kind::try_later, failure.may_have_arrived, failure.text, {}};
}

signing_trouble trouble_with(const http_response& answer, bool asking) {
  const auto status = std::to_string(answer.status);
  switch (answer.status) {
    case 401:
    case 402:
    case 403:
      return not_set_up("did not let the request pass (" + status + ")" + said_in(answer),
                        "Check KEYWORK_DOCUSEAL_KEY and what the account includes.");
    case 404:
    case 405:
      return not_set_up("has nothing at this address (" + status + ")", "Check --docuseal-url.");
    case 408:
    case 409:
    case 425:
    case 429:
      return {signing_trouble::kind::try_later, !asking && answer.status != 429,
              "DocuSeal asks to come again (" + status + ")", asked_to_wait(answer)};
    default:
      break;
  }
  if (answer.status >= 300 && answer.status < 400)
    return not_set_up("answers from another address (" + status + ")", "Check --docuseal-url.");
  if (answer.status >= 400 && answer.status < 500)
    return {signing_trouble::kind::refused,
            false,
            "DocuSeal does not take the document (" + status + ")" + said_in(answer),
            {}};
  return {signing_trouble::kind::try_later, !asking, "DocuSeal cannot serve now (" + status + ")",
          asked_to_wait(answer)};
}

std::optional<json_node> tree_of(const http_response& answer) {
  auto tree = parse_json(answer.body);
  if (auto* read = std::get_if<json_tree>(&tree)) return std::move(read->root);
  return std::nullopt;
}

std::optional<actors::submission_id> made_in(const json_node& answer) {
  if (answer.kind == json_kind::object) return number_in(answer, "id");
  if (answer.kind != json_kind::array || answer.items.empty()) return std::nullopt;
  return number_in(answer.items.front(), "submission_id");
}

std::optional<actors::submission_id> oldest_of(const json_node& answer, const std::string& external_id) {
  std::optional<actors::submission_id> oldest;
  const auto* signers = list_in(answer, "data");
  if (!signers) return oldest;
  for (const auto& signer : signers->items) {
    const auto submission = number_in(signer, "submission_id");
    if (!submission || text_in(signer, "external_id") != external_id) continue;
    oldest = std::min(oldest.value_or(*submission), *submission);
  }
  return oldest;
}

std::optional<actors::signing_progress> progress_in(const json_node& answer) {
  const auto status = text_in(answer, "status");
  if (status == "pending") return actors::signing_progress::pending;
  if (status == "completed") return actors::signing_progress::completed;
  if (status == "declined") return actors::signing_progress::declined;
  if (status == "expired") return actors::signing_progress::expired;
  return std::nullopt;
}

std::string text_in(const json_node& object, std::string_view name) {
  const auto* found = object.find(name);
  return found && found->kind == json_kind::string ? found->string : std::string{};
}

std::vector<std::string> documents_in(const json_node& answer) {
  std::vector<std::string> urls;
  if (const auto* documents = list_in(answer, "documents"))
    for (const auto& document : documents->items)
      if (auto url = text_in(document, "url"); !url.empty()) urls.push_back(std::move(url));
  return urls;
}

}  // namespace net::integrations::docuseal_parts
