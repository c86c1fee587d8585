#include "net/mail/render.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "net/mail/encode.hpp"
#include "net/mail/merge.hpp"
#include "net/mail/unsendable.hpp"
#include "net/mail/words.hpp"

namespace net::mail {
namespace {

namespace mustache = kainjow::mustache;

enum class kind { line, lines, link, moment, day, day_or_words };

struct field {
  std::string_view name;
  kind form = kind::line;
  bool optional = false;
};

constexpr field sign_in_fields[] = {
    {"link", kind::link}, {"expires", kind::moment}, {"full_name", kind::line, true}};
constexpr field invite_fields[] = {
    {"full_name"}, {"organisation"}, {"invited_by"}, {"link", kind::link}, {"expires", kind::moment}};
constexpr field tenancy_info_fields[] = {{"full_name"},
                                         {"agent"},
                                         {"property", kind::lines},
                                         {"rent"},
                                         {"rent_period"},
                                         {"start_date", kind::day},
                                         {"tenure"},
                                         {"landlord", kind::line, true},
                                         {"end_date", kind::day_or_words, true},
                                         {"deposit", kind::line, true}};

constexpr field document_fields[] = {{"full_name"}, {"organisation"}, {"sent_by"}, {"title"}};

struct shape {
  std::string_view name;
  std::span<const field> fields;
  std::optional<std::string_view> speaker{};  ///< the required field that names who speaks
};
constexpr shape shapes[] = {{"sign_in", sign_in_fields},
                            {"invite", invite_fields},
                            {"member_invite", invite_fields},
                            {"tenancy_info", tenancy_info_fields, "agent"},
                            {"document", document_fields, "organisation"},
                            {"document_to_sign", document_fields, "organisation"}};

const std::string* find(const mail_fields& fields, std::string_view name) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.first == name; });
  return found == fields.end() ? nullptr : &found->second;
}

/// An absolute web address in printable ASCII without spaces, quotes or angle brackets: nothing that a
/// reader's mail program could run, or cut short.
bool is_web_link(std::string_view text) {
  return (text.starts_with("https://") || text.starts_with("http://")) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return c > ' ' && c <= '~' && c != '<' && c != '>' && c != '"' && c != '\'' && c != '\\';
         });
}

std::optional<std::string> line(std::string_view value) {
  return has_control_characters(value) ? std::nullopt : std::optional{std::string(value)};
}

std::optional<std::string> lines(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c != '\r') out += c;
  }
  auto without_breaks = out;
  std::erase(without_breaks, '\n');
  return has_control_characters(without_breaks) ? std::nullopt : std::optional{out};
}

/// The field in words; nothing where it is not what its kind asks for.
std::optional<std::string> in_words(kind form, const std::string& value, const std::string& time_zone) {
  switch (form) {
    case kind::line:
      return line(value);
    case kind::lines:
      return lines(value);
    case kind::link:
      return is_web_link(value) ? std::optional{value} : std::nullopt;
    case kind::moment:
      return moment_words(value, time_zone);
    case kind::day:
      return day_words(value);
    case kind::day_or_words: {
      auto words = day_words(value);
      return words ? words : line(value);
    }
  }
  return std::nullopt;
}

mustache::data value_of(const shape& of, const field& wanted, const mail_fields& fields,
                        const std::string& time_zone) {
  const auto where = "the field " + std::string(wanted.name) + " of the mail " + std::string(of.name);
  const auto* given = find(fields, wanted.name);
  if (!given || given->find_first_not_of(" \t\r\n") == std::string::npos) {
    if (wanted.optional) return mustache::data{mustache::data::type::bool_false};
    throw unsendable(where + " is missing");
  }
  if (!is_utf8(*given)) throw unsendable(where + " is not valid UTF-8");
  const auto words = in_words(wanted.form, *given, time_zone);
  if (!words) throw unsendable(where + " is malformed");
  return mustache::data{*words};
}

}  // namespace

rendered_mail render(std::string_view template_name, const mail_fields& fields) {
  const auto* of = std::find_if(std::begin(shapes), std::end(shapes),
                                [&](const shape& s) { return s.name == template_name; });
  if (of == std::end(shapes)) throw unsendable("there is no mail template of that name");
  const auto* zone = find(fields, "time_zone");
  mustache::data data{mustache::data::type::object};
  for (const auto& wanted : of->fields) {
    data.set(std::string(wanted.name), value_of(*of, wanted, fields, zone ? *zone : "Europe/London"));
  }
  const auto text = data;
  return merge_mail(std::string(template_name), text, data, of->speaker ? *find(fields, *of->speaker) : "");
}

}  // namespace net::mail
