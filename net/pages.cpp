#include "net/pages.hpp"

#include <initializer_list>
#include <kainjow/mustache.hpp>
#include <stdexcept>
#include <utility>

#include "net/assets.hpp"
#include "net/json_tree.hpp"

namespace net::pages {
namespace {

namespace mustache = kainjow::mustache;

std::string fill(std::string_view name, const mustache::data& data) {
  mustache::mustache page{std::string(asset("web/pages/" + std::string(name) + ".html.mustache"))};
  auto out = page.render(data);
  if (!page.is_valid())
    throw std::runtime_error("the page " + std::string(name) + ": " + page.error_message());
  return out;
}

std::string in_layout(std::string_view title, std::string_view name, const mustache::data& data) {
  mustache::data all{mustache::data::type::object};
  all.set("title", std::string(title));
  all.set("body", fill(name, data));
  return fill("layout", all);
}

/// Absent texts are false, so that a template's section leaves them out.
mustache::data texts(std::initializer_list<std::pair<const char*, std::string_view>> all) {
  mustache::data out{mustache::data::type::object};
  for (const auto& [name, text] : all)
    out.set(name, text.empty() ? mustache::data{false} : mustache::data{std::string(text)});
  return out;
}

std::string_view text_of(const json_node& node, std::string_view name) {
  const auto* found = node.find(name);
  return found ? std::string_view{found->string} : std::string_view{};
}

std::string_view role_in_words(std::string_view role) {
  return role == "org_admin" ? "administrator" : "property manager";
}

std::string_view landing_in_words(std::string_view landing) {
  if (landing == "/support-cases") return "the organisation’s support cases";
  if (landing.starts_with("/support/cases/")) return "the case you were invited to";
  return "the tenants you support";
}

}  // namespace

std::string login(std::string_view email, std::string_view trouble) {
  return in_layout(trouble.empty() ? "Sign in" : "Problem: Sign in", "login",
                   texts({{"email", email}, {"trouble", trouble}}));
}

std::string redeem(std::string_view token, bool ask_address, std::string_view trouble) {
  auto data = texts({{"token", token}, {"trouble", trouble}});
  data.set("ask_address", mustache::data{ask_address});
  return in_layout(trouble.empty() ? "Sign in" : "Problem: Sign in", "token", data);
}

std::string check_mail(std::string_view email) {
  return in_layout("Check your mail", "sent", texts({{"email", email}}));
}

std::string home(std::string_view me) {
  const auto parsed = parse_json(me);
  const auto* tree = std::get_if<json_tree>(&parsed);
  const auto* user = tree ? tree->root.find("user") : nullptr;
  if (!user) throw std::runtime_error("the answer of /api/v1/me has no user");
  auto data = texts({{"full_name", text_of(*user, "full_name")},
                     {"email", text_of(*user, "email")},
                     {"csrf_token", text_of(tree->root, "csrf_token")},
                     {"landing", landing_in_words(text_of(tree->root, "landing"))}});
  mustache::data rows{mustache::data::type::list};
  if (const auto* organisations = tree->root.find("organisations"))
    for (const auto& o : organisations->items)
      rows.push_back(texts({{"name", text_of(o, "name")},
                            {"tier", text_of(o, "tier")},
                            {"role", role_in_words(text_of(o, "role"))}}));
  data.set("any", mustache::data{!rows.is_empty_list()});
  data.set("organisations", rows);
  return in_layout("Home", "home", data);
}

std::string trouble(std::string_view title, std::string_view text) {
  return in_layout(title, "trouble", texts({{"title", title}, {"text", text}}));
}

const fixed_text& style_sheet() {
  static const auto sheet = fix(std::string(asset("web/pages/style.css")));
  return sheet;
}

}  // namespace net::pages
