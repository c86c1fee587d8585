#include "actors/demo_world.hpp"

#include <algorithm>
#include <stdexcept>

#include "model/starter_pack.hpp"
#include "odb/session.hpp"

namespace actors {
namespace {

constexpr std::string_view admin_email = "amira.shah@northgate.example";
constexpr std::string_view organisation_name = "Northgate Supported Homes";
constexpr std::string_view worker_email = "ben.okafor@supportline.example";
constexpr std::string_view officer_email = "chloe.evans@council.example";
constexpr std::chrono::seconds patience{60};

using namespace model;

class demo {
 public:
  demo(house& h, const std::string& conninfo) : h_(h), session_(conninfo), self_(h.system()) {}

  std::vector<demo_person> make() {
    const auto admin = make_organisation();
    if (!is_made()) {
      make_places(admin);
      make_case(admin);
    }
    return {link_for("org admin", admin_email), link_for("full support worker", worker_email),
            link_for("context_only housing officer", officer_email)};
  }

 private:
  services const& given() const { return *h_.given(); }

  /// Whether it was made to the end once. What its people did with it since then is theirs.
  bool is_made() {
    const auto org = state();
    if (org.cases.empty()) return false;
    case_ = org.cases.at(0).id;
    const auto team = the_case().team;
    return std::any_of(team.begin(), team.end(),
                       [](const auto& row) { return row->email == officer_email && row->accepted_at; });
  }

  caller make_organisation() {
    if (const auto user = session_.find_user(std::string(admin_email)); user) {
      for (const auto& m : session_.memberships(user->id))
        if (m.name == organisation_name) org_ = m.org;
      if (org_.is_nil())
        throw std::runtime_error("the demo world cannot be made: its administrator belongs elsewhere");
      return {user->id, user->full_name, user->email, standing::none};
    }
    auto& ids = given().ids;
    store::provision p;
    p.organisation.id = ids.make<org_id>();
    p.organisation.name = organisation_name;
    p.organisation.tier = "enterprise";
    p.organisation.created_at = given().clock.now();
    p.admin = ids.make<user_id>();
    p.admin_email = admin_email;
    p.admin_name = "Amira Shah";
    p.link = link(p.admin, link_purpose::sign_in);
    p.by = "keywork demo";
    p.entry = ids.make<audit_id>();
    session_.create_organisation(p);
    org_ = p.organisation.id;
    return {p.admin, p.admin_name, p.admin_email, standing::none};
  }

  void make_places(const caller& admin) {
    if (state().landlords.empty()) ask(admin, add_landlord{{"Harbour Lettings"}});
    if (state().properties.empty())
      ask(admin, add_property{state().landlords.at(0).id,
                              {{"14 Mill Lane"}, text<200, 0>{"Flat 2"}, {"Leeds"}, {"LS1 4AB"}}});
    if (!state().tenancies.empty()) return;
    create_tenancy t;
    t.property = state().properties.at(0).id;
    t.tenants = {{{"Daniel Price"}, {"daniel.price@mail.example"}, phone_text{"+447700900100"}}};
    t.start_date = std::chrono::floor<std::chrono::days>(given().clock.now());
    t.rent_pence = 64'500;
    t.tenure_type = tenure_type::licence_agreement;
    ask(admin, t);
  }

  void make_case(const caller& admin) {
    if (state().cases.empty())
      ask(admin,
          open_case{state().tenancies.at(0).id, std::nullopt,
                    text<20000, 0>{"Moved on from a night shelter; settling in, working on budgeting."}});
    case_ = state().cases.at(0).id;
    if (the_case().shared.empty())
      ask(admin, add_note{stream::shared, {"Keys handed over, meter readings taken together."}, {}});
    if (the_case().professional.empty())
      ask(admin, add_note{stream::professional, {"Former partner is not to be told the address."}, true});
    make_work(admin);
    invite(admin, worker_email, "Ben Okafor", participation::full);
    invite(admin, officer_email, "Chloe Evans", participation::context_only);
    if (state().settings.housing_officer_emails.empty()) {
      change_settings told;
      told.housing_officer_emails = std::vector{email_text{std::string(officer_email)}};
      ask(admin, told);
    }
  }

  /// Something behind every tab of the workspace.
  void make_work(const caller& admin) {
    const auto today = std::chrono::floor<std::chrono::days>(given().clock.now());
    if (the_case().goals.empty())
      ask(admin, add_goal{{"Cook a meal twice a week"}, {}, today + std::chrono::days{30}, {}});
    if (the_case().sessions.empty())
      ask(admin, add_session{today + std::chrono::hours{14},
                             today + std::chrono::hours{15},
                             session_type::key_work,
                             std::vector<name_text>{{"Daniel Price"}},
                             {},
                             {}});
    if (!the_case().documents.empty()) return;
    for (const auto& t : starter_pack()) {
      if (t->type != document_type::agreement) continue;
      create_document cmd;
      cmd.type = t->type;
      cmd.title = {"Support agreement"};
      cmd.template_id_ = t->id;
      ask(admin, cmd);
    }
  }

  void invite(const caller& admin, std::string_view email, std::string_view name, participation mode) {
    const auto row = [&]() -> const collaborator* {
      for (const auto& r : team_)
        if (r->email == email && !r->ended_at) return r.get();
      return nullptr;
    };
    team_ = the_case().team;
    if (!row()) {
      add_to_team cmd;
      cmd.participation = mode;
      cmd.full_name = name_text{std::string(name)};
      cmd.email = email_text{std::string(email)};
      ask(admin, cmd);
      team_ = the_case().team;
    }
    const auto* invited = row();
    if (invited && !invited->accepted_at)
      ask({invited->user.value(), std::string(name), std::string(email), standing::none},
          accept_invite{invited->id});
  }

  org_state state() { return session_.load_organisation(org_).value(); }
  support_case the_case() { return session_.load_case(org_, case_).value(); }

  org_actor organisation() {
    org_actor found;
    self_->request(h_.gateway(), patience, locate{org_})
        .receive([&](const located& l) { found = l.org; }, [](const caf::error&) {});
    if (!found) throw std::runtime_error("the demo world cannot be made: its organisation does not answer");
    return found;
  }

  template <class Command>
  void ask(const caller& who, Command cmd) {
    const auto settle = [](const reply_message& r) {
      if (const auto* no = std::get_if<refusal>(&r.what))
        throw std::runtime_error("the demo world cannot be made: " + no->detail);
    };
    const auto failed = [](const caf::error&) {
      throw std::runtime_error("the demo world cannot be made: no answer in time");
    };
    const conditions about{"demo", {}, {}, {}, {}};
    if constexpr (std::is_constructible_v<case_command, Command>)
      self_
          ->request(organisation(), patience, ask_case{who, org_, case_, about, case_command{std::move(cmd)}})
          .receive(settle, failed);
    else
      self_->request(organisation(), patience, ask_org{who, org_, about, org_command{std::move(cmd)}})
          .receive(settle, failed);
  }

  magic_link link(user_id user, link_purpose purpose) {
    magic_link l;
    l.id = given().ids.make<link_id>();
    l.user = user;
    l.purpose = purpose;
    l.secret = given().links.next_secret();
    l.created_at = given().clock.now();
    l.expires_at = l.created_at + sign_in_link_lifetime;
    return l;
  }

  demo_person link_for(std::string what, std::string_view email) {
    const auto user = session_.find_user(std::string(email)).value();
    const auto l = link(user.id, link_purpose::sign_in);
    const mail_request mail{given().ids.make<mail_id>(),
                            user.email,
                            user.full_name,
                            "sign_in",
                            {{"full_name", user.full_name}, {"expires", to_text(l.expires_at)}},
                            l.id};
    session_.keep_sign_in(l, mail, l.created_at);
    return {std::move(what), user.full_name, user.email, h_.links().token_of(l.secret.nonce)};
  }

  house& h_;
  store::session session_;
  caf::scoped_actor self_;
  org_id org_;
  case_id case_;
  std::vector<std::shared_ptr<const collaborator>> team_;
};

}  // namespace

std::vector<demo_person> make_demo_world(house& h, const std::string& conninfo) {
  return demo(h, conninfo).make();
}

}  // namespace actors
