#pragma once
#include <string_view>

/// The words of the starter pack, one text for each type of document. None begins with its title: a document
/// has one of its own, which stands above the text wherever it is shown or printed.
namespace model::starter_texts {

extern const std::string_view licence_agreement_letter;
extern const std::string_view support_agreement;
extern const std::string_view house_rules;
extern const std::string_view intake_assessment;
extern const std::string_view needs_and_risk_review;
extern const std::string_view incident_form;
extern const std::string_view key_work_log;
extern const std::string_view move_in_checklist;
extern const std::string_view reference;

}  // namespace model::starter_texts
