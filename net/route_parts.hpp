#pragma once
// What the parts of the route table are made from; for the files routes_*.cpp only.
#include <array>
#include <utility>

#include "net/json_in.hpp"
#include "net/routes.hpp"
#include "net/schema.hpp"

namespace net {

/// The schema of an answer.
template <class T>
std::string shape_of(schemas& s) {
  s.incoming = false;
  return s.of<T>();
}

/// Members that the path names, by command. One list serves the parser and the schema.
template <class Command>
inline constexpr std::array<std::string_view, 0> named_by_path{};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::edit_note>{"note"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::edit_contact>{"row"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::rename_landlord>{"landlord"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::change_property>{"property"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::create_tenancy>{"property"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::change_tenant>{"tenant"};

/// The schema of a body.
template <class Command>
std::string body_of(schemas& s) {
  s.incoming = true;
  constexpr auto& names = named_by_path<Command>;
  return s.of<Command>({names.begin(), names.end()});
}

/// Reads the body as a `Command` and makes the call of it; or says what is wrong with it.
template <class Command, class Make>
parsed with_body(const route_input& in, Make make) {
  auto read = [&] {
    if constexpr (named_by_path<Command>.size() == 0)
      return read_json<Command>(in.body);
    else
      return read_json<Command>(in.body, {named_by_path<Command>[0]});
  }();
  if (auto* no = std::get_if<model::refusal>(&read)) return std::move(*no);
  return parsed{call{make(std::get<Command>(std::move(read)))}};
}

}  // namespace net
