#include <boost/test/unit_test.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include "net/admin/admin_actor.hpp"

namespace {

struct last_answer final : net::responder {
  void answer(net::http::exchange, net::http::response what) override { given = std::move(what); }
  void admit(net::http::exchange, std::string) override { BOOST_ERROR("nothing large comes in here"); }
  std::optional<net::http::response> given;
};

/// A store whose database is there, or not, or does not say.
enum class database { there, away, silent };

struct store_state {
  store_state() = default;
  std::vector<caf::typed_response_promise<actors::store_answer>> unanswered;
};

actors::store_actor::behavior_type store(actors::store_actor::stateful_pointer<store_state> self,
                                         const database* is) {
  return {[=](const actors::store_question&) -> caf::result<actors::store_answer> {
            auto p = self->make_response_promise<actors::store_answer>();
            if (*is == database::silent)
              self->state.unanswered.push_back(p);
            else
              p.deliver(actors::store_answer{{}, *is == database::away, *is == database::away, {}});
            return p;
          },
          [](const actors::case_change&) { return actors::commit_answer{}; }, [](actors::tick) {}};
}

struct admin_world {
  admin_world() {
    config.set("scheduler.policy", caf::atom("testing"));
    config.set("logger.console", caf::atom("none"));
    system = std::make_unique<caf::actor_system>(config);
    a_store = system->spawn(store, &is);
    admin = system->spawn(net::admin_behavior, net::admin_setup{out, measured, a_store});
  }
  ~admin_world() {
    caf::anon_send_exit(admin, caf::exit_reason::kill);
    caf::anon_send_exit(a_store, caf::exit_reason::kill);
    scheduler().run();
    admin = net::edge_actor{};
    a_store = actors::store_actor{};
  }
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system->scheduler());
  }
  net::http::response ask(std::string method, std::string path) {
    out.given.reset();
    auto r = std::make_shared<net::http::request>();
    r->method = std::move(method);
    r->path = std::move(path);
    caf::anon_send(admin, net::incoming{{}, r});
    scheduler().run();
    if (!out.given) {
      scheduler().advance_time(std::chrono::seconds(4));
      scheduler().run();
    }
    BOOST_REQUIRE(out.given);
    return *out.given;
  }

  database is = database::there;
  last_answer out;
  net::metrics measured{{"one"}};
  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;
  actors::store_actor a_store;
  net::edge_actor admin;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(admin)

BOOST_AUTO_TEST_CASE(alive_and_ready_are_told_apart) {
  admin_world w;
  BOOST_TEST(w.ask("GET", "/healthz").status == 200u);
  BOOST_TEST(w.ask("GET", "/readyz").status == 200u);
  for (const auto is : {database::away, database::silent}) {
    w.is = is;
    BOOST_TEST(w.ask("GET", "/healthz").status == 200u);
    BOOST_TEST(w.ask("GET", "/readyz").status == 503u);
  }
  w.is = database::there;
  BOOST_TEST(w.ask("GET", "/readyz").status == 200u);
}

BOOST_AUTO_TEST_CASE(metrics_show_what_others_plugged_in) {
  admin_world w;
  w.measured.gauge("keywork_resident_cases", "Cases in memory.", [] { return 17.0; });
  w.measured.total("keywork_mails_sent_total", "Mails.", [] { return 3.0; });
  const auto r = w.ask("GET", "/metrics");
  BOOST_TEST(r.status == 200u);
  BOOST_TEST(r.headers.at(0).value == "text/plain; version=0.0.4");
  BOOST_TEST(r.body->find("# TYPE keywork_resident_cases gauge\nkeywork_resident_cases 17") !=
             std::string::npos);
  BOOST_TEST(r.body->find("# TYPE keywork_mails_sent_total counter\nkeywork_mails_sent_total 3") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(there_is_nothing_else_here) {
  admin_world w;
  BOOST_TEST(w.ask("GET", "/").status == 404u);
  BOOST_TEST(w.ask("GET", "/api/v1/me").status == 404u);
  BOOST_TEST(w.ask("POST", "/healthz").status == 405u);
}

BOOST_AUTO_TEST_SUITE_END()
