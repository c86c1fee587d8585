#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "net/mail/folder_transport.hpp"
#include "net/mail/make_transport.hpp"
#include "tests/net/mail/support.hpp"

using namespace net::mail;
using actors::delivery_outcome;
using mail_tests::an_invite;

namespace {
const sender us{"no-reply@keywork.example", "Keywork"};

mode_t mode_of(const std::filesystem::path& path) {
  struct stat found {};
  BOOST_REQUIRE(stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(mail_folder)

BOOST_AUTO_TEST_CASE(a_mail_arrives_as_a_file_that_a_second_reader_understands) {
  const mail_tests::temporary_folder folder;
  const auto transport = make_folder_transport(folder.path(), us);
  auto mail = an_invite();
  BOOST_TEST((transport->deliver(mail).outcome == delivery_outcome::sent));
  BOOST_REQUIRE(folder.mails().size() == 1u);
  BOOST_TEST(folder.mails()[0] == "20261121T093000.123456Z-01931f0e-7c00-7000-8000-00000000002a.eml");
  auto found = mail_tests::read_by_python(folder.path() / folder.mails()[0]);
  BOOST_TEST(found["subject"].as_string() == "You've been invited to Keywork as a support worker.");
  BOOST_TEST(found["defects"].as_array().empty());
}

BOOST_AUTO_TEST_CASE(a_tenant_hears_from_the_agent_by_name) {
  const mail_tests::temporary_folder folder;
  auto mail = an_invite();
  mail.template_name = "tenancy_info";
  mail.fields = {{"agent", "Größe & Söhne"}, {"property", "14 Mill Lane"}, {"rent", "£650.00"},
                 {"rent_period", "monthly"}, {"start_date", "2026-12-01"}, {"tenure", "secure"}};
  BOOST_TEST((make_folder_transport(folder.path(), us)->deliver(mail).outcome == delivery_outcome::sent));
  auto found = mail_tests::read_by_python(folder.path() / folder.mails().at(0));
  BOOST_TEST(boost::json::serialize(found["from"]) == "[[\"Größe & Söhne\",\"no-reply@keywork.example\"]]");
  BOOST_TEST(
      found["text"].as_string().starts_with("Hello Priya Nair,"));  // from to_name, no field of that name
}

BOOST_AUTO_TEST_CASE(a_second_attempt_replaces_the_first) {
  const mail_tests::temporary_folder folder;
  const auto transport = make_folder_transport(folder.path(), us);
  transport->deliver(an_invite());
  const auto first = mail_tests::contents_of(folder.path() / folder.mails().at(0));
  transport->deliver(an_invite());
  BOOST_REQUIRE(folder.mails().size() == 1u);
  BOOST_TEST(mail_tests::contents_of(folder.path() / folder.mails()[0]) == first);
}

BOOST_AUTO_TEST_CASE(a_listing_is_in_order_of_time) {
  const mail_tests::temporary_folder folder;
  const auto transport = make_folder_transport(folder.path(), us);
  auto later = an_invite(), earlier = an_invite();
  later.id = "00000000-0000-7000-8000-000000000001";
  later.written_at += std::chrono::microseconds{1};
  transport->deliver(later);
  transport->deliver(earlier);
  BOOST_TEST(folder.mails().at(0).find(earlier.id) != std::string::npos);
  BOOST_TEST(folder.mails().at(1).find(later.id) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_the_owner_reads_the_mails) {
  const mail_tests::temporary_folder folder;
  const auto before = umask(0);
  make_transport("file:" + (folder.path() / "new/mail").string(), us)->deliver(an_invite());
  umask(before);
  BOOST_TEST(mode_of(folder.path() / "new/mail") == 0700u);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "new/mail")) {
    BOOST_TEST(mode_of(entry.path()) == 0600u);
  }
}

BOOST_AUTO_TEST_CASE(an_id_or_a_field_that_would_lead_elsewhere_is_refused_and_leaves_nothing) {
  const mail_tests::temporary_folder folder;
  const auto transport = make_folder_transport(folder.path(), us);
  for (const auto* id :
       {"../../etc/passwd", "", "01931f0e-7c00-7000-8000-0000000000/a", "a\r\nBcc: x@y.example"}) {
    auto mail = an_invite();
    mail.id = id;
    BOOST_TEST((transport->deliver(mail).outcome == delivery_outcome::refused));
  }
  for (std::size_t i = 0; i < an_invite().fields.size(); ++i) {
    auto mail = an_invite();
    mail.fields[i].second += "\r\nBcc: secret@example.org";
    const auto result = transport->deliver(mail);
    BOOST_TEST((result.outcome == delivery_outcome::refused));
    BOOST_TEST(result.detail.find("secret") == std::string::npos);
  }
  BOOST_TEST(std::filesystem::is_empty(folder.path()));
}

BOOST_AUTO_TEST_CASE(a_folder_that_went_away_is_tried_again_and_said) {
  const mail_tests::temporary_folder folder;
  const auto transport = make_folder_transport(folder.path() / "mail", us);
  std::filesystem::remove(folder.path() / "mail");
  const auto failed = transport->deliver(an_invite());
  BOOST_TEST((failed.outcome == delivery_outcome::try_later));
  BOOST_TEST(failed.detail.find("No such file or directory") != std::string::npos);
  std::filesystem::create_directory(folder.path() / "mail");
  BOOST_TEST((transport->deliver(an_invite()).outcome == delivery_outcome::sent));
}

BOOST_AUTO_TEST_CASE(R31_the_copy_of_an_erased_mail_is_removed) {
  const mail_tests::temporary_folder folder;
  auto mail = an_invite();
  const auto transport = make_folder_transport(folder.path(), us);
  transport->deliver(mail);
  const actors::erased_mail erased{model::parse_id<model::mail_id>(mail.id).value(), mail.written_at};
  mail.id = "01931f0e-7c00-7000-8000-00000000002b";
  transport->deliver(mail);
  // One that was never written is removed as well.
  const actors::erased_mail unknown{model::mail_id{}, mail.written_at};
  remove_from_folder(folder.path(), {unknown, erased});
  BOOST_REQUIRE(folder.mails().size() == 1u);
  BOOST_TEST(folder.mails()[0].ends_with("2b.eml"));
  remove_from_folder(folder.path(), {erased});
  remove_from_folder(folder.path() / "nowhere", {erased});
  BOOST_TEST(folder.mails().size() == 1u);
}

BOOST_AUTO_TEST_CASE(R31_what_a_killed_program_was_writing_is_removed_at_the_next_start) {
  const mail_tests::temporary_folder folder;
  const auto draft = folder.path() / ".mail-Ab3dEf";
  std::ofstream(draft) << "half a mail";
  const auto other = folder.path() / ".mailbox";
  std::ofstream(other) << "somebody else's";
  make_folder_transport(folder.path(), us);
  BOOST_TEST(!std::filesystem::exists(draft));
  BOOST_TEST(std::filesystem::exists(other));
}

BOOST_AUTO_TEST_CASE(impossible_places_are_refused_at_once) {
  const mail_tests::temporary_folder folder;
  std::ofstream(folder.path() / "file") << "x";
  BOOST_CHECK_THROW(make_folder_transport(folder.path() / "file", us), std::invalid_argument);
  BOOST_CHECK_THROW(make_folder_transport(folder.path() / "file/below", us), std::invalid_argument);
  BOOST_CHECK_THROW(make_folder_transport(folder.path(), {"not an address", "x"}), std::invalid_argument);
  BOOST_CHECK_THROW(make_transport("file:", us), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
