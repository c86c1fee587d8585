#pragma once
#include <variant>

#include "actors/messages.hpp"

namespace actors {

/// Renders whichever view it is.
template <view... Views>
rendered render(const std::variant<Views...>& views) {
  return std::visit([](const auto& v) { return rendered::from(v); }, views);
}

/// Whether a list of entity tags (If-Match, If-None-Match) names this one; `W/` does not matter to either
/// here.
bool names(std::string_view list, std::string_view etag);

/// The answer to a question: the bytes, or that they are what the caller has already (If-None-Match).
answer with_etag(rendered body, std::string etag, const conditions& given);

template <view View>
answer answer_with(const View& v, const conditions& given) {
  auto body = rendered::from(v);
  auto etag = etag_of(body);
  return with_etag(std::move(body), std::move(etag), given);
}

/// A view or a refusal, as a reply.
template <class View>
reply reply_with(const std::variant<View, model::refusal>& seen, const conditions& given) {
  if (const auto* no = std::get_if<model::refusal>(&seen)) return *no;
  return answer_with(std::get<View>(seen), given);
}

}  // namespace actors
