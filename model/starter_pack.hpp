#pragma once
#include "model/document_template.hpp"

namespace model {

struct org_state;

/// The templates that every organisation begins with: one for each type of document, in its enumeration's
/// order. They live as long as the program.
const template_list& starter_pack();

/// The one of the starter pack; null for any other id.
std::shared_ptr<const document_template> starter_template(template_id id);

/// What an organisation has: its own templates, and those of the starter pack that it did not change. Retired
/// ones are among them.
template_list pack_of(const org_state& org);
/// The part of its pack that new documents of such a tenancy are made from.
template_list pack_for(const org_state& org, tenure_type tenure);

}  // namespace model
