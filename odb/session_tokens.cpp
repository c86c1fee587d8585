#include "odb/login_rows.hpp"
#include "odb/token_store.hpp"

namespace store {
namespace {

struct list_values {
  model::instant now;
  model::uuid before;
  std::int64_t limit = 0;
};

}  // namespace

std::vector<login_row> good_tokens(session& s, model::instant now, const page& wanted) {
  using query = odb::query<login_view>;
  const list_values values{now, wanted.after.value_or(behind_all), static_cast<std::int64_t>(wanted.limit)};
  return s.inside().database.run({.as = purpose::login}, [&](unit& u) {
    std::vector<login_row> rows;
    for (auto& row : u.ask<login_view>("good_tokens", values, [](const list_values& v) {
           return good_logins(v.now) + " AND l.kind = 'token' AND l.id <" + query::_ref(v.before) +
                  "ORDER BY l.id DESC LIMIT" + query::_ref(v.limit);
         }))
      rows.push_back(row_of(row));
    return rows;
  });
}

bool end_token(session& s, model::login_id id, model::instant now) {
  return s.inside().database.run({.as = purpose::login}, [&](unit& u) {
    return u.change("end_token",
                    "UPDATE keywork.logins SET ended_at = $1"
                    " WHERE id = $2 AND kind = 'token' AND ended_at IS NULL",
                    {to_text(now), to_text(id)}) == 1;
  });
}

long end_every_token(session& s, model::instant now) {
  return s.inside().database.run({.as = purpose::login}, [&](unit& u) {
    return u.change("end_every_token",
                    "UPDATE keywork.logins SET ended_at = $1 WHERE kind = 'token' AND ended_at IS NULL"
                    " AND (expires_at IS NULL OR expires_at > $1)",
                    {to_text(now)});
  });
}

}  // namespace store
