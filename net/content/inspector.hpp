#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "model/document.hpp"
#include "model/refusal.hpp"

namespace net::contents {

/// The largest file that is taken, in bytes.
inline constexpr std::uint64_t largest_file = 25 * 1024 * 1024;

/// What a file was found to be.
struct inspected {
  std::string media_type;
  std::string sha256;
};

/// Tells from a file's bytes what it is, and refuses what is no document, is cut off, or is not what it was
/// said to be. Reads piece by piece and unpacks nothing. For one thread.
class inspector {
 public:
  /// Throws std::runtime_error where libmagic's database cannot be read.
  inspector();
  ~inspector();

  /// `claimed` is the upload's Content-Type; empty and application/octet-stream claim nothing.
  /// Throws what the source throws.
  std::variant<inspected, model::refusal> inspect(const model::file_source& file, std::string_view claimed);

 private:
  std::string sniff(const std::string& head);

  struct library;
  std::unique_ptr<library> library_;
};

}  // namespace net::contents
