#pragma once
#include "actors/messages.hpp"
#include "net/content/source.hpp"

namespace net::contents {

/// All notes or all sessions of a case (R28), newest first, read page by page as the one who asked. Before a
/// page counts it is made sure that they still see the case: row-level security answers somebody who does not
/// with nothing, and nothing must not pass for the end.
source_ptr export_content(const actors::stream_order& order, const model::make_export& what);

}  // namespace net::contents
