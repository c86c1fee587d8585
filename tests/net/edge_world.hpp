#pragma once
// An edge actor on a deterministic scheduler, with neighbours that say what the test wants them to say.
#include <caf/scheduler/test_coordinator.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "net/edge_actor.hpp"
#include "net/events/streams_actor.hpp"
#include "net/pages.hpp"

namespace edge_test {

class fixed_clock final : public model::clock {
 public:
  model::instant now() const override { return time; }
  /// Another one where the time was chosen.
  model::instant real_now() const override { return time - chosen_ahead; }
  std::chrono::seconds chosen_ahead{0};
  model::instant time = *model::parse_instant("2026-11-21T09:30:00Z");
};

class answers final : public net::responder {
 public:
  void answer(net::http::exchange to, net::http::response what) override {
    given[to.sequence] = std::move(what);
    ++count;
  }
  void admit(net::http::exchange to, std::string owner) override { admitted[to.sequence] = std::move(owner); }
  std::map<std::uint64_t, net::http::response> given;
  std::map<std::uint64_t, std::string> admitted;  // whose account the large body goes on
  std::size_t count = 0;
};

/// What the neighbours were asked, and what they say.
struct neighbours {
  std::vector<actors::ask_case> cases;
  std::vector<actors::ask_org> orgs;
  std::vector<actors::ask_lists> lists;
  std::vector<actors::ask_logins> logins;
  std::vector<actors::ask_sign_in> sign_ins;
  std::vector<actors::ask_redeem> redeems;
  std::vector<actors::mail_notice> mail_notices;
  std::vector<model::uuid> unwatched;
  std::size_t located = 0, looked_up = 0;
  actors::reply reply = model::refusal::not_found();
  actors::sign_in_reply sign_in_reply = model::refusal::not_found();
  std::map<std::string, actors::known_login> known;  // by token hash
  bool silent = false;
  bool nothing_located = false;
};

struct noted {
  using is_view = void;
  std::string said;
};
BOOST_DESCRIBE_STRUCT(noted, (), (said))

/// `Set-Cookie: name=…` of an answer, up to the first attribute.
std::string cookie_of(const net::http::response& r, std::string_view name);
std::string header_of(const net::http::response& r, std::string_view name);
inline std::string body_of(const net::http::response& r) { return r.body ? *r.body : std::string{}; }

/// What providers sign their webhooks with here.
inline const std::string resend_webhook_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

class world {
 public:
  /// Without webhooks, as a service has none that is not told of any.
  explicit world(bool with_webhooks = false);
  ~world();

  /// Sends a request and runs everything until nobody has anything to do.
  net::http::response send(std::string method, std::string target,
                           std::vector<net::http::header> headers = {}, std::string body = {});
  /// A request whose large body is to be let in first: on whose account, or the answer.
  std::variant<std::string, net::http::response> announce(std::string method, std::string target,
                                                          std::vector<net::http::header> headers = {});
  /// With the cookie of Wanda's login, and its CSRF token.
  net::http::response as_wanda(std::string method, std::string target, std::string body = {},
                               std::vector<net::http::header> more = {});
  net::http::response as_token(std::string method, std::string target, std::string body = {},
                               std::vector<net::http::header> more = {});
  /// Nobody answers: lets the edge's patience run out.
  net::http::response send_and_wait(std::string method, std::string target,
                                    std::vector<net::http::header> headers);
  void kill_organisation();
  /// News of a case for the open streams.
  void tell(actors::case_told news);
  /// Turns both clocks.
  void pass(std::chrono::seconds time);
  void run() { scheduler().run(); }

  fixed_clock clock;
  answers out;
  neighbours others;
  actors::login_cache logins;
  net::metrics measured{net::route_ids()};
  const std::string session = "kws_wanda", token = "kw_wanda";
  const std::string id = "0190a000-0000-7000-8000-000000000001";
  actors::link_keeper& links() { return *links_; }

 private:
  caf::scheduler::test_coordinator& scheduler();
  caf::actor_system_config config_;
  std::filesystem::path key_file_;
  std::unique_ptr<actors::link_keeper> links_;
  std::unique_ptr<caf::actor_system> system_;
  actors::org_actor org_;
  actors::gateway_actor gateway_;
  actors::lists_actor lists_;
  actors::login_actor login_;
  actors::mail_desk_actor mail_desk_;
  net::streams_actor streams_;
  net::edge_actor edge_;
  std::uint64_t sequence_ = 0;
};

}  // namespace edge_test
