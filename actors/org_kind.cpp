#include "actors/org_kind.hpp"

#include "actors/audit_views.hpp"
#include "actors/questions.hpp"
#include "model/case_view.hpp"

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

std::function<org_kind::facts(store::session&)> org_kind::looking_up(const state&, const ask& a) const {
  const auto* addition = std::get_if<model::add_member>(command_of(a));
  if (!addition) return {};
  return [email = addition->email.value](store::session& session) { return facts{session.person_of(email)}; };
}

void org_kind::fill_in(command& what, const facts& found) const {
  if (auto* addition = std::get_if<model::add_member>(&what)) addition->person = found;
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
  const auto seen = model::view_change(org, a.who, what, events);
  if (!seen) return {answer_kind::no_content, {}, {}, {}};
  out.body = render(*seen);
  return out;
}

void org_kind::reply_to(keeper<org_kind>& k, const ask& a, reply_promise p) const {
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
              // Both are taken before as what they are.
              [](const view_audit&) -> reply { return model::refusal::unavailable(); },
              [](const command&) -> reply { return model::refusal::unavailable(); }},
          a.what));
}

}  // namespace actors
