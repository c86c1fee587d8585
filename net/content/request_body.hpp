#pragma once
#include <algorithm>
#include <memory>
#include <utility>

#include "model/document.hpp"
#include "net/http/message.hpp"
#include "net/http/spooled.hpp"

namespace net::contents {

/// A request's body, wherever it is kept: in memory or in a temporary file, which lives as long as this.
class request_body final : public model::file_source {
 public:
  explicit request_body(std::shared_ptr<const http::request> asked) : asked_(std::move(asked)) {}

  std::uint64_t size() const override { return asked_->file ? asked_->file->size() : asked_->body.size(); }
  std::string read(std::uint64_t offset, std::size_t most) const override {
    if (asked_->file) return asked_->file->read_at(offset, most);
    return asked_->body.substr(std::min<std::size_t>(offset, asked_->body.size()), most);
  }

 private:
  std::shared_ptr<const http::request> asked_;
};

}  // namespace net::contents
