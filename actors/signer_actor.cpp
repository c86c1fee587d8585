#include "actors/signer_actor.hpp"

#include <sodium.h>

#include "actors/ask_store.hpp"
#include "actors/mailer_actor.hpp"
#include "model/signing.hpp"
#include "odb/signing_store.hpp"

namespace actors {
namespace {

using pointer = signer_actor::stateful_pointer<signer_state>;
using store::due_signature;

/// Longer than all that is asked about one request can take: of the service four times at most, then of the
/// gateway, the case and the database. After a crash it is tried again that much later.
constexpr std::chrono::minutes lease{10};
/// Longer than making a request can take, with a form looked at before: what is left of the lease when it
/// begins.
constexpr std::chrono::minutes longest_request{4};
constexpr std::chrono::seconds pause{1};
/// Before the service is asked whether it has a request that may have arrived: it may still be at work on it.
constexpr std::chrono::minutes while_it_may_arrive{2};
/// An operator has to put something right.
constexpr std::chrono::minutes until_set_up{15};
/// A request that the service does not tell of by itself is asked for, hourly on its first day.
constexpr std::chrono::hours look_often{1}, look_seldom{6}, first_day{24};
/// With waits that double, more than a day: a file that the service has not made by then, it will not make.
constexpr int most_tries_for_files = 14;

model::instant next_look(const due_signature& due, model::instant now) {
  return now + (now - due.sent_at.value_or(now) < first_day ? look_often : look_seldom);
}

std::chrono::seconds wait_after(const signing_trouble& t, int attempts) {
  if (t.what == signing_trouble::kind::set_up) return until_set_up;
  auto wait = retry_wait(attempts, randombytes_uniform(1000) / 1000.0);
  if (t.may_have_arrived) wait = std::max<std::chrono::seconds>(wait, while_it_may_arrive);
  return std::max(wait, t.retry_after.value_or(std::chrono::seconds{0}));
}

/// What there is to say about a request in the log.
void tell(const signing_trouble& t, const due_signature& due) {
  const auto id = model::to_text(due.id);
  if (t.what == signing_trouble::kind::set_up)
    return log::error("signature.not_set_up", {{"signature_id", id}, {"why", t.detail}});
  log::warning("signature.retry", {{"signature_id", id}, {"attempts", due.attempts}, {"why", t.detail}});
}

/// Writes down what became of this step; then the next one. If it cannot be noted, the request is taken up
/// again when its lease ends, and the service is asked before anything is done twice.
void note(pointer self, const due_signature& due, std::function<void(store::session&)> what);
void round(pointer self);

// --- to the case

void settled(pointer self, const due_signature& due, model::signing_status outcome,
             const std::string& missing) {
  const auto& s = *self->state.given;
  const auto now = s.clock.now();
  std::optional<model::instant> next;
  std::optional<std::string> error;
  if (!missing.empty()) {
    error = missing;
    // The first try came with the outcome.
    const auto tries = due.completed ? due.attempts : 1;
    if (tries < most_tries_for_files)
      next = now + retry_wait(tries, randombytes_uniform(1000) / 1000.0);
    else
      log::error("signature.files_given_up", {{"signature_id", model::to_text(due.id)}, {"why", missing}});
  }
  if (!due.completed) {
    ++s.counted.signatures_settled;
    log::info("signature.settled",
              {{"signature_id", model::to_text(due.id)}, {"outcome", std::string(model::to_text(outcome))}});
  }
  note(self, due, [due, outcome, now, next, error](store::session& session) {
    store::signature_settled(session, due, outcome, now, next, error);
  });
}

void not_settled(pointer self, const due_signature& due, const std::string& why) {
  log::warning("signature.case_did_not_answer", {{"signature_id", model::to_text(due.id)}, {"why", why}});
  const auto next =
      self->state.given->clock.now() + retry_wait(due.attempts, randombytes_uniform(1000) / 1000.0);
  note(self, due, [due, next, why](store::session& session) {
    if (due.submission)
      store::signature_unchanged(session, due, next, why);
    else
      store::signature_retry(session, due, due.tried, next, why);
  });
}

/// Tells the case, as the command of nobody; what the case knows already it takes without a change.
void settle(pointer self, const due_signature& due, model::settle_signature what,
            const std::string& missing) {
  const auto patience = self->state.given->limits.store_answer * 2;
  const auto failed = [self, due](const caf::error&) { not_settled(self, due, "the case did not answer"); };
  self->request(self->state.gateway, patience, locate{due.org})
      .then(
          [self, due, what = std::move(what), missing, patience, failed](const located& found) {
            if (!found.org) return not_settled(self, due, "the organisation is not there");
            conditions given;
            given.request_id = "signature " + model::to_text(due.id);
            const auto outcome = what.status;
            self->request(found.org, patience,
                          ask_case{model::signing_service(), due.org, due.of_case, given,
                                   model::case_command{what}})
                .then(
                    [self, due, outcome, missing](const reply_message& r) {
                      const auto* no = std::get_if<model::refusal>(&r.what);
                      if (!no) return settled(self, due, outcome, missing);
                      not_settled(self, due, "the case answered " + std::string(model::to_text(no->code)));
                    },
                    failed);
          },
          failed);
}

void refused(pointer self, const due_signature& due, const std::string& why) {
  log::error("signature.failed", {{"signature_id", model::to_text(due.id)}, {"why", why}});
  settle(self, due, {due.document, model::signing_status::failed, why, {}, {}}, {});
}

// --- to the service

void troubled(pointer self, const due_signature& due, const signing_trouble& t) {
  if (t.what == signing_trouble::kind::refused && !due.submission) return refused(self, due, t.detail);
  ++self->state.given->counted.signatures_retried;
  tell(t, due);
  const auto next = self->state.given->clock.now() + wait_after(t, due.attempts);
  // Not knowing whether it has one does not make a request that may have arrived one that has not.
  const bool may_have = t.may_have_arrived || due.tried;
  note(self, due, [due, next, may_have, why = t.detail](store::session& session) {
    if (due.submission)
      store::signature_unchanged(session, due, next, why);
    else
      store::signature_retry(session, due, may_have, next, why);
  });
}

void sent(pointer self, const due_signature& due, submission_id submission) {
  const auto now = self->state.given->clock.now();
  ++self->state.given->counted.signatures_requested;
  log::info("signature.sent", {{"signature_id", model::to_text(due.id)}, {"submission", submission}});
  note(self, due, [due, submission, now](store::session& session) {
    store::signature_sent(session, due, submission, now, now + look_often);
  });
}

void request(pointer self, const due_signature& due, const store::signing_papers& papers) {
  const auto& d = papers.document.document;
  if (sha256(papers.document.content) != d.content_sha256)
    return refused(self, due, "The document's content is not what was approved.");
  signing_order order{
      due.id,
      d.sent_to_name.value_or(""),
      d.sent_to_email.value_or(""),
      papers.document,
      {{"organisation", papers.organisation}, {"tenant", papers.tenant}, {"time_zone", papers.time_zone}}};
  if (d.signing_template) {
    if (sha256(papers.signing_values) != d.signing_values_sha256)
      return refused(self, due, "What fills the form is not what was approved.");
    order.values = model::decode_fields(papers.signing_values);
  }
  const auto answer = self->state.service->request(order);
  if (const auto* t = std::get_if<signing_trouble>(&answer)) return troubled(self, due, *t);
  sent(self, due, std::get<submission_id>(answer));
}

/// None is promised; one request's trouble must not stop the others, and nobody knows whether it arrived.
void unforeseen(pointer self, const due_signature& due, const std::exception& e) {
  troubled(self, due, {signing_trouble::kind::try_later, true, e.what(), {}});
}

/// Whether the request is still ours for long enough. It is not where the program stood still meanwhile: then
/// another node may have it.
bool is_in_time(const signer_state& state) {
  return state.given->clock.real_now() - state.began <= lease - longest_request;
}

/// The service knows nothing of it: now it is safe to ask it.
void bring(pointer self, const due_signature& due) {
  ask_store(
      self, *self->state.given, self->state.given->stores.of(due.id.value),
      [due](store::session& session) { return store::load_signing_papers(session, due); },
      [self, due](const std::optional<store::signing_papers>& papers) {
        if (!papers) return refused(self, due, "The document that was to be signed is not there.");
        if (!is_in_time(self->state))
          return troubled(self, due,
                          {signing_trouble::kind::try_later, true, "it took too long to begin", {}});
        try {
          request(self, due, *papers);
        } catch (const std::exception& e) {
          unforeseen(self, due, e);
        }
      },
      [self, due](const model::refusal&) {
        troubled(self, due, {signing_trouble::kind::try_later, due.tried, "the database did not answer", {}});
      });
}

/// Where the service tells of it is written down first, so that it is there with the outcome.
void completed(pointer self, const due_signature& due, const signing_report& report) {
  model::settle_signature told{
      due.document, model::signing_status::signed_, {}, report.signed_copy, report.signing_audit};
  if (!report.audit_url) return settle(self, due, std::move(told), report.missing);
  ask_store(
      self, *self->state.given, self->state.given->stores.of(due.id.value),
      [due, url = *report.audit_url](store::session& session) {
        store::keep_signing_audit_url(session, due, url);
      },
      [self, due, told = std::move(told), missing = report.missing] { settle(self, due, told, missing); },
      [self, due](const model::refusal&) { not_settled(self, due, "the database did not answer"); });
}

void look(pointer self, const due_signature& due) {
  const wanted_files wanted{!due.has_copy, !due.has_audit};
  const auto answer = self->state.service->look(*due.submission, wanted);
  if (const auto* t = std::get_if<signing_trouble>(&answer)) return troubled(self, due, *t);
  const auto& report = std::get<signing_report>(answer);
  switch (report.progress) {
    case signing_progress::pending:
      return note(self, due,
                  [due, next = next_look(due, self->state.given->clock.now())](store::session& session) {
                    store::signature_unchanged(session, due, next, std::nullopt);
                  });
    case signing_progress::completed:
      return completed(self, due, report);
    case signing_progress::declined:
      return settle(self, due, {due.document, model::signing_status::declined, {}, {}, {}}, {});
    case signing_progress::expired:
      return settle(self, due, {due.document, model::signing_status::expired, {}, {}, {}}, {});
  }
}

void step(pointer self, const due_signature& due) {
  if (due.submission) return look(self, due);
  // The first time too: a database that was restored does not know what it asked for since.
  const auto known = self->state.service->find(due.id);
  if (const auto* t = std::get_if<signing_trouble>(&known)) {
    // A question that is refused says nothing about the request.
    auto later = *t;
    if (later.what == signing_trouble::kind::refused) later.what = signing_trouble::kind::try_later;
    return troubled(self, due, later);
  }
  if (const auto submission = std::get<std::optional<submission_id>>(known))
    return sent(self, due, *submission);
  bring(self, due);
}

// --- the line

void note(pointer self, const due_signature& due, std::function<void(store::session&)> what) {
  const auto go_on = [self] {
    self->state.busy = false;
    round(self);
  };
  ask_store(self, *self->state.given, self->state.given->stores.of(due.id.value), std::move(what), go_on,
            [self, id = due.id](const model::refusal&) {
              log::warning("signature.outcome_not_noted", {{"signature_id", model::to_text(id)}});
              self->state.busy = false;
            });
}

struct found_work {
  std::optional<due_signature> due;
  store::signature_counts counts;
};

void round(pointer self) {
  auto& state = self->state;
  if (state.busy) return;
  state.busy = true;
  state.began = state.given->clock.real_now();
  const auto now = state.given->clock.now();
  ask_store(
      self, *state.given, state.given->stores.of(model::uuid{}),
      [now](store::session& session) {
        auto due = store::take_due_signature(session, now, now + lease);
        return found_work{std::move(due), store::count_signatures(session)};
      },
      [self](const found_work& found) {
        auto& counted = self->state.given->counted;
        counted.signatures_waiting = found.counts.waiting;
        counted.signatures_failed = found.counts.failed;
        if (!found.due) {
          self->state.busy = false;
          return;
        }
        try {
          step(self, *found.due);
        } catch (const std::exception& e) {
          unforeseen(self, *found.due, e);
        }
      },
      [self](const model::refusal&) { self->state.busy = false; });
}

}  // namespace

signer_actor::behavior_type signer_behavior(pointer self, services_ptr s, gateway_actor gateway,
                                            std::shared_ptr<signing_service> service) {
  self->state.given = std::move(s);
  self->state.gateway = std::move(gateway);
  self->state.service = std::move(service);
  self->send(self, tick{});
  return {[self](const tick&) {
    round(self);
    self->delayed_send(self, pause, tick{});
  }};
}

}  // namespace actors
