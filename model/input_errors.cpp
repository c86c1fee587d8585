#include "model/input_errors.hpp"

#include "model/contact.hpp"

namespace model {

std::string input_errors::email(const std::string& field, const email_text& text) {
  auto kept = normalise_email(text.value);
  if (!kept) add(field, "email", "This is no e-mail address that mail can be sent to.");
  return std::move(kept).value_or(std::string{});
}

std::string input_errors::phone(const std::string& field, const phone_text& text) {
  auto kept = normalise_phone(text.value);
  if (!kept) add(field, "phone", "This is no telephone number: 07700 900100 or +44 7700 900100.");
  return std::move(kept).value_or(std::string{});
}

std::optional<refusal> input_errors::refuse() const {
  if (found_.empty()) return std::nullopt;
  return refusal{refusal_code::invalid, "Some of the input cannot be accepted.", found_, {}, {}, {}};
}

std::string indexed(std::string_view name, std::size_t index, std::string_view member) {
  std::string out(name);
  out += '[';
  out += std::to_string(index);
  out += ']';
  if (!member.empty()) {
    out += '.';
    out += member;
  }
  return out;
}

}  // namespace model
