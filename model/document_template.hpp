#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/document_type.hpp"
#include "model/ids.hpp"
#include "model/tenure.hpp"

namespace model {

/// What documents are made from (R22): Markdown with merge fields, see templates.hpp. Never changed in place,
/// so that an organisation and all its cases share one.
struct document_template {
  template_id id;
  /// Nil for one of the starter pack as it came.
  org_id org;
  document_type type = document_type::letter;
  std::string name;
  /// The kinds of tenancies it is for; empty for all of them.
  std::vector<tenure_type> tenures;
  std::string text;
  std::optional<std::int32_t> due_every_months;
  /// The number of a form at the signing service on which documents made from this template are signed, in
  /// place of their own PDF.
  std::optional<std::int64_t> signing_template;
  /// Kept for what was made from it, and offered no more.
  bool retired = false;
  instant created_at;
  std::optional<instant> changed_at;
};
BOOST_DESCRIBE_STRUCT(document_template, (),
                      (id, org, type, name, tenures, text, due_every_months, signing_template, retired,
                       created_at, changed_at))

using template_list = std::vector<std::shared_ptr<const document_template>>;

}  // namespace model
