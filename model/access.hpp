#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/describe.hpp"
#include "model/ids.hpp"

namespace model {

/// What somebody is to one case: the columns of the access matrix (DOMAIN §3).
enum class role { none, org_admin, property_manager, full, context_only };
BOOST_DESCRIBE_ENUM(role, none, org_admin, property_manager, full, context_only)

/// The rows of the access matrix.
enum class resource {
  case_header,
  lifecycle,
  shared_notes,
  professional_notes,
  goals,
  sessions,
  own_sessions,
  collaborators,
  collaborator_names,
  reference_contacts,
  documents,
  audit_log,
  read_log,
  organisation
};
BOOST_DESCRIBE_ENUM(resource, case_header, lifecycle, shared_notes, professional_notes, goals, sessions,
                    own_sessions, collaborators, collaborator_names, reference_contacts, documents, audit_log,
                    read_log, organisation)

enum class action { read, write, approve, submit };
BOOST_DESCRIBE_ENUM(action, read, write, approve, submit)

/// Somebody's standing in an organisation, as its actor knows it: for a property manager, only where the
/// tenant in question is on a property of a landlord assigned to them.
enum class standing { none, org_admin, property_manager };
BOOST_DESCRIBE_ENUM(standing, none, org_admin, property_manager)

/// A part of the service itself that tells a case what happened outside. To the matrix it is nobody; the few
/// commands that are its own look for it.
enum class service_part { none, mailer, signer };
BOOST_DESCRIBE_ENUM(service_part, none, mailer, signer)

/// Who asks. Made by the edge from a login; the organisation adds the standing. No login makes a `part`:
/// those are the service's actors, with no user's id.
struct caller {
  user_id user;
  std::string full_name;
  std::string email;
  standing operator_standing = standing::none;
  service_part part = service_part::none;
};
BOOST_DESCRIBE_STRUCT(caller, (), (user, full_name, email, operator_standing, part))

namespace access {

/// The matrix itself: may `who` do `what` to `which`?
bool allowed(role who, resource which, action what);

/// One line of the matrix, for people and for tests.
struct rule {
  resource which;
  action what;
};
/// Every resource × action that the matrix names.
std::span<const rule> rules();

/// What a role may do on a case, as the workspace answer lists it: `shared_notes.write`.
std::vector<std::string> permissions(role who);

constexpr bool is_operator(role r) { return r == role::org_admin || r == role::property_manager; }

}  // namespace access
}  // namespace model
