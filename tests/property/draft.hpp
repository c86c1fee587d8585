#pragma once
#include "model/case_decide.hpp"
#include "tests/property/attempts.hpp"

namespace rehearsal {

using sql::at;
using sql::id;
using sql::text;

/// Without what every change has beside it (the header's version, the log, the former body, the mail), where
/// something is left: each statement has to be refused by itself, not for its neighbours.
inline std::vector<std::string> heart_of(std::vector<std::string> statements) {
  const auto is_beside = [](const std::string& s) {
    for (const std::string_view start : {"UPDATE keywork.support_cases", "INSERT INTO keywork.audit_entries",
                                         "INSERT INTO keywork.note_revisions", "INSERT INTO keywork.outbox"})
      if (s.starts_with(start)) return true;
    return false;
  };
  auto heart = statements;
  std::erase_if(heart, is_beside);
  return heart.empty() ? statements : heart;
}

/// One attempt in the making.
struct draft {
  world& w;
  const person& who;
  const org_world& org;
  const model::support_case& c;

  std::string key(const model::uuid& row) const {
    return " WHERE org_id = " + id(c.header.org) + " AND id = " + text(model::to_text(row));
  }

  std::string header(const std::string& more = "") const {
    return "UPDATE keywork.support_cases SET version = version + 1, last_activity_at = " + at(w.now) +
           ", shared_activity_at = " + at(w.now) + more + key(c.header.id.value) +
           " AND version = " + std::to_string(c.header.version);
  }

  std::string audit() const { return sql::audit(w, who, c.header.org, c.header.id); }

  std::string revision(const model::note& n) const {
    return "INSERT INTO keywork.note_revisions VALUES (" + sql::fresh_id(w) + ", " + id(n.org) + ", " +
           id(n.of_case) + ", " + id(n.id) + ", " + text(n.body) + ", " + at(w.now) + ", " + id(who.id) + ")";
  }

  struct verdict {
    bool allowed = false;
    /// What the log tells of it. Where it is refused, what everybody on a case may log: then it is refused
    /// for the rest.
    std::string kind = "session.edited";
  };

  /// What wall 1 says: nothing where the input is what is wrong, or nothing would change.
  std::optional<verdict> decide(const model::case_command& command) const {
    const bool sold =
        model::default_catalogue().includes(org.state.settings.tier, model::support_cases_feature);
    if (!sold) return verdict{};
    const auto result = model::decide(c, w.caller(who, org, c), command, w.moment());
    if (const auto* no = std::get_if<model::refusal>(&result)) {
      if (no->code == model::refusal_code::invalid) return std::nullopt;
      return verdict{};
    }
    if (std::get<0>(result).empty()) return std::nullopt;
    return verdict{true, std::string(model::audit_kind(std::get<0>(result).front()))};
  }

  std::optional<attempt> make(const std::string& what, const model::case_command& command,
                              std::vector<std::string> statements) const {
    const auto said = decide(command);
    if (!said) return std::nullopt;
    if (pick(2)) statements = heart_of(std::move(statements));
    return attempt{what, who.id, said->allowed, sql::telling(std::move(statements), said->kind)};
  }
};

/// The `kind`th way to change a goal, session or document of the case (part_attempts.cpp).
std::optional<attempt> attempt_on_part(const draft& d, int kind);
inline constexpr int kinds_of_part_attempts = 20;

/// Statements about goals, sessions and documents that no command stands for.
std::vector<attempt> attacks_on_parts(world& w, const person& who, const person& other,
                                      const model::support_case& c);

}  // namespace rehearsal
