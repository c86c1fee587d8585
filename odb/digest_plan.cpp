#include "odb/digest_plan.hpp"

namespace store {

planned_piece plan_piece(session& session, const digest_due& of, const model::month& month,
                         model::user_id after, model::id_source& ids, model::instant now) {
  planned_piece done;
  const auto recipients = digest_recipients(session, of.org, after, recipients_a_piece);
  for (const auto& to : recipients) {
    const auto id = ids.make<model::digest_id>();
    const auto outcome = plan_digest(session, of.org, month, to, id, ids.make<model::mail_id>(), now);
    if (outcome == digest_outcome::queued) ++done.queued;
    if (outcome == digest_outcome::empty) ++done.empty;
  }
  if (recipients.size() == recipients_a_piece) done.next = recipients.back().user;
  return done;
}

digest_due month_done(session& session, digest_due of, const model::month& month) {
  of.so_far.done = month;
  keep_progress(session, of, model::digest_due(model::month_after(month), of.time_zone));
  return of;
}

planned_months plan_all(session& session, digest_due of, bool in_tier, model::id_source& ids,
                        model::instant now) {
  planned_months all;
  for (auto due = model::digests_due(of.so_far, now, of.time_zone, 1); !due.empty();
       due = model::digests_due(of.so_far, now, of.time_zone, 1)) {
    const auto month = due.front();
    for (std::optional<model::user_id> after = model::user_id{}; after && in_tier;) {
      const auto piece = plan_piece(session, of, month, *after, ids, now);
      all.queued += piece.queued;
      all.empty += piece.empty;
      after = piece.next;
    }
    of = month_done(session, std::move(of), month);
    ++all.months;
  }
  return all;
}

}  // namespace store
