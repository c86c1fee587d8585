#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <iostream>

#include "net/cli/commands.hpp"
#include "net/cli/database.hpp"
#include "odb/audit_chain.hpp"

namespace net::cli {
namespace {

struct audit_options {
  std::string org;
  std::string from;
  std::string to;
  std::string head;
};

/// A moment as it is given to --from and --to: an instant, or a day from its first to its last moment (UTC).
std::optional<model::instant> moment(const std::string& text, const char* option, bool is_end) {
  if (text.empty()) return std::nullopt;
  if (const auto instant = model::parse_instant(text)) return instant;
  const auto day = model::parse_day(text);
  if (!day) throw usage_error(std::string(option) + ": '" + text + "' is neither an instant nor a day");
  return is_end ? model::instant{*day + std::chrono::days{1}} - std::chrono::microseconds{1}
                : model::instant{*day};
}

std::optional<store::known_link> known_head(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto colon = std::min(text.find(':'), text.size());
  store::known_link known{0, text.substr(std::min(colon + 1, text.size()))};
  const auto [end, error] = std::from_chars(text.data(), text.data() + colon, known.seq);
  const bool is_hash =
      known.hash.size() == 64 && known.hash.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (error != std::errc() || end != text.data() + colon || known.seq < 1 || !is_hash)
    throw usage_error("--head: '" + text + "' is not what audit verify prints, SEQ:HASH");
  return known;
}

int verify(const options& o, const audit_options& asked) {
  store::audit_part part;
  if (!asked.org.empty()) {
    part.org = model::parse_id<model::org_id>(asked.org);
    if (!part.org) throw usage_error("--organisation: '" + asked.org + "' is no organisation's id");
  }
  part.from = moment(asked.from, "--from", false);
  part.to = moment(asked.to, "--to", true);
  part.known = known_head(asked.head);
  const database db(o, store::cluster_use::command);
  bool is_whole = true;
  const auto count = store::verify_audit(db.service(), part, [&](const store::chain_report& report) {
    // A worker's identity container has no log of its own.
    if (report.broken || report.head_seq > 0) std::cout << store::to_line(report) << std::endl;
    is_whole = is_whole && !report.broken;
  });
  if (part.org && count == 0) throw usage_error("--organisation: there is no organisation " + asked.org);
  if (!is_whole) say("the audit log does not hold");
  return is_whole ? 0 : 1;
}

}  // namespace

void add_audit(command_line& to) {
  auto& group = to.group("audit", "The audit log");
  const auto asked = std::make_shared<audit_options>();
  auto& verifying = to.add(group, "verify", "Find any edit, removal or reordering in the audit log",
                           [asked](const options& o) { return verify(o, *asked); });
  verifying.footer(
      "Prints a line for each organisation: how many entries hold, and the head of the chain as SEQ:HASH; or "
      "the "
      "first broken link.\nExit codes: 0 all of it holds, 1 it does not, 2 the command line was wrong.");
  verifying.add_option("--organisation", asked->org, "Only the log of the organisation with this id");
  auto* from = verifying.add_option(
      "--from", asked->from, "Only from this moment on: an instant as 2026-11-21T09:30:00Z, or a day (UTC)");
  auto* until =
      verifying.add_option("--to", asked->to, "Only up to this moment, or to the end of this day (UTC)");
  verifying
      .add_option(
          "--head", asked->head,
          "With --organisation: a head that was written down, SEQ:HASH; the log must still hold that entry")
      ->needs("--organisation")
      ->excludes(from)
      ->excludes(until);
}

}  // namespace net::cli
