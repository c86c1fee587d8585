#include "net/content/heading.hpp"

#include "model/file_type.hpp"
#include "model/local_time.hpp"
#include "net/content/file_name.hpp"

namespace net::contents {
namespace {

struct kept_as {
  std::string type;
  std::string name;
};

kept_as kept(const actors::stream_order&, const actors::stream_document& what) {
  const auto& d = what.document;
  // A text that was written here goes out as PDF.
  const auto type = d.file ? d.media_type.value_or("") : std::string(model::pdf_type);
  return {type, with_extension(d.file_name.value_or(d.title), type)};
}

kept_as kept(const actors::stream_order& order, const model::make_export& what) {
  const auto today = model::to_text(model::local_day(order.heading.asked_at, order.heading.time_zone));
  const auto name = order.heading.reference + "-" + std::string(to_text(what.what)) + "-" + today;
  if (what.format == model::export_format::csv)
    return {"text/csv; charset=utf-8; header=present", name + ".csv"};
  return {std::string(model::pdf_type), name + ".pdf"};
}

}  // namespace

http::response heading_of(const actors::stream_order& order, std::string_view etag) {
  auto file = std::visit([&](const auto& what) { return kept(order, what); }, order.what);
  if (file.type == model::plain_text_type) file.type += "; charset=utf-8";
  http::response out;
  out.headers = {{"Content-Type", std::move(file.type)},
                 {"Content-Disposition", attachment_named(file.name)},
                 {"Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'"}};
  if (!etag.empty()) out.headers.push_back({"ETag", std::string(etag)});
  return out;
}

std::optional<std::uint64_t> known_length(const actors::stream_order& order) {
  const auto* what = std::get_if<actors::stream_document>(&order.what);
  if (!what || !what->document.file) return std::nullopt;
  return static_cast<std::uint64_t>(what->document.content_size);
}

}  // namespace net::contents
