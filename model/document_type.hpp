#pragma once
#include "model/describe.hpp"

namespace model {

/// The kinds of documents (R22).
enum class document_type {
  letter,
  agreement,
  acknowledgement,
  intake_assessment,
  recurring_assessment,
  event_form,
  session_log,
  checklist,
  reference
};
BOOST_DESCRIBE_ENUM(document_type, letter, agreement, acknowledgement, intake_assessment,
                    recurring_assessment, event_form, session_log, checklist, reference)

}  // namespace model
