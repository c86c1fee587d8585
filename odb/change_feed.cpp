#include "odb/change_feed.hpp"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <thread>

#include "odb/conninfo.hpp"

namespace store {
namespace {

struct close_connection {
  void operator()(PGconn* c) const { PQfinish(c); }
};
using connection = std::unique_ptr<PGconn, close_connection>;

constexpr int retry_milliseconds = 1000;

connection listen(const std::string& conninfo) {
  connection c{PQconnectdb(session_conninfo(conninfo).c_str())};
  if (PQstatus(c.get()) != CONNECTION_OK) return nullptr;
  // libpq would print what the server says as it goes down on standard error, which is the log's.
  PQsetNoticeReceiver(
      c.get(), [](void*, const PGresult*) {}, nullptr);
  PGresult* done = PQexec(c.get(), "LISTEN keywork_organisation; LISTEN keywork_erasure");
  const bool listening = PQresultStatus(done) == PGRES_COMMAND_OK;
  PQclear(done);
  return listening ? std::move(c) : nullptr;
}

}  // namespace

struct change_feed::parts {
  std::string conninfo;
  listener tell;
  erasure_listener tell_of_erasure;
  int stop = eventfd(0, EFD_CLOEXEC);
  std::thread thread;

  /// Waits for the descriptor or the time; false when it is time to stop.
  bool wait(int fd, int milliseconds) const {
    pollfd watched[2] = {{stop, POLLIN, 0}, {fd, POLLIN, 0}};
    poll(watched, fd >= 0 ? 2 : 1, milliseconds);
    return watched[0].revents == 0;
  }

  /// The organisation's id and the case's, with a blank between.
  void read_erasure(std::string_view text) const {
    const auto blank = std::min(text.find(' '), text.size());
    const auto org = model::parse_id<model::org_id>(text.substr(0, blank));
    const auto of_case = model::parse_id<model::case_id>(text.substr(std::min(blank + 1, text.size())));
    if (tell_of_erasure && org && of_case) tell_of_erasure(*org, *of_case);
  }

  /// False when the connection is lost.
  bool read(PGconn* c) const {
    if (PQconsumeInput(c) == 0) return false;
    while (PGnotify* notice = PQnotifies(c)) {
      if (std::string_view(notice->relname) == "keywork_erasure")
        read_erasure(notice->extra);
      else
        tell(model::parse_id<model::org_id>(notice->extra));
      PQfreemem(notice);
    }
    return true;
  }

  void run() const {
    connection c;
    for (bool go_on = true; go_on;) {
      if (!c) {
        c = listen(conninfo);
        // What changed before this moment was told to nobody.
        if (c) tell(std::nullopt);
        if (!c) {
          go_on = wait(-1, retry_milliseconds);
          continue;
        }
      }
      go_on = wait(PQsocket(c.get()), -1);
      if (go_on && !read(c.get())) c.reset();
    }
  }
};

change_feed::change_feed(std::string conninfo, listener tell, erasure_listener tell_of_erasure)
    : parts_(std::make_unique<parts>()) {
  parts_->conninfo = std::move(conninfo);
  parts_->tell = std::move(tell);
  parts_->tell_of_erasure = std::move(tell_of_erasure);
  parts_->thread = std::thread([p = parts_.get()] { p->run(); });
}

change_feed::~change_feed() {
  const std::uint64_t one = 1;
  static_cast<void>(write(parts_->stop, &one, sizeof one));
  parts_->thread.join();
  close(parts_->stop);
}

}  // namespace store
