#include "net/print/export_pdf.hpp"

namespace net::print {

pdf_frame export_frame(const printed_export& about) {
  pdf_frame frame;
  frame.title = about.what + ", case " + about.reference;
  frame.header_left = about.what + " · " + about.tenant;
  frame.header_right = about.reference;
  frame.footer_left = "Exported by " + about.exported_by + ", " + about.exported_at;
  frame.author = about.exported_by;
  frame.created = about.created;
  return frame;
}

void print_export_head(pdf_writer& writer, const printed_export& about) {
  writer.heading(0, about.what);
  model::fields all{{"Organisation", about.organisation},
                    {"Case", about.reference},
                    {"Tenant", about.tenant},
                    {"Exported by", about.exported_by},
                    {"Exported on", about.exported_at}};
  if (!about.period.empty()) all.emplace_back("Period", about.period);
  writer.fields(all);
  writer.rule();
}

void print_note(pdf_writer& writer, const printed_note& note) {
  writer.heading(3, note.created_at + " · " + note.author);
  std::string about = note.stream;
  if (note.safeguarding) about += " · Safeguarding";
  if (note.edited_at) about += " · Edited " + *note.edited_at;
  writer.remark(about);
  if (note.deleted) {
    styled_text tombstone;
    tombstone.append(*note.deleted, false, true);
    writer.paragraph(tombstone);
  } else {
    writer.paragraph(note.body);
  }
  writer.space(12);
}

void print_session(pdf_writer& writer, const printed_session& session) {
  writer.heading(
      3, session.starts_at + (session.ends_at ? " – " + *session.ends_at : "") + " · " + session.type);
  std::string attendees;
  for (const auto& name : session.attendees) attendees += (attendees.empty() ? "" : ", ") + name;
  model::fields all{{"Status", session.status}};
  if (!attendees.empty()) all.emplace_back("Attendees", attendees);
  all.emplace_back("Recorded by", session.recorded_by);
  writer.fields(all);
  if (session.outcome_note) writer.paragraph(*session.outcome_note);
  writer.space(12);
}

void finish_export(pdf_writer& writer, const std::string& count_in_words) {
  writer.rule();
  writer.remark(count_in_words);
  writer.finish();
}

}  // namespace net::print
