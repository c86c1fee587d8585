#include "net/integrations/docuseal_form.hpp"

#include <algorithm>

#include "model/json.hpp"
#include "model/templates.hpp"
#include "net/integrations/docuseal_parts.hpp"

namespace net::integrations::docuseal_parts {
namespace {

using actors::signing_trouble;

/// What names the approved text on the paper that is signed, where the form has a field for it.
constexpr std::string_view digest_field = "document.sha256";

const std::string mending = " Mend it there, make the document anew and have it approved.";

struct form_field {
  std::string name;
  std::string default_value;
  bool readonly = true;
};
BOOST_DESCRIBE_STRUCT(form_field, (), (name, default_value, readonly))

struct form_signer {
  std::string role;
  std::string name;
  std::string email;
  std::string external_id;
  std::vector<form_field> fields;
};
BOOST_DESCRIBE_STRUCT(form_signer, (), (role, name, email, external_id, fields))

struct form_submission {
  std::int64_t template_id = 0;
  bool send_email = true;
  std::vector<form_signer> submitters;
};
BOOST_DESCRIBE_STRUCT(form_submission, (), (template_id, send_email, submitters))

signing_trouble refused(const std::string& why) {
  return {signing_trouble::kind::refused, false, "DocuSeal's template " + why, {}};
}

const std::vector<json_node>& items_of(const json_node& object, std::string_view name) {
  static const std::vector<json_node> none;
  const auto* found = object.find(name);
  return found && found->kind == json_kind::array ? found->items : none;
}

/// One that nobody has to fill in may come back empty, and so may one that is asked for on a condition.
bool is_signature(const json_node& field) {
  if (!items_of(field, "conditions").empty()) return false;
  const auto* required = field.find("required");
  const bool may_stay_empty = required && required->kind == json_kind::boolean && !required->boolean;
  return text_in(field, "type") == "signature" && !may_stay_empty;
}

/// Only fields of text take one: of what a signature's field is given DocuSeal makes a signature, and dates
/// and numbers it writes its own way.
std::variant<std::vector<form_field>, signing_trouble> filled(const model::fields& values,
                                                              const std::vector<json_node>& fields) {
  std::vector<form_field> out;
  for (const auto& field : fields) {
    const auto name = text_in(field, "name");
    if (name != digest_field && !model::is_field_name(name)) continue;
    const auto value = std::ranges::find(values, name, &model::fields::value_type::first);
    if (value == values.end())
      return refused("has the field " + name + ", which the approved text has not." + mending);
    if (text_in(field, "type") != "text")
      return refused("has the field " + name + ", which is no field of text." + mending);
    if (value->second.find("{{") != std::string::npos)
      return signing_trouble{signing_trouble::kind::refused,
                             false,
                             "What stands for " + name +
                                 " holds {{, in place of which DocuSeal may write something else. Make the "
                                 "document anew without it.",
                             {}};
    if (!value->second.empty()) out.push_back({name, value->second});
  }
  return out;
}

/// One key opens the forms of all organisations of an installation, and each may use its own alone.
bool is_of(const json_node& form, const std::string& org) {
  return text_in(form, "external_id") == org || text_in(form, "folder_name") == org;
}

/// Why nobody is to sign on it; nothing where it can be signed on.
std::optional<signing_trouble> unfit(const json_node& form, model::instant approved_at) {
  const auto changed_at = model::parse_instant(text_in(form, "updated_at"));
  if (!changed_at)
    return signing_trouble{
        signing_trouble::kind::try_later, false, "DocuSeal does not tell when its template was changed", {}};
  if (*changed_at > approved_at)
    return refused(
        "was changed after the document was approved. Make the document anew and have it approved.");
  if (!text_in(form, "archived_at").empty()) return refused("is archived." + mending);
  if (const auto signers = items_of(form, "submitters").size(); signers != 1)
    return refused("is for " + std::to_string(signers) + " signers. A document has one." + mending);
  if (std::ranges::none_of(items_of(form, "fields"), is_signature))
    return refused("has no field in which somebody has to sign." + mending);
  return std::nullopt;
}

}  // namespace

std::string no_form_text(std::int64_t number) {
  return "DocuSeal has no template " + std::to_string(number) +
         " of this organisation: its external id, or its folder's name, is to be the organisation's id.";
}

std::variant<std::string, signing_trouble> form_submission_of(const actors::signing_order& what,
                                                              const json_node& form) {
  const auto& d = what.document.document;
  if (!is_of(form, model::to_text(d.org)))
    return signing_trouble{
        signing_trouble::kind::refused, false, no_form_text(d.signing_template.value()), {}};
  if (auto no = unfit(form, d.approved_at.value())) return std::move(*no);
  auto values = what.values;
  values.emplace_back(digest_field, d.content_sha256.value());
  auto fields = filled(values, items_of(form, "fields"));
  if (auto* no = std::get_if<signing_trouble>(&fields)) return std::move(*no);
  form_submission s;
  s.template_id = d.signing_template.value();
  s.submitters.push_back({text_in(items_of(form, "submitters").front(), "name"), what.to_name, what.to_email,
                          model::to_text(what.id), std::get<std::vector<form_field>>(std::move(fields))});
  return model::to_json(s);
}

}  // namespace net::integrations::docuseal_parts
