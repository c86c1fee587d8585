#include "net/mail/resend_transport.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <thread>

#include "model/json.hpp"
#include "net/mail/encode.hpp"
#include "net/mail/message.hpp"
#include "net/mail/resend_answer.hpp"
#include "net/mail/unsendable.hpp"

namespace net::mail {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// `Name <address>`; the name in quotes, in which every character may stand.
std::string mailbox(const std::string& name, const std::string& address) {
  if (name.empty()) return address;
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\" <" + address + ">";
}

void member(std::string& out, const char* name, std::string_view text) {
  model::append_json_string(out, name);
  out += ':';
  model::append_json_string(out, text);
}

/// Written by hand: byte for byte the same on every attempt, whatever a library makes of the order.
std::string body_of(const letter& what) {
  std::string out = "{";
  member(out, "from", mailbox(what.from.name, what.from.address));
  out += ",\"to\":[";
  model::append_json_string(out, mailbox(what.to_name, what.to_address));
  out += "],";
  member(out, "subject", what.subject);
  out += ',';
  member(out, "html", what.html);
  out += ',';
  member(out, "text", what.text);
  out += ",\"headers\":{";
  member(out, "Message-ID", message_id(what));
  out += ',';
  member(out, "Auto-Submitted", "auto-generated");
  out += "},\"tags\":[{";
  member(out, "name", resend_mail_tag);
  out += ',';
  member(out, "value", what.id);
  out += "}]";
  if (!what.attachments.empty()) {
    out += ",\"attachments\":[";
    for (const auto& file : what.attachments) {
      if (&file != &what.attachments.front()) out += ',';
      out += '{';
      member(out, "filename", file.file_name);
      out += ',';
      member(out, "content_type", file.media_type);
      out += ',';
      member(out, "content", base64(file.bytes));
      out += '}';
    }
    out += ']';
  }
  return out + '}';
}

/// No more requests than it allows: two in a second unless it says otherwise, and none for as long as it
/// asks.
class pace {
 public:
  /// Waits for the next moment that is allowed, a second at most: what is further off `pause` tells.
  void wait() {
    const auto now = steady_clock::now();
    std::this_thread::sleep_until(std::min(next_, now + std::chrono::seconds{1}));
    next_ = std::max(next_, steady_clock::now()) + interval_;
  }
  void heard(const integrations::http_response& answer) {
    unsigned limit = 0;
    const auto text = answer.header("ratelimit-limit");
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (!text.empty() && error == std::errc{} && limit > 0)
      interval_ = std::max(milliseconds{1000} / limit, milliseconds{10});
    if (const auto hold = asked_to_wait(answer)) next_ = std::max(next_, steady_clock::now() + *hold);
  }
  milliseconds pause() const {
    const auto left = std::chrono::duration_cast<milliseconds>(next_ - steady_clock::now());
    return left > std::chrono::seconds{1} ? left : milliseconds{0};
  }

 private:
  milliseconds interval_{500};
  steady_clock::time_point next_ = steady_clock::now();
};

class resend_transport final : public actors::mail_transport {
 public:
  explicit resend_transport(resend_settings settings)
      : settings_(std::move(settings)), client_("keywork/" KEYWORK_VERSION, settings_.authorities) {}

  actors::delivery deliver(const actors::outgoing_mail& mail) override {
    try {
      const auto what = letter_of(mail, settings_.from);
      require_sendable(what);
      integrations::http_request asked{"POST",
                                       settings_.base + "/emails",
                                       {{"Authorization", "Bearer " + settings_.key},
                                        {"Content-Type", "application/json"},
                                        {"Accept", "application/json"},
                                        {"Idempotency-Key", mail.key}},
                                       body_of(what)};
      pace_.wait();
      return send(asked);
    } catch (const unsendable& e) {
      return {actors::delivery_outcome::refused, e.what()};
    }
  }

  milliseconds pause() const override { return pace_.pause(); }
  std::optional<std::chrono::hours> memory() const override { return std::chrono::hours{24}; }

 private:
  actors::delivery send(const integrations::http_request& asked) {
    integrations::http_limits limits;
    limits.whole = settings_.whole;
    const auto result = client_.send(asked, limits);
    if (const auto* failed = std::get_if<integrations::http_failure>(&result)) {
      actors::delivery d{actors::delivery_outcome::try_later, "Resend at " + failed->text};
      d.unsure = failed->may_have_arrived;
      return d;
    }
    const auto& answer = std::get<integrations::http_response>(result);
    pace_.heard(answer);
    return judged(answer);
  }

  resend_settings settings_;
  integrations::https_client client_;
  pace pace_;
};

}  // namespace

std::unique_ptr<actors::mail_transport> make_resend_transport(resend_settings settings) {
  if (!is_wire_address(settings.from.address))
    throw std::invalid_argument("the sender's address is not an e-mail address");
  if (!integrations::is_service_address(settings.base))
    throw std::invalid_argument("resend: wants https://host[:port], or http:// on this machine itself");
  const bool visible =
      std::all_of(settings.key.begin(), settings.key.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (settings.key.empty() || !visible)
    throw std::invalid_argument("resend: needs an API key (KEYWORK_RESEND_KEY)");
  return std::make_unique<resend_transport>(std::move(settings));
}

}  // namespace net::mail
