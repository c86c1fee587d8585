#pragma once
#include "odb/session_impl.hpp"

/// Not public: how logins are read with whose they are. As keywork_login.
namespace store {

/// Selects logins that are good at `now`, which has to live as long as the query; a further " AND …" may
/// follow.
inline odb::query<login_view> good_logins(const model::instant& now) {
  using query = odb::query<login_view>;
  return "SELECT l.id, l.user_id, l.kind, l.name, l.token_hash, l.created_at, l.expires_at, l.ended_at,"
         " u.email, u.full_name FROM keywork.logins l JOIN keywork.users u ON u.id = l.user_id"
         " WHERE l.ended_at IS NULL AND (l.expires_at IS NULL OR l.expires_at >" +
         query::_ref(now) + ")";
}

inline login_row row_of(login_view& v) {
  return {v.id,         v.user,       v.kind,     std::move(v.name),  std::move(v.token_hash),
          v.created_at, v.expires_at, v.ended_at, std::move(v.email), std::move(v.full_name)};
}

}  // namespace store
