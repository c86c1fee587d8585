#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

/// The program's log: one JSON object a line on standard error, `{"time", "level", "event", …}`. What goes in
/// is the caller's care: ids, counts, codes and routes; never a note's text, a token, a mail's body or a
/// query.
namespace actors::log {

enum class level { debug, info, warning, error };

using value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

struct field {
  std::string_view name;
  log::value value;
  field(std::string_view n, std::string_view v) : name(n), value(v) {}
  field(std::string_view n, const std::string& v) : name(n), value(std::string_view{v}) {}
  field(std::string_view n, const char* v) : name(n), value(std::string_view{v}) {}
  field(std::string_view n, bool v) : name(n), value(v) {}
  field(std::string_view n, double v) : name(n), value(v) {}
  template <class Integer>
  requires std::is_integral_v<Integer> field(std::string_view n, Integer v) : name(n) {
    if constexpr (std::is_signed_v<Integer>)
      value = static_cast<std::int64_t>(v);
    else
      value = static_cast<std::uint64_t>(v);
  }
};

/// `debug`, `info`, `warning` or `error`; false for any other name.
bool set_level(std::string_view name);
bool enabled(level at);

/// `event` is a stable dotted name: `http.request`, `mail.retry`.
void write(level at, std::string_view event, std::initializer_list<field> fields);

inline void debug(std::string_view event, std::initializer_list<field> f = {}) {
  write(level::debug, event, f);
}
inline void info(std::string_view event, std::initializer_list<field> f = {}) {
  write(level::info, event, f);
}
inline void warning(std::string_view event, std::initializer_list<field> f = {}) {
  write(level::warning, event, f);
}
inline void error(std::string_view event, std::initializer_list<field> f = {}) {
  write(level::error, event, f);
}

}  // namespace actors::log
