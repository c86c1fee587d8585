#include "net/http/response_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <stdexcept>

#include "net/http/outflow.hpp"

namespace net::http {
namespace {
bool token_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// The headers that only the listener can set rightly.
bool reserved(std::string_view name) {
  return same_name(name, "Content-Length") || same_name(name, "Transfer-Encoding") ||
         same_name(name, "Connection") || same_name(name, "Date");
}

bool sendable(const header& h) {
  const auto harmless = [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
  };
  return !h.name.empty() && std::all_of(h.name.begin(), h.name.end(), token_character) && !reserved(h.name) &&
         std::all_of(h.value.begin(), h.value.end(), harmless);
}

void append(std::string& out, const header& h) {
  out.append(h.name).append(": ").append(h.value).append("\r\n");
}

void append_number(std::string& out, std::uint64_t n) {
  std::array<char, 20> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr);
}

/// How the reader finds the end of the body. The answer to HEAD says nothing about a length nobody knows.
void append_framing(std::string& out, const response& answer, head_needs needs) {
  const auto length = answer.stream ? answer.stream->length()
                                    : std::optional<std::uint64_t>(answer.body ? answer.body->size() : 0);
  if (length) {
    out.append("Content-Length: ");
    append_number(out, *length);
    out.append("\r\n");
  } else if (needs.chunked && !needs.head_only) {
    out.append("Transfer-Encoding: chunked\r\n");
  }
}
}  // namespace

response_head::response_head(const std::vector<header>& always) {
  for (const auto& h : always) {
    if (!sendable(h)) throw std::invalid_argument("header '" + h.name + "' cannot be sent with every answer");
    append(always_, h);
  }
}

bool response_head::render(const response& answer, head_needs needs, model::instant now, std::string& out) {
  if (answer.status < 200 || answer.status > 599) return false;
  out.assign("HTTP/1.1 ");
  append_number(out, answer.status);
  out.append(" ").append(reason(answer.status)).append("\r\n").append(date_line(now)).append(always_);
  for (const auto& h : answer.headers) {
    if (!sendable(h)) return false;
    append(out, h);
  }
  if (answer.body && answer.stream) return false;
  if (has_body(answer.status)) append_framing(out, answer, needs);
  if (needs.close) out.append("Connection: close\r\n");
  out.append("\r\n");
  return true;
}

std::string_view response_head::date_line(model::instant now) {
  using namespace std::chrono;
  const auto second = floor<seconds>(now);
  if (second.time_since_epoch().count() == second_) return date_line_;
  second_ = second.time_since_epoch().count();
  constexpr std::array weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto date = floor<days>(second);
  const year_month_day ymd(date);
  const hh_mm_ss time(second - date);
  std::array<char, 64> line;
  const int size =
      std::snprintf(line.data(), line.size(), "Date: %s, %02u %s %04d %02d:%02d:%02d GMT\r\n",
                    weekdays[weekday(date).c_encoding()], static_cast<unsigned>(ymd.day()),
                    months[static_cast<unsigned>(ymd.month()) - 1], static_cast<int>(ymd.year()),
                    static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                    static_cast<int>(time.seconds().count()));
  date_line_.assign(line.data(), static_cast<std::size_t>(size));
  return date_line_;
}

}  // namespace net::http
