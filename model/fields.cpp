#include "model/fields.hpp"

#include <stdexcept>

namespace model {
namespace {

void append_escaped(std::string& out, std::string_view text, bool is_name) {
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '=':
        // The first bare `=` of a line ends the name.
        out += is_name ? "\\=" : "=";
        break;
      default:
        out += c;
    }
  }
}

char unescaped(char c) {
  switch (c) {
    case '\\':
    case '=':
      return c;
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    default:
      throw std::invalid_argument("a mail's fields have an escape that is never written");
  }
}

std::pair<std::string, std::string> decode_line(std::string_view line) {
  std::pair<std::string, std::string> out;
  bool in_name = true;
  for (std::size_t i = 0; i < line.size(); ++i) {
    auto& part = in_name ? out.first : out.second;
    if (line[i] == '\\') {
      if (++i == line.size()) throw std::invalid_argument("a mail's fields end in half an escape");
      part += unescaped(line[i]);
    } else if (line[i] == '=' && in_name) {
      in_name = false;
    } else {
      part += line[i];
    }
  }
  if (in_name) throw std::invalid_argument("a mail's fields have a line without =");
  return out;
}

}  // namespace

std::string encode(const fields& all) {
  std::string out;
  for (const auto& [name, value] : all) {
    append_escaped(out, name, true);
    out += '=';
    append_escaped(out, value, false);
    out += '\n';
  }
  return out;
}

fields decode_fields(std::string_view text) {
  fields out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == text.npos) throw std::invalid_argument("a mail's fields end in the middle of a line");
    out.push_back(decode_line(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace model
