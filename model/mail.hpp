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

/// How a mail goes through the outbox.
enum class mail_state { queued, sending, sent, retrying, failed };
BOOST_DESCRIBE_ENUM(mail_state, queued, sending, sent, retrying, failed)
/// Whether somebody may have it tried again by hand: it failed, or waits for another attempt.
constexpr bool can_be_retried(mail_state s) { return s == mail_state::failed || s == mail_state::retrying; }

/// What became of a mail, as far as it is told. Of one and the same mail a later one takes the place of an
/// earlier one and never the other way round, whatever order they are told in: what was given up can be sent
/// by hand, what was sent arrives, what arrived can come back, what was read can be complained of.
enum class mail_fate { failed, sent, delivered, bounced, complained };
BOOST_DESCRIBE_ENUM(mail_fate, failed, sent, delivered, bounced, complained)

}  // namespace model
