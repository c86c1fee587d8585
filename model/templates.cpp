#include "model/templates.hpp"

#include <algorithm>
#include <array>
#include <kainjow/mustache.hpp>
#include <map>
#include <set>
#include <stdexcept>

#include "model/local_time.hpp"
#include "model/organisation.hpp"
#include "model/utf8.hpp"
#include "model/wording.hpp"

namespace model {
namespace {

namespace mustache = kainjow::mustache;

constexpr std::array<merge_field, 15> all_merge_fields = {{
    {"tenant.full_name", "The tenant whom the case is about."},
    {"tenant.email", "The tenant's e-mail address."},
    {"tenant.phone", "The tenant's phone number."},
    {"tenancy.start_date", "The day on which the tenancy began, such as 1 June 2026."},
    {"tenancy.end_date", "The day on which it ends; of a periodic tenancy: no fixed end date."},
    {"tenancy.rent", "The rent, such as £650.00."},
    {"tenancy.rent_period", "What the rent is for, such as monthly or four-weekly."},
    {"tenancy.tenure", "The kind of tenancy, such as licence agreement."},
    {"property.address", "The home's address in one line."},
    {"property.landlord", "The landlord of the home."},
    {"organisation.name", "The organisation that the case belongs to."},
    {"case.reference", "The case's reference, such as SC-00001."},
    {"case.opened_on", "The day on which the case was opened."},
    {"today", "The day on which the document is made."},
    {"author.full_name", "Who makes the document."},
}};

constexpr std::string_view question_prefix = "field.";
constexpr std::string_view to_write_on = "________";

bool is_merge_field(std::string_view name) {
  return std::ranges::find(all_merge_fields, name, &merge_field::name) != all_merge_fields.end();
}

bool is_question_name(std::string_view name) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !name.empty() && name.size() <= longest_question_name && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

/// The question's name; nothing for a name that is no question's.
std::optional<std::string_view> question_in(std::string_view name) {
  if (!name.starts_with(question_prefix)) return std::nullopt;
  return name.substr(question_prefix.size());
}

std::string_view trimmed(std::string_view text, std::string_view off = " \t") {
  const auto first = text.find_first_not_of(off);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(off) - first + 1);
}

/// Takes the first line off, without its line break.
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

enum class tag_kind { variable, not_allowed, unclosed, unopened };

/// Something in braces. `whole` is as it was written, `name` what stands in a variable's.
struct tag {
  tag_kind kind;
  std::string_view whole;
  std::string_view name;
};

/// Takes the first tag off the line, with what stands before it; nothing if there is none.
std::optional<tag> take_tag(std::string_view& line) {
  const auto open = line.find("{{");
  const auto stray = line.find("}}");
  if (open == line.npos && stray == line.npos) return std::nullopt;
  if (stray < open) {
    const tag found{tag_kind::unopened, line.substr(stray, 2), {}};
    line.remove_prefix(stray + 2);
    return found;
  }
  line.remove_prefix(open);
  auto close = line.find("}}");
  if (close == line.npos) {
    const tag found{tag_kind::unclosed, line, {}};
    line = {};
    return found;
  }
  constexpr std::string_view sigils = "{#^/>!=&";
  const bool plain = line.size() > 2 && sigils.find(line[2]) == sigils.npos;
  if (!plain && line.substr(close).starts_with("}}}")) ++close;
  const tag found{plain ? tag_kind::variable : tag_kind::not_allowed, line.substr(0, close + 2),
                  trimmed(line.substr(2, close - 2))};
  line.remove_prefix(close + 2);
  return found;
}

/// `f(tag, number of its line)` for each tag of a text.
template <class Function>
void for_each_tag(std::string_view text, Function f) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto line = take_line(text);
    while (const auto found = take_tag(line)) f(*found, number);
  }
}

/// At most 60 bytes of it, no character cut.
std::string quoted(std::string_view words) {
  constexpr std::size_t most = 60;
  if (words.size() <= most) return std::string(words);
  auto end = most;
  while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0) == 0x80) --end;
  return std::string(words.substr(0, end)) + "…";
}

std::string list_of_fields() {
  std::string out;
  for (const auto& f : all_merge_fields) out.append("{{").append(f.name).append("}}, ");
  return out + "and {{field.a_name}} for a question of the template's own.";
}

/// Gathers what is wrong with one text.
class template_errors {
 public:
  void add(std::size_t line, std::string code, const std::string& message) {
    if (found_.size() < most_template_errors)
      found_.push_back({"text", std::move(code), "Line " + std::to_string(line) + ": " + message});
  }

  void check(const tag& t, std::size_t line) {
    switch (t.kind) {
      case tag_kind::not_allowed:
        return add(
            line, "not_allowed",
            quoted(t.whole) +
                " is not used here: no sections, partials, comments, other delimiters or triple braces. "
                "Only names in two braces are, such as {{tenant.full_name}}.");
      case tag_kind::unclosed:
        return add(line, "unbalanced", "{{ is not closed by }} on the same line.");
      case tag_kind::unopened:
        return add(line, "unbalanced", "}} closes nothing: write {{ before the name.");
      case tag_kind::variable:
        break;
    }
    if (const auto question = question_in(t.name))
      check_question(*question, line);
    else if (!is_merge_field(t.name))
      add(line, "unknown_field", "There is no field " + quoted(t.whole) + ". There are " + list_of_fields());
  }

  std::vector<field_error> take() && { return std::move(found_); }

 private:
  void check_question(std::string_view name, std::size_t line) {
    if (!is_question_name(name))
      return add(
          line, "invalid_name",
          "{{field." + quoted(name) +
              "}} is no name for a question: up to 60 lower-case letters, digits and _, a letter first.");
    if (questions_.insert(name).second && questions_.size() == most_questions + 1)
      add(line, "too_many", "A template asks at most 100 questions of its own.");
  }

  std::vector<field_error> found_;
  std::set<std::string_view> questions_;
};

// ---- values as text in Markdown

/// How much of the line's front opens a block and has to lose that meaning: the place of the sign to escape.
std::optional<std::size_t> opening_sign(std::string_view line) {
  const auto ends_word = [&](std::size_t at) {
    return at == line.size() || line[at] == ' ' || line[at] == '\t';
  };
  if (line.empty()) return std::nullopt;
  if (line[0] == '#' || line[0] == '=' || line[0] == '-' || line[0] == ':') return 0;
  if (line[0] == '+' && ends_word(1)) return 0;
  const auto digits = std::min(line.find_first_not_of("0123456789"), line.size());
  const bool numbers = digits > 0 && digits < line.size() && (line[digits] == '.' || line[digits] == ')');
  return numbers && ends_word(digits + 1) ? std::optional{digits} : std::nullopt;
}

void append_escaped(std::string& out, std::string_view line) {
  constexpr std::string_view markup = "\\`*_[]<>|~";
  const auto opening = opening_sign(line);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char next = i + 1 < line.size() ? line[i + 1] : ' ';
    const bool entity =
        line[i] == '&' && (next == '#' || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'));
    if (opening == i || entity || markup.find(line[i]) != markup.npos) out += '\\';
    out += line[i];
  }
}

/// A value as it stands in the document: its words and line breaks, and no markup.
std::string as_text(std::string_view value, bool in_one_line) {
  if (is_blank(value)) return std::string(to_write_on);
  value = trimmed(value, " \t\r\n");
  std::string out;
  for (bool first = true; !value.empty(); first = false) {
    const auto line = trimmed(take_line(value), " \t\r");
    if (!first) out += in_one_line ? " " : "\\\n";
    append_escaped(out, line);
  }
  return out;
}

/// Answers every name by the values; one that a checked text cannot have is an error instead of a gap.
class value_context final : public mustache::context<std::string> {
 public:
  explicit value_context(const merge_values& values) {
    for (const auto& [name, value] : values.known) values_.emplace(name, value);
    for (const auto& [name, value] : values.answers)
      values_.emplace(std::string(question_prefix) + name, value);
  }
  const mustache::data* get(const std::string& name) const override {
    if (const auto found = values_.find(name); found != values_.end()) return &found->second;
    if (!is_merge_field(name) && !question_in(name))
      throw std::invalid_argument("a template names {{" + name + "}}, which there is not");
    return &nothing_;
  }

 private:
  std::map<std::string, mustache::data> values_;
  mustache::data nothing_{std::string{}};
};

/// One line with its values. A line is a whole to mustache here, since nothing that is allowed spans two.
std::string merged_line(std::string_view line, value_context& values) {
  const bool in_row = trimmed(line).starts_with('|');
  mustache::mustache page{std::string(line)};
  page.set_custom_escape([in_row](const std::string& value) { return as_text(value, in_row); });
  auto out = page.render(values);
  if (!page.is_valid())
    throw std::invalid_argument("a template that cannot be read: " + page.error_message());
  return out;
}

/// Stops soon after `enough` bytes, where more would not be taken anyway.
std::string merged(std::string_view text, const merge_values& values, std::size_t enough) {
  value_context context(values);
  std::string out;
  while (!text.empty() && out.size() <= enough) {
    const auto line = take_line(text);
    if (line.find("{{") == line.npos)
      out += line;
    else
      out += merged_line(line, context);
    out += '\n';
  }
  return out;
}

}  // namespace

std::span<const merge_field> merge_fields() { return all_merge_fields; }

std::vector<field_error> check_template(std::string_view text) {
  template_errors errors;
  for_each_tag(text, [&](const tag& t, std::size_t line) { errors.check(t, line); });
  return std::move(errors).take();
}

std::vector<std::string> questions_of(std::string_view text) {
  std::vector<std::string> out;
  std::set<std::string_view> seen;
  for_each_tag(text, [&](const tag& t, std::size_t) {
    const auto question = t.kind == tag_kind::variable ? question_in(t.name) : std::nullopt;
    if (question && seen.insert(*question).second) out.emplace_back(*question);
  });
  return out;
}

merge_values values_of(const case_place& place, std::string_view reference, day opened_on, day today,
                       std::string_view author, fields answers) {
  return {{{"tenant.full_name", place.tenant_name},
           {"tenant.email", place.tenant_email},
           {"tenant.phone", place.tenant_phone.value_or("")},
           {"tenancy.start_date", in_words(place.start_date)},
           {"tenancy.end_date", place.end_date ? in_words(*place.end_date) : "no fixed end date"},
           {"tenancy.rent", money(place.rent_pence)},
           {"tenancy.rent_period", words(to_text(place.rent_period), '-')},
           {"tenancy.tenure", words(to_text(place.tenure_type), ' ')},
           {"property.address", place.property},
           {"property.landlord", place.landlord_name},
           {"organisation.name", place.organisation_name},
           {"case.reference", std::string(reference)},
           {"case.opened_on", in_words(opened_on)},
           {"today", in_words(today)},
           {"author.full_name", std::string(author)}},
          std::move(answers)};
}

bool is_field_name(std::string_view name) {
  const auto question = question_in(name);
  return question ? is_question_name(*question) : is_merge_field(name);
}

fields values_in_text(const document_template& from, const merge_values& values) {
  fields out;
  std::set<std::string_view> seen;
  for_each_tag(from.text, [&](const tag& t, std::size_t) {
    if (t.kind != tag_kind::variable || !seen.insert(t.name).second) return;
    const auto question = question_in(t.name);
    std::string_view value;
    for (const auto& [name, known] : question ? values.answers : values.known)
      if (name == question.value_or(t.name) && !is_blank(known)) value = trimmed(known, " \t\r\n");
    out.emplace_back(t.name, value);
  });
  return out;
}

std::vector<field_error> check_values(const document_template& from, const merge_values& values) {
  std::vector<field_error> out;
  const auto asked = questions_of(from.text);
  for (const auto& [name, value] : values.answers)
    if (std::ranges::find(asked, name) == asked.end() && out.size() < most_template_errors)
      out.push_back({"fields." + quoted(name), "unknown_field", "The template does not ask for this."});
  if (!out.empty()) return out;
  constexpr std::size_t longest_character = 4;  // bytes
  const auto text = merged(from.text, values, longest_character * longest_document);
  if (length_in_characters(text) > longest_document)
    out.push_back({"fields", "too_long", "The document would have more than 100,000 characters with this."});
  return out;
}

std::string merge(const document_template& from, const merge_values& values) {
  return merged(from.text, values, std::string::npos);
}

}  // namespace model
