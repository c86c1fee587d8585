#include "model/case_decide_parts.hpp"

namespace model::deciding {
namespace {

bool same(const goal& a, const goal& b) {
  return std::tie(a.title, a.description, a.target_date, a.status) ==
         std::tie(b.title, b.description, b.target_date, b.status);
}

}  // namespace

result decide(const support_case& c, role who, const caller& by, const add_goal& cmd, const moment& at) {
  if (auto no = refuse(who, resource::goals, action::write)) return *no;
  if (c.is_closed()) return closed();
  goal g;
  g.id = at.ids.make<goal_id>();
  g.org = c.header.org;
  g.of_case = c.header.id;
  g.title = cmd.title.value;
  take(cmd.description, g.description);
  g.target_date = cmd.target_date;
  g.status = cmd.status.value_or(goal_status::active);
  g.author = by.user;
  g.author_name = by.full_name;
  g.created_at = at.now;
  return events{goal_added{std::move(g)}};
}

result decide(const support_case& c, role who, const caller&, const edit_goal& cmd, const moment& at) {
  if (who == role::none) return refusal::not_found();
  const auto* g = c.find(cmd.goal);
  if (!g) return refusal::not_found();
  if (auto no = refuse(who, resource::goals, action::write)) return *no;
  if (c.is_closed()) return closed();
  goal_edited e{*g, *g};
  take(cmd.title, e.after.title);
  take(cmd.description, e.after.description);
  if (cmd.target_date.given) e.after.target_date = cmd.target_date.to;
  if (cmd.status) e.after.status = *cmd.status;
  if (same(e.before, e.after)) return events{};
  e.after.edited_at = at.now;
  return events{std::move(e)};
}

result decide(const support_case& c, role who, const caller& by, const add_progress& cmd, const moment& at) {
  if (who == role::none) return refusal::not_found();
  const auto* g = c.find(cmd.goal);
  if (!g) return refusal::not_found();
  if (auto no = refuse(who, resource::goals, action::write)) return *no;
  if (c.is_closed()) return closed();
  progress_added e{
      *g,
      {at.ids.make<progress_id>(), g->org, g->of_case, g->id, cmd.text.value, by.user, by.full_name, at.now}};
  e.after.progress = e.progress.text;
  e.after.progress_at = at.now;
  e.after.progress_by = by.full_name;
  return events{std::move(e)};
}

}  // namespace model::deciding
