#include "net/json_in.hpp"

#include <boost/test/unit_test.hpp>

#include "model/json.hpp"

namespace {

using model::refusal;

template <class T>
T good(std::string_view body) {
  auto read = net::read_json<T>(body);
  if (const auto* no = std::get_if<refusal>(&read)) {
    std::string why = no->detail;
    for (const auto& e : no->errors) why += " " + e.field + ":" + e.code;
    BOOST_FAIL(why);
  }
  return std::get<T>(std::move(read));
}

template <class T>
refusal refused(std::string_view body) {
  const auto read = net::read_json<T>(body);
  BOOST_REQUIRE_MESSAGE(std::holds_alternative<refusal>(read), "accepted: " << body.substr(0, 200));
  return std::get<refusal>(read);
}

/// `field:code` of every error, with spaces between.
template <class T>
std::string errors(std::string_view body) {
  std::string out;
  for (const auto& e : refused<T>(body).errors) out += (out.empty() ? "" : " ") + e.field + ":" + e.code;
  return out;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

struct numbers {
  std::int32_t small = 0;
  std::uint32_t natural = 0;
  std::int64_t big = 0;
  bool flag = false;
};
BOOST_DESCRIBE_STRUCT(numbers, (), (small, natural, big, flag))

struct tokens {
  model::landlord_id id;
  model::instant at;
  std::optional<model::phone_text> phone;
};
BOOST_DESCRIBE_STRUCT(tokens, (), (id, at, phone))

constexpr std::string_view tenancy_tail =
    R"("start_date":"2026-05-01","rent_pence":62000,"rent_period":"monthly"})";

net::json_kind kind_of(std::string_view text) {
  return std::get<net::json_tree>(net::parse_json(text)).root.kind;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_in)

BOOST_AUTO_TEST_CASE(a_note_comes_in_byte_for_byte) {
  const std::string body =
      "  \xf0\x9f\x8f\xa0 \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d e\xcc\x81\tline\nnext <b>'; DROP TABLE\r\n";
  std::string json = R"({"stream":"professional","safeguarding":true,"body":)";
  model::write_json(json, body);
  const auto note = good<model::add_note>(json + "}");
  BOOST_TEST(note.body.value == body);
  BOOST_TEST((note.stream == model::stream::professional));
  BOOST_TEST((note.safeguarding == true));
}

BOOST_AUTO_TEST_CASE(escapes_stand_for_what_they_mean) {
  BOOST_TEST(good<model::add_note>(R"({"stream":"shared","body":"\ud83c\udfe0 \u00e9 \"\\\/"})").body.value ==
             "\xf0\x9f\x8f\xa0 \xc3\xa9 \"\\/");
}

BOOST_AUTO_TEST_CASE(null_is_absent_where_a_member_is_optional) {
  BOOST_TEST(!good<model::add_note>(R"({"stream":"shared","body":"x","safeguarding":null})").safeguarding);
  BOOST_TEST(errors<model::add_note>(R"({"stream":null,"body":null})") ==
             "stream:wrong_type body:wrong_type");
}

BOOST_AUTO_TEST_CASE(a_tenancy_comes_in_whole) {
  const auto read = net::read_json<model::create_tenancy>(
      R"({"tenants":[{"full_name":"Zoë Ōyama","email":" Zoe@Example.ORG ","phone":"07700 900100"}],
          "deposit":{"pence":100,"scheme":"tds"},"end_date":"2027-02-28",)" +
          std::string(tenancy_tail),
      {"property"});
  const auto& t = std::get<model::create_tenancy>(read);
  BOOST_REQUIRE(t.tenants.size() == 1u);
  BOOST_TEST(t.tenants[0].email.value == "zoe@example.org");
  BOOST_TEST(t.tenants[0].phone->value == "+447700900100");
  BOOST_TEST(t.rent_pence == 62000);
  BOOST_TEST((t.deposit->scheme == model::deposit_scheme::tds));
}

BOOST_AUTO_TEST_CASE(errors_bear_the_path_of_their_field_and_come_all_at_once) {
  const auto read = net::read_json<model::create_tenancy>(
      R"({"tenants":[{"full_name":"A","email":"a@b.org"},{"full_name":" ","email":"nobody","phone":"12"}],
          "deposit":{"pence":"1","scheme":"piggy bank","colour":1},"end_date":"2027-02-30",)" +
          std::string(tenancy_tail),
      {"property"});
  std::string found;
  for (const auto& e : std::get<refusal>(read).errors) found += e.field + ":" + e.code + " ";
  BOOST_TEST(found ==
             "tenants[1].full_name:blank tenants[1].email:invalid_email tenants[1].phone:invalid_phone "
             "end_date:invalid_date deposit.pence:wrong_type deposit.scheme:not_allowed "
             "deposit.colour:unknown_field ");
  BOOST_TEST((std::get<refusal>(read).code == model::refusal_code::invalid));
}

BOOST_AUTO_TEST_CASE(a_bad_choice_is_told_the_choices) {
  BOOST_TEST(refused<model::add_note>(R"({"stream":"public","body":"x"})").errors.at(0).message ==
             "This must be one of: shared, professional.");
}

BOOST_AUTO_TEST_CASE(members_of_the_path_are_unknown_in_the_body) {
  const auto read = net::read_json<model::edit_note>(
      R"({"note":"0190a000-0000-7000-8000-000000000001","body":"x"})", {"note"});
  BOOST_TEST(std::get<refusal>(read).errors.at(0).code == "unknown_field");
  BOOST_TEST(errors<model::rename_landlord>(R"({"name":"x"})") == "landlord:missing");
}

BOOST_AUTO_TEST_CASE(what_is_required_is_missed) {
  BOOST_TEST(errors<model::add_note>("{}") == "stream:missing body:missing");
  BOOST_TEST(errors<numbers>("{}") == "small:missing natural:missing big:missing flag:missing");
}

BOOST_AUTO_TEST_CASE(duplicates_are_refused_wherever_they_stand) {
  BOOST_TEST(errors<model::add_note>(R"({"stream":"shared","stream":"professional","body":"x"})") ==
             "stream:duplicate");
  BOOST_TEST(errors<model::add_note>(R"({"stream":"shared","\u0062ody":"y","body":"x"})") ==
             "body:duplicate");
  BOOST_TEST(errors<model::change_settings>(R"({"support_retention_years":{"default":1,"default":2}})") ==
             "support_retention_years.default:duplicate");
}

BOOST_AUTO_TEST_CASE(numbers_are_whole_and_in_range) {
  const auto n =
      good<numbers>(R"({"small":-2147483648,"natural":4294967295,"big":9223372036854775807,"flag":false})");
  BOOST_TEST(n.big == 9223372036854775807);
  const auto code = [](std::string_view value) {
    return errors<numbers>(R"({"natural":1,"big":1,"flag":true,"small":)" + std::string(value) + "}");
  };
  for (const auto* value : {"1.0", "1e2", "1.5", "-0.0", "\"1\"", "true", "null", "[]", "{}",
                            "18446744073709551615", "99999999999999999999999", "1e400"})
    BOOST_TEST(code(value) == "small:wrong_type", value);
  for (const auto* value : {"2147483648", "-2147483649", "9223372036854775807"})
    BOOST_TEST(code(value) == "small:out_of_range", value);
  BOOST_TEST(errors<numbers>(R"({"natural":-1,"big":9223372036854775808,"flag":1,"small":1})") ==
             "natural:out_of_range big:wrong_type flag:wrong_type");
}

BOOST_AUTO_TEST_CASE(text_limits_count_characters_not_bytes) {
  const auto of = [](const std::string& text) { return R"({"stream":"shared","body":")" + text + "\"}"; };
  const std::string house = "\xf0\x9f\x8f\xa0";
  BOOST_TEST(good<model::add_note>(of(repeated(house, 20000))).body.value.size() == 80000u);
  BOOST_TEST(errors<model::add_note>(of(repeated(house, 20001))) == "body:too_long");
  BOOST_TEST(good<model::add_landlord>(R"({"name":")" + repeated(house, 200) + "\"}").name.value.size() ==
             800u);
  BOOST_TEST(errors<model::add_landlord>(R"({"name":")" + repeated("x", 201) + "\"}") == "name:too_long");
}

BOOST_AUTO_TEST_CASE(blank_text_is_refused_where_some_is_needed) {
  for (const auto* blank : {"", " ", "\\t\\n", "\\u200b", "\\u00a0 ", "\\u3000"})
    BOOST_TEST(errors<model::add_landlord>(R"({"name":")" + std::string(blank) + "\"}") == "name:blank",
               blank);
  BOOST_TEST(good<model::edit_context_summary>(R"({"context_summary":""})").context_summary.value.empty());
}

BOOST_AUTO_TEST_CASE(names_are_one_line_without_control_characters) {
  for (const auto* text :
       {"a\\r\\nBcc: x@y.org", "a\\nb", "a\\tb", "a\\u0007", "a\\u0085b", "a\\u2028b", "a\\u007f"})
    BOOST_TEST(
        errors<model::add_landlord>(R"({"name":")" + std::string(text) + "\"}") == "name:control_characters",
        text);
  BOOST_TEST(
      good<model::add_landlord>(R"({"name":"\u05e9\u05dc\u05d5\u05dd \u202b\u00e9"})").name.value.size() >
      8u);
}

BOOST_AUTO_TEST_CASE(nul_is_refused_with_its_place) {
  BOOST_TEST(errors<model::add_note>(R"({"stream":"shared","body":"a\u0000b"})") == "body:invalid_text");
  BOOST_TEST(errors<model::change_settings>(R"({"housing_officer_emails":["a@b.org","\u0000"]})")
                 .starts_with("housing_officer_emails[1]:invalid_text"));
  BOOST_TEST(errors<model::reopen_case>(R"({"a\u0000":1})") != "");
}

BOOST_AUTO_TEST_CASE(ids_times_and_phones_are_checked) {
  const auto of = [](std::string_view id, std::string_view at, std::string_view phone) {
    return R"({"id":)" + std::string(id) + R"(,"at":)" + std::string(at) + R"(,"phone":)" +
           std::string(phone) + "}";
  };
  constexpr std::string_view id = R"("0190A000-0000-7000-8000-000000000001")",
                             at = R"("2026-11-21T09:30:00+01:00")";
  BOOST_TEST(model::to_text(good<tokens>(of(id, at, "null")).at) == "2026-11-21T08:30:00Z");
  for (const auto* bad :
       {R"("")", R"("0190a000000070008000000000000001")", R"("{0190a000-0000-7000-8000-000000000001}")",
        R"("0190a000-0000-7000-8000-00000000000g")", R"("1' OR '1'='1")"})
    BOOST_TEST(errors<tokens>(of(bad, at, "null")) == "id:invalid_id", bad);
  for (const auto* bad : {R"("")", R"("2026-11-21")", R"("2026-02-30T00:00:00Z")", R"("yesterday")"})
    BOOST_TEST(errors<tokens>(of(id, bad, "null")) == "at:invalid_time", bad);
  BOOST_TEST(errors<tokens>(of("1", "2", "3")) == "id:wrong_type at:wrong_type phone:wrong_type");
}

BOOST_AUTO_TEST_CASE(malformed_json_is_refused_with_the_position) {
  for (const auto* body : {"",
                           " ",
                           "{",
                           "}",
                           "[",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{a:1}",
                           "{'a':1}",
                           "{\"a\":1,}",
                           "[1,]",
                           "{\"a\":01}",
                           "{\"a\":+1}",
                           "{\"a\":.5}",
                           "{\"a\":NaN}",
                           "{\"a\":Infinity}",
                           "{\"a\":tru}",
                           "{} {}",
                           "{}x",
                           "{}\n}",
                           "/* */{}",
                           "// x\n{}",
                           "{\"a\":\"\n\"}",
                           "{\"a\":\"\\x\"}",
                           "{\"a\":\"\\u12\"}",
                           "{\"a\":\"",
                           "nul",
                           "\xef\xbb\xbf{}"}) {
    const auto no = refused<model::reopen_case>(body);
    BOOST_TEST((no.code == model::refusal_code::bad_request), body);
    BOOST_TEST(no.detail.find("at byte ") != std::string::npos, body);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_utf8_is_refused) {
  for (const std::string_view bytes :
       {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"}) {
    const auto no =
        refused<model::add_note>(R"({"stream":"shared","body":"abc)" + std::string(bytes) + "\"}");
    BOOST_TEST((no.code == model::refusal_code::bad_request));
    BOOST_TEST(no.detail.find("at byte 30") != std::string::npos, no.detail);
  }
  using namespace std::string_literals;
  BOOST_TEST((refused<model::reopen_case>("{\"a\0\":1}"s).code == model::refusal_code::bad_request));
}

BOOST_AUTO_TEST_CASE(lone_surrogates_are_refused) {
  for (const auto* text : {"\\ud800", "\\udc00", "\\ud800x", "\\ud800\\ud800", "\\ud800\\u0041"}) {
    const auto no = refused<model::add_note>(R"({"stream":"shared","body":")" + std::string(text) + "\"}");
    BOOST_TEST((no.code == model::refusal_code::bad_request), text);
  }
}

BOOST_AUTO_TEST_CASE(depth_and_count_are_bounded) {
  BOOST_TEST((kind_of(repeated("[", 32) + repeated("]", 32)) == net::json_kind::array));
  for (const std::size_t deep : {33u, 1000u, 100000u})
    BOOST_TEST((refused<model::reopen_case>(repeated("[", deep)).code == model::refusal_code::bad_request));
  BOOST_TEST((refused<model::reopen_case>(repeated("{\"a\":", 33) + "1" + repeated("}", 33)).code ==
              model::refusal_code::bad_request));
  BOOST_TEST((refused<model::reopen_case>("[" + repeated("0,", 20000) + "0]").code ==
              model::refusal_code::bad_request));
}

BOOST_AUTO_TEST_CASE(at_most_fifty_errors_are_told) {
  std::string body = "{";
  for (int i = 0; i < 200; ++i) body += (i > 0 ? ",\"x" : "\"x") + std::to_string(i) + "\":1";
  BOOST_TEST(refused<model::reopen_case>(body + "}").errors.size() == 50u);
}

BOOST_AUTO_TEST_CASE(only_an_object_is_a_body) {
  for (const auto* body : {"[]", "1", "\"x\"", "null", "true"})
    BOOST_TEST(errors<model::reopen_case>(body) == ":wrong_type", body);
  BOOST_TEST(
      errors<model::change_settings>(R"({"support_retention_years":[],"housing_officer_emails":{}})") ==
      "support_retention_years:wrong_type housing_officer_emails:wrong_type");
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_named_with_their_path) {
  BOOST_TEST(errors<model::change_settings>(R"({"tier":"enterprise","support_retention_years":{"x":1}})") ==
             "support_retention_years.x:unknown_field tier:unknown_field");
}

BOOST_AUTO_TEST_SUITE_END()
