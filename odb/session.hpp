#pragma once
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/magic_link.hpp"
#include "model/org_commands.hpp"
#include "model/organisation.hpp"
#include "model/plans.hpp"
#include "model/support_case.hpp"
#include "odb/commit.hpp"
#include "odb/rows.hpp"

namespace store {

/// The database cannot be reached or cannot serve now. Whoever catches it answers `unavailable`; the session
/// mends itself with the next call.
struct unavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One connection to PostgreSQL and everything the service ever asks of it. Used by one thread at a time;
/// every call is one transaction that begins by binding who asks (a purpose's role, the person, the
/// organisation), so that row-level security decides beside the actors. Throws `unavailable`, and for
/// anything else that fails std::exception with a text free of row contents.
class session {
 public:
  explicit session(std::string conninfo);
  ~session();
  session(session&&) noexcept;

  // --- into memory (role keywork_loader, confined to one organisation)
  std::optional<model::org_state> load_organisation(model::org_id org);
  /// Without `place`, which the organisation knows. The latest `workspace_list_length` notes of each stream.
  std::optional<model::support_case> load_case(model::org_id org, model::case_id id);
  std::optional<model::note> load_note(model::org_id org, model::case_id of_case, model::note_id id);
  std::optional<model::goal> load_goal(model::org_id org, model::case_id of_case, model::goal_id id);
  std::optional<model::support_session> load_session(model::org_id org, model::case_id of_case,
                                                     model::session_id id);
  std::optional<model::document> load_document(model::org_id org, model::case_id of_case,
                                               model::document_id id);
  /// A document's text, where it has one.
  std::optional<std::string> load_document_text(model::org_id org, model::document_id id);
  /// The whole of a document, a file too: for mails, which are made in memory. Nothing but for a document of
  /// that case that was sent to this very address.
  std::optional<store::mailed_document> mailed_document(model::org_id org, model::case_id of_case,
                                                        model::document_id id, const std::string& to);

  // --- changes (role keywork_person, as the caller)
  /// Commits together, in one database transaction, what it can: results stand in the order of the input. If
  /// one of them fails, each is tried alone, so that none suffers from its neighbour.
  std::vector<commit_result> commit(std::span<const case_commit> changes);
  commit_result commit(const org_commit& change);
  /// An earlier answer under this key, at most 24 hours old at `now`.
  std::optional<kept_answer> find_answer(model::user_id who, const std::string& key, model::instant now);

  // --- lists (role keywork_person, as the caller)
  std::vector<case_row> cases(model::user_id who, const case_query& query);
  /// The next session in a line is the first from `now` on.
  std::vector<caseload_row> caseload(model::user_id who, const page& wanted, model::instant now = {});
  /// One of this person's own assignments, if it is active.
  std::optional<caseload_row> assignment(model::user_id who, model::collaborator_id id);
  /// Newest first, older than `wanted.after`.
  std::vector<model::note> notes(model::user_id who, model::org_id org, model::case_id of_case,
                                 model::stream stream, const page& wanted);
  std::vector<model::goal> goals(model::user_id who, model::org_id org, model::case_id of_case,
                                 const page& wanted);
  std::vector<model::goal_progress> progress(model::user_id who, model::org_id org, model::case_id of_case,
                                             model::goal_id goal, const page& wanted);
  /// The latest to start first.
  std::vector<model::support_session> sessions(model::user_id who, model::org_id org, model::case_id of_case,
                                               const page& wanted);
  std::vector<model::document> documents(model::user_id who, model::org_id org, model::case_id of_case,
                                         const page& wanted);
  std::optional<model::goal> goal(model::user_id who, model::org_id org, model::case_id of_case,
                                  model::goal_id id);
  std::optional<model::support_session> support_session(model::user_id who, model::org_id org,
                                                        model::case_id of_case, model::session_id id);
  std::optional<model::document> document(model::user_id who, model::org_id org, model::case_id of_case,
                                          model::document_id id);
  std::optional<std::string> document_text(model::user_id who, model::org_id org, model::document_id id);
  /// When each safeguarding note of the case was flagged, for its retention (R29).
  std::vector<model::instant> flagged_notes(model::user_id who, model::org_id org, model::case_id of_case);
  /// A piece of an uploaded file, counted from 0; nothing behind the last one.
  std::optional<std::string> document_chunk(model::user_id who, const model::document& of,
                                            std::int32_t index);
  /// Notes and goals with these words, among those that this person may see.
  std::vector<search_row> search(model::user_id who, const search_query& query);
  std::vector<task_row> tasks(model::user_id who, const task_query& query);
  std::vector<membership_row> memberships(model::user_id who);
  /// Whether any assignment of this person was accepted and has not ended.
  bool has_caseload(model::user_id who);

  // --- the audit log (role keywork_person, as the caller)
  std::vector<model::audit_entry> audit(model::user_id who, const audit_query& query);
  /// What a note said before an edit or its deletion: for operators (R11), to everybody else there is none.
  std::optional<model::note_revision> revision(model::user_id who, model::org_id org, model::case_id of_case,
                                               model::revision_id id);
  /// Writes down that `read.user`, who may see the case, opened it at `read.first_at`; once for each hour.
  /// True if it was the first time in that hour. Throws for somebody who may not see it.
  bool keep_read(const case_read& read);
  /// Newest first; for the organisation's admins, to everybody else there are none.
  std::vector<case_read> reads(model::user_id who, model::org_id org, model::case_id of_case,
                               const page& wanted);

  // --- the directory (role keywork_directory)
  std::optional<model::org_id> organisation_of(model::case_id id);
  std::optional<model::org_id> organisation_of(model::property_id id);
  std::optional<model::org_id> organisation_of(model::tenancy_id id);
  std::optional<model::org_id> organisation_of(model::tenant_id id);
  bool exists(model::org_id id);
  model::known_person person_of(const std::string& email);
  model::plan_catalogue plans();

  // --- signing in (role keywork_login)
  std::optional<user_row> find_user(const std::string& email);
  /// Voids the older ones of the same purpose and person, keeps the link and its mail in the outbox.
  void keep_sign_in(const model::magic_link& link, const model::mail_request& mail, model::instant now);
  std::optional<link_row> find_link(const std::string& token_hash);
  /// Spends the link and keeps the login that it opens, both or neither; false if it was spent or voided
  /// meanwhile.
  bool redeem(model::link_id link, const login_row& login, model::instant now);
  std::optional<login_row> find_login(const std::string& token_hash, model::instant now);
  void keep_login(const login_row& login);
  std::vector<login_row> logins(model::user_id who, login_kind kind, model::instant now);
  /// The token hash of the ended login, for the caches; nothing if this person has no such login that is not
  /// ended.
  std::optional<std::string> end_login(model::user_id who, model::login_id id, login_kind kind,
                                       model::instant now);
  /// Takes away some of what has had its day: answers kept for a key more than 24 hours ago; and of more than
  /// 30 days ago logins that ended, mails with sign-in links that were sent or failed, and the links of
  /// those.
  void sweep(model::instant now);

  // --- running the house (role keywork_provisioner)
  /// Makes the organisation with its first org admin, and a sign-in link for them; the audit log says who:
  /// `by`.
  void create_organisation(const provision& what);
  /// Nothing if there is no such organisation; else its tier before.
  std::optional<std::string> set_tier(model::org_id org, const std::string& tier, const std::string& by,
                                      model::audit_id entry, model::instant now);

  /// One cheap round trip: is the database there?
  void ping();

  struct implementation;
  /// For the store's other headers (retention_store.hpp and its like), whose functions take a session: what
  /// is in it only odb/*.cpp know.
  implementation& inside() { return *impl_; }

 private:
  std::unique_ptr<implementation> impl_;
};

}  // namespace store
