#include "net/http/intake.hpp"

#include <algorithm>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <system_error>
#include <utility>

namespace net::http {
namespace {
namespace beast = boost::beast::http;

constexpr fault malformed{400, "malformed_request", "The request does not follow HTTP's grammar."};
constexpr fault bad_version{505, "http_version_not_supported", "Use HTTP/1.1."};
constexpr fault long_target{414, "target_too_long", "The request line is too long."};
constexpr fault long_head{431, "head_too_large", "The request's headers are too large."};
constexpr fault bad_length{400, "ambiguous_length", "Send one Content-Length with one whole number."};

constexpr fault too_many_uploads{503, "too_many_uploads", "Too many large bodies are under way; try again."};
constexpr fault too_many_of_yours{429, "too_many_uploads",
                                  "Too many of your large bodies are under way; let one finish."};
constexpr fault no_disk{503, "unavailable", "The body cannot be kept for now; try again."};

// Files are descriptors, which connections and databases need as well.
constexpr std::uint64_t max_files = 128;
// A body grows as it arrives: what a client only claims to send costs no memory.
constexpr std::size_t first_reserve = 64 * 1024;
// A connection between requests gives a grown buffer back.
constexpr std::size_t keep_capacity = 1024;
// One that is never between requests (a long pipeline) must not drag its past along.
constexpr std::size_t compact_after = 16 * 1024;

std::string text(boost::beast::string_view v) { return {v.data(), v.size()}; }

/// The parser blames the version for anything odd after the target; it is to blame only where there is one.
bool names_a_version(std::string_view head) {
  const auto line = head.substr(0, head.find("\r\n"));
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (std::count(line.begin(), line.end(), ' ') != 2) return false;
  const auto version = line.substr(line.rfind(' ') + 1);
  return version.size() == 8 && version.substr(0, 5) == "HTTP/" && digit(version[5]) && version[6] == '.' &&
         digit(version[7]);
}

const fault& explain(const boost::system::error_code& error, std::string_view head) {
  if (error == beast::error::bad_version) return names_a_version(head) ? bad_version : malformed;
  if (error == beast::error::bad_content_length) return bad_length;
  return malformed;
}
}  // namespace

intake::phase intake::now() const {
  if (in_body_) return phase::body;
  return kept() > 0 ? phase::head : phase::between;
}

bool intake::wants_continue() { return in_body_ && std::exchange(framing_.expects_continue, false); }

intake::result intake::refuse(const fault& f) {
  why_ = f;
  return result::refused;
}

intake::result intake::advance(std::string_view fresh) {
  std::size_t used = 0;
  result out;
  if (kept() == 0) {
    forget_used();
    out = consume(fresh, used);
    kept_.assign(fresh.substr(used));
  } else {
    kept_.append(fresh);
    out = consume(std::string_view(kept_).substr(used_), used);
    used_ += used;
    if (kept() == 0) {
      forget_used();
    } else if (used_ >= compact_after) {
      kept_.erase(0, used_);
      used_ = 0;
    }
  }
  return out;
}

void intake::forget() {
  kept_ = {};
  used_ = 0;
  scan_ = {};
  in_body_ = false;
  request_ = {};
  file_.reset();
}

void intake::forget_used() {
  used_ = 0;
  if (kept_.capacity() > keep_capacity) {
    std::string().swap(kept_);
  } else {
    kept_.clear();
  }
}

intake::result intake::consume(std::string_view data, std::size_t& used) {
  if (!in_body_) {
    if (data.empty()) return result::more;
    head_only_ = false;
    if (auto f = scan_.look(data.substr(0, rules_.max_head))) return refuse(*f);
    const auto length = scan_.length();
    if (length == 0 && data.size() < rules_.max_head) return result::more;
    if (length == 0) return refuse(scan_.in_request_line() ? long_target : long_head);
    scan_ = {};
    if (read_head(data.substr(0, length)) == result::refused) return result::refused;
    if (judge_body() == result::refused) return result::refused;
    data.remove_prefix(length);
    used = length;
    if (is_large() && rules_.asks_first) return result::announced;
    if (begin_body({}) == result::refused) return result::refused;
  }
  return read_body(data, used);
}

intake::result intake::judge_body() {
  const auto limit = rules_.body_limit ? rules_.body_limit(request_) : rules_.max_body;
  if (auto f = judge_size(framing_, limit)) return refuse(*f);
  return result::more;
}

/// Why the large body finds no room, if it does not.
std::optional<fault> intake::refuse_room(const std::string& owner) const {
  const auto size = framing_.content_length;
  auto& taken = *rules_.spooling;
  const auto fits = [size](std::uint64_t into, std::uint64_t beside) {
    return beside <= into && size <= into - beside;
  };
  if (!owner.empty()) {
    const auto theirs = taken.share_of(owner);
    if (theirs.files >= rules_.max_files_each || !fits(rules_.max_bytes_each, theirs.bytes))
      return too_many_of_yours;
  }
  if (!fits(rules_.max_spooled, taken.bytes) || taken.files >= max_files) return too_many_uploads;
  return std::nullopt;
}

intake::result intake::begin_body(const std::string& owner) {
  const auto size = framing_.content_length;
  if (is_large()) {
    if (const auto no = refuse_room(owner)) return refuse(*no);
    try {
      file_ = std::make_shared<spooled>(rules_.spool_directory, size, rules_.spooling, owner);
    } catch (const std::system_error&) {
      return refuse(no_disk);
    }
  } else {
    request_.body.reserve(std::min<std::uint64_t>(size, first_reserve));
  }
  in_body_ = true;
  return result::more;
}

intake::result intake::read_body(std::string_view data, std::size_t& used) {
  const auto have = received();
  const auto part = std::min<std::uint64_t>(data.size(), framing_.content_length - have);
  if (file_) {
    try {
      file_->append(data.substr(0, part));
    } catch (const std::system_error&) {
      return refuse(no_disk);
    }
  } else {
    request_.body.append(data.substr(0, part));
  }
  used += part;
  if (have + part < framing_.content_length) return result::more;
  request_.file = std::exchange(file_, nullptr);
  in_body_ = false;
  return result::complete;
}

intake::result intake::read_head(std::string_view head) {
  beast::request_parser<beast::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(rules_.max_head + 1));
  parser.body_limit(boost::none);  // the guard's own check says 413
  boost::system::error_code error;
  parser.put(boost::asio::const_buffer(head.data(), head.size()), error);
  if (error && error != beast::error::need_more) return refuse(explain(error, head));
  if (!parser.is_header_done()) return refuse(malformed);

  const auto& parsed = parser.get();
  request_ = {};
  framing_ = {};
  request_.method = text(parsed.method_string());
  for (const auto& field : parsed)
    request_.headers.push_back({text(field.name_string()), text(field.value())});
  const auto target = text(parsed.target());
  const auto query = target.find('?');
  request_.path = target.substr(0, query);
  if (query != std::string::npos) request_.query = target.substr(query + 1);
  head_only_ = request_.method == "HEAD";
  framing_.knows_chunks = parsed.version() >= 11;
  framing_.keep_alive = framing_.knows_chunks && parsed.keep_alive();
  if (auto f = judge(request_, target, parsed.version(), framing_)) return refuse(*f);
  return result::more;
}

}  // namespace net::http
