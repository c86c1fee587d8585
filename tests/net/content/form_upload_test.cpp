#include "net/content/form_upload.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/net/content/files.hpp"

using namespace net::contents;

namespace {

const std::string type = "multipart/form-data; boundary=AaB03x";

std::string field(const std::string& name, const std::string& value) {
  return "--AaB03x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}
std::string file(const std::string& content, const std::string& name = "plan.pdf",
                 const std::string& claimed = "application/pdf") {
  return "--AaB03x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
         "\"\r\nContent-Type: " + claimed + "\r\n\r\n" + content + "\r\n";
}
const std::string end = "--AaB03x--\r\n";

std::variant<document_form, model::refusal> read(const std::string& body, const std::string& said = type) {
  return read_form(std::make_shared<content_test::bytes>(body), said);
}

std::string all_of(const model::file_source& source) { return source.read(0, source.size() + 1); }

std::string refused(const std::variant<document_form, model::refusal>& form) {
  const auto* no = std::get_if<model::refusal>(&form);
  if (!no) return "read";
  return no->errors.empty() ? std::string(to_text(no->code)) : no->errors[0].field + " " + no->errors[0].code;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(form_upload)

BOOST_AUTO_TEST_CASE(a_form_becomes_the_json_and_the_file) {
  for (const auto& content : {std::string("x"), std::string(), content_test::pdf(),
                              std::string(700'000, '\r'), std::string("\r\n--AaB03\r\n--AaB03y\r\n\0", 22)}) {
    const auto read_form = read(field("type", "letter") + file(content) + field("title", "Say \"hi\"\nnow") +
                                field("due_every_months", "6") + end);
    BOOST_TEST_CONTEXT(content.size()) {
      const auto& form = std::get<document_form>(read_form);
      BOOST_TEST(form.json == R"({"type":"letter","title":"Say \"hi\"\nnow","due_every_months":6})");
      BOOST_TEST((all_of(*form.file.bytes) == content));
      BOOST_TEST(form.file.bytes->size() == content.size());
      BOOST_TEST(form.file.name == "plan.pdf");
      BOOST_TEST(form.file.claimed == "application/pdf");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_is_read_from_where_it_lies) {
  const auto content = content_test::pdf();
  const auto form = std::get<document_form>(read(file(content, "C:\\x\\a\\\"b.pdf") + end));
  BOOST_TEST(form.file.name == "C:\\x\\a\"b.pdf");
  BOOST_TEST(form.file.bytes->read(100, 50) == content.substr(100, 50));
  BOOST_TEST(form.file.bytes->read(content.size() - 3, 50) == content.substr(content.size() - 3));
  BOOST_TEST(form.file.bytes->read(content.size(), 50).empty());
}

BOOST_AUTO_TEST_CASE(the_boundary_may_be_quoted_and_across_pieces) {
  for (std::size_t size = 256 * 1024 - 120; size < 256 * 1024 + 20; ++size) {
    const auto form =
        read(file(std::string(size, 'a')) + end, "multipart/form-data; charset=utf-8; boundary=\"AaB03x\"");
    BOOST_TEST(std::get<document_form>(form).file.bytes->size() == size);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_form_is_refused) {
  const auto whole = field("type", "letter") + file("x") + end;
  BOOST_TEST(refused(read(whole)) == "read");
  for (std::size_t size = 0; size < whole.size() - 4; ++size)
    BOOST_TEST(refused(read(whole.substr(0, size))) == "bad_request", size);
  for (const auto* said : {"multipart/form-data", "multipart/form-data; boundary=",
                           "multipart/form-data; boundary=\"AaB", "multipart/form-data; boundary=other"})
    BOOST_TEST(refused(read(whole, said)) == "bad_request");
  BOOST_TEST(refused(read("preamble\r\n" + whole)) == "bad_request");
  BOOST_TEST(refused(read("--AaB03x\r\nContent-Type: text/plain\r\n\r\nx\r\n" + end)) == "bad_request");
  BOOST_TEST(refused(read(field("title", "\xff") + file("x") + end)) == "bad_request");
  std::string many;
  for (int i = 0; i < 30; ++i) many += field("f" + std::to_string(i), "x");
  BOOST_TEST(refused(read(many + end)) == "bad_request");
  BOOST_TEST(refused(read("--AaB03x\r\nX: " + std::string(100'000, 'x') + "\r\n\r\nx\r\n" + end)) ==
             "bad_request");
}

BOOST_AUTO_TEST_CASE(a_form_has_one_file) {
  BOOST_TEST(refused(read(field("type", "letter") + end)) == "file required");
  BOOST_TEST(refused(read(file("x") + file("y") + end)) == "file duplicate");
  BOOST_TEST(refused(read(field("title", std::string(10'000, 'x')) + file("y") + end)) == "title too_long");
}

BOOST_AUTO_TEST_CASE(a_form_is_told_by_its_type) {
  BOOST_TEST(is_form_data(type));
  BOOST_TEST(is_form_data("Multipart/Form-Data ;boundary=x"));
  BOOST_TEST(!is_form_data("multipart/mixed; boundary=x"));
  BOOST_TEST(!is_form_data(""));
}

BOOST_AUTO_TEST_SUITE_END()
