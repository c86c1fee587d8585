#include "net/routes.hpp"

#include <algorithm>
#include <charconv>

#include "model/utf8.hpp"
#include "net/content/file_name.hpp"

namespace net {
namespace {

constexpr std::uint32_t longest_list = 200;
constexpr std::size_t longest_search = 200;

model::refusal bad_parameter(std::string_view name, std::string code, std::string message) {
  return {model::refusal_code::bad_request,
          "The query parameter " + std::string(name) + " cannot be accepted.",
          {{std::string(name), std::move(code), std::move(message)}},
          {},
          {},
          {}};
}

std::optional<std::uint32_t> parse_limit(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > longest_list)
    return std::nullopt;
  return value;
}

/// `note.created`, or `note.` for all that begin so.
bool is_kind(std::string_view value) {
  const auto dot = value.find('.');
  return value.size() <= 100 && dot != value.npos && dot > 0 &&
         std::all_of(value.begin(), value.end(),
                     [](char c) { return c == '.' || c == '_' || (c >= 'a' && c <= 'z'); });
}

/// What is wrong with a parameter's value; empty if nothing is.
std::string_view fault_of(parameter p, std::string_view value) {
  switch (p) {
    case parameter::state:
      return model::parse_enum<model::mail_state>(value)
                 ? ""
                 : "This must be one of: queued, sending, sent, retrying, failed.";
    case parameter::limit:
      return parse_limit(value) ? "" : "This must be a whole number from 1 to 200.";
    case parameter::cursor:
      return model::parse_uuid(value) ? "" : "This is no cursor: use `next` of the page before.";
    case parameter::org:
      return model::parse_uuid(value) ? "" : "This is not an id: ids are UUIDs of 36 characters.";
    case parameter::stream:
      return model::parse_enum<model::stream>(value) ? "" : "This must be one of: shared, professional.";
    case parameter::status:
      return model::parse_enum<model::case_status>(value) ? "" : "This must be one of: open, closed.";
    case parameter::text:
    case parameter::words:
      return model::length_in_characters(value) <= longest_search ? ""
                                                                  : "This may have at most 200 characters.";
    case parameter::task_cursor:
      return actors::parse_task_place(value) ? "" : "This is no cursor: use `next` of the page before.";
    case parameter::without_case:
      return value == "true" || value == "false" ? "" : "This must be true or false.";
    case parameter::kind:
      return is_kind(value) ? ""
                            : "This must be a kind like note.created, or the beginning of several: note.";
    case parameter::month:
      return model::parse_month(value) ? "" : "This must be a month like 2026-10.";
    case parameter::recipient:
    case parameter::by:
      return model::parse_uuid(value) ? "" : "This is not an id: ids are UUIDs of 36 characters.";
    case parameter::from:
    case parameter::to:
      return model::parse_instant(value) ? "" : "This must be a time like 2026-11-21T09:30:00Z (RFC 3339).";
    case parameter::file_name:
      return contents::file_name_of(value) ? ""
                                           : "This must be a name of 1 to 200 characters that can be seen.";
  }
  return "";
}

std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);  // the slash
  const auto end = std::min(path.find('/'), path.size());
  const auto segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

}  // namespace

std::string_view name_of(parameter p) {
  switch (p) {
    case parameter::state:
      return "state";
    case parameter::limit:
      return "limit";
    case parameter::cursor:
    case parameter::task_cursor:
      return "cursor";
    case parameter::stream:
      return "stream";
    case parameter::status:
      return "status";
    case parameter::org:
      return "org";
    case parameter::text:
    case parameter::words:
      return "q";
    case parameter::without_case:
      return "without_case";
    case parameter::kind:
      return "kind";
    case parameter::by:
      return "by";
    case parameter::from:
      return "from";
    case parameter::to:
      return "to";
    case parameter::file_name:
      return "file_name";
    case parameter::month:
      return "month";
    case parameter::recipient:
      return "recipient";
  }
  return "";
}

std::variant<pairs, model::refusal> read_query(const route& r, std::string_view raw) {
  auto given = parse_form(raw);
  if (!given)
    return model::refusal{model::refusal_code::bad_request,
                          "The query has a malformed escape or is not UTF-8 text.",
                          {},
                          {},
                          {},
                          {}};
  // A page's link may carry what a mail program put there.
  if (r.tag == "pages") return std::move(*given);
  for (auto at = given->begin(); at != given->end(); ++at) {
    const auto& name = at->first;
    const auto known =
        std::find_if(r.query.begin(), r.query.end(), [&](auto p) { return name_of(p) == name; });
    if (known == r.query.end())
      return bad_parameter(name, "unknown_parameter", "There is no query parameter of this name here.");
    if (std::any_of(given->begin(), at, [&](const auto& other) { return other.first == name; }))
      return bad_parameter(name, "duplicate", "This parameter is given twice.");
    if (const auto fault = fault_of(*known, at->second); !fault.empty())
      return bad_parameter(name, "invalid", std::string(fault));
  }
  return std::move(*given);
}

actors::list_part route_input::part() const {
  actors::list_part p;
  if (const auto* limit = find(query, "limit")) p.limit = parse_limit(*limit).value_or(p.limit);
  if (const auto* cursor = find(query, "cursor")) p.after = model::parse_uuid(*cursor);
  return p;
}

namespace {

/// Which of a path's `{…}` is `{month}`, counted from 0; the number of them where none is.
std::size_t place_of_month(std::string_view path) {
  std::size_t place = 0;
  for (; path.find('{') != path.npos; ++place) {
    path.remove_prefix(path.find('{'));
    if (path.starts_with("{month}")) break;
    path.remove_prefix(1);
  }
  return place;
}

}  // namespace

std::optional<std::vector<model::uuid>> found_route::ids() const {
  const auto month_at = matched ? place_of_month(matched->path) : segments.size();
  std::vector<model::uuid> out;
  out.reserve(segments.size());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (i == month_at) {
      if (!model::parse_month(segments[i])) return std::nullopt;
      continue;
    }
    const auto id = model::parse_uuid(segments[i]);
    if (!id) return std::nullopt;
    out.push_back(*id);
  }
  return out;
}

std::optional<model::month> found_route::month() const {
  const auto at = matched ? place_of_month(matched->path) : segments.size();
  return at < segments.size() ? model::parse_month(segments[at]) : std::nullopt;
}

/// One segment of the paths, and what follows it.
struct route_table::step {
  std::map<std::string, step, std::less<>> named;
  std::unique_ptr<step> any;
  std::vector<const route*> here;
};

route_table::route_table(std::vector<route> all) : all_(std::move(all)), root_(std::make_unique<step>()) {
  for (const auto& r : all_) {
    auto* at = root_.get();
    for (auto path = r.path; !path.empty();) {
      const auto segment = take_segment(path);
      if (segment.starts_with('{')) {
        if (!at->any) at->any = std::make_unique<step>();
        at = at->any.get();
      } else {
        at = &at->named[std::string(segment)];
      }
    }
    at->here.push_back(&r);
  }
}

route_table::~route_table() = default;

found_route route_table::find(std::string_view method, std::string_view path) const {
  found_route found;
  const auto* at = root_.get();
  while (at && path.starts_with('/')) {
    const auto segment = take_segment(path);
    const bool escaped = segment.find('%') != segment.npos;
    auto decoded = escaped ? percent_decode(segment, false) : std::string(segment);
    if (!decoded) return {};
    if (const auto named = at->named.find(*decoded); named != at->named.end()) {
      at = &named->second;
    } else {
      if (decoded->empty()) return {};  // a trailing slash is another path
      at = at->any.get();
      found.segments.push_back(std::move(*decoded));
    }
  }
  if (!at || !path.empty() || at->here.empty()) return {};
  const bool head = method == "HEAD";
  if (head) method = "GET";
  for (const auto* r : at->here)
    if (r->method == method && !(head && r->leaves_trace)) found.matched = r;
  if (found.matched) return found;
  for (const auto* r : at->here) {
    found.allow += (found.allow.empty() ? "" : ", ") + std::string(r->method);
    if (r->method == "GET" && !r->leaves_trace) found.allow += ", HEAD";
  }
  return found;
}

const route_table& routes() {
  static const route_table table{[] {
    std::vector<route> all;
    add_login_routes(all);
    add_organisation_routes(all);
    add_digest_routes(all);
    add_retention_routes(all);
    add_list_routes(all);
    add_case_routes(all);
    add_goal_routes(all);
    add_record_routes(all);
    add_event_routes(all);
    add_document_routes(all);
    add_outbox_routes(all);
    add_webhook_routes(all);
    add_page_routes(all);
    return all;
  }()};
  return table;
}

}  // namespace net
