#include "net/json_tree.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <limits>

#include "model/utf8.hpp"

namespace net {
namespace {

namespace json = boost::json;

/// Where the parser is: the arrays and objects around the next value.
struct open_value {
  json_node* node;
  std::string where;
};

/// What Boost.JSON's parser calls for each part of the text. Its names are given by that library.
class tree_builder {
 public:
  static constexpr std::size_t max_object_size = most_json_values;
  static constexpr std::size_t max_array_size = most_json_values;
  static constexpr std::size_t max_key_size = 200;
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code& ec) { return open(json_kind::object, ec); }
  bool on_object_end(std::size_t, json::error_code&) {
    find_twins(open_.back());
    open_.pop_back();
    return true;
  }
  bool on_array_begin(json::error_code& ec) { return open(json_kind::array, ec); }
  bool on_array_end(std::size_t, json::error_code&) {
    open_.pop_back();
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return gather(part); }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    gather(part);
    if (!model::is_clean_text(text_))
      tell(open_.back().where, "invalid_text", "A member's name contains NUL.");
    open_.back().node->names.push_back(std::move(text_));
    text_.clear();
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return gather(part); }
  bool on_string(json::string_view part, std::size_t, json::error_code& ec) {
    gather(part);
    if (!model::is_clean_text(text_)) tell(where_next(), "invalid_text", "The text contains NUL.");
    auto* node = place(json_kind::string, ec);
    if (node) node->string = std::move(text_);
    text_.clear();
    return node != nullptr;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t value, json::string_view, json::error_code& ec) {
    auto* node = place(json_kind::whole, ec);
    if (node) node->whole = value;
    return node != nullptr;
  }
  // Beyond what any number of ours can be.
  bool on_uint64(std::uint64_t, json::string_view, json::error_code& ec) {
    return place(json_kind::fraction, ec);
  }
  bool on_double(double, json::string_view, json::error_code& ec) { return place(json_kind::fraction, ec); }
  bool on_bool(bool value, json::error_code& ec) {
    auto* node = place(json_kind::boolean, ec);
    if (node) node->boolean = value;
    return node != nullptr;
  }
  bool on_null(json::error_code& ec) { return place(json_kind::null, ec); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  json_tree take() { return {std::move(root_), std::move(faults_)}; }
  /// The path of the value that is being read.
  std::string where_next() const {
    if (open_.empty()) return {};
    const auto& [node, where] = open_.back();
    if (node->kind == json_kind::array) return where + "[" + std::to_string(node->items.size()) + "]";
    if (node->names.empty()) return where;
    return where.empty() ? node->names.back() : where + "." + node->names.back();
  }
  bool too_many() const { return count_ > most_json_values; }

 private:
  bool gather(json::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  json_node* place(json_kind kind, json::error_code& ec) {
    if (++count_ > most_json_values) {
      ec = json::error::array_too_large;
      return nullptr;
    }
    auto& node = open_.empty() ? root_ : open_.back().node->items.emplace_back();
    node.kind = kind;
    return &node;
  }
  bool open(json_kind kind, json::error_code& ec) {
    auto where = where_next();
    auto* node = place(kind, ec);
    if (!node) return false;
    // The address stays good: nothing is added beside a value while it is open.
    open_.push_back({node, std::move(where)});
    return true;
  }
  void find_twins(const open_value& object) {
    std::vector<std::string_view> names(object.node->names.begin(), object.node->names.end());
    std::sort(names.begin(), names.end());
    for (auto twin = std::adjacent_find(names.begin(), names.end()); twin != names.end();
         twin = std::adjacent_find(std::upper_bound(twin, names.end(), *twin), names.end())) {
      const auto name = std::string(*twin);
      tell(object.where.empty() ? name : object.where + "." + name, "duplicate",
           "This member is given twice.");
    }
  }
  void tell(std::string where, std::string code, std::string message) {
    if (faults_.size() < most_faults)
      faults_.push_back({std::move(where), std::move(code), std::move(message)});
  }

  json_node root_;
  std::vector<open_value> open_;
  std::string text_;
  std::size_t count_ = 0;
  std::vector<model::field_error> faults_;
};

std::string_view in_words(const json::error_code& ec) {
  if (ec == json::error::incomplete) return "the text ends within a value";
  if (ec == json::error::too_deep) return "values are nested more than 32 deep";
  if (ec == json::error::extra_data) return "there is something behind the value";
  if (ec == json::error::illegal_leading_surrogate || ec == json::error::illegal_trailing_surrogate ||
      ec == json::error::expected_utf16_escape)
    return "a \\u escape is half of a surrogate pair";
  if (ec == json::error::key_too_large) return "a member's name is too long";
  return "it is not well-formed";
}

model::refusal malformed(std::string_view why, std::size_t at, std::string where) {
  auto detail = "The body is not acceptable JSON: " + std::string(why) + ", at byte " + std::to_string(at);
  if (!where.empty() && model::is_clean_text(where)) detail += ", in " + where;
  return {model::refusal_code::bad_request, detail + ".", {}, {}, {}, {}};
}

/// The offset of the first byte that is no UTF-8.
std::size_t first_bad_byte(std::string_view text) {
  std::size_t good = 0;
  for (std::size_t end = 1; end <= text.size(); ++end)
    if (model::is_clean_text(text.substr(good, end - good)))
      good = end;
    else if (end - good >= 4)
      break;
  return good;
}

}  // namespace

const json_node* json_node::find(std::string_view name) const {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return &items[i];
  return nullptr;
}

std::variant<json_tree, model::refusal> parse_json(std::string_view text) {
  // Before the grammar, so that neither a name nor a place told in an error can be anything but text.
  if (!model::is_clean_text(text))
    return malformed("it is not UTF-8 text without NUL", first_bad_byte(text), {});
  json::parse_options options;
  options.max_depth = deepest_json;
  json::basic_parser<tree_builder> parser(options);
  json::error_code ec;
  const auto used = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && used < text.size()) ec = json::error::extra_data;
  if (parser.handler().too_many()) return malformed("it has more values than any request needs", used, {});
  if (ec)
    return malformed(in_words(ec), used, ec == json::error::extra_data ? "" : parser.handler().where_next());
  return parser.handler().take();
}

}  // namespace net
