#include <CLI/CLI.hpp>
#include <iostream>

#include "actors/secrets.hpp"
#include "net/cli/commands.hpp"
#include "net/cli/database.hpp"
#include "odb/migrate.hpp"
#include "odb/outbox_store.hpp"
#include "odb/session.hpp"

namespace net::cli {
namespace {

using model::to_text;

struct outbox_options {
  std::string state;
  std::size_t limit = 100;
  std::string mail;
  bool all_failed = false;
};

/// The state that --state names; nothing for all.
std::optional<model::mail_state> state_of(const outbox_options& asked) {
  if (asked.state.empty()) return std::nullopt;
  const auto state = model::parse_enum<model::mail_state>(asked.state);
  if (!state) throw usage_error("--state: one of queued, sending, sent, retrying, failed");
  return state;
}

/// What the provider told last.
std::string delivery_of(const store::outbox_line& m) {
  const auto told = [](const char* what, model::instant at) {
    return "\n  " + std::string(what) + " " + to_text(at);
  };
  if (m.complained_at) return told("marked as unwanted", *m.complained_at);
  if (m.bounced_at) return told("came back", *m.bounced_at) + ": " + m.fate_reason.value_or("");
  if (m.delivered_at) return told("delivered", *m.delivered_at);
  if (m.delayed_at) return told("delayed", *m.delayed_at);
  return {};
}

void print(const store::outbox_line& m) {
  std::cout << to_text(m.id) << "  " << model::to_text(m.state) << "  " << m.template_name << "  to "
            << m.to_address << "  written " << to_text(m.written_at) << ", attempts " << m.attempts;
  if (m.sent_at) std::cout << ", sent " << to_text(*m.sent_at);
  if (m.state == model::mail_state::retrying) std::cout << ", again at " << to_text(m.next_attempt_at);
  if (m.last_error) std::cout << "\n  " << *m.last_error;
  std::cout << delivery_of(m) << '\n';
}

int list(const options& o, const outbox_options& asked) {
  const auto state = state_of(asked);
  const database db(o, store::cluster_use::command);
  db.migrate();
  store::refuse_unsafe_service_role(db.service());
  store::session session(db.service());
  const auto mails = store::whole_outbox(session, state, {asked.limit, std::nullopt});
  for (const auto& m : mails) print(m);
  if (mails.empty()) std::cout << "no mails" << (state ? " in this state" : "") << '\n';
  if (mails.size() == asked.limit)
    say("these are the newest " + std::to_string(asked.limit) + "; --limit shows more");
  std::cout << std::flush;
  return 0;
}

struct retried {
  std::size_t again = 0;
  std::size_t void_links = 0;
};

/// Of the mails that failed before now, page by page; those that fail again meanwhile are not met twice.
retried retry_failed(store::session& session, const model::clock& clock, model::id_source& ids) {
  retried count;
  store::page wanted{200, std::nullopt};
  while (true) {
    const auto failed = store::whole_outbox(session, model::mail_state::failed, wanted);
    for (const auto& m : failed) {
      const auto was = store::retry_by_hand(
          session, m.id, {"keywork outbox retry", clock.now(), ids.make<model::audit_id>()});
      if (!was || was->state != model::mail_state::failed) continue;
      ++(was->link_is_void ? count.void_links : count.again);
    }
    if (failed.size() < wanted.limit) return count;
    wanted.after = failed.back().id.value;
  }
}

int retry(const options& o, const outbox_options& asked) {
  const auto mail = model::parse_id<model::mail_id>(asked.mail);
  if (asked.all_failed == !asked.mail.empty())
    throw usage_error("outbox retry: name one mail by its id, or ask for --all-failed");
  if (!asked.all_failed && !mail) throw usage_error("'" + asked.mail + "' is no mail's id");
  const database db(o, store::cluster_use::command);
  db.migrate();
  store::refuse_unsafe_service_role(db.service());
  store::session session(db.service());
  actors::random_ids ids(db.clock());
  if (asked.all_failed) {
    const auto count = retry_failed(session, db.clock(), ids);
    std::cout << count.again << " mails are tried again" << std::endl;
    if (count.void_links > 0)
      say(std::to_string(count.void_links) + " stay as they are: the links in them are void. Invite again");
    return 0;
  }
  const auto was = store::retry_by_hand(
      session, *mail, {"keywork outbox retry", db.clock().now(), ids.make<model::audit_id>()});
  if (!was) throw usage_error("there is no mail " + asked.mail);
  if (!model::can_be_retried(was->state))
    throw usage_error("the mail is " + std::string(model::to_text(was->state)) +
                      ": only one that failed or waits for another attempt can be tried again");
  if (!was->can_be_retried())
    throw usage_error(
        "the link in the mail is void: it was used, has expired, or was replaced or withdrawn. Invite again; "
        "to sign in, ask for a new link");
  std::cout << "the mail is tried again" << std::endl;
  return 0;
}

}  // namespace

void add_outbox(command_line& to) {
  auto& group = to.group("outbox", "Mails and how far they have come; works beside a running serve");
  const auto asked = std::make_shared<outbox_options>();
  auto& listing = to.add(group, "list", "Show mails, the newest first; never what they say",
                         [asked](const options& o) { return list(o, *asked); });
  listing.add_option("--state", asked->state, "Only those: queued, sending, sent, retrying or failed");
  listing.add_option("--limit", asked->limit, "How many")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  auto& retrying = to.add(group, "retry", "Try a mail again now that failed or waits for another attempt",
                          [asked](const options& o) { return retry(o, *asked); });
  retrying.add_option("mail", asked->mail, "The mail's id");
  retrying.add_flag("--all-failed", asked->all_failed, "Every mail that failed");
}

}  // namespace net::cli
