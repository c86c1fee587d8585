#include "net/problem.hpp"

#include <algorithm>
#include <iterator>

#include "model/json.hpp"

namespace net {
namespace {

using model::refusal_code;

constexpr problem_kind kinds[] = {
    {refusal_code::bad_request, 400, "The request is malformed"},
    {refusal_code::not_signed_in, 401, "Not signed in"},
    {refusal_code::csrf_token_required, 403, "The CSRF token is missing or wrong"},
    {refusal_code::upgrade_required, 402, "The plan does not include this"},
    {refusal_code::not_permitted, 403, "Not permitted"},
    {refusal_code::not_found, 404, "Not found"},
    {refusal_code::method_not_allowed, 405, "The method is not allowed here"},
    {refusal_code::case_closed, 409, "The case is closed"},
    {refusal_code::case_not_closed, 409, "The case is not closed"},
    {refusal_code::case_exists, 409, "There is such a case already"},
    {refusal_code::already_assigned, 409, "Already assigned"},
    {refusal_code::already_ended, 409, "Already ended"},
    {refusal_code::already_accepted, 409, "Already accepted"},
    {refusal_code::already_member, 409, "Already a member"},
    {refusal_code::last_admin, 409, "The last administrator stays"},
    {refusal_code::note_deleted, 409, "The note is deleted"},
    {refusal_code::wrong_status, 409, "Not in this state"},
    {refusal_code::no_content, 409, "Nothing in it yet"},
    {refusal_code::not_printable, 409, "Not printable"},
    {refusal_code::link_spent, 410, "The link was used already"},
    {refusal_code::link_expired, 410, "The link has expired"},
    {refusal_code::link_void, 409, "The link in it is void"},
    {refusal_code::email_required, 422, "The e-mail address is needed"},
    {refusal_code::version_mismatch, 412, "It has changed meanwhile"},
    {refusal_code::too_large, 413, "Too large"},
    {refusal_code::unsupported_media_type, 415, "The content type is not supported"},
    {refusal_code::invalid, 422, "The input is not acceptable"},
    {refusal_code::idempotency_key_reused, 422, "The idempotency key was used for another request"},
    {refusal_code::too_many_requests, 429, "Too many requests"},
    {refusal_code::confirmation_needed, 409, "To be confirmed"},
    {refusal_code::unavailable, 503, "Not available right now"}};

static_assert(std::size(kinds) ==
              boost::mp11::mp_size<boost::describe::describe_enumerators<refusal_code>>::value);

template <class T>
void member(std::string& out, std::string_view name, const T& value) {
  out += ",\"";
  out += name;
  out += "\":";
  model::write_json(out, value);
}

std::string problem_json(const model::refusal& no, const problem_kind& kind, unsigned status,
                         std::string_view id) {
  const auto code = model::to_text(no.code);
  std::string out = "{\"type\":\"urn:keywork:problem:";
  out.append(code) += '"';
  member(out, "title", kind.title);
  member(out, "status", status);
  member(out, "detail", no.detail);
  member(out, "code", code);
  if (!no.errors.empty()) member(out, "errors", no.errors);
  if (no.upgrade) member(out, "upgrade", *no.upgrade);
  if (no.existing) member(out, "existing_id", *no.existing);
  if (no.due) member(out, "due", *no.due);
  member(out, "request_id", id);
  return out += '}';
}

}  // namespace

const problem_kind& kind_of(model::refusal_code code) {
  const auto found =
      std::find_if(std::begin(kinds), std::end(kinds), [&](const auto& k) { return k.code == code; });
  return found == std::end(kinds) ? kinds[std::size(kinds) - 1] : *found;
}

http::response to_response(const model::refusal& no, std::string_view request_id, unsigned status) {
  const auto& kind = kind_of(no.code);
  http::response out;
  out.status = status != 0 ? status : kind.status;
  out.headers.push_back({"Content-Type", "application/problem+json"});
  // RFC 9110 wants both: how to sign in, and how long to wait.
  if (out.status == 401) out.headers.push_back({"WWW-Authenticate", "Bearer"});
  if (out.status == 429 || out.status == 503)
    out.headers.push_back(
        {"Retry-After", std::to_string(no.retry_after.value_or(out.status == 429 ? 60 : 2))});
  out.body = std::make_shared<const std::string>(problem_json(no, kind, out.status, request_id));
  return out;
}

}  // namespace net
