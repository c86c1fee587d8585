#include <sstream>

#include "odb/session_impl.hpp"

namespace store {
namespace {

struct id_values {
  model::uuid id;
};
struct email_values {
  std::string email;
};

/// The organisation of a row, through a statement that ends where its id goes.
std::optional<model::org_id> find_organisation(transactions& database, const char* name, const char* select,
                                               const model::uuid& id) {
  using query = odb::query<id_view>;
  return database.run({.as = purpose::directory}, [&](unit& u) -> std::optional<model::org_id> {
    const auto found = first_of(u.ask<id_view>(
        name, id_values{id}, [&](const id_values& v) { return query(select) + query::_ref(v.id); }));
    if (!found) return std::nullopt;
    return model::org_id{found->id};
  });
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

}  // namespace

std::optional<model::org_id> session::organisation_of(model::case_id id) {
  return find_organisation(impl_->database, "org_of_case",
                           "SELECT org_id FROM keywork.support_cases WHERE id =", id.value);
}
std::optional<model::org_id> session::organisation_of(model::property_id id) {
  return find_organisation(impl_->database, "org_of_property",
                           "SELECT org_id FROM keywork.properties WHERE id =", id.value);
}
std::optional<model::org_id> session::organisation_of(model::tenancy_id id) {
  return find_organisation(impl_->database, "org_of_tenancy",
                           "SELECT org_id FROM keywork.tenancies WHERE id =", id.value);
}
std::optional<model::org_id> session::organisation_of(model::tenant_id id) {
  return find_organisation(impl_->database, "org_of_tenant",
                           "SELECT org_id FROM keywork.tenants WHERE id =", id.value);
}
bool session::exists(model::org_id id) {
  return find_organisation(impl_->database, "org_exists",
                           "SELECT id FROM keywork.organisations WHERE id =", id.value)
      .has_value();
}

model::known_person session::person_of(const std::string& email) {
  using query = odb::query<person_view>;
  return impl_->database.run({.as = purpose::directory}, [&](unit& u) {
    const auto found =
        first_of(u.ask<person_view>("person_of", email_values{email}, [](const email_values& v) {
          return "SELECT u.id, (SELECT count(DISTINCT c.tenant_id) FROM keywork.caseload c WHERE c.user_id = "
                 "u.id)"
                 " FROM keywork.users u WHERE u.email =" +
                 query::_ref(v.email);
        }));
    return found ? model::known_person{found->user, found->active_tenants} : model::known_person{};
  });
}

model::plan_catalogue session::plans() {
  using query = odb::query<plan_view>;
  return impl_->database.run({.as = purpose::directory}, [&](unit& u) {
    model::plan_catalogue catalogue;
    for (auto& row : u.ask<plan_view>("plans", no_values{}, [](const no_values&) {
           return query(
               "SELECT tier, price_pence_per_month, price_pence_per_year, tenancies, users,"
               " array_to_string(features, ',') FROM keywork.plans ORDER BY position");
         }))
      catalogue.plans.push_back({std::move(row.tier), row.price_pence_per_month, row.price_pence_per_year,
                                 row.tenancies, row.users, split(row.features)});
    return catalogue;
  });
}

}  // namespace store
