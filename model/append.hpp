#pragma once
#include <string>

#include "model/ids.hpp"
#include "model/time.hpp"

namespace model {

/// The same characters as `to_text`, put at the end of `out` without a string in between.
void append_text(std::string& out, instant t);
void append_text(std::string& out, day d);
void append_text(std::string& out, const uuid& id);

}  // namespace model
