#pragma once
#include <optional>
#include <string>

#include "model/describe.hpp"
#include "model/fields.hpp"
#include "model/ids.hpp"
#include "model/magic_link.hpp"

namespace model {

/// A mail that an event asks for. The store writes it into the outbox with the event's own transaction; the
/// edge makes the words when it is sent. A link's token never stands in `fields`.
struct mail_request {
  mail_id id;
  std::string to_address;
  std::string to_name;
  std::string template_name;
  fields values;
  std::optional<link_id> link;
};

}  // namespace model
