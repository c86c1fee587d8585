#include <stdexcept>

#include "model/org_decide.hpp"
#include "model/starter_pack.hpp"
#include "tests/property/attempts.hpp"

namespace rehearsal {
namespace {

using sql::at;
using sql::id;
using sql::text;

struct draft {
  world& w;
  const person& who;
  const model::org_state& org;

  std::string sequence(int opened = 0) const {
    return "UPDATE keywork.org_sequence SET version = version + 1, cases_opened = cases_opened + " +
           std::to_string(opened) + " WHERE org_id = " + id(org.settings.id) +
           " AND version = " + std::to_string(org.version);
  }
  std::string audit(std::optional<model::case_id> of_case = std::nullopt) const {
    return sql::audit(w, who, org.settings.id, of_case);
  }
  std::string key(const model::uuid& row) const {
    return " WHERE org_id = " + id(org.settings.id) + " AND id = " + text(model::to_text(row));
  }

  std::optional<attempt> make(const std::string& what, const model::org_command& command,
                              std::vector<std::string> statements) const {
    const auto result = model::decide(org, w.caller(who), command, w.moment());
    const auto* no = std::get_if<model::refusal>(&result);
    // Quotas and the last admin are promises of wall 1 alone: they tell nobody anything.
    using code = model::refusal_code;
    if (no && (no->code == code::invalid || no->code == code::last_admin)) return std::nullopt;
    if (!no && std::get<0>(result).empty()) return std::nullopt;
    // Where it is refused, what every member may log: then it is refused for the rest.
    const auto kind = no ? "property.added" : model::audit_kind(std::get<0>(result).front());
    return attempt{what, who.id, !no, sql::telling(std::move(statements), kind)};
  }
};

template <class T>
const T* any_of(const std::vector<T>& all) {
  return all.empty() ? nullptr : &all[static_cast<std::size_t>(pick(static_cast<int>(all.size())))];
}

std::optional<attempt> add_member(const draft& d) {
  const auto& whom = *any_of(d.w.people);
  model::add_member command{{whom.email}, {whom.full_name}, model::member_role::property_manager, {}, {}};
  command.landlord_ids = std::vector{d.org.landlords.front().id};
  command.person = model::known_person{whom.id, 0};
  const auto org = id(d.org.settings.id);
  return d.make(
      "add member " + whom.full_name, command,
      {d.sequence(),
       "INSERT INTO keywork.memberships VALUES (" + org + ", " + id(whom.id) + ", " + text(whom.email) +
           ", " + text(whom.full_name) + ", 'property_manager', " + at(d.w.now) + ")",
       "INSERT INTO keywork.manager_landlords VALUES (" + org + ", " + id(whom.id) + ", " +
           id(d.org.landlords.front().id) + ")",
       d.audit(), sql::mail(d.w, d.org.settings.id)});
}

/// The entry first: an admin may remove themselves.
std::optional<attempt> remove_member(const draft& d) {
  const auto* whom = any_of(d.org.members);
  if (!whom) return std::nullopt;
  return d.make("remove member " + whom->full_name, model::remove_member{whom->user},
                {d.sequence(), d.audit(),
                 "DELETE FROM keywork.memberships WHERE org_id = " + id(d.org.settings.id) +
                     " AND user_id = " + id(whom->user)});
}

std::optional<attempt> add_landlord(const draft& d) {
  return d.make("add a landlord", model::add_landlord{{"new"}},
                {d.sequence(),
                 "INSERT INTO keywork.landlords VALUES (" + sql::fresh_id(d.w) + ", " +
                     id(d.org.settings.id) + ", 'new', " + at(d.w.now) + ")",
                 d.audit()});
}

std::optional<attempt> rename_landlord(const draft& d) {
  const auto& l = *any_of(d.org.landlords);
  return d.make("rename landlord " + to_text(l.id), model::rename_landlord{l.id, {"other"}},
                {d.sequence(), "UPDATE keywork.landlords SET name = 'other'" + d.key(l.id.value), d.audit()});
}

std::optional<attempt> add_property(const draft& d) {
  const auto& l = *any_of(d.org.landlords);
  return d.make(
      "add a property to " + to_text(l.id),
      model::add_property{l.id, {{"2 High Street"}, {}, {"Leeds"}, {"LS1"}}},
      {d.sequence(),
       "INSERT INTO keywork.properties VALUES (" + sql::fresh_id(d.w) + ", " + id(d.org.settings.id) + ", " +
           id(l.id) + ", '2 High Street', '', 'Leeds', 'LS1', " + at(d.w.now) + ")",
       d.audit()});
}

std::optional<attempt> move_property(const draft& d) {
  const auto& p = *any_of(d.org.properties);
  const auto& l = *any_of(d.org.landlords);
  return d.make("move property " + to_text(p.id) + " to " + to_text(l.id),
                model::change_property{p.id, l.id, {}},
                {d.sequence(), "UPDATE keywork.properties SET landlord_id = " + id(l.id) + d.key(p.id.value),
                 d.audit()});
}

std::optional<attempt> create_tenancy(const draft& d) {
  const auto& p = *any_of(d.org.properties);
  model::create_tenancy command;
  command.property = p.id;
  command.tenants = {{{"new"}, {"new@example.org"}, {}}};
  command.start_date = d.org.tenancies.front().start_date;
  command.rent_pence = 1;
  const auto org = id(d.org.settings.id);
  const auto tenancy = sql::fresh_id(d.w);
  return d.make("let property " + to_text(p.id), command,
                {d.sequence(),
                 "INSERT INTO keywork.tenancies VALUES (" + tenancy + ", " + org + ", " + id(p.id) +
                     ", '2026-01-05', NULL, 1, 'monthly', 'other', NULL, NULL, " + at(d.w.now) + ")",
                 "INSERT INTO keywork.tenants VALUES (" + sql::fresh_id(d.w) + ", " + org + ", " + tenancy +
                     ", 'new', 'new@example.org', NULL, 'inherit')",
                 d.audit(), sql::mail(d.w, d.org.settings.id)});
}

std::optional<attempt> change_tenant(const draft& d) {
  const auto& t = *any_of(d.org.tenants);
  model::change_tenant command{t.id, {{"other"}}, {}, {}, {}};
  return d.make(
      "rename tenant " + to_text(t.id), command,
      {d.sequence(), "UPDATE keywork.tenants SET full_name = 'other'" + d.key(t.id.value), d.audit()});
}

std::optional<attempt> open_case(const draft& d) {
  const auto& t = *any_of(d.org.tenants);
  const auto made = model::case_id{d.w.ids.next()};
  return d.make("open a case about " + to_text(t.id), model::open_case{t.tenancy, t.id, {}},
                {d.sequence(1),
                 "INSERT INTO keywork.support_cases VALUES (" + id(made) + ", " + id(d.org.settings.id) +
                     ", " + id(t.tenancy) + ", " + id(t.id) + ", 'SC-new', '', " + at(d.w.now) + ", NULL, " +
                     at(d.w.now) + ", " + at(d.w.now) + ", 1)",
                 d.audit(made)});
}

std::optional<attempt> change_settings(const draft& d) {
  model::change_settings command;
  command.name = {"other"};
  command.housing_officer_emails = std::vector<model::email_text>{{"officer@example.org"}};
  const auto org = id(d.org.settings.id);
  return d.make("change the settings", command,
                {d.sequence(), "UPDATE keywork.organisations SET name = 'other' WHERE id = " + org,
                 "INSERT INTO keywork.housing_officer_emails VALUES (" + org + ", 0, 'officer@example.org')",
                 d.audit()});
}

// Of a template, alone or with what every change has beside it: each has to be refused by itself.
std::optional<attempt> make_of_template(const draft& d, const std::string& what,
                                        const model::org_command& command, const std::string& statement) {
  if (pick(2)) return d.make(what, command, {statement});
  return d.make(what, command, {d.sequence(), statement, d.audit()});
}

std::string new_template(const draft& d, const std::string& row) {
  return "INSERT INTO keywork.document_templates VALUES (" + row + ", " + id(d.org.settings.id) +
         ", 'letter', 'new', '', 'text', NULL, false, " + at(d.w.now) + ", NULL)";
}

std::optional<attempt> add_template(const draft& d) {
  return make_of_template(d, "add a template",
                          model::add_template{model::document_type::letter, {"new"}, {}, {"text"}, {}},
                          new_template(d, sql::fresh_id(d.w)));
}

/// One of its own is a row already; one of the starter pack becomes one.
std::optional<attempt> change_template(const draft& d) {
  const auto& built_in = model::starter_pack().front();
  const auto* own = any_of(d.org.templates);
  if (!own && d.org.find(built_in->id)) return std::nullopt;
  model::change_template command;
  command.template_id = own ? (*own)->id : built_in->id;
  command.name = {"other"};
  return make_of_template(
      d, own ? "change a template" : "change a template of the starter pack", command,
      own ? "UPDATE keywork.document_templates SET name = 'other', retired = true" + d.key((*own)->id.value)
          : new_template(d, id(built_in->id)));
}

/// What no command stands for: nobody may, whatever their role.
std::optional<attempt> take_template_away(const draft& d) {
  const auto* own = any_of(d.org.templates);
  if (!own) return std::nullopt;
  return attempt{"take a template away",
                 d.who.id,
                 false,
                 {"DELETE FROM keywork.document_templates" + d.key((*own)->id.value)}};
}

std::optional<attempt> forge_template(const draft& d) {
  const auto* own = any_of(d.org.templates);
  if (!own) return std::nullopt;
  const std::vector<std::string> forgeries{
      "id = " + sql::fresh_id(d.w),
      "org_id = " + id(d.w.orgs.back().state.settings.id) + ", created_at = created_at - interval '1 day'",
      "type = 'checklist'", "created_at = " + at(d.w.now)};
  return attempt{"forge a template",
                 d.who.id,
                 false,
                 {"UPDATE keywork.document_templates SET " + *any_of(forgeries) + d.key((*own)->id.value)}};
}

std::optional<attempt> hold_organisation(const draft& d) {
  const bool on = !d.org.settings.held_since.has_value();
  return d.make(
      on ? "hold the organisation" : "lift the organisation's hold",
      model::set_organisation_hold{on, {"A court order."}},
      {d.sequence(),
       "UPDATE keywork.organisations SET held_since = " + (on ? at(d.w.now) : "NULL") +
           ", hold_reason = " + (on ? "'A court order.'" : "NULL") + " WHERE id = " + id(d.org.settings.id),
       d.audit()});
}

std::optional<attempt> ask_for_sweep(const draft& d) {
  return d.make(
      "ask for a sweep", model::run_retention{},
      {d.sequence(),
       "INSERT INTO keywork.retention_runs (org_id, id, kind, day, asked_at, asked_by_id) VALUES (" +
           id(d.org.settings.id) + ", " + sql::fresh_id(d.w) + ", 'asked', '2026-11-21', " + at(d.w.now) +
           ", " + id(d.who.id) + ")",
       d.audit()});
}

/// What the sweep alone writes: nobody may, whatever their role.
std::optional<attempt> forge_sweep(const draft& d) {
  const auto org = id(d.org.settings.id);
  const auto run = "INSERT INTO keywork.retention_runs (org_id, id, kind, day, asked_at, asked_by_id";
  const auto values = ") VALUES (" + org + ", " + sql::fresh_id(d.w) + ", ";
  const auto rest = ", '2026-11-21', " + at(d.w.now) + ", ";
  const std::vector<std::string> forgeries{
      run + values + "'daily'" + rest + id(d.who.id) + ")",
      run + values + "'asked'" + rest + "gen_random_uuid())",
      run + std::string(", started_at, finished_at, outcome") + values + "'asked'" + rest + id(d.who.id) +
          ", " + at(d.w.now) + ", " + at(d.w.now) + ", 'done')",
      "DELETE FROM keywork.retention_runs",
      "UPDATE keywork.retention_runs SET notes = 1",
      "INSERT INTO keywork.erasures SELECT",
      "SELECT FROM keywork.erasures",
      "SELECT keywork.erase(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
      "SELECT keywork.erase_again(NULL)",
      "UPDATE keywork.support_cases SET kept_since = closed_at"};
  return attempt{"forge a sweep", d.who.id, false, {*any_of(forgeries)}};
}

}  // namespace

std::optional<attempt> attempt_on_organisation(world& w, const person& who, const org_world& org, int kind) {
  const draft d{w, who, org.state};
  switch (kind) {
    case 0:
      return add_member(d);
    case 1:
      return remove_member(d);
    case 2:
      return add_landlord(d);
    case 3:
      return rename_landlord(d);
    case 4:
      return add_property(d);
    case 5:
      return move_property(d);
    case 6:
      return create_tenancy(d);
    case 7:
      return change_tenant(d);
    case 8:
      return open_case(d);
    case 9:
      return change_settings(d);
    case 10:
      return add_template(d);
    case 11:
      return change_template(d);
    case 12:
      return take_template_away(d);
    case 13:
      return forge_template(d);
    case 14:
      return hold_organisation(d);
    case 15:
      return ask_for_sweep(d);
    case 16:
      return forge_sweep(d);
  }
  throw std::out_of_range("no such kind of attempt");
}

}  // namespace rehearsal
