#include "net/front.hpp"

#include <atomic>
#include <charconv>
#include <stdexcept>
#include <thread>

#include "actors/house.hpp"
#include "net/admin/admin_actor.hpp"
#include "net/answers.hpp"
#include "net/content/form_upload.hpp"
#include "net/credentials.hpp"
#include "net/edge_actor.hpp"
#include "net/events/streams_actor.hpp"
#include "net/http/listener.hpp"
#include "net/integrations/webhook_signature.hpp"
#include "net/problem.hpp"
#include "net/spool_directory.hpp"

namespace net {
namespace {

struct endpoint {
  std::string address;
  std::uint16_t port = 0;
  bool v6 = false;
  std::string with_port(std::uint16_t p) const {
    return (v6 ? '[' + address + ']' : address) + ':' + std::to_string(p);
  }
};

endpoint parse(const std::string& text, const char* option) {
  const auto wrong = [&] {
    return std::invalid_argument(std::string(option) + ": '" + text +
                                 "' is no ADDRESS:PORT, such as 127.0.0.1:8080");
  };
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) throw wrong();
  endpoint e;
  e.address = text.substr(0, colon);
  e.v6 = e.address.starts_with('[') && e.address.ends_with(']');
  if (e.v6) e.address = e.address.substr(1, e.address.size() - 2);
  if (e.address.empty() || (!e.v6 && e.address.find(':') != std::string::npos)) throw wrong();
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, e.port);
  if (error != std::errc{} || stop != end) throw wrong();
  return e;
}

std::string checked_url(std::string url) {
  if (url.empty()) return url;
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    throw std::invalid_argument("--public-url: '" + url + "' has to begin with http:// or https://");
  if (url.find_first_of(" \t\r\n\"<>?#") != std::string::npos)
    throw std::invalid_argument("--public-url: '" + url + "' is no address that a link can begin with");
  while (url.ends_with('/')) url.pop_back();
  return url;
}

/// Large bodies only where a route takes them, and only from somebody who shows a credential at all; whose it
/// is, an edge finds out before the body comes.
std::size_t body_limit(const http::request& head, std::size_t usual) {
  const auto found = routes().find(head.method, head.path);
  if (found.matched && found.matched->takes == content::signed_bytes) return largest_webhook;
  if (!found.matched || !credentials_of(head)) return usual;
  if (found.matched->takes == content::bytes) return contents::largest_file;
  constexpr std::size_t around_file = 64 * 1024;
  const bool form =
      found.matched->takes == content::json_or_file && contents::is_form_data(head.header("Content-Type"));
  return form ? contents::largest_file + around_file : usual;
}

/// A listener and the actors behind it; before there are any, everybody is told to come again.
class door final : public responder {
 public:
  door(const endpoint& e, const std::string& spool_directory = {})
      : listener_(options(e, spool_directory),
                  [this](http::exchange to, http::request&& asked) { take(to, std::move(asked), false); }) {
    listener_.start();
  }

  void open(std::vector<edge_actor> behind) {
    behind_ = std::move(behind);
    open_.store(true, std::memory_order_release);
  }
  void answer(http::exchange to, http::response what) override { listener_.answer(to, std::move(what)); }
  void admit(http::exchange to, std::string owner) override { listener_.admit(to, std::move(owner)); }
  std::uint16_t port() const { return listener_.port(); }
  http::listener_counters counters() const { return listener_.counters(); }
  void stop() {
    listener_.stop();
    for (const auto& e : behind_) caf::anon_send_exit(e, caf::exit_reason::user_shutdown);
    behind_.clear();
  }

 private:
  http::listener_options options(const endpoint& e, const std::string& spool_directory) {
    http::listener_options o;
    o.address = e.address;
    o.port = e.port;
    o.always = always_headers();
    o.body_limit = [usual = o.max_body](const http::request& head) { return body_limit(head, usual); };
    o.on_large_body = [this](http::exchange to, http::request&& head) { take(to, std::move(head), true); };
    o.spool_directory = spool_directory;
    return o;
  }

  void take(http::exchange to, http::request&& asked, bool announced) {
    if (!open_.load(std::memory_order_acquire)) {
      auto early =
          to_response(model::refusal::unavailable("The service is starting. Try again shortly."), {});
      early.close = true;
      return answer(to, std::move(early));
    }
    // One connection's requests go to one edge, whose caches then know its caller.
    const auto& edge = behind_[to.connection % behind_.size()];
    caf::anon_send(edge, incoming{to, std::make_shared<http::request>(std::move(asked)), announced});
  }

  std::atomic<bool> open_{false};
  std::vector<edge_actor> behind_;
  http::listener listener_;
};

/// The key behind the secret; empty where there is none.
std::string checked_webhook_key(const std::string& secret) {
  if (secret.empty()) return {};
  const auto key = integrations::svix_key(secret);
  if (!key)
    throw std::invalid_argument(
        "--resend-webhook-secret: this is no signing secret of a webhook: whsec_ and base64, as Resend shows "
        "it");
  return *key;
}

std::size_t edge_count() { return std::max(2u, std::thread::hardware_concurrency()); }

}  // namespace

struct front::parts {
  endpoint at;
  endpoint admin_at;
  std::string public_url;
  std::string admin_address;
  metrics measured{route_ids()};
  std::unique_ptr<door> world;
  std::unique_ptr<door> admin;
  std::string resend_webhook_key;
  std::string docuseal_webhook_secret;
  std::size_t event_streams;
  std::shared_ptr<std::atomic<std::int64_t>> open_events = std::make_shared<std::atomic<std::int64_t>>(0);
  streams_actor streams;
  contents::content_actor contents;
  std::shared_ptr<contents::streams> downloads = std::make_shared<contents::streams>();

  explicit parts(const front_options& o)
      : at(parse(o.listen, "--listen")),
        admin_at(parse(o.admin_listen, "--admin-listen")),
        public_url(checked_url(o.public_url)),
        world(std::make_unique<door>(at, spool_directory_in(o.data))),
        admin(std::make_unique<door>(admin_at)),
        resend_webhook_key(checked_webhook_key(o.resend_webhook_secret)),
        docuseal_webhook_secret(o.docuseal_webhook_secret),
        event_streams(o.event_streams) {
    admin_address = admin_at.with_port(admin->port());
    if (public_url.empty()) public_url = "http://" + at.with_port(world->port());
  }

  void measure(actors::house& h) {
    const auto& c = h.counted();
    const auto read = [](const auto& value) {
      return [&value] { return static_cast<double>(value.load()); };
    };
    measured.gauge("keywork_resident_cases", "Cases in memory", read(c.resident_cases));
    measured.gauge("keywork_resident_organisations", "Organisations in memory",
                   read(c.resident_organisations));
    measured.total("keywork_commits_total", "Changes kept", read(c.commits));
    measured.total("keywork_commit_conflicts_total", "Changes that lost a version race",
                   read(c.commit_conflicts));
    measured.total("keywork_commits_forbidden_total", "Changes that row-level security refused: a defect",
                   read(c.commits_refused_by_database));
    measured.total("keywork_case_crashes_total", "Case actors that crashed", read(c.case_crashes));
    measured.total("keywork_caseload_soft_cap_total", "Invites beyond the caseload's soft cap",
                   read(c.soft_cap_warnings));
    measured.total("keywork_mails_sent_total", "Mails handed over", read(c.mails_sent));
    measured.total("keywork_mails_retried_total", "Attempts that will be repeated", read(c.mails_retried));
    measured.total("keywork_mails_failed_total", "Mails that were refused for good", read(c.mails_failed));
    measured.gauge("keywork_outbox_queued", "Mails waiting for their first attempt", read(c.outbox_queued));
    measured.gauge("keywork_outbox_retrying", "Mails waiting for another attempt", read(c.outbox_retrying));
    measured.gauge("keywork_outbox_failed", "Mails that were given up", read(c.outbox_failed));
    measured.total("keywork_digests_planned_total", "Digests put into the outbox", read(c.digests_planned));
    measured.total("keywork_digests_empty_total", "Digests with nothing to say", read(c.digests_empty));
    measured.total("keywork_digest_failures_total", "Digests that could not be planned",
                   read(c.digest_failures));
    measured.total("keywork_signatures_requested_total", "Documents that the signing service has taken",
                   read(c.signatures_requested));
    measured.total("keywork_signatures_settled_total", "Documents whose signing came to an end",
                   read(c.signatures_settled));
    measured.total("keywork_signatures_retried_total",
                   "Questions to the signing service that will be repeated", read(c.signatures_retried));
    measured.gauge("keywork_signatures_waiting", "Documents that wait to be signed",
                   read(c.signatures_waiting));
    measured.gauge("keywork_signatures_failed", "Documents that the signing service refused",
                   read(c.signatures_failed));
    measured.total("keywork_retention_cases_total", "Cases that retention erased something of",
                   read(c.retention_cases));
    measured.total("keywork_retention_notes_total", "Notes that retention erased", read(c.retention_notes));
    measured.total("keywork_retention_failures_total", "Cases that retention could not sweep",
                   read(c.retention_failures));
    measured.total("keywork_retention_stops_total", "Sweeps that stopped, since the clocks disagree",
                   read(c.retention_clock_stops));
    measured.gauge("keywork_exports_under_way", "Exports being made",
                   [this] { return static_cast<double>(downloads->exports.taken()); });
    measured.gauge("keywork_downloads_under_way", "Documents being sent to clients",
                   [this] { return static_cast<double>(downloads->downloads.taken()); });
    measured.total("keywork_streamed_bytes_total", "Bytes of documents and exports", read(downloads->bytes));
    measured.total("keywork_streams_broken_total", "Documents and exports that were broken off on our side",
                   read(downloads->broken));
    measured.gauge("keywork_event_streams", "Open streams of live updates", read(*open_events));
    measured.gauge("keywork_spooled_bytes", "Announced bytes of uploads that are kept in files",
                   [this] { return static_cast<double>(world->counters().spooled); });
    measured.gauge("keywork_open_connections", "Open connections of the public listener",
                   [this] { return static_cast<double>(world->counters().open); });
    measured.total("keywork_refused_requests_total", "Requests refused before they were routed",
                   [this] { return static_cast<double>(world->counters().refused); });
  }
};

front::front(front_options options) : parts_(std::make_unique<parts>(options)) {}
front::~front() { stop(); }

const std::string& front::public_url() const { return parts_->public_url; }
const std::string& front::admin_address() const { return parts_->admin_address; }

void front::open(actors::house& h) {
  parts_->measure(h);
  const auto& given = *h.given();
  streams_setup watching{given.clock, h.logins(), h.gateway(), h.login()};
  watching.limits.most = parts_->event_streams;
  watching.open = parts_->open_events;
  parts_->streams =
      h.system().spawn(streams_behavior, std::make_shared<const streams_setup>(std::move(watching)));
  parts_->contents =
      h.system().spawn<caf::detached>(contents::content_behavior, h.given(), parts_->downloads);
  const auto setup = std::make_shared<edge_setup>(edge_setup{
      given.clock, h.logins(), h.links(), *parts_->world, parts_->measured, h.gateway(), h.lists(), h.login(),
      parts_->public_url, edge_setup::usual_patience, parts_->streams, parts_->contents, parts_->downloads});
  setup->mail_desk = h.mail_desk();
  setup->resend_webhook_key = parts_->resend_webhook_key;
  setup->signing_desk = h.signing_desk();
  setup->docuseal_webhook_secret = parts_->docuseal_webhook_secret;
  std::vector<edge_actor> edges;
  for (std::size_t i = 0; i < edge_count(); ++i)
    edges.push_back(h.system().spawn(edge_behavior, edge_setup_ptr(setup)));
  parts_->world->open(std::move(edges));
  parts_->admin->open({h.system().spawn(
      admin_behavior, admin_setup{*parts_->admin, parts_->measured, given.stores.all().front()})});
}

void front::stop() {
  for (auto* d : {parts_->world.get(), parts_->admin.get()}) d->stop();
  if (parts_->streams) caf::anon_send_exit(parts_->streams, caf::exit_reason::user_shutdown);
  parts_->streams = streams_actor{};
  if (parts_->contents) caf::anon_send_exit(parts_->contents, caf::exit_reason::user_shutdown);
  parts_->contents = contents::content_actor{};
}

}  // namespace net
