#include "net/answers.hpp"
#include "net/edge_turn.hpp"
#include "net/integrations/docuseal_webhook.hpp"
#include "net/integrations/resend_events.hpp"
#include "net/integrations/webhook_signature.hpp"

namespace net {
namespace {

/// One answer for every way in which a signature can be wrong.
model::refusal not_signed() {
  return {model::refusal_code::not_signed_in,
          "The webhook's signature is missing, wrong or too old: check the secret, and this machine's clock.",
          {},
          {},
          {},
          {}};
}

/// It is kept, or it is nothing to us: either way nothing is to be told again.
void received(turn& t) {
  static const auto text = std::make_shared<const std::string>(R"({"received":true})");
  http::response out;
  out.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  out.body = text;
  finish(t, std::move(out));
}

void answer_with(turn& t, const actors::reply_message& r) {
  if (const auto* no = std::get_if<model::refusal>(&r.what)) return refuse(t, *no);
  received(t);
}

/// The header of that name, where it stands once; a second one could be somebody else's.
std::string_view only(const http::request& asked, std::string_view name) {
  return asked.count(name) == 1 ? asked.header(name) : std::string_view{};
}

void take_resend(edge_pointer self, const turn_ptr& t) {
  const auto& setup = *t->setup;
  if (setup.resend_webhook_key.empty()) return refuse(*t, model::refusal::not_found());
  const auto& asked = *t->asked;
  const integrations::svix_headers with{only(asked, "svix-id"), only(asked, "svix-timestamp"),
                                        only(asked, "svix-signature")};
  if (!integrations::is_signed_by_svix(setup.resend_webhook_key, with, asked.body, setup.clock.real_now()))
    return refuse(*t, not_signed());
  auto read = integrations::read_resend_event(with.id, asked.body);
  if (const auto* no = std::get_if<model::refusal>(&read)) return refuse(*t, *no);
  auto& notice = std::get<0>(read);
  if (!notice) return received(*t);
  ask<actors::reply_message>(self, t, setup.mail_desk, std::move(*notice),
                             [t](const actors::reply_message& r) { answer_with(*t, r); });
}

void take_docuseal(edge_pointer self, const turn_ptr& t) {
  const auto& setup = *t->setup;
  if (setup.docuseal_webhook_secret.empty()) return refuse(*t, model::refusal::not_found());
  const auto& asked = *t->asked;
  if (!integrations::is_signed_by_docuseal(setup.docuseal_webhook_secret, only(asked, "X-Docuseal-Signature"),
                                           asked.body, setup.clock.real_now()))
    return refuse(*t, not_signed());
  auto read = integrations::read_docuseal_event(asked.body);
  if (const auto* no = std::get_if<model::refusal>(&read)) return refuse(*t, *no);
  ask<actors::reply_message>(self, t, setup.signing_desk, std::get<actors::signing_notice>(std::move(read)),
                             [t](const actors::reply_message& r) { answer_with(*t, r); });
}

}  // namespace

void take_webhook(edge_pointer self, const turn_ptr& t, const webhook_call& c) {
  switch (c.from) {
    case webhook::resend:
      return take_resend(self, t);
    case webhook::docuseal:
      return take_docuseal(self, t);
  }
}

}  // namespace net
