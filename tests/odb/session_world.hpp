#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/case_apply.hpp"
#include "model/org_apply.hpp"
#include "odb/session.hpp"
#include "tests/odb/test_cluster.hpp"

namespace store {
inline std::ostream& operator<<(std::ostream& out, commit_result r) {
  constexpr std::array names = {"done", "version_conflict", "taken", "forbidden", "unavailable"};
  return out << names.at(static_cast<std::size_t>(r));
}
}  // namespace store

namespace rehearsal {

/// 2026-11-21 09:00 UTC; tests turn the time themselves.
inline const model::instant morning = *model::parse_instant("2026-11-21T09:00:00.123456Z");

/// Ids that nothing else has, in the order in which they were asked for.
template <class Id>
Id fresh_id() {
  static std::atomic<std::uint32_t> count = 0;
  const auto n = ++count;
  std::array<std::uint8_t, 10> bytes{};
  for (std::size_t i = 0; i < 4; ++i) bytes[9 - i] = static_cast<std::uint8_t>(n >> (8 * i));
  return Id{model::uuid_v7(morning + std::chrono::milliseconds(n), bytes)};
}

/// One that was made at this very time.
template <class Id>
Id fresh_id_of(model::instant at) {
  const auto fresh = fresh_id<Id>();
  std::array<std::uint8_t, 10> bytes{};
  std::copy(fresh.value.begin() + 6, fresh.value.end(), bytes.begin());
  return Id{model::uuid_v7(at, bytes)};
}

inline model::link_secret fresh_secret() {
  const auto id = to_text(fresh_id<model::link_id>());
  return {"hash-" + id, "nonce-" + id};
}

/// An organisation with an admin, a landlord, a property, a joint tenancy and one open case, all written by
/// the store itself, past `decide`.
class small_world {
 public:
  explicit small_world(const std::string& conninfo) : session(conninfo) {
    make_organisation();
    make_stock();
    open_case(0);
  }

  store::change_origin by(const model::caller& who) const { return {who, "request-1", morning}; }

  store::commit_result keep(const model::org_event& event) {
    std::vector<model::org_event> events{event};
    auto next = std::make_shared<const model::org_state>(model::after(*org, events));
    const auto result = session.commit(store::org_commit{by(admin), next, events, {}});
    if (result == store::commit_result::done) org = next;
    return result;
  }

  /// The commit of an event on a case, as `who`.
  store::case_commit change(const model::support_case& on, const model::caller& who,
                            const model::case_event& event) const {
    const std::vector<model::case_event> events{event};
    return {
        by(who), model::after(on, events, morning).header, *model::place_of(*org, on.header.id), events, {}};
  }

  store::commit_result keep(const model::caller& who, const model::case_event& event) {
    const std::vector<store::case_commit> changes{change(load(), who, event)};
    return session.commit(changes).at(0);
  }

  model::support_case load() { return *session.load_case(org->settings.id, opened.at(0)); }

  model::note note(const model::caller& author, std::string body,
                   model::stream stream = model::stream::shared) const {
    model::note n;
    n.id = fresh_id<model::note_id>();
    n.org = org->settings.id;
    n.of_case = opened.at(0);
    n.stream = stream;
    n.body = std::move(body);
    n.author = author.user;
    n.author_name = author.full_name;
    n.created_at = morning;
    return n;
  }

  /// An invite of a new worker to the first case.
  model::collaborator_invited invite(const std::string& email,
                                     model::participation mode = model::participation::full) const {
    model::collaborator_invited e;
    auto& row = e.collaborator;
    row.id = fresh_id<model::collaborator_id>();
    row.org = org->settings.id;
    row.of_case = opened.at(0);
    row.tenant = org->tenants.at(0).id;
    row.participation = mode;
    row.user = fresh_id<model::user_id>();
    row.full_name = "Wanda Worker";
    row.email = email;
    row.created_at = morning;
    row.created_by = admin.user;
    row.invited_at = morning;
    e.created = model::new_user{*row.user, email, *row.full_name, fresh_id<model::org_id>()};
    e.link = link_for(*row.user, model::link_purpose::case_invite);
    e.link.org = row.org;
    e.link.of_case = row.of_case;
    e.link.collaborator = row.id;
    e.mail = fresh_id<model::mail_id>();
    return e;
  }

  static model::magic_link link_for(model::user_id user, model::link_purpose purpose) {
    model::magic_link link;
    link.id = fresh_id<model::link_id>();
    link.user = user;
    link.purpose = purpose;
    link.secret = fresh_secret();
    link.created_at = morning;
    link.expires_at = morning + std::chrono::minutes(10);
    return link;
  }

  static model::caller person(model::user_id user, const std::string& name) { return {user, name, "", {}}; }

  /// Opens the case of the n-th tenant.
  store::commit_result open_case(std::size_t tenant) {
    model::case_header c;
    c.id = fresh_id<model::case_id>();
    c.org = org->settings.id;
    c.tenancy = org->tenancies.at(0).id;
    c.tenant = org->tenants.at(tenant).id;
    c.reference = "SC-" + std::to_string(org->cases_opened + 1);
    c.opened_at = c.last_activity_at = c.shared_activity_at = morning;
    c.version = 1;
    const auto result = keep(model::case_opened{c});
    if (result == store::commit_result::done) opened.push_back(c.id);
    return result;
  }

  store::session session;
  model::caller admin{fresh_id<model::user_id>(), "Ada Admin", "ada@example.org", model::standing::org_admin};
  std::shared_ptr<const model::org_state> org;
  std::vector<model::case_id> opened;

 private:
  void make_organisation() {
    store::provision p;
    p.organisation.id = fresh_id<model::org_id>();
    p.organisation.name = "Homes & Ünïcode GmbH";
    p.organisation.tier = "enterprise";
    p.organisation.created_at = morning;
    p.admin = admin.user;
    admin.email = "ada-" + to_text(admin.user) + "@example.org";
    p.admin_email = admin.email;
    p.admin_name = admin.full_name;
    p.link = link_for(admin.user, model::link_purpose::sign_in);
    p.by = "command line";
    p.entry = fresh_id<model::audit_id>();
    session.create_organisation(p);
    org = std::make_shared<const model::org_state>(*session.load_organisation(p.organisation.id));
  }

  void must(const model::org_event& event) {
    if (keep(event) != store::commit_result::done) throw std::runtime_error("the small world cannot be made");
  }

  void make_stock() {
    const auto id = org->settings.id;
    const model::landlord landlord{fresh_id<model::landlord_id>(), id, "Lord Land", morning};
    must(model::landlord_added{landlord});
    const model::property property{
        fresh_id<model::property_id>(), id, landlord.id, {"1 High Street", "", "Leeds", "LS1 1AA"}, morning};
    must(model::property_added{property});
    model::tenancy_created e;
    e.tenancy = {fresh_id<model::tenancy_id>(),
                 id,
                 property.id,
                 model::day{morning_day},
                 {},
                 65'000,
                 {},
                 {},
                 {},
                 {},
                 morning};
    for (const auto* name : {"Tess Tenant", "Tom 100%_\\ Tenant"}) {
      e.tenants.push_back({fresh_id<model::tenant_id>(), id, e.tenancy.id, name, "tess@example.org", {}, {}});
      e.mails.push_back(fresh_id<model::mail_id>());
    }
    must(e);
  }

  static constexpr auto morning_day = std::chrono::year{2026} / 11 / 21;
};

/// What people write and what attackers write.
// clang-format off
inline constexpr auto emoji =
    "👩🏽‍🚒 family 👨‍👩‍👧 e\u0301 \u202Eright-to-left\u202C שלום مرحبا 'quoted' \"\\ %_ "
    "; DROP TABLE notes; -- \r\n\t end";
// clang-format on

/// Every test gets a database and a small world of its own.
struct with_database {
  rehearsal::test_database db = test_cluster::instance().fresh();
  small_world world{db.service_conninfo};

  store::sql_connection owner() const { return store::sql_connection(db.owner_conninfo); }
  long count(const std::string& from) const {
    return owner().exec("SELECT count(*) FROM keywork." + from).number(0, 0);
  }
  /// Ends every connection of the service, as a restart of the database does.
  void cut() const {
    owner().exec(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'keywork_service'"
        " AND datname = current_database()");
  }
  model::caller worker(const model::collaborator_invited& e) const {
    return small_world::person(*e.collaborator.user, *e.collaborator.full_name);
  }
  static void must(store::commit_result result) {
    if (result != store::commit_result::done) throw std::runtime_error("the story cannot begin");
  }
  /// A worker who accepted.
  model::caller accepted(const std::string& email, model::participation mode = model::participation::full) {
    const auto e = world.invite(email, mode);
    must(world.keep(world.admin, e));
    auto row = e.collaborator;
    row.accepted_at = morning;
    must(world.keep(worker(e), model::collaborator_accepted{row}));
    return worker(e);
  }
};

}  // namespace rehearsal
