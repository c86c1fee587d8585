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
                       r.open_goals,
                       r.next_session_at});
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

found_list_view lines(std::vector<store::search_row> rows, std::size_t limit) {
  found_list_view v;
  v.next = cut(rows, limit, [](const store::search_row& r) { return r.id; });
  v.items.reserve(rows.size());
  for (auto& r : rows)
    v.items.push_back({r.is_goal ? found_kind::goal : found_kind::note,
                       r.id,
                       r.of_case,
                       std::move(r.reference),
                       {r.tenant, std::move(r.tenant_name)},
                       {r.org, std::move(r.organisation_name)},
                       r.stream,
                       std::move(r.snippet),
                       r.created_at,
                       std::move(r.author_name)});
  return v;
}

task_list_view lines(std::vector<store::task_row> rows, std::size_t limit) {
  task_list_view v;
  if (rows.size() > limit) {
    rows.resize(limit);
    v.next = cursor_after(task_place{rows.back().due_on, rows.back().id});
  }
  v.items.reserve(rows.size());
  for (auto& r : rows)
    v.items.push_back({r.kind,
                       r.id,
                       r.of_case,
                       std::move(r.reference),
                       {r.tenant, std::move(r.tenant_name)},
                       {r.org, std::move(r.organisation_name)},
                       std::move(r.title),
                       r.due_on,
                       r.starts_at});
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

/// Search and tasks are for operators and workers alike; what they may not see is not there. Who has nothing
/// but organisations without the tier is told so.
std::optional<model::refusal> refuse(store::session& session, model::user_id who,
                                     const std::optional<model::org_id>& org,
                                     const model::plan_catalogue& plans) {
  bool is_operator = false;
  for (const auto& m : session.memberships(who)) {
    if (org && m.org != *org) continue;
    if (plans.includes(m.tier, model::support_cases_feature)) return std::nullopt;
    is_operator = true;
  }
  if (is_operator && (org || !session.has_caseload(who)))
    return plans.upgrade_for_feature(model::support_cases_feature);
  return std::nullopt;
}

template <class View>
using found = std::variant<View, model::refusal>;

/// What a question is answered with; run on a store's thread.
struct finder {
  model::caller who;
  model::plan_catalogue plans;
  model::instant now;
  store::session& session;

  found<case_list_view> operator()(const list_cases& wanted) const {
    if (auto no = refuse(session.memberships(who.user), wanted, plans)) return std::move(*no);
    return lines(session.cases(who.user, {wanted.org, wanted.status, wanted.text, page_of(wanted.part), now}),
                 wanted.part.limit);
  }
  found<caseload_view> operator()(const list_caseload& wanted) const {
    return lines(session.caseload(who.user, page_of(wanted.part), now), wanted.part.limit);
  }
  found<found_list_view> operator()(const search_texts& wanted) const {
    if (auto no = refuse(session, who.user, wanted.org, plans)) return std::move(*no);
    return lines(session.search(who.user, {wanted.text, wanted.org, page_of(wanted.part)}),
                 wanted.part.limit);
  }
  found<task_list_view> operator()(const list_tasks& wanted) const {
    if (auto no = refuse(session, who.user, wanted.org, plans)) return std::move(*no);
    store::task_query asked{wanted.org, now, wanted.limit + 1};
    if (wanted.after) asked.after = store::task_place{wanted.after->due_on, wanted.after->id};
    return lines(session.tasks(who.user, asked), wanted.limit);
  }
  found<me_view> operator()(const view_me& wanted) const {
    return me(who, session.memberships(who.user), plans, wanted.csrf_token);
  }
};

}  // namespace

std::string landing_of(const std::vector<store::membership_row>& memberships) {
  return memberships.empty() ? "/support/tenants" : "/support-cases";
}

lists_actor::behavior_type lists_behavior(lists_actor::stateful_pointer<lists_state> self, services_ptr s) {
  self->state.given = std::move(s);
  return {[self](const ask_lists& a) -> caf::result<reply_message> {
    auto p = self->make_response_promise<reply_message>();
    const auto& given = *self->state.given;
    std::visit(
        [&](const auto& wanted) {
          ask_store(
              self, given, given.stores.of(a.who.user.value),
              [who = a.who, wanted, plans = given.plans, now = given.clock.now()](store::session& session) {
                return finder{who, plans, now, session}(wanted);
              },
              [p, about = a.given](const auto& seen) { deliver(p, reply_with(seen, about)); },
              [p](model::refusal why) { deliver(p, std::move(why)); });
        },
        a.what);
    return p;
  }};
}

}  // namespace actors
