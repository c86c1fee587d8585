#pragma once
// How messages cross the wire to another node: the codec of model/wire.hpp inside CAF's.
#include <caf/all.hpp>

#include "actors/messages.hpp"
#include "model/wire.hpp"

namespace actors {

/// A variant answer as one message type of CAF's.
struct reply_message {
  reply what;
};
struct sign_in_message {
  sign_in_reply what;
};
struct find_login {
  std::string token_hash;
};
BOOST_DESCRIBE_STRUCT(find_login, (), (token_hash))
struct found_login {
  std::optional<known_login> login;
};
BOOST_DESCRIBE_STRUCT(found_login, (), (login))

/// Told by PostgreSQL's NOTIFY: this organisation, or any, was changed by another process.
struct organisation_changed {
  std::optional<model::org_id> org;
};
BOOST_DESCRIBE_STRUCT(organisation_changed, (), (org))

/// Told in the same way: something of this case was erased (R31), and whoever remembers it has to forget.
struct case_erased {
  model::org_id org;
  model::case_id of_case;
};
BOOST_DESCRIBE_STRUCT(case_erased, (), (org, of_case))

struct passivate {};
BOOST_DESCRIBE_STRUCT(passivate, (), ())
struct reload {};
BOOST_DESCRIBE_STRUCT(reload, (), ())
struct tick {};
BOOST_DESCRIBE_STRUCT(tick, (), ())

std::string pack_reply(const reply_message& r);
void unpack_reply(std::string_view bytes, reply_message& r);

template <class Inspector, class T, class Pack, class Unpack>
auto inspect_packed(Inspector& f, T& value, Pack pack, Unpack unpack) {
  if constexpr (Inspector::reads_state) {
    auto bytes = pack(value);
    return f(caf::meta::type_name("keywork"), bytes);
  } else {
    std::string bytes;
    auto load = [&]() -> caf::error {
      try {
        unpack(bytes, value);
        return caf::none;
      } catch (const std::exception&) {
        return caf::make_error(caf::sec::invalid_argument, "malformed message");
      }
    };
    return f(caf::meta::type_name("keywork"), bytes, caf::meta::load_callback(load));
  }
}

template <class Inspector, model::described T>
auto inspect(Inspector& f, T& value) {
  return inspect_packed(
      f, value, [](const T& v) { return model::pack(v); },
      [](std::string_view bytes, T& v) { model::unpack(bytes, v); });
}

template <class Inspector>
auto inspect(Inspector& f, reply_message& value) {
  return inspect_packed(f, value, pack_reply, unpack_reply);
}

template <class Inspector>
auto inspect(Inspector& f, sign_in_message& value) {
  return inspect_packed(
      f, value, [](const sign_in_message& v) { return model::pack(v.what); },
      [](std::string_view bytes, sign_in_message& v) { model::unpack(bytes, v.what); });
}

}  // namespace actors

// Found by argument-dependent lookup for messages that are the model's own.
namespace model {
template <class Inspector, described T>
auto inspect(Inspector& f, T& value) {
  return actors::inspect(f, value);
}
}  // namespace model
