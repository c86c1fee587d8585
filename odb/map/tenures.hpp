#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

#include "model/document_template.hpp"

namespace store {

/// The tenures of a template as they are kept: their names with commas between.
inline std::string tenures_of(const model::document_template& row) {
  std::string out;
  for (const auto one : row.tenures) (out += out.empty() ? "" : ",") += model::to_text(one);
  return out;
}

/// A name that the program does not know is an error, as it is in a column of one.
inline void put_tenures(model::document_template& row, std::string_view names) {
  row.tenures.clear();
  while (!names.empty()) {
    const auto end = names.find(',');
    const auto found = model::parse_enum<model::tenure_type>(names.substr(0, end));
    if (!found)
      throw std::runtime_error("a template is for a tenure that this version of the program does not know");
    row.tenures.push_back(*found);
    names.remove_prefix(end == names.npos ? names.size() : end + 1);
  }
}

}  // namespace store
