#include "actors/org_kind.hpp"

#include "actors/audit_views.hpp"
#include "actors/outbox_views.hpp"
#include "actors/questions.hpp"
#include "actors/retention_views.hpp"
#include "model/case_view.hpp"
#include "odb/digest_store.hpp"

namespace actors {
namespace {

model::list_query query_of(const list_part& part) {
  return {part.limit, part.after ? model::to_text(*part.after) : std::string{}};
}

/// The id of what an event made, for Location.
std::optional<model::uuid> made_by(std::span<const model::org_event> events) {
  if (events.empty()) return std::nullopt;
  using found = std::optional<model::uuid>;
  return std::visit(
      model::overloaded{[](const model::member_added& e) { return found{e.member.user.value}; },
                        [](const model::landlord_added& e) { return found{e.landlord.id.value}; },
                        [](const model::property_added& e) { return found{e.property.id.value}; },
                        [](const model::tenancy_created& e) { return found{e.tenancy.id.value}; },
                        [](const model::case_opened& e) { return found{e.opened.id.value}; },
                        [](const model::template_added& e) { return found{e.row->id.value}; },
                        [](const auto&) { return found{}; }},
      events.front());
}

/// R26: the organisation's own log is its admins'.
std::optional<model::refusal> refuse_audit(const model::org_state& org, const model::caller& who) {
  const auto standing = model::standing_of(org, who.user);
  if (standing == model::standing::none) return model::refusal::not_found();
  if (standing != model::standing::org_admin) return model::refusal::not_permitted();
  return std::nullopt;
}

rendered opened_case(const model::org_state& org, const model::caller& who, const model::case_opened& e) {
  model::support_case c;
  c.header = e.opened;
  c.place = model::place_of(org, e.opened.id).value();
  const auto role = model::standing_of(org, who.user) == model::standing::org_admin
                        ? model::role::org_admin
                        : model::role::property_manager;
  return rendered::from(model::view_header(c, role));
}

}  // namespace

std::function<std::optional<org_kind::state>(store::session&)> org_kind::loading() const {
  return [org = org_](store::session& session) { return session.load_organisation(org); };
}

std::optional<model::refusal> org_kind::unseen(const state& org, const ask& a) const {
  if (model::standing_of(org, a.who.user) == model::standing::none) return model::refusal::not_found();
  return std::nullopt;
}

namespace {

template <class View>
std::optional<std::string> etag_of_view(const model::seen<View>& seen) {
  const auto* current = std::get_if<View>(&seen);
  return current ? std::optional{etag_of(rendered::from(*current))} : std::nullopt;
}

/// The ETag that a client has seen of what the command changes, where it can have one.
std::optional<std::string> etag_before(const model::org_state& org, const model::caller& who,
                                       const model::org_command& what) {
  return std::visit(
      model::overloaded{
          [&](const model::change_settings&) { return etag_of_view(model::view_organisation(org, who)); },
          [&](const model::change_template& c) {
            return etag_of_view(model::view_document_template(org, who, c.template_id));
          },
          [](const auto&) { return std::optional<std::string>{}; }},
      what);
}

}  // namespace

std::optional<model::refusal> org_kind::outdated(const state& org, const ask& a) const {
  const auto* cmd = command_of(a);
  if (!cmd || !a.given.if_match) return std::nullopt;
  const auto current = etag_before(org, a.who, *cmd);
  if (!current || names(*a.given.if_match, *current)) return std::nullopt;
  return model::refusal::conflict(model::refusal_code::version_mismatch,
                                  "This has changed since you read it. Read it again.");
}

std::function<org_kind::facts(store::session&)> org_kind::looking_up(const state& org, const ask& a) const {
  // Whatever is looked up here is for admins; `decide` refuses the others.
  if (model::standing_of(org, a.who.user) != model::standing::org_admin) return {};
  using looking = std::function<facts(store::session&)>;
  return std::visit(
      model::overloaded{
          [](const model::add_member& c) -> looking {
            return [email = c.email.value](store::session& session) {
              return facts{.person = session.person_of(email)};
            };
          },
          [&](const model::preview_digest& c) -> looking {
            return [org = org_, month = c.month, one = c.recipient,
                    now = clock_->now()](store::session& session) {
              return facts{.preview = store::preview_digests(session, org, month, one, now)};
            };
          },
          [&](const model::resend_digest& c) -> looking {
            return [who = a.who.user, org = org_, id = c.digest](store::session& session) {
              return facts{.digest = store::find_digest(session, who, org, id)};
            };
          },
          [&](const model::run_retention&) -> looking {
            return [who = a.who.user, org = org_](store::session& session) {
              return facts{.run = store::open_asked_run(session, who, org)};
            };
          },
          [&](const model::retry_mail& c) -> looking {
            return [who = a.who.user, org = org_, id = c.mail, now = clock_->now()](store::session& session) {
              return facts{.mail = store::find_mail_to_retry(session, who, org, id, now)};
            };
          },
          [&](const model::change_settings& c) -> looking {
            const auto& now = org.settings;
            const auto windows = model::windows_after(now.support_retention_years, c);
            if (!model::shortens(now.support_retention_years, windows) || !model::are_possible(windows))
              return {};
            return [org = org_, before = model::retention_rules{now.time_zone, now.support_retention_years},
                    after = model::retention_rules{now.time_zone, windows},
                    now = clock_->now()](store::session& session) {
              return facts{.due = store::count_newly_due(session, org, before, after, now)};
            };
          },
          [](const auto&) { return looking{}; }},
      *command_of(a));
}

void org_kind::fill_in(command& what, const facts& found) const {
  if (auto* addition = std::get_if<model::add_member>(&what)) addition->person = found.person;
  if (auto* preview = std::get_if<model::preview_digest>(&what)) preview->found = found.preview;
  if (auto* again = std::get_if<model::resend_digest>(&what)) again->found = found.digest;
  if (auto* again = std::get_if<model::retry_mail>(&what); again && found.mail) {
    again->state = found.mail->state;
    again->link_is_void = found.mail->link_is_void;
  }
  if (auto* run = std::get_if<model::run_retention>(&what)) run->open = found.run;
  if (auto* settings = std::get_if<model::change_settings>(&what)) settings->due = found.due;
}

answer org_kind::answer_to(const state& org, const ask& a, const command& what,
                           std::span<const event> events) const {
  answer out;
  out.made = made_by(events);
  if (out.made) out.kind = answer_kind::created;
  if (const auto* opened = events.empty() ? nullptr : std::get_if<model::case_opened>(&events.front())) {
    out.body = opened_case(org, a.who, *opened);
    return out;
  }
  if (const auto* asked =
          events.empty() ? nullptr : std::get_if<model::retention_run_asked>(&events.front())) {
    out.kind = answer_kind::accepted;
    out.body = rendered::from(view_run(*asked));
    return out;
  }
  if (const auto* again = std::get_if<model::run_retention>(&what); again && again->open) {
    out.kind = answer_kind::accepted;
    out.body = rendered::from(view_run(*again->open));
    return out;
  }
  const auto seen = model::view_change(org, a.who, what, events);
  if (!seen) return {answer_kind::no_content, {}, {}, {}};
  out.body = render(*seen);
  return out;
}

bool org_kind::reply_about_retention(keeper<org_kind>& k, const ask& a, const reply_promise& p) const {
  const auto admit = [who = a.who](const state& now) { return refuse_audit(now, who); };
  if (const auto* wanted = std::get_if<view_retention_runs>(&a.what)) {
    ask_database(
        k, p, admit,
        [user = a.who.user, org = org_, page = page_of(wanted->part)](store::session& session) {
          return store::retention_runs(session, user, org, page);
        },
        [given = a.given, limit = wanted->part.limit, clock = clock_](std::vector<store::retention_run> found,
                                                                      const state& now) -> reply {
          retention_runs_view v;
          const auto& settings = now.settings;
          v.next_sweep_at = model::next_sweep(clock->now(), settings.time_zone);
          v.legal_hold = settings.held_since.has_value();
          v.support_retention_years = settings.support_retention_years;
          v.next = cut(found, limit, [](const auto& run) { return run.id.value; });
          for (const auto& run : found) v.items.push_back(view_run(run));
          return answer_with(v, given);
        });
    return true;
  }
  if (std::holds_alternative<rehearse_retention>(a.what)) {
    ask_database(
        k, p, admit,
        [org = org_, now = clock_->now()](store::session& session) {
          return store::rehearse_sweep(session, org, now);
        },
        [given = a.given](const store::rehearsed_sweep& found, const state&) -> reply {
          return answer_with(view_rehearsal(found), given);
        });
    return true;
  }
  return false;
}

void org_kind::reply_to(keeper<org_kind>& k, const ask& a, reply_promise p) const {
  if (reply_about_retention(k, a, p)) return;
  const auto& org = k.current();
  const auto& who = a.who;
  const auto& given = a.given;
  if (const auto* wanted = std::get_if<view_audit>(&a.what))
    return ask_database(
        k, std::move(p), [who = who](const state& now) { return refuse_audit(now, who); },
        [user = who.user, query = audit_query_of(org.settings.id, {}, *wanted)](store::session& session) {
          return session.audit(user, query);
        },
        as_page<audit_page>(wanted->part, given, view_entry));
  if (const auto* wanted = std::get_if<view_outbox>(&a.what))
    return ask_database(
        k, std::move(p), [who = who](const state& now) { return refuse_audit(now, who); },
        [user = who.user, org = org_, state = wanted->state, page = page_of(wanted->part)](
            store::session& session) { return store::outbox_of(session, user, org, state, page); },
        as_page<outbox_page>(wanted->part, given, view_mail));
  if (const auto* wanted = std::get_if<view_digests>(&a.what))
    return ask_database(
        k, std::move(p), [who = who](const state& now) { return refuse_audit(now, who); },
        [user = who.user, query = store::digest_query{org.settings.id, wanted->month, page_of(wanted->part)}](
            store::session& session) { return store::list_digests(session, user, query); },
        as_page<model::digest_page>(wanted->part, given, model::view_digest));
  deliver(
      p,
      std::visit(
          model::overloaded{
              [&](const view_organisation&) { return reply_with(model::view_organisation(org, who), given); },
              [&](const view_billing&) {
                return reply_with(model::view_billing(org, who, k.given().plans), given);
              },
              [&](const view_members& q) {
                return reply_with(model::view_members(org, who, query_of(q.part)), given);
              },
              [&](const view_landlords& q) {
                return reply_with(model::view_landlords(org, who, query_of(q.part)), given);
              },
              [&](const view_properties& q) {
                return reply_with(model::view_properties(org, who, query_of(q.part)), given);
              },
              [&](const view_tenancies& q) {
                return reply_with(model::view_tenancies(org, who, {q.without_case, q.text, query_of(q.part)}),
                                  given);
              },
              [&](const view_document_templates& q) {
                return reply_with(model::view_document_templates(org, who, query_of(q.part)), given);
              },
              [&](const view_document_template& q) {
                return reply_with(model::view_document_template(org, who, q.id), given);
              },
              // These are taken before as what they are.
              [](const view_audit&) -> reply { return model::refusal::unavailable(); },
              [](const view_retention_runs&) -> reply { return model::refusal::unavailable(); },
              [](const rehearse_retention&) -> reply { return model::refusal::unavailable(); },
              [](const view_outbox&) -> reply { return model::refusal::unavailable(); },
              [](const view_digests&) -> reply { return model::refusal::unavailable(); },
              [](const command&) -> reply { return model::refusal::unavailable(); }},
          a.what));
}

}  // namespace actors
