#include "model/time.hpp"

#include <array>
#include <cstdint>

#include "model/append.hpp"

namespace model {
namespace {

using std::chrono::floor;

/// The last `width` decimal digits of `value`, zeros in front.
char* put(char* to, unsigned value, int width) {
  for (int i = width - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
  return to + width;
}

char* put(char* to, day d) {
  const std::chrono::year_month_day date{d};
  auto year = static_cast<int>(date.year());
  if (year < 0) {
    *to++ = '-';
    year = -year;
  }
  to = put(to, static_cast<unsigned>(year), year > 9999 ? 5 : 4);
  *to++ = '-';
  to = put(to, static_cast<unsigned>(date.month()), 2);
  *to++ = '-';
  return put(to, static_cast<unsigned>(date.day()), 2);
}

// The longest is `-32767-12-31T23:59:59.999999Z`.
using text_buffer = std::array<char, 32>;

/// Takes `digits` decimal digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<day> take_day(std::string_view& text) {
  const auto year = take_number(text, 4);
  if (!year || *year < 1900 || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto in_month = take_number(text, 2);
  if (!in_month) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*in_month)}};
  return date.ok() ? std::optional<day>{day{date}} : std::nullopt;
}

/// `:MM` or the like: a separator and two digits of at most `last`.
std::optional<int> take_part(std::string_view& text, char separator, int last) {
  if (separator != 0 && !take(text, separator)) return std::nullopt;
  const auto value = take_number(text, 2);
  return value && *value <= last ? value : std::nullopt;
}

/// What follows the seconds: nothing or `.` and digits, of which those beyond microseconds are dropped.
std::optional<std::chrono::microseconds> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return std::chrono::microseconds{0};
  std::int64_t micros = 0;
  int digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits, text.remove_prefix(1))
    if (digits < 6) micros = micros * 10 + (text.front() - '0');
  if (digits == 0 || digits > 18) return std::nullopt;
  for (; digits < 6; ++digits) micros *= 10;
  return std::chrono::microseconds{micros};
}

/// `Z` or `+hh:mm`, and then nothing more.
std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (text == "Z" || text == "z") return std::chrono::minutes{0};
  const bool ahead = take(text, '+');
  if (!ahead && !take(text, '-')) return std::nullopt;
  const auto hours = take_part(text, 0, 23);
  if (!hours) return std::nullopt;
  const auto minutes = take_part(text, ':', 59);
  if (!minutes || !text.empty()) return std::nullopt;
  const auto offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
  return ahead ? offset : -offset;
}

}  // namespace

void append_text(std::string& out, day d) {
  text_buffer buffer;
  out.append(buffer.data(), put(buffer.data(), d));
}

void append_text(std::string& out, instant t) {
  text_buffer buffer;
  const auto date = floor<std::chrono::days>(t);
  const auto micros = static_cast<std::uint64_t>((t - date).count());
  const auto seconds = static_cast<unsigned>(micros / 1'000'000),
             fraction = static_cast<unsigned>(micros % 1'000'000);
  auto* end = put(buffer.data(), date);
  *end++ = 'T';
  end = put(end, seconds / 3600, 2);
  *end++ = ':';
  end = put(end, seconds / 60 % 60, 2);
  *end++ = ':';
  end = put(end, seconds % 60, 2);
  if (fraction != 0) {
    *end++ = '.';
    end = put(end, fraction, 6);
    while (end[-1] == '0') --end;
  }
  *end++ = 'Z';
  out.append(buffer.data(), end);
}

std::string to_text(instant t) {
  std::string out;
  append_text(out, t);
  return out;
}

std::string to_text(day d) {
  std::string out;
  append_text(out, d);
  return out;
}

std::optional<day> parse_day(std::string_view text) {
  const auto date = take_day(text);
  return text.empty() ? date : std::nullopt;
}

std::optional<instant> parse_instant(std::string_view text) {
  const auto date = take_day(text);
  if (!date || !(take(text, 'T') || take(text, 't'))) return std::nullopt;
  const auto hours = take_part(text, 0, 23);
  if (!hours) return std::nullopt;
  const auto minutes = take_part(text, ':', 59);
  if (!minutes) return std::nullopt;
  // A leap second (`:60`) is no moment that this clock can tell.
  const auto seconds = take_part(text, ':', 59);
  if (!seconds) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset) return std::nullopt;
  return instant{*date} + std::chrono::hours{*hours} + std::chrono::minutes{*minutes} +
         std::chrono::seconds{*seconds} + *fraction - *offset;
}

}  // namespace model
