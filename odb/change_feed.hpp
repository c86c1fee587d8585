#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "model/ids.hpp"

namespace store {

/// Listens on a thread and connection of its own for organisations that another process changed (PostgreSQL's
/// NOTIFY), and tells of each. When it begins to listen, at first or again, it tells of "any" (nothing): what
/// was missed is unknown. It only shortens the wait: correctness rests on versions and on row-level security.
class change_feed {
 public:
  using listener = std::function<void(std::optional<model::org_id>)>;
  /// Told of each case that retention erased something of. What was erased while nobody listened is not told:
  /// "any" stands for that, too.
  using erasure_listener = std::function<void(model::org_id, model::case_id)>;

  change_feed(std::string conninfo, listener tell, erasure_listener tell_of_erasure = {});
  ~change_feed();
  change_feed(const change_feed&) = delete;
  change_feed& operator=(const change_feed&) = delete;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace store
