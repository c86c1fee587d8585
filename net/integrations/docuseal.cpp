#include "net/integrations/docuseal.hpp"

#include <algorithm>

#include "model/file_type.hpp"
#include "net/content/inspector.hpp"
#include "net/integrations/docuseal_form.hpp"
#include "net/integrations/docuseal_parts.hpp"
#include "net/mail/unsendable.hpp"

namespace net::integrations {
namespace {

using actors::signing_trouble;
using actors::submission_id;
namespace parts = docuseal_parts;

constexpr std::size_t largest_answer = 4 * 1024 * 1024;

class bytes_in_memory final : public model::file_source {
 public:
  explicit bytes_in_memory(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::string read(std::uint64_t offset, std::size_t most) const override {
    return bytes_.substr(std::min<std::size_t>(offset, bytes_.size()), most);
  }

 private:
  std::string bytes_;
};

signing_trouble unreadable() {
  return {signing_trouble::kind::try_later, true, "DocuSeal answered what its API does not describe", {}};
}

struct address {
  std::string_view scheme;
  std::string host;  ///< small letters, with its port where it has one
};

address address_of(std::string_view url) {
  const auto colon = std::min(url.find("://"), url.size());
  auto rest = url.substr(std::min(colon + 3, url.size()));
  address a{url.substr(0, colon), std::string(rest.substr(0, rest.find_first_of("/?#")))};
  std::ranges::transform(a.host, a.host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return a;
}

class docuseal_service final : public actors::signing_service {
 public:
  explicit docuseal_service(docuseal_settings settings)
      : settings_(std::move(settings)), client_("Keywork/" KEYWORK_VERSION) {}

  std::variant<std::optional<submission_id>, signing_trouble> find(model::signature_id id) override {
    const auto name = model::to_text(id);
    auto answer = ask("/submitters?limit=100&external_id=" + name);
    if (auto* t = std::get_if<signing_trouble>(&answer)) return std::move(*t);
    return parts::oldest_of(std::get<json_node>(answer), name);
  }

  std::variant<submission_id, signing_trouble> request(const actors::signing_order& what) override {
    const auto form = what.document.document.signing_template;
    auto body = form ? on_form(what, *form) : on_pdf(what);
    if (auto* t = std::get_if<signing_trouble>(&body)) return std::move(*t);
    http_request asked = to(form ? "/submissions" : "/submissions/pdf");
    asked.method = "POST";
    asked.headers.emplace_back("Content-Type", "application/json");
    asked.body = std::get<std::string>(std::move(body));
    const auto result = client_.send(asked, limits(largest_answer));
    if (const auto* failed = std::get_if<http_failure>(&result)) return parts::trouble_with(*failed);
    const auto& answer = std::get<http_response>(result);
    if (answer.status < 200 || answer.status > 299) return parts::trouble_with(answer, false);
    const auto tree = parts::tree_of(answer);
    const auto made = tree ? parts::made_in(*tree) : std::nullopt;
    if (!made) return unreadable();
    return *made;
  }

  std::variant<actors::signing_report, signing_trouble> look(submission_id which,
                                                             actors::wanted_files wanted) override {
    const auto path = "/submissions/" + std::to_string(which);
    auto answer = ask(path);
    if (auto* t = std::get_if<signing_trouble>(&answer)) return std::move(*t);
    const auto& submission = std::get<json_node>(answer);
    const auto progress = parts::progress_in(submission);
    if (!progress) return unreadable();
    actors::signing_report report{*progress, {}, {}, {}};
    if (*progress != actors::signing_progress::completed) return report;
    const auto audit_url = parts::text_in(submission, "audit_log_url");
    if (is_docuseal_file(settings_.url, audit_url)) report.audit_url = audit_url;
    if (wanted.signed_copy) report.signed_copy = signed_copy(path, report.missing);
    if (wanted.signing_audit) report.signing_audit = file_at(audit_url, "audit log", report.missing);
    return report;
  }

 private:
  http_request to(const std::string& path) const {
    return {
        "GET", settings_.url + path, {{"X-Auth-Token", settings_.key}, {"Accept", "application/json"}}, {}};
  }

  http_limits limits(std::size_t body) const {
    return {std::min<std::chrono::milliseconds>(std::chrono::seconds{10}, settings_.patience),
            settings_.patience, body};
  }

  static std::variant<std::string, signing_trouble> on_pdf(const actors::signing_order& what) {
    try {
      return parts::submission_of(what);
    } catch (const mail::unsendable& e) {
      return signing_trouble{signing_trouble::kind::refused, false, e.what(), {}};
    }
  }

  /// Each time by the form as it is now.
  std::variant<std::string, signing_trouble> on_form(const actors::signing_order& what,
                                                     std::int64_t form) const {
    const auto found = ask("/templates/" + std::to_string(form), parts::no_form_text(form));
    if (const auto* t = std::get_if<signing_trouble>(&found)) return *t;
    return parts::form_submission_of(what, std::get<json_node>(found));
  }

  /// `if_not_there`: what it means for the request that there is none of what is asked for.
  std::variant<json_node, signing_trouble> ask(const std::string& path,
                                               const std::optional<std::string>& if_not_there = {}) const {
    const auto result = client_.send(to(path), limits(largest_answer));
    if (const auto* failed = std::get_if<http_failure>(&result)) {
      auto t = parts::trouble_with(*failed);
      t.may_have_arrived = false;
      return t;
    }
    const auto& answer = std::get<http_response>(result);
    if (if_not_there && (answer.status == 403 || answer.status == 404))
      return signing_trouble{signing_trouble::kind::refused, false, *if_not_there, {}};
    if (answer.status < 200 || answer.status > 299) return parts::trouble_with(answer, true);
    if (auto tree = parts::tree_of(answer)) return std::move(*tree);
    auto t = unreadable();
    t.may_have_arrived = false;
    return t;
  }

  /// All of it as one file, as it was asked for.
  std::optional<model::uploaded_file> signed_copy(const std::string& path, std::string& missing) {
    const auto answer = ask(path + "/documents?merge=true");
    if (const auto* t = std::get_if<signing_trouble>(&answer)) {
      missing = t->detail;
      return std::nullopt;
    }
    const auto urls = parts::documents_in(std::get<json_node>(answer));
    if (urls.size() == 1) return file_at(urls.front(), "signed document", missing);
    missing = "DocuSeal has " + std::to_string(urls.size()) + " files where one was asked for";
    return std::nullopt;
  }

  // Without the key: a file's address lets in whoever knows it, and need not be the API's.
  std::optional<model::uploaded_file> file_at(const std::string& url, const char* what,
                                              std::string& missing) {
    const auto without = [&](const std::string& why) -> std::optional<model::uploaded_file> {
      missing = std::string("The ") + what + " could not be fetched: " + why;
      return std::nullopt;
    };
    if (url.empty()) return without("DocuSeal has not made it yet");
    if (!is_docuseal_file(settings_.url, url)) return without("its address is not DocuSeal's");
    auto result =
        client_.send({"GET", url, {{"Accept", "application/pdf"}}, {}}, limits(contents::largest_file));
    if (const auto* failed = std::get_if<http_failure>(&result)) return without(failed->text);
    auto& answer = std::get<http_response>(result);
    if (answer.status != 200) return without("the answer was " + std::to_string(answer.status));
    auto bytes = std::make_shared<const bytes_in_memory>(std::move(answer.body));
    const auto seen = inspector().inspect(*bytes, model::pdf_type);
    const auto* is = std::get_if<contents::inspected>(&seen);
    if (!is || is->media_type != model::pdf_type) return without("it is no whole PDF");
    return model::uploaded_file{{}, is->media_type, is->sha256, std::move(bytes)};
  }

  contents::inspector& inspector() {
    if (!inspector_) inspector_ = std::make_unique<contents::inspector>();
    return *inspector_;
  }

  docuseal_settings settings_;
  https_client client_;
  std::unique_ptr<contents::inspector> inspector_;
};

bool can_stand_in_a_header(const std::string& key) {
  return !key.empty() && key.size() <= 500 &&
         std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

bool is_docuseal_file(const std::string& api_url, const std::string& file_url) {
  if (!is_service_address(file_url)) return false;
  const auto api = address_of(api_url), file = address_of(file_url);
  if (file.scheme != api.scheme) return false;
  if (file.host == api.host) return true;
  return api.host.starts_with("api.") && file.host == api.host.substr(4);
}

std::shared_ptr<actors::signing_service> docuseal(const docuseal_settings& settings) {
  if (!is_service_address(settings.url) || settings.url.ends_with('/') ||
      settings.url.find_first_of("?#") != std::string::npos)
    // Not quoted: it may hold a password, which has no place in it.
    throw std::invalid_argument(
        "this is no address of a service: https://HOST[/PATH], without a slash at the end");
  if (!can_stand_in_a_header(settings.key))
    throw std::invalid_argument("the key for DocuSeal must have 1 to 500 visible ASCII characters");
  return std::make_shared<docuseal_service>(settings);
}

}  // namespace net::integrations
