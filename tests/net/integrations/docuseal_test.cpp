#include "net/integrations/docuseal.hpp"

#include <sodium.h>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "actors/secrets.hpp"
#include "tests/net/integrations/one_by_one.hpp"
#include "tests/net/print/support.hpp"

using namespace net::integrations;
using namespace integration_tests;
using actors::signing_trouble;
using kind = actors::signing_trouble::kind;
using std::chrono::milliseconds;

namespace {

const std::string id_text = "0190a000-0000-7000-8000-000000000001";
const model::signature_id id = *model::parse_id<model::signature_id>(id_text);
const std::string small_pdf = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n";

actors::signing_order order(std::string content = small_pdf, std::string type = "application/pdf") {
  actors::signing_order o;
  o.id = id;
  o.to_name = "Tess \"T\" Tenant";
  o.to_email = "tess@mail.example";
  auto& d = o.document.document;
  d.type = model::document_type::agreement;
  d.title = "Support agreement";
  d.status = model::document_status::sent;
  d.media_type = std::move(type);
  d.submitted_at = d.sent_at = d.approved_at = *model::parse_instant("2026-11-21T09:30:00Z");
  d.content_sha256 = actors::sha256(content);
  if (d.media_type != model::document_text_type) d.file = model::file_id{};
  o.document.content = std::move(content);
  o.fields = {{"organisation", "Harbour Homes"}, {"tenant", "Tess"}, {"time_zone", "Europe/London"}};
  return o;
}

std::shared_ptr<actors::signing_service> client(const std::string& url,
                                                milliseconds patience = milliseconds{3'000}) {
  return docuseal({url, "the-key", patience});
}

const signing_trouble& trouble(const std::variant<actors::submission_id, signing_trouble>& r) {
  return std::get<signing_trouble>(r);
}

std::string decoded(const std::string& text) {
  std::string out(text.size(), '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                        nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
    throw std::runtime_error("no base64");
  out.resize(size);
  return out;
}

/// A DocuSeal with one request in it; the addresses of its files are what a test makes them.
struct seal {
  std::string state = "completed";
  std::string document, audit;
  std::string signers = "[]";
  std::size_t copies = 1;
  one_by_one server{[this](const heard_request& r) { return say(r); }};

  std::optional<std::string> say(const heard_request& r) const {
    if (r.target == "/file/good.pdf" || r.target == "/file/audit.pdf")
      return ok(small_pdf, "application/pdf");
    if (r.target == "/file/page.pdf") return ok("<html></html>", "application/pdf");
    if (r.target == "/file/moved.pdf")
      return status(302, "", "Location: " + server.url() + "/file/good.pdf\r\n");
    if (r.target.starts_with("/submitters")) return ok(R"({"data":)" + signers + "}");
    if (r.target == "/submissions/7")
      return ok(R"({"id":7,"status":")" + state + R"(","audit_log_url":)" +
                (audit.empty() ? "null" : '"' + audit + '"') + "}");
    if (r.target == "/submissions/7/documents?merge=true") {
      std::string list;
      for (std::size_t i = 0; i < copies; ++i)
        list += (list.empty() ? "" : ",") + (R"({"name":"a","url":")" + document + R"("})");
      return ok(R"({"id":7,"documents":[)" + list + "]}");
    }
    return status(404, R"({"error":"Not found"})");
  }

  std::string file(const std::string& name) const { return server.url() + "/file/" + name + ".pdf"; }
  actors::signing_report look() const {
    return std::get<actors::signing_report>(client(server.url())->look(7, actors::wanted_files{}));
  }
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(docuseal_)

BOOST_AUTO_TEST_CASE(R24_a_request_is_the_approved_pdf_and_a_page_to_sign) {
  one_by_one server([](const heard_request&) { return ok(R"({"id":41,"status":"pending"})"); });
  const auto made = client(server.url())->request(order());
  BOOST_TEST(std::get<actors::submission_id>(made) == 41);
  const auto heard = server.heard().at(0);
  BOOST_TEST(heard.method == "POST");
  BOOST_TEST(heard.target == "/submissions/pdf");
  BOOST_TEST(heard.has("X-Auth-Token: the-key"));
  BOOST_TEST(heard.has("Content-Type: application/json"));
  const auto body = boost::json::parse(heard.body).as_object();
  BOOST_TEST(body.at("send_email").as_bool());
  BOOST_TEST(body.at("merge_documents").as_bool());
  const auto& documents = body.at("documents").as_array();
  BOOST_TEST_REQUIRE(documents.size() == 2u);
  BOOST_TEST(decoded(documents[0].at("file").as_string().c_str()) == small_pdf);
  // What makes the fields has to be read as it stands, in one line.
  const print_tests::pdf_file page(decoded(documents[1].at("file").as_string().c_str()));
  BOOST_TEST(page.pages() == 1u);
  for (const auto* words : {"{{Signature;role=Signer;type=signature;width=240;height=60}}",
                            "{{Date;role=Signer;type=date}}", "Tess \"T\" Tenant", "Support agreement"})
    BOOST_TEST(has(page.text(), words), words);
  const auto& signers = body.at("submitters").as_array();
  BOOST_TEST_REQUIRE(signers.size() == 1u);
  BOOST_TEST(signers[0].at("email").as_string() == "tess@mail.example");
  BOOST_TEST(signers[0].at("name").as_string() == "Tess \"T\" Tenant");
  BOOST_TEST(signers[0].at("external_id").as_string() == id_text);
}

BOOST_AUTO_TEST_CASE(R24_a_text_goes_as_pdf_and_what_cannot_be_one_not_at_all) {
  one_by_one server([](const heard_request&) { return ok(R"([{"id":5,"submission_id":42}])"); });
  const auto text =
      client(server.url())->request(order("# Agreement", std::string(model::document_text_type)));
  BOOST_TEST(std::get<actors::submission_id>(text) == 42);
  const auto office = client(server.url())->request(order("PK", "application/vnd.oasis.opendocument.text"));
  BOOST_TEST((trouble(office).what == kind::refused));
  BOOST_TEST(server.heard().size() == 1u);
}

BOOST_AUTO_TEST_CASE(R24_what_a_status_means_for_a_request) {
  struct line {
    int code;
    kind what;
    bool may_have_arrived;
  };
  for (const auto& [code, what, arrived] :
       {line{400, kind::refused, false}, line{413, kind::refused, false}, line{422, kind::refused, false},
        line{401, kind::set_up, false}, line{402, kind::set_up, false}, line{403, kind::set_up, false},
        line{404, kind::set_up, false}, line{302, kind::set_up, false}, line{408, kind::try_later, true},
        line{409, kind::try_later, true}, line{429, kind::try_later, false}, line{500, kind::try_later, true},
        line{503, kind::try_later, true}}) {
    one_by_one server([code = code](const heard_request&) {
      return status(code, R"({"error":"The e-mail is none\r\n"})", "Retry-After: 120\r\n");
    });
    const auto r = client(server.url())->request(order());
    BOOST_TEST_CONTEXT(code) {
      BOOST_TEST((trouble(r).what == what));
      BOOST_TEST(trouble(r).may_have_arrived == arrived);
      BOOST_TEST(has(trouble(r).detail, std::to_string(code)));
      BOOST_TEST(!has(trouble(r).detail, "\n"));
      BOOST_TEST(!has(trouble(r).detail, "the-key"));
      if (code == 422) BOOST_TEST(has(trouble(r).detail, "The e-mail is none"));
      if (code == 429) BOOST_TEST(trouble(r).retry_after.value().count() == 120);
    }
  }
}

BOOST_AUTO_TEST_CASE(R24_an_answer_that_is_lost_or_none_may_have_made_a_request) {
  for (const auto& said : {std::optional<std::string>{""}, std::optional<std::string>{ok("not json")},
                           std::optional<std::string>{ok("{}")}, std::optional<std::string>{ok("[]")},
                           std::optional<std::string>{}}) {
    one_by_one server([said](const heard_request&) { return said; });
    const auto r = client(server.url(), milliseconds{400})->request(order());
    BOOST_TEST((trouble(r).what == kind::try_later));
    BOOST_TEST(trouble(r).may_have_arrived);
  }
}

BOOST_AUTO_TEST_CASE(R24_where_nobody_listens_nothing_was_made) {
  std::string url;
  {
    url = one_by_one([](const heard_request&) { return ok("{}"); }).url();
  }
  const auto r = client(url)->request(order());
  BOOST_TEST((trouble(r).what == kind::try_later));
  BOOST_TEST(!trouble(r).may_have_arrived);
}

BOOST_AUTO_TEST_CASE(R24_what_is_there_is_found_by_our_id_alone) {
  seal s;
  const auto found = [&] { return std::get<0>(client(s.server.url())->find(id)); };
  BOOST_TEST(!found().has_value());
  BOOST_TEST(s.server.heard().at(0).target == "/submitters?limit=100&external_id=" + id_text);
  // A service that does not know the filter must not give us somebody else's.
  s.signers =
      R"([{"submission_id":3,"external_id":"another"},{"submission_id":2,"external_id":null},{"id":1}])";
  BOOST_TEST(!found().has_value());
  s.signers = R"([{"submission_id":9,"external_id":")" + id_text +
              R"("},{"submission_id":8,"external_id":")" + id_text + R"("}])";
  BOOST_TEST(found().value() == 8);
  one_by_one broken([](const heard_request&) { return status(500); });
  BOOST_TEST(std::holds_alternative<signing_trouble>(client(broken.url())->find(id)));
}

BOOST_AUTO_TEST_CASE(R24_how_far_it_is) {
  seal s;
  for (const auto& [said, meant] : {std::pair{"pending", actors::signing_progress::pending},
                                    std::pair{"declined", actors::signing_progress::declined},
                                    std::pair{"expired", actors::signing_progress::expired}}) {
    s.state = said;
    BOOST_TEST((s.look().progress == meant));
    BOOST_TEST(!s.look().signed_copy.has_value());
  }
  s.state = "something new";
  BOOST_TEST(
      std::holds_alternative<signing_trouble>(client(s.server.url())->look(7, actors::wanted_files{})));
  BOOST_TEST((std::get<signing_trouble>(client(s.server.url())->look(8, actors::wanted_files{})).what ==
              kind::set_up));
}

BOOST_AUTO_TEST_CASE(R24_what_was_made_of_it_is_fetched_without_the_key) {
  seal s;
  s.document = s.file("good");
  s.audit = s.file("audit");
  const auto report = s.look();
  BOOST_TEST(report.missing == "");
  BOOST_TEST(report.signed_copy.value().sha256 == actors::sha256(small_pdf));
  BOOST_TEST(report.signed_copy->bytes->read(0, 4) == "%PDF");
  BOOST_TEST(report.signing_audit.value().media_type == "application/pdf");
  BOOST_TEST(report.audit_url.value() == s.audit);
  for (const auto& r : s.server.heard())
    BOOST_TEST(r.has("X-Auth-Token") == !r.target.starts_with("/file/"), r.target);
  const auto before = s.server.heard().size();
  const auto none = std::get<actors::signing_report>(client(s.server.url())->look(7, {false, false}));
  BOOST_TEST(none.missing == "");
  BOOST_TEST(s.server.heard().size() == before + 1);
}

BOOST_AUTO_TEST_CASE(R24_a_file_that_is_none_moves_or_lies_elsewhere_is_not_taken) {
  seal elsewhere;
  for (const auto* how : {"page", "moved", "gone"}) {
    seal s;
    s.document = s.audit = s.file(how);
    const auto report = s.look();
    BOOST_TEST(!report.signed_copy.has_value(), how);
    BOOST_TEST(!report.signing_audit.has_value(), how);
    BOOST_TEST(has(report.missing, "could not be fetched"), report.missing);
  }
  for (const std::string& url :
       {elsewhere.file("good"), std::string{"https://example.org/x.pdf"},
        std::string{"http://169.254.169.254/latest"}, std::string{"file:///etc/passwd"}}) {
    seal s;
    s.document = s.audit = url;
    BOOST_TEST(has(s.look().missing, "not DocuSeal's"), url);
  }
  BOOST_TEST(elsewhere.server.heard().empty());
  seal two;
  two.document = two.file("good");
  two.copies = 2;
  BOOST_TEST(has(two.look().missing, "audit log"));
  BOOST_TEST(!two.look().signed_copy.has_value());
}

BOOST_AUTO_TEST_CASE(R24_an_audit_link_that_leads_elsewhere_is_none) {
  for (const std::string& url :
       {std::string{"javascript:alert(1)"}, std::string{"data:text/html,x"},
        std::string{"https://evil.example/x"}, std::string{"http://127.0.0.1.evil.example/x"},
        std::string{"//127.0.0.1/x"}, std::string{}}) {
    seal s;
    s.document = s.file("good");
    s.audit = url;
    BOOST_TEST(!s.look().audit_url.has_value(), url);
  }
  seal port;
  port.document = port.file("good");
  port.audit = "http://127.0.0.1:1/x";
  BOOST_TEST(!port.look().audit_url.has_value());
  seal open;
  open.state = "pending";
  open.audit = open.file("audit");
  BOOST_TEST(!open.look().audit_url.has_value());
}

BOOST_AUTO_TEST_CASE(R24_whose_files_are_docuseals) {
  const std::string api = "https://api.docuseal.com";
  for (const auto* good :
       {"https://api.docuseal.com/file/x.pdf", "https://docuseal.com/file/a/b.pdf", "https://DocuSeal.com/f"})
    BOOST_TEST(is_docuseal_file(api, good), good);
  for (const auto* bad :
       {"http://docuseal.com/file/x.pdf", "https://docuseal.com.evil.example/x",
        "https://evil.example/docuseal.com", "https://docuseal.com@evil.example/x",
        "https://docuseal.com:8443/x", "https://files.docuseal.com/x", "https://com/x", "https://127.0.0.1/x",
        "http://127.0.0.1/x", "", "https://", "//docuseal.com/x", "javascript:alert(1)",
        "javascript://docuseal.com/%0aalert(1)", "ftp://docuseal.com/x"})
    BOOST_TEST(!is_docuseal_file(api, bad), bad);
  BOOST_TEST(is_docuseal_file("https://sign.example.org:8443/api", "https://sign.example.org:8443/file/x"));
  BOOST_TEST(!is_docuseal_file("https://sign.example.org:8443/api", "https://sign.example.org/file/x"));
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_are_refused) {
  for (const auto* url :
       {"", "docuseal.com", "ftp://x", "http://sign.example", "https://sign.example/", "https://x?y"})
    BOOST_CHECK_THROW(docuseal({url, "key"}), std::invalid_argument);
  for (const std::string& key :
       {std::string{}, std::string{"a b"}, std::string{"a\r\nX: y"}, std::string(501, 'k')})
    BOOST_CHECK_THROW(docuseal({"https://api.docuseal.com", key}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
