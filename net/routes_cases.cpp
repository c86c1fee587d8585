#include "actors/list_views.hpp"
#include "model/case_view.hpp"
#include "net/route_parts.hpp"

namespace net {
namespace {

using model::case_id;
using model::collaborator_id;
using model::note_id;

parsed open_case(const route_input& in) {
  return with_body<model::open_case>(in, [](model::open_case c) {
    const actors::locate where{c.tenancy_id};
    return org_call{where, model::org_command{std::move(c)}};
  });
}

parsed notes(const route_input& in) {
  actors::view_notes wanted{{}, in.part()};
  if (const auto* stream = find(in.query, "stream"))
    wanted.stream = model::parse_enum<model::stream>(*stream);
  return on_case(in, std::move(wanted));
}

void add_cases(std::vector<route>& all) {
  using model::case_header_view;
  const std::string_view tag = "cases";
  all.push_back({"POST",
                 "/api/v1/support-cases",
                 "open_case",
                 "Open a case about a tenant",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::open_case>,
                 shape_of<case_header_view>,
                 201,
                 {},
                 {402, 404, 409},
                 open_case,
                 {}});
  all.push_back({"GET",
                 "/api/v1/support-cases/{id}",
                 "get_case",
                 "The workspace, as far as this caller may see it",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<model::workspace_view>,
                 200,
                 {},
                 {402},
                 [](const route_input& in) { return on_case(in, actors::view_workspace{}); },
                 {}});
  all.push_back({"PATCH",
                 "/api/v1/support-cases/{id}",
                 "edit_case",
                 "Change the context summary",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::edit_context_summary>,
                 shape_of<case_header_view>,
                 200,
                 {},
                 {402, 409, 412},
                 command_on_case<model::edit_context_summary>,
                 {}});
  all.push_back({"POST",
                 "/api/v1/support-cases/{id}/close",
                 "close_case",
                 "Close the case",
                 tag,
                 credential::login,
                 content::json_if_any,
                 body_of<model::close_case>,
                 shape_of<case_header_view>,
                 200,
                 {},
                 {402, 409, 412},
                 command_on_case<model::close_case>,
                 {}});
  all.push_back({"POST",
                 "/api/v1/support-cases/{id}/reopen",
                 "reopen_case",
                 "Open a closed case again",
                 tag,
                 credential::login,
                 content::json_if_any,
                 body_of<model::reopen_case>,
                 shape_of<case_header_view>,
                 200,
                 {},
                 {402, 409, 412},
                 command_on_case<model::reopen_case>,
                 {}});
}

void add_notes(std::vector<route>& all) {
  using model::note_view;
  const std::string_view tag = "notes";
  all.push_back({"GET",
                 "/api/v1/support-cases/{id}/notes",
                 "list_notes",
                 "The notes of one stream, newest first",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<model::note_page>,
                 200,
                 {parameter::stream, parameter::limit, parameter::cursor},
                 {402},
                 notes,
                 {}});
  all.push_back({"POST",
                 "/api/v1/support-cases/{id}/notes",
                 "add_note",
                 "Write a note",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::add_note>,
                 shape_of<note_view>,
                 201,
                 {},
                 {402, 409, 412},
                 command_on_case<model::add_note>,
                 {}});
  all.push_back({"PATCH",
                 "/api/v1/support-cases/{id}/notes/{note}",
                 "edit_note",
                 "Change a note's text or its safeguarding flag",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::edit_note>,
                 shape_of<note_view>,
                 200,
                 {},
                 {402, 409, 412},
                 edit_of_part<model::edit_note, &model::edit_note::note>,
                 {}});
  all.push_back({"DELETE",
                 "/api/v1/support-cases/{id}/notes/{note}",
                 "delete_note",
                 "Delete a note",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 nullptr,
                 204,
                 {},
                 {402, 409, 412},
                 command_on_part<model::delete_note, note_id>,
                 {}});
}

void add_team(std::vector<route>& all) {
  using model::team_row_view;
  const std::string_view tag = "team";
  all.push_back({"GET",
                 "/api/v1/support-cases/{id}/team",
                 "list_team",
                 "The team, as far as this caller may see it",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<model::team_view>,
                 200,
                 {},
                 {402},
                 [](const route_input& in) { return on_case(in, actors::view_team{}); },
                 {}});
  all.push_back({"POST",
                 "/api/v1/support-cases/{id}/team",
                 "add_to_team",
                 "Invite a worker, or record a reference contact",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::add_to_team>,
                 shape_of<team_row_view>,
                 201,
                 {},
                 {402, 409, 412},
                 command_on_case<model::add_to_team>,
                 {}});
  all.push_back({"PATCH",
                 "/api/v1/support-cases/{id}/team/{row}",
                 "edit_contact",
                 "Change a reference contact",
                 tag,
                 credential::login,
                 content::json,
                 body_of<model::edit_contact>,
                 shape_of<team_row_view>,
                 200,
                 {},
                 {402, 409, 412},
                 edit_of_part<model::edit_contact, &model::edit_contact::row>,
                 {}});
  all.push_back({"POST",
                 "/api/v1/support-cases/{id}/team/{row}/end",
                 "end_assignment",
                 "End an assignment; access ends at once",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<team_row_view>,
                 200,
                 {},
                 {402, 409, 412},
                 command_on_part<model::end_assignment, collaborator_id>,
                 {}});
  all.push_back({"POST",
                 "/api/v1/support-cases/{id}/team/{row}/resend-invite",
                 "resend_invite",
                 "Mail the invite again, with a new link",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<team_row_view>,
                 200,
                 {},
                 {402, 409, 412},
                 command_on_part<model::resend_invite, collaborator_id>,
                 {}});
}

}  // namespace

void add_case_routes(std::vector<route>& all) {
  add_cases(all);
  add_notes(all);
  add_team(all);
}

}  // namespace net
