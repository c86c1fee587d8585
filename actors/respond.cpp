#include "actors/respond.hpp"

namespace actors {

bool names(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto one = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    while (one.starts_with(' ') || one.starts_with('\t')) one.remove_prefix(1);
    while (one.ends_with(' ') || one.ends_with('\t')) one.remove_suffix(1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == "*" || one == etag) return true;
  }
  return false;
}

answer with_etag(rendered body, std::string etag, const conditions& given) {
  if (given.if_none_match && names(*given.if_none_match, etag))
    return {answer_kind::not_modified, {}, std::move(etag), {}};
  return {answer_kind::ok, std::move(body), std::move(etag), {}};
}

}  // namespace actors
