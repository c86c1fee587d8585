#pragma once
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/case_apply.hpp"
#include "model/case_decide.hpp"
#include "model/case_view.hpp"
#include "tests/model/org_world.hpp"

namespace model_tests {

/// An open case of Tess Tenant on 2026-11-21 at 09:30 UTC: its admin and manager, Fay with a full and Connie
/// with a context_only assignment, both accepted, a contact card, and an outsider. Every accepted command
/// turns the clock on by a minute.
class case_world {
 public:
  case_world() {
    auto& h = state.header;
    h.id = ids.make<case_id>();
    h.org = ids.make<org_id>();
    h.tenancy = ids.make<tenancy_id>();
    h.tenant = ids.make<tenant_id>();
    h.reference = "SC-0001";
    h.context_summary = "Settling in.";
    h.opened_at = h.last_activity_at = h.shared_activity_at = now;
    h.version = 1;
    state.place = {h.org, "Agency", h.tenant, "Tess Tenant", h.tenancy, "1 High Street, Leeds, LS1 1AA"};
    admin = person("admin@example.org", standing::org_admin);
    manager = person("manager@example.org", standing::property_manager);
    outsider = person("outsider@example.org");
    fay_row = accepted("fay@support.example", participation::full, fay);
    connie_row = accepted("connie@council.example", participation::context_only, connie);
    state.outgrown = false;  // the actor has read the case again since
    card_row = added<contact_added>(card("Dr Grey", "grey@surgery.example")).collaborator.id;
  }

  /// The part of the service that tells what became of mails.
  static caller mailer() { return {{}, "Keywork", {}, standing::none, service_part::mailer}; }

  caller person(const std::string& email, standing as = standing::none) {
    return {ids.make<user_id>(), "Person of " + email, email, as};
  }

  static add_to_team invitation(const std::string& email, participation mode = participation::full) {
    add_to_team cmd;
    cmd.participation = mode;
    cmd.full_name = name_text{"Worker " + email};
    cmd.email = email_text{email};
    cmd.person = known_person{};
    return cmd;
  }

  static add_to_team card(const std::string& name, const std::string& email) {
    add_to_team cmd;
    cmd.participation = participation::reference_only;
    cmd.contact_name = name_text{name};
    cmd.contact_email = email_text{email};
    return cmd;
  }

  /// Invites and accepts; `who` becomes the worker.
  collaborator_id accepted(const std::string& email, participation mode, caller& who) {
    const auto row = added<collaborator_invited>(invitation(email, mode)).collaborator;
    who = {row.user.value(), row.full_name.value(), email, standing::none};
    done(who, accept_invite{row.id});
    return row.id;
  }

  outcome<case_event> ask(const caller& who, const case_command& command) {
    return decide(state, who, command,
                  moment{now, ids, links, default_catalogue(), plain_digest, signs_online});
  }

  /// The events of a command that is accepted; they become part of the state.
  std::vector<case_event> done(const caller& who, const case_command& command) {
    auto answer = ask(who, command);
    if (const auto* no = std::get_if<refusal>(&answer))
      throw std::logic_error("refused: " + std::string(to_text(no->code)));
    auto events = std::get<std::vector<case_event>>(std::move(answer));
    kinds.insert(events.begin(), events.end());
    if (!events.empty()) state = after(state, events, now);
    now += std::chrono::minutes{1};
    return events;
  }

  refusal refused(const caller& who, const case_command& command) {
    auto answer = ask(who, command);
    if (auto* no = std::get_if<refusal>(&answer)) return *no;
    throw std::logic_error("accepted");
  }
  refusal_code code(const caller& who, const case_command& command) { return refused(who, command).code; }

  /// `field code` of each error of a refused command.
  std::string errors(const caller& who, const case_command& command) {
    std::string out;
    for (const auto& e : refused(who, command).errors)
      out += (out.empty() ? "" : ", ") + e.field + ' ' + e.code;
    return out;
  }

  /// The one event that an admin's command makes.
  template <class Event>
  Event added(const case_command& command) {
    return std::get<Event>(done(admin, command).at(0));
  }

  note_id note(const caller& who, stream where, std::string body, std::optional<bool> flag = {}) {
    return std::get<note_added>(done(who, add_note{where, {std::move(body)}, flag}).at(0)).note.id;
  }
  const model::note& at(note_id id) const { return *state.find(id); }
  const collaborator& at(collaborator_id id) const { return *state.find(id); }

  goal_id goal(const caller& who, std::string title) {
    return std::get<goal_added>(done(who, add_goal{{std::move(title)}, {}, {}, {}}).at(0)).goal.id;
  }
  static add_session session_at(instant when) { return {when, {}, session_type::key_work, {}, {}, {}}; }
  session_id session(const caller& who, instant when) {
    return std::get<session_added>(done(who, session_at(when)).at(0)).session.id;
  }
  static create_document draft_of(document_type type, std::string body) {
    create_document cmd;
    cmd.type = type;
    cmd.title = {"A document"};
    cmd.body = document_body{std::move(body)};
    return cmd;
  }
  document_id document(const caller& who, document_type type = document_type::letter,
                       std::string body = "DOCUMENT-WORDS") {
    return std::get<document_created>(done(who, draft_of(type, std::move(body))).at(0)).after.id;
  }
  const model::document& at(document_id id) const { return *state.find(id); }
  const model::goal& at(goal_id id) const { return *state.find(id); }

  static edit_note flag(note_id id, bool on, std::optional<std::string> why = {}) {
    return {id, {}, on, why ? std::optional{reason_text{*why}} : std::nullopt};
  }
  static edit_note body(note_id id, std::string text) { return {id, note_text{std::move(text)}, {}, {}}; }

  workspace_view seen_by(const caller& who) const { return std::get<workspace_view>(view(state, who)); }

  struct by_kind {
    bool operator()(const case_event& a, const case_event& b) const { return a.index() < b.index(); }
  };
  /// One event of each kind that happened so far.
  std::set<case_event, by_kind> kinds;

  counting_ids ids;
  counting_links links;
  instant now{on(2026, 11, 21) + std::chrono::hours{9} + std::chrono::minutes{30}};
  bool signs_online = false;
  support_case state;
  caller admin, manager, fay, connie, outsider;
  collaborator_id fay_row, connie_row, card_row;
};

}  // namespace model_tests
