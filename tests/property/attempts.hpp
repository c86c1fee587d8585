#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tests/property/world.hpp"

namespace rehearsal {

/// Something that a person tries to write: what it is, whether wall 1 lets it pass, and the statements that
/// the store would run for it. Each statement meets exactly one row where wall 2 lets it pass too.
struct attempt {
  std::string what;
  model::user_id who;
  bool allowed = false;
  std::vector<std::string> statements;
};

/// The `kind`th way to change this case, if there is something there to change so.
std::optional<attempt> attempt_on_case(world& w, const person& who, const org_world& org,
                                       const model::support_case& c, int kind);
inline constexpr int kinds_of_case_attempts = 16 + 19;

/// The `kind`th way to change this organisation.
std::optional<attempt> attempt_on_organisation(world& w, const person& who, const org_world& org, int kind);
inline constexpr int kinds_of_organisation_attempts = 17;

/// Statements that no command stands for: nobody may do these to this case, whatever their role.
std::vector<attempt> attacks_on_case(world& w, const person& who, const model::support_case& c);

/// Reading what stands behind the functions and triggers, which is nobody's.
std::vector<attempt> attacks_on_what_is_shut(const person& who);

/// Parts of statements.
namespace sql {
std::string text(const std::string& plain);
template <class Id>
std::string id(const Id& i) {
  return "'" + to_text(i) + "'";
}
std::string at(model::instant t);
std::string fresh_id(world& w);
/// An id that was made at `w.now`.
std::string id_of_now(world& w);
/// Stands in an audit entry until it is known what the entry tells of.
inline constexpr std::string_view kind_to_come = "kind to come";
std::vector<std::string> telling(std::vector<std::string> statements, std::string_view kind);
std::string audit(world& w, const person& by, model::org_id org, std::optional<model::case_id> of_case);
std::string mail(world& w, model::org_id org);
}  // namespace sql

}  // namespace rehearsal
