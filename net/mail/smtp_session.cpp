#include "net/mail/smtp_session.hpp"

#include <Poco/Net/DNS.h>

#include <algorithm>
#include <sstream>

#include "net/mail/encode.hpp"
#include "net/speakable.hpp"

namespace net::mail {
namespace {

using actors::delivery_outcome;

/// Ends the attempt with an answer of the server's that is about us, not about the mail.
class turned_away : public wire_failure {
 public:
  using wire_failure::wire_failure;
};

/// `550 5.1.1`: the code, and the enhanced one (RFC 3463) where there is one.
std::string code_text(const smtp_reply& r) {
  auto out = std::to_string(r.code);
  const auto first = r.lines.front().substr(0, r.lines.front().find(' '));
  const bool enhanced = first.size() >= 5 && first.size() <= 9 &&
                        std::count(first.begin(), first.end(), '.') == 2 &&
                        first.find_first_not_of("0123456789.") == std::string::npos;
  return enhanced ? out + " " + first : out;
}

std::string quoted(const smtp_reply& r) { return std::to_string(r.code) + " " + speakable(r.lines.front()); }

/// Whether a 5xx to RCPT, DATA or the content says that this mail will never go. Not so: commands out of
/// order or unknown (500, 502 to 504), a server that takes no mail at all (521), authentication (530 to 538);
/// and 552 for a recipient, which RFC 5321 §4.5.3.1.10 has treated as 452.
bool is_final(const smtp_reply& r, bool about_recipient) {
  if (r.kind() != 5 || r.code == 500 || (r.code >= 502 && r.code <= 504) || r.code == 521) return false;
  if (r.code >= 530 && r.code <= 538) return false;
  return !(about_recipient && r.code == 552);
}

submission judged(const smtp_reply& r, bool about_recipient, const std::string& text) {
  return {is_final(r, about_recipient) ? delivery_outcome::refused : delivery_outcome::try_later, text};
}

std::string capitals(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

/// A domain name where the machine has one, else the address: some servers refuse a bare host name.
std::string own_name(const smtp_wire& wire) {
  const auto name = Poco::Net::DNS::hostName();
  const bool is_domain = name.find('.') != std::string::npos && is_wire_address("x@" + name);
  return is_domain ? name : wire.own_literal();
}

}  // namespace

smtp_session::smtp_session(const smtp_settings& settings, const Poco::Net::Context::Ptr& context)
    : settings_(settings),
      context_(context),
      until_(settings.limits.whole),
      wire_(settings.host, settings.port, until_.within(settings.limits.connect)) {}

submission smtp_session::submit(const std::string& recipient, const std::string& message) {
  if (settings_.security == smtp_security::implicit) wire_.secure(settings_.host, context_);
  greet();
  say_hello();
  if (settings_.security == smtp_security::offered || settings_.security == smtp_security::demanded) secure();
  if (!settings_.user.empty()) authenticate();
  return hand_over(recipient, message);
}

smtp_reply smtp_session::reply() { return wire_.receive(until_.within(settings_.limits.reply)); }

smtp_reply smtp_session::command(std::string_view line) {
  wire_.send_line(line, until_.within(settings_.limits.reply));
  return reply();
}

void smtp_session::greet() {
  const auto r = reply();
  if (r.code != 220) throw turned_away("does not take mail from here now (" + quoted(r) + ")");
}

void smtp_session::say_hello() {
  const auto name = own_name(wire_);
  extensions_.clear();
  auto r = command("EHLO " + name);
  if (r.kind() == 5) {
    r = command("HELO " + name);  // a server from before 1995, or one that plays it
    r.lines.resize(1);
  }
  if (r.code != 250) throw turned_away("does not answer our greeting (" + quoted(r) + ")");
  for (auto line = r.lines.begin() + 1; line != r.lines.end(); ++line) {
    std::istringstream words{capitals(*line)};
    std::string keyword, parameter;
    words >> keyword;
    extensions_.insert(keyword);
    while (words >> parameter) extensions_.insert(keyword + " " + parameter);
  }
}

void smtp_session::secure() {
  if (!extensions_.contains("STARTTLS")) {
    if (settings_.security == smtp_security::offered) return;
    throw turned_away("does not offer STARTTLS, which is demanded here: nothing was sent");
  }
  const auto r = command("STARTTLS");
  if (r.code != 220) throw turned_away("offered STARTTLS, then refused it (" + quoted(r) + ")");
  wire_.secure(settings_.host, context_);
  say_hello();  // what was said in the clear no longer counts
}

void smtp_session::authenticate() {
  const bool in_clear = settings_.security == smtp_security::none ||
                        (settings_.security == smtp_security::offered && !extensions_.contains("STARTTLS"));
  // `localhost` is only a name: what counts is who answered
  if (in_clear && !wire_.is_local()) throw turned_away("is not this machine: the password was not sent");
  smtp_reply r;
  if (extensions_.contains("AUTH PLAIN")) {
    const auto secret = std::string(1, '\0') + settings_.user + std::string(1, '\0') + settings_.password;
    r = command("AUTH PLAIN " + base64(secret));
  } else if (extensions_.contains("AUTH LOGIN")) {
    r = command("AUTH LOGIN");
    if (r.code == 334) r = command(base64(settings_.user));
    if (r.code == 334) r = command(base64(settings_.password));
  } else {
    throw turned_away("offers neither AUTH PLAIN nor AUTH LOGIN: leave out the user, or use another server");
  }
  if (r.code != 235) {
    throw turned_away("did not accept our user and password (" + code_text(r) + "): check the mail settings");
  }
}

submission smtp_session::hand_over(const std::string& recipient, const std::string& message) {
  const auto from = command("MAIL FROM:<" + settings_.from.address + ">");
  if (from.code != 250) {
    return {delivery_outcome::try_later,
            "does not take mail from our sender's address (" + quoted(from) + ")"};
  }
  const auto to = command("RCPT TO:<" + recipient + ">");
  if (to.code != 250 && to.code != 251) {
    return judged(to, true, "does not take mail for the recipient (" + quoted(to) + ")");
  }
  const auto data = command("DATA");
  if (data.code != 354) return judged(data, false, "does not take the mail (" + quoted(data) + ")");
  in_doubt_ = true;
  wire_.send(dot_stuffed(message), until_);
  const auto taken = reply();
  in_doubt_ = false;
  // from here on the server has read the mail: its words may quote it
  if (taken.code != 250) return judged(taken, false, "refused the mail's content (" + code_text(taken) + ")");
  submission done{delivery_outcome::sent, "accepted (" + code_text(taken) + ")"};
  try {
    wire_.send_line("QUIT", until_);
  } catch (const std::exception&) {
    // the mail is theirs already; whether they hear the goodbye changes nothing
  }
  return done;
}

}  // namespace net::mail
