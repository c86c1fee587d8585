#include "actors/list_views.hpp"
#include "net/login_input.hpp"
#include "net/route_parts.hpp"

namespace net {
namespace {

parsed on_logins(actors::login_request what) { return call{std::move(what)}; }

parsed sign_in(const route_input& in) {
  return with_body<sign_in_input>(in, [](sign_in_input i) { return sign_in_call{std::move(i.email.value)}; });
}

parsed redeem(const route_input& in) {
  return with_body<redeem_input>(in, [](redeem_input i) {
    redeem_call c{std::move(i.token.value), {}};
    if (i.email) c.email = std::move(i.email->value);
    return c;
  });
}

parsed make_token(const route_input& in) {
  return with_body<actors::make_token>(
      in, [](actors::make_token t) { return actors::login_request{std::move(t)}; });
}

template <page Which>
parsed page_at(const route_input& in) {
  return call{page_call{Which, in.query}};
}

template <page Which>
parsed form_at(const route_input& in) {
  auto fields = parse_form(in.body);
  if (!fields)
    return model::refusal{
        model::refusal_code::bad_request, "The form is not readable as text.", {}, {}, {}, {}};
  return call{page_call{Which, std::move(*fields)}};
}

void add_signing_in(std::vector<route>& all) {
  const std::string_view tag = "signing in";
  all.push_back({"POST",
                 "/api/v1/sign-in",
                 "ask_for_link",
                 "Ask for a sign-in link by mail; the answer is the same for any address",
                 tag,
                 credential::none,
                 content::json,
                 body_of<sign_in_input>,
                 shape_of<actors::accepted_view>,
                 202,
                 {},
                 {403, 429},
                 sign_in,
                 {}});
  all.push_back({"POST",
                 "/api/v1/sign-in/redeem",
                 "redeem_link",
                 "Sign in with a mailed link's token",
                 tag,
                 credential::none,
                 content::json,
                 body_of<redeem_input>,
                 shape_of<actors::signed_in_view>,
                 200,
                 {},
                 {403, 410, 429},
                 redeem,
                 {}});
  all.push_back({"POST",
                 "/api/v1/invites/redeem",
                 "redeem_invite",
                 "Accept an invite and sign in",
                 tag,
                 credential::none,
                 content::json,
                 body_of<redeem_input>,
                 shape_of<actors::signed_in_view>,
                 200,
                 {},
                 {403, 410, 429},
                 redeem,
                 {}});
  all.push_back({"GET",
                 "/api/v1/me",
                 "get_me",
                 "Who is signed in, and where they belong",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<actors::me_view>,
                 200,
                 {},
                 {},
                 [](const route_input&) { return parsed{call{actors::list_request{actors::view_me{}}}}; },
                 {}});
  all.push_back({"POST",
                 "/api/v1/sign-out",
                 "sign_out",
                 "End this login",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 nullptr,
                 204,
                 {},
                 {},
                 [](const route_input&) { return on_logins(actors::sign_out{}); },
                 {}});
}

void add_logins(std::vector<route>& all) {
  const std::string_view tag = "logins";
  all.push_back({"GET",
                 "/api/v1/logins",
                 "list_logins",
                 "One's own logins",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<actors::login_list_view>,
                 200,
                 {},
                 {},
                 [](const route_input&) { return on_logins(actors::list_logins{}); },
                 {}});
  all.push_back(
      {"DELETE",
       "/api/v1/logins/{id}",
       "end_login",
       "End one of one's own logins",
       tag,
       credential::login,
       content::none,
       nullptr,
       nullptr,
       204,
       {},
       {},
       [](const route_input& in) { return on_logins(actors::end_login{in.id<model::login_id>(0)}); },
       {}});
  all.push_back({"GET",
                 "/api/v1/api-tokens",
                 "list_tokens",
                 "One's own bearer tokens",
                 tag,
                 credential::login,
                 content::none,
                 nullptr,
                 shape_of<actors::login_list_view>,
                 200,
                 {},
                 {},
                 [](const route_input&) { return on_logins(actors::list_tokens{}); },
                 {}});
  all.push_back({"POST",
                 "/api/v1/api-tokens",
                 "make_token",
                 "Make a bearer token; it is shown this once",
                 tag,
                 credential::login,
                 content::json,
                 body_of<actors::make_token>,
                 shape_of<actors::new_token_view>,
                 201,
                 {},
                 {},
                 make_token,
                 {}});
  all.push_back(
      {"DELETE",
       "/api/v1/api-tokens/{id}",
       "end_token",
       "Revoke a bearer token",
       tag,
       credential::login,
       content::none,
       nullptr,
       nullptr,
       204,
       {},
       {},
       [](const route_input& in) { return on_logins(actors::end_token{in.id<model::login_id>(0)}); },
       {}});
}

std::string any_object(schemas&) { return R"({"type":"object"})"; }

}  // namespace

void add_login_routes(std::vector<route>& all) {
  add_signing_in(all);
  add_logins(all);
  all.push_back({"GET",
                 "/openapi.json",
                 "get_openapi",
                 "This description",
                 "description",
                 credential::none,
                 content::none,
                 nullptr,
                 any_object,
                 200,
                 {},
                 {},
                 [](const route_input&) { return parsed{call{openapi_call{}}}; },
                 {}});
}

void add_page_routes(std::vector<route>& all) {
  const auto add = [&](std::string_view method, std::string_view path, std::string_view id, content takes,
                       parsed (*parse)(const route_input&)) {
    all.push_back(
        {method, path, id, "", "pages", credential::none, takes, nullptr, nullptr, 200, {}, {}, parse, {}});
  };
  add("GET", "/", "page_home", content::none, page_at<page::home>);
  add("GET", "/login", "page_login", content::none, page_at<page::login>);
  add("POST", "/login", "page_login_form", content::form, form_at<page::login_form>);
  add("POST", "/sign-out", "page_sign_out", content::form, form_at<page::sign_out_form>);
  add("GET", "/style.css", "page_style", content::none, page_at<page::style>);
}

}  // namespace net
