#include "net/json_in.hpp"

#include <algorithm>

#include "model/contact.hpp"
#include "model/utf8.hpp"

namespace net {

void input_faults::add(std::string field, std::string code, std::string message) {
  if (found_.size() < most_faults) found_.push_back({std::move(field), std::move(code), std::move(message)});
}

model::refusal input_faults::refuse() && {
  return {
      model::refusal_code::invalid, "Some of the input cannot be accepted.", std::move(found_), {}, {}, {}};
}

std::string json_place::path() const {
  auto outer = around ? around->path() : std::string{};
  if (name.data() == nullptr) return around ? outer + "[" + std::to_string(index) + "]" : outer;
  if (!outer.empty()) outer += '.';
  return outer.append(name);
}

namespace json_in_detail {
namespace {

/// Up to this many characters a text is a name or the like: one line, which mails and lists rely on.
constexpr std::size_t longest_line = 200;

/// Control characters and the separators of lines and paragraphs (U+2028, U+2029).
bool has_line_break_or_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == 0x7f) return true;
    if (c == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
    if (text.substr(i, 3) == "\xe2\x80\xa8" || text.substr(i, 3) == "\xe2\x80\xa9") return true;
  }
  return false;
}

std::string characters(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " character" : " characters");
}

}  // namespace

bool is_kind(const json_node& from, json_kind wanted, const json_place& at, input_faults& faults) {
  if (from.kind == wanted) return true;
  faults.add(at.path(), "wrong_type",
             wanted == json_kind::array ? "This must be a list." : "This must be an object.");
  return false;
}

void read_bool(const json_node& from, bool& to, const json_place& at, input_faults& faults) {
  if (from.kind != json_kind::boolean)
    return faults.add(at.path(), "wrong_type", "This must be true or false.");
  to = from.boolean;
}

std::int64_t read_whole(const json_node& from, std::int64_t least, std::int64_t most, const json_place& at,
                        input_faults& faults) {
  if (from.kind == json_kind::whole && from.whole >= least && from.whole <= most) return from.whole;
  if (from.kind == json_kind::whole)
    faults.add(
        at.path(), "out_of_range",
        "This must be a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
  else
    faults.add(at.path(), "wrong_type", "This must be a whole number, without decimal point or exponent.");
  return 0;
}

const std::string* string_of(const json_node& from, const json_place& at, input_faults& faults,
                             std::string_view wanted) {
  if (from.kind == json_kind::string) return &from.string;
  faults.add(at.path(), "wrong_type", "This must be " + std::string(wanted) + ".");
  return nullptr;
}

void read_bounded(const json_node& from, std::string& to, std::size_t least, std::size_t most,
                  const json_place& at, input_faults& faults) {
  const auto* text = string_of(from, at, faults);
  if (!text) return;
  if (model::length_in_characters(*text) > most)
    return faults.add(at.path(), "too_long", "This may have at most " + characters(most) + ".");
  if (least > 0 && model::is_blank(*text)) return faults.add(at.path(), "blank", "This must not be empty.");
  if (most <= longest_line && has_line_break_or_control(*text))
    return faults.add(at.path(), "control_characters", "This must be one line without control characters.");
  to = *text;
}

void read_email(const json_node& from, std::string& to, const json_place& at, input_faults& faults) {
  const auto* text = string_of(from, at, faults, "an e-mail address");
  if (!text) return;
  auto address = model::normalise_email(*text);
  if (!address)
    return faults.add(at.path(), "invalid_email", "This is not an e-mail address that mail can be sent to.");
  to = std::move(*address);
}

void read_phone(const json_node& from, std::string& to, const json_place& at, input_faults& faults) {
  const auto* text = string_of(from, at, faults, "a telephone number, as a text");
  if (!text) return;
  auto number = model::normalise_phone(*text);
  if (!number)
    return faults.add(
        at.path(), "invalid_phone",
        "This is not a telephone number: write a UK number or one that begins with + and the country.");
  to = std::move(*number);
}

void read_named_texts(const json_node& from, model::named_texts& to, const json_place& at,
                      input_faults& faults) {
  if (!is_kind(from, json_kind::object, at, faults)) return;
  if (from.items.size() > model::named_texts::most)
    return faults.add(at.path(), "too_many",
                      "This may have at most " + std::to_string(model::named_texts::most) + " fields.");
  for (std::size_t i = 0; i < from.items.size(); ++i) {
    const json_place here{&at, from.names[i]};
    if (model::length_in_characters(from.names[i]) > model::named_texts::longest_name)
      return faults.add(at.path(), "too_long", "A field's name is too long.");
    std::string text;
    read_bounded(from.items[i], text, 0, model::named_texts::longest, here, faults);
    to.all.emplace_back(from.names[i], std::move(text));
  }
}

void read_uuid(const json_node& from, model::uuid& to, const json_place& at, input_faults& faults) {
  const auto* text = string_of(from, at, faults, "an id, as a text");
  if (!text) return;
  const auto id = model::parse_uuid(*text);
  if (!id) return faults.add(at.path(), "invalid_id", "This is not an id: ids are UUIDs of 36 characters.");
  to = *id;
}

void read_instant(const json_node& from, model::instant& to, const json_place& at, input_faults& faults) {
  const auto* text = string_of(from, at, faults, "a point in time, as a text");
  if (!text) return;
  const auto t = model::parse_instant(*text);
  if (!t)
    return faults.add(at.path(), "invalid_time", "This must be a time like 2026-11-21T09:30:00Z (RFC 3339).");
  to = *t;
}

void read_day(const json_node& from, model::day& to, const json_place& at, input_faults& faults) {
  const auto* text = string_of(from, at, faults, "a date, as a text");
  if (!text) return;
  const auto d = model::parse_day(*text);
  if (!d) return faults.add(at.path(), "invalid_date", "This must be a date that exists, like 2026-11-21.");
  to = *d;
}

void not_one_of(const std::vector<std::string_view>& allowed, const json_place& at, input_faults& faults) {
  std::string message = "This must be one of: ";
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    if (i > 0) message += ", ";
    message += allowed[i];
  }
  faults.add(at.path(), "not_allowed", message + ".");
}

void refuse_unknown(const json_node& from, const std::vector<std::string_view>& known, const json_place& at,
                    input_faults& faults) {
  for (const auto& name : from.names)
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const bool root = at.around == nullptr && at.name.data() == nullptr;
      faults.add((root ? "" : at.path() + ".") + name, "unknown_field",
                 "There is no field of this name here.");
    }
}

void missing(const json_place& at, input_faults& faults) {
  faults.add(at.path(), "missing", "This is required.");
}

}  // namespace json_in_detail
}  // namespace net
