#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "model/refusal.hpp"

namespace net {

enum class json_kind { null, boolean, whole, fraction, string, array, object };

/// One JSON value as it came in, before anything is known of what it should be.
struct json_node {
  json_kind kind = json_kind::null;
  bool boolean = false;
  /// Of a whole number that fits; of all others only the kind matters.
  std::int64_t whole = 0;
  std::string string;
  /// An array's items, or an object's members under the names at the same places.
  std::vector<json_node> items;
  std::vector<std::string> names;

  /// The member of that name; null where there is none, or this is no object.
  const json_node* find(std::string_view name) const;
};

/// A whole JSON text as a tree, with what is wrong in it but did not keep it from being read: member names
/// given twice, NUL in texts.
struct json_tree {
  json_node root;
  std::vector<model::field_error> faults;
};

/// Values in one text: far more than any input of ours has, and few enough to hold.
inline constexpr std::size_t most_json_values = 20'000;
inline constexpr std::size_t deepest_json = 32;
/// Faults that are told of one input; whoever sends more has enough to mend.
inline constexpr std::size_t most_faults = 50;

/// RFC 8259 JSON in UTF-8, nothing else. Refuses (`bad_request`, saying where) what is malformed, deeper than
/// `deepest_json`, no UTF-8, or has lone surrogates, more than `most_json_values` values or anything behind
/// the value.
std::variant<json_tree, model::refusal> parse_json(std::string_view text);

}  // namespace net
