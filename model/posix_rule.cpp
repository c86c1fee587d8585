#include "model/posix_rule.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace model {
namespace {

using namespace std::chrono;

/// Reads a rule from its beginning to its end.
class rule_reader {
 public:
  explicit rule_reader(std::string_view text) : whole_(text), rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool next_is(char c) const { return rest_.starts_with(c); }
  bool take(char wanted) {
    if (!next_is(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) malformed();
  }

  /// `GMT` or `<+0330>`; the name itself is of no use here.
  void name() {
    const auto length = next_is('<') ? rest_.find('>') : rest_.find_first_of("0123456789+-,");
    const auto end = std::min(length, rest_.size());
    if (end == 0 || (next_is('<') && length == rest_.npos)) malformed();
    rest_.remove_prefix(end + (next_is('<') ? 1 : 0));
  }

  unsigned number(unsigned least, unsigned most) {
    unsigned value = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && digits < 3 && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits)
      value = value * 10 + static_cast<unsigned>(rest_[digits] - '0');
    if (digits == 0 || value < least || value > most) malformed();
    rest_.remove_prefix(digits);
    return value;
  }

  /// `[+-]hh[:mm[:ss]]`, with up to 167 hours.
  seconds time() {
    const bool negative = take('-');
    if (!negative) take('+');
    seconds value = hours{number(0, 167)};
    if (take(':')) value += minutes{number(0, 59)};
    if (take(':')) value += seconds{number(0, 59)};
    return negative ? -value : value;
  }

  yearly_moment moment() {
    yearly_moment m;
    if (take('M')) {
      m.by = yearly_moment::counted::month_week_weekday;
      m.month = number(1, 12);
      expect('.');
      m.week = number(1, 5);
      expect('.');
      m.weekday = number(0, 6);
    } else if (take('J')) {
      m.by = yearly_moment::counted::days_without_leap_day;
      m.day = number(1, 365);
    } else {
      m.day = number(0, 365);
    }
    if (take('/')) m.time = time();
    return m;
  }

  [[noreturn]] void malformed() const {
    throw std::runtime_error("malformed time zone rule: " + std::string(whole_));
  }

 private:
  std::string_view whole_, rest_;
};

}  // namespace

local_seconds yearly_moment::in(std::chrono::year y) const {
  const local_days first{y / January / 1};
  switch (by) {
    case counted::month_week_weekday: {
      const auto which = y / std::chrono::month{month};
      const std::chrono::weekday on{weekday};
      // The fifth is the last one.
      return (week == 5 ? local_days{which / on[last]} : local_days{which / on[week]}) + time;
    }
    case counted::days_without_leap_day:
      return first + days{day - (y.is_leap() && day > 59 ? 0 : 1)} + time;
    case counted::days:
      return first + days{day} + time;
  }
  throw std::logic_error("an unknown way to count days");
}

std::optional<posix_rule> posix_rule::parse(std::string_view text) {
  rule_reader in(text);
  posix_rule rule;
  in.name();
  // POSIX counts offsets westwards.
  rule.standard_ = -in.time();
  if (in.at_end()) return std::nullopt;
  in.name();
  rule.summer_ = in.next_is(',') ? rule.standard_ + hours{1} : -in.time();
  in.expect(',');
  rule.begins_ = in.moment();
  in.expect(',');
  rule.ends_ = in.moment();
  if (!in.at_end()) in.malformed();
  return rule;
}

std::vector<offset_change> posix_rule::changes_around(std::chrono::year y) const {
  std::vector<offset_change> changes;
  for (const auto in : {y - years{1}, y, y + years{1}}) {
    changes.push_back({sys_seconds{begins_.in(in).time_since_epoch() - standard_}, summer_});
    changes.push_back({sys_seconds{ends_.in(in).time_since_epoch() - summer_}, standard_});
  }
  std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return changes;
}

}  // namespace model
