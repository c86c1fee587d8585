#include <CLI/CLI.hpp>
#include <iostream>
#include <map>

#include "actors/secrets.hpp"
#include "model/plans.hpp"
#include "net/cli/commands.hpp"
#include "net/cli/database.hpp"
#include "odb/digest_plan.hpp"
#include "odb/migrate.hpp"

namespace net::cli {
namespace {

struct digest_options {
  std::string organisation;
};

/// The one that is named, or all of them.
std::vector<store::digest_organisation> chosen(store::session& session, const digest_options& d) {
  auto all = store::digest_organisations(session);
  if (d.organisation.empty()) return all;
  const auto id = model::parse_id<model::org_id>(d.organisation);
  if (!id) throw usage_error("--organisation: '" + d.organisation + "' is no organisation's id");
  std::erase_if(all, [&](const auto& o) { return o.org != *id; });
  if (all.empty()) throw usage_error("--organisation: there is no organisation " + d.organisation);
  return all;
}

int list(const options& o, const digest_options& d) {
  const database db(o, store::cluster_use::command);
  db.migrate();
  store::session session(db.service());
  for (const auto& org : chosen(session, d)) {
    std::map<model::month, std::string> lines;
    for (const auto& row : store::count_digests(session, org.org)) {
      auto& line = lines[row.month];
      line += (line.empty() ? "" : ", ") + std::to_string(row.count) + " " +
              std::string(model::to_text(row.state));
    }
    std::cout << model::to_text(org.org) << " " << org.name << (lines.empty() ? ": none yet" : "") << "\n";
    for (const auto& [month, line] : lines)
      std::cout << "  " << model::to_text(month) << ": " << line << "\n";
  }
  std::cout << std::flush;
  return 0;
}

int send_missed(const options& o, const digest_options& d) {
  const database db(o, store::cluster_use::command);
  db.migrate();
  store::session session(db.service());
  if (!store::clocks_agree(session, db.clock().real_now()))
    throw std::runtime_error(
        "this machine's clock and the database's differ by more than an hour; set them right and try again");
  const auto plans = session.plans();
  actors::random_ids ids(db.clock());
  store::planned_months all;
  for (const auto& org : chosen(session, d)) {
    const auto due = store::digests_of(session, org.org, db.clock().now());
    if (!due) continue;
    const bool in_tier = plans.includes(due->tier, model::support_cases_feature);
    const auto done = store::plan_all(session, *due, in_tier, ids, db.clock().now());
    all.months += done.months;
    all.queued += done.queued;
    all.empty += done.empty;
  }
  std::cout << all.months << " months, " << all.queued << " mails in the outbox, " << all.empty
            << " with nothing to say" << std::endl;
  if (all.queued > 0 && !db.is_served()) say("a running serve sends them");
  return 0;
}

}  // namespace

void add_digest(command_line& to) {
  auto& group =
      to.group("digest", "Housing officers' digests; works beside a running serve on the same data");
  const auto d = std::make_shared<digest_options>();
  auto& listing = to.add(group, "list", "How many went out for which month",
                         [d](const options& o) { return list(o, *d); });
  auto& sending =
      to.add(group, "send-missed", "Put every digest that is due and not made yet into the outbox",
             [d](const options& o) { return send_missed(o, *d); });
  for (auto* one : {&listing, &sending})
    one->add_option("--organisation", d->organisation, "Of this organisation alone, by its id");
}

}  // namespace net::cli
