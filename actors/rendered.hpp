#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "model/json.hpp"

namespace actors {

/// What is marked as what one kind of caller may see: `using is_view = void;`.
template <class T>
concept view = requires {
  typename T::is_view;
};

/// The bytes of an answer, shared and never changed. They can only be made from a view, so that nothing
/// reaches the world that was not first narrowed to what its caller may see.
class rendered {
 public:
  rendered() = default;
  template <view View>
  static rendered from(const View& v) {
    auto text = std::make_shared<std::string>();
    model::write_json(*text, v);
    return rendered{std::move(text)};
  }
  /// Bytes that were rendered from a view before: kept for an `Idempotency-Key`, or come over the wire.
  static rendered again(std::string bytes) {
    return rendered{std::make_shared<const std::string>(std::move(bytes))};
  }

  const std::shared_ptr<const std::string>& bytes() const { return bytes_; }
  std::string_view text() const { return bytes_ ? std::string_view{*bytes_} : std::string_view{}; }

 private:
  explicit rendered(std::shared_ptr<const std::string> bytes) : bytes_(std::move(bytes)) {}
  std::shared_ptr<const std::string> bytes_;
};

/// A strong ETag for these bytes: it tells nothing that the bytes do not tell, so that a change a caller may
/// not see does not show in it either.
std::string etag_of(const rendered& r);

}  // namespace actors
