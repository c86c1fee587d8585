#include "odb/session.hpp"

#include "odb/session_impl.hpp"

namespace store {

session::session(std::string conninfo) : impl_(std::make_unique<implementation>(conninfo)) {}
session::~session() = default;
session::session(session&&) noexcept = default;

void session::ping() {
  // Binding asks the database already.
  impl_->database.run({.as = purpose::directory}, [](unit&) {});
}

}  // namespace store
