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

/// R24: whether documents of this type are sent for signature.
constexpr bool is_signable(document_type type) {
  return type == document_type::agreement || type == document_type::acknowledgement;
}

}  // namespace model
