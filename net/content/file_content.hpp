#pragma once
#include "model/document.hpp"
#include "net/content/source.hpp"

namespace net::contents {

/// An uploaded file out of the database, piece by piece, read as this person.
source_ptr file_content(model::user_id who, const model::document& d);

/// Bytes that were made at once.
source_ptr made_content(std::string bytes);

}  // namespace net::contents
