#pragma once
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace net::print {

/// A text with bold and italic stretches. It is always text: nothing in it is read as markup.
class styled_text {
 public:
  /// Bytes `begin` to `end` of the text.
  struct stretch {
    std::size_t begin = 0, end = 0;
    bool bold = false, italic = false;
  };

  styled_text() = default;
  /// Plain; what cannot be printed is replaced (see clean_text). Not explicit: most texts are plain.
  template <class Text>
  requires std::convertible_to<const Text&, std::string_view> styled_text(const Text& plain) {
    append(plain);
  }

  void append(std::string_view more, bool bold = false, bool italic = false);

  const std::string& text() const { return text_; }
  /// In order, none empty, none overlapping.
  const std::vector<stretch>& stretches() const { return stretches_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
  std::vector<stretch> stretches_;
};

}  // namespace net::print
