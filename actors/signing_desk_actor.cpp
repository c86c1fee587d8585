#include "actors/ask_store.hpp"
#include "actors/signer_actor.hpp"
#include "odb/signing_store.hpp"

namespace actors {
namespace {

std::string_view words(store::notice_result r) {
  switch (r) {
    case store::notice_result::kept:
      return "kept";
    case store::notice_result::known_already:
      return "known already";
    case store::notice_result::not_ours:
      return "not ours";
  }
  return "";
}

}  // namespace

signing_desk_actor::behavior_type signing_desk_behavior(
    signing_desk_actor::stateful_pointer<signing_desk_state> self, services_ptr s) {
  self->state.given = std::move(s);
  return {[self](const signing_notice& told) -> caf::result<reply_message> {
    auto promise = self->make_response_promise<reply_message>();
    const auto& given = *self->state.given;
    const store::signature_notice notice{told.event_type, told.subject, told.timestamp, told.request,
                                         told.submission};
    ask_store(
        self, given, given.stores.of(told.event_type),
        [notice, now = given.clock.now()](store::session& session) {
          return store::keep_notice(session, notice, now);
        },
        [promise, type = told.event_type](store::notice_result r) mutable {
          log::info("signature.told", {{"event", type}, {"result", std::string(words(r))}});
          deliver(promise, answer{answer_kind::no_content, {}, {}, {}});
        },
        [promise](model::refusal why) mutable { deliver(promise, std::move(why)); });
    return promise;
  }};
}

}  // namespace actors
