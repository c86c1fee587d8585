#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/document_template.hpp"
#include "model/fields.hpp"
#include "model/refusal.hpp"
#include "model/time.hpp"

/// Templates of documents: Markdown with mustache's variables, `{{tenant.full_name}}`, and nothing else of
/// mustache. What a template may name is settled when it is saved, so that making a document from it cannot
/// fail half-way.
namespace model {

struct case_place;

inline constexpr std::size_t longest_template = 20'000;   // characters
inline constexpr std::size_t longest_document = 100'000;  // characters
inline constexpr std::size_t most_questions = 100;        // of one template
inline constexpr std::size_t longest_question_name = 60;  // characters
inline constexpr std::size_t most_template_errors = 20;   // told at once

/// One of the merge fields that every template may name.
struct merge_field {
  std::string_view name;
  std::string_view description;
};
/// All of them, in the order in which people are told of them.
std::span<const merge_field> merge_fields();

/// What is wrong with a text as a template, each with the number of its line; nothing if it can be saved.
/// The codes: `unknown_field`, `not_allowed` for what else mustache has, `unbalanced` for braces without
/// their counterpart, `too_many` for more than 100 questions.
std::vector<field_error> check_template(std::string_view text);

/// The names of the template's own questions, `{{field.NAME}}`, each once, in the order of the text.
std::vector<std::string> questions_of(std::string_view text);

/// What stands for the fields in one document: `known` of the merge fields, `answers` to the template's own
/// questions.
struct merge_values {
  fields known;
  fields answers;
};

/// The values for a document of this case. `answers` are by the questions' names, as a person gave them.
merge_values values_of(const case_place& place, std::string_view reference, day opened_on, day today,
                       std::string_view author, fields answers);

/// What is wrong with the answers: questions that the template does not ask (`unknown_field`), a document
/// that would be too long with them (`too_long`).
std::vector<field_error> check_values(const document_template& from, const merge_values& values);

/// The document's text. Values stand in it as the text they are: what would be markup is escaped, line breaks
/// stay line breaks (in a table's row they become spaces). What has no value becomes a line to write on.
/// Throws std::invalid_argument for a text that `check_template` refuses.
std::string merge(const document_template& from, const merge_values& values);

/// Whether a field may be called this: a merge field's name, or a question's with `field.` before it.
bool is_field_name(std::string_view name);

/// What stands in the text for each field that the template names, under the names that it has there, without
/// what surrounds a value. Those without a value are among them.
fields values_in_text(const document_template& from, const merge_values& values);

}  // namespace model
