#include "edge_world.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "net/integrations/webhook_signature.hpp"

namespace edge_test {
namespace {

/// A promise that is kept later than any test waits is dropped with its actor.
template <class Message>
struct later {
  std::vector<caf::typed_response_promise<Message>> kept;
};

template <class Message, class Self, class Value>
caf::result<Message> say(Self* self, const neighbours& n, Value value) {
  auto promise = self->template make_response_promise<Message>();
  if (n.silent)
    self->state.kept.push_back(promise);
  else
    promise.deliver(Message{std::move(value)});
  return promise;
}

actors::org_actor::behavior_type org(actors::org_actor::stateful_pointer<later<actors::reply_message>> self,
                                     neighbours* n) {
  return {[=](const actors::ask_case& a) {
            n->cases.push_back(a);
            return say<actors::reply_message>(self, *n, n->reply);
          },
          [=](const actors::ask_org& a) {
            n->orgs.push_back(a);
            return say<actors::reply_message>(self, *n, n->reply);
          },
          [=](const actors::unwatch& gone) { n->unwatched.push_back(gone.stream); },
          [](actors::reload) {},
          [](const actors::case_erased&) {},
          [](actors::tick) {}};
}

struct gateway_state {
  gateway_state() = default;  // else CAF takes it for one that wants the actor
  actors::org_actor org;
};

actors::gateway_actor::behavior_type gateway(actors::gateway_actor::stateful_pointer<gateway_state> self,
                                             neighbours* n) {
  return {
      [=](const actors::locate&) -> actors::located {
        ++n->located;
        if (n->nothing_located) return {};
        if (!self->state.org) self->state.org = self->spawn(org, n);
        return {self->state.org, model::org_id{*model::parse_uuid("0190a000-0000-7000-8000-0000000000aa")}};
      },
      // The test's way to say that the organisation's actor dies.
      [=](const actors::organisation_changed&) {
        caf::anon_send_exit(self->state.org, caf::exit_reason::kill);
        self->state.org = actors::org_actor{};
      },
      [](const actors::case_erased&) {}};
}

actors::lists_actor::behavior_type lists(
    actors::lists_actor::stateful_pointer<later<actors::reply_message>> self, neighbours* n) {
  return {[=](const actors::ask_lists& a) {
    n->lists.push_back(a);
    return say<actors::reply_message>(self, *n, n->reply);
  }};
}

actors::mail_desk_actor::behavior_type mail_desk(
    actors::mail_desk_actor::stateful_pointer<later<actors::reply_message>> self, neighbours* n) {
  return {[=](const actors::mail_notice& told) {
            n->mail_notices.push_back(told);
            return say<actors::reply_message>(self, *n, n->reply);
          },
          [](const actors::tick&) {}};
}

actors::login_actor::behavior_type login(
    actors::login_actor::stateful_pointer<later<actors::reply_message>> self, neighbours* n) {
  return {[=](const actors::ask_sign_in& a) {
            n->sign_ins.push_back(a);
            return say<actors::reply_message>(self, *n, n->reply);
          },
          [=](const actors::ask_redeem& a) {
            n->redeems.push_back(a);
            return actors::sign_in_message{n->sign_in_reply};
          },
          [=](const actors::find_login& wanted) {
            ++n->looked_up;
            const auto found = n->known.find(wanted.token_hash);
            return actors::found_login{found == n->known.end() ? std::nullopt : std::optional{found->second}};
          },
          [=](const actors::ask_logins& a) {
            n->logins.push_back(a);
            return say<actors::reply_message>(self, *n, n->reply);
          },
          [](const actors::sign_in_done&) {},
          [](const actors::tick&) {}};
}

actors::known_login wanda(bool bearer) {
  return {model::login_id{*model::parse_uuid("0190a000-0000-7000-8000-0000000000b1")},
          model::user_id{*model::parse_uuid("0190a000-0000-7000-8000-0000000000c1")},
          "wanda@example.org",
          "Wanda Worker",
          bearer,
          std::nullopt};
}

}  // namespace

std::string header_of(const net::http::response& r, std::string_view name) {
  for (const auto& h : r.headers)
    if (net::http::same_name(h.name, name)) return h.value;
  return {};
}

std::string cookie_of(const net::http::response& r, std::string_view name) {
  for (const auto& h : r.headers)
    if (h.name == "Set-Cookie" && h.value.starts_with(std::string(name) + "="))
      return h.value.substr(0, h.value.find(';'));
  return {};
}

world::world(bool with_webhooks) {
  config_.set("scheduler.policy", caf::atom("testing"));
  config_.set("logger.console", caf::atom("none"));
  config_.add_message_types<caf::id_block::keywork>();
  key_file_ = std::filesystem::temp_directory_path() / ("keywork-edge-test-" + std::to_string(::getpid()) +
                                                        "-" + actors::random_token("").substr(0, 8));
  links_ = std::make_unique<actors::link_keeper>(key_file_);
  system_ = std::make_unique<caf::actor_system>(config_);
  gateway_ = system_->spawn(gateway, &others);
  lists_ = system_->spawn(lists, &others);
  login_ = system_->spawn(login, &others);
  mail_desk_ = system_->spawn(mail_desk, &others);
  others.known[actors::token_hash(session)] = wanda(false);
  others.known[actors::token_hash(token)] = wanda(true);
  others.reply =
      actors::answer{actors::answer_kind::ok, actors::rendered::from(noted{"hello"}), "\"tag\"", {}};
  streams_ = system_->spawn(net::streams_behavior, std::make_shared<const net::streams_setup>(
                                                       net::streams_setup{clock, logins, gateway_, login_}));
  net::edge_setup setup{clock,
                        logins,
                        *links_,
                        out,
                        measured,
                        gateway_,
                        lists_,
                        login_,
                        "https://keywork.example",
                        net::edge_setup::usual_patience,
                        streams_};
  setup.mail_desk = mail_desk_;
  if (with_webhooks) setup.resend_webhook_key = net::integrations::svix_key(resend_webhook_secret).value();
  edge_ = system_->spawn(net::edge_behavior, std::make_shared<const net::edge_setup>(std::move(setup)));
  run();
}

world::~world() {
  const auto end = [](const auto& a) { caf::anon_send_exit(a, caf::exit_reason::kill); };
  end(edge_);
  end(streams_);
  caf::anon_send(gateway_, actors::organisation_changed{});
  run();
  end(gateway_);
  end(lists_);
  end(login_);
  end(mail_desk_);
  run();
  edge_ = net::edge_actor{};
  streams_ = net::streams_actor{};
  gateway_ = actors::gateway_actor{};
  lists_ = actors::lists_actor{};
  login_ = actors::login_actor{};
  mail_desk_ = actors::mail_desk_actor{};
  std::filesystem::remove(key_file_);
}

caf::scheduler::test_coordinator& world::scheduler() {
  return dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
}

net::http::response world::send(std::string method, std::string target,
                                std::vector<net::http::header> headers, std::string body) {
  auto r = std::make_shared<net::http::request>();
  r->method = std::move(method);
  const auto mark = target.find('?');
  r->path = target.substr(0, mark);
  if (mark != std::string::npos) r->query = target.substr(mark + 1);
  r->headers = std::move(headers);
  r->body = std::move(body);
  r->peer = "192.0.2.7";
  caf::anon_send(edge_, net::incoming{{0, 0, ++sequence_}, r});
  run();
  if (!others.silent)
    BOOST_REQUIRE_MESSAGE(out.given.contains(sequence_), "no answer to " << r->method << ' ' << target);
  return out.given[sequence_];
}

std::variant<std::string, net::http::response> world::announce(std::string method, std::string target,
                                                               std::vector<net::http::header> headers) {
  auto r = std::make_shared<net::http::request>();
  r->method = std::move(method);
  r->path = std::move(target);
  r->headers = std::move(headers);
  r->peer = "192.0.2.7";
  caf::anon_send(edge_, net::incoming{{0, 0, ++sequence_}, r, true});
  run();
  BOOST_REQUIRE(out.given.contains(sequence_) != out.admitted.contains(sequence_));
  if (out.admitted.contains(sequence_)) return out.admitted[sequence_];
  return out.given[sequence_];
}

net::http::response world::as_wanda(std::string method, std::string target, std::string body,
                                    std::vector<net::http::header> more) {
  more.push_back({"Cookie", "keywork_session=" + session});
  more.push_back({"X-CSRF-Token", actors::csrf_token_of(session)});
  if (!body.empty()) more.push_back({"Content-Type", "application/json"});
  return send(std::move(method), std::move(target), std::move(more), std::move(body));
}

net::http::response world::as_token(std::string method, std::string target, std::string body,
                                    std::vector<net::http::header> more) {
  more.push_back({"Authorization", "Bearer " + token});
  if (!body.empty()) more.push_back({"Content-Type", "application/json"});
  return send(std::move(method), std::move(target), std::move(more), std::move(body));
}

net::http::response world::send_and_wait(std::string method, std::string target,
                                         std::vector<net::http::header> headers) {
  others.silent = true;
  send(std::move(method), std::move(target), std::move(headers));
  scheduler().advance_time(std::chrono::seconds(31));
  run();
  BOOST_REQUIRE(out.given.contains(sequence_));
  return out.given[sequence_];
}

void world::tell(actors::case_told news) {
  caf::anon_send(streams_, std::move(news));
  run();
}

void world::pass(std::chrono::seconds time) {
  clock.time += time;
  scheduler().advance_time(time);
  run();
}

void world::kill_organisation() {
  caf::anon_send(gateway_, actors::organisation_changed{});
  run();
}

}  // namespace edge_test
