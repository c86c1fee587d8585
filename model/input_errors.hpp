#pragma once
#include <optional>
#include <string>
#include <utility>

#include "model/org_commands.hpp"
#include "model/refusal.hpp"

namespace model {

/// Gathers all that is wrong with one input, so that it can be told at once.
class input_errors {
 public:
  void add(std::string field, std::string code, std::string message) {
    found_.push_back({std::move(field), std::move(code), std::move(message)});
  }
  /// The address as it is kept; an error for what is none.
  std::string email(const std::string& field, const email_text& text);
  /// The number as it is kept; an error for what is none.
  std::string phone(const std::string& field, const phone_text& text);
  /// The refusal that tells all of it; nothing if all is well.
  std::optional<refusal> refuse() const;

 private:
  std::vector<field_error> found_;
};

/// `name[3]`, and with a member `name[3].member`.
std::string indexed(std::string_view name, std::size_t index, std::string_view member = {});

}  // namespace model
