#include "net/mail/resend_answer.hpp"

#include <algorithm>
#include <charconv>

#include "net/json_tree.hpp"
#include "net/mail/encode.hpp"
#include "net/speakable.hpp"

namespace net::mail {
namespace {

using actors::delivery;
using actors::delivery_outcome;
using integrations::http_response;

constexpr std::chrono::seconds longest_hold{24 * 3600};

std::optional<std::chrono::seconds> seconds_in(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 0)
    return std::nullopt;
  return std::min(std::chrono::seconds{value}, longest_hold);
}

std::string text_of(const json_node& in, std::string_view name) {
  const auto* found = in.find(name);
  return found && found->kind == json_kind::string ? found->string : std::string{};
}

/// What it says is wrong: `{"statusCode": 422, "name": "missing_required_field", "message": "…"}`.
struct fault {
  std::string name;
  std::string words;
};

json_node tree_of(const http_response& answer) {
  auto read = parse_json(answer.body);
  auto* tree = std::get_if<json_tree>(&read);
  return tree ? std::move(tree->root) : json_node{};
}

fault fault_in(const http_response& answer) {
  const auto root = tree_of(answer);
  fault f{text_of(root, "name"), text_of(root, "message")};
  // the name decides what is done: what is none of its kind is none
  const bool plain =
      std::all_of(f.name.begin(), f.name.end(), [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); });
  if (!plain || f.name.size() > 64) f.name.clear();
  return f;
}

std::string told(const http_response& answer, const fault& f) {
  auto out = std::to_string(answer.status);
  if (!f.name.empty()) out += " " + f.name;
  if (!f.words.empty()) out += ": " + speakable(f.words);
  return out;
}

delivery sent(const http_response& answer) {
  const auto id = text_of(tree_of(answer), "id");
  const bool usable = !id.empty() && id.size() <= 100 && is_utf8(id) && !has_control_characters(id);
  if (!usable) {
    delivery d{delivery_outcome::try_later, "Resend answered " + std::to_string(answer.status) +
                                                " without the mail's id: asking again under the same key"};
    d.unsure = true;
    return d;
  }
  return {delivery_outcome::sent, "taken by Resend", id};
}

delivery later(std::string why, std::optional<std::chrono::seconds> again_in = {}) {
  delivery d{delivery_outcome::try_later, std::move(why)};
  d.again_in = again_in;
  return d;
}

/// It may have been done all the same: the key keeps it from being done twice.
delivery unsure(std::string why, std::optional<std::chrono::seconds> again_in = {}) {
  auto d = later(std::move(why), again_in);
  d.unsure = true;
  return d;
}

delivery conflict(const http_response& answer, const fault& f) {
  if (f.name == "concurrent_idempotent_requests")
    return unsure("an earlier attempt is still under way at Resend (" + told(answer, f) + ")");
  return {
      delivery_outcome::refused,
      "Resend has another mail under this key (" + told(answer, f) +
          "): the settings or the templates changed between two attempts. Look there whether it went out; if "
          "not, have it tried again"};
}

}  // namespace

std::optional<std::chrono::seconds> asked_to_wait(const http_response& answer) {
  if (const auto wait = seconds_in(answer.header("retry-after"))) return wait;
  if (answer.header("ratelimit-remaining") == "0") return seconds_in(answer.header("ratelimit-reset"));
  if (answer.status != 429) return std::nullopt;
  // a used-up day or month comes without a time
  const bool quota = fault_in(answer).name.find("quota") != std::string::npos;
  return quota ? std::chrono::seconds{3600} : std::chrono::seconds{1};
}

delivery judged(const http_response& answer) {
  if (answer.status / 100 == 2) return sent(answer);
  const auto f = fault_in(answer);
  const auto said = told(answer, f);
  switch (answer.status) {
    case 401:
    case 403:
      return later("Resend does not let us in (" + said +
                   "): check KEYWORK_RESEND_KEY, and that the domain of --mail-from is verified there");
    case 404:
    case 405:
      return later("this is not Resend's API (" + said + "): check the address in --mail");
    case 408:
      return unsure("Resend took too long (" + said + ")");
    case 409:
      return conflict(answer, f);
    case 429:
      return later("Resend wants no more for now (" + said + ")", asked_to_wait(answer));
    default:
      break;
  }
  if (answer.status / 100 == 3)
    return later("this is not Resend's API, it sends us elsewhere (" + said +
                 "): check the address in --mail");
  if (answer.status / 100 == 5)
    return unsure("Resend has trouble (" + said + ")", seconds_in(answer.header("retry-after")));
  return {delivery_outcome::refused, "Resend refuses the mail (" + said + ")"};
}

}  // namespace net::mail
