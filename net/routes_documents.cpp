#include "actors/audit_views.hpp"
#include "model/case_view.hpp"
#include "model/file_type.hpp"
#include "net/route_parts.hpp"

namespace net {
namespace {

using model::document_id;

constexpr std::string_view tag = "documents";
constexpr std::string_view documents_path = "/api/v1/support-cases/{id}/documents";
constexpr std::string_view document_path = "/api/v1/support-cases/{id}/documents/{doc}";
constexpr std::string_view content_path = "/api/v1/support-cases/{id}/documents/{doc}/content";
const std::vector paging{parameter::limit, parameter::cursor};

std::string file_of(schemas&) { return R"({"type":"string","format":"binary"})"; }

parsed upload(const route_input& in) {
  const auto* name = find(in.query, "file_name");
  return call{upload_call{in.id<model::case_id>(0), in.id<document_id>(1), name ? *name : std::string{}}};
}

void add_lists(std::vector<route>& all) {
  all.push_back(
      {.method = "GET",
       .path = documents_path,
       .id = "list_documents",
       .summary = "The documents without their texts, newest first",
       .tag = tag,
       .answer = shape_of<model::document_page>,
       .query = paging,
       .refusals = {402},
       .parse = [](const route_input& in) { return on_case(in, actors::view_documents{in.part()}); }});
  all.push_back({.method = "GET",
                 .path = "/api/v1/support-cases/{id}/document-templates",
                 .id = "list_case_templates",
                 .summary = "The templates that a document of this case can be made from",
                 .tag = tag,
                 .answer = shape_of<model::template_choices>,
                 .refusals = {402},
                 .parse = [](const route_input& in) { return on_case(in, actors::view_templates{}); }});
  all.push_back({.method = "GET",
                 .path = "/api/v1/support-cases/{id}/documents/{doc}/audit",
                 .id = "list_document_steps",
                 .summary = "The document's own audit trail, newest first",
                 .tag = tag,
                 .answer = shape_of<actors::trail_page>,
                 .query = paging,
                 .refusals = {402},
                 .parse = [](const route_input& in) {
                   return on_case(in, actors::view_trail{in.id<document_id>(1), in.part()});
                 }});
}

/// A file may be one too many of this person's at a time.
const std::vector<unsigned> large_body_conflicts{402, 409, 412, 429};

void add_drafts(std::vector<route>& all) {
  all.push_back(
      {.method = "POST",
       .path = documents_path,
       .id = "create_document",
       .summary = "Make a draft: from a template, from a text, empty, or by a form with a file in it",
       .tag = tag,
       .takes = content::json_or_file,
       .body = body_of<model::create_document>,
       .answer = shape_of<model::document_view>,
       .success = 201,
       .refusals = large_body_conflicts,
       .parse = command_on_case<model::create_document>});
  all.push_back({.method = "GET",
                 .path = document_path,
                 .id = "get_document",
                 .summary = "The document, with its text where it has one",
                 .tag = tag,
                 .answer = shape_of<model::document_view>,
                 .refusals = {402},
                 .parse = [](const route_input& in) {
                   return on_case(in, actors::view_document{in.id<document_id>(1)});
                 }});
  all.push_back({.method = "PATCH",
                 .path = document_path,
                 .id = "edit_document",
                 .summary = "Change a draft; a new text takes the place of a file",
                 .tag = tag,
                 .takes = content::json,
                 .body = body_of<model::edit_document>,
                 .answer = shape_of<model::document_view>,
                 .refusals = case_conflicts,
                 .parse = edit_of_part<model::edit_document, &model::edit_document::document>});
}

void add_content(std::vector<route>& all) {
  all.push_back(
      {.method = "PUT",
       .path = content_path,
       .id = "upload_document_content",
       .summary = "Give a draft a file as its content, of at most 25 MB; the bytes themselves are the body",
       .tag = tag,
       .takes = content::bytes,
       .body = file_of,
       .answer = shape_of<model::document_view>,
       .query = {parameter::file_name},
       .refusals = large_body_conflicts,
       .parse = upload});
  all.push_back(
      {.method = "GET",
       .path = content_path,
       .id = "get_document_content",
       .summary = "The file as it was uploaded; a text as PDF",
       .tag = tag,
       .refusals = {402, 409},
       .parse =
           [](const route_input& in) { return on_case(in, actors::view_content{in.id<document_id>(1)}); },
       .streams = {model::pdf_type, model::png_type, model::jpeg_type, model::docx_type, model::odt_type,
                   model::plain_text_type}});
}

template <actors::signed_file Which>
route signed_route(std::string_view path, std::string_view id, std::string_view summary) {
  return {.method = "GET",
          .path = path,
          .id = id,
          .summary = summary,
          .tag = tag,
          .refusals = {402},
          .parse =
              [](const route_input& in) {
                return on_case(in, actors::view_signed{in.id<document_id>(1), Which});
              },
          .streams = {model::pdf_type}};
}

void add_signed(std::vector<route>& all) {
  all.push_back(signed_route<actors::signed_file::copy>(
      "/api/v1/support-cases/{id}/documents/{doc}/signed", "get_signed_document",
      "The document as the signing service had it signed; for operators"));
  all.push_back(signed_route<actors::signed_file::audit>(
      "/api/v1/support-cases/{id}/documents/{doc}/signing-audit", "get_signing_audit",
      "Who signed the document when, as the signing service tells it; for operators"));
}

template <class Command>
route step(std::string_view path, std::string_view id, std::string_view summary) {
  return {.method = "POST",
          .path = path,
          .id = id,
          .summary = summary,
          .tag = tag,
          .answer = shape_of<model::document_view>,
          .refusals = case_conflicts,
          .parse = command_on_part<Command, document_id>};
}

template <class Command>
route step_with_body(std::string_view path, std::string_view id, std::string_view summary) {
  auto r = step<model::submit_document>(path, id, summary);
  r.takes = content::json;
  r.body = body_of<Command>;
  r.parse = edit_of_part<Command, &Command::document>;
  return r;
}

void add_lifecycle(std::vector<route>& all) {
  all.push_back(step<model::submit_document>("/api/v1/support-cases/{id}/documents/{doc}/submit",
                                             "submit_document", "Submit a draft; its content is frozen"));
  all.push_back(step_with_body<model::return_document>("/api/v1/support-cases/{id}/documents/{doc}/return",
                                                       "return_document", "Send a submitted document back"));
  all.push_back(step<model::approve_document>("/api/v1/support-cases/{id}/documents/{doc}/approve",
                                              "approve_document", "Approve a submitted document"));
  all.push_back(step_with_body<model::send_document>("/api/v1/support-cases/{id}/documents/{doc}/send",
                                                     "send_document", "Mail an approved document as PDF"));
  all.push_back(step_with_body<model::record_signature>(
      "/api/v1/support-cases/{id}/documents/{doc}/signature", "record_signature",
      "Record what came of a document that was sent for signature"));
  all.push_back(step_with_body<model::void_document>("/api/v1/support-cases/{id}/documents/{doc}/void",
                                                     "void_document", "Make a document void"));
}

template <model::export_content What, model::export_format Format>
route export_route(std::string_view path, std::string_view id, std::string_view summary,
                   std::string_view type) {
  return {.method = "GET",
          .path = path,
          .id = id,
          .summary = summary,
          .tag = "exports",
          .refusals = {402, 412},
          .parse =
              [](const route_input& in) {
                return on_case(in, model::case_command{model::make_export{What, Format}});
              },
          .streams = {type},
          .leaves_trace = true};
}

void add_exports(std::vector<route>& all) {
  using enum model::export_content;
  using enum model::export_format;
  constexpr std::string_view table = "text/csv";
  all.push_back(export_route<notes, csv>("/api/v1/support-cases/{id}/export/notes.csv", "export_notes_csv",
                                         "All notes as CSV, newest first; for operators", table));
  all.push_back(export_route<notes, pdf>("/api/v1/support-cases/{id}/export/notes.pdf", "export_notes_pdf",
                                         "All notes as PDF, newest first; for operators", model::pdf_type));
  all.push_back(export_route<sessions, csv>("/api/v1/support-cases/{id}/export/sessions.csv",
                                            "export_sessions_csv",
                                            "All sessions as CSV, the latest first; for operators", table));
  all.push_back(
      export_route<sessions, pdf>("/api/v1/support-cases/{id}/export/sessions.pdf", "export_sessions_pdf",
                                  "All sessions as PDF, the latest first; for operators", model::pdf_type));
}

}  // namespace

void add_document_routes(std::vector<route>& all) {
  add_lists(all);
  add_drafts(all);
  add_content(all);
  add_lifecycle(all);
  add_signed(all);
  add_exports(all);
}

}  // namespace net
