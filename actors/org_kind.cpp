#include "actors/org_kind.hpp"

#include "actors/respond.hpp"
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
                        [](const auto&) { return found{}; }},
      events.front());
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

std::optional<model::refusal> org_kind::outdated(const state& org, const ask& a) const {
  const auto* cmd = command_of(a);
  if (!cmd || !a.given.if_match || !std::holds_alternative<model::change_settings>(*cmd)) return std::nullopt;
  const auto seen = model::view_organisation(org, a.who);
  const auto* current = std::get_if<model::organisation_admin_view>(&seen);
  if (!current || names(*a.given.if_match, etag_of(rendered::from(*current)))) return std::nullopt;
  return model::refusal::conflict(model::refusal_code::version_mismatch,
                                  "The settings have changed since you read them. Read them again.");
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
  deliver(p, std::visit(model::overloaded{
                            [&](const view_organisation&) {
                              return reply_with(model::view_organisation(org, who), given);
                            },
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
                              return reply_with(
                                  model::view_tenancies(org, who, {q.without_case, q.text, query_of(q.part)}),
                                  given);
                            },
                            [](const command&) -> reply { return model::refusal::unavailable(); }},
                        a.what));
}

}  // namespace actors
