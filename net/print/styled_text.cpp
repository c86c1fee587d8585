#include "net/print/styled_text.hpp"

#include "net/print/clean_text.hpp"

namespace net::print {

void styled_text::append(std::string_view more, bool bold, bool italic) {
  const auto begin = text_.size();
  text_ += clean_text(more);
  if (text_.size() == begin || (!bold && !italic)) return;
  if (!stretches_.empty()) {
    auto& last = stretches_.back();
    if (last.end == begin && last.bold == bold && last.italic == italic) {
      last.end = text_.size();
      return;
    }
  }
  stretches_.push_back({begin, text_.size(), bold, italic});
}

}  // namespace net::print
