#include "net/content/file_content.hpp"

namespace net::contents {
namespace {

class file_pieces final : public source {
 public:
  file_pieces(model::user_id who, const model::document& d)
      : who_(who), document_(d), left_(d.content_size) {}

  step make(std::string& out) override {
    if (!piece_.empty()) {
      if (static_cast<std::int64_t>(piece_.size()) > left_)
        throw broken_off("the file is longer than it was");
      left_ -= static_cast<std::int64_t>(piece_.size());
      out += std::exchange(piece_, {});
      return step::made;
    }
    return left_ == 0 ? step::finished : step::needs;
  }

  actors::store_work<arrival> question() override {
    return actors::followed_by(actors::piece_of_file(who_, document_, index_++),
                               [this](std::optional<std::string> found) {
                                 return arrival{[this, found = std::move(found)] {
                                   // Replaced by another file meanwhile, or not theirs any more: row-level
                                   // security does not tell which.
                                   if (!found || found->empty())
                                     throw broken_off("a piece of the file is not there for this person");
                                   piece_ = *found;
                                 }};
                               });
  }

 private:
  model::user_id who_;
  model::document document_;
  std::int64_t left_;
  std::int32_t index_ = 0;
  std::string piece_;
};

class made_bytes final : public source {
 public:
  explicit made_bytes(std::string bytes) : bytes_(std::move(bytes)) {}
  step make(std::string& out) override {
    out += std::exchange(bytes_, {});
    return step::finished;
  }
  actors::store_work<arrival> question() override { return {}; }

 private:
  std::string bytes_;
};

}  // namespace

source_ptr file_content(model::user_id who, const model::document& d) {
  return std::make_unique<file_pieces>(who, d);
}
source_ptr made_content(std::string bytes) { return std::make_unique<made_bytes>(std::move(bytes)); }

}  // namespace net::contents
