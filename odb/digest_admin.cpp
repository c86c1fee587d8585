#include <map>

#include "odb/digest_read.hpp"
#include "odb/digest_store.hpp"

// What an organisation's admins, and those who run the service, see of its digests.
namespace store {
namespace {

constexpr std::size_t recipients_at_once = 200;

struct org_values {
  model::org_id org;
};
struct list_values {
  model::org_id org;
  bool any_month = false;
  model::day month;
  model::uuid after;
  std::int64_t limit = 0;
};
struct mails_values {
  model::org_id org;
  std::string mails;
};
struct line_values {
  model::org_id org;
  model::digest_id id;
};

std::optional<model::digest_entry> line_of(unit& u, const line_values& values) {
  using query = odb::query<digest_entry_view>;
  auto found = first_of(u.ask<digest_entry_view>("find_digest", values, [](const line_values& v) {
    return query(std::string("SELECT ") + digest_entry_columns + " FROM keywork.digests WHERE org_id =") +
           query::_ref(v.org) + "AND id =" + query::_ref(v.id);
  }));
  return found ? std::optional{entry_of(std::move(*found))} : std::nullopt;
}

std::int32_t last_copy(unit& u, const line_values& values) {
  using query = odb::query<digest_entry_view>;
  const auto last = first_of(u.ask<digest_entry_view>("last_digest", values, [](const line_values& v) {
    return query(std::string("SELECT ") + digest_entry_columns + " FROM keywork.digests d WHERE org_id =") +
           query::_ref(v.org) +
           "AND (month, user_id) = (SELECT o.month, o.user_id FROM keywork.digests o WHERE o.org_id =" +
           query::_ref(v.org) + "AND o.id =" + query::_ref(v.id) + ") ORDER BY copy DESC LIMIT 1";
  }));
  return last ? last->copy : 0;
}

/// Of the same month and recipient as this line, it or another, what waits to be sent.
std::optional<model::digest_entry> waiting_line(unit& u, const line_values& values) {
  using query = odb::query<digest_entry_view>;
  auto found = first_of(u.ask<digest_entry_view>("waiting_digest", values, [](const line_values& v) {
    return query(std::string("SELECT ") + digest_entry_columns + " FROM keywork.digests d WHERE org_id =") +
           query::_ref(v.org) +
           "AND state = 'queued' AND (month, user_id) = (SELECT o.month, o.user_id FROM keywork.digests o"
           " WHERE o.org_id =" +
           query::_ref(v.org) + "AND o.id =" + query::_ref(v.id) + ") ORDER BY copy DESC LIMIT 1";
  }));
  return found ? std::optional{entry_of(std::move(*found))} : std::nullopt;
}

/// What the outbox knows of their mails.
void add_ways(unit& u, model::org_id org, std::vector<model::digest_line>& lines) {
  using query = odb::query<digest_way_view>;
  std::map<model::mail_id, model::digest_line*> of_mail;
  for (auto& line : lines)
    if (line.mail) of_mail.emplace(*line.mail, &line);
  const mails_values values{org, plain_array(of_mail, [](const auto& one) { return to_text(one.first); })};
  for (auto& v : u.ask<digest_way_view>("digest_ways", values, [](const mails_values& w) {
         return "SELECT id, attempts, last_error, delivered_at, bounced_at, complained_at FROM keywork.outbox"
                " WHERE org_id =" +
                query::_ref(w.org) + "AND id = ANY (" + query::_ref(w.mails) + "::uuid[])";
       }))
    of_mail.at(v.mail)->way = {v.attempts, std::move(v.last_error), v.delivered_at, v.bounced_at,
                               v.complained_at};
}

}  // namespace

std::vector<model::digest_preview_line> preview_digests(session& s, model::org_id org,
                                                        const model::month& month,
                                                        std::optional<model::user_id> one,
                                                        model::instant now) {
  std::vector<model::digest_preview_line> lines;
  auto page = digest_recipients(s, org, {}, recipients_at_once);
  for (; !page.empty(); page = digest_recipients(s, org, page.back().user, recipients_at_once))
    for (auto& to : page) {
      if (one && to.user != *one) continue;
      auto said = s.inside()
                      .database
                      .run({.as = purpose::digest, .user = to.user, .org = org},
                           [&](unit& u) {
                             return read_digest(u, {org, to.user}, month, now);
                           })
                      .said;
      auto& line = lines.emplace_back();
      line.recipient = {to.user, to.email};
      line.full_name = to.full_name;
      if (said) line.counts = counts_of(*said);
      if (one) line.digest_.value = std::move(said);
    }
  return lines;
}

std::vector<model::digest_line> list_digests(session& s, model::user_id who, const digest_query& wanted) {
  using query = odb::query<digest_entry_view>;
  const list_values values{wanted.org, !wanted.month, wanted.month.value_or(model::month{}).first,
                           wanted.wanted.after.value_or(behind_all),
                           static_cast<std::int64_t>(wanted.wanted.limit)};
  return s.inside().database.run({.as = purpose::person, .user = who, .org = wanted.org}, [&](unit& u) {
    std::vector<model::digest_line> all;
    for (auto& row : u.ask<digest_entry_view>("list_digests", values, [](const list_values& v) {
           return query(std::string("SELECT ") + digest_entry_columns +
                        " FROM keywork.digests WHERE org_id =") +
                  query::_ref(v.org) + "AND (" + query::_ref(v.any_month) +
                  "OR month =" + query::_ref(v.month) + ") AND id <" + query::_ref(v.after) +
                  "ORDER BY id DESC LIMIT" + query::_ref(v.limit);
         }))
      all.push_back({entry_of(std::move(row)), {}});
    add_ways(u, wanted.org, all);
    return all;
  });
}

std::optional<model::resend_facts> find_digest(session& s, model::user_id who, model::org_id org,
                                               model::digest_id id) {
  return s.inside().database.run(
      {.as = purpose::person, .user = who, .org = org}, [&](unit& u) -> std::optional<model::resend_facts> {
        auto line = line_of(u, {org, id});
        if (!line) return std::nullopt;
        model::resend_facts facts;
        facts.last_copy = last_copy(u, {org, id});
        if (auto waiting = waiting_line(u, {org, id})) {
          std::vector<model::digest_line> lines{{std::move(*waiting), {}}};
          add_ways(u, org, lines);
          facts.on_its_way = std::move(lines.front());
        }
        facts.entry = std::move(*line);
        u.become({.as = purpose::digest, .user = facts.entry.recipient, .org = org});
        const auto said = read_digest(u, {org, facts.entry.recipient}, facts.entry.month, {}).said;
        facts.has_something_to_say = said.has_value();
        if (said) {
          facts.full_name = said->recipient;
          facts.entry.counts = counts_of(*said);
        }
        return facts;
      });
}

std::vector<digest_organisation> digest_organisations(session& s) {
  using query = odb::query<digest_organisation_view>;
  return s.inside().database.run({.as = purpose::digest}, [&](unit& u) {
    std::vector<digest_organisation> all;
    for (auto& row :
         u.ask<digest_organisation_view>("digest_organisations", no_values{}, [](const no_values&) {
           return query("SELECT o.id, o.name FROM keywork.organisations o ORDER BY o.id");
         }))
      all.push_back({row.org, std::move(row.name)});
    return all;
  });
}

std::vector<digest_month_row> count_digests(session& s, model::org_id org) {
  using query = odb::query<digest_count_view>;
  return s.inside().database.run({.as = purpose::digest, .org = org}, [&](unit& u) {
    std::vector<digest_month_row> all;
    for (const auto& row :
         u.ask<digest_count_view>("count_digests", org_values{org}, [](const org_values& v) {
           return "SELECT month, state, count(*) FROM keywork.digests WHERE org_id =" + query::_ref(v.org) +
                  "GROUP BY month, state ORDER BY month, state";
         }))
      all.push_back({model::month{row.month}, row.state, row.count});
    return all;
  });
}

}  // namespace store
