#include "model/org_view.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "model/search.hpp"
#include "model/starter_pack.hpp"
#include "model/templates.hpp"

namespace model {
namespace {

constexpr std::int64_t longest_page = 200;

std::optional<refusal> refuse_unless_admin(const org_state& org, const caller& who) {
  const auto has = standing_of(org, who.user);
  if (has == standing::none) return refusal::not_found();
  if (has != standing::org_admin) return refusal::not_permitted();
  return std::nullopt;
}

/// The landlords whose things somebody sees, looked up once for a whole list.
class scope {
 public:
  scope(const org_state& org, const caller& who) : standing_(standing_of(org, who.user)) {
    if (standing_ == standing::property_manager) {
      const auto& assigned = org.find(who.user)->landlords;
      landlords_ = {assigned.begin(), assigned.end()};
    }
  }
  bool nothing() const { return standing_ == standing::none; }
  bool covers(landlord_id id) const { return standing_ == standing::org_admin || landlords_.count(id) > 0; }

 private:
  standing standing_;
  std::set<landlord_id> landlords_;
};

/// The order of every list: ids tell when a thing was made, and stay put while others come and go.
template <class T, class Id>
std::variant<list_view<const T*>, refusal> page_of(std::vector<const T*> all, Id T::*key,
                                                   const list_query& page) {
  if (page.limit < 1 || page.limit > longest_page)
    return refusal::invalid("limit", "out_of_range", "1 to 200 items.");
  std::sort(all.begin(), all.end(), [&](const T* a, const T* b) { return b->*key < a->*key; });
  if (!page.cursor.empty()) {
    const auto last = parse_id<Id>(page.cursor);
    if (!last) return refusal::invalid("cursor", "invalid", "Only a cursor that an answer gave as `next`.");
    std::erase_if(all, [&](const T* one) { return !(one->*key < *last); });
  }
  list_view<const T*> out;
  const auto limit = static_cast<std::size_t>(page.limit);
  if (all.size() > limit) {
    all.resize(limit);
    out.next = to_text(all.back()->*key);
  }
  out.items = std::move(all);
  return out;
}

/// The page with every item shown by `show`.
template <class View, class T, class Id, class Show>
seen<list_view<View>> show_page(std::vector<const T*> all, Id T::*key, const list_query& page, Show show) {
  auto chosen = page_of(std::move(all), key, page);
  if (auto* no = std::get_if<refusal>(&chosen)) return std::move(*no);
  auto& items = std::get<list_view<const T*>>(chosen);
  list_view<View> out{{}, std::move(items.next)};
  for (const T* item : items.items) out.items.push_back(show(*item));
  return out;
}

template <class T, class Predicate>
std::vector<const T*> pointers(const std::vector<T>& all, Predicate wanted) {
  std::vector<const T*> out;
  for (const auto& one : all)
    if (wanted(one)) out.push_back(&one);
  return out;
}

organisation_admin_view show(const organisation& o) {
  return {o.id,
          o.name,
          o.tier,
          o.time_zone,
          o.support_retention_years,
          o.support_notes_visible_to_housing_officer,
          o.housing_officer_emails,
          o.created_at,
          o.held_since.has_value(),
          o.held_since,
          o.hold_reason};
}
member_view show(const member& m) {
  return {m.user, m.email, m.full_name, m.role, m.landlords, m.created_at};
}
landlord_view show(const landlord& l) { return {l.id, l.name, l.created_at}; }
property_view show(const property& p) { return {p.id, p.landlord, p.address, p.created_at}; }

tenant_view show(const tenant& t, const case_entry* about) {
  return {t.id,
          t.tenancy,
          t.full_name,
          t.email,
          t.phone,
          t.housing_officer_note_visibility,
          about ? std::optional{about->id} : std::nullopt};
}

document_template_view show(const document_template& t) {
  return {t.id,
          t.type,
          t.name,
          t.tenures,
          t.text,
          questions_of(t.text),
          t.due_every_months,
          t.signing_template,
          t.retired,
          t.org.is_nil(),
          t.created_at,
          t.changed_at};
}

/// Tenancies with what belongs to each, gathered in one pass over the organisation.
class tenancy_index {
 public:
  explicit tenancy_index(const org_state& org) {
    for (const auto& p : org.properties) properties_.emplace(p.id, &p);
    for (const auto& t : org.tenants) tenants_[t.tenancy].push_back(&t);
    for (const auto& c : org.cases) cases_.emplace(c.tenant, &c);
  }

  const property* property_of(const tenancy& t) const {
    const auto it = properties_.find(t.property);
    return it == properties_.end() ? nullptr : it->second;
  }

  bool lacks_a_case(const tenancy& t) const {
    const auto& on_it = tenants_of(t);
    return std::any_of(on_it.begin(), on_it.end(), [&](const tenant* one) { return !case_of(*one); });
  }

  std::string searchable(const tenancy& t) const {
    std::string out = one_line(property_of(t)->address);
    for (const auto* one : tenants_of(t)) out += '\n' + one->full_name + '\n' + one->email;
    return out;
  }

  tenancy_view show_tenancy(const tenancy& t) const {
    tenancy_view out;
    out.id = t.id;
    out.property_id = t.property;
    out.property = one_line(property_of(t)->address);
    out.start_date = t.start_date;
    out.end_date = t.end_date;
    out.rent_pence = t.rent_pence;
    out.rent_period = t.rent_period;
    out.tenure_type = t.tenure_type;
    if (t.deposit_pence) out.deposit = deposit_view{*t.deposit_pence, t.deposit_scheme};
    for (const auto* one : tenants_of(t)) out.tenants.push_back(show(*one, case_of(*one)));
    out.created_at = t.created_at;
    return out;
  }

 private:
  const std::vector<const tenant*>& tenants_of(const tenancy& t) const {
    static const std::vector<const tenant*> nobody;
    const auto it = tenants_.find(t.id);
    return it == tenants_.end() ? nobody : it->second;
  }
  const case_entry* case_of(const tenant& t) const {
    const auto it = cases_.find(t.id);
    return it == cases_.end() ? nullptr : it->second;
  }

  std::map<property_id, const property*> properties_;
  std::map<tenancy_id, std::vector<const tenant*>> tenants_;
  std::map<tenant_id, const case_entry*> cases_;
};

}  // namespace

seen<organisation_admin_view> view_organisation(const org_state& org, const caller& who) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  return show(org.settings);
}

seen<billing_admin_view> view_billing(const org_state& org, const caller& who, const plan_catalogue& plans) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  const auto* own = plans.find(org.settings.tier);
  return billing_admin_view{org.settings.tier, own ? own->features : std::vector<std::string>{}, plans.plans};
}

seen<list_view<member_view>> view_members(const org_state& org, const caller& who, const list_query& page) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  return show_page<member_view>(pointers(org.members, [](const member&) { return true; }), &member::user,
                                page, [](const member& m) { return show(m); });
}

seen<list_view<landlord_view>> view_landlords(const org_state& org, const caller& who,
                                              const list_query& page) {
  const scope own(org, who);
  if (own.nothing()) return refusal::not_found();
  return show_page<landlord_view>(
      pointers(org.landlords, [&](const landlord& l) { return own.covers(l.id); }), &landlord::id, page,
      [](const landlord& l) { return show(l); });
}

seen<list_view<property_view>> view_properties(const org_state& org, const caller& who,
                                               const list_query& page) {
  const scope own(org, who);
  if (own.nothing()) return refusal::not_found();
  return show_page<property_view>(
      pointers(org.properties, [&](const property& p) { return own.covers(p.landlord); }), &property::id,
      page, [](const property& p) { return show(p); });
}

seen<list_view<tenancy_view>> view_tenancies(const org_state& org, const caller& who,
                                             const tenancy_query& query) {
  const scope own(org, who);
  if (own.nothing()) return refusal::not_found();
  const tenancy_index index(org);
  const search_words words(query.q);
  const auto wanted = [&](const tenancy& t) {
    const auto* where = index.property_of(t);
    return where && own.covers(where->landlord) && (!query.without_case || index.lacks_a_case(t)) &&
           (words.empty() || words.match(index.searchable(t)));
  };
  return show_page<tenancy_view>(pointers(org.tenancies, wanted), &tenancy::id, query.page,
                                 [&](const tenancy& t) { return index.show_tenancy(t); });
}

seen<list_view<document_template_view>> view_document_templates(const org_state& org, const caller& who,
                                                                const list_query& page) {
  if (standing_of(org, who.user) == standing::none) return refusal::not_found();
  const auto pack = pack_of(org);
  std::vector<const document_template*> all;
  for (const auto& one : pack) all.push_back(one.get());
  return show_page<document_template_view>(std::move(all), &document_template::id, page,
                                           [](const document_template& t) { return show(t); });
}

seen<member_view> view_member(const org_state& org, const caller& who, user_id id) {
  if (auto no = refuse_unless_admin(org, who)) return *no;
  const auto* found = org.find(id);
  if (!found) return refusal::not_found();
  return show(*found);
}

seen<landlord_view> view_landlord(const org_state& org, const caller& who, landlord_id id) {
  const auto* found = org.find(id);
  if (!found || !scope(org, who).covers(id)) return refusal::not_found();
  return show(*found);
}

seen<property_view> view_property(const org_state& org, const caller& who, property_id id) {
  const auto* found = org.find(id);
  if (!found || !scope(org, who).covers(found->landlord)) return refusal::not_found();
  return show(*found);
}

seen<tenancy_view> view_tenancy(const org_state& org, const caller& who, tenancy_id id) {
  const auto* found = org.find(id);
  const auto* where = found ? org.find(found->property) : nullptr;
  if (!where || !scope(org, who).covers(where->landlord)) return refusal::not_found();
  return tenancy_index(org).show_tenancy(*found);
}

seen<tenant_view> view_tenant(const org_state& org, const caller& who, tenant_id id) {
  if (standing_of(org, who.user, id) == standing::none) return refusal::not_found();
  return show(*org.find(id), org.case_of(id));
}

seen<document_template_view> view_document_template(const org_state& org, const caller& who, template_id id) {
  if (standing_of(org, who.user) == standing::none) return refusal::not_found();
  const auto own = org.find(id);
  const auto found = own ? own : starter_template(id);
  if (!found) return refusal::not_found();
  return show(*found);
}

namespace {

using answer = std::optional<org_change_view>;

template <class View>
answer shown(seen<View> view) {
  if (auto* is = std::get_if<View>(&view)) return answer{std::move(*is)};
  return std::nullopt;
}

/// The event that made a thing, where the command made one.
template <class Event>
const Event* made(std::span<const org_event> events) {
  for (const auto& e : events)
    if (const auto* found = std::get_if<Event>(&e)) return found;
  return nullptr;
}

}  // namespace

std::optional<org_change_view> view_change(const org_state& org, const caller& who,
                                           const org_command& command, std::span<const org_event> events) {
  return std::visit(
      overloaded{
          [&](const change_settings&) { return shown(view_organisation(org, who)); },
          [&](const add_member&) {
            const auto* e = made<member_added>(events);
            return e ? answer{show(e->member)} : std::nullopt;
          },
          [&](const remove_member&) { return answer{}; },
          [&](const add_landlord&) {
            const auto* e = made<landlord_added>(events);
            return e ? answer{show(e->landlord)} : std::nullopt;
          },
          [&](const rename_landlord& cmd) { return shown(view_landlord(org, who, cmd.landlord)); },
          [&](const add_property&) {
            const auto* e = made<property_added>(events);
            return e ? answer{show(e->property)} : std::nullopt;
          },
          [&](const change_property& cmd) { return shown(view_property(org, who, cmd.property)); },
          [&](const create_tenancy&) {
            const auto* e = made<tenancy_created>(events);
            return e ? shown(view_tenancy(org, who, e->tenancy.id)) : std::nullopt;
          },
          [&](const change_tenant& cmd) { return shown(view_tenant(org, who, cmd.tenant)); },
          [&](const open_case&) { return answer{}; },
          [&](const retry_mail&) { return answer{}; },
          [&](const add_template&) {
            const auto* e = made<template_added>(events);
            return e ? answer{show(*e->row)} : std::nullopt;
          },
          [&](const change_template& cmd) {
            return shown(view_document_template(org, who, cmd.template_id));
          },
          [&](const preview_digest& cmd) { return answer{view_preview(org, cmd)}; },
          [&](const resend_digest& cmd) {
            if (cmd.found && cmd.found->on_its_way) return answer{view_digest(*cmd.found->on_its_way)};
            const auto* e = made<digest_resent>(events);
            return e ? answer{view_digest({e->row, digest_mail_way{}})} : std::nullopt;
          },
          [&](const set_organisation_hold&) { return shown(view_organisation(org, who)); },
          // The run is shown from its row.
          [&](const run_retention&) { return answer{}; },
      },
      command);
}

}  // namespace model
