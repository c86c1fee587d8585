#include <algorithm>

#include "odb/value_texts.hpp"

namespace store {
namespace {

/// An array of PostgreSQL's in its text form, of one text for each entry.
template <class Text>
std::string array_of(const std::vector<model::audit_entry>& entries, Text text_of) {
  std::string array = "{";
  for (const auto& entry : entries) {
    if (array.size() > 1) array += ',';
    const sql_text text = text_of(entry);
    if (!text) {
      array += "NULL";
      continue;
    }
    array += '"';
    for (const char c : *text) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  }
  return array + '}';
}

constexpr model::instant before_all{model::day{std::chrono::year{1} / 1 / 1}};
constexpr model::instant after_all{model::day{std::chrono::year{9999} / 12 / 31}};

/// Filters that are always there, as wide as can be where nothing was asked: no index depends on them, so one
/// plan serves all.
struct audit_values {
  model::org_id org;
  model::case_id of_case;
  model::uuid subject;
  std::string kinds_from, kinds_until;
  bool by_anybody = true;
  model::user_id by;
  model::instant from, to;
  model::uuid before;
  std::int64_t limit = 0;
};

/// Kinds are small letters, underlines and dots: as bytes, those that begin with `note.` stand before
/// `note/`, and nothing but `note.created` stands before the same with a control character behind it.
std::string end_of_kinds(const std::string& kind) {
  auto end = kind;
  if (kind.ends_with('.'))
    ++end.back();
  else
    end += '\x01';
  return end;
}

audit_values values_of(const audit_query& asked) {
  return {asked.org,
          asked.of_case.value_or(model::case_id{}),
          asked.subject.value_or(model::uuid{}),
          asked.kind.value_or(""),
          asked.kind ? end_of_kinds(*asked.kind) : "\x7f",
          !asked.by,
          asked.by.value_or(model::user_id{}),
          asked.from.value_or(before_all),
          asked.to.value_or(after_all),
          asked.wanted.after.value_or(behind_all),
          static_cast<std::int64_t>(asked.wanted.limit)};
}

using entries = odb::query<model::audit_entry>;

/// The filters are one condition that the planner cannot look into: guessing at each, it would expect hardly
/// a row, and sort all there are instead of walking the index until the page is full.
entries audit_statement(const audit_query& asked, const audit_values& v) {
  entries q = entries::key.org == entries::_ref(v.org) && entries::key.id < entries::_ref(v.before);
  if (asked.of_case) q = q && entries::of_case == entries::_ref(v.of_case);
  if (asked.subject) q = q && entries::subject == entries::_ref(v.subject);
  return q + "AND coalesce(at >=" + entries::_ref(v.from) + "AND at <=" + entries::_ref(v.to) +
         "AND kind COLLATE \"C\" >=" + entries::_ref(v.kinds_from) + "AND kind COLLATE \"C\" <" +
         entries::_ref(v.kinds_until) + "AND (" + entries::_ref(v.by_anybody) +
         "OR by_id =" + entries::_ref(v.by) + "), false) ORDER BY" + entries::key.id + "DESC LIMIT" +
         entries::_ref(v.limit);
}

/// One prepared statement for each index that it is to use.
const char* audit_name(const audit_query& asked) {
  if (asked.of_case) return asked.subject ? "audit_case_subject" : "audit_case";
  return asked.subject ? "audit_subject" : "audit_org";
}

struct read_values {
  model::org_id org;
  model::case_id of_case;
  model::uuid before;
  std::int64_t limit = 0;
};

}  // namespace

void keep_audit(unit& u, std::vector<model::audit_entry> entries) {
  if (entries.empty()) return;
  std::ranges::stable_sort(entries, {}, &model::audit_entry::org);
  const auto all = [&](auto text_of) { return array_of(entries, text_of); };
  using entry = model::audit_entry;
  u.change(
      "keep_audit", "CALL keywork.keep_audit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {all([](const entry& e) { return to_text(e.id); }), all([](const entry& e) { return to_text(e.org); }),
       all([](const entry& e) { return text_or_null(e.of_case); }),
       all([](const entry& e) { return text_or_null(e.subject); }),
       all([](const entry& e) { return to_text(e.at); }), all([](const entry& e) { return to_text(e.by); }),
       all([](const entry& e) { return e.by_name; }), all([](const entry& e) { return e.request_id; }),
       all([](const entry& e) { return e.kind; }), all([](const entry& e) { return e.detail; })});
}

std::vector<model::audit_entry> session::audit(model::user_id who, const audit_query& asked) {
  return impl_->database.run({.as = purpose::person, .user = who, .org = asked.org}, [&](unit& u) {
    return all_of(u.ask<model::audit_entry>(audit_name(asked), values_of(asked), [&](const audit_values& v) {
      return audit_statement(asked, v);
    }));
  });
}

std::optional<model::note_revision> session::revision(model::user_id who, model::org_id org,
                                                      model::case_id of_case, model::revision_id id) {
  return impl_->database.run({.as = purpose::person, .user = who, .org = org},
                             [&](unit& u) -> std::optional<model::note_revision> {
                               model::note_revision found;
                               if (!u.db().find(row_key{org, id.value}, found) || found.of_case != of_case)
                                 return std::nullopt;
                               return found;
                             });
}

bool session::keep_read(const case_read& read) {
  const auto hour = std::chrono::floor<std::chrono::hours>(read.first_at);
  return impl_->database.run({.as = purpose::person, .user = read.user, .org = read.org}, [&](unit& u) {
    // Without naming the key: that would need the right to read the row that is there already.
    return u.change("keep_read",
                    "INSERT INTO keywork.case_reads (org_id, case_id, user_id, hour, id, first_at, user_name,"
                    " request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
                    {to_text(read.org), to_text(read.of_case), to_text(read.user),
                     to_text(model::instant{hour}), to_text(audit_ids(read.first_at).next()),
                     to_text(read.first_at), read.user_name, read.request_id}) > 0;
  });
}

std::vector<case_read> session::reads(model::user_id who, model::org_id org, model::case_id of_case,
                                      const page& wanted) {
  using query = odb::query<case_read>;
  const read_values values{org, of_case, wanted.after.value_or(behind_all),
                           static_cast<std::int64_t>(wanted.limit)};
  return impl_->database.run({.as = purpose::person, .user = who, .org = org}, [&](unit& u) {
    return all_of(u.ask<case_read>("case_reads", values, [](const read_values& v) {
      return query(query::org == query::_ref(v.org) && query::of_case == query::_ref(v.of_case) &&
                   query::id < query::_ref(v.before)) +
             "ORDER BY" + query::id + "DESC LIMIT" + query::_ref(v.limit);
    }));
  });
}

}  // namespace store
