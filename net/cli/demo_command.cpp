#include <iostream>

#include "actors/demo_world.hpp"
#include "actors/house.hpp"
#include "net/cli/commands.hpp"
#include "net/cli/database.hpp"
#include "odb/demo_store.hpp"

namespace net::cli {
namespace {

int demo(const options& o) {
  const database db(o, store::cluster_use::command);
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

}  // namespace

void print_demo(const std::vector<actors::demo_person>& people, const std::string& url) {
  std::cout << "\nSign in as (a link works once, for 10 minutes; start again for new ones, or ask at " << url
            << "/login):\n";
  for (const auto& p : people)
    std::cout << "  " << p.what << ", " << p.full_name << " <" << p.email << ">\n    " << url
              << "/login?token=" << p.token << "\n";
  std::cout << std::endl;
}

void add_demo(command_line& to) { to.add("demo", "Make the demo world and print sign-in links", demo); }

}  // namespace net::cli
