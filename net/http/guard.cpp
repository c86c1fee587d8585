#include "net/http/guard.hpp"

#include <algorithm>
#include <charconv>

namespace net::http {
namespace {
constexpr std::size_t max_headers = 100;

constexpr fault bad_line_end{400, "malformed_request", "Lines of a request end in CR LF."};
constexpr fault bad_character{400, "malformed_request", "The request's head holds a control character."};
constexpr fault folded{400, "folded_header", "A header's value stands on one line."};
constexpr fault blank_first{400, "malformed_request", "The request begins with its request line."};
constexpr fault too_many{431, "too_many_headers", "A request has at most 100 headers."};
constexpr fault encoded{400, "transfer_encoding_refused", "Send the body with a Content-Length instead."};
constexpr fault bad_length{400, "ambiguous_length", "Send one Content-Length with one whole number."};
constexpr fault no_length{411, "length_required", "Send a Content-Length, 0 for an empty body."};
constexpr fault too_large{413, "body_too_large", "The body is larger than this server takes."};
constexpr fault bad_host{400, "invalid_host", "Send one Host header with a name or address and no path."};
constexpr fault bad_target{400, "invalid_target",
                           "The target is a percent-encoded path that begins with '/'."};
constexpr fault bad_method{405, "method_not_allowed", "This method is not served."};
constexpr fault bad_expect{417, "expectation_failed", "The only expectation met is 100-continue."};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool valid_port(std::string_view port) {
  return !port.empty() && port.size() <= 5 && std::all_of(port.begin(), port.end(), is_digit);
}

/// `name`, `name:port`, `[v6]` or `[v6]:port`.
bool valid_host(std::string_view host) {
  std::string_view rest;
  if (!host.empty() && host.front() == '[') {
    const auto end = host.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    const auto inside = host.substr(1, end - 1);
    const auto allowed = [](char c) { return is_alnum(c) || c == ':' || c == '.'; };
    if (!std::all_of(inside.begin(), inside.end(), allowed)) return false;
    rest = host.substr(end + 1);
  } else {
    const auto colon = std::min(host.find(':'), host.size());
    const auto name = host.substr(0, colon);
    const auto allowed = [](char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_'; };
    if (name.empty() || name.size() > 255 || !std::all_of(name.begin(), name.end(), allowed)) return false;
    rest = host.substr(colon);
  }
  return rest.empty() || (rest.front() == ':' && valid_port(rest.substr(1)));
}

/// Only the form a server of its own paths needs; absolute, asterisk and authority forms do not begin with
/// '/'. A fragment never belongs on the wire.
bool valid_target(std::string_view target) {
  return !target.empty() && target.front() == '/' &&
         std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
}

std::optional<fault> judge_length(const request& head, framing& out) {
  const auto lengths = head.count("Content-Length");
  if (lengths > 1) return bad_length;
  if (lengths == 0) {
    const bool needed = head.method == "POST" || head.method == "PUT" || head.method == "PATCH";
    return needed ? std::optional(no_length) : std::nullopt;
  }
  const auto text = head.header("Content-Length");
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, out.content_length);
  if (error == std::errc::result_out_of_range && stop == end) return too_large;
  if (error != std::errc{} || stop != end) return bad_length;
  return std::nullopt;
}
}  // namespace

std::optional<fault> head_scan::end_line(std::string_view head) {
  const auto line = head.substr(line_start_, at_ - line_start_);
  if (line_start_ == 0 && line.empty()) return blank_first;
  at_ += 2;
  if (line.empty()) length_ = at_;
  line_start_ = at_;
  return std::nullopt;
}

std::optional<fault> head_scan::look(std::string_view head) {
  while (at_ < head.size() && length_ == 0) {
    const auto c = static_cast<unsigned char>(head[at_]);
    if (at_ == line_start_ && at_ > 0 && (c == ' ' || c == '\t')) return folded;
    if (c >= ' ' && c != 0x7f) {
      ++at_;
    } else if (c == '\r') {
      if (at_ + 1 == head.size()) return std::nullopt;  // looked at again when the next byte is here
      if (head[at_ + 1] != '\n') return bad_line_end;
      if (auto f = end_line(head)) return f;
    } else if (c == '\t' && line_start_ > 0) {
      ++at_;
    } else {
      return c == '\n' ? bad_line_end : bad_character;
    }
  }
  return std::nullopt;
}

std::optional<fault> judge_size(const framing& judged, std::uint64_t max_body) {
  return judged.content_length > max_body ? std::optional(too_large) : std::nullopt;
}

std::optional<fault> judge(const request& head, std::string_view target, unsigned version, framing& out) {
  if (head.headers.size() > max_headers) return too_many;
  if (head.method == "CONNECT" || head.method == "TRACE") return bad_method;
  if (!valid_target(target)) return bad_target;
  if (head.count("Transfer-Encoding") > 0) return encoded;
  // A 1.0 client may not know Host; its connection ends with this request, so nothing can hide behind it.
  const auto hosts = head.count("Host");
  if (hosts > 1 || (hosts == 0 && version >= 11)) return bad_host;
  if (hosts == 1 && !valid_host(head.header("Host"))) return bad_host;
  if (auto f = judge_length(head, out)) return f;
  if (version >= 11 && head.count("Expect") > 0) {
    if (head.count("Expect") > 1 || !same_name(head.header("Expect"), "100-continue")) return bad_expect;
    out.expects_continue = out.content_length > 0;
  }
  return std::nullopt;
}

}  // namespace net::http
