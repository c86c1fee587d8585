#pragma once
#include <optional>
#include <string>

/// What an optional text holds, or `-`: so that a failed comparison shows both sides.
inline std::string text_of(const std::optional<std::string>& text) { return text.value_or("-"); }
