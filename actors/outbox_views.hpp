#pragma once
#include <optional>
#include <string>

#include "actors/messages.hpp"
#include "model/part_views.hpp"
#include "odb/outbox_store.hpp"

/// How an organisation's mails are shown to its admins: their way, never their words.
namespace actors {

/// What the provider told last, or what weighs more: a complaint, a mail that came back, one that arrived,
/// one that is late.
enum class mail_delivery { delayed, delivered, bounced, complained };
BOOST_DESCRIBE_ENUM(mail_delivery, delayed, delivered, bounced, complained)

struct delivery_view {
  mail_delivery state = mail_delivery::delivered;
  model::instant at;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(delivery_view, (), (state, at, reason))

/// `next_attempt_at` only while there will be one.
struct outbox_mail_view {
  model::mail_id id;
  std::string to;
  std::string template_;
  model::mail_state state = model::mail_state::queued;
  std::int32_t attempts = 0;
  std::optional<std::string> last_error;
  std::optional<model::instant> next_attempt_at;
  model::instant written_at;
  std::optional<model::instant> sent_at;
  std::optional<delivery_view> delivery;
};
BOOST_DESCRIBE_STRUCT(outbox_mail_view, (),
                      (id, to, template_, state, attempts, last_error, next_attempt_at, written_at, sent_at,
                       delivery))
using outbox_page = model::part_page<outbox_mail_view>;

inline std::optional<delivery_view> delivery_of(const store::outbox_line& m) {
  if (m.complained_at) return delivery_view{mail_delivery::complained, *m.complained_at, {}};
  if (m.bounced_at) return delivery_view{mail_delivery::bounced, *m.bounced_at, m.fate_reason};
  if (m.delivered_at) return delivery_view{mail_delivery::delivered, *m.delivered_at, {}};
  if (m.delayed_at) return delivery_view{mail_delivery::delayed, *m.delayed_at, {}};
  return std::nullopt;
}

inline outbox_mail_view view_mail(const store::outbox_line& m) {
  const bool over = m.state == model::mail_state::sent || m.state == model::mail_state::failed;
  return {m.id,
          m.to_address,
          m.template_name,
          m.state,
          m.attempts,
          m.last_error,
          over ? std::nullopt : std::optional{m.next_attempt_at},
          m.written_at,
          m.sent_at,
          delivery_of(m)};
}

}  // namespace actors
