#include "net/mail/compose.hpp"

#include <array>
#include <cstdio>

#include "net/mail/encode.hpp"
#include "net/mail/unsendable.hpp"

namespace net::mail {
namespace {

/// `Sat, 21 Nov 2026 09:30:00 +0000`
std::string date_text(model::instant at) {
  using namespace std::chrono;
  static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto midnight = floor<std::chrono::days>(at);
  const year_month_day date{midnight};
  const hh_mm_ss time{floor<seconds>(at - midnight)};
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                days[weekday{midnight}.c_encoding()], unsigned{date.day()},
                months[unsigned{date.month()} - 1], int{date.year()}, static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return out.data();
}

void require_line(const std::string& value, const char* what) {
  if (has_control_characters(value)) throw unsendable(std::string(what) + " holds control characters");
  if (!is_utf8(value)) throw unsendable(std::string(what) + " is not valid UTF-8");
}

void require_body(const std::string& value, const char* what) {
  if (value.find('\0') != std::string::npos) throw unsendable(std::string(what) + " holds a NUL");
  if (!is_utf8(value)) throw unsendable(std::string(what) + " is not valid UTF-8");
}

}  // namespace

void require_sendable(const letter& what) {
  if (!is_mail_id(what.id)) throw unsendable("the mail's id is not a uuid");
  if (!is_wire_address(what.from.address)) throw unsendable("the sender's address is not an e-mail address");
  if (!is_wire_address(what.to_address))
    throw unsendable("the recipient's address cannot be used for e-mail");
  require_line(what.from.name, "the sender's name");
  require_line(what.to_name, "the recipient's name");
  require_line(what.subject, "the subject");
  require_body(what.text, "the text");
  require_body(what.html, "the HTML");
  for (const auto& file : what.attachments) {
    require_line(file.file_name, "an attachment's name");
    require_line(file.media_type, "an attachment's type");
  }
}

std::string message_id(const letter& what) {
  return "<" + what.id + "@" + std::string(domain_of(what.from.address)) + ">";
}

namespace {

/// `Name <address>`, the address on a line of its own where the name needed folding or leaves no room.
std::string mailbox(const std::string& name, const std::string& address) {
  if (name.empty()) return "<" + address + ">";
  const auto phrase = header_phrase(name);
  const bool fits = phrase.size() + address.size() <= 66;
  return phrase + (fits ? " <" : "\r\n <") + address + ">";
}

/// RFC 2231: a parameter of a header in any characters; percent-encoded, so that it needs no quotes.
std::string extended_value(const std::string& text) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out = "UTF-8''";
  for (const unsigned char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '.' || c == '_';
    if (plain) {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += digits[c >> 4];
      out += digits[c & 15];
    }
  }
  return out;
}

std::string file_part(const std::string& boundary, const attachment& file) {
  return "--" + boundary + "\r\nContent-Type: " + file.media_type +
         "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n filename*=" +
         extended_value(file.file_name) + "\r\n\r\n" + base64_lines(file.bytes);
}

std::string part(const std::string& boundary, const char* subtype, const std::string& body) {
  return "--" + boundary + "\r\nContent-Type: text/" + subtype +
         "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(body) +
         "\r\n";
}

}  // namespace

bool is_mail_id(const std::string& id) {
  if (id.size() != 36) return false;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const char c = id[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (i == 8 || i == 13 || i == 18 || i == 23 ? c != '-' : !hex) return false;
  }
  return true;
}

namespace {

/// The words, in both forms: its own Content-Type, an empty line, and the body.
std::string words_of(const letter& what) {
  // "=_" cannot occur in quoted-printable, so no body can hold the boundary
  const auto boundary = "=_" + what.id;
  return "Content-Type: multipart/alternative;\r\n boundary=\"" + boundary + "\"\r\n\r\n" +
         part(boundary, "plain", what.text) + part(boundary, "html", what.html) + "--" + boundary + "--\r\n";
}

std::string content_of(const letter& what) {
  if (what.attachments.empty()) return words_of(what);
  const auto boundary = "=_files_" + what.id;
  auto out = "Content-Type: multipart/mixed;\r\n boundary=\"" + boundary + "\"\r\n\r\n--" + boundary +
             "\r\n" + words_of(what);
  for (const auto& file : what.attachments) out += file_part(boundary, file);
  return out + "--" + boundary + "--\r\n";
}

}  // namespace

std::string compose(const letter& what) {
  require_sendable(what);
  return "Date: " + date_text(what.date) +                            //
         "\r\nFrom: " + mailbox(what.from.name, what.from.address) +  //
         "\r\nTo: " + mailbox(what.to_name, what.to_address) +        //
         "\r\nSubject: " + header_text(what.subject) +                //
         "\r\nMessage-ID: " + message_id(what) +                      //
         "\r\nAuto-Submitted: auto-generated" +                       //
         "\r\nContent-Language: en-GB" +                              //
         "\r\nMIME-Version: 1.0\r\n" +                                //
         content_of(what);
}

}  // namespace net::mail
