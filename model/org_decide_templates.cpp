#include <algorithm>
#include <set>

#include "model/input_errors.hpp"
#include "model/org_decide_parts.hpp"
#include "model/starter_pack.hpp"
#include "model/templates.hpp"
#include "model/utf8.hpp"
#include "model/wire.hpp"

namespace model::deciding {
namespace {

using events = std::vector<org_event>;

constexpr std::int32_t longest_recurrence = 60;  // months
/// Every program that reads JSON reads it exactly.
constexpr std::int64_t largest_form = 9'007'199'254'740'991;

void check_tenures(const std::vector<tenure_type>& tenures, input_errors& errors) {
  std::set<tenure_type> seen;
  for (std::size_t i = 0; i < tenures.size(); ++i)
    if (!seen.insert(tenures[i]).second)
      return errors.add(indexed("tenures", i), "duplicate", "This tenure is in the list already.");
}

void check_text(const std::string& text, input_errors& errors) {
  for (auto& e : check_template(text))
    errors.add(std::move(e.field), std::move(e.code), std::move(e.message));
}

void check_recurrence(document_type type, std::optional<std::int32_t> months, input_errors& errors) {
  if (!months) return;
  if (type != document_type::recurring_assessment)
    errors.add("due_every_months", "recurring_only", "Only a recurring assessment has a due date.");
  else if (*months < 1 || *months > longest_recurrence)
    errors.add("due_every_months", "out_of_range", "1 to 60 months.");
}

void check_form(document_type type, std::optional<std::int64_t> form, input_errors& errors) {
  if (!form) return;
  if (!is_signable(type))
    errors.add("signing_template", "not_signable",
               "Only an agreement or an acknowledgement is sent for signature.");
  else if (*form < 1 || *form > largest_form)
    errors.add("signing_template", "out_of_range",
               "The number that the signing service gave its template, from 1 to 9007199254740991.");
}

template_summary summary_of(const document_template& t, const moment& at) {
  return {t.id,
          t.type,
          t.name,
          t.tenures,
          t.due_every_months,
          t.signing_template,
          t.retired,
          static_cast<std::int64_t>(length_in_characters(t.text)),
          at.sha256(t.text)};
}

std::shared_ptr<const document_template> shared(document_template t) {
  return std::make_shared<const document_template>(std::move(t));
}

}  // namespace

outcome<org_event> decide(const org_state& org, const add_template& cmd, const moment& at) {
  input_errors errors;
  const auto tenures = cmd.tenures.value_or(std::vector<tenure_type>{});
  check_tenures(tenures, errors);
  check_text(cmd.text_.value, errors);
  check_recurrence(cmd.type, cmd.due_every_months, errors);
  check_form(cmd.type, cmd.signing_template, errors);
  if (auto no = errors.refuse()) return *no;
  if (org.templates.size() >= most_templates)
    return refusal::invalid("name", "too_many",
                            "An organisation keeps at most 200 templates of its own. Change a retired one.");
  document_template t;
  t.id = at.ids.make<template_id>();
  t.org = org.settings.id;
  t.type = cmd.type;
  t.name = cmd.name.value;
  t.tenures = tenures;
  t.text = cmd.text_.value;
  t.due_every_months = cmd.due_every_months;
  t.signing_template = cmd.signing_template;
  t.created_at = at.now;
  auto after = summary_of(t, at);
  return events{template_added{std::move(after), shared(std::move(t))}};
}

outcome<org_event> decide(const org_state& org, const change_template& cmd, const moment& at) {
  const auto own = org.find(cmd.template_id);
  const auto before = own ? own : starter_template(cmd.template_id);
  if (!before) return refusal::not_found();
  auto after = *before;
  input_errors errors;
  if (cmd.name) after.name = cmd.name->value;
  if (cmd.tenures) {
    after.tenures = *cmd.tenures;
    check_tenures(after.tenures, errors);
  }
  if (cmd.text_) {
    after.text = cmd.text_->value;
    check_text(after.text, errors);
  }
  if (cmd.due_every_months.given) {
    after.due_every_months = cmd.due_every_months.to;
    check_recurrence(after.type, after.due_every_months, errors);
  }
  if (cmd.signing_template.given) {
    after.signing_template = cmd.signing_template.to;
    check_form(after.type, after.signing_template, errors);
  }
  if (cmd.retired) after.retired = *cmd.retired;
  if (auto no = errors.refuse()) return *no;
  if (pack(*before) == pack(after)) return events{};
  after.org = org.settings.id;
  after.changed_at = at.now;
  template_changed e{summary_of(*before, at), summary_of(after, at), {}, !own};
  e.row = shared(std::move(after));
  return events{std::move(e)};
}

}  // namespace model::deciding
