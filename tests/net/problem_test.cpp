#include "net/problem.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

namespace {

boost::json::object json_of(const net::http::response& r) { return boost::json::parse(*r.body).as_object(); }

std::string header(const net::http::response& r, std::string_view name) {
  for (const auto& h : r.headers)
    if (h.name == name) return h.value;
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(problem)

BOOST_AUTO_TEST_CASE(every_code_has_one_line_in_the_table) {
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<model::refusal_code>>([](auto d) {
    const auto& kind = net::kind_of(d.value);
    BOOST_TEST((kind.code == d.value), d.name);
    BOOST_TEST(kind.status >= 400u);
    BOOST_TEST(!kind.title.empty());
  });
}

BOOST_AUTO_TEST_CASE(the_statuses_are_those_of_the_api) {
  using code = model::refusal_code;
  const std::pair<code, unsigned> expected[] = {
      {code::not_signed_in, 401},     {code::upgrade_required, 402},
      {code::not_permitted, 403},     {code::not_found, 404},
      {code::case_exists, 409},       {code::link_spent, 410},
      {code::link_void, 409},         {code::link_expired, 410},
      {code::version_mismatch, 412},  {code::unsupported_media_type, 415},
      {code::invalid, 422},           {code::idempotency_key_reused, 422},
      {code::too_many_requests, 429}, {code::unavailable, 503}};
  for (const auto& [c, status] : expected) BOOST_TEST(net::kind_of(c).status == status);
}

BOOST_AUTO_TEST_CASE(a_problem_says_what_where_and_what_to_do) {
  auto no = model::refusal::invalid("tenants[1].email", "invalid_email", "No \"address\".");
  no.upgrade = model::upgrade_offer{"support_cases", "enterprise", 19900};
  no.existing = model::parse_uuid("0190a000-0000-7000-8000-000000000001");
  no.due = model::due_counts{3, 2};
  const auto r = net::to_response(no, "request-1");
  BOOST_TEST(r.status == 422u);
  BOOST_TEST(header(r, "Content-Type") == "application/problem+json");
  const auto body = json_of(r);
  BOOST_TEST(body.at("type").as_string() == "urn:keywork:problem:invalid");
  BOOST_TEST(body.at("code").as_string() == "invalid");
  BOOST_TEST(body.at("status").as_int64() == 422);
  BOOST_TEST(body.at("request_id").as_string() == "request-1");
  BOOST_TEST(body.at("existing_id").as_string() == "0190a000-0000-7000-8000-000000000001");
  BOOST_TEST(boost::json::serialize(body.at("due")) == R"({"cases":3,"notes":2})");
  BOOST_TEST(body.at("upgrade").at("price_pence_per_month").as_int64() == 19900);
  BOOST_TEST(body.at("errors").at(0).at("message").as_string() == "No \"address\".");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_leaves_no_trace) {
  const auto body = json_of(net::to_response(model::refusal::not_found(), "r"));
  BOOST_TEST(body.size() == 6u);
  for (const auto* name : {"errors", "upgrade", "existing_id", "due"}) BOOST_TEST(!body.contains(name));
}

BOOST_AUTO_TEST_CASE(who_has_to_wait_is_told_how_long) {
  auto no = model::refusal::unavailable();
  BOOST_TEST(header(net::to_response(no, "r"), "Retry-After") == "2");
  no.code = model::refusal_code::too_many_requests;
  no.retry_after = 17;
  BOOST_TEST(header(net::to_response(no, "r"), "Retry-After") == "17");
  BOOST_TEST(header(net::to_response(model::refusal::not_found(), "r"), "Retry-After").empty());
}

BOOST_AUTO_TEST_SUITE_END()
