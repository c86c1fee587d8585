#include "net/mail/render.hpp"

#include <boost/test/unit_test.hpp>
#include <cctype>

#include "net/mail/unsendable.hpp"
#include "tests/net/mail/support.hpp"

using namespace net::mail;

namespace {

const mail_fields sign_in{{"link", "https://keywork.example/login?token=abc"},
                          {"expires", "2026-06-21T09:30:00Z"}};
const mail_fields tenancy{{"full_name", "Alex Doe"},
                          {"agent", "North Homes"},
                          {"property", "Flat 2\n14 Mill Lane\nLeeds LS1 4DY"},
                          {"rent", "£1234.05"},
                          {"rent_period", "four weekly"},
                          {"start_date", "2026-12-01"},
                          {"tenure", "assured periodic"}};

mail_fields with(mail_fields fields, const std::string& name, const std::string& value) {
  std::erase_if(fields, [&](const auto& f) { return f.first == name; });
  fields.emplace_back(name, value);
  return fields;
}
bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(mail_render)

BOOST_AUTO_TEST_CASE(an_invitation_says_what_the_guide_promises) {
  const auto mail = render("invite", mail_tests::an_invite().fields);
  BOOST_TEST(mail.subject == "You've been invited to Keywork as a support worker.");
  BOOST_TEST(has(mail.text, "Sam O'Neill at North Homes has invited you to Keywork as a support worker."));
  BOOST_TEST(has(mail.text, "\nhttps://keywork.example/invite?token=abc&x=1\n"));
  BOOST_TEST(has(mail.text, "28 November 2026 at 09:30 (GMT)"));
  BOOST_TEST(has(mail.html, "href=\"https://keywork.example/invite?token=abc&amp;x=1\""));
  BOOST_TEST(mail.speaker == "");
}

BOOST_AUTO_TEST_CASE(the_link_is_said_to_work_until_the_readers_own_time) {
  BOOST_TEST(has(render("sign_in", sign_in).text, "21 June 2026 at 10:30 (BST)"));
  BOOST_TEST(has(render("sign_in", with(sign_in, "time_zone", "America/New_York")).text, "at 05:30 (EDT)"));
  BOOST_TEST(has(render("sign_in", with(sign_in, "time_zone", "Nowhere/None")).text, "at 09:30 (UTC)"));
}

BOOST_AUTO_TEST_CASE(a_sign_in_mail_greets_by_name_where_there_is_one) {
  BOOST_TEST(render("sign_in", sign_in).text.starts_with("Hello,\n"));
  BOOST_TEST(render("sign_in", with(sign_in, "full_name", "Priya")).text.starts_with("Hello Priya,\n"));
}

BOOST_AUTO_TEST_CASE(an_invitation_to_an_organisation_names_it_and_no_support_work) {
  const auto mail = render("member_invite", mail_tests::an_invite().fields);
  BOOST_TEST(mail.subject == "You've been invited to join North Homes on Keywork.");
  BOOST_TEST(has(mail.text, "Sam O'Neill has invited you to join North Homes on Keywork"));
  BOOST_TEST(has(mail.text, "\nhttps://keywork.example/invite?token=abc&x=1\n"));
  BOOST_TEST(!has(mail.html, "support worker"));
}

BOOST_AUTO_TEST_CASE(the_information_sheet_has_the_terms) {
  const auto fields =
      with(with(with(tenancy, "deposit", "£500.00"), "end_date", "2027-11-30"), "landlord", "Mill Lane Ltd");
  const auto mail = render("tenancy_info", fields);
  for (const auto* part :
       {"Flat 2\n14 Mill Lane\nLeeds LS1 4DY", "Rent: £1234.05, four weekly", "Start date: 1 December 2026",
        "End date: 30 November 2027", "Type of tenancy: assured periodic", "Deposit: £500.00",
        "Landlord: Mill Lane Ltd", "Managing agent: North Homes"}) {
    BOOST_TEST(has(mail.text, part), part);
  }
  BOOST_TEST(mail.speaker == "North Homes");
  const auto in_words = render("tenancy_info", with(tenancy, "end_date", "periodic, with no end date"));
  BOOST_TEST(has(in_words.text, "End date: periodic, with no end date\n"));
}

BOOST_AUTO_TEST_CASE(the_information_sheet_leaves_out_what_there_is_not) {
  const auto mail = render("tenancy_info", tenancy);
  BOOST_TEST(!has(mail.text, "Deposit"));
  BOOST_TEST(!has(mail.text, "Landlord"));
  BOOST_TEST(!has(mail.html, "Landlord"));
  BOOST_TEST(has(mail.text,
                 "Managing agent: North Homes\nRent: £1234.05, four weekly\nStart date: 1 December 2026\n"
                 "End date: none, it continues from one rent period to the next\n"
                 "Type of tenancy: assured periodic\n\n"));
}

BOOST_AUTO_TEST_CASE(R5_nothing_in_the_information_sheet_hints_at_a_case) {
  const auto mail = render("tenancy_info", with(tenancy, "landlord", "Mill Lane Ltd"));
  for (auto whole : {mail.subject, mail.text, mail.html}) {
    for (auto& c : whole) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (const auto* word : {"support", "case", "welfare", "keywork", "worker", "safeguard", "note"}) {
      BOOST_TEST(!has(whole, word), word);
    }
  }
}

BOOST_AUTO_TEST_CASE(fields_are_escaped_in_html_and_only_there) {
  const std::string evil = "<script>alert('x')</script> & \"{{link}}\" {{{body}}}";
  const auto mail = render("invite", with(mail_tests::an_invite().fields, "organisation", evil));
  BOOST_TEST(has(mail.text, evil));
  BOOST_TEST(!has(mail.html, "<script"));
  BOOST_TEST(has(mail.html,
                 "&lt;script&gt;alert(&apos;x&apos;)&lt;/script&gt; &amp; &quot;{{link}}&quot; {{{body}}}"));
  const auto sheet = render("tenancy_info", with(tenancy, "agent", evil));
  BOOST_TEST(!has(sheet.html, "<script"));  // the subject stands in the page's title as well
}

BOOST_AUTO_TEST_CASE(a_missing_or_blank_field_is_an_error_that_names_it_and_no_gap) {
  for (const auto& all :
       {std::pair{std::string("invite"), mail_tests::an_invite().fields},
        std::pair{std::string("sign_in"), sign_in}, std::pair{std::string("tenancy_info"), tenancy}}) {
    for (std::size_t i = 0; i < all.second.size(); ++i) {
      auto without = all.second;
      const auto name = without[i].first;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
      const auto names_it = [&](const unsendable& e) { return has(e.what(), name); };
      BOOST_CHECK_EXCEPTION(render(all.first, without), unsendable, names_it);
      BOOST_CHECK_EXCEPTION(render(all.first, with(without, name, " \t\n")), unsendable, names_it);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_malformed_field_is_refused_without_being_quoted) {
  const auto invite = mail_tests::an_invite().fields;
  const std::pair<std::string, std::string> bad[] = {{"link", "javascript:alert(1)"},
                                                     {"link", "https://x.example/\r\nBcc: a@b.example"},
                                                     {"link", "https://x.example/ secret"},
                                                     {"expires", "next week secret"},
                                                     {"full_name", "secret\r\nBcc: a@b.example"},
                                                     {"full_name", std::string("secret\0", 7)},
                                                     {"organisation", "secret\xff\xfe"},
                                                     {"invited_by", "secret\x1b[2J"},
                                                     {"organisation", "secret\xed\xa0\x80"}};
  for (const auto& [name, value] : bad) {
    const auto names_it_only = [n = name](const unsendable& e) {
      return has(e.what(), n) && !has(e.what(), "secret") && !has(e.what(), "alert");
    };
    BOOST_CHECK_EXCEPTION(render("invite", with(invite, name, value)), unsendable, names_it_only);
  }
  for (const auto* value : {"1/12/2026", "2026-02-30", "soon"}) {
    BOOST_CHECK_THROW(render("tenancy_info", with(tenancy, "start_date", value)), unsendable);
  }
  BOOST_CHECK_THROW(render("tenancy_info", with(tenancy, "end_date", "never\r\n")), unsendable);
}

BOOST_AUTO_TEST_CASE(an_unknown_template_is_refused) {
  BOOST_CHECK_THROW(render("../layout", {}), unsendable);
  BOOST_CHECK_THROW(render("", {}), unsendable);
}

BOOST_AUTO_TEST_SUITE_END()
