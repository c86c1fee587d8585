#include "model/wall_clock.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

#include "model/time_zones.hpp"

namespace model {
namespace {

using namespace std::chrono;

// Far beyond any instant in use, and in reach of both std::chrono::year and microseconds.
constexpr sys_seconds first_moment{seconds{-900'000'000'000}};
constexpr sys_seconds last_moment{seconds{900'000'000'000}};

/// Big-endian numbers from a time zone file.
class file_reader {
 public:
  explicit file_reader(std::string_view bytes) : rest_(bytes) {}

  std::string_view take(std::size_t length) {
    if (length > rest_.size()) throw std::runtime_error("time zone file cut off");
    const auto taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    for (const char byte : take(bytes)) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// How many of each thing one block of the file holds.
struct block_header {
  explicit block_header(file_reader& in) {
    if (in.take(4) != "TZif" || in.take(1) < "2") throw std::runtime_error("not a time zone file");
    in.take(15);
    for (auto* count : {&utc_marks, &standard_marks, &leap_seconds, &changes, &kinds, &letters})
      *count = in.number(4);
    if (kinds == 0) throw std::runtime_error("time zone file without a local time");
  }
  /// The bytes after the changes and kinds.
  std::size_t remainder(std::size_t time_bytes) const {
    return letters + leap_seconds * (time_bytes + 4) + standard_marks + utc_marks;
  }
  std::size_t utc_marks = 0, standard_marks = 0, leap_seconds = 0, changes = 0, kinds = 0, letters = 0;
};

std::string content_of(std::string_view zone) {
  const auto path = "/usr/share/zoneinfo/" + std::string(zone);
  std::ifstream in(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) throw std::runtime_error("cannot read the time zone file " + path);
  return content;
}

/// The first change after `t`.
auto change_after(const std::vector<offset_change>& changes, sys_seconds t) {
  return std::upper_bound(changes.begin(), changes.end(), t,
                          [](sys_seconds at, const offset_change& c) { return at < c.at; });
}

}  // namespace

const wall_clock& wall_clock::of(std::string_view zone) {
  static std::mutex guard;
  static std::map<std::string, const wall_clock, std::less<>> clocks;
  if (!is_time_zone(zone)) throw std::invalid_argument("no time zone: " + std::string(zone));
  const std::scoped_lock lock(guard);
  auto known = clocks.find(zone);
  if (known == clocks.end()) known = clocks.emplace(zone, wall_clock{content_of(zone)}).first;
  return known->second;
}

wall_clock::wall_clock(std::string_view file) {
  file_reader in(file);
  // The first block is for readers of 32 bits and says less.
  const block_header narrow(in);
  in.take(narrow.changes * 5 + narrow.kinds * 6 + narrow.remainder(4));
  const block_header header(in);
  file_reader times(in.take(header.changes * 8)), kind_of_change(in.take(header.changes)),
      kinds(in.take(header.kinds * 6));
  in.take(header.remainder(8));

  std::vector<seconds> offsets;
  for (std::size_t i = 0; i < header.kinds; ++i) {
    offsets.emplace_back(static_cast<std::int32_t>(kinds.number(4)));
    kinds.take(2);
  }
  offset_before_ = offsets.front();
  for (std::size_t i = 0; i < header.changes; ++i) {
    const sys_seconds at{seconds{static_cast<std::int64_t>(times.number(8))}};
    const auto kind = kind_of_change.number(1);
    if (kind >= offsets.size()) throw std::runtime_error("time zone file with an unknown local time");
    changes_.push_back({std::clamp(at, first_moment, last_moment), offsets[kind]});
  }

  const auto footer = in.rest();
  if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n')
    throw std::runtime_error("time zone file cut off");
  if (footer.size() > 2) rule_ = posix_rule::parse(footer.substr(1, footer.size() - 2));
}

offset_span wall_clock::span_at(sys_seconds t) const {
  const auto next = change_after(changes_, t);
  const auto since = next == changes_.begin() ? offset_change{first_moment, offset_before_} : *(next - 1);
  if (next != changes_.end()) return {since.at, next->at, since.offset};
  if (!rule_) return {since.at, last_moment, since.offset};

  auto by_rule = rule_->changes_around(year_month_day{floor<days>(t)}.year());
  std::erase_if(by_rule, [&](const offset_change& c) { return c.at <= since.at; });
  const auto upcoming = change_after(by_rule, t);
  const auto latest = upcoming == by_rule.begin() ? since : *(upcoming - 1);
  return {latest.at, upcoming == by_rule.end() ? last_moment : upcoming->at, latest.offset};
}

wall_time wall_clock::shown_at(instant t) const {
  return wall_time{t.time_since_epoch() + span_at(floor<seconds>(t)).offset};
}

instant wall_clock::when(wall_time shown) const {
  // The last moment at which clocks show this or less: every later stretch of time begins with more.
  const instant as_if_utc{shown.time_since_epoch()};
  // No clock was ever more than a day behind UTC.
  auto span = span_at(floor<seconds>(as_if_utc) + hours{26});
  while (as_if_utc - span.offset < span.begin) span = span_at(span.begin - seconds{1});
  return std::min<instant>(as_if_utc - span.offset, span.end);
}

}  // namespace model
