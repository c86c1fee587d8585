#pragma once
#include <optional>
#include <stdexcept>
#include <string>

#include "model/org_apply.hpp"
#include "model/org_decide.hpp"

namespace model_tests {

using namespace model;

/// Ids that count upwards.
class counting_ids final : public id_source {
 public:
  uuid next() override {
    uuid out{};
    ++count_;
    for (unsigned i = 0; i < 8; ++i) out.data[15 - i] = static_cast<std::uint8_t>(count_ >> (8 * i));
    return out;
  }

 private:
  std::uint64_t count_ = 0;
};

class counting_links final : public link_source {
 public:
  link_secret next_secret() override {
    ++count_;
    return {"hash" + std::to_string(count_), "nonce" + std::to_string(count_)};
  }

 private:
  int count_ = 0;
};

/// A digest that tells texts apart and shows what it is of; the real one is the actors'.
inline std::string plain_digest(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "00000000";
  std::uint64_t sum = 1469598103934665603u;
  for (const unsigned char c : text) sum = (sum ^ c) * 1099511628211u;
  while (out.size() < 64) {
    out += digits[sum & 15];
    sum = sum >> 4 | sum << 60;
  }
  return out;
}

inline day on(int year, unsigned month, unsigned in_month) {
  return day{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(in_month)};
}

/// An enterprise organisation at 2026-11-21 09:30 UTC: an admin, the landlords North and South with a
/// property each, a manager for North, one for nobody's landlord, and an outsider.
class org_world {
 public:
  org_world() {
    state.settings.id = ids.make<org_id>();
    state.settings.name = "Agency";
    state.settings.tier = "enterprise";
    admin = member("admin@example.org", member_role::org_admin, {});
    north = added<landlord_added>(add_landlord{{"North"}}).landlord.id;
    south = added<landlord_added>(add_landlord{{"South"}}).landlord.id;
    north_manager = member("north@example.org", member_role::property_manager, {north});
    idle_manager = member("idle@example.org", member_role::property_manager, {});
    outsider = person("outsider@example.org");
    north_house = added<property_added>(add_property{north, {{"1 High Street"}, {}, {"Leeds"}, {"LS1 1AA"}}})
                      .property.id;
    south_house =
        added<property_added>(add_property{south, {{"2 Low Road"}, {}, {"York"}, {"YO1 1AA"}}}).property.id;
  }

  caller person(const std::string& email) {
    return {ids.make<user_id>(), "Person of " + email, email, standing::none};
  }

  caller member(const std::string& email, member_role role, std::vector<landlord_id> landlords) {
    const auto who = person(email);
    state.members.push_back(
        {who.user, state.settings.id, email, who.full_name, role, std::move(landlords), now});
    return who;
  }

  outcome<org_event> ask(const caller& who, const org_command& command) {
    return decide(state, who, command, moment{now, ids, links, default_catalogue(), plain_digest});
  }

  /// The events of a command that is accepted; they become part of the state.
  std::vector<org_event> done(const caller& who, const org_command& command) {
    auto answer = ask(who, command);
    if (const auto* no = std::get_if<refusal>(&answer))
      throw std::logic_error("refused: " + std::string(to_text(no->code)) + " " +
                             (no->errors.empty() ? std::string{} : no->errors[0].field));
    auto events = std::get<std::vector<org_event>>(std::move(answer));
    state = after(state, events);
    return events;
  }

  refusal refused(const caller& who, const org_command& command) {
    auto answer = ask(who, command);
    if (auto* no = std::get_if<refusal>(&answer)) return *no;
    throw std::logic_error("accepted");
  }

  refusal_code code(const caller& who, const org_command& command) { return refused(who, command).code; }

  /// `field code` of each error of a refused command.
  std::string errors(const caller& who, const org_command& command) {
    std::string out;
    for (const auto& e : refused(who, command).errors)
      out += (out.empty() ? "" : ", ") + e.field + ' ' + e.code;
    return out;
  }

  /// The one event that an admin's command makes.
  template <class Event>
  Event added(const org_command& command) {
    return std::get<Event>(done(admin, command).at(0));
  }

  create_tenancy terms(property_id where, std::vector<std::string> names = {"Tess Tenant"}) const {
    create_tenancy out;
    out.property = where;
    for (std::size_t i = 0; i < names.size(); ++i)
      out.tenants.push_back({{names[i]}, {"tenant" + std::to_string(i) + "@example.org"}, {}});
    out.start_date = on(2026, 6, 1);
    out.rent_pence = 65'000;
    return out;
  }

  tenancy_created tenancy_at(property_id where, std::vector<std::string> names = {"Tess Tenant"}) {
    return added<tenancy_created>(terms(where, std::move(names)));
  }

  counting_ids ids;
  counting_links links;
  instant now{on(2026, 11, 21) + std::chrono::hours{9} + std::chrono::minutes{30}};
  org_state state;
  caller admin, north_manager, idle_manager, outsider;
  landlord_id north, south;
  property_id north_house, south_house;
};

}  // namespace model_tests
