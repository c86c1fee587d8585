#include "actors/mailer_actor.hpp"

#include <sodium.h>

#include <cmath>

#include "actors/ask_store.hpp"

namespace actors {
namespace {

using pointer = mailer_actor::stateful_pointer<mailer_state>;

constexpr std::size_t most_at_once = 1;
/// Longer than sending one mail can take; after a crash it is tried again that much later.
constexpr std::chrono::minutes lease{3};
constexpr std::chrono::seconds pause{1};

/// A mail to be sent now, with the document that it carries.
struct due_mail {
  store::outbox_row row;
  std::optional<store::mailed_document> document;
};

/// The document that the mail is to carry; nothing where it is to carry none.
std::optional<model::document_id> document_of(const store::outbox_row& row) {
  for (const auto& [name, value] : row.values)
    if (name == "document_id") return model::parse_id<model::document_id>(value);
  return std::nullopt;
}

outgoing_mail compose(const mailer_state& state, const due_mail& due) {
  const auto& row = due.row;
  outgoing_mail m{model::to_text(row.id), row.to_address, row.to_name, row.template_name, row.values,
                  row.written_at,         due.document};
  if (row.nonce)
    m.fields.emplace_back(
        "link", state.options.public_url + "/login?token=" + state.given->links.token_of(*row.nonce));
  return m;
}

void settle(pointer self, const store::outbox_row& row, const delivery& d) {
  const auto& s = *self->state.given;
  const auto now = s.clock.now();
  const auto id = model::to_text(row.id);
  std::function<void(store::session&)> note;
  switch (d.outcome) {
    case delivery_outcome::sent:
      ++s.counted.mails_sent;
      log::info("mail.sent", {{"mail_id", id}, {"template", row.template_name}});
      note = [mail = row.id, now](store::session& session) { session.mail_sent(mail, now); };
      break;
    case delivery_outcome::try_later: {
      ++s.counted.mails_retried;
      const auto next = now + retry_wait(row.attempts, randombytes_uniform(1000) / 1000.0);
      log::warning("mail.retry", {{"mail_id", id}, {"attempts", row.attempts}, {"why", d.detail}});
      note = [mail = row.id, next, why = d.detail](store::session& session) {
        session.mail_retry(mail, next, why);
      };
      break;
    }
    case delivery_outcome::refused:
      ++s.counted.mails_failed;
      log::error("mail.failed", {{"mail_id", id}, {"why", d.detail}});
      note = [mail = row.id, now, why = d.detail](store::session& session) {
        session.mail_failed(mail, now, why);
      };
      break;
  }
  // If this cannot be noted the mail goes again when its lease ends, with the same Message-ID.
  ask_store(
      self, s, s.stores.of(row.id.value), note, [] {},
      [id](const model::refusal&) {
        log::warning("mail.outcome_not_noted", {{"mail_id", id}});
      });
}

delivery deliver_once(const mailer_state& state, const due_mail& due) {
  if (document_of(due.row) && !due.document)
    return {delivery_outcome::refused, "there is no document that was sent to this address"};
  if (due.document && sha256(due.document->content) != due.document->document.content_sha256)
    return {delivery_outcome::refused, "the document's content is not what was approved"};
  try {
    return state.options.transport->deliver(compose(state, due));
  } catch (const std::exception& e) {  // none is promised; one mail's trouble must not stop the others
    return {delivery_outcome::try_later, e.what()};
  }
}

void send(pointer self, const std::vector<due_mail>& due) {
  for (const auto& mail : due) settle(self, mail.row, deliver_once(self->state, mail));
}

struct found_mails {
  std::vector<due_mail> due;
  store::outbox_counts counts;
};

found_mails find_mails(store::session& session, model::instant now) {
  found_mails found;
  for (auto& row : session.take_due_mails(now, now + lease, most_at_once)) {
    due_mail mail{std::move(row), {}};
    // Whose document it is the row's own keys say, which row-level security has checked.
    if (const auto named = document_of(mail.row); named && mail.row.org && mail.row.of_case)
      mail.document = session.mailed_document(*mail.row.org, *mail.row.of_case, *named, mail.row.to_address);
    found.due.push_back(std::move(mail));
  }
  found.counts = session.count_outbox();
  return found;
}

void round(pointer self) {
  auto& state = self->state;
  if (state.busy) return;
  state.busy = true;
  const auto now = state.given->clock.now();
  ask_store(
      self, *state.given, state.given->stores.of(model::uuid{}),
      [now](store::session& session) { return find_mails(session, now); },
      [self](const found_mails& found) {
        auto& counted = self->state.given->counted;
        counted.outbox_queued = found.counts.queued;
        counted.outbox_retrying = found.counts.retrying;
        counted.outbox_failed = found.counts.failed;
        send(self, found.due);
        self->state.busy = false;
        // More may be waiting: do not sleep over it.
        if (found.due.size() == most_at_once) round(self);
      },
      [self](const model::refusal&) { self->state.busy = false; });
}

}  // namespace

std::chrono::seconds retry_wait(int attempts, double share) {
  constexpr double first = 10, longest = 24 * 3600;
  const auto full = std::min(longest, first * std::pow(2.0, std::clamp(attempts - 1, 0, 30)));
  return std::chrono::seconds{static_cast<std::int64_t>(full * (1 - share / 2))};
}

mailer_actor::behavior_type mailer_behavior(mailer_actor::stateful_pointer<mailer_state> self, services_ptr s,
                                            mailer_options options) {
  self->state.given = std::move(s);
  self->state.options = std::move(options);
  self->send(self, tick{});
  return {[self](const tick&) {
    round(self);
    self->delayed_send(self, pause, tick{});
  }};
}

}  // namespace actors
