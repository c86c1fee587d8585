#include "net/schema.hpp"

#include <boost/core/demangle.hpp>

#include "model/json.hpp"

namespace net {
namespace schema_detail {
namespace {

template <class Strings>
std::string list_of_strings(const Strings& all) {
  std::string out = "[";
  for (const auto& one : all) {
    if (out.size() > 1) out += ',';
    model::append_json_string(out, one);
  }
  return out += ']';
}

}  // namespace

std::string reference(const std::string& name) { return R"({"$ref":"#/components/schemas/)" + name + "\"}"; }

std::string bounded_text(std::size_t least, std::size_t most) {
  std::string out = R"({"type":"string")";
  if (least > 0) out += ",\"minLength\":" + std::to_string(least);
  return out + ",\"maxLength\":" + std::to_string(most) + "}";
}

std::string enumeration(const std::vector<std::string_view>& names) {
  return R"({"type":"string","enum":)" + list_of_strings(names) + "}";
}

std::string whole(bool signed_type, std::size_t bytes) {
  std::string out = R"({"type":"integer","format":")";
  out += bytes > 4 ? "int64\"" : "int32\"";
  return out + (signed_type ? "}" : ",\"minimum\":0}");
}

std::string nullable(const std::string& schema) {
  constexpr std::string_view typed = R"({"type":")";
  if (!schema.starts_with(typed)) return R"({"anyOf":[)" + schema + R"(,{"type":"null"}]})";
  const auto end = schema.find('"', typed.size());
  return R"({"type":[")" + schema.substr(typed.size(), end - typed.size()) + R"(","null"])" +
         schema.substr(end + 1);
}

std::string object(const std::vector<std::pair<std::string, std::string>>& members,
                   const std::vector<std::string>& required, bool closed) {
  std::string out = R"({"type":"object",)";
  if (closed) out += R"("additionalProperties":false,)";
  out += R"("properties":{)";
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i > 0) out += ',';
    model::append_json_string(out, members[i].first);
    out.append(":").append(members[i].second);
  }
  out += '}';
  if (!required.empty()) out += ",\"required\":" + list_of_strings(required);
  return out += '}';
}

std::string choice(const std::vector<std::string>& schemas) {
  std::string out = R"({"anyOf":[)";
  for (std::size_t i = 0; i < schemas.size(); ++i) out += (i > 0 ? "," : "") + schemas[i];
  return out += "]}";
}

}  // namespace schema_detail

std::string schemas::name_of(const std::type_info& type) {
  const auto full = boost::core::demangle(type.name());
  const auto last_word = [](std::string_view text) {
    const auto colon = text.rfind("::");
    return std::string(colon == text.npos ? text : text.substr(colon + 2));
  };
  const auto open = full.find('<');
  if (open == std::string::npos) return last_word(full);
  const auto inner = full.substr(open + 1, full.rfind('>') - open - 1);
  return last_word(inner) + "_list";
}

}  // namespace net
