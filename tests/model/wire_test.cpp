#include "model/wire.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <stdexcept>

#include "model/case_commands.hpp"
#include "model/case_events.hpp"
#include "model/json.hpp"
#include "model/refusal.hpp"

using namespace std::string_literals;
using namespace std::chrono_literals;
using model::pack;
using model::unpack;

namespace {

struct hidden_part {
  std::string open;
  std::string not_described = "kept here";
};
BOOST_DESCRIBE_STRUCT(hidden_part, (), (open))

struct everything {
  bool flag = true;
  std::int32_t small = -7;
  std::int64_t big = std::numeric_limits<std::int64_t>::min();
  std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();
  double real = -0.5;
  std::string text = "a\0b\xff"s;
  model::stream stream = model::stream::professional;
  model::note_id id{model::uuid_v7(model::instant{1234567ms}, {1, 2, 3})};
  model::uuid raw{};
  model::instant at{-1us};
  model::day on{2026y / 11 / 21};
  std::optional<std::string> there = "x";
  std::optional<std::string> absent;
  model::if_permitted<int> permitted{5};
  std::vector<std::string> list{"", "one", std::string(300, 'z')};
  std::vector<std::monostate> nothings = std::vector<std::monostate>(3);
  std::shared_ptr<const model::field_error> shared =
      std::make_shared<const model::field_error>(model::field_error{"f", "c", "m"});
  std::shared_ptr<const model::field_error> null;
  std::variant<int, std::string> either = "second";
  std::pair<std::string, std::int64_t> two{"k", 1};
  model::note_text body{"note"};
  model::email_text email{"a@b.cd"};
};
BOOST_DESCRIBE_STRUCT(everything, (),
                      (flag, small, big, huge, real, text, stream, id, raw, at, on, there, absent, permitted,
                       list, nothings, shared, null, either, two, body, email))

everything blank() {
  everything e;
  boost::mp11::mp_for_each<model::members_of<everything>>([&](auto d) { e.*d.pointer = {}; });
  return e;
}

template <class T>
T round(const T& value) {
  T out{};
  unpack(pack(value), out);
  return out;
}

template <class T>
bool refused(std::string_view bytes) {
  T out{};
  try {
    unpack(bytes, out);
  } catch (const std::invalid_argument&) {
    return true;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wire)

BOOST_AUTO_TEST_CASE(every_kind_of_member_comes_back) {
  const everything sent;
  auto got = blank();
  BOOST_REQUIRE((pack(got) != pack(sent)));
  unpack(pack(sent), got);
  BOOST_TEST((pack(got) == pack(sent)));
  BOOST_TEST((got.text == sent.text));
  BOOST_TEST(got.huge == sent.huge);
  BOOST_TEST((got.at == sent.at && got.on == sent.on && got.id == sent.id));
  BOOST_TEST((got.shared && *got.shared == *sent.shared && !got.null));
  BOOST_TEST((got.list == sent.list && got.either == sent.either && got.two == sent.two));
  BOOST_TEST(got.nothings.size() == 3u);
}

BOOST_AUTO_TEST_CASE(what_was_there_before_does_not_stay) {
  everything got;
  unpack(pack(blank()), got);
  BOOST_TEST((pack(got) == pack(blank())));
}

BOOST_AUTO_TEST_CASE(members_that_are_not_described_do_not_travel) {
  const hidden_part sent{"seen", "secret"};
  BOOST_TEST(pack(sent).find("secret") == std::string::npos);
  BOOST_TEST(round(sent).not_described == "kept here");
}

BOOST_AUTO_TEST_CASE(commands_events_and_refusals_come_back) {
  model::add_note note{model::stream::professional, {"text \u00e9"}, true};
  BOOST_TEST(model::to_json(std::get<model::add_note>(round(model::case_command{note}))) ==
             model::to_json(note));
  model::note_added added;
  added.note.body = "body";
  BOOST_TEST(model::to_json(round(model::case_event{added})) == model::to_json(added));
  auto no = model::refusal::invalid("tenants[1].email", "email", "not one");
  no.existing = model::uuid{};
  no.retry_after = 2;
  BOOST_TEST((round(no) == no));
  BOOST_TEST((std::get<model::refusal>(round(model::outcome<model::case_event>{no})) == no));
}

BOOST_AUTO_TEST_CASE(a_message_cut_short_at_any_byte_is_refused) {
  const auto bytes = pack(everything{});
  for (std::size_t length = 0; length < bytes.size(); ++length)
    BOOST_TEST(refused<everything>(std::string_view(bytes).substr(0, length)), "length " << length);
}

BOOST_AUTO_TEST_CASE(bytes_left_over_are_refused) {
  BOOST_TEST(refused<everything>(pack(everything{}) + '\0'));
  BOOST_TEST(refused<bool>("\1\1"));
}

BOOST_AUTO_TEST_CASE(lengths_beyond_the_end_are_refused_without_allocating_for_them) {
  const auto endless = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s;
  BOOST_TEST(refused<std::string>(endless));
  BOOST_TEST(refused<std::vector<std::string>>(endless));
  BOOST_TEST(refused<std::vector<std::monostate>>(endless));
  BOOST_TEST(
      refused<std::string>("\x05"
                           "abcd"s));
}

BOOST_AUTO_TEST_CASE(values_that_cannot_be_are_refused) {
  BOOST_TEST(refused<bool>("\2"s));
  BOOST_TEST(refused<std::optional<bool>>("\2\1"s));
  BOOST_TEST(refused<model::stream>("\x04"s));
  BOOST_TEST(refused<model::stream>("\x01"s));
  BOOST_TEST(refused<model::case_command>("\x7f"s));
  BOOST_TEST(refused<std::int32_t>(pack(std::int64_t{1} << 31)));
  BOOST_TEST(refused<std::uint8_t>(pack(std::uint64_t{256})));
  BOOST_TEST(refused<std::uint64_t>("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"s));
  BOOST_TEST(refused<std::uint64_t>("\x81\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"s));
  BOOST_TEST(refused<std::uint64_t>("\x80\x00"s));
}

BOOST_AUTO_TEST_CASE(random_damage_is_refused_or_read_but_never_worse) {
  const auto good = pack(everything{});
  std::mt19937 draw(20261121);
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = good;
    for (unsigned hits = 1 + draw() % 4; hits > 0; --hits)
      bytes[draw() % bytes.size()] = static_cast<char>(draw());
    auto got = blank();
    try {
      unpack(bytes, got);
    } catch (const std::invalid_argument&) {
      continue;
    }
    // Whatever is accepted means one thing only. (A damaged double may be a NaN: compare bytes.)
    BOOST_REQUIRE((pack(got) == bytes));
  }
}

BOOST_AUTO_TEST_SUITE_END()
