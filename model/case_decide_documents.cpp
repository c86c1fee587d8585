#include "model/case_decide_parts.hpp"
#include "model/file_type.hpp"
#include "model/local_time.hpp"
#include "model/templates.hpp"
#include "model/utf8.hpp"

namespace model::deciding {
namespace {

constexpr std::int32_t longest_recurrence = 60;  // months

std::string words(document_status s) {
  switch (s) {
    case document_status::draft:
      return "a draft";
    case document_status::submitted:
      return "submitted";
    case document_status::approved:
      return "approved";
    case document_status::sent:
      return "sent";
    case document_status::void_:
      return "void";
  }
  return "";
}

/// R23: the step is none that this state has.
refusal wrong_status(const document& d, const char* needs) {
  return refusal::conflict(refusal_code::wrong_status,
                           "The document is " + words(d.status) + "; this needs " + needs + ".");
}

/// What every command about a document asks first: the document if this role may read it (R12), then the
/// right to do this, then the case's being open (R8).
std::variant<const document*, refusal> reach(const support_case& c, role who, document_id id, action what) {
  if (who == role::none) return refusal::not_found();
  const auto* d = c.find(id);
  // Documents are hidden from a role as a whole: it may know that they exist, and reads none.
  if (auto no = refuse(who, resource::documents, action::read)) return *no;
  if (!d) return refusal::not_found();
  if (auto no = refuse(who, resource::documents, what)) return *no;
  if (c.is_closed()) return closed();
  return d;
}

std::optional<refusal> refuse_recurrence(document_type type, std::optional<std::int32_t> months) {
  if (!months) return std::nullopt;
  if (type != document_type::recurring_assessment)
    return refusal::invalid("due_every_months", "recurring_only",
                            "Only a recurring assessment has a due date.");
  if (*months < 1 || *months > longest_recurrence)
    return refusal::invalid(
        "due_every_months", "out_of_range",
        "This must be a number of months from 1 to " + std::to_string(longest_recurrence) + ".");
  return std::nullopt;
}

day today(const support_case& c, const moment& at) { return local_day(at.now, c.place.time_zone); }

void become_due(document& d, const support_case& c, const moment& at) {
  d.due_on =
      d.due_every_months ? std::optional{months_later(today(c, at), *d.due_every_months)} : std::nullopt;
}

void hold_text(document& d, const std::string& body, const moment& at) {
  d.file.reset();
  d.file_name.reset();
  d.content_size = static_cast<std::int64_t>(body.size());
  d.media_type = body.empty() ? std::nullopt : std::optional<std::string>{document_text_type};
  d.content_sha256 = body.empty() ? std::nullopt : std::optional{at.sha256(body)};
}

/// What is signed is its own content from now on.
void leave_form(document& d) {
  d.signing_template.reset();
  d.signing_values_sha256.reset();
}

/// For a file that came without a name; 200 characters at most, and no separator of paths.
std::string name_after_title(const document& d, std::string_view media_type) {
  const auto* type = find_file_type(media_type);
  const auto extension = type ? type->extension : std::string_view{};
  auto name = d.title;
  for (auto& c : name)
    if (c == '/' || c == '\\') c = '-';
  while (length_in_characters(name) + extension.size() > 200) {
    while ((static_cast<unsigned char>(name.back()) & 0xC0) == 0x80) name.pop_back();
    name.pop_back();
  }
  return name.append(extension);
}

document_file_attached attached(const document& d, const uploaded_file& file, const moment& at) {
  document_file_attached e{d, d, file.bytes};
  e.after.file = at.ids.make<file_id>();
  e.after.file_name = file.name.empty() ? name_after_title(d, file.media_type) : file.name;
  e.after.media_type = file.media_type;
  e.after.content_size = static_cast<std::int64_t>(file.bytes->size());
  e.after.content_sha256 = file.sha256;
  leave_form(e.after);
  return e;
}

const document_template* find_template(const support_case& c, template_id id) {
  for (const auto& t : c.place.templates)
    if (t->id == id) return t.get();
  return nullptr;
}

/// What a new document begins with.
struct beginning {
  std::string text;
  /// What fills the form that it is signed on, where it is.
  std::optional<std::int64_t> form = {};
  std::optional<std::string> signing_values = {};
};

std::variant<beginning, refusal> begin(const support_case& c, const caller& by, const create_document& cmd,
                                       const moment& at) {
  if (!cmd.template_id_) {
    if (cmd.fields)
      return refusal::invalid("fields", "not_accepted", "Only a document made from a template takes fields.");
    return beginning{cmd.body ? cmd.body->value : std::string{}};
  }
  if (cmd.body)
    return refusal::invalid("body", "not_accepted", "The template gives the text; edit it afterwards.");
  const auto* t = find_template(c, *cmd.template_id_);
  if (!t)
    return refusal::invalid("template_id", "unknown_template",
                            "The organisation has no such template for this kind of tenancy.");
  if (t->type != cmd.type)
    return refusal::invalid(
        "type", "not_the_templates",
        "The template makes a document of the type " + std::string(to_text(t->type)) + ".");
  const auto values = values_of(c.place, c.header.reference, local_day(c.header.opened_at, c.place.time_zone),
                                today(c, at), by.full_name, cmd.fields ? cmd.fields->all : fields{});
  if (auto unknown = check_values(*t, values); !unknown.empty())
    return refusal{
        refusal_code::invalid, "Some of the input cannot be accepted.", std::move(unknown), {}, {}, {}};
  beginning out{merge(*t, values), t->signing_template};
  if (out.form) out.signing_values = encode(values_in_text(*t, values));
  return out;
}

/// What is left to ask of a document that was reached.
std::optional<refusal> refuse_file(const document& d) {
  if (d.status != document_status::draft) return wrong_status(d, "a draft");
  return std::nullopt;
}

}  // namespace

result decide(const support_case& c, role who, const caller& by, const create_document& cmd,
              const moment& at) {
  if (auto no = refuse(who, resource::documents, action::write)) return *no;
  if (auto no = refuse_recurrence(cmd.type, cmd.due_every_months)) return *no;
  auto begun = begin(c, by, cmd, at);
  if (auto* no = std::get_if<refusal>(&begun)) return std::move(*no);
  if (c.is_closed()) return closed();
  document d;
  d.id = at.ids.make<document_id>();
  d.org = c.header.org;
  d.of_case = c.header.id;
  d.type = cmd.type;
  d.title = cmd.title.value;
  d.made_from = cmd.template_id_;
  d.due_every_months = cmd.due_every_months;
  if (const auto* t = cmd.template_id_ ? find_template(c, *cmd.template_id_) : nullptr;
      t && !d.due_every_months)
    d.due_every_months = t->due_every_months;
  become_due(d, c, at);
  d.author = by.user;
  d.author_name = by.full_name;
  d.created_at = at.now;
  auto& [text, form, signing_values] = std::get<beginning>(begun);
  hold_text(d, text, at);
  d.signing_template = form;
  if (signing_values) d.signing_values_sha256 = at.sha256(*signing_values);
  return events{document_created{std::move(d), text.empty() ? std::nullopt : std::optional{std::move(text)},
                                 std::move(signing_values)}};
}

result decide(const support_case& c, role who, const caller&, const edit_document& cmd, const moment& at) {
  const auto found = reach(c, who, cmd.document, action::write);
  if (const auto* no = std::get_if<refusal>(&found)) return *no;
  const auto& d = *std::get<const document*>(found);
  if (d.status != document_status::draft) return wrong_status(d, "a draft");
  if (auto no = refuse_recurrence(d.type, cmd.due_every_months.to)) return *no;
  document_edited e{d, d, {}};
  take(cmd.title, e.after.title);
  if (cmd.due_every_months.given && cmd.due_every_months.to != d.due_every_months) {
    e.after.due_every_months = cmd.due_every_months.to;
    become_due(e.after, c, at);
  }
  if (cmd.body) {
    hold_text(e.after, cmd.body->value, at);
    if (e.after.content_sha256 != d.content_sha256) {
      e.body = cmd.body->value;
      leave_form(e.after);
    }
  }
  if (!e.body && std::tie(d.title, d.due_every_months) == std::tie(e.after.title, e.after.due_every_months))
    return events{};
  e.after.edited_at = at.now;
  return events{std::move(e)};
}

result decide(const support_case& c, role who, const caller&, const attach_file& cmd, const moment& at) {
  const auto found = reach(c, who, cmd.document, action::write);
  if (const auto* no = std::get_if<refusal>(&found)) return *no;
  const auto& d = *std::get<const document*>(found);
  if (auto no = refuse_file(d)) return *no;
  if (!cmd.file.bytes) return refusal::unavailable();
  auto e = attached(d, cmd.file, at);
  e.after.edited_at = at.now;
  return events{std::move(e)};
}

result decide(const support_case& c, role who, const caller& by, const upload_document& cmd,
              const moment& at) {
  auto made = decide(c, who, by, cmd.made, at);
  if (std::holds_alternative<refusal>(made)) return made;
  if (cmd.made.body) return refusal::invalid("body", "not_accepted", "The file is the content.");
  if (!cmd.file.bytes) return refusal::unavailable();
  auto& happened = std::get<events>(made);
  // Of a template it has the type and what recurs, not the text.
  auto& created = std::get<document_created>(happened.front());
  created.body.reset();
  created.signing_values.reset();
  hold_text(created.after, {}, at);
  leave_form(created.after);
  happened.push_back(attached(created.after, cmd.file, at));
  return made;
}

// From here on the content is frozen: nothing but a return makes it a draft again.
result decide(const support_case& c, role who, const caller& by, const submit_document& cmd,
              const moment& at) {
  const auto found = reach(c, who, cmd.document, action::submit);
  if (const auto* no = std::get_if<refusal>(&found)) return *no;
  const auto& d = *std::get<const document*>(found);
  if (d.status != document_status::draft) return wrong_status(d, "a draft");
  if (!d.content_sha256)
    return refusal::conflict(refusal_code::no_content,
                             "The document is empty. Write its text or upload its file first.");
  document_submitted e{d};
  e.after.status = document_status::submitted;
  e.after.submitted_at = at.now;
  e.after.submitted_by = by.full_name;
  e.after.return_reason.reset();
  return events{std::move(e)};
}

result decide(const support_case& c, role who, const caller&, const return_document& cmd, const moment&) {
  const auto found = reach(c, who, cmd.document, action::approve);
  if (const auto* no = std::get_if<refusal>(&found)) return *no;
  const auto& d = *std::get<const document*>(found);
  if (d.status != document_status::submitted) return wrong_status(d, "a submitted one");
  document_returned e{d};
  e.after.status = document_status::draft;
  e.after.return_reason = cmd.reason.value;
  return events{std::move(e)};
}

result decide(const support_case& c, role who, const caller& by, const approve_document& cmd,
              const moment& at) {
  const auto found = reach(c, who, cmd.document, action::approve);
  if (const auto* no = std::get_if<refusal>(&found)) return *no;
  const auto& d = *std::get<const document*>(found);
  if (d.status != document_status::submitted) return wrong_status(d, "a submitted one");
  document_approved e{d};
  e.after.status = document_status::approved;
  e.after.approved_at = at.now;
  e.after.approved_by = by.full_name;
  // What recurs was done today: the next one is counted from now.
  become_due(e.after, c, at);
  return events{std::move(e)};
}

result decide(const support_case& c, role who, const caller&, const send_document& cmd, const moment& at) {
  const auto found = reach(c, who, cmd.document, action::approve);
  if (const auto* no = std::get_if<refusal>(&found)) return *no;
  const auto& d = *std::get<const document*>(found);
  const bool to_sign = cmd.for_signature.value_or(false);
  if (to_sign && !is_signable(d.type))
    return refusal::invalid("for_signature", "not_signable",
                            "Only an agreement or an acknowledgement is sent for signature.");
  if (d.status != document_status::approved) return wrong_status(d, "an approved one");
  // R5: nothing that the tenant gets tells of a case.
  if (cmd.to.email.value == c.place.tenant_email && c.recalled.body &&
      c.recalled.body->find(c.header.reference) != std::string::npos)
    return refusal::invalid("to.email", "names_the_case",
                            "The text names the case's reference, which the tenant is not to see. Return the "
                            "document and take it out.");
  if (!is_printable(d))
    return refusal::conflict(refusal_code::not_printable,
                             "This kind of file cannot be sent as PDF. Upload it as PDF instead.");
  document_sent e{d, at.ids.make<mail_id>()};
  if (to_sign && at.signs_online) e.signature = at.ids.make<signature_id>();
  e.after.status = document_status::sent;
  e.after.sent_at = at.now;
  e.after.sent_to_name = cmd.to.name.value;
  e.after.sent_to_email = cmd.to.email.value;
  if (to_sign) e.after.signing = signing_status::requested;
  return events{std::move(e)};
}

result decide(const support_case& c, role who, const caller&, const record_signature& cmd, const moment&) {
  const auto found = reach(c, who, cmd.document, action::approve);
  if (const auto* no = std::get_if<refusal>(&found)) return *no;
  const auto& d = *std::get<const document*>(found);
  if (cmd.status != signing_status::signed_ && cmd.status != signing_status::declined)
    return refusal::invalid("status", "not_allowed", "This must be one of: signed, declined.");
  if (!d.signing) return wrong_status(d, "one that was sent for signature");
  if (*d.signing == cmd.status) return events{};
  document_signed e{d};
  e.after.signing = cmd.status;
  e.after.signing_error.reset();
  return events{std::move(e)};
}

// R23: any but sent. A draft is its writers' to take back, what was submitted is the operators'.
result decide(const support_case& c, role who, const caller&, const void_document& cmd, const moment&) {
  const auto* known = c.find(cmd.document);
  const bool draft = known && known->status == document_status::draft;
  const auto found = reach(c, who, cmd.document, draft ? action::write : action::approve);
  if (const auto* no = std::get_if<refusal>(&found)) return *no;
  const auto& d = *std::get<const document*>(found);
  if (d.status == document_status::sent || d.status == document_status::void_)
    return wrong_status(d, "one that is neither sent nor void");
  document_voided e{d};
  e.after.status = document_status::void_;
  e.after.void_reason = cmd.reason.value;
  e.after.due_on.reset();
  return events{std::move(e)};
}

}  // namespace model::deciding

namespace model {

std::optional<refusal> refuse_upload(const support_case& c, const caller& who) {
  if (auto no = deciding::refuse(role_of(c, who), resource::documents, action::write)) return no;
  if (c.is_closed()) return deciding::closed();
  return std::nullopt;
}

std::optional<refusal> refuse_upload(const support_case& c, const caller& who, const document& into) {
  if (auto no = refuse_upload(c, who)) return no;
  return deciding::refuse_file(into);
}

}  // namespace model
