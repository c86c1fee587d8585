#include <iostream>

#include "actors/demo_world.hpp"
#include "actors/house.hpp"
#include "model/magic_link.hpp"
#include "net/cli/commands.hpp"
#include "net/cli/database.hpp"
#include "odb/demo_store.hpp"

namespace net::cli {
namespace {

int demo(const options& o) {
  const database db(o, store::cluster_use::command, no_data::begun);
  db.migrate();
  store::mark_demo(db.service());
  actors::house_options h;
  h.conninfo = db.service();
  h.stores = o.stores;
  h.key_file = o.data / "key";
  h.clock = &db.clock();
  actors::house house(std::move(h));
  print_demo(actors::make_demo_world(house, db.service()), base_url(o));
  return 0;
}

/// How long the life of a link is for who looks at another clock.
std::string here(int speed) {
  if (speed == 1) return "";
  const auto seconds = std::chrono::seconds(model::sign_in_link_lifetime).count() / speed;
  return " of that time: " +
         (seconds < 1 ? std::string("less than a second") : std::to_string(seconds) + " s") + " here";
}

}  // namespace

void print_demo(const std::vector<actors::demo_person>& people, const std::string& url, int speed) {
  std::cout << "\nSign in as (a link works once, for 10 minutes" << here(speed)
            << "; start again for new ones, or ask at " << url << "/login):\n";
  for (const auto& p : people)
    std::cout << "  " << p.what << ", " << p.full_name << " <" << p.email << ">\n    " << url
              << "/login?token=" << p.token << "\n";
  std::cout << std::endl;
}

void add_demo(command_line& to) {
  address_options(to.add("demo", "Make the demo world and print sign-in links", demo), to.given());
}

}  // namespace net::cli
