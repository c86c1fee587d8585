#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/append.hpp"
#include "model/fields.hpp"
#include "model/shapes.hpp"

namespace model {

/// JSON that was written before and is taken as it is. The caller answers for its being one whole value.
struct raw_json {
  std::string_view value;
};

/// A JSON string (RFC 8259) at the end of `out`: quotes, backslashes and control characters escaped, every
/// other byte as it is. `text` is to be well-formed UTF-8.
void append_json_string(std::string& out, std::string_view text);
void append_json_number(std::string& out, std::int64_t value);
void append_json_number(std::string& out, std::uint64_t value);
/// The shortest digits that read back as the same number; null for what JSON cannot say (infinite, not a
/// number).
void append_json_number(std::string& out, double value);
/// An object with these members, in their order.
void append_json_object(std::string& out, const fields& all);

/// `value` in its outside form at the end of `out`. Described structs are objects under `outside_name`,
/// described enums, ids, instants and days are strings, an empty optional or pointer is null, an empty
/// `if_permitted` member is left out, a variant is whatever it holds.
template <class T>
void write_json(std::string& out, const T& value);

template <class T>
std::string to_json(const T& value) {
  std::string out;
  out.reserve(512);
  write_json(out, value);
  return out;
}

namespace json_detail {

/// `"name":`, made by the compiler.
template <class Member>
inline constexpr auto key = [] {
  constexpr std::string_view name = outside_name(Member::name);
  std::array<char, name.size() + 3> out{};
  out[0] = '"';
  for (std::size_t i = 0; i < name.size(); ++i) out[i + 1] = name[i];
  out[name.size() + 1] = '"';
  out[name.size() + 2] = ':';
  return out;
}();

/// Every item ends in a comma; the last comma becomes the closing bracket.
inline void close(std::string& out, char bracket) {
  if (out.back() == ',')
    out.back() = bracket;
  else
    out.push_back(bracket);
}

template <class Member, class T>
void write_member(std::string& out, const T& value) {
  if constexpr (is_if_permitted<T>) {
    if (value.value) write_member<Member>(out, *value.value);
  } else {
    out.append(key<Member>.data(), key<Member>.size());
    write_json(out, value);
    out.push_back(',');
  }
}

template <class T>
void write_struct(std::string& out, const T& value) {
  out.push_back('{');
  boost::mp11::mp_for_each<members_of<T>>(
      [&]<class Member>(Member d) { write_member<Member>(out, value.*d.pointer); });
  close(out, '}');
}

template <class T>
void write_list(std::string& out, const T& items) {
  out.push_back('[');
  for (const auto& item : items) {
    write_json(out, item);
    out.push_back(',');
  }
  close(out, ']');
}

template <class T>
void write_quoted(std::string& out, const T& value) {
  out.push_back('"');
  append_text(out, value);
  out.push_back('"');
}

template <class T>
void write_if_there(std::string& out, const T& value) {
  if (value)
    write_json(out, *value);
  else
    out.append("null");
}

template <class T>
void write_number(std::string& out, T value) {
  if constexpr (std::floating_point<T>)
    append_json_number(out, static_cast<double>(value));
  else if constexpr (std::signed_integral<T>)
    append_json_number(out, static_cast<std::int64_t>(value));
  else
    append_json_number(out, static_cast<std::uint64_t>(value));
}

}  // namespace json_detail

template <class T>
void write_json(std::string& out, const T& value) {
  using namespace json_detail;
  if constexpr (std::same_as<T, raw_json>)
    out.append(value.value);
  else if constexpr (std::same_as<T, bool>)
    out.append(value ? "true" : "false");
  else if constexpr (whole_number<T> || std::floating_point<T>)
    write_number(out, value);
  else if constexpr (std::convertible_to<const T&, std::string_view>)
    append_json_string(out, value);
  else if constexpr (described_enum<T>)
    append_json_string(out, to_text(value));
  else if constexpr (std::same_as<T, instant> || std::same_as<T, day> || std::same_as<T, uuid>)
    write_quoted(out, value);
  else if constexpr (is_id<T>)
    write_quoted(out, value.value);
  else if constexpr (wrapped_text<T>)
    append_json_string(out, value.value);
  else if constexpr (is_optional<T> || is_shared<T>)
    write_if_there(out, value);
  else if constexpr (is_if_permitted<T>)
    write_if_there(out, value.value);
  else if constexpr (std::same_as<T, fields>)
    append_json_object(out, value);
  else if constexpr (is_vector<T>)
    write_list(out, value);
  else if constexpr (is_variant<T>)
    std::visit([&](const auto& held) { write_json(out, held); }, value);
  else if constexpr (described<T>)
    write_struct(out, value);
  else
    static_assert(has_no_form<T>, "this type has no JSON form: describe it with BOOST_DESCRIBE_STRUCT");
}

}  // namespace model
