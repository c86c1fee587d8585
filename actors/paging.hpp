#pragma once
#include <optional>
#include <string>

#include "model/ids.hpp"

namespace actors {

/// The cursor that leads past an item: opaque to clients.
inline std::string cursor_after(const model::uuid& id) { return model::to_text(id); }

/// Takes away what was read beyond the limit to learn whether there is more, and gives the cursor if there
/// is.
template <class Items, class IdOf>
std::optional<std::string> cut(Items& items, std::size_t limit, IdOf id_of) {
  if (items.size() <= limit) return std::nullopt;
  items.resize(limit);
  return cursor_after(id_of(items.back()));
}

}  // namespace actors
