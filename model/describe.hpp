#pragma once
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace model {

template <class T>
using members_of =
    boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

/// A plain struct with BOOST_DESCRIBE_STRUCT: from that one description come JSON, the wire format, the
/// OpenAPI schema, CSV columns and audit details.
template <class T>
concept described = boost::describe::has_describe_members<T>::value && std::is_class_v<T>;

template <class T>
concept described_enum = boost::describe::has_describe_enumerators<T>::value;

/// The name outside the program of a described member: `case_` is `case`, since C++ keeps that word for
/// itself.
constexpr std::string_view outside_name(std::string_view member) {
  return member.ends_with('_') ? member.substr(0, member.size() - 1) : member;
}

/// Calls `f(name, member reference)` for each member in the order of the description.
template <described T, class Function>
void for_each_member(T& value, Function&& f) {
  boost::mp11::mp_for_each<members_of<std::remove_const_t<T>>>(
      [&](auto d) { f(outside_name(d.name), value.*d.pointer); });
}

template <described_enum E>
std::string_view to_text(E value) {
  return outside_name(boost::describe::enum_to_string(value, ""));
}

template <described_enum E>
std::optional<E> parse_enum(std::string_view text) {
  std::optional<E> found;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    if (text == outside_name(d.name)) found = d.value;
  });
  return found;
}

/// A part of an answer that is there only for those who may see it: absent it leaves no trace, where an empty
/// `std::optional` stands as null.
template <class T>
struct if_permitted {
  std::optional<T> value;
};

/// What an input changes a member to that may also be nothing: not given it stays, null takes it away.
template <class T>
struct change_of {
  bool given = false;
  std::optional<T> to = {};
  friend bool operator==(const change_of&, const change_of&) = default;
};

/// Text of at most `Max` characters (Unicode code points), kept byte for byte. Commands carry their texts in
/// this type, so that whoever reads them from outside has to check the limit. `Min` 1 also refuses blank
/// text.
template <std::size_t Max, std::size_t Min = 1>
struct text {
  static constexpr std::size_t max = Max;
  static constexpr std::size_t min = Min;
  std::string value;
  friend bool operator==(const text&, const text&) = default;
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_variant = false;
template <class... T>
inline constexpr bool is_variant<std::variant<T...>> = true;
template <class T>
inline constexpr bool is_if_permitted = false;
template <class T>
inline constexpr bool is_if_permitted<if_permitted<T>> = true;
template <class T>
inline constexpr bool is_change = false;
template <class T>
inline constexpr bool is_change<change_of<T>> = true;
template <class T>
inline constexpr bool is_bounded_text = false;
template <std::size_t Max, std::size_t Min>
inline constexpr bool is_bounded_text<text<Max, Min>> = true;

/// `overloaded{lambda, …}` for std::visit.
template <class... F>
struct overloaded : F... {
  using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>;

}  // namespace model
