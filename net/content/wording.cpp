#include "net/content/wording.hpp"

#include "model/local_time.hpp"
#include "model/wording.hpp"

namespace net::contents {
namespace {

std::string day_of(model::instant at, std::string_view zone) {
  return model::in_words(model::local_day(at, zone));
}

std::string by(const char* what, const std::optional<std::string>& who,
               const std::optional<model::instant>& at, std::string_view zone) {
  std::string out = what;
  if (who) out += " by " + *who;
  if (at) out += " on " + day_of(*at, zone);
  return out;
}

/// When the content became what it is, as far as it is known.
model::instant dated(const model::document& d) {
  return d.submitted_at.value_or(d.edited_at.value_or(d.created_at));
}

bool is_frozen(const model::document& d) {
  return d.status != model::document_status::draft && d.submitted_at.has_value();
}

}  // namespace

std::string in_words(std::string_view name) {
  auto out = model::words(name);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

std::string status_of(const model::document& d, std::string_view zone) {
  switch (d.status) {
    case model::document_status::draft:
      return "Draft";
    case model::document_status::submitted:
      return by("Submitted", d.submitted_by, d.submitted_at, zone);
    case model::document_status::approved:
      return by("Approved", d.approved_by, d.approved_at, zone);
    case model::document_status::sent:
      return by("Approved", d.approved_by, d.approved_at, zone) + "; sent on " +
             day_of(d.sent_at.value_or(dated(d)), zone);
    case model::document_status::void_:
      return "Void: no longer in force";
  }
  return "";
}

print::printed_document printed(const model::document& d, std::string body,
                                const actors::stream_heading& about) {
  print::printed_document page;
  page.title = d.title;
  page.type = in_words(to_text(d.type));
  page.organisation = about.organisation;
  page.tenant = about.tenant;
  page.reference = about.reference;
  page.date = day_of(dated(d), about.time_zone);
  page.status = status_of(d, about.time_zone);
  page.body = std::move(body);
  if (is_frozen(d)) page.sha256 = d.content_sha256.value_or("");
  page.author = d.author_name;
  page.created = dated(d);
  return page;
}

print::printed_export printed(model::export_content what, const actors::stream_heading& about) {
  print::printed_export page;
  page.what = in_words(to_text(what));
  page.organisation = about.organisation;
  page.reference = about.reference;
  page.tenant = about.tenant;
  page.exported_by = about.asked_by;
  page.exported_at = model::in_words(about.asked_at, about.time_zone);
  page.created = about.asked_at;
  return page;
}

print::printed_note printed(const model::note_view& n, std::string_view zone) {
  print::printed_note page;
  page.stream = in_words(to_text(n.stream)) + " note";
  page.author = n.author.full_name;
  page.created_at = model::in_words(n.created_at, zone);
  if (n.edited_at) page.edited_at = model::in_words(*n.edited_at, zone);
  page.safeguarding = n.safeguarding;
  if (n.deleted)
    page.deleted =
        "Deleted on " + model::in_words(n.deleted->at, zone) + " by " + n.deleted->by.full_name + ".";
  page.body = n.body.value_or("");
  return page;
}

print::printed_session printed(const model::session_view& s, std::string_view zone) {
  print::printed_session page;
  page.starts_at = model::in_words(s.starts_at, zone);
  if (s.ends_at) page.ends_at = model::in_words(*s.ends_at, zone);
  page.type = in_words(to_text(s.type));
  page.status = in_words(to_text(s.status));
  page.attendees = s.attendees;
  if (!s.outcome_note.empty()) page.outcome_note = s.outcome_note;
  page.recorded_by = s.author.full_name;
  return page;
}

std::string counted(std::size_t count, model::export_content what) {
  auto name = std::string(to_text(what));
  if (count == 1) name.pop_back();
  return (count == 0 ? "No" : std::to_string(count)) + ' ' + name + '.';
}

}  // namespace net::contents
