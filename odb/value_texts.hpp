#pragma once
#include <optional>
#include <string>

#include "odb/session_impl.hpp"

/// Not public: values as PostgreSQL's text forms, for statements with bound values.
namespace store {

/// `{a,b}`: PostgreSQL's text form of an array of what needs no quotes.
template <class Items, class Text>
std::string plain_array(const Items& items, Text text_of) {
  std::string out = "{";
  for (const auto& item : items) {
    if (out.size() > 1) out += ',';
    out += text_of(item);
  }
  return out + '}';
}

/// `{uuid,uuid}`
template <class Ids>
std::string id_array(const Ids& ids) {
  return plain_array(ids, [](const auto& id) { return to_text(id); });
}

template <class T>
sql_text text_or_null(const std::optional<T>& value) {
  return value ? sql_text(to_text(*value)) : std::nullopt;
}
inline sql_text text_or_null(const std::optional<std::int64_t>& value) {
  return value ? sql_text(std::to_string(*value)) : std::nullopt;
}

}  // namespace store
