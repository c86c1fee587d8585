#include <algorithm>

#include "model/wire.hpp"
#include "odb/digest_read.hpp"
#include "odb/digest_store.hpp"

// Planning a digest and settling what it says. Reading what there is to say: digest_read.cpp.
namespace store {
namespace {

acting for_organisation(model::org_id org) { return {.as = purpose::digest, .org = org}; }
acting for_recipient(model::org_id org, model::user_id user) {
  return {.as = purpose::digest, .user = user, .org = org};
}

struct now_values {
  model::instant now;
};
struct due_values {
  model::instant now;
  std::int64_t most = 0;
};
struct org_values {
  model::org_id org;
};
struct line_values {
  model::org_id org;
  model::digest_id id;
};
struct recipient_values {
  model::org_id org;
  model::user_id after;
  std::int64_t most = 0;
};

constexpr auto due_columns =
    "SELECT p.org_id, o.time_zone, o.tier, p.since, p.done_month FROM keywork.digest_progress p"
    " JOIN keywork.organisations o ON o.id = p.org_id";

digest_due due_of(digest_due_view&& v, model::instant now) {
  digest_due out{v.org, std::move(v.time_zone), std::move(v.tier), {v.since.value_or(now), {}}};
  if (v.done_month) out.so_far.done = model::month{*v.done_month};
  return out;
}

std::string number(std::int64_t n) { return std::to_string(n); }

long add_line(unit& u, const model::digest_entry& e) {
  return u.change(
      "add_digest",
      "INSERT INTO keywork.digests (org_id, month, user_id, copy, id, email, state, mail_id, planned_at,"
      " settled_at, tenants, goals, sessions, notes)"
      " VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING",
      {to_text(e.org), to_text(e.month.first), to_text(e.recipient), to_text(e.id), e.email,
       std::string(model::to_text(e.state)), e.mail ? sql_text{to_text(*e.mail)} : sql_text{},
       to_text(e.planned_at), e.settled_at ? sql_text{to_text(*e.settled_at)} : sql_text{},
       number(e.counts.tenants), number(e.counts.goals), number(e.counts.sessions), number(e.counts.notes)});
}

/// PostgreSQL's text form of bytes.
std::string bytes_text(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "\\x";
  text.reserve(2 + 2 * bytes.size());
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string bytes_of(std::string_view hex) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(value(hex[i]) << 4 | value(hex[i + 1]));
  return bytes;
}

std::optional<model::digest_entry> line_to_send(unit& u, const line_values& values) {
  using query = odb::query<digest_entry_view>;
  auto found = first_of(u.ask<digest_entry_view>("digest_to_send", values, [](const line_values& v) {
    return query(std::string("SELECT ") + digest_entry_columns + " FROM keywork.digests WHERE org_id =") +
           query::_ref(v.org) + "AND id =" + query::_ref(v.id) + "FOR UPDATE";
  }));
  return found ? std::optional{entry_of(std::move(*found))} : std::nullopt;
}

digest_frozen_view frozen_of(unit& u, const line_values& values) {
  using query = odb::query<digest_frozen_view>;
  return first_of(u.ask<digest_frozen_view>("digest_frozen", values,
                                            [](const line_values& v) {
                                              return "SELECT frozen_at IS NOT NULL, encode(content, 'hex') "
                                                     "FROM keywork.digests WHERE org_id =" +
                                                     query::_ref(v.org) + "AND id =" + query::_ref(v.id);
                                            }))
      .value();
}

void freeze(unit& u, const model::digest_entry& e, const model::digest& said, model::instant now) {
  const auto counts = counts_of(said);
  u.change("freeze_digest",
           "UPDATE keywork.digests SET frozen_at = $1, content = $2, tenants = $3, goals = $4, sessions = $5,"
           " notes = $6 WHERE org_id = $7 AND id = $8",
           {to_text(now), bytes_text(model::pack(said)), number(counts.tenants), number(counts.goals),
            number(counts.sessions), number(counts.notes), to_text(e.org), to_text(e.id)});
}

void remove_mail(unit& u, model::org_id org, model::mail_id mail) {
  u.change("digest_mail_gone", "DELETE FROM keywork.outbox WHERE org_id = $1 AND id = $2",
           {to_text(org), to_text(mail)});
}

/// Its mail goes no more. Where there is nothing to say, there never was one (R35).
digest_to_send take_back(unit& u, const model::digest_entry& e, const char* reason, model::instant now) {
  if (e.mail) remove_mail(u, e.org, *e.mail);
  if (reason)
    u.change("withdraw_digest",
             "UPDATE keywork.digests SET state = 'withdrawn', settled_at = $1, reason = $2, content = NULL"
             " WHERE org_id = $3 AND id = $4",
             {to_text(now), reason, to_text(e.org), to_text(e.id)});
  else
    u.change("empty_digest",
             "UPDATE keywork.digests SET state = 'empty', settled_at = $1, mail_id = NULL, tenants = 0,"
             " goals = 0, sessions = 0, notes = 0 WHERE org_id = $2 AND id = $3",
             {to_text(now), to_text(e.org), to_text(e.id)});
  return {std::nullopt, reason ? reason : "there is nothing to say any more"};
}

/// A mail that no line of the ledger waits for.
digest_to_send not_waiting(unit& u, const digest_attempt& what,
                           const std::optional<model::digest_entry>& line) {
  using state = model::digest_state;
  // Another mailer was faster: the row that says so stays.
  const bool is_settled =
      line && line->mail == what.mail && (line->state == state::sent || line->state == state::failed);
  if (!is_settled) remove_mail(u, what.org, what.mail);
  return {std::nullopt, line ? "it is not waiting to be sent" : "there is no such digest"};
}

/// What an earlier attempt has said, if it may be said once more.
digest_to_send say_again(unit& u, const digest_source& from, const model::digest_entry& e,
                         const std::optional<std::string>& hex, model::instant now) {
  if (!hex) return take_back(u, e, "What was to be said has been erased since the first attempt.", now);
  model::digest said;
  try {
    model::unpack(bytes_of(*hex), said);
  } catch (const std::invalid_argument&) {  // kept by another version: it cannot be said in the same words
    return take_back(u, e, "What the first attempt said cannot be read any more.", now);
  }
  if (!model::may_still_be_said(said, reach_now(u, from, said, e.month)))
    return take_back(u, e, "What the first attempt said may no longer be told.", now);
  return {std::move(said), {}};
}

}  // namespace

bool clocks_agree(session& s, model::instant real_now) {
  using query = odb::query<truth_view>;
  return s.inside().database.run({.as = purpose::digest}, [&](unit& u) {
    return first_of(u.ask<truth_view>(
                        "digest_clock", now_values{real_now},
                        [](const now_values& v) {
                          return "SELECT abs(extract(epoch FROM clock_timestamp()) - extract(epoch FROM" +
                                 query::_ref(v.now) + "::timestamp)) < 3600";
                        }))
        .value()
        .truth;
  });
}

std::vector<digest_due> due_digests(session& s, model::instant now, std::size_t most) {
  using query = odb::query<digest_due_view>;
  const due_values values{now, static_cast<std::int64_t>(most)};
  return s.inside().database.run({.as = purpose::digest}, [&](unit& u) {
    std::vector<digest_due> due;
    for (auto& row : u.ask<digest_due_view>("due_digests", values, [](const due_values& v) {
           return query(std::string(due_columns) + " WHERE p.next_at <=") + query::_ref(v.now) +
                  "ORDER BY p.next_at, p.org_id LIMIT" + query::_ref(v.most);
         }))
      due.push_back(due_of(std::move(row), now));
    return due;
  });
}

std::optional<digest_due> digests_of(session& s, model::org_id org, model::instant now) {
  using query = odb::query<digest_due_view>;
  return s.inside().database.run(for_organisation(org), [&](unit& u) -> std::optional<digest_due> {
    auto found = first_of(u.ask<digest_due_view>("digests_of", org_values{org}, [](const org_values& v) {
      return query(std::string(due_columns) + " WHERE p.org_id =") + query::_ref(v.org);
    }));
    if (!found) return std::nullopt;
    return due_of(std::move(*found), now);
  });
}

void keep_progress(session& s, const digest_due& what, model::instant next_at) {
  const auto& done = what.so_far.done;
  s.inside().database.run(for_organisation(what.org), [&](unit& u) {
    u.change("keep_digest_progress",
             "UPDATE keywork.digest_progress p SET since = coalesce(p.since, $1),"
             " done_month = greatest(p.done_month, $2::date), next_at = $3 WHERE p.org_id = $4"
             " AND EXISTS (SELECT FROM keywork.organisations o WHERE o.id = p.org_id AND o.time_zone = $5)",
             {to_text(what.so_far.since), done ? sql_text{to_text(done->first)} : sql_text{},
              to_text(next_at), to_text(what.org), what.time_zone});
  });
}

std::vector<digest_recipient> digest_recipients(session& s, model::org_id org, model::user_id after,
                                                std::size_t most) {
  const recipient_values values{org, after, static_cast<std::int64_t>(most)};
  return s.inside().database.run(for_organisation(org), [&](unit& u) {
    using query = odb::query<digest_recipient_view>;
    std::vector<digest_recipient> all;
    for (auto& row : u.ask<digest_recipient_view>("digest_recipients", values, [](const recipient_values& v) {
           return "SELECT DISTINCT ON (r.user_id) r.user_id, lower(r.email COLLATE \"C\"), r.full_name"
                  " FROM keywork.tenant_collaborators r WHERE r.org_id =" +
                  query::_ref(v.org) + "AND r.user_id >" + query::_ref(v.after) +
                  "ORDER BY r.user_id, r.id DESC LIMIT" + query::_ref(v.most);
         }))
      all.push_back({row.user, std::move(row.email), std::move(row.full_name)});
    return all;
  });
}

digest_outcome plan_digest(session& s, model::org_id org, const model::month& month,
                           const digest_recipient& to, model::digest_id id, model::mail_id mail,
                           model::instant now) {
  return s.inside().database.run(for_recipient(org, to.user), [&](unit& u) {
    const auto said = read_digest(u, {org, to.user}, month, now).said;
    model::digest_entry line;
    line.id = id;
    line.org = org;
    line.month = month;
    line.recipient = to.user;
    line.email = to.email;
    line.state = said ? model::digest_state::queued : model::digest_state::empty;
    line.planned_at = now;
    if (said) {
      line.mail = mail;
      line.counts = counts_of(*said);
    } else {
      line.settled_at = now;
    }
    if (add_line(u, line) == 0) return digest_outcome::known;
    if (!said) return digest_outcome::empty;
    keep_mail(u, model::digest_mail(line, to.full_name), org, std::nullopt, now);
    return digest_outcome::queued;
  });
}

digest_to_send prepare_digest(session& s, const digest_attempt& what, model::instant now) {
  const auto org = what.org;
  return s.inside().database.run(for_organisation(org), [&](unit& u) -> digest_to_send {
    const auto line = line_to_send(u, {org, what.id});
    if (!line || line->state != model::digest_state::queued) return not_waiting(u, what, line);
    const auto frozen = frozen_of(u, {org, what.id});
    const digest_source from{org, line->recipient};
    u.become(for_recipient(org, line->recipient));
    if (what.may_be_out && frozen.is_frozen) return say_again(u, from, *line, frozen.content, now);
    auto found = read_digest(u, from, line->month, now);
    if (!found.is_recipient) return take_back(u, *line, "They are no recipient any more.", now);
    if (!found.said) return take_back(u, *line, nullptr, now);
    freeze(u, *line, *found.said, now);
    return {std::move(found.said), {}};
  });
}

void keep_digest(unit& u, const model::digest_resent& e) {
  const auto& d = e.row;
  u.change("resend_digest",
           "INSERT INTO keywork.digests (org_id, month, user_id, copy, id, email, state, mail_id, planned_at,"
           " tenants, goals, sessions, notes) VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $9, $10, "
           "$11, $12)",
           {to_text(d.org), to_text(d.month.first), to_text(d.recipient), number(d.copy), to_text(d.id),
            d.email, to_text(d.mail.value()), to_text(d.planned_at), number(d.counts.tenants),
            number(d.counts.goals), number(d.counts.sessions), number(d.counts.notes)});
}

}  // namespace store
