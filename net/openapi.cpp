#include "net/openapi.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "actors/secrets.hpp"
#include "model/file_type.hpp"
#include "model/json.hpp"
#include "net/problem.hpp"
#include "net/schema.hpp"

namespace net {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  model::append_json_string(out, text);
  return out;
}

/// Puts `name: value` members into an object text that ends open.
class object_text {
 public:
  object_text& add(std::string_view name, std::string_view json) {
    out_ += out_.size() > 1 ? "," : "";
    out_.append(quoted(name)).append(":").append(json);
    return *this;
  }
  std::string end() { return out_ + "}"; }

 private:
  std::string out_ = "{";
};

std::string list_text(const std::vector<std::string>& items) {
  std::string out = "[";
  for (std::size_t i = 0; i < items.size(); ++i) out += (i > 0 ? "," : "") + items[i];
  return out + "]";
}

constexpr std::string_view uuid_schema = R"({"type":"string","format":"uuid"})";
constexpr std::string_view month_schema = R"({"type":"string","pattern":"^[0-9]{4}-[0-9]{2}$"})";

std::string parameter_text(std::string_view in, std::string_view name, bool required, std::string_view schema,
                           std::string_view description = {}) {
  object_text p;
  p.add("name", quoted(name)).add("in", quoted(in)).add("required", required ? "true" : "false");
  if (!description.empty()) p.add("description", quoted(description));
  return p.add("schema", schema).end();
}

std::string query_parameter(parameter p, schemas& types) {
  const auto of = [&](std::string_view schema, std::string_view what) {
    return parameter_text("query", name_of(p), false, schema, what);
  };
  switch (p) {
    case parameter::state:
      return of(types.of<model::mail_state>(), "Mails in this state only.");
    case parameter::limit:
      return of(R"({"type":"integer","minimum":1,"maximum":200,"default":50})", "How many items at most.");
    case parameter::cursor:
      return of(R"({"type":"string"})", "`next` of the page before.");
    case parameter::stream:
      return of(types.of<model::stream>(), "Notes of this stream only.");
    case parameter::status:
      return of(types.of<model::case_status>(), "Cases of this status only.");
    case parameter::org:
      return of(uuid_schema, "Cases of this organisation only.");
    case parameter::text:
      return of(R"({"type":"string","maxLength":200})", "Part of a name, address or reference.");
    case parameter::words:
      return of(R"({"type":"string","maxLength":200})",
                "Words that all have to be there, \"a phrase\", -without, or; the last word may be the "
                "beginning of one.");
    case parameter::task_cursor:
      return of(R"({"type":"string"})", "`next` of the page before.");
    case parameter::file_name:
      return of(R"({"type":"string","minLength":1,"maxLength":200})",
                "What the file is called; the document's title where it is left out.");
    case parameter::without_case:
      return of(R"({"type":"boolean","default":false})",
                "Only tenancies with a tenant about whom there is no case.");
    case parameter::kind:
      return of(R"({"type":"string","maxLength":100})",
                "A kind like note.created, or note. for all of its sort.");
    case parameter::month:
      return of(month_schema, "Of this month only.");
    case parameter::recipient:
      return of(uuid_schema, "One recipient's digest in full, by their user id.");
    case parameter::by:
      return of(uuid_schema, "What this user did only.");
    case parameter::from:
      return of(R"({"type":"string","format":"date-time"})", "Nothing before this.");
    case parameter::to:
      return of(R"({"type":"string","format":"date-time"})", "Nothing after this.");
  }
  return {};
}

bool is_conditional_read(const route& r) { return r.method == "GET" && !r.leaves_trace; }
bool takes_if_match(const route& r) {
  return r.method != "GET" && std::find(r.refusals.begin(), r.refusals.end(), 412u) != r.refusals.end();
}
bool takes_idempotency_key(const route& r) {
  const bool kept = r.path.starts_with("/api/v1/organisations") || r.path.starts_with("/api/v1/properties") ||
                    r.path.starts_with("/api/v1/support-cases");
  return r.method == "POST" && kept;
}

std::string parameters_of(const route& r, schemas& types) {
  std::vector<std::string> all;
  for (auto path = r.path; path.find('{') != path.npos;) {
    path.remove_prefix(path.find('{') + 1);
    const auto name = path.substr(0, path.find('}'));
    all.push_back(parameter_text("path", name, true, name == "month" ? month_schema : uuid_schema));
  }
  for (const auto p : r.query) all.push_back(query_parameter(p, types));
  const auto named = [](std::string_view name) {
    return R"({"$ref":"#/components/parameters/)" + std::string(name) + "\"}";
  };
  all.push_back(named("request_id"));
  if (is_conditional_read(r)) all.push_back(named("if_none_match"));
  if (takes_if_match(r)) all.push_back(named("if_match"));
  if (takes_idempotency_key(r)) all.push_back(named("idempotency_key"));
  if (r.needs == credential::login && r.method != "GET") all.push_back(named("csrf_token"));
  return list_text(all);
}

std::string media(std::string_view type, std::string_view schema) {
  return object_text{}.add(type, object_text{}.add("schema", schema).end()).end();
}

constexpr std::string_view binary_schema = R"({"type":"string","format":"binary"})";

std::string media_of(const std::vector<std::string_view>& types, std::string_view schema) {
  object_text all;
  for (const auto type : types) all.add(type, object_text{}.add("schema", schema).end());
  return all.end();
}

/// A body may be sent as what it is, or as bytes that the server finds out about.
std::vector<std::string_view> upload_types() {
  std::vector<std::string_view> all{"application/octet-stream"};
  for (const auto& t : model::file_types) all.push_back(t.media_type);
  return all;
}

/// A form with a file holds the members of the JSON beside it, as texts.
constexpr std::string_view form_schema =
    R"({"type":"object","properties":{"file":{"type":"string","format":"binary"}},"required":["file"],)"
    R"("additionalProperties":{"type":"string"}})";

std::string body_of(const route& r, schemas& types) {
  const auto schema_of = [](const std::string& schema) { return object_text{}.add("schema", schema).end(); };
  object_text kinds;
  if (r.takes == content::bytes)
    for (const auto type : upload_types()) kinds.add(type, schema_of(r.body(types)));
  else
    kinds.add("application/json", schema_of(r.body(types)));
  if (r.takes == content::json_or_file) kinds.add("multipart/form-data", schema_of(std::string(form_schema)));
  return object_text{}
      .add("required", r.takes == content::json_if_any ? "false" : "true")
      .add("content", kinds.end())
      .end();
}

std::string success_of(const route& r, schemas& types) {
  object_text out;
  out.add("description", quoted(r.success == 204 ? "Done; there is nothing to show." : r.summary));
  object_text headers;
  headers.add("X-Request-Id", R"({"schema":{"type":"string"}})");
  if (is_conditional_read(r)) headers.add("ETag", R"({"schema":{"type":"string"}})");
  if (r.success == 201) headers.add("Location", R"({"schema":{"type":"string"}})");
  out.add("headers", headers.end());
  if (r.answer) out.add("content", media("application/json", r.answer(types)));
  if (!r.streams.empty()) out.add("content", media_of(r.streams, binary_schema));
  return out.end();
}

/// Every status but the success that this route can answer with.
std::set<unsigned> refusals_of(const route& r) {
  std::set<unsigned> all(r.refusals.begin(), r.refusals.end());
  all.insert({400, 413, 503});
  if (r.needs == credential::login) all.insert({401, 403});
  if (r.path.find('{') != r.path.npos) all.insert(404);
  if (r.takes != content::none && r.takes != content::signed_bytes) all.insert({415, 422});
  if (takes_idempotency_key(r)) all.insert(422);
  return all;
}

std::string responses_of(const route& r, schemas& types) {
  object_text out;
  out.add(std::to_string(r.success), success_of(r, types));
  if (is_conditional_read(r)) out.add("304", R"({"description":"What the client has is still current."})");
  for (const auto status : refusals_of(r))
    out.add(std::to_string(status), R"({"$ref":"#/components/responses/problem"})");
  return out.end();
}

std::string operation(const route& r, schemas& types) {
  object_text out;
  out.add("operationId", quoted(r.id))
      .add("summary", quoted(r.summary))
      .add("tags", list_text({quoted(r.tag)}));
  out.add("security", r.needs == credential::none ? "[]" : R"([{"bearer":[]},{"session":[]}])");
  out.add("parameters", parameters_of(r, types));
  if (r.body) out.add("requestBody", body_of(r, types));
  return out.add("responses", responses_of(r, types)).end();
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  return out;
}

std::string paths_of(const std::vector<route>& all, schemas& types) {
  std::map<std::string_view, object_text> by_path;
  for (const auto& r : all)
    if (r.tag != "pages") by_path[r.path].add(lower(r.method), operation(r, types));
  object_text out;
  for (auto& [path, operations] : by_path) out.add(path, operations.end());
  return out.end();
}

std::string problem_schema(schemas& types) {
  types.incoming = true;
  const auto uuid = std::string(uuid_schema);
  const std::vector<std::pair<std::string, std::string>> members{
      {"type", R"({"type":"string","format":"uri"})"},
      {"title", R"({"type":"string"})"},
      {"status", R"({"type":"integer"})"},
      {"detail", R"({"type":"string"})"},
      // The listener has codes of its own beside `refusal_code`, and there will be more.
      {"code",
       R"({"type":"string","description":"A refusal_code, or one of the listener: docs/api.md lists them.")"
       R"(,"example":"not_found"})"},
      {"errors", types.of<std::vector<model::field_error>>()},
      {"upgrade", types.of<model::upgrade_offer>()},
      {"existing_id", uuid},
      {"due", types.of<model::due_counts>()},
      {"request_id", R"({"type":"string"})"}};
  return schema_detail::object(members, {"type", "title", "status", "code"}, false);
}

std::string headers_text() {
  const auto header = [](std::string_view name, std::string_view what) {
    return parameter_text("header", name, false, R"({"type":"string"})", what);
  };
  return object_text{}
      .add("request_id", header("X-Request-Id", "Comes back, and stands in logs and audit; made if absent."))
      .add("if_none_match",
           header("If-None-Match", "The ETag of what the client has: answered with 304 if current."))
      .add("if_match",
           header("If-Match", "The ETag of what the client has: refused with 412 if it is stale."))
      .add("idempotency_key",
           header("Idempotency-Key", "The same key and request give the first answer again for 24 hours."))
      .add("csrf_token", header("X-CSRF-Token", "Needed with the session cookie, not with a bearer token."))
      .end();
}

constexpr std::string_view security_schemes =
    R"({"bearer":{"type":"http","scheme":"bearer"},)"
    R"("session":{"type":"apiKey","in":"cookie","name":"keywork_session"}})";

}  // namespace

std::string openapi(const std::vector<route>& all, std::string_view version) {
  schemas types;
  const auto paths = paths_of(all, types);
  const auto problem = problem_schema(types);
  object_text components;
  for (const auto& [name, schema] : types.components()) components.add(name, schema);
  components.add("problem", problem);
  const auto refused =
      object_text{}
          .add("description", quoted("Refused; `code` says why and stays the same over time."))
          .add("content", media("application/problem+json", schema_detail::reference("problem")))
          .end();
  return object_text{}
      .add("openapi", quoted("3.1.0"))
      .add("info", object_text{}
                       .add("title", quoted("Keywork"))
                       .add("version", quoted(version))
                       .add("description", quoted("The welfare workspace of supported tenants."))
                       .add("license", R"({"name":"GPL-2.0","identifier":"GPL-2.0-only"})")
                       .end())
      .add("servers", R"([{"url":"/"}])")
      .add("paths", paths)
      .add("components", object_text{}
                             .add("schemas", components.end())
                             .add("responses", object_text{}.add("problem", refused).end())
                             .add("parameters", headers_text())
                             .add("securitySchemes", security_schemes)
                             .end())
      .end();
}

fixed_text fix(std::string text) {
  auto etag = "\"" + actors::token_hash(text).substr(0, 32) + "\"";
  return {std::make_shared<const std::string>(std::move(text)), std::move(etag)};
}

const fixed_text& openapi_document() {
  static const auto document = fix(openapi(routes().all(), KEYWORK_VERSION));
  return document;
}

}  // namespace net
