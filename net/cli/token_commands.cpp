#include <CLI/CLI.hpp>
#include <iostream>

#include "net/cli/commands.hpp"
#include "net/cli/database.hpp"
#include "odb/migrate.hpp"
#include "odb/session.hpp"
#include "odb/token_store.hpp"

namespace net::cli {
namespace {

using model::to_text;

struct token_options {
  std::string id;
  bool all = false;
};

void print(const store::login_row& token) {
  std::cout << to_text(token.id) << "  " << token.email << "  made " << to_text(token.created_at);
  if (token.expires_at) std::cout << ", until " << to_text(*token.expires_at);
  std::cout << "\n  " << token.name << '\n';
}

int list(const options& o) {
  const database db(o, store::cluster_use::command);
  db.migrate();
  store::refuse_unsafe_service_role(db.service());
  store::session session(db.service());
  const auto now = db.clock().now();
  store::page wanted{200, std::nullopt};
  std::vector<store::login_row> tokens;
  do {
    tokens = store::good_tokens(session, now, wanted);
    for (const auto& token : tokens) print(token);
    if (tokens.empty() && !wanted.after) std::cout << "no tokens\n";
    if (!tokens.empty()) wanted.after = tokens.back().id.value;
  } while (tokens.size() == wanted.limit);
  std::cout << std::flush;
  return 0;
}

int end(const options& o, const token_options& asked) {
  const auto id = model::parse_id<model::login_id>(asked.id);
  if (asked.all == !asked.id.empty())
    throw usage_error("token end: name one token by its id, or ask for --all");
  if (!asked.all && !id) throw usage_error("'" + asked.id + "' is no token's id");
  const database db(o, store::cluster_use::command);
  // A service remembers whose token it has seen.
  if (db.is_served()) throw std::runtime_error("a 'serve' runs on " + o.data.string() + ". Stop it first");
  db.migrate();
  store::refuse_unsafe_service_role(db.service());
  store::session session(db.service());
  if (asked.all)
    std::cout << store::end_every_token(session, db.clock().now()) << " tokens are ended" << std::endl;
  else if (store::end_token(session, *id, db.clock().now()))
    std::cout << "the token is ended" << std::endl;
  else
    throw usage_error("there is no token " + asked.id +
                      " that is not ended: 'keywork token list' shows them");
  // Nobody knows whether an external database is served.
  if (!o.database_url.empty())
    std::cout << "restart every 'serve' on this database now: until then one that has seen a token goes on "
                 "taking it"
              << std::endl;
  return 0;
}

}  // namespace

void add_token(command_line& to) {
  auto& group =
      to.group("token", "Everybody's bearer tokens; after a restore, to end what was revoked since");
  to.add(group, "list", "Show the tokens that are good, the newest first; never the secret", list);
  const auto asked = std::make_shared<token_options>();
  auto& ending = to.add(group, "end", "End a token, or all, while no serve runs",
                        [asked](const options& o) { return end(o, *asked); });
  ending.add_option("token", asked->id, "The token's id");
  ending.add_flag("--all", asked->all, "Every token");
}

}  // namespace net::cli
