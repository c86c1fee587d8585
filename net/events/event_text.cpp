#include "net/events/event_text.hpp"

#include "model/json.hpp"

namespace net {
namespace {

// Neither a version nor JSON holds a line break, so that each is one line of the stream.
std::string event_text(std::string_view name, const event_view& said) {
  std::string out = "event: ";
  out.append(name);
  if (!said.version.empty()) out.append("\nid: ").append(said.version);
  out.append("\ndata: ");
  model::write_json(out, said);
  return out += "\n\n";
}

}  // namespace

std::string open_event(const std::string& version) { return event_text("open", {version, {}}); }
std::string change_event(const std::string& version, const std::vector<std::string>& kinds) {
  return event_text("change", {version, kinds});
}
std::string_view end_event() { return "event: end\ndata: {}\n\n"; }
std::string_view heartbeat() { return ": \n\n"; }

}  // namespace net
