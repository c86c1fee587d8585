#include "model/starter_pack.hpp"

#include <algorithm>

#include "model/organisation.hpp"
#include "model/starter_texts.hpp"

namespace model {
namespace {

// Published with version 0.1: organisations that change one keep its id.
constexpr instant written_at{std::chrono::sys_days{std::chrono::year{2026} / std::chrono::January / 1}};
constexpr std::int32_t months_of_a_quarter = 3;

template_id starter_id(std::uint8_t number) {
  return {{{0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, number}}};
}

template_list made() {
  namespace texts = starter_texts;
  using type = document_type;
  template_list all;
  const auto add = [&](type of, std::string_view name, std::string_view text) {
    auto made = std::make_shared<document_template>();
    made->id = starter_id(static_cast<std::uint8_t>(all.size() + 1));
    made->type = of;
    made->name = name;
    made->text = text;
    if (of == type::letter) made->tenures = {tenure_type::licence_agreement};
    if (of == type::recurring_assessment) made->due_every_months = months_of_a_quarter;
    made->created_at = written_at;
    all.push_back(std::move(made));
  };
  add(type::letter, "Licence agreement letter", texts::licence_agreement_letter);
  add(type::agreement, "Support agreement", texts::support_agreement);
  add(type::acknowledgement, "Acknowledgement of house rules", texts::house_rules);
  add(type::intake_assessment, "Intake assessment", texts::intake_assessment);
  add(type::recurring_assessment, "Quarterly needs and risk review", texts::needs_and_risk_review);
  add(type::event_form, "Incident form", texts::incident_form);
  add(type::session_log, "Key-work log", texts::key_work_log);
  add(type::checklist, "Move-in checklist", texts::move_in_checklist);
  add(type::reference, "Reference", texts::reference);
  return all;
}

bool is_for(const document_template& t, tenure_type tenure) {
  return t.tenures.empty() || std::ranges::find(t.tenures, tenure) != t.tenures.end();
}

/// `keep(template)` for each that the organisation has, in the pack's order.
template <class Keep>
void for_each_of_pack(const org_state& org, Keep keep) {
  for (const auto& built_in : starter_pack())
    if (!org.find(built_in->id)) keep(built_in);
  for (const auto& own : org.templates) keep(own);
}

}  // namespace

const template_list& starter_pack() {
  static const template_list all = made();
  return all;
}

std::shared_ptr<const document_template> starter_template(template_id id) {
  const auto found = std::ranges::find(starter_pack(), id, [](const auto& one) { return one->id; });
  return found == starter_pack().end() ? nullptr : *found;
}

template_list pack_of(const org_state& org) {
  template_list out;
  out.reserve(starter_pack().size() + org.templates.size());
  for_each_of_pack(org, [&](const auto& one) { out.push_back(one); });
  return out;
}

template_list pack_for(const org_state& org, tenure_type tenure) {
  template_list out;
  for_each_of_pack(org, [&](const auto& one) {
    if (!one->retired && is_for(*one, tenure)) out.push_back(one);
  });
  return out;
}

}  // namespace model
