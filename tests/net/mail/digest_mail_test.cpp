#include "net/mail/digest_mail.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "net/mail/message.hpp"
#include "net/mail/unsendable.hpp"
#include "tests/net/mail/support.hpp"

using namespace net::mail;
using namespace model;

namespace {

constexpr auto sign_in = "https://keywork.example/login";

instant at(std::string_view text) { return parse_instant(text).value(); }

digest october() {
  digest d;
  d.organisation = "North Homes";
  d.time_zone = "Europe/London";
  d.month = parse_month("2026-10").value();
  const auto period = period_of(d.month, d.time_zone);
  d.from = period.from;
  d.to = period.to;
  d.as_of = at("2026-11-01T07:00:00Z");
  d.recipient = "Connie Council";
  digest_section s;
  s.reference = "SC-00001";
  s.tenant = "Tess Tenant";
  s.goals.push_back({"Cook a meal", "Twice a week.\nWith friends.", parse_day("2026-12-24"),
                     latest_progress_view{"Made soup", at("2026-10-20T09:00:00Z"), "Wanda Worker"}});
  s.goals.push_back({"Open a bank account", "", {}, {}});
  s.sessions.push_back({at("2026-10-03T09:00:00Z"),
                        {},
                        session_type::key_work,
                        session_status::delivered,
                        {"Tess", "Sam"},
                        "Went well."});
  s.notes.push_back({{}, at("2026-10-15T11:30:00Z"), "Wanda Worker", "A quiet month"});
  d.sections.push_back(s);
  return d;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(mail_digest)

BOOST_AUTO_TEST_CASE(R35_the_subject_names_no_tenant) {
  const auto mail = render_digest(october(), sign_in);
  BOOST_TEST(mail.subject == "Your monthly update for October 2026 from North Homes");
  BOOST_TEST(mail.speaker == "North Homes");
}

BOOST_AUTO_TEST_CASE(R34_the_text_tells_it_by_the_organisations_clocks) {
  const auto mail = render_digest(october(), sign_in);
  const auto expected =
      "Hello Connie Council,\n\n"
      "This is what North Homes can tell you of October 2026 about the tenants whose support you are part "
      "of.\n"
      "\n\n"
      "Tess Tenant, SC-00001\n"
      "---------------------\n"
      "\n"
      "Goals they are working on, as of 1 November 2026 at 07:00\n"
      "\n"
      "- Cook a meal (by 24 December 2026)\n"
      "  Twice a week.\n"
      "  With friends.\n"
      "  Latest progress, 20 October 2026 at 10:00, Wanda Worker:\n"
      "  Made soup\n"
      "\n"
      "- Open a bank account\n"
      "  No progress has been written down yet.\n"
      "\n"
      "Sessions in October 2026\n"
      "\n"
      "- 3 October 2026 at 10:00: key work, delivered\n"
      "  With Tess, Sam\n"
      "  Went well.\n"
      "\n"
      "Notes of October 2026\n"
      "\n"
      "- 15 October 2026 at 12:30, Wanda Worker:\n"
      "  A quiet month\n";
  BOOST_TEST(mail.text.substr(0, std::string_view(expected).size()) == expected);
  BOOST_TEST(has(mail.text, sign_in));
  BOOST_TEST(has(mail.text, "they can take you off the list"));
}

BOOST_AUTO_TEST_CASE(R35_the_page_has_headings_and_lists) {
  const auto html = render_digest(october(), sign_in).html;
  for (const auto* part : {"<html lang=\"en-GB\">", "<h1 ", "<h2 ", "<bdi>Tess Tenant</bdi>", "<ul ",
                           "<strong><bdi>Cook a meal</bdi></strong>", "Made soup", "key work, delivered",
                           "A quiet month", "href=\"https://keywork.example/login\""})
    BOOST_TEST(has(html, part), part);
  BOOST_TEST(!has(html, "{{"));
}

BOOST_AUTO_TEST_CASE(what_people_wrote_is_text_and_nothing_else) {
  auto d = october();
  auto& s = d.sections[0];
  s.tenant = "O'Neill & <b>Sons</b>";
  s.notes[0].body = "{{link}} <script>alert(1)</script>\r\n- a list\n\x01 \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D";
  s.goals[0].title = "one\nline";
  const auto mail = render_digest(d, sign_in);
  BOOST_TEST(!has(mail.html, "<script>"));
  BOOST_TEST((has(mail.html, "O&#39;Neill &amp; &lt;b&gt;Sons&lt;/b&gt;") ||
              has(mail.html, "O&apos;Neill &amp; &lt;b&gt;Sons&lt;/b&gt;")));
  BOOST_TEST(has(mail.text, "  {{link}} <script>alert(1)</script>\n  - a list\n"));
  BOOST_TEST(has(mail.text, "- one line"));
  BOOST_TEST(!has(mail.text, "\x01"));
  BOOST_TEST(!has(mail.text, "\r"));
}

BOOST_AUTO_TEST_CASE(a_part_without_anything_is_not_there) {
  auto d = october();
  d.sections[0].goals.clear();
  d.sections[0].notes.clear();
  d.sections[0].more = true;
  const auto mail = render_digest(d, sign_in);
  BOOST_TEST(!has(mail.text, "Goals they are working on"));
  BOOST_TEST(!has(mail.html, "Notes of"));
  BOOST_TEST(has(mail.text, "There is more than fits into an email."));
  d.recipient = " ";
  BOOST_CHECK_THROW(render_digest(d, sign_in), unsendable);
}

BOOST_AUTO_TEST_CASE(R35_it_arrives_as_text_and_html) {
  actors::outgoing_mail mail;
  mail.id = "018f3a5e-7c3a-7000-8000-000000000001";
  mail.key = mail.id;
  mail.to_address = "connie@council.example";
  mail.to_name = "Connie Council";
  mail.template_name = "housing_officer_digest";
  mail.fields = {{"digest_id", mail.id}, {"month", "2026-10"}, {"link", sign_in}};
  mail.written_at = at("2026-11-01T07:00:00Z");
  mail.digest = october();
  const mail_tests::temporary_folder folder;
  const auto file = folder.path() / "digest.eml";
  std::ofstream(file, std::ios::binary) << message_of(mail, {"keywork@example.org", "Keywork"});
  const auto read = mail_tests::read_by_python(file);
  BOOST_TEST(read.at("subject").as_string() == "Your monthly update for October 2026 from North Homes");
  // Without what it says there is no mail.
  mail.digest.reset();
  BOOST_CHECK_THROW(message_of(mail, {"keywork@example.org", "Keywork"}), unsendable);
}

BOOST_AUTO_TEST_SUITE_END()
