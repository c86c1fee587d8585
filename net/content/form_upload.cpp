#include "net/content/form_upload.hpp"

#include <algorithm>
#include <vector>

#include "model/json.hpp"
#include "model/utf8.hpp"
#include "net/content/formats.hpp"
#include "net/http/message.hpp"

namespace net::contents {
namespace {

constexpr std::size_t most_parts = 20, longest_head = 4096, longest_field = 8192;

/// A stretch of another source.
class stretch final : public model::file_source {
 public:
  stretch(std::shared_ptr<const model::file_source> of, std::uint64_t begin, std::uint64_t size)
      : of_(std::move(of)), begin_(begin), size_(size) {}
  std::uint64_t size() const override { return size_; }
  std::string read(std::uint64_t offset, std::size_t most) const override {
    if (offset >= size_) return {};
    return of_->read(begin_ + offset, std::min<std::uint64_t>(most, size_ - offset));
  }

 private:
  std::shared_ptr<const model::file_source> of_;
  std::uint64_t begin_, size_;
};

model::refusal malformed() {
  return {model::refusal_code::bad_request,
          "The form cannot be read: it must be multipart/form-data (RFC 7578), whole, with at most 20 parts.",
          {},
          {},
          {},
          {}};
}

/// The value of `name=…` among a header's parameters, without its quotes.
std::optional<std::string> parameter_of(std::string_view header, std::string_view name) {
  auto at = header.find(';');
  while (at < header.size()) {
    ++at;
    while (at < header.size() && (header[at] == ' ' || header[at] == '\t')) ++at;
    const auto equals = header.find('=', at);
    if (equals == header.npos) return std::nullopt;
    const bool wanted = http::same_name(header.substr(at, equals - at), name);
    std::string value;
    at = equals + 1;
    if (at < header.size() && header[at] == '"') {
      for (++at; at < header.size() && header[at] != '"'; ++at) {
        // A backslash stands for itself before anything but a quote: browsers send paths so.
        if (header[at] == '\\' && at + 1 < header.size() && header[at + 1] == '"') ++at;
        value += header[at];
      }
      if (at >= header.size()) return std::nullopt;
      at = header.find(';', at);
    } else {
      const auto end = std::min(header.find(';', at), header.size());
      value = header.substr(at, end - at);
      at = end;
    }
    if (wanted) return value;
  }
  return std::nullopt;
}

/// Where `what` stands from `begin` on; nothing where it does not.
std::optional<std::uint64_t> find_in(const model::file_source& file, std::uint64_t begin,
                                     std::string_view what) {
  for (auto at = begin; at < file.size();) {
    const auto piece = file.read(at, piece_size);
    if (piece.size() < what.size()) return std::nullopt;
    if (const auto found = piece.find(what); found != piece.npos) return at + found;
    at += piece.size() - (what.size() - 1);
  }
  return std::nullopt;
}

struct part {
  std::string name;
  std::optional<std::string> file_name;
  std::string claimed;
  std::uint64_t begin = 0, size = 0;
};

bool read_head(std::string_view head, part& into) {
  bool is_field = false;
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    const auto line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const auto colon = line.find(':');
    if (colon == line.npos) return false;
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    if (http::same_name(line.substr(0, colon), "Content-Type")) into.claimed = value;
    if (!http::same_name(line.substr(0, colon), "Content-Disposition")) continue;
    const auto name = parameter_of(value, "name");
    if (!name || !http::same_name(value.substr(0, value.find(';')), "form-data")) return false;
    into.name = *name;
    into.file_name = parameter_of(value, "filename");
    is_field = true;
  }
  return is_field && model::is_clean_text(into.name) && model::is_clean_text(into.file_name.value_or(""));
}

/// The parts of the body; nothing where it is no whole form.
std::optional<std::vector<part>> parts_of(const model::file_source& body, const std::string& boundary) {
  const auto line = "--" + boundary, delimiter = "\r\n" + line;
  if (body.read(0, line.size()) != line) return std::nullopt;
  std::vector<part> all;
  for (std::uint64_t at = line.size(); all.size() < most_parts;) {
    const auto next = body.read(at, 2);
    if (next == "--") return all;
    if (next != "\r\n") return std::nullopt;
    const auto head = body.read(at + 2, longest_head);
    const auto head_end = head.find("\r\n\r\n");
    if (head_end == head.npos) return std::nullopt;
    part p;
    if (!read_head(std::string_view(head).substr(0, head_end), p)) return std::nullopt;
    p.begin = at + 2 + head_end + 4;
    // An empty part's delimiter begins with the line end that ends its head.
    const auto end = find_in(body, p.begin - 2, delimiter);
    if (!end) return std::nullopt;
    p.size = *end > p.begin ? *end - p.begin : 0;
    at = *end + delimiter.size();
    all.push_back(std::move(p));
  }
  return std::nullopt;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 9 && (text[0] != '0' || text.size() == 1) &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

void add_member(std::string& json, std::string_view name, const std::string& value) {
  json += json.size() > 1 ? "," : "";
  model::append_json_string(json, name);
  json += ':';
  if (name == "due_every_months" && is_number(value))
    json += value;
  else
    model::append_json_string(json, value);
}

}  // namespace

bool is_form_data(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return http::same_name(type, "multipart/form-data");
}

std::variant<document_form, model::refusal> read_form(const std::shared_ptr<const model::file_source>& body,
                                                      std::string_view content_type) {
  const auto boundary = parameter_of(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70) return malformed();
  const auto parts = parts_of(*body, *boundary);
  if (!parts) return malformed();
  document_form form{"{", {}};
  for (const auto& p : *parts) {
    if (p.name == "file") {
      if (form.file.bytes) return model::refusal::invalid("file", "duplicate", "One document has one file.");
      form.file = {std::make_shared<const stretch>(body, p.begin, p.size), p.file_name.value_or(""),
                   p.claimed};
      continue;
    }
    if (p.size > longest_field)
      return model::refusal::invalid(p.name, "too_long", "This is too long for a form.");
    const auto value = body->read(p.begin, p.size);
    if (!model::is_clean_text(value)) return malformed();
    add_member(form.json, p.name, value);
  }
  if (!form.file.bytes) return model::refusal::invalid("file", "required", "The form has no file in it.");
  form.json += '}';
  return form;
}

}  // namespace net::contents
