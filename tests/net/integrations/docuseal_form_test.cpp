#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "actors/secrets.hpp"
#include "net/integrations/docuseal.hpp"
#include "tests/net/integrations/one_by_one.hpp"

using namespace net::integrations;
using namespace integration_tests;
using actors::signing_trouble;
using kind = actors::signing_trouble::kind;
using std::chrono::milliseconds;

namespace {

const std::string id_text = "0190a000-0000-7000-8000-000000000001";
const auto org = *model::parse_id<model::org_id>("0190a000-0000-7000-8000-000000000a01");
const std::string words = "# Agreement\n\nTess Tenant meets us on Mondays.\n";

/// Approved on 21 November at 09:30, with what stands in its text.
actors::signing_order order() {
  actors::signing_order o;
  o.id = *model::parse_id<model::signature_id>(id_text);
  o.to_name = "Tess \"T\" Tenant";
  o.to_email = "tess@mail.example";
  auto& d = o.document.document;
  d.org = org;
  d.type = model::document_type::agreement;
  d.title = "Support agreement";
  d.status = model::document_status::sent;
  d.media_type = std::string(model::document_text_type);
  d.approved_at = *model::parse_instant("2026-11-21T09:30:00Z");
  d.content_sha256 = actors::sha256(words);
  d.signing_template = 1000001;
  o.document.content = words;
  o.values = {{"tenant.full_name", "Tess \"T\" Tenant"}, {"field.day", "Mondays"}, {"tenant.phone", ""}};
  return o;
}

std::string field(const std::string& name, const std::string& type = "text",
                  const std::string& more = R"(,"required":true)") {
  return R"({"uuid":"f-)" + name + R"(","submitter_uuid":"s-1","name":")" + name + R"(","type":")" + type +
         '"' + more + R"(,"areas":[{"x":0.1,"y":0.2,"w":0.3,"h":0.04,"page":0}]})";
}

/// A DocuSeal with one template in it.
struct seal {
  std::string fields = field("Signature", "signature") + "," + field("tenant.full_name");
  std::string signers = R"({"name":"First Party","uuid":"s-1"})";
  std::string changed_at = R"("2026-11-20T12:00:00.000Z")";
  std::string archived_at = "null";
  std::string external_id = model::to_text(org), folder = "Default";
  int found = 200, made = 200;
  one_by_one server{[this](const heard_request& r) -> std::optional<std::string> {
    if (r.target == "/submissions" && r.method == "POST")
      return made == 200 ? ok(R"([{"id":5,"submission_id":42,"external_id":")" + id_text + R"("}])")
                         : status(made, R"({"error":"Unknown field: x"})");
    if (r.target != "/templates/1000001" || found != 200)
      return status(found == 200 ? 404 : found, R"({"error":"Not found"})");
    return ok(R"({"id":1000001,"name":"Our form","external_id":")" + external_id + R"(","folder_name":")" +
              folder + R"(","fields":[)" + fields + R"(],"submitters":[)" + signers + R"(],"archived_at":)" +
              archived_at + R"(,"updated_at":)" + changed_at + "}");
  }};

  std::variant<actors::submission_id, signing_trouble> ask() const {
    return docuseal({server.url(), "the-key", milliseconds{20'000}})->request(order());
  }
  /// Nothing was asked for, and nothing ever will be; why.
  std::string refused(std::size_t asked = 1) const {
    const auto r = ask();
    const auto& t = std::get<signing_trouble>(r);
    BOOST_TEST((t.what == kind::refused));
    BOOST_TEST(!t.may_have_arrived);
    BOOST_TEST(server.heard().size() == asked);
    return t.detail;
  }
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(docuseal_form)

BOOST_AUTO_TEST_CASE(R24_a_form_is_filled_with_what_stands_in_the_approved_text) {
  seal s;
  s.fields += "," + field("field.day") + "," + field("tenant.phone") + "," + field("document.sha256") + "," +
              field("Their own question") + "," + field("Date", "date");
  BOOST_TEST(std::get<actors::submission_id>(s.ask()) == 42);
  const auto heard = s.server.heard();
  BOOST_TEST_REQUIRE(heard.size() == 2u);
  BOOST_TEST(heard[0].method == "GET");
  BOOST_TEST(heard[0].has("X-Auth-Token: the-key"));
  BOOST_TEST(heard[1].has("X-Auth-Token: the-key"));
  BOOST_TEST(heard[1].has("Content-Type: application/json"));
  const auto wanted = boost::json::parse(
      R"({"template_id":1000001,"send_email":true,"submitters":[{"role":"First Party",)"
      R"("name":"Tess \"T\" Tenant","email":"tess@mail.example","external_id":")" +
      id_text +
      R"(","fields":[{"name":"tenant.full_name","default_value":"Tess \"T\" Tenant","readonly":true},)"
      R"({"name":"field.day","default_value":"Mondays","readonly":true},)"
      R"({"name":"document.sha256","default_value":")" +
      actors::sha256(words) + R"(","readonly":true}]}]})");
  BOOST_TEST(boost::json::parse(heard[1].body) == wanted);
}

BOOST_AUTO_TEST_CASE(R24_a_form_that_was_changed_since_the_approval_is_not_what_was_approved) {
  seal s;
  s.changed_at = R"("2026-11-21T09:30:00.001Z")";
  BOOST_TEST(has(s.refused(), "changed after the document was approved"));
  seal same;
  same.changed_at = R"("2026-11-21T09:30:00.000Z")";
  BOOST_TEST(std::get<actors::submission_id>(same.ask()) == 42);
  seal silent;
  silent.changed_at = "null";
  const auto r = silent.ask();
  BOOST_TEST((std::get<signing_trouble>(r).what == kind::try_later));
  BOOST_TEST(!std::get<signing_trouble>(r).may_have_arrived);
}

BOOST_AUTO_TEST_CASE(R24_a_form_that_does_not_fit_is_refused_and_says_why) {
  {
    seal s;
    s.archived_at = R"("2026-11-01T00:00:00.000Z")";
    BOOST_TEST(has(s.refused(), "is archived"));
  }
  {
    seal s;
    s.signers += R"(,{"name":"Second Party","uuid":"s-2"})";
    BOOST_TEST(has(s.refused(), "2 signers"));
  }
  {
    seal s;
    s.fields += "," + field("tenancy.rent");
    BOOST_TEST(has(s.refused(), "tenancy.rent"));
  }
  for (const std::string& unsigned_form :
       {field("tenant.full_name"), field("Signature", "signature", R"(,"required":false)"),
        field("Signature", "signature",
              R"(,"required":true,"conditions":[{"field_uuid":"f-tenant.full_name","action":"empty"}])"),
        std::string{}}) {
    seal s;
    s.fields = unsigned_form;
    BOOST_TEST(has(s.refused(), "no field in which somebody has to sign"));
  }
}

BOOST_AUTO_TEST_CASE(R24_another_organisations_form_is_none) {
  seal s;
  s.external_id = "0190a000-0000-7000-8000-000000000fff";
  BOOST_TEST(has(s.refused(), "no template 1000001"));
  s.archived_at = R"("2026-11-01T00:00:00.000Z")";
  seal gone;
  gone.found = 404;
  BOOST_TEST(s.refused(2) == gone.refused());
  seal in_folder;
  in_folder.folder = std::exchange(in_folder.external_id, "");
  BOOST_TEST(std::get<actors::submission_id>(in_folder.ask()) == 42);
}

BOOST_AUTO_TEST_CASE(R24_a_value_that_docuseal_would_read_as_another_is_not_sent) {
  seal s;
  auto o = order();
  for (auto& value : o.values) value.second = "until {{date}}";
  const auto r = docuseal({s.server.url(), "the-key", milliseconds{20'000}})->request(o);
  BOOST_TEST((std::get<signing_trouble>(r).what == kind::refused));
  BOOST_TEST(has(std::get<signing_trouble>(r).detail, "holds {{"));
  BOOST_TEST(s.server.heard().size() == 1u);
}

BOOST_AUTO_TEST_CASE(R24_no_value_of_ours_becomes_a_signature) {
  for (const std::string type : {"signature", "initials", "image", "stamp", "file", "date", "number"}) {
    seal s;
    s.fields = field("Signature", "signature") + "," + field("tenant.full_name", type);
    BOOST_TEST(has(s.refused(), "no field of text"), type);
  }
}

BOOST_AUTO_TEST_CASE(R24_a_form_that_is_not_there_is_refused_and_one_that_cannot_be_asked_for_waits) {
  for (const int code : {403, 404}) {
    seal s;
    s.found = code;
    BOOST_TEST(has(s.refused(), "no template 1000001"));
  }
  for (const auto& [code, what] : {std::pair{401, kind::set_up}, std::pair{500, kind::try_later}}) {
    seal s;
    s.found = code;
    const auto r = s.ask();
    BOOST_TEST((std::get<signing_trouble>(r).what == what));
    BOOST_TEST(!std::get<signing_trouble>(r).may_have_arrived);
    BOOST_TEST(s.server.heard().size() == 1u);
  }
  seal s;
  s.made = 422;
  const auto r = s.ask();
  BOOST_TEST((std::get<signing_trouble>(r).what == kind::refused));
  BOOST_TEST(has(std::get<signing_trouble>(r).detail, "Unknown field: x"));
}

BOOST_AUTO_TEST_SUITE_END()
