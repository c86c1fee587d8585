#include "net/integrations/https_client.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>

#include <algorithm>
#include <array>
#include <boost/beast/http.hpp>
#include <charconv>
#include <optional>
#include <stdexcept>

#include "net/http/message.hpp"
#include "net/integrations/client_wire.hpp"

namespace net::integrations {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::uint32_t largest_head = 32 * 1024;
constexpr std::size_t largest_refusal = 1024 * 1024;
constexpr int most_interim_answers = 8;

[[noreturn]] void refuse(const std::string& why) { throw std::invalid_argument("HTTP request: " + why); }

struct address {
  bool secure = true;
  std::string host;  ///< without brackets
  std::uint16_t port = 443;
  std::string authority;  ///< as the Host header wants it
  std::string target;     ///< path and query
};

/// Printable ASCII without what cannot stand in an address as it is.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c <= '~' && std::string_view{"\"<>\\^`{|}#"}.find(c) == std::string_view::npos;
  });
}

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
  });
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0 || port > 65'535)
    return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

/// `host`, `host:port`, `[::1]:port`; false for anything else.
bool take_authority(std::string_view text, address& into) {
  std::string_view port;
  into.authority = text;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos) return false;
    into.host = text.substr(1, end - 1);
    Poco::Net::IPAddress literal;
    if (!Poco::Net::IPAddress::tryParse(into.host, literal)) return false;
    if (end + 1 == text.size()) return true;
    if (text[end + 1] != ':') return false;
    port = text.substr(end + 2);
  } else {
    const auto colon = text.find(':');
    into.host = text.substr(0, colon);
    if (!is_host_name(into.host)) return false;
    if (colon == text.npos) return true;
    port = text.substr(colon + 1);
  }
  const auto number = port_of(port);
  into.port = number.value_or(0);
  return number.has_value();
}

std::optional<address> parse(std::string_view url) {
  address out;
  if (url.size() > 4000 || !is_plain(url)) return std::nullopt;
  if (url.starts_with("http://")) {
    out.secure = false;
    out.port = 80;
    url.remove_prefix(7);
  } else if (url.starts_with("https://")) {
    url.remove_prefix(8);
  } else {
    return std::nullopt;
  }
  const auto end = std::min(url.find_first_of("/?"), url.size());
  if (!take_authority(url.substr(0, end), out)) return std::nullopt;
  out.target = url.substr(end);
  if (!out.target.starts_with('/')) out.target.insert(0, "/");
  if (!out.secure && !is_loopback_name(out.host)) return std::nullopt;
  return out;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

void check_header(const std::string& name, const std::string& value) {
  if (!is_token(name)) refuse("a header's name is none");
  for (const auto* own :
       {"Host", "Content-Length", "Connection", "Transfer-Encoding", "User-Agent", "Expect"})
    if (http::same_name(name, own)) refuse("the header " + name + " is the client's own");
  if (std::any_of(value.begin(), value.end(), [](char c) { return c < ' ' || c > '~'; }))
    refuse("the header " + name + " holds what no header can");
}

std::string head_of(const http_request& what, const address& to, const std::string& user_agent) {
  static constexpr std::array<std::string_view, 5> methods{"GET", "POST", "PUT", "PATCH", "DELETE"};
  if (std::find(methods.begin(), methods.end(), what.method) == methods.end())
    refuse("this method is not known");
  auto head = what.method + " " + to.target + " HTTP/1.1\r\nHost: " + to.authority +
              "\r\nUser-Agent: " + user_agent + "\r\nConnection: close\r\n";
  for (const auto& [name, value] : what.headers) {
    check_header(name, value);
    head += name + ": " + value + "\r\n";
  }
  if (!what.body.empty() || what.method != "GET")
    head += "Content-Length: " + std::to_string(what.body.size()) + "\r\n";
  return head + "\r\n";
}

/// One answer on its way in.
class answer_reader {
 public:
  answer_reader(client_wire& wire, const wire_deadline& until, const http_limits& limits,
                const body_sink& sink)
      : wire_(wire), until_(until), limits_(limits), sink_(sink) {}

  http_response read() {
    for (int i = 0; i < most_interim_answers; ++i) {
      renew();
      read_head();
      const auto status = parser_->get().result_int();
      if (status / 100 != 1) return whole();
      if (status == 101) break;  // nobody asked for another protocol
    }
    throw wire_failure("its answer is no HTTP");
  }

 private:
  using parser = beast_http::response_parser<beast_http::buffer_body>;

  void renew() {
    parser_.emplace();
    parser_->header_limit(largest_head);
    parser_->body_limit(limits_.body);
  }

  [[noreturn]] static void fail(const boost::beast::error_code& error) {
    if (error == beast_http::error::body_limit) throw wire_failure("its answer is too large");
    if (error == beast_http::error::header_limit) throw wire_failure("its answer's head is too large");
    throw wire_failure("its answer is no HTTP");
  }

  void more() {
    if (!wire_.receive(buffered_, until_))
      throw wire_failure("closed the connection before the answer was whole");
  }

  /// Gives the parser what there is; what it cannot use yet stays.
  void put() {
    boost::beast::error_code error;
    const auto used = parser_->put(boost::asio::buffer(buffered_), error);
    buffered_.erase(0, used);
    if (error == beast_http::error::need_more) return more();
    if (error && error != beast_http::error::need_buffer) fail(error);
    if (!error && used == 0 && !parser_->is_done()) more();
  }

  void read_head() {
    while (!parser_->is_header_done()) {
      if (buffered_.empty()) more();
      put();
    }
  }

  /// A body that ends with the connection could be cut off without anybody knowing.
  http_response whole() {
    if (parser_->need_eof()) throw wire_failure("its answer does not say how long it is");
    http_response out;
    out.status = parser_->get().result_int();
    for (const auto& field : parser_->get()) out.headers.emplace_back(field.name_string(), field.value());
    const bool to_sink = sink_ && out.status / 100 == 2;
    parser_->eager(true);
    std::array<char, 16'384> piece;
    while (!parser_->is_done()) {
      parser_->get().body().data = piece.data();
      parser_->get().body().size = piece.size();
      if (buffered_.empty()) more();
      put();
      const std::string_view got(piece.data(), piece.size() - parser_->get().body().size);
      if (to_sink)
        sink_(got);
      else
        out.body += got;
      if (sink_ && !to_sink && out.body.size() > largest_refusal)
        throw wire_failure("its answer is too large");
    }
    return out;
  }

  client_wire& wire_;
  const wire_deadline& until_;
  const http_limits& limits_;
  const body_sink& sink_;
  std::optional<parser> parser_;
  std::string buffered_;
};

}  // namespace

struct https_client::parts {
  std::string user_agent;
  Poco::Net::Context::Ptr context;
};

https_client::https_client(std::string user_agent, const std::string& authorities) {
  if (user_agent.empty() ||
      !std::all_of(user_agent.begin(), user_agent.end(), [](char c) { return c >= ' ' && c <= '~'; }))
    throw std::invalid_argument("a User-Agent is needed, in visible ASCII");
  try {
    parts_ = std::make_unique<const parts>(parts{std::move(user_agent), make_client_context(authorities)});
  } catch (const Poco::Exception& e) {
    throw std::invalid_argument("the certificate authorities cannot be read: " + e.displayText());
  }
}

https_client::~https_client() = default;
https_client::https_client(https_client&&) noexcept = default;

http_result https_client::send(const http_request& what, const http_limits& limits,
                               const body_sink& sink) const {
  const auto to = parse(what.url);
  if (!to) refuse("this is no address of a service: https://…, or http:// on this machine itself");
  const auto head = head_of(what, *to, parts_->user_agent);
  const without_sigpipe guard;
  const wire_deadline until{limits.whole};
  std::optional<client_wire> wire;
  const auto failure = [&](const std::string& why) -> http_result {
    return http_failure{wire && wire->has_sent(), to->authority + ": " + why};
  };
  try {
    wire.emplace(to->host, to->port, until.within(limits.connect), "it");
    // `localhost` is only a name: what counts is who answered
    if (!to->secure && !wire->is_local())
      return failure("is not this machine: nothing was sent in the clear");
    if (to->secure) wire->secure(to->host, parts_->context);
    wire->send(head, until);
    wire->send(what.body, until);
    return answer_reader{*wire, until, limits, sink}.read();
  } catch (const wire_failure& e) {
    return failure(e.what());
  } catch (const Poco::Exception& e) {
    return failure(e.displayText());
  }
}

std::string_view http_response::header(std::string_view name) const {
  for (const auto& [known, value] : headers)
    if (http::same_name(known, name)) return value;
  return {};
}

bool is_service_address(std::string_view url) { return parse(url).has_value(); }

}  // namespace net::integrations
