#pragma once
#include "actors/ask_store.hpp"
#include "actors/list_views.hpp"

/// The longer ways of the login actor, apart from its catalogue of messages.
namespace actors {

using login_pointer = login_actor::pointer;
using sign_in_promise = caf::typed_response_promise<sign_in_message>;

/// Finds the link, checks it, accepts the invite it stands for, spends it and opens the login. In this order,
/// so that a program killed in between leaves a link that still works: accepting twice is accepting once.
void redeem_link(login_pointer self, const services& s, const gateway_actor& gateway, const ask_redeem& a,
                 sign_in_promise p);

/// A person's own logins and bearer tokens.
void manage_logins(login_pointer self, const services& s, const ask_logins& a, reply_promise p);

}  // namespace actors
