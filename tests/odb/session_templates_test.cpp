#include <boost/test/unit_test.hpp>

#include "model/starter_pack.hpp"
#include "tests/odb/session_world.hpp"

using rehearsal::emoji;
using rehearsal::fresh_id;
using rehearsal::morning;
using rehearsal::small_world;
using rehearsal::with_database;
using store::commit_result;

namespace {

struct with_templates : with_database {
  model::document_template review() const {
    model::document_template t;
    t.id = fresh_id<model::template_id>();
    t.org = world.org->settings.id;
    t.type = model::document_type::recurring_assessment;
    t.name = "Review";
    t.tenures = {model::tenure_type::secure, model::tenure_type::licence_agreement};
    t.text = emoji;
    t.due_every_months = 6;
    t.created_at = morning;
    return t;
  }

  static model::template_added addition(const model::document_template& t) {
    model::template_added e;
    e.after.id = t.id;
    e.row = std::make_shared<const model::document_template>(t);
    return e;
  }
  static model::template_changed change(const model::document_template& t, bool of_starter_pack = false) {
    model::template_changed e;
    e.before.id = e.after.id = t.id;
    e.row = std::make_shared<const model::document_template>(t);
    e.of_starter_pack = of_starter_pack;
    return e;
  }

  commit_result keep_as(const model::caller& who, const model::org_event& event) {
    const std::vector<model::org_event> events{event};
    auto next = std::make_shared<const model::org_state>(model::after(*world.org, events));
    return world.session.commit(store::org_commit{world.by(who), next, events, {}});
  }
  model::org_state loaded() { return *world.session.load_organisation(world.org->settings.id); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(session_templates, with_templates)

BOOST_AUTO_TEST_CASE(R22_a_template_comes_back_as_it_was_kept) {
  BOOST_TEST(loaded().templates.empty());
  const auto kept = review();
  BOOST_TEST_REQUIRE(world.keep(addition(kept)) == commit_result::done);
  const auto found = loaded().find(kept.id);
  BOOST_TEST_REQUIRE((found != nullptr));
  BOOST_TEST((found->org == kept.org));
  BOOST_TEST((found->type == kept.type));
  BOOST_TEST(found->name == "Review");
  BOOST_TEST((found->tenures == kept.tenures));
  BOOST_TEST(found->text == emoji);
  BOOST_TEST(found->due_every_months.value() == 6);
  BOOST_TEST(!found->retired);
  BOOST_TEST((found->created_at == morning));
  BOOST_TEST(!found->changed_at.has_value());
  BOOST_TEST(count("audit_entries WHERE kind = 'template.added' AND detail NOT LIKE '%DROP TABLE%'") == 1);
}

BOOST_AUTO_TEST_CASE(R22_a_change_keeps_what_was_there_but_for_what_it_changes) {
  auto t = review();
  BOOST_TEST_REQUIRE(world.keep(addition(t)) == commit_result::done);
  t.tenures.clear();
  t.due_every_months.reset();
  t.retired = true;
  t.changed_at = morning;
  BOOST_TEST_REQUIRE(world.keep(change(t)) == commit_result::done);
  const auto found = loaded().find(t.id);
  BOOST_TEST(found->tenures.empty());
  BOOST_TEST(!found->due_every_months.has_value());
  BOOST_TEST(found->retired);
  BOOST_TEST((found->changed_at == morning));
  BOOST_TEST(found->text == emoji);
  BOOST_TEST(count("document_templates") == 1);
}

BOOST_AUTO_TEST_CASE(R22_a_changed_starter_template_is_kept_under_its_id_in_each_organisation) {
  small_world other(db.service_conninfo);
  auto mine = *model::starter_pack().at(3);
  for (auto* w : {&world, &other}) {
    mine.org = w->org->settings.id;
    mine.name = to_text(mine.org);
    BOOST_TEST_REQUIRE(w->keep(change(mine, true)) == commit_result::done);
  }
  const auto found = loaded();
  BOOST_TEST_REQUIRE(found.templates.size() == 1u);
  BOOST_TEST(found.templates[0]->name == to_text(world.org->settings.id));
  BOOST_TEST(model::pack_of(found).size() == 9u);
}

BOOST_AUTO_TEST_CASE(R3_nobody_but_an_admin_writes_a_template) {
  const auto t = review();
  BOOST_TEST_REQUIRE(world.keep(addition(t)) == commit_result::done);
  model::member_added added;
  added.member.user = fresh_id<model::user_id>();
  added.member.org = t.org;
  added.member.email = "manager-" + to_text(added.member.user) + "@example.org";
  added.member.full_name = "Mia Manager";
  added.member.landlords = {world.org->landlords.at(0).id};
  added.member.created_at = morning;
  added.created = model::new_user{added.member.user, added.member.email, "Mia Manager", std::nullopt};
  added.link = small_world::link_for(added.member.user, model::link_purpose::member_invite);
  added.link.org = t.org;
  added.mail = fresh_id<model::mail_id>();
  BOOST_TEST_REQUIRE(world.keep(added) == commit_result::done);
  const auto manager = small_world::person(added.member.user, "Mia Manager");
  const auto stranger = small_world::person(fresh_id<model::user_id>(), "Stan Stranger");
  for (const auto& who : {manager, stranger}) {
    BOOST_TEST(keep_as(who, addition(review())) == commit_result::forbidden);
    BOOST_TEST(keep_as(who, change(t)) == commit_result::forbidden);
    BOOST_TEST(keep_as(who, change(t, true)) == commit_result::forbidden);
  }
  auto moved = t;
  moved.org = fresh_id<model::org_id>();
  BOOST_TEST(keep_as(world.admin, addition(moved)) == commit_result::forbidden);
  BOOST_TEST(count("document_templates") == 1);
}

BOOST_AUTO_TEST_CASE(a_tenure_that_the_program_does_not_know_is_an_error) {
  const auto t = review();
  BOOST_TEST_REQUIRE(world.keep(addition(t)) == commit_result::done);
  owner().exec("UPDATE keywork.document_templates SET tenures = 'secure,feudal'");
  BOOST_CHECK_THROW(loaded(), std::exception);
}

BOOST_AUTO_TEST_SUITE_END()
