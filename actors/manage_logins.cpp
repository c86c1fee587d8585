#include "actors/login_flow.hpp"
#include "actors/respond.hpp"

namespace actors {
namespace {

using pointer = login_pointer;

login_list_view list_of(const std::vector<store::login_row>& rows, model::login_id current) {
  login_list_view v;
  for (const auto& row : rows)
    v.items.push_back({row.id, row.name, row.created_at, row.expires_at, row.id == current});
  return v;
}

void list(pointer self, const services& s, const ask_logins& a, store::login_kind kind, reply_promise p) {
  ask_store(
      self, s, s.stores.of(a.who.user.value),
      [who = a.who.user, kind, now = s.clock.now()](store::session& session) {
        return session.logins(who, kind, now);
      },
      [p, a](const std::vector<store::login_row>& rows) {
        deliver(p, answer_with(list_of(rows, a.who.login), a.given));
      },
      [p](model::refusal why) { deliver(p, std::move(why)); });
}

void end(pointer self, const services& s, const ask_logins& a, model::login_id id, store::login_kind kind,
         reply_promise p) {
  ask_store(
      self, s, s.stores.of(a.who.user.value),
      [who = a.who.user, id, kind, now = s.clock.now()](store::session& session) {
        return session.end_login(who, id, kind, now);
      },
      [p, &s](const std::optional<std::string>& token_hash) {
        if (!token_hash) return deliver(p, model::refusal::not_found());
        // Before the answer: no request that starts after it finds this login.
        s.logins.drop(*token_hash);
        deliver(p, answer{answer_kind::no_content, {}, {}, {}});
      },
      [p](model::refusal why) { deliver(p, std::move(why)); });
}

void make(pointer self, const services& s, const ask_logins& a, const make_token& wanted, reply_promise p) {
  const auto now = s.clock.now();
  if (wanted.expires_at && *wanted.expires_at <= now)
    return deliver(
        p, model::refusal::invalid("expires_at", "in_the_past", "A token has to expire in the future."));
  const auto token = random_token("kw_");
  store::login_row row;
  row.id = s.ids.make<model::login_id>();
  row.user = a.who.user;
  row.kind = store::login_kind::token;
  row.name = wanted.name.value;
  row.token_hash = token_hash(token);
  row.created_at = now;
  row.expires_at = wanted.expires_at;
  ask_store(
      self, s, s.stores.of(row.user.value), [row](store::session& session) { session.keep_login(row); },
      [p, row, token] {
        answer made{answer_kind::created,
                    rendered::from(new_token_view{row.id, row.name, row.created_at, row.expires_at, token}),
                    {},
                    row.id.value};
        deliver(p, std::move(made));
      },
      [p](model::refusal why) { deliver(p, std::move(why)); });
}

}  // namespace

void manage_logins(login_pointer self, const services& s, const ask_logins& a, reply_promise p) {
  std::visit(
      model::overloaded{[&](const sign_out&) {
                          end(self, s, a, a.who.login,
                              a.who.bearer ? store::login_kind::token : store::login_kind::session, p);
                        },
                        [&](const list_logins&) { list(self, s, a, store::login_kind::session, p); },
                        [&](const end_login& e) { end(self, s, a, e.login, store::login_kind::session, p); },
                        [&](const list_tokens&) { list(self, s, a, store::login_kind::token, p); },
                        [&](const make_token& wanted) { make(self, s, a, wanted, p); },
                        [&](const end_token& e) { end(self, s, a, e.login, store::login_kind::token, p); }},
      a.what);
}

}  // namespace actors
