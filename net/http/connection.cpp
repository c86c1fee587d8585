#include "net/http/connection.hpp"

#include <utility>

namespace net::http {
namespace {
constexpr unsigned descriptor_bits = 24;
}

connection::connection(Poco::Net::StreamSocket s, std::uint64_t id_, std::string peer_,
                       const intake_rules& rules)
    : socket(std::move(s)), descriptor(socket.impl()->sockfd()), id(id_), peer(std::move(peer_)), in(rules) {
  deadline.owner = id;
  idle.owner = this;
}

std::uint64_t connection::make_id(int descriptor, std::uint64_t generation) {
  return generation << descriptor_bits | static_cast<std::uint64_t>(descriptor);
}

std::size_t connection::slot(std::uint64_t id) { return id & ((std::uint64_t{1} << descriptor_bits) - 1); }

}  // namespace net::http
