#include <boost/test/unit_test.hpp>
#include <caf/all.hpp>
#include <random>

#include "actors/house.hpp"
#include "tests/actors/tools.hpp"

using namespace actors;
using namespace model;

namespace {

/// Fills every kind of value that messages are made of with anything, the same for the same seed.
class anything {
 public:
  explicit anything(unsigned seed) : random_(seed) {}

  template <class T>
  T make() {
    T out{};
    fill(out);
    return out;
  }

  std::uint64_t number(std::uint64_t below) { return random_() % below; }

  template <class T>
  void fill(T& value) {
    if constexpr (std::same_as<T, bool>)
      value = number(2) == 1;
    else if constexpr (described_enum<T>)
      pick(value);
    else if constexpr (std::integral<T>)
      value = static_cast<T>(random_());
    else if constexpr (std::same_as<T, std::string>)
      for (auto i = number(40); i > 0; --i) value += static_cast<char>(number(256));
    else if constexpr (std::same_as<T, uuid>)
      for (auto& b : value.data) b = static_cast<std::uint8_t>(random_());
    else if constexpr (std::same_as<T, instant> || std::same_as<T, day>)
      value = T{typename T::duration{static_cast<std::int32_t>(random_())}};
    else if constexpr (is_id<T> || wrapped_text<T>)
      fill(value.value);
    else if constexpr (is_optional<T>) {
      if (number(2) == 1) fill(value.emplace());
    } else if constexpr (is_vector<T>) {
      value.resize(number(4));
      for (auto& item : value) fill(item);
    } else if constexpr (is_variant<T>) {
      const auto which = number(std::variant_size_v<T>);
      boost::mp11::mp_with_index<std::variant_size_v<T>>(which,
                                                         [&](auto i) { fill(value.template emplace<i>()); });
    } else if constexpr (is_change<T>) {
      fill(value.given);
      fill(value.to);
    } else if constexpr (is_shared<T>) {
      value =
          std::make_shared<typename T::element_type>(make<std::remove_const_t<typename T::element_type>>());
    } else if constexpr (is_pair<T>) {
      fill(value.first);
      fill(value.second);
    } else if constexpr (std::same_as<T, named_texts>) {
      fill(value.all);
    } else if constexpr (std::same_as<T, answer>) {
      fill(value.kind);
      value.body = rendered::again(make<std::string>());
      fill(value.etag);
      fill(value.made);
    } else if constexpr (std::same_as<T, reply_message> || std::same_as<T, sign_in_message>)
      fill(value.what);
    else
      boost::mp11::mp_for_each<members_of<T>>([&](auto d) { fill(value.*d.pointer); });
  }

 private:
  template <class E>
  void pick(E& value) {
    using all = boost::describe::describe_enumerators<E>;
    const auto which = number(boost::mp11::mp_size<all>::value);
    std::size_t i = 0;
    boost::mp11::mp_for_each<all>([&](auto d) {
      if (i++ == which) value = d.value;
    });
  }

  std::mt19937_64 random_;
};

std::string packed(const reply_message& r) { return pack_reply(r); }
std::string packed(const sign_in_message& m) { return model::pack(m.what); }
template <described T>
std::string packed(const T& value) {
  return model::pack(value);
}

struct system_fixture {
  system_config config;
  caf::actor_system system{config};

  std::vector<char> written(const auto& message) {
    std::vector<char> bytes;
    caf::binary_serializer sink{system, bytes};
    BOOST_REQUIRE(!sink(message));
    return bytes;
  }
};

using messages = std::tuple<ask_case, ask_org, ask_lists, ask_sign_in, ask_redeem, ask_logins, find_login,
                            found_login, locate, organisation_changed, passivate, reload, tick, reply_message,
                            sign_in_message, case_place, case_told, unwatch, readmit_watchers>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(wire, system_fixture)

BOOST_AUTO_TEST_CASE_TEMPLATE(whatever_a_message_holds_crosses_the_wire, Message, messages) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    anything any(seed);
    const auto sent = any.make<Message>();
    auto bytes = written(sent);
    Message received{};
    caf::binary_deserializer source{system, bytes};
    BOOST_REQUIRE(!source(received));
    BOOST_REQUIRE(packed(received) == packed(sent));
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(it_crosses_inside_one_of_cafs_messages_too, Message, messages) {
  anything any(7);
  const auto sent = any.make<Message>();
  auto envelope = caf::make_message(sent);
  std::vector<char> bytes;
  caf::binary_serializer sink{system, bytes};
  BOOST_REQUIRE(!sink(envelope));
  caf::message received;
  caf::binary_deserializer source{system, bytes};
  BOOST_REQUIRE(!source(received));
  BOOST_REQUIRE(received.template match_elements<Message>());
  BOOST_TEST(packed(received.template get_as<Message>(0)) == packed(sent));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_broken_message_is_an_error_and_no_crash, Message, messages) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    anything any(seed);
    auto bytes = written(any.make<Message>());
    for (int i = 0; i < 3 && !bytes.empty(); ++i)
      bytes[any.number(bytes.size())] = static_cast<char>(any.number(256));
    if (any.number(2) == 1) bytes.resize(any.number(bytes.size() + 1));
    Message received{};
    caf::binary_deserializer source{system, bytes};
    const auto read = source(received);
    // Broken bytes may happen to be another message; then it is one that can be written again.
    if (!read) BOOST_TEST(!written(received).empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
