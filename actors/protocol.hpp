#pragma once
// The catalogue: every actor of the house, what it understands and why. Include it in .cpp files only.
#include <caf/all.hpp>

#include "actors/local.hpp"
#include "actors/messages.hpp"
#include "actors/watch.hpp"
#include "actors/wire.hpp"

namespace actors {
struct located;
}

CAF_BEGIN_TYPE_ID_BLOCK(keywork, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(keywork, (actors::ask_case))
CAF_ADD_TYPE_ID(keywork, (actors::ask_org))
CAF_ADD_TYPE_ID(keywork, (actors::ask_lists))
CAF_ADD_TYPE_ID(keywork, (actors::ask_sign_in))
CAF_ADD_TYPE_ID(keywork, (actors::ask_redeem))
CAF_ADD_TYPE_ID(keywork, (actors::ask_logins))
CAF_ADD_TYPE_ID(keywork, (actors::find_login))
CAF_ADD_TYPE_ID(keywork, (actors::found_login))
CAF_ADD_TYPE_ID(keywork, (actors::locate))
CAF_ADD_TYPE_ID(keywork, (actors::located))
CAF_ADD_TYPE_ID(keywork, (actors::organisation_changed))
CAF_ADD_TYPE_ID(keywork, (actors::passivate))
CAF_ADD_TYPE_ID(keywork, (actors::reload))
CAF_ADD_TYPE_ID(keywork, (actors::tick))
CAF_ADD_TYPE_ID(keywork, (actors::reply_message))
CAF_ADD_TYPE_ID(keywork, (actors::sign_in_message))
CAF_ADD_TYPE_ID(keywork, (actors::store_question))
CAF_ADD_TYPE_ID(keywork, (actors::store_answer))
CAF_ADD_TYPE_ID(keywork, (actors::case_change))
CAF_ADD_TYPE_ID(keywork, (actors::commit_answer))
CAF_ADD_TYPE_ID(keywork, (actors::sign_in_done))
CAF_ADD_TYPE_ID(keywork, (model::case_place))
CAF_ADD_TYPE_ID(keywork, (actors::case_told))
CAF_ADD_TYPE_ID(keywork, (actors::unwatch))
CAF_ADD_TYPE_ID(keywork, (actors::readmit_watchers))
CAF_ADD_TYPE_ID(keywork, (actors::mail_notice))
CAF_ADD_TYPE_ID(keywork, (actors::case_erased))
CAF_ADD_TYPE_ID(keywork, (actors::signing_notice))
CAF_END_TYPE_ID_BLOCK(keywork)

namespace actors {

/// Whoever watches cases for open streams (`watch_events`), and is told what they may know of each change.
using watcher_actor = caf::typed_actor<caf::reacts_to<case_told>>;

/// One support case: owns its state and its access checks.
using case_actor = caf::typed_actor<
    /// A question or a command of somebody whose standing the organisation has filled in.
    caf::replies_to<ask_case>::with<reply_message>,
    /// A stream has gone.
    caf::reacts_to<unwatch>,
    /// Standings may be others: those who watch have to ask again.
    caf::reacts_to<readmit_watchers>,
    /// The tenant, the address or the organisation's name is another now.
    caf::reacts_to<model::case_place>,
    /// Finish what is under way, then go: the organisation needs the room.
    caf::reacts_to<passivate>>;

/// One organisation: its settings, people and places; spawns, supervises and passivates its cases.
using org_actor = caf::typed_actor<
    /// For a case: tier gate, standing, then delegated; the case's answer goes straight to the requester.
    caf::replies_to<ask_case>::with<reply_message>,
    /// For the organisation itself.
    caf::replies_to<ask_org>::with<reply_message>,
    /// For a case, if it is in memory.
    caf::reacts_to<unwatch>,
    /// Somebody else changed it in the database: read it again.
    caf::reacts_to<reload>,
    /// Retention erased something of a case: it leaves memory.
    caf::reacts_to<case_erased>,
    /// Once in a while: send idle cases away.
    caf::reacts_to<tick>>;

/// Where an organisation's actor is; `org` is empty where nothing has that id.
struct located {
  org_actor org;
  model::org_id id;
};
template <class Inspector>
auto inspect(Inspector& f, located& l) {
  return f(caf::meta::type_name("located"), l.org, l.id.value.data);
}

/// The way to the organisations: finds which one owns an id, and spawns and supervises their actors.
using gateway_actor = caf::typed_actor<caf::replies_to<locate>::with<located>,
                                       caf::reacts_to<organisation_changed>, caf::reacts_to<case_erased>>;

/// Lists across organisations, read under the caller's own row-level security.
using lists_actor = caf::typed_actor<caf::replies_to<ask_lists>::with<reply_message>>;

/// Links, logins and bearer tokens.
using login_actor =
    caf::typed_actor<caf::replies_to<ask_sign_in>::with<reply_message>,
                     /// The time has come to answer one.
                     caf::reacts_to<sign_in_done>,
                     /// Once in a while: logins, links and kept answers that have had their day go.
                     caf::reacts_to<tick>, caf::replies_to<ask_redeem>::with<sign_in_message>,
                     /// Whose login is this? By the token's hash.
                     caf::replies_to<find_login>::with<found_login>,
                     caf::replies_to<ask_logins>::with<reply_message>>;

/// Takes what is due from the outbox and sends it, one after the other.
using mailer_actor = caf::typed_actor<caf::reacts_to<tick>>;

/// Takes in what the mail provider tells by itself, and tells the cases what became of their invites.
using mail_desk_actor = caf::typed_actor<caf::replies_to<mail_notice>::with<reply_message>,
                                         /// Once in a while: is there something that a case has not heard?
                                         caf::reacts_to<tick>>;

/// Erases what is due: each organisation's cases at 03:00 of its day, and whenever one is asked to (R30).
using retention_actor = caf::typed_actor<caf::reacts_to<tick>,
                                         /// The pause is over: go on.
                                         caf::reacts_to<reload>>;

/// Brings documents to the signing service and their outcomes back, one after the other.
using signer_actor = caf::typed_actor<caf::reacts_to<tick>>;

/// Takes in what the signing service tells by itself.
using signing_desk_actor = caf::typed_actor<caf::replies_to<signing_notice>::with<reply_message>>;

/// Plans the digests that are due: once a month for each organisation, and whatever was missed (R35).
using digest_actor = caf::typed_actor<caf::reacts_to<tick>>;

/// One connection to the database, and a thread of its own to wait on it.
using store_actor = caf::typed_actor<
    /// Run this with the session and give back what it found.
    caf::replies_to<store_question>::with<store_answer>,
    /// Commit, together with the others that wait at the same time.
    caf::replies_to<case_change>::with<commit_answer>,
    /// Now commit what has gathered.
    caf::reacts_to<tick>>;

}  // namespace actors
