#include "tests/actors/far_side.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <iostream>

#include "actors/house.hpp"

namespace actor_tests {
namespace {

class far_config : public actors::system_config {
 public:
  far_config() { load<caf::io::middleman>(); }
};

template <class Message>
std::string ask(caf::scoped_actor& self, const actors::org_actor& org, std::string_view packed) {
  Message m;
  model::unpack(packed, m);
  std::string out;
  self->request(org, std::chrono::seconds{30}, std::move(m))
      .receive([&](const actors::reply_message& r) { out = to_hex(actors::pack_reply(r)); },
               [&](const caf::error& e) { out = "error " + caf::to_string(e); });
  return out;
}

/// The next news for a stream that was asked for here.
std::string hear(caf::scoped_actor& self) {
  std::string out;
  self->receive([&](const actors::case_told& told) { out = to_hex(model::pack(told)); },
                caf::after(std::chrono::seconds{30}) >> [&] { out = "error nothing was told"; });
  return out;
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const unsigned char b : bytes) {
    out += digits[b >> 4u];
    out += digits[b & 15u];
  }
  return out;
}

std::string from_hex(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    out += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  return out;
}

int ask_from_afar(const char* port) {
  far_config config;
  caf::actor_system system{config};
  const auto org = system.middleman().remote_actor<actors::org_actor>(
      "127.0.0.1", static_cast<std::uint16_t>(std::stoi(port)));
  if (!org) {
    std::cerr << "cannot reach the organisation: " << caf::to_string(org.error()) << '\n';
    return 1;
  }
  caf::scoped_actor self{system};
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "n") {
      std::cout << hear(self) << std::endl;
      continue;
    }
    const auto packed = from_hex(std::string_view{line}.substr(1));
    std::cout << (line[0] == 'c' ? ask<actors::ask_case>(self, *org, packed)
                                 : ask<actors::ask_org>(self, *org, packed))
              << std::endl;
  }
  return 0;
}

}  // namespace actor_tests
