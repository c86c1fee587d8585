#include "net/content/content_actor.hpp"

#include "actors/ask_store.hpp"
#include "net/content/export_content.hpp"
#include "net/content/file_content.hpp"
#include "net/content/file_name.hpp"
#include "net/content/form_upload.hpp"
#include "net/content/formats.hpp"
#include "net/content/heading.hpp"
#include "net/content/request_body.hpp"
#include "net/content/wording.hpp"
#include "net/json_in.hpp"

namespace net::contents {
namespace {

using pointer = content_actor::stateful_pointer<content_state>;

/// Pushed at once; small enough that a stream which waits for room is always told of it.
constexpr std::size_t part_size = 64 * 1024;
/// A turn ends when so many bytes have been made, or after so many steps: others wait.
constexpr std::size_t bytes_a_turn = 64 * 1024;
constexpr int steps_a_turn = 64;

// --- in

inspector& inspector_of(content_state& state) {
  if (!state.inspector) state.inspector = std::make_unique<inspector>();
  return *state.inspector;
}

/// Whatever goes wrong with this upload is this upload's own.
template <class Judged, class Judge>
Judged guarded(Judge judge) {
  try {
    return judge();
  } catch (const std::exception& e) {
    actors::log::error("content.inspection_failed", {{"error", e.what()}});
    return {model::refusal::unavailable()};
  }
}

upload_judged judge(content_state& state, const uploaded& in) {
  return guarded<upload_judged>([&]() -> upload_judged {
    const auto bytes = std::make_shared<const request_body>(in.asked);
    auto found = inspector_of(state).inspect(*bytes, in.asked->header("Content-Type"));
    if (auto* no = std::get_if<model::refusal>(&found)) return {std::move(*no)};
    auto& is = std::get<inspected>(found);
    return {model::uploaded_file{in.file_name, std::move(is.media_type), std::move(is.sha256), bytes}};
  });
}

/// In a form a name that is none is as good as no name: people do not choose it.
form_judged judge(content_state& state, const form_uploaded& in) {
  return guarded<form_judged>([&]() -> form_judged {
    const auto body = std::make_shared<const request_body>(in.asked);
    auto read = read_form(body, in.asked->header("Content-Type"));
    if (auto* no = std::get_if<model::refusal>(&read)) return {std::move(*no)};
    const auto& form = std::get<document_form>(read);
    auto made = read_json<model::create_document>(form.json);
    if (auto* no = std::get_if<model::refusal>(&made)) return {std::move(*no)};
    if (form.file.bytes->size() > largest_file)
      return {model::refusal::conflict(model::refusal_code::too_large, "A file may have at most 25 MB.")};
    auto found = inspector_of(state).inspect(*form.file.bytes, form.file.claimed);
    if (auto* no = std::get_if<model::refusal>(&found)) return {std::move(*no)};
    auto& is = std::get<inspected>(found);
    return {filled_form{std::get<model::create_document>(std::move(made)),
                        {file_name_of(form.file.name).value_or(""), std::move(is.media_type),
                         std::move(is.sha256), form.file.bytes},
                        sha256_of(*body)}};
  });
}

// --- out

void end_stream(pointer self, std::uint64_t id) { self->state.under_way.erase(id); }

void break_off(pointer self, std::uint64_t id, std::string_view why) {
  auto& s = self->state.under_way.at(id);
  actors::log::warning("content.broken_off", {{"request_id", s.request_id}, {"reason", why}});
  ++self->state.shared->broken;
  s.flow->fail();
  end_stream(self, id);
}

/// Gives the reader what is made, as far as there is room; whether all of it went.
bool push_made(pointer self, stream_state& s) {
  while (s.pushed < s.made.size()) {
    const auto size = std::min(part_size, s.made.size() - s.pushed);
    if (s.flow->waiting() + size > http::outflow::high_water) return false;
    if (!s.flow->push(s.made.substr(s.pushed, size))) return false;
    s.pushed += size;
    self->state.shared->bytes += size;
  }
  s.made.clear();
  s.pushed = 0;
  // What was large once need not stay so.
  if (s.made.capacity() > 4 * part_size) s.made.shrink_to_fit();
  return true;
}

void take_turn(pointer self, std::uint64_t id);

void ask(pointer self, std::uint64_t id, stream_state& s) {
  s.asking = true;
  actors::ask_store(
      self, *self->state.given, self->state.given->stores.of(s.of_case), s.from->question(),
      [self, id](const source::arrival& arrived) {
        auto& streams = self->state.under_way;
        const auto found = streams.find(id);
        if (found == streams.end()) return;
        found->second.asking = false;
        try {
          arrived();
        } catch (const std::exception& e) {
          return break_off(self, id, e.what());
        }
        take_turn(self, id);
      },
      [self, id](const model::refusal&) {
        if (self->state.under_way.contains(id)) break_off(self, id, "the database did not answer");
      });
}

/// Makes some more; whether the stream can go on at once.
bool make_some(pointer self, std::uint64_t id, stream_state& s) {
  for (int i = 0; i < steps_a_turn && s.made.size() < bytes_a_turn; ++i) {
    switch (s.from->make(s.made)) {
      case source::step::made:
        break;
      case source::step::needs:
        if (!push_made(self, s)) return false;
        ask(self, id, s);
        return false;
      case source::step::finished:
        s.all_made = true;
        return true;
    }
  }
  return true;
}

void step(pointer self, std::uint64_t id) {
  auto& s = self->state.under_way.at(id);
  if (s.flow->gone()) return end_stream(self, id);
  if (s.asking || !push_made(self, s)) return;
  if (!s.all_made && !make_some(self, id, s)) return;
  if (!push_made(self, s)) return;
  if (!s.all_made) return self->send(self, stream_turn{id});
  s.flow->finish();
  end_stream(self, id);
}

/// A stream's turn; whatever goes wrong breaks off this stream and no other.
void take_turn(pointer self, std::uint64_t id) {
  if (!self->state.under_way.contains(id)) return;
  try {
    step(self, id);
  } catch (const std::exception& e) {
    break_off(self, id, e.what());
  }
}

source_ptr source_of(const actors::stream_order& order, std::optional<std::uint64_t>& length) {
  if (const auto* wanted = std::get_if<model::make_export>(&order.what))
    return export_content(order, *wanted);
  const auto& what = std::get<actors::stream_document>(order.what);
  if (what.document.file) {
    length = known_length(order);
    return file_content(order.who, what.document);
  }
  std::string bytes;
  print::document_pdf(printed(what.document, what.body, order.heading),
                      [&](std::string_view part) { bytes += part; });
  length = bytes.size();
  return made_content(std::move(bytes));
}

stream_opened open(pointer self, const stream_wanted& wanted) {
  const auto id = ++self->state.last;
  stream_state s;
  http::outflow::options how;
  try {
    s.from = source_of(*wanted.order, how.length);
  } catch (const std::exception& e) {
    actors::log::error("content.cannot_begin", {{"request_id", wanted.request_id}, {"error", e.what()}});
    return {model::refusal::unavailable()};
  }
  how.on_room = [me = caf::actor_cast<content_actor>(self), id] { caf::anon_send(me, stream_turn{id}); };
  s.flow = std::make_shared<http::outflow>(how);
  s.request_id = wanted.request_id;
  s.of_case = wanted.order->of_case.value;
  s.place = wanted.place;
  auto out = heading_of(*wanted.order, wanted.etag);
  // An answer that comes too late never reaches the listener: then this tells that nobody reads it.
  out.stream = {s.flow.get(), [flow = s.flow](http::outflow*) { flow->leave(); }};
  self->state.under_way.emplace(id, std::move(s));
  self->send(self, stream_turn{id});
  return {std::move(out)};
}

}  // namespace

content_actor::behavior_type content_behavior(pointer self, actors::services_ptr given,
                                              std::shared_ptr<streams> shared) {
  self->state.given = std::move(given);
  self->state.shared = std::move(shared);
  return {[self](const uploaded& in) { return judge(self->state, in); },
          [self](const form_uploaded& in) { return judge(self->state, in); },
          [self](const stream_wanted& wanted) { return open(self, wanted); },
          [self](const stream_turn& t) { take_turn(self, t.stream); }};
}

}  // namespace net::contents
