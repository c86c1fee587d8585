#include "tests/property/world.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "model/starter_pack.hpp"

namespace rehearsal {
namespace {

using namespace std::chrono_literals;

bool chance(int in) { return pick(in) == in - 1; }

/// Fills a world piece by piece. What nothing depends on (names, money) is always the same.
class maker {
 public:
  world make() {
    made_.now = model::instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}} + 9h;
    const int people = 3 + pick(5);
    for (int i = 0; i < people; ++i) add_person(i);
    const int orgs = 1 + pick(3);
    for (int i = 0; i < orgs; ++i) add_organisation(i);
    return std::move(made_);
  }

 private:
  model::instant tick() { return made_.now - 24h + 1s * ++ticks_; }
  const person& anyone() {
    return made_.people[static_cast<std::size_t>(pick(static_cast<int>(made_.people.size())))];
  }
  template <class Id>
  Id id() {
    return made_.ids.make<Id>();
  }

  void add_person(int i) {
    const auto name = "person" + std::to_string(i);
    made_.people.push_back({id<model::user_id>(), name + "@example.org", name});
  }

  void add_organisation(int i) {
    org_world org;
    auto& s = org.state;
    s.settings.id = id<model::org_id>();
    s.settings.name = "organisation" + std::to_string(i);
    s.settings.tier = pick(4) == 3 ? "business" : "enterprise";
    s.settings.created_at = tick();
    if (chance(4)) {
      s.settings.held_since = tick();
      s.settings.hold_reason = "reason";
    }
    s.version = 1;
    const int templates = pick(3);
    for (int t = 0; t < templates; ++t) add_template(s, t == 1);
    const int landlords = 1 + pick(3);
    for (int l = 0; l < landlords; ++l) add_landlord(s);
    for (const auto& who : made_.people) add_member(s, who);
    for (const auto& tenant : s.tenants)
      if (pick(3) < 2) add_case(org, tenant);
    s.cases_opened = s.cases.size();
    add_audit(s.settings.id, std::nullopt);
    made_.orgs.push_back(std::move(org));
  }

  /// One of its own, or a changed one of the starter pack.
  void add_template(model::org_state& s, bool of_starter_pack) {
    auto t = *model::starter_pack().front();
    if (!of_starter_pack) t.id = id<model::template_id>();
    t.org = s.settings.id;
    t.name = "template";
    s.templates.push_back(std::make_shared<const model::document_template>(std::move(t)));
  }

  void add_landlord(model::org_state& s) {
    const auto org = s.settings.id;
    s.landlords.push_back({id<model::landlord_id>(), org, "landlord", tick()});
    model::property p{id<model::property_id>(),
                      org,
                      s.landlords.back().id,
                      {"1 High Street", "", "Leeds", "LS1 1AA"},
                      tick()};
    model::tenancy t;
    t.id = id<model::tenancy_id>();
    t.org = org;
    t.property = p.id;
    t.start_date = model::day{std::chrono::year{2026} / 1 / 5};
    t.rent_pence = 12'345;
    t.created_at = tick();
    const int tenants = 1 + pick(2);
    for (int i = 0; i < tenants; ++i)
      s.tenants.push_back({id<model::tenant_id>(), org, t.id, "tenant", "tenant@example.org", std::nullopt,
                           model::note_visibility::inherit});
    s.properties.push_back(std::move(p));
    s.tenancies.push_back(std::move(t));
  }

  /// Nobody, a manager of some of the landlords (of none, too), or an admin.
  void add_member(model::org_state& s, const person& who) {
    const int kind = pick(5);
    if (kind < 2) return;
    model::member m;
    m.user = who.id;
    m.org = s.settings.id;
    m.email = who.email;
    m.full_name = who.full_name;
    m.role = kind == 4 ? model::member_role::org_admin : model::member_role::property_manager;
    m.created_at = tick();
    if (m.role == model::member_role::property_manager)
      for (const auto& landlord : s.landlords)
        if (chance(2)) m.landlords.push_back(landlord.id);
    s.members.push_back(std::move(m));
  }

  void add_case(org_world& org, const model::tenant& about) {
    model::support_case c;
    c.header.id = id<model::case_id>();
    c.header.org = org.state.settings.id;
    c.header.tenancy = about.tenancy;
    c.header.tenant = about.id;
    c.header.reference = "SC-" + std::to_string(org.cases.size() + 1);
    c.header.context_summary = "summary";
    c.header.opened_at = c.header.last_activity_at = c.header.shared_activity_at = tick();
    if (chance(4)) c.header.closed_at = tick();
    c.header.version = 1;
    org.state.cases.push_back({c.header.id, c.header.reference, about.tenancy, about.id});
    c.place = *model::place_of(org.state, c.header.id);
    const int rows = pick(6);
    for (int i = 0; i < rows; ++i) add_team_row(c);
    const int notes = pick(6);
    for (int i = 0; i < notes; ++i) add_note(c);
    const int parts = pick(6);
    for (int i = 0; i < parts; ++i) {
      add_goal(c);
      add_session(c);
      add_document(c);
    }
    sort_sessions(c);
    add_audit(c.header.org, c.header.id);
    if (chance(2)) made_.reads.push_back({made_.ids.next(), c.header.org, c.header.id, anyone().id});
    org.cases.push_back(std::move(c));
  }

  void add_team_row(model::support_case& c) {
    model::collaborator row;
    row.id = id<model::collaborator_id>();
    row.org = c.header.org;
    row.of_case = c.header.id;
    row.tenant = c.header.tenant;
    row.participation = static_cast<model::participation>(pick(3));
    row.created_at = tick();
    row.created_by = anyone().id;
    const auto& who = anyone();
    if (row.participation == model::participation::reference_only) {
      row.contact_name = "contact";
      if (chance(2))
        row.contact_email = who.email;
      else
        row.contact_phone = "+447700900100";
    } else {
      row.user = who.id;
      row.full_name = who.full_name;
      row.email = who.email;
      row.invited_at = tick();
      if (!chance(3)) row.accepted_at = tick();
    }
    const auto address = [](const model::collaborator& r) { return r.email ? r.email : r.contact_email; };
    const bool taken = std::any_of(c.team.begin(), c.team.end(), [&](const auto& other) {
      return !other->ended_at && address(*other) && address(*other) == address(row);
    });
    if (taken || chance(4)) {
      row.ended_at = tick();
      row.ended_by = anyone().id;
    }
    c.team.push_back(std::make_shared<const model::collaborator>(std::move(row)));
  }

  void add_goal(model::support_case& c) {
    model::goal g;
    g.id = id<model::goal_id>();
    g.org = c.header.org;
    g.of_case = c.header.id;
    g.title = "goal";
    g.status = static_cast<model::goal_status>(pick(3));
    const auto& author = anyone();
    g.author = author.id;
    g.author_name = author.full_name;
    g.created_at = tick();
    if (chance(2)) {
      made_.progress.push_back({id<model::progress_id>(), g.org, g.of_case, g.id, "progress", author.id,
                                author.full_name, tick()});
      g.progress = "progress";
      g.progress_at = g.created_at;
      g.progress_by = author.full_name;
    }
    c.goals.push_back(std::make_shared<const model::goal>(std::move(g)));
  }

  void add_session(model::support_case& c) {
    model::support_session s;
    s.id = id<model::session_id>();
    s.org = c.header.org;
    s.of_case = c.header.id;
    s.starts_at = made_.now + 1h * pick(100);
    s.type = model::session_type::key_work;
    s.status = static_cast<model::session_status>(pick(4));
    const auto& author = anyone();
    s.author = author.id;
    s.author_name = author.full_name;
    s.created_at = tick();
    c.sessions.push_back(std::make_shared<const model::support_session>(std::move(s)));
  }
  static void sort_sessions(model::support_case& c) {
    std::sort(c.sessions.begin(), c.sessions.end(), [](const auto& a, const auto& b) {
      return std::tie(a->starts_at, a->id) < std::tie(b->starts_at, b->id);
    });
  }

  void add_document(model::support_case& c) {
    model::document d;
    d.id = id<model::document_id>();
    d.org = c.header.org;
    d.of_case = c.header.id;
    d.type = chance(2) ? model::document_type::agreement : model::document_type::letter;
    d.title = "document";
    d.status = static_cast<model::document_status>(pick(5));
    const auto& author = anyone();
    d.author = author.id;
    d.author_name = author.full_name;
    d.created_at = tick();
    if (d.status != model::document_status::draft || chance(2)) {
      d.media_type = std::string(model::document_text_type);
      d.content_size = 4;
      d.content_sha256 = rehearsal_digest("body");
      if (chance(2)) make_file(d);
    }
    go_through(d);
    c.documents.push_back(std::make_shared<const model::document>(std::move(d)));
  }

  void make_file(model::document& d) {
    d.media_type = "application/pdf";
    d.file = id<model::file_id>();
    d.file_name = "file.pdf";
  }

  /// What the steps up to its status leave.
  void go_through(model::document& d) {
    using model::document_status;
    if (d.status == document_status::void_) d.void_reason = "reason";
    if (d.status == document_status::draft || d.status == document_status::void_) return;
    d.submitted_at = tick();
    d.submitted_by = "somebody";
    if (d.status == document_status::submitted) return;
    d.approved_at = tick();
    d.approved_by = "somebody";
    if (d.status == document_status::approved) return;
    d.sent_at = tick();
    d.sent_to_name = "somebody";
    d.sent_to_email = "somebody@example.org";
    if (d.type != model::document_type::agreement || !chance(2)) return;
    d.signing = model::signing_status::requested;
    if (chance(2)) return;
    d.signing = model::signing_status::signed_;
    d.signed_file = id<model::file_id>();
    d.signed_size = 4;
    d.signed_sha256 = std::string(64, 'c');
  }

  void add_note(model::support_case& c) {
    model::note n;
    n.id = id<model::note_id>();
    n.org = c.header.org;
    n.of_case = c.header.id;
    n.stream = static_cast<model::stream>(pick(2));
    n.body = "body";
    const auto& author = anyone();
    n.author = author.id;
    n.author_name = author.full_name;
    n.created_at = tick();
    if (n.stream == model::stream::professional && chance(3)) {
      n.safeguarding = true;
      n.flagged_at = tick();
    }
    if (chance(4)) delete_note(n);
    auto& notes = n.stream == model::stream::shared ? c.shared : c.professional;
    notes.push_back(std::make_shared<const model::note>(std::move(n)));
  }

  void delete_note(model::note& n) {
    const auto& by = anyone();
    made_.revisions.push_back({id<model::revision_id>(), n.org, n.of_case, n.id, n.body, tick(), by.id});
    n.body.clear();
    n.deleted_at = tick();
    n.deleted_by = by.id;
    n.deleted_by_name = by.full_name;
  }

  void add_audit(model::org_id org, std::optional<model::case_id> of_case) {
    const auto& by = anyone();
    made_.audit.push_back({id<model::audit_id>(), org, of_case, tick(), by.id, by.full_name, "request",
                           // A worker reads the steps of documents and nothing else of the log.
                           chance(2) ? "document.submitted" : "kind", "{}"});
  }

  world made_;
  int ticks_ = 0;
};

}  // namespace

int pick(int bound) { return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, bound)); }

world draw_world() { return maker().make(); }

std::string rehearsal_digest(std::string_view text) {
  std::string out;
  for (const unsigned char c : text.substr(0, 32)) {
    out += "0123456789abcdef"[c >> 4];
    out += "0123456789abcdef"[c & 15];
  }
  return out + std::string(64 - out.size(), '0');
}

model::uuid counting_ids::next() {
  ++count_;
  model::uuid id{{0x01, 0x9A, 0, 0, 0, 0, 0x70, 0, 0x80}};
  for (std::size_t i = 0; i < 4; ++i) id.data[15 - i] = static_cast<std::uint8_t>(count_ >> (8 * i));
  return id;
}

model::link_secret counting_links::next_secret() {
  const auto text = std::to_string(++count_);
  return {"hash" + text, "nonce" + text};
}

const person& world::someone(model::user_id id) const {
  return *std::find_if(people.begin(), people.end(), [&](const auto& p) { return p.id == id; });
}

model::caller world::caller(const person& who) const {
  return {who.id, who.full_name, who.email, model::standing::none};
}

model::caller world::caller(const person& who, const org_world& org, const model::support_case& about) const {
  return {who.id, who.full_name, who.email, model::standing_of(org.state, who.id, about.header.tenant)};
}

model::moment world::moment() { return {now, ids, links, model::default_catalogue(), rehearsal_digest}; }

}  // namespace rehearsal
