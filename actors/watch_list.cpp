#include "actors/watch_list.hpp"

#include <tuple>

namespace actors {

void watch_list::add(const model::uuid& stream, watcher_actor told, const model::caller& who) {
  watchers_.insert_or_assign(stream, watcher{std::move(told), {who.user, {}, {}, who.operator_standing}});
}

void watch_list::tell(const std::function<model::role(const model::caller&)>& role_of,
                      const std::function<case_told(const audience&)>& make) {
  using view_of = std::tuple<caf::actor_addr, model::role, model::user_id>;
  struct group {
    watcher_actor told;
    case_told news;
  };
  std::map<view_of, group> groups;
  for (auto at = watchers_.begin(); at != watchers_.end();) {
    const auto& [stream, w] = *at;
    const auto as = role_of(w.who);
    const auto whose = as == model::role::context_only ? w.who.user : model::user_id{};
    auto [found, fresh] = groups.try_emplace(view_of{w.told.address(), as, whose}, group{w.told, {}});
    auto& news = found->second.news;
    if (fresh && as != model::role::none) news = make({as, w.who});
    if (as == model::role::none) news.what = case_news::ended;
    news.streams.push_back(stream);
    at = news.what == case_news::changed ? std::next(at) : watchers_.erase(at);
  }
  for (auto& [view, g] : groups) caf::anon_send(g.told, std::move(g.news));
}

void watch_list::dismiss(case_news why) {
  std::map<caf::actor_addr, std::pair<watcher_actor, case_told>> groups;
  for (const auto& [stream, w] : watchers_) {
    auto& [told, news] = groups[w.told.address()];
    told = w.told;
    news.what = why;
    news.streams.push_back(stream);
  }
  watchers_.clear();
  for (auto& [address, g] : groups) caf::anon_send(g.first, std::move(g.second));
}

}  // namespace actors
