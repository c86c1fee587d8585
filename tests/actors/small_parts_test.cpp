#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "actors/login_cache.hpp"
#include "actors/rate_limit.hpp"
#include "actors/respond.hpp"
#include "actors/said_lately.hpp"
#include "tests/actors/tools.hpp"
#include "tests/odb/test_cluster.hpp"

using namespace actor_tests;
using namespace actors;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(said_lately_)

BOOST_AUTO_TEST_CASE(what_stays_wrong_is_said_once_an_hour) {
  turned_clock clock;
  said_lately<model::uuid> said;
  const model::uuid one{{1}}, other{{2}};
  BOOST_TEST(said.is_news(one, clock.now()));
  BOOST_TEST(!said.is_news(one, clock.now()));
  BOOST_TEST(said.is_news(other, clock.now()));
  clock.turn(std::chrono::hours{1} - seconds{1});
  BOOST_TEST(!said.is_news(one, clock.now()));
  clock.turn(seconds{1});
  BOOST_TEST(said.is_news(one, clock.now()));
  // A machine whose clock was set back does not fall silent.
  clock.turn(-std::chrono::hours{5});
  BOOST_TEST(said.is_news(one, clock.now()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rate_limit_)

BOOST_AUTO_TEST_CASE(so_many_per_key_and_window) {
  turned_clock clock;
  rate_limit limit(2, seconds{60});
  BOOST_TEST(!limit.refuse("a", clock.now()).has_value());
  clock.turn(seconds{10});
  BOOST_TEST(!limit.refuse("a", clock.now()).has_value());
  BOOST_TEST(limit.refuse("a", clock.now()).value() == 50);
  BOOST_TEST(!limit.refuse("b", clock.now()).has_value());
  clock.turn(seconds{49} + std::chrono::microseconds{1});
  BOOST_TEST(limit.refuse("a", clock.now()).value() == 1);
  clock.turn(seconds{1});
  BOOST_TEST(!limit.refuse("a", clock.now()).has_value());
}

BOOST_AUTO_TEST_CASE(a_flood_of_keys_does_not_free_a_key_before_its_time_while_others_have_run_out) {
  turned_clock clock;
  rate_limit limit(1, seconds{60});
  for (int i = 0; i < 99'999; ++i) limit.refuse("old" + std::to_string(i), clock.now());
  clock.turn(seconds{60});
  limit.refuse("kept", clock.now());
  limit.refuse("new", clock.now());
  BOOST_TEST(limit.refuse("kept", clock.now()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(login_cache_)

namespace {
known_login login_until(std::optional<model::instant> until = {}) {
  known_login l;
  l.expires_at = until;
  return l;
}
}  // namespace

BOOST_AUTO_TEST_CASE(what_was_kept_is_found_until_it_expires_or_is_dropped) {
  turned_clock clock;
  login_cache cache;
  cache.keep("a", login_until(clock.now() + seconds{10}), cache.generation());
  cache.keep("b", login_until(), cache.generation());
  BOOST_TEST(cache.find("a", clock.now()).has_value());
  BOOST_TEST(!cache.find("c", clock.now()).has_value());
  clock.turn(seconds{10});
  BOOST_TEST(!cache.find("a", clock.now()).has_value());
  cache.drop("b");
  BOOST_TEST(!cache.find("b", clock.now()).has_value());
}

BOOST_AUTO_TEST_CASE(what_was_read_before_an_end_is_not_kept_after_it) {
  turned_clock clock;
  login_cache cache;
  const auto before = cache.generation();
  cache.drop("a");
  cache.keep("a", login_until(), before);
  BOOST_TEST(!cache.find("a", clock.now()).has_value());
  cache.keep("a", login_until(), cache.generation());
  BOOST_TEST(cache.find("a", clock.now()).has_value());
}

BOOST_AUTO_TEST_CASE(a_full_cache_lets_go_of_the_least_lately_used) {
  turned_clock clock;
  login_cache cache(2);
  for (const auto* name : {"a", "b"}) cache.keep(name, login_until(), cache.generation());
  BOOST_TEST(cache.find("a", clock.now()).has_value());
  cache.keep("c", login_until(), cache.generation());
  BOOST_TEST(cache.find("a", clock.now()).has_value());
  BOOST_TEST(!cache.find("b", clock.now()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(ids_are_in_the_order_of_their_making_even_when_the_clock_steps_back) {
  turned_clock clock;
  random_ids ids(clock);
  auto last = ids.next();
  for (int i = 0; i < 5'000; ++i) {
    if (i % 7 == 0) clock.turn(std::chrono::microseconds{i % 2 ? 300 : -300});
    const auto next = ids.next();
    BOOST_REQUIRE(last < next);
    BOOST_REQUIRE((next.data[6] >> 4) == 7);
    last = next;
  }
}

BOOST_AUTO_TEST_CASE(tokens_hold_256_bits_and_never_come_twice) {
  const auto token = random_token("kws_");
  BOOST_TEST(token.size() == 4u + 43u);
  BOOST_TEST(token.starts_with("kws_"));
  BOOST_TEST(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
             std::string::npos);
  BOOST_TEST(token != random_token("kws_"));
}

BOOST_AUTO_TEST_CASE(the_hash_of_a_token_is_sha256) {
  BOOST_TEST(token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(same("abc", "abc"));
  BOOST_TEST(!same("abc", "abd"));
  BOOST_TEST(!same("abc", "abcd"));
  BOOST_TEST(csrf_token_of("a") == csrf_token_of("a"));
  BOOST_TEST(csrf_token_of("a") != csrf_token_of("b"));
}

BOOST_AUTO_TEST_CASE(a_key_file_is_made_once_for_its_owner_alone) {
  rehearsal::temporary_directory place;
  const auto file = place.path() / "key";
  link_keeper first(file);
  struct stat info {};
  BOOST_REQUIRE(::stat(file.c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 0777) == 0600u);
  BOOST_TEST(info.st_size == 32);
  link_keeper second(file);
  const auto secret = first.next_secret();
  BOOST_TEST(token_hash(second.token_of(secret.nonce)) == secret.token_hash);
  BOOST_TEST(first.seal("x") == second.seal("x"));
  BOOST_TEST(first.seal("x") != first.token_of("x"));
  link_keeper other(place.path() / "other");
  BOOST_TEST(other.token_of(secret.nonce) != first.token_of(secret.nonce));
}

BOOST_AUTO_TEST_CASE(a_key_file_of_another_size_is_refused_and_left_alone) {
  rehearsal::temporary_directory place;
  const auto file = place.path() / "key";
  for (const auto* content : {"", "short"}) {
    std::ofstream(file) << content;
    BOOST_CHECK_THROW(link_keeper{file}, std::runtime_error);
    BOOST_TEST(std::filesystem::file_size(file) == std::string_view{content}.size());
  }
  BOOST_CHECK_THROW(link_keeper{place.path() / "none" / "key"}, std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(respond)

BOOST_AUTO_TEST_CASE(a_list_of_entity_tags_names_what_it_names) {
  BOOST_TEST(names("\"a\"", "\"a\""));
  BOOST_TEST(names("\"b\" ,\tW/\"a\"", "\"a\""));
  BOOST_TEST(names("*", "\"a\""));
  BOOST_TEST(!names("", "\"a\""));
  BOOST_TEST(!names("\"ab\"", "\"a\""));
  BOOST_TEST(!names("a", "\"a\""));
}

BOOST_AUTO_TEST_SUITE_END()
