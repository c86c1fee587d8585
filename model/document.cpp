#include "model/document.hpp"

#include <algorithm>
#include <array>

namespace model {

bool is_printable(const document& d) {
  static constexpr std::array<std::string_view, 5> printable = {document_text_type, "application/pdf",
                                                                "text/plain", "image/png", "image/jpeg"};
  return d.media_type && std::find(printable.begin(), printable.end(), *d.media_type) != printable.end();
}

}  // namespace model
