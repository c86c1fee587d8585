#include "actors/mailer_actor.hpp"

#include <sodium.h>

#include <cmath>

#include "actors/ask_store.hpp"
#include "odb/digest_store.hpp"
#include "odb/outbox_store.hpp"

namespace actors {
namespace {

using pointer = mailer_actor::stateful_pointer<mailer_state>;

constexpr std::size_t most_at_once = 1;
/// Longer than sending one mail can take; after a crash it is tried again that much later.
constexpr std::chrono::minutes lease{3};
constexpr std::chrono::seconds pause{1};
constexpr std::chrono::seconds longest_wait{24 * 3600};
/// Trying ends: who has not been reached in three days waits for something else by now, and an operator whose
/// set-up is wrong has to see it (decision 12).
constexpr std::chrono::hours longest_trying{3 * 24};
/// So much before a provider forgets a mail it is not given again: its clock is not ours.
constexpr std::chrono::hours memory_margin{1};
/// The outbox is counted for the metrics every so many looks.
constexpr int looks_a_count = 5;

/// A mail to be sent now, with the document that it carries.
struct due_mail {
  store::outbox_row row;
  std::optional<store::mailed_document> document;
  std::optional<model::digest> digest;
  /// Why it cannot be made now.
  std::optional<std::string> trouble;
};

/// The document that the mail is to carry; nothing where it is to carry none.
std::optional<model::document_id> document_of(const store::outbox_row& row) {
  for (const auto& [name, value] : row.values)
    if (name == "document_id") return model::parse_id<model::document_id>(value);
  return std::nullopt;
}

std::optional<model::digest_id> digest_of(const store::outbox_row& row) {
  if (row.template_name != model::digest_template || !row.org) return std::nullopt;
  for (const auto& [name, value] : row.values)
    if (name == "digest_id") return model::parse_id<model::digest_id>(value);
  return std::nullopt;
}

/// What the provider knows the mail by.
std::string key_of(const store::outbox_row& row) {
  const auto id = model::to_text(row.id);
  return row.resends == 0 ? id : id + "/" + std::to_string(row.resends);
}

outgoing_mail compose(const mailer_state& state, const due_mail& due) {
  const auto& row = due.row;
  outgoing_mail m{model::to_text(row.id), row.to_address, row.to_name, row.template_name, row.values,
                  row.written_at,         due.document};
  m.key = key_of(row);
  if (row.nonce)
    m.fields.emplace_back(
        "link", state.options.public_url + "/login?token=" + state.given->links.token_of(*row.nonce));
  m.digest = due.digest;
  if (m.digest) m.fields.emplace_back("link", state.options.public_url + "/login");
  return m;
}

using note = std::function<void(store::session&)>;

note sent(pointer self, const store::outbox_row& row, const delivery& d) {
  const auto& s = *self->state.given;
  ++s.counted.mails_sent;
  log::info("mail.sent", {{"mail_id", model::to_text(row.id)}, {"template", row.template_name}});
  return [which = store::mail_attempt{row.id, row.attempts}, now = s.clock.now(),
          name = d.provider_id](store::session& session) { store::mail_sent(session, which, now, name); };
}

note failed(pointer self, const store::outbox_row& row, const std::string& why) {
  const auto& s = *self->state.given;
  ++s.counted.mails_failed;
  log::error("mail.failed", {{"mail_id", model::to_text(row.id)}, {"why", why}});
  return [which = store::mail_attempt{row.id, row.attempts}, now = s.clock.now(),
          why](store::session& session) { store::mail_failed(session, which, now, why); };
}

note tried(pointer self, const store::outbox_row& row, const delivery& d) {
  const auto& s = *self->state.given;
  const auto now = s.clock.now();
  const auto last = row.first_tried_at + longest_trying;
  if (now >= last)
    return failed(self, row, "given up after three days of trying; the last attempt: " + d.detail);
  ++s.counted.mails_retried;
  const auto wait = d.again_in ? std::clamp(*d.again_in, std::chrono::seconds{1}, longest_wait)
                               : retry_wait(row.attempts, randombytes_uniform(1000) / 1000.0);
  // The last attempt is made when the time is up, not a day before.
  const auto next = std::min<model::instant>(now + wait, last);
  log::warning("mail.retry",
               {{"mail_id", model::to_text(row.id)}, {"attempts", row.attempts}, {"why", d.detail}});
  return [which = store::mail_attempt{row.id, row.attempts}, next, why = d.detail, unsure = d.unsure](
             store::session& session) { store::mail_retry(session, which, next, why, unsure); };
}

note outcome(pointer self, const store::outbox_row& row, const delivery& d) {
  switch (d.outcome) {
    case delivery_outcome::sent:
      return sent(self, row, d);
    case delivery_outcome::try_later:
      return tried(self, row, d);
    case delivery_outcome::refused:
      break;
  }
  return failed(self, row, d.detail);
}

/// Why a mail is not even tried any more.
std::optional<std::string> too_late(const mailer_state& state, const store::outbox_row& row) {
  const auto now = state.given->clock.now();
  if (row.link_expires_at && *row.link_expires_at <= now)
    return "the link in it expired, or was replaced or withdrawn, before it could be sent: ask for a new one";
  const auto memory = state.options.transport->memory();
  if (memory && row.unsure_since && now - *row.unsure_since >= *memory - memory_margin)
    return "an attempt on " + model::to_text(*row.unsure_since) +
           " may have gone out, and the provider no longer knows its key: look there for mail " +
           model::to_text(row.id) + ", and have it tried again only if it never left";
  return std::nullopt;
}

delivery deliver_once(const mailer_state& state, const due_mail& due) {
  if (auto why = too_late(state, due.row)) return {delivery_outcome::refused, std::move(*why)};
  if (due.trouble) return {delivery_outcome::try_later, *due.trouble};
  if (document_of(due.row) && !due.document)
    return {delivery_outcome::refused, "there is no document that was sent to this address"};
  if (due.document && sha256(due.document->content) != due.document->document.content_sha256)
    return {delivery_outcome::refused, "the document's content is not what was approved"};
  try {
    return state.options.transport->deliver(compose(state, due));
  } catch (const std::exception& e) {  // none is promised; one mail's trouble must not stop the others
    delivery d{delivery_outcome::try_later, e.what()};
    d.unsure = true;
    return d;
  }
}

struct found_mails {
  std::vector<due_mail> due;
  std::optional<store::outbox_counts> counts;
};

/// Who is told what is settled now (R33, R34). False where it goes no more: its row is gone.
bool prepare(store::session& session, due_mail& mail, model::instant now) {
  const auto id = digest_of(mail.row);
  if (!id) return true;
  auto ready = store::prepare_digest(
      session, {*mail.row.org, *id, mail.row.id, mail.row.unsure_since.has_value()}, now);
  mail.digest = std::move(ready.said);
  if (!mail.digest)
    log::info("mail.withdrawn", {{"mail_id", model::to_text(mail.row.id)}, {"why", ready.why_not}});
  return mail.digest.has_value();
}

/// Reads what the mail is to say and to carry. False where it goes no more. What is wrong with it alone is
/// its own trouble: it must neither stop the others nor be tried for ever.
bool fill(store::session& session, due_mail& mail, model::instant now) {
  try {
    if (!prepare(session, mail, now)) return false;
    // Whose document it is the row's own keys say, which row-level security has checked.
    if (const auto named = document_of(mail.row); named && mail.row.org && mail.row.of_case)
      mail.document = session.mailed_document(*mail.row.org, *mail.row.of_case, *named, mail.row.to_address);
  } catch (const store::unavailable&) {
    throw;
  } catch (const std::exception& e) {
    mail.trouble = std::string("it could not be made: ") + e.what();
  }
  return true;
}

found_mails find_mails(store::session& session, model::instant now, bool count) {
  found_mails found;
  if (count) store::mend_waits(session, now);
  for (auto rows = store::take_due_mails(session, now, now + lease, most_at_once); !rows.empty();
       rows = store::take_due_mails(session, now, now + lease, most_at_once)) {
    due_mail mail{std::move(rows.front()), {}, {}, {}};
    if (!fill(session, mail, now)) continue;
    found.due.push_back(std::move(mail));
    break;
  }
  if (count) found.counts = store::count_outbox(session);
  return found;
}

void look(pointer self, bool first);

/// One after the other: the next mail is looked for once it is noted what became of this one, so that the
/// next to the same address finds its way free.
void settle(pointer self, std::vector<due_mail> due) {
  if (due.empty()) {
    self->state.busy = false;
    return;
  }
  const auto& s = *self->state.given;
  const auto& row = due.front().row;
  const auto go_on = [self] {
    self->state.busy = false;
    // More may be waiting: do not sleep over it.
    look(self, false);
  };
  // If this cannot be noted the mail goes again when its lease ends, with the same Message-ID.
  ask_store(self, s, s.stores.of(model::uuid{}), outcome(self, row, deliver_once(self->state, due.front())),
            go_on, [go_on, id = model::to_text(row.id)](const model::refusal&) {
              log::warning("mail.outcome_not_noted", {{"mail_id", id}});
              go_on();
            });
}

void look(pointer self, bool first) {
  auto& state = self->state;
  if (state.busy || state.options.transport->pause().count() > 0) return;
  state.busy = true;
  const bool count = first && state.looks++ % looks_a_count == 0;
  ask_store(
      self, *state.given, state.given->stores.of(model::uuid{}),
      [now = state.given->clock.now(), count](store::session& session) {
        return find_mails(session, now, count);
      },
      [self](found_mails found) {
        auto& counted = self->state.given->counted;
        if (found.counts) {
          counted.outbox_queued = found.counts->queued;
          counted.outbox_retrying = found.counts->retrying;
          counted.outbox_failed = found.counts->failed;
        }
        settle(self, std::move(found.due));
      },
      [self](const model::refusal&) { self->state.busy = false; });
}

}  // namespace

std::chrono::seconds retry_wait(int attempts, double share) {
  constexpr double first = 10;
  const auto full =
      std::min<double>(longest_wait.count(), first * std::pow(2.0, std::clamp(attempts - 1, 0, 30)));
  return std::chrono::seconds{static_cast<std::int64_t>(full * (1 - share / 2))};
}

mailer_actor::behavior_type mailer_behavior(mailer_actor::stateful_pointer<mailer_state> self, services_ptr s,
                                            mailer_options options) {
  self->state.given = std::move(s);
  self->state.options = std::move(options);
  self->send(self, tick{});
  return {[self](const tick&) {
    look(self, true);
    self->delayed_send(self, pause, tick{});
  }};
}

}  // namespace actors
