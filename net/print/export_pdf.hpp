#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/time.hpp"
#include "net/print/pdf.hpp"

namespace net::print {

// The parts of an export (R28), printed one after the other as they come from the database. Times are texts
// in the organisation's time zone, made by the caller.

/// What is exported, of whom, and who did it when: on the first page, and around all of them.
struct printed_export {
  std::string what;  ///< "Notes", "Sessions"
  std::string organisation;
  std::string reference;  ///< the case's
  std::string tenant;
  std::string exported_by;
  std::string exported_at;  ///< "21 November 2026, 09:30"
  std::string period{};     ///< where the export is of a part only
  model::instant created;   ///< the file's date
};

struct printed_note {
  std::string stream;  ///< "Shared note", "Professional note"
  std::string author;
  std::string created_at;
  std::optional<std::string> edited_at{};
  bool safeguarding = false;
  std::optional<std::string> deleted{};  ///< "Deleted on … by …"; the body is then not printed (R11)
  std::string body{};
};

struct printed_session {
  std::string starts_at;
  std::optional<std::string> ends_at{};
  std::string type;    ///< "Key work"
  std::string status;  ///< "Delivered"
  std::vector<std::string> attendees{};
  std::optional<std::string> outcome_note{};
  std::string recorded_by;
};

/// The frame of an export's pages.
pdf_frame export_frame(const printed_export& about);
/// The head of its first page.
void print_export_head(pdf_writer& writer, const printed_export& about);
void print_note(pdf_writer& writer, const printed_note& note);
void print_session(pdf_writer& writer, const printed_session& session);
/// After the last of them: how many there were ("3 notes"), or that there were none. Ends the file.
void finish_export(pdf_writer& writer, const std::string& count_in_words);

}  // namespace net::print
