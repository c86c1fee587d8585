#include "model/audit.hpp"

#include "model/json.hpp"
#include "model/utf8.hpp"
#include "model/wording.hpp"

namespace model {
namespace {

// What of each event the log shows. Bodies stand in no detail (R11): to a note's a revision's id leads; of a
// session's outcome note, a document's content and a template's text there are the length and the digest.

struct note_detail {
  note_id note;
  stream stream_;
  bool safeguarding;
};
BOOST_DESCRIBE_STRUCT(note_detail, (), (note, stream_, safeguarding))

struct revision_detail {
  note_id note;
  stream stream_;
  revision_id revision;
};
BOOST_DESCRIBE_STRUCT(revision_detail, (), (note, stream_, revision))

struct unflag_detail {
  note_id note;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(unflag_detail, (), (note, reason))

struct invite_detail {
  collaborator after;
  std::vector<std::string> warnings;
};
BOOST_DESCRIBE_STRUCT(invite_detail, (), (after, warnings))

struct mail_detail {
  collaborator_id collaborator;
  mail_id mail;
  mail_fate fate;
  instant at;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(mail_detail, (), (collaborator, mail, fate, at, reason))

template <class T>
struct after_detail {
  T after;
  BOOST_DESCRIBE_CLASS(after_detail, (), (after), (), ())
};
template <class T>
struct change_detail {
  T before;
  T after;
  BOOST_DESCRIBE_CLASS(change_detail, (), (before, after), (), ())
};
template <class T>
struct before_detail {
  T before;
  BOOST_DESCRIBE_CLASS(before_detail, (), (before), (), ())
};

/// A session without its outcome note; of that the length and the digest.
struct session_summary {
  session_id id;
  org_id org;
  case_id of_case;
  instant starts_at;
  std::optional<instant> ends_at;
  session_type type = session_type::appointment;
  std::string attendees;
  session_status status = session_status::scheduled;
  std::int64_t outcome_length = 0;  // characters
  std::optional<std::string> outcome_sha256;
  user_id author;
  std::string author_name;
  instant created_at;
  std::optional<instant> edited_at;
};
BOOST_DESCRIBE_STRUCT(session_summary, (),
                      (id, org, of_case, starts_at, ends_at, type, attendees, status, outcome_length,
                       outcome_sha256, author, author_name, created_at, edited_at))

session_summary about(const support_session& s, const std::string& sha256) {
  return {s.id,
          s.org,
          s.of_case,
          s.starts_at,
          s.ends_at,
          s.type,
          s.attendees,
          s.status,
          static_cast<std::int64_t>(length_in_characters(s.outcome_note)),
          sha256.empty() ? std::nullopt : std::optional{sha256},
          s.author,
          s.author_name,
          s.created_at,
          s.edited_at};
}

note_detail about(const note& n) { return {n.id, n.stream, n.safeguarding}; }
revision_detail about(const note& n, const note_revision& r) { return {n.id, n.stream, r.id}; }

std::string detail(const note_added& e) { return to_json(about(e.note)); }
std::string detail(const note_edited& e) { return to_json(about(e.after, e.before)); }
std::string detail(const note_flagged& e) { return to_json(about(e.after)); }
std::string detail(const note_unflagged& e) { return to_json(unflag_detail{e.after.id, e.reason}); }
std::string detail(const note_deleted& e) { return to_json(about(e.after, e.before)); }
std::string detail(const collaborator_invited& e) {
  invite_detail d{e.collaborator, {}};
  if (e.over_soft_cap) d.warnings.emplace_back("caseload_soft_cap");
  return to_json(d);
}
std::string detail(const invite_resent& e) { return to_json(after_detail<collaborator>{e.after}); }
std::string detail(const invite_mail_reported& e) {
  const auto& row = e.after;
  return to_json(mail_detail{row.id, row.invite_mail.value_or(mail_id{}),
                             row.invite_mail_fate.value_or(mail_fate::delivered),
                             row.invite_mail_at.value_or(instant{}), row.invite_mail_reason});
}
std::string detail(const contact_added& e) { return to_json(after_detail<collaborator>{e.collaborator}); }
std::string detail(const member_added& e) { return to_json(after_detail<member>{e.member}); }
std::string detail(const member_removed& e) { return to_json(before_detail<member>{e.member}); }
std::string detail(const progress_added& e) { return to_json(after_detail<goal_progress>{e.progress}); }
std::string detail(const session_added& e) {
  return to_json(after_detail<session_summary>{about(e.session, e.outcome_sha256)});
}
std::string detail(const session_edited& e) {
  return to_json(change_detail<session_summary>{about(e.before, e.outcome_sha256_before),
                                                about(e.after, e.outcome_sha256)});
}
// Of a document the log tells the steps and the content's digest; the content is kept with the document.
std::string detail(const document_created& e) { return to_json(after_detail<document>{e.after}); }
std::string detail(const document_edited& e) { return to_json(change_detail<document>{e.before, e.after}); }
std::string detail(const document_file_attached& e) {
  return to_json(change_detail<document>{e.before, e.after});
}
std::string detail(const document_sent& e) { return to_json(after_detail<document>{e.after}); }
/// Every other event tells before and after itself.
template <class Event>
std::string detail(const Event& e) {
  return to_json(e);
}

std::vector<mail_request> invite_mail(const collaborator& row, const magic_link& link, mail_id id,
                                      const case_place& place, const caller& by) {
  return {{id,
           *row.email,
           *row.full_name,
           "invite",
           {{"organisation", place.organisation_name},
            {"invited_by", by.full_name},
            {"full_name", *row.full_name},
            {"expires", to_text(link.expires_at)}},
           link.id}};
}

// The mailer puts the document itself in when it sends: what is approved does not change any more.
std::vector<mail_request> document_mail(const document_sent& e, const case_place& place, const caller& by) {
  const auto& d = e.after;
  return {{e.mail,
           d.sent_to_email.value_or(""),
           d.sent_to_name.value_or(""),
           d.signing ? "document_to_sign" : "document",
           {{"document_id", to_text(d.id)},
            {"title", d.title},
            {"full_name", d.sent_to_name.value_or("")},
            {"sent_by", by.full_name},
            {"organisation", place.organisation_name},
            {"tenant", place.tenant_name},
            {"time_zone", place.time_zone}},
           std::nullopt}};
}

std::vector<mail_request> mails(const member_added& e, const org_state& org, const caller& by) {
  return {{e.mail,
           e.member.email,
           e.member.full_name,
           "member_invite",
           {{"organisation", org.settings.name},
            {"invited_by", by.full_name},
            {"full_name", e.member.full_name},
            {"expires", to_text(e.link.expires_at)}},
           e.link.id}};
}

// R5: the information sheet. Nothing in it hints at support.
std::vector<mail_request> mails(const tenancy_created& e, const org_state& org, const caller&) {
  const auto* home = org.find(e.tenancy.property);
  const auto* owner = home ? org.find(home->landlord) : nullptr;
  std::vector<mail_request> out;
  for (std::size_t i = 0; i < e.tenants.size(); ++i)
    out.push_back(
        {e.mails[i],
         e.tenants[i].email,
         e.tenants[i].full_name,
         "tenancy_info",
         {{"full_name", e.tenants[i].full_name},
          {"agent", org.settings.name},
          {"landlord", owner ? owner->name : org.settings.name},
          {"property", home ? one_line(home->address) : ""},
          {"start_date", to_text(e.tenancy.start_date)},
          {"end_date", e.tenancy.end_date ? to_text(*e.tenancy.end_date) : "periodic, with no end date"},
          {"rent", money(e.tenancy.rent_pence)},
          {"rent_period", words(to_text(e.tenancy.rent_period))},
          {"tenure", words(to_text(e.tenancy.tenure_type))},
          {"deposit", e.tenancy.deposit_pence ? money(*e.tenancy.deposit_pence) : "none"}},
         std::nullopt});
  return out;
}

}  // namespace

std::string_view audit_kind(const case_event& e) {
  return std::visit([](const auto& event) { return std::decay_t<decltype(event)>::kind; }, e);
}
std::string_view audit_kind(const org_event& e) {
  return std::visit([](const auto& event) { return std::decay_t<decltype(event)>::kind; }, e);
}
std::string audit_detail(const case_event& e) {
  return std::visit([](const auto& event) { return detail(event); }, e);
}
std::string audit_detail(const org_event& e) {
  return std::visit([](const auto& event) { return detail(event); }, e);
}

std::vector<mail_request> mails_of(const case_event& e, const case_place& place, const caller& by) {
  return std::visit(
      overloaded{[&](const collaborator_invited& i) {
                   return invite_mail(i.collaborator, i.link, i.mail, place, by);
                 },
                 [&](const invite_resent& i) { return invite_mail(i.after, i.link, i.mail, place, by); },
                 [&](const document_sent& d) {
                   // The signing service mails the signer itself.
                   return d.signature ? std::vector<mail_request>{} : document_mail(d, place, by);
                 },
                 [](const auto&) { return std::vector<mail_request>{}; }},
      e);
}

std::vector<mail_request> mails_of(const org_event& e, const org_state& after, const caller& by) {
  return std::visit(
      overloaded{[&](const member_added& m) { return mails(m, after, by); },
                 [&](const tenancy_created& t) { return mails(t, after, by); },
                 [](const digest_resent& d) { return std::vector{digest_mail(d.row, d.full_name)}; },
                 [](const auto&) { return std::vector<mail_request>{}; }},
      e);
}

const magic_link* link_of(const case_event& e) {
  if (const auto* i = std::get_if<collaborator_invited>(&e)) return &i->link;
  if (const auto* i = std::get_if<invite_resent>(&e)) return &i->link;
  return nullptr;
}
const magic_link* link_of(const org_event& e) {
  const auto* m = std::get_if<member_added>(&e);
  return m ? &m->link : nullptr;
}
const new_user* user_made_by(const case_event& e) {
  const auto* i = std::get_if<collaborator_invited>(&e);
  return i && i->created ? &*i->created : nullptr;
}
const new_user* user_made_by(const org_event& e) {
  const auto* m = std::get_if<member_added>(&e);
  return m && m->created ? &*m->created : nullptr;
}

}  // namespace model
