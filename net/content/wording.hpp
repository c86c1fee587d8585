#pragma once
#include <string>
#include <string_view>

#include "actors/messages.hpp"
#include "model/case_view.hpp"
#include "net/print/document_pdf.hpp"
#include "net/print/export_pdf.hpp"

/// What is printed for people, in words and by the clocks of the organisation.
namespace net::contents {

/// `recurring_assessment` is "Recurring assessment".
std::string in_words(std::string_view name);
/// "Approved by Mo Karim on 21 November 2026"
std::string status_of(const model::document& d, std::string_view zone);

print::printed_document printed(const model::document& d, std::string body,
                                const actors::stream_heading& about);
print::printed_export printed(model::export_content what, const actors::stream_heading& about);
print::printed_note printed(const model::note_view& n, std::string_view zone);
print::printed_session printed(const model::session_view& s, std::string_view zone);

/// "3 notes", "1 session"
std::string counted(std::size_t count, model::export_content what);

}  // namespace net::contents
