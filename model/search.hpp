#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace model {

/// The text with capital letters made small, as far as one letter becomes one: Latin with its accents, Greek
/// and Cyrillic. Other scripts and bytes that are no UTF-8 stay as they are.
std::string folded(std::string_view text);

/// What somebody typed into a search field: every word of it has to be somewhere, in any order and either
/// case.
class search_words {
 public:
  explicit search_words(std::string_view typed);
  bool empty() const { return words_.empty(); }
  /// `text` is what may be found, with line ends or the like between its parts.
  bool match(std::string_view text) const;

 private:
  std::vector<std::string> words_;
};

}  // namespace model
