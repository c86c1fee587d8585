#include <algorithm>

#include "odb/asked_rows.hpp"
#include "odb/retention_store.hpp"

namespace store {
namespace {

/// `"2026-11-21T09:30:00Z"`: quoted, since an array's items hold colons.
std::string flagged_array(const std::vector<model::flagged_note>& notes) {
  return plain_array(notes, [](const model::flagged_note& n) { return '"' + to_text(n.flagged_at) + '"'; });
}

std::string name_of(erasure_kind what) {
  const std::string text(model::to_text(what));
  return text.ends_with('_') ? text.substr(0, text.size() - 1) : text;
}

/// Parts of a large case have no audit entry of their own.
bool has_entry(erasure_kind what) { return what != erasure_kind::notes && what != erasure_kind::documents; }

erasure_result result_of(std::string_view refused) {
  for (const auto r :
       {erasure_result::clocks_disagree, erasure_result::rules_changed, erasure_result::case_changed,
        erasure_result::gone, erasure_result::done_before, erasure_result::not_due})
    if (model::to_text(r) == refused) return r;
  throw std::runtime_error("the database refused an erasure with a word that is none");
}

constexpr auto erase_statement =
    "SELECT e.refused, e.more, coalesce((e.counts::jsonb ->> 'notes')::bigint, 0) FROM keywork.erase("
    "ROW($1, $2, $3, $4, $5::uuid[], '', $6, $7, $8, $9, $10)::keywork.erasures,"
    " $11, $12::timestamp[], $13, $14::integer, $15::integer, $16, $17::bigint, $18::uuid) e";

}  // namespace

erased erase(session& s, const erasure_order& order) {
  audit_ids ids(order.now);
  const auto id = to_text(ids.next());
  const sql_text entry = has_entry(order.what) ? sql_text(to_text(ids.next())) : std::nullopt;
  const auto most = order.what == erasure_kind::documents ? documents_at_once : notes_at_once;
  return s.inside().database.run({.as = purpose::retention, .org = order.org}, [&](unit& u) {
    const auto rows = asked_rows(
        u, erase_statement,
        {to_text(order.org), id, to_text(order.of_case), name_of(order.what),
         plain_array(order.safeguarding, [](const model::flagged_note& n) { return to_text(n.id); }),
         order.rule, to_text(order.counted_from), to_text(order.due_at), to_text(order.now),
         order.run ? sql_text(to_text(*order.run)) : std::nullopt, to_text(order.closed_at),
         flagged_array(order.safeguarding), order.rules.zone, std::to_string(order.rules.windows.default_),
         std::to_string(order.rules.windows.safeguarding), to_text(order.believed), std::to_string(most),
         entry});
    erased out;
    if (!rows.is_null(0, 0)) out.result = result_of(rows.text(0, 0));
    out.more = rows.truth(0, 1);
    if (!rows.is_null(0, 2)) out.notes = rows.number(0, 2);
    return out;
  });
}

// ---- what is left to do outside the database

std::vector<unwritten_erasure> unwritten_erasures(session& s, std::size_t most) {
  return s.inside().database.run({.as = purpose::retention}, [&](unit& u) {
    const auto rows = asked_rows(
        u,
        "SELECT l.org_id, l.id, row_to_json(l)::text FROM (SELECT e.org_id, e.id, e.case_id, e.what, e.ids,"
        " e.counts::jsonb AS counts, e.rule, keywork.rfc_3339(e.counted_from) AS counted_from,"
        " keywork.rfc_3339(e.due_at) AS due_at, keywork.rfc_3339(e.erased_at) AS erased_at, e.run_id"
        " FROM keywork.erasures_to_write w JOIN keywork.erasures e ON e.org_id = w.org_id AND e.id ="
        " w.id ORDER BY e.id LIMIT $1) l",
        {std::to_string(most)});
    std::vector<unwritten_erasure> all;
    for (int row = 0; row < rows.rows(); ++row)
      all.push_back({id_of<model::org_id>(rows, row, 0), id_of<model::erasure_id>(rows, row, 1),
                     std::string(rows.text(row, 2))});
    return all;
  });
}

void erasures_written(session& s, const std::vector<unwritten_erasure>& these) {
  if (these.empty()) return;
  s.inside().database.run({.as = purpose::retention}, [&](unit& u) {
    u.change("erasures_written",
             "DELETE FROM keywork.erasures_to_write w USING unnest($1::uuid[], $2::uuid[]) AS d (org_id, id)"
             " WHERE w.org_id = d.org_id AND w.id = d.id",
             {plain_array(these, [](const auto& e) { return to_text(e.org); }),
              plain_array(these, [](const auto& e) { return to_text(e.id); })});
  });
}

std::vector<erased_mail> erased_mails(session& s, model::instant now, std::size_t most) {
  return s.inside().database.run({.as = purpose::retention}, [&](unit& u) {
    const auto rows =
        asked_rows(u,
                   "SELECT mail_id, written_at FROM keywork.erased_mails WHERE remove_after <= $1"
                   " ORDER BY remove_after LIMIT $2",
                   {to_text(now), std::to_string(most)});
    std::vector<erased_mail> all;
    for (int row = 0; row < rows.rows(); ++row)
      all.push_back({id_of<model::mail_id>(rows, row, 0), instant_of(rows.text(row, 1))});
    return all;
  });
}

void mails_removed(session& s, const std::vector<erased_mail>& these) {
  if (these.empty()) return;
  s.inside().database.run({.as = purpose::retention}, [&](unit& u) {
    u.change("mails_removed", "DELETE FROM keywork.erased_mails WHERE mail_id = ANY ($1::uuid[])",
             {plain_array(these, [](const auto& m) { return to_text(m.id); })});
  });
}

std::optional<model::instant> bytes_left_since(session& s) {
  return s.inside().database.run({.as = purpose::retention}, [](unit& u) -> std::optional<model::instant> {
    const auto rows = asked_rows(u, "SELECT since FROM keywork.erased_bytes", {});
    return rows.rows() == 0 ? std::nullopt : instant_of(rows, 0, 0);
  });
}

void bytes_gone(session& s, model::instant since) {
  s.inside().database.run({.as = purpose::retention}, [&](unit& u) {
    u.change("bytes_gone", "DELETE FROM keywork.erased_bytes WHERE since <= $1", {to_text(since)});
  });
}

}  // namespace store
