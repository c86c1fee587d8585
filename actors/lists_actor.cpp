#include "actors/lists_actor.hpp"

#include <algorithm>

#include "actors/ask_store.hpp"
#include "actors/list_views.hpp"
#include "actors/paging.hpp"
#include "actors/respond.hpp"

namespace actors {
namespace {

store::page page_of(const list_part& part) { return {part.limit + 1, part.after}; }

me_view me(const model::caller& who, const std::vector<store::membership_row>& memberships,
           const model::plan_catalogue& plans, std::string csrf_token) {
  me_view v{{who.user, who.email, who.full_name}, {}, landing_of(memberships), std::move(csrf_token)};
  for (const auto& m : memberships) {
    const auto* plan = plans.find(m.tier);
    v.organisations.push_back(
        {m.org, m.name, m.tier, m.role, plan ? plan->features : std::vector<std::string>{}});
  }
  return v;
}

case_list_view lines(std::vector<store::case_row> rows, std::size_t limit) {
  case_list_view v;
  v.next = cut(rows, limit, [](const store::case_row& r) { return r.id.value; });
  for (auto& r : rows)
    v.items.push_back({r.id,
                       r.org,
                       std::move(r.reference),
                       {r.tenant, std::move(r.tenant_name)},
                       std::move(r.property),
                       r.closed_at ? model::case_status::closed : model::case_status::open,
                       r.opened_at,
                       r.closed_at,
                       r.last_activity_at,
                       0,
                       {}});
  return v;
}

caseload_view lines(std::vector<store::caseload_row> rows, std::size_t limit) {
  caseload_view v;
  v.next = cut(rows, limit, [](const store::caseload_row& r) { return r.id.value; });
  v.items.reserve(rows.size());
  for (auto& r : rows)
    v.items.push_back({r.of_case,
                       {r.tenant, std::move(r.tenant_name)},
                       {r.org, std::move(r.organisation_name)},
                       r.participation,
                       r.assigned_at,
                       r.last_activity_at,
                       r.next_session_at});
  return v;
}

/// Whether the person may see case lists at all: told apart are no operator, no such organisation, and the
/// tier.
std::optional<model::refusal> refuse(const std::vector<store::membership_row>& memberships,
                                     const list_cases& wanted, const model::plan_catalogue& plans) {
  const auto of_interest = [&](const store::membership_row& m) {
    return !wanted.org || m.org == *wanted.org;
  };
  if (std::none_of(memberships.begin(), memberships.end(), of_interest))
    return wanted.org ? model::refusal::not_found()
                      : model::refusal::not_permitted("The case list is for a managing agent's operators.");
  const bool unlocked = std::any_of(memberships.begin(), memberships.end(), [&](const auto& m) {
    return of_interest(m) && plans.includes(m.tier, model::support_cases_feature);
  });
  if (!unlocked) return plans.upgrade_for_feature(model::support_cases_feature);
  return std::nullopt;
}

using found_cases = std::variant<std::vector<store::case_row>, model::refusal>;

found_cases find_cases(store::session& session, model::user_id who, const list_cases& wanted,
                       const model::plan_catalogue& plans) {
  if (auto no = refuse(session.memberships(who), wanted, plans)) return std::move(*no);
  return session.cases(who, {wanted.org, wanted.status, wanted.text, page_of(wanted.part)});
}

}  // namespace

std::string landing_of(const std::vector<store::membership_row>& memberships) {
  return memberships.empty() ? "/support/tenants" : "/support-cases";
}

lists_actor::behavior_type lists_behavior(lists_actor::stateful_pointer<lists_state> self, services_ptr s) {
  self->state.given = std::move(s);
  return {[self](const ask_lists& a) -> caf::result<reply_message> {
    auto p = self->make_response_promise<reply_message>();
    const auto& given = *self->state.given;
    const auto& store = given.stores.of(a.who.user.value);
    const auto failed = [p](model::refusal why) { deliver(p, std::move(why)); };
    std::visit(
        model::overloaded{
            [&](const list_cases& wanted) {
              ask_store(
                  self, given, store,
                  [who = a.who.user, wanted, plans = given.plans](store::session& session) {
                    return find_cases(session, who, wanted, plans);
                  },
                  [p, limit = wanted.part.limit, about = a.given](found_cases found) {
                    if (auto* no = std::get_if<model::refusal>(&found)) return deliver(p, std::move(*no));
                    deliver(p, answer_with(lines(std::get<0>(std::move(found)), limit), about));
                  },
                  failed);
            },
            [&](const list_caseload& wanted) {
              ask_store(
                  self, given, store,
                  [who = a.who.user, part = page_of(wanted.part)](store::session& session) {
                    return session.caseload(who, part);
                  },
                  [p, limit = wanted.part.limit, about = a.given](std::vector<store::caseload_row> found) {
                    deliver(p, answer_with(lines(std::move(found), limit), about));
                  },
                  failed);
            },
            [&](const view_me& wanted) {
              ask_store(
                  self, given, store,
                  [who = a.who.user](store::session& session) { return session.memberships(who); },
                  [self, p, who = a.who, csrf = wanted.csrf_token,
                   about = a.given](std::vector<store::membership_row> found) {
                    deliver(p, answer_with(me(who, found, self->state.given->plans, csrf), about));
                  },
                  failed);
            }},
        a.what);
    return p;
  }};
}

}  // namespace actors
