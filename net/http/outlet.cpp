#include "net/http/outlet.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace net::http {
namespace {
// Large enough to be worth a system call, small enough that all streams get their turn and that a slow
// reader's frame, kept until it is taken, costs little.
constexpr std::size_t largest_frame = 64 * 1024;

void append_hexadecimal(std::string& out, std::size_t n) {
  std::array<char, 16> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), n, 16).ptr);
}
}  // namespace

outlet::outlet(std::shared_ptr<outflow> from) {
  if (from && from->claim()) from_ = std::move(from);
}

outlet::outlet(outlet&& other) noexcept
    : from_(std::exchange(other.from_, nullptr)), framed_(other.framed_), chunked_(other.chunked_) {}

outlet& outlet::operator=(outlet&& other) noexcept {
  const auto before = std::exchange(from_, std::exchange(other.from_, nullptr));
  framed_ = other.framed_;
  chunked_ = other.chunked_;
  if (before) before->leave();
  return *this;
}

outlet::~outlet() {
  if (from_) from_->leave();
}

void outlet::open(bool chunked, std::function<void()> wake) {
  chunked_ = chunked;
  from_->wake_with(std::move(wake));
}

outlet::step outlet::next(std::string& out) {
  const auto seen = from_->look();
  if (seen.failed) return step::broken;
  framed_ = std::min(seen.ready, largest_frame);
  if (framed_ > 0) {
    if (chunked_) {
      append_hexadecimal(out, framed_);
      out.append("\r\n");
    }
    if (from_->take(out, framed_) < framed_) return step::broken;
    if (chunked_) out.append("\r\n");
  }
  if (seen.finished && framed_ == seen.ready) {
    if (chunked_) out.append("0\r\n\r\n");
    return step::end;
  }
  return framed_ > 0 ? step::part : step::nothing;
}

bool outlet::ahead() const {
  const auto seen = from_->look();
  return seen.ready > 0 || seen.finished || seen.failed;
}

void outlet::written() {
  if (const auto size = std::exchange(framed_, 0); size > 0) from_->written(size);
}

}  // namespace net::http
