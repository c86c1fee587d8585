#include "tests/property/world_rows.hpp"

#include <boost/json.hpp>
#include <map>

namespace rehearsal {
namespace {

namespace json = boost::json;

template <class T>
json::value cell(const T& value) {
  if constexpr (model::is_optional<T>) {
    return value ? cell(*value) : json::value(nullptr);
  } else if constexpr (std::is_same_v<T, bool> || std::is_arithmetic_v<T>) {
    return json::value(value);
  } else if constexpr (std::is_convertible_v<T, std::string>) {
    return json::value(std::string(value));
  } else {
    using model::to_text;
    return json::value(std::string(to_text(value)));
  }
}

/// Name and value, as a JSON object is written down: `row("id", n.id, "body", n.body)`.
template <class... Cells>
json::object row(const Cells&... cells) {
  json::object out;
  const auto all = std::forward_as_tuple(cells...);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (out.emplace(std::get<2 * I>(all), cell(std::get<2 * I + 1>(all))), ...);
  }
  (std::make_index_sequence<sizeof...(Cells) / 2>{});
  return out;
}

/// Rows by table, in the order in which foreign keys let them in.
class sheet {
 public:
  void add(const std::string& table, json::object one) {
    if (!rows_.count(table)) order_.push_back(table);
    rows_[table].emplace_back(std::move(one));
  }
  void write(store::sql_connection& owner) const {
    for (const auto& table : order_)
      owner.exec("INSERT INTO keywork." + table + " SELECT * FROM jsonb_populate_recordset(NULL::keywork." +
                     table + ", $1::jsonb)",
                 {json::serialize(rows_.at(table))});
  }

 private:
  std::vector<std::string> order_;
  std::map<std::string, json::array> rows_;
};

void add_organisation(sheet& s, const model::org_state& o) {
  const auto org = o.settings.id;
  s.add("organisations",
        row("id", org, "kind", o.settings.kind, "name", o.settings.name, "tier", o.settings.tier, "time_zone",
            o.settings.time_zone, "support_retention_years_default", 7,
            "support_retention_years_safeguarding", 25, "support_notes_visible_to_housing_officer",
            o.settings.support_notes_visible_to_housing_officer, "held_since", o.settings.held_since,
            "hold_reason", o.settings.hold_reason, "created_at", o.settings.created_at));
  for (std::size_t i = 0; i < o.settings.housing_officer_emails.size(); ++i)
    s.add("housing_officer_emails", row("org_id", org, "index", static_cast<std::int64_t>(i), "email",
                                        o.settings.housing_officer_emails[i]));
  s.add("org_sequence", row("org_id", org, "version", o.version, "cases_opened", o.cases_opened));
  for (const auto& m : o.members)
    s.add("memberships", row("org_id", org, "user_id", m.user, "email", m.email, "full_name", m.full_name,
                             "role", m.role, "created_at", m.created_at));
  for (const auto& l : o.landlords)
    s.add("landlords", row("id", l.id, "org_id", org, "name", l.name, "created_at", l.created_at));
  for (const auto& m : o.members)
    for (const auto& l : m.landlords)
      s.add("manager_landlords", row("org_id", org, "user_id", m.user, "landlord_id", l));
  for (const auto& p : o.properties)
    s.add("properties", row("id", p.id, "org_id", org, "landlord_id", p.landlord, "address_line1",
                            p.address.line1, "address_line2", p.address.line2, "address_town", p.address.town,
                            "address_postcode", p.address.postcode, "created_at", p.created_at));
  for (const auto& t : o.tenancies)
    s.add("tenancies", row("id", t.id, "org_id", org, "property_id", t.property, "start_date", t.start_date,
                           "rent_pence", t.rent_pence, "rent_period", t.rent_period, "tenure_type",
                           t.tenure_type, "created_at", t.created_at));
  for (const auto& t : o.templates)
    s.add("document_templates", row("id", t->id, "org_id", org, "type", t->type, "name", t->name, "tenures",
                                    "", "text", t->text, "retired", t->retired, "created_at", t->created_at));
  for (const auto& t : o.tenants)
    s.add("tenants",
          row("id", t.id, "org_id", org, "tenancy_id", t.tenancy, "full_name", t.full_name, "email", t.email,
              "housing_officer_note_visibility", t.housing_officer_note_visibility));
}

void add_note(sheet& s, const model::note& n) {
  s.add("notes", row("id", n.id, "org_id", n.org, "case_id", n.of_case, "stream", n.stream, "body", n.body,
                     "safeguarding", n.safeguarding, "flagged_at", n.flagged_at, "author_id", n.author,
                     "author_name", n.author_name, "created_at", n.created_at, "deleted_at", n.deleted_at,
                     "deleted_by_id", n.deleted_by, "deleted_by_name", n.deleted_by_name));
}

void add_team_row(sheet& s, const model::collaborator& r) {
  s.add("tenant_collaborators",
        row("id", r.id, "org_id", r.org, "case_id", r.of_case, "tenant_id", r.tenant, "participation",
            r.participation, "user_id", r.user, "full_name", r.full_name, "email", r.email, "contact_name",
            r.contact_name, "contact_email", r.contact_email, "contact_phone", r.contact_phone, "created_at",
            r.created_at, "created_by_id", r.created_by, "invited_at", r.invited_at, "accepted_at",
            r.accepted_at, "ended_at", r.ended_at, "ended_by_id", r.ended_by));
}

void add_document(sheet& s, const model::document& d) {
  s.add("documents",
        row("id", d.id, "org_id", d.org, "case_id", d.of_case, "type", d.type, "title", d.title, "status",
            d.status, "media_type", d.media_type, "content_size", d.content_size, "content_sha256",
            d.content_sha256, "file_id", d.file, "file_name", d.file_name, "author_id", d.author,
            "author_name", d.author_name, "created_at", d.created_at, "submitted_at", d.submitted_at,
            "submitted_by", d.submitted_by, "approved_at", d.approved_at, "approved_by", d.approved_by,
            "sent_at", d.sent_at, "sent_to_name", d.sent_to_name, "sent_to_email", d.sent_to_email, "signing",
            d.signing, "signed_file_id", d.signed_file, "signed_size", d.signed_size, "signed_sha256",
            d.signed_sha256, "void_reason", d.void_reason));
  if (d.signed_file)
    s.add("document_chunks", row("org_id", d.org, "file_id", d.signed_file, "index", 0, "document_id", d.id,
                                 "case_id", d.of_case, "kept_as", "signed", "bytes", std::string("copy")));
  if (d.signed_file)
    s.add("signature_requests",
          row("org_id", d.org, "id", d.signed_file, "case_id", d.of_case, "document_id", d.id, "state",
              "completed", "attempts", 0, "submission_id", 7, "audit_url", "https://docuseal.com/file/x.pdf",
              "written_at", d.sent_at, "sent_at", d.sent_at, "settled_at", d.sent_at));
  if (d.file)
    s.add("document_chunks", row("org_id", d.org, "file_id", d.file, "index", 0, "document_id", d.id,
                                 "case_id", d.of_case, "bytes", std::string("body")));
  else if (d.media_type)
    s.add("document_texts",
          row("org_id", d.org, "document_id", d.id, "case_id", d.of_case, "body", std::string("body")));
}

void add_case(sheet& s, const model::support_case& c) {
  const auto& h = c.header;
  s.add("support_cases", row("id", h.id, "org_id", h.org, "tenancy_id", h.tenancy, "tenant_id", h.tenant,
                             "reference", h.reference, "context_summary", h.context_summary, "opened_at",
                             h.opened_at, "closed_at", h.closed_at, "last_activity_at", h.last_activity_at,
                             "shared_activity_at", h.shared_activity_at, "version", h.version));
  for (const auto* notes : {&c.shared, &c.professional})
    for (const auto& n : *notes) add_note(s, *n);
  for (const auto& r : c.team) add_team_row(s, *r);
  for (const auto& g : c.goals)
    s.add("goals", row("id", g->id, "org_id", g->org, "case_id", g->of_case, "title", g->title, "description",
                       g->description, "status", g->status, "author_id", g->author, "author_name",
                       g->author_name, "created_at", g->created_at, "progress", g->progress, "progress_at",
                       g->progress_at, "progress_by", g->progress_by));
  for (const auto& one : c.sessions)
    s.add("sessions", row("id", one->id, "org_id", one->org, "case_id", one->of_case, "starts_at",
                          one->starts_at, "type", one->type, "attendees", one->attendees, "status",
                          one->status, "outcome_note", one->outcome_note, "author_id", one->author,
                          "author_name", one->author_name, "created_at", one->created_at));
  for (const auto& d : c.documents) add_document(s, *d);
}

}  // namespace

void insert(store::sql_connection& owner, const world& w) {
  sheet s;
  for (const auto& p : w.people)
    s.add("users", row("id", p.id, "email", p.email, "full_name", p.full_name, "created_at", w.now));
  for (const auto& org : w.orgs) add_organisation(s, org.state);
  for (const auto& org : w.orgs)
    for (const auto& c : org.cases) add_case(s, c);
  for (const auto& r : w.revisions)
    s.add("note_revisions", row("id", r.id, "org_id", r.org, "case_id", r.of_case, "note_id", r.note, "body",
                                r.body, "replaced_at", r.replaced_at, "replaced_by_id", r.replaced_by));
  for (const auto& p : w.progress)
    s.add("goal_progress",
          row("id", p.id, "org_id", p.org, "case_id", p.of_case, "goal_id", p.goal, "text", p.text,
              "author_id", p.author, "author_name", p.author_name, "created_at", p.created_at));
  for (const auto& a : w.audit)
    s.add("audit_entries",
          row("id", a.id, "org_id", a.org, "case_id", a.of_case, "at", a.at, "by_id", a.by, "by_name",
              a.by_name, "request_id", a.request_id, "kind", a.kind, "detail", a.detail));
  const auto day_before = w.now - std::chrono::hours(24);  // what is tried now is another hour's
  for (const auto& r : w.reads)
    s.add("case_reads",
          row("org_id", r.org, "case_id", r.of_case, "user_id", r.by, "hour", day_before, "id", r.id,
              "first_at", day_before, "user_name", w.someone(r.by).full_name, "request_id", "request"));
  s.write(owner);
}

}  // namespace rehearsal
