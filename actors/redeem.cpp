#include "actors/lists_actor.hpp"
#include "actors/login_actor.hpp"
#include "actors/login_flow.hpp"
#include "model/contact.hpp"

namespace actors {
namespace {

/// What one redemption carries from step to step.
struct redemption {
  login_pointer self;
  const services* given;
  sign_in_promise promise;
  store::link_row row;
  std::string request_id;

  void refuse(model::refusal no) const {
    auto p = promise;
    p.deliver(sign_in_message{std::move(no)});
  }
};

model::refusal spent() {
  return model::refusal::conflict(model::refusal_code::link_spent,
                                  "This link does not work any more. Ask for a new one.");
}
model::refusal expired() {
  return model::refusal::conflict(model::refusal_code::link_expired,
                                  "This link has expired. Ask for a new one.");
}

std::optional<model::refusal> refuse(const std::optional<store::link_row>& row, const ask_redeem& a,
                                     model::instant now) {
  if (!row || row->link.spent_at || row->link.voided_at) return spent();
  if (row->link.expires_at <= now) return expired();
  if (!a.must_type_email && !a.typed_email) return std::nullopt;
  if (!a.typed_email) {
    auto no = model::refusal::invalid("email", "required", "Type the address this link was sent to.");
    no.code = model::refusal_code::email_required;
    return no;
  }
  if (model::normalise_email(*a.typed_email) == row->email) return std::nullopt;
  return model::refusal::invalid("email", "mismatch", "This is not the address the link was sent to.");
}

/// Where the link leads (R38).
std::string landing(store::session& session, const model::magic_link& link) {
  if (link.collaborator) {
    const auto row = session.assignment(link.user, *link.collaborator);
    if (row && row->participation == model::participation::context_only)
      return "/support/cases/" + model::to_text(row->of_case);
    return "/support/tenants";
  }
  return landing_of(session.memberships(link.user));
}

struct opened {
  bool done = false;
  std::string landing;
};

void open_login(const redemption& r) {
  const auto& s = *r.given;
  const auto now = s.clock.now();
  const auto token = random_token("kws_");
  store::login_row login;
  login.id = s.ids.make<model::login_id>();
  login.user = r.row.link.user;
  login.name = "Browser";
  login.token_hash = token_hash(token);
  login.created_at = now;
  login.expires_at = now + session_lifetime;
  ask_store(
      r.self, s, s.stores.of(login.user.value),
      [link = r.row.link, login, now](store::session& session) {
        opened o;
        o.landing = landing(session, link);
        o.done = session.redeem(link.id, login, now);
        return o;
      },
      [r, token, login](const opened& o) {
        if (!o.done) return r.refuse(spent());
        auto p = r.promise;
        p.deliver(sign_in_message{
            signed_in{login.user, r.row.email, r.row.full_name, o.landing, token, *login.expires_at}});
      },
      [r](model::refusal why) { r.refuse(std::move(why)); });
}

void accept(const redemption& r, const org_actor& organisation) {
  ask_case a;
  a.who = {r.row.link.user, r.row.full_name, r.row.email, model::standing::none};
  a.org = *r.row.link.org;
  a.of_case = *r.row.link.of_case;
  a.given.request_id = r.request_id;
  a.what = model::case_command{model::accept_invite{*r.row.link.collaborator}};
  r.self->request(organisation, 2 * r.given->limits.store_answer, std::move(a))
      .then(
          [r](const reply_message& reply) {
            const auto* no = std::get_if<model::refusal>(&reply.what);
            if (!no) return open_login(r);
            // The case, or the place on it, is not there any more: for the holder of the link it has expired.
            r.refuse(no->code == model::refusal_code::not_found ? expired() : *no);
          },
          [r](const caf::error&) { r.refuse(model::refusal::unavailable()); });
}

}  // namespace

void redeem_link(login_pointer self, const services& s, const gateway_actor& gateway, const ask_redeem& a,
                 sign_in_promise p) {
  ask_store(
      self, s, s.stores.of(std::string_view{a.token}),
      [hash = token_hash(a.token)](store::session& session) { return session.find_link(hash); },
      [self, &s, gateway, a, p](const std::optional<store::link_row>& row) {
        const redemption r{self, &s, p, row.value_or(store::link_row{}), a.request_id};
        if (auto no = refuse(row, a, s.clock.now())) return r.refuse(std::move(*no));
        if (row->link.purpose != model::link_purpose::case_invite) return open_login(r);
        self->request(gateway, s.limits.store_answer, locate{*row->link.org})
            .then(
                [r](const located& found) {
                  if (!found.org) return r.refuse(expired());
                  accept(r, found.org);
                },
                [r](const caf::error&) { r.refuse(model::refusal::unavailable()); });
      },
      [p](model::refusal why) mutable { p.deliver(sign_in_message{std::move(why)}); });
}

}  // namespace actors
