#pragma once
#include <array>
#include <charconv>
#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/append.hpp"
#include "model/shapes.hpp"

namespace net::print {

/// A cell of a CSV file. `safe` says that the text is no one's words but ours (a number, a date, an id), and
/// goes out as it is: only then is "-5" left a number.
struct csv_cell {
  std::string text;
  bool safe = false;
};

/// The text with an apostrophe before it where a spreadsheet would run it as a formula: where it begins with
/// `=`, `+`, `-` or `@`, their wide or small forms among them, also behind white space or characters that
/// are not seen; and where it begins with a tab or a line end.
std::string without_formula(std::string_view text);

/// A row as RFC 4180 wants it, CRLF included; quoted where a comma, quote, line end, semicolon, tab or a
/// space at an end is in a cell. Every cell is neutralised but the safe ones. Bytes are otherwise kept.
std::string csv_row(std::span<const std::string> cells);
std::string csv_row(std::span<const csv_cell> cells);

namespace csv_detail {

/// Words of ours: nobody else chose a character of them.
template <class T>
concept own_words = model::described_enum<T> || std::same_as<T, bool> || model::whole_number<T> ||
    std::floating_point<T> || std::same_as<T, model::instant> || std::same_as<T, model::day> ||
    std::same_as<T, model::uuid> || model::is_id<T>;

template <class T>
std::string own_text(const T& value) {
  if constexpr (model::described_enum<T>) {
    return std::string(model::to_text(value));
  } else if constexpr (std::same_as<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (model::whole_number<T> || std::floating_point<T>) {
    std::array<char, 64> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return {digits.data(), end};
  } else if constexpr (model::is_id<T>) {
    return own_text(value.value);
  } else {
    std::string out;
    model::append_text(out, value);
    return out;
  }
}

template <class T>
csv_cell cell_of(const T& value) {
  if constexpr (own_words<T>) {
    return {own_text(value), true};
  } else if constexpr (model::is_optional<T>) {
    return value ? cell_of(*value) : csv_cell{{}, true};
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    return {std::string(std::string_view(value)), false};
  } else if constexpr (model::wrapped_text<T>) {
    return {value.value, false};
  } else if constexpr (model::is_vector<T>) {
    csv_cell all;
    for (const auto& item : value) all.text += (all.text.empty() ? "" : "; ") + cell_of(item).text;
    return all;
  } else {
    static_assert(model::has_no_form<T>,
                  "this type has no form in a CSV cell: describe a flat struct for rows");
  }
}

}  // namespace csv_detail

/// The names of a described flat struct's columns, as they are outside.
template <model::described T>
std::vector<std::string> csv_header() {
  std::vector<std::string> names;
  boost::mp11::mp_for_each<model::members_of<T>>(
      [&](auto d) { names.emplace_back(model::outside_name(d.name)); });
  return names;
}

/// Its cells: texts, optionals (empty where there is nothing), enums, instants and days (RFC 3339, UTC),
/// bools, numbers, ids, and vectors of these joined with "; ".
template <model::described T>
std::vector<csv_cell> csv_cells(const T& row) {
  std::vector<csv_cell> cells;
  boost::mp11::mp_for_each<model::members_of<T>>(
      [&](auto d) { cells.push_back(csv_detail::cell_of(row.*d.pointer)); });
  return cells;
}

}  // namespace net::print
