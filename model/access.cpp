#include "model/access.hpp"

#include <algorithm>
#include <array>

namespace model::access {
namespace {

struct line {
  rule of;
  bool org_admin, property_manager, full, context_only;
};

constexpr bool y = true, n = false;

// DOMAIN §3. What is not written here is not allowed.
// clang-format off
constexpr std::array matrix{
    //                                                        A  P  F  C
    line{{resource::case_header, action::read},               y, y, y, y},
    line{{resource::case_header, action::write},              y, y, n, n},
    line{{resource::lifecycle, action::write},                y, y, n, n},
    line{{resource::shared_notes, action::read},              y, y, y, y},
    line{{resource::shared_notes, action::write},             y, y, y, n},
    line{{resource::professional_notes, action::read},        y, y, n, n},
    line{{resource::professional_notes, action::write},       y, y, n, n},
    line{{resource::goals, action::read},                     y, y, y, y},
    line{{resource::goals, action::write},                    y, y, y, n},
    line{{resource::sessions, action::read},                  y, y, y, n},
    line{{resource::sessions, action::write},                 y, y, y, n},
    line{{resource::own_sessions, action::read},              y, y, y, y},
    line{{resource::own_sessions, action::write},             y, y, y, y},
    line{{resource::collaborators, action::read},             y, y, y, n},
    line{{resource::collaborators, action::write},            y, y, n, n},
    line{{resource::collaborator_names, action::read},        y, y, y, y},
    line{{resource::reference_contacts, action::read},        y, y, n, n},
    line{{resource::reference_contacts, action::write},       y, y, n, n},
    line{{resource::documents, action::read},                 y, y, y, n},
    line{{resource::documents, action::write},                y, y, y, n},
    line{{resource::documents, action::submit},               y, y, y, n},
    line{{resource::documents, action::approve},              y, y, n, n},
    line{{resource::audit_log, action::read},                 y, y, n, n},
    line{{resource::read_log, action::read},                  y, n, n, n},
    line{{resource::organisation, action::read},              y, n, n, n},
    line{{resource::organisation, action::write},             y, n, n, n},
};
// clang-format on

constexpr auto all_rules = [] {
  std::array<rule, matrix.size()> out{};
  std::transform(matrix.begin(), matrix.end(), out.begin(), [](const line& l) { return l.of; });
  return out;
}();

bool cell(const line& l, role who) {
  switch (who) {
    case role::org_admin:
      return l.org_admin;
    case role::property_manager:
      return l.property_manager;
    case role::full:
      return l.full;
    case role::context_only:
      return l.context_only;
    case role::none:
      return false;
  }
  return false;
}

}  // namespace

bool allowed(role who, resource which, action what) {
  return std::any_of(matrix.begin(), matrix.end(),
                     [&](const line& l) { return l.of.which == which && l.of.what == what && cell(l, who); });
}

std::span<const rule> rules() { return all_rules; }

std::vector<std::string> permissions(role who) {
  std::vector<std::string> out;
  for (const auto& l : matrix)
    if (l.of.which != resource::organisation && cell(l, who))
      out.push_back(std::string(to_text(l.of.which)) + '.' + std::string(to_text(l.of.what)));
  return out;
}

}  // namespace model::access
