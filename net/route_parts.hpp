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
inline constexpr std::array<std::string_view, 1> named_by_path<model::edit_goal>{"goal"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::add_progress>{"goal"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::edit_session>{"session"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::edit_document>{"document"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::return_document>{"document"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::send_document>{"document"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::record_signature>{"document"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::void_document>{"document"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::rename_landlord>{"landlord"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::change_property>{"property"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::create_tenancy>{"property"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::change_tenant>{"tenant"};
template <>
inline constexpr std::array<std::string_view, 1> named_by_path<model::change_template>{"template_id"};

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

// --- a case and its parts

inline parsed on_case(const route_input& in, actors::case_request what) {
  return call{case_call{in.id<model::case_id>(0), std::move(what)}};
}

template <class Command>
parsed command_on_case(const route_input& in) {
  return with_body<Command>(in, [&](Command c) {
    return case_call{in.id<model::case_id>(0), model::case_command{std::move(c)}};
  });
}

/// A command without a body, about the thing that the path's second id names.
template <class Command, class Id>
parsed command_on_part(const route_input& in) {
  return on_case(in, model::case_command{Command{in.id<Id>(1)}});
}

/// A command with a body, about the thing that the path's second id names: its member `Part`.
template <class Command, auto Part>
parsed edit_of_part(const route_input& in) {
  return with_body<Command>(in, [&](Command c) {
    using id = std::remove_reference_t<decltype(c.*Part)>;
    c.*Part = in.id<id>(1);
    return case_call{in.id<model::case_id>(0), model::case_command{std::move(c)}};
  });
}

/// What every change of a case may be refused with.
inline const std::vector<unsigned> case_conflicts{402, 409, 412};

}  // namespace net
