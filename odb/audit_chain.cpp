#include "odb/audit_chain.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <deque>
#include <stdexcept>

#include "odb/migrate.hpp"
#include "odb/pg.hpp"

namespace store {
namespace {

using bytes = std::string;
using model::to_text;

const bytes no_hash(crypto_hash_sha256_BYTES, '\0');

bytes sha256(const bytes& data) {
  bytes hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<const unsigned char*>(data.data()), data.size());
  return hash;
}

bytes from_hex(std::string_view hex) {
  bytes data(hex.size() / 2, '\0');
  std::size_t size = 0;
  if (sodium_hex2bin(reinterpret_cast<unsigned char*>(data.data()), data.size(), hex.data(), hex.size(),
                     nullptr, &size, nullptr) != 0)
    throw std::runtime_error("the database answered something that is not hexadecimal");
  data.resize(size);
  return data;
}

std::string to_hex(const bytes& data) {
  std::string hex(data.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(data.data()), data.size());
  hex.pop_back();
  return hex;
}

/// A number of `width` bytes, the highest first.
bytes number(std::uint64_t value, int width) {
  bytes data;
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) data += static_cast<char>(value >> shift & 0xFF);
  return data;
}

bytes raw(const model::uuid& id) { return {id.begin(), id.end()}; }
bytes optional_raw(const std::optional<model::uuid>& id) { return id ? '\x01' + raw(*id) : bytes(1, '\0'); }
bytes sized(const std::string& text) { return number(text.size(), 4) + text; }

/// An entry as it stands in its row.
struct chain_entry {
  std::int64_t seq = 0;
  model::uuid id, org, by;
  std::optional<model::uuid> of_case, subject;
  bytes at;
  std::string by_name, request_id, kind, detail;
  std::optional<bytes> salt;
  bytes personal_digest, hash;
};

/// The one form that an erased entry has (R31).
bool is_erased_form(const chain_entry& e) { return e.by_name.empty() && e.detail == "{}"; }

bytes digest_of(const chain_entry& e) { return sha256(*e.salt + e.by_name + '\0' + e.detail); }

/// The hash of the entry if it were number `seq` behind `previous`.
bytes hash_of(const bytes& previous, const chain_entry& e, std::int64_t seq) {
  return sha256(previous + number(static_cast<std::uint64_t>(seq), 8) + raw(e.id) + raw(e.org) +
                optional_raw(e.of_case) + optional_raw(e.subject) + e.at + raw(e.by) + sized(e.request_id) +
                sized(e.kind) + e.personal_digest);
}

/// Microseconds since 2000; nothing for PostgreSQL's infinities and what else no entry can have.
std::optional<model::instant> instant_of(const bytes& at) {
  std::uint64_t value = 0;
  for (const char c : at) value = value << 8 | static_cast<unsigned char>(c);
  const auto since = static_cast<std::int64_t>(value);
  constexpr std::int64_t ten_thousand_years = 10'000LL * 366 * 86'400 * 1'000'000;
  if (since > ten_thousand_years || since < -ten_thousand_years) return std::nullopt;
  return model::instant{model::day{std::chrono::year{2000} / 1 / 1}} + std::chrono::microseconds{since};
}

model::uuid uuid_of(std::string_view text) { return model::parse_uuid(text).value(); }

std::optional<model::uuid> optional_uuid(const sql_result& rows, int row, int column) {
  return rows.is_null(row, column) ? std::nullopt : std::optional{uuid_of(rows.text(row, column))};
}

chain_entry entry_of(const sql_result& rows, int row, const model::uuid& org) {
  const auto text = [&](int column) { return std::string(rows.text(row, column)); };
  chain_entry e;
  e.seq = rows.number(row, 0);
  e.id = uuid_of(rows.text(row, 1));
  e.org = org;
  e.of_case = optional_uuid(rows, row, 2);
  e.subject = optional_uuid(rows, row, 3);
  e.at = from_hex(rows.text(row, 4));
  e.by = uuid_of(rows.text(row, 5));
  e.by_name = text(6);
  e.request_id = text(7);
  e.kind = text(8);
  e.detail = text(9);
  if (!rows.is_null(row, 10)) e.salt = from_hex(rows.text(row, 10));
  e.personal_digest = from_hex(rows.text(row, 11));
  e.hash = from_hex(rows.text(row, 12));
  return e;
}

/// An organisation's entries in the order of their numbers, a few at a time.
class entries_in_order {
 public:
  entries_in_order(sql_connection& connection, const model::uuid& org, std::int64_t from)
      : connection_(connection), org_(org), seq_(from - 1), id_(std::string(36, 'f')) {
    for (const std::size_t dash : {8, 13, 18, 23}) id_[dash] = '-';
  }

  /// The next one, which stays the next; nullptr at the end.
  const chain_entry* peek() {
    if (ahead_.empty() && !at_end_) fill();
    return ahead_.empty() ? nullptr : &ahead_.front();
  }
  std::optional<chain_entry> next() {
    if (!peek()) return std::nullopt;
    auto e = std::move(ahead_.front());
    ahead_.pop_front();
    return e;
  }

 private:
  /// Also by id: somebody may have taken away the constraint that numbers are unique.
  void fill() {
    const auto rows = connection_.exec(
        "SELECT seq, id, case_id, subject_id, encode(timestamp_send(at), 'hex'), by_id, by_name, request_id, "
        "kind,"
        " detail, encode(salt, 'hex'), encode(personal_digest, 'hex'), encode(hash, 'hex')"
        " FROM keywork.audit_entries WHERE org_id = $1::uuid AND seq >= $2::bigint"
        " AND (seq, id) > ($2::bigint, $3::uuid) ORDER BY seq, id LIMIT 200",
        {to_text(org_), std::to_string(seq_), id_});
    for (int row = 0; row < rows.rows(); ++row) ahead_.push_back(entry_of(rows, row, org_));
    at_end_ = ahead_.empty();
    if (at_end_) return;
    seq_ = ahead_.back().seq;
    id_ = to_text(ahead_.back().id);
  }

  sql_connection& connection_;
  model::uuid org_;
  std::int64_t seq_;
  std::string id_;
  std::deque<chain_entry> ahead_;
  bool at_end_ = false;
};

/// What the database knew of a chain at one moment.
struct chain_state {
  model::uuid org;
  std::string name;
  /// The head, if there is one.
  std::optional<std::int64_t> head;
  bytes head_hash;
  /// The highest number of an entry, 0 without any.
  std::int64_t highest = 0;
  /// An entry with an impossible number.
  std::optional<model::uuid> stray;
};

std::vector<chain_state> chains(sql_connection& connection, const std::optional<model::org_id>& org) {
  // The first part finds organisations that have entries, whatever the other tables say, without reading them
  // all.
  const auto rows = connection.exec(
      "WITH RECURSIVE written AS ("
      " (SELECT org_id FROM keywork.audit_entries ORDER BY org_id LIMIT 1) UNION ALL"
      " SELECT (SELECT e.org_id FROM keywork.audit_entries e WHERE e.org_id > w.org_id ORDER BY e.org_id "
      "LIMIT 1)"
      " FROM written w WHERE w.org_id IS NOT NULL),"
      " known AS (SELECT org_id AS id FROM written WHERE org_id IS NOT NULL"
      " UNION SELECT org_id FROM keywork.audit_heads UNION SELECT id FROM keywork.organisations)"
      " SELECT k.id, coalesce(o.name, ''), h.seq, encode(h.hash, 'hex'),"
      " coalesce((SELECT max(e.seq) FROM keywork.audit_entries e WHERE e.org_id = k.id), 0),"
      " (SELECT e.id FROM keywork.audit_entries e WHERE e.org_id = k.id AND (e.seq IS NULL OR e.seq < 1) "
      "LIMIT 1)"
      " FROM known k LEFT JOIN keywork.organisations o ON o.id = k.id"
      " LEFT JOIN keywork.audit_heads h ON h.org_id = k.id"
      " WHERE $1::uuid IS NULL OR k.id = $1::uuid ORDER BY k.id",
      {org ? sql_text(to_text(*org)) : std::nullopt});
  std::vector<chain_state> all;
  for (int row = 0; row < rows.rows(); ++row) {
    chain_state c;
    c.org = uuid_of(rows.text(row, 0));
    c.name = rows.text(row, 1);
    if (!rows.is_null(row, 2)) c.head = rows.number(row, 2);
    c.head_hash = from_hex(rows.text(row, 3));
    c.highest = rows.number(row, 4);
    c.stray = optional_uuid(rows, row, 5);
    all.push_back(std::move(c));
  }
  return all;
}

broken_link broken_at(const chain_entry& e, std::int64_t seq, chain_damage what, std::string why) {
  return {seq, what, std::move(why), model::audit_id{e.id}, e.kind, instant_of(e.at)};
}

/// Verifies one chain.
class verification {
 public:
  verification(sql_connection& connection, const chain_state& state, const audit_part& wanted)
      : connection_(connection), state_(state), wanted_(wanted), end_(state.head.value_or(state.highest)) {
    report_.org = model::org_id{state.org};
    report_.name = state.name;
    report_.head_seq = state.head.value_or(0);
    report_.head_hash = to_hex(state.head_hash);
    report_.is_whole_log = !wanted.from && !wanted.to;
    report_.last = end_;
    if (wanted.from) report_.first = bound("min(seq)", ">=", *wanted.from).value_or(end_ + 1);
    // Entries that came since the state was read are left for the next time.
    if (wanted.to) report_.last = std::min(end_, bound("max(seq)", "<=", *wanted.to).value_or(0));
  }

  chain_report run() {
    report_.broken = first_broken();
    return std::move(report_);
  }

 private:
  std::optional<std::int64_t> bound(const std::string& which, const std::string& side,
                                    model::instant t) const {
    const auto rows =
        connection_.exec("SELECT " + which + " FROM keywork.audit_entries WHERE org_id = $1::uuid AND at " +
                             side + " $2::timestamp",
                         {to_text(state_.org), to_text(t)});
    return rows.is_null(0, 0) ? std::nullopt : std::optional<std::int64_t>{rows.number(0, 0)};
  }

  std::optional<broken_link> first_broken() {
    if (state_.stray)
      return broken_link{0, chain_damage::forged, "an entry stands outside the chain",
                         model::audit_id{*state_.stray}};
    const auto before = previous_hash();
    if (!before) return missing(report_.first - 1);
    previous_ = *before;
    // The entry behind the part shows that the part's end was the end of nothing else.
    const auto until = std::min(end_, std::max(report_.last, report_.first - 1) + 1);
    entries_in_order walk(connection_, state_.org, report_.first);
    for (auto seq = report_.first; seq <= until; ++seq) {
      const auto e = walk.next();
      if (auto broken = check(e, seq, walk)) return broken;
      if (seq > report_.last) continue;
      ++report_.entries;
      if (!e->salt) ++report_.erased;
      note_time(*e);
    }
    return until == end_ ? broken_end(walk) : std::nullopt;
  }

  /// Changes of different cases, and of nodes whose clocks differ a little, are kept out of order by seconds.
  void note_time(const chain_entry& e) {
    const auto at = instant_of(e.at);
    if (!at) return;
    if (*at < latest_ - std::chrono::hours(1) && report_.backdated++ == 0) report_.first_backdated = e.seq;
    latest_ = std::max(latest_, *at);
  }

  /// The stored hash that the part's first entry builds on.
  std::optional<bytes> previous_hash() const {
    if (report_.first <= 1) return no_hash;
    const auto e = entries_in_order(connection_, state_.org, report_.first - 1).next();
    return e && e->seq == report_.first - 1 ? std::optional{e->hash} : std::nullopt;
  }

  static broken_link missing(std::int64_t seq) {
    return {seq, chain_damage::removed, "there is no entry of this number"};
  }

  /// The entry that came for the number `seq`; what is behind it is still in `walk`.
  std::optional<broken_link> check(const std::optional<chain_entry>& e, std::int64_t seq,
                                   entries_in_order& walk) {
    if (!e || e->seq > seq) return missing(seq);
    if (e->seq < seq)
      return broken_at(*e, e->seq, chain_damage::forged, "there are two entries of this number");
    if (e->salt ? digest_of(*e) != e->personal_digest : !is_erased_form(*e))
      return broken_at(*e, seq, chain_damage::edited, "its name or its details are not what was written");
    if (hash_of(previous_, *e, seq) != e->hash) return misfit(*e, seq, walk.peek());
    if (wanted_.known && wanted_.known->seq == seq && wanted_.known->hash != to_hex(e->hash))
      return broken_at(*e, seq, chain_damage::forged, "its hash is not the one that was written down");
    previous_ = e->hash;
    return std::nullopt;
  }

  /// Why an entry has another hash than what it says and stands behind gives.
  broken_link misfit(const chain_entry& e, std::int64_t seq, const chain_entry* successor) const {
    entries_in_order all(connection_, state_.org, 1);
    while (const auto other = all.next()) {
      if (other->id == e.id) continue;
      const auto here = hash_of(previous_, *other, seq);
      if (here == other->hash || here == e.hash)
        return broken_at(e, seq, chain_damage::reordered,
                         "what belongs here stands as number " + std::to_string(other->seq));
    }
    const bool is_built_on = successor && successor->seq == seq + 1
                                 ? hash_of(e.hash, *successor, seq + 1) == successor->hash
                                 : state_.head == seq && state_.head_hash == e.hash;
    if (is_built_on) return broken_at(e, seq, chain_damage::edited, "what it says is not what was written");
    return broken_at(
        e, seq, chain_damage::forged,
        "it does not follow from what stands before it: it was put in, or others were taken out");
  }

  /// After the last entry that was there when it all began.
  std::optional<broken_link> broken_end(entries_in_order& walk) const {
    if (!state_.head) return broken_link{end_, chain_damage::removed, "the head of the chain is not there"};
    if (previous_ != state_.head_hash && report_.first <= end_ + 1)
      return broken_link{end_, chain_damage::forged, "the head of the chain does not name this entry's hash"};
    if (state_.highest > end_) {
      const auto e = walk.next();
      return e ? broken_at(*e, e->seq, chain_damage::forged, "it stands behind the head of the chain")
               : broken_link{end_ + 1, chain_damage::forged, "it stood behind the head of the chain"};
    }
    if (wanted_.known && wanted_.known->seq > end_) return missing(end_ + 1);
    return std::nullopt;
  }

  sql_connection& connection_;
  const chain_state& state_;
  const audit_part& wanted_;
  /// The number that the chain ends with.
  std::int64_t end_;
  bytes previous_;
  /// Of the entries so far.
  model::instant latest_{model::day{std::chrono::year{1} / 1 / 1}};
  chain_report report_;
};

void require_chain(sql_connection& connection) {
  const auto found = connection.exec(
      "SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      " WHERE n.nspname = 'keywork' AND c.relname = 'audit_heads'");
  if (found.rows() == 0)
    throw migration_error(
        "The schema of this database is older than the audit log's chain: run keywork migrate first.");
}

std::string_view word_for(chain_damage what) {
  constexpr std::array<std::string_view, 4> words = {"edited", "removed", "reordered", "forged"};
  return words.at(static_cast<std::size_t>(what));
}

}  // namespace

std::string to_line(const chain_report& r) {
  auto line = to_text(r.org);
  if (!r.name.empty()) line += ' ' + r.name;
  for (auto& c : line)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  if (const auto& b = r.broken) {
    line += ": BROKEN at number " + std::to_string(b->seq);
    if (b->id) line += ", entry " + to_text(*b->id);
    if (!b->kind.empty()) line += ", " + b->kind;
    if (b->at) line += ", " + to_text(*b->at);
    return line + ": " + std::string(word_for(b->what)) + ": " + b->why;
  }
  line += ": " + std::to_string(r.entries) + " entries hold";
  if (r.erased > 0) line += " (" + std::to_string(r.erased) + " erased)";
  if (r.backdated > 0)
    line += ", " + std::to_string(r.backdated) +
            " dated more than an hour before what stands before, the first is number " +
            std::to_string(r.first_backdated);
  if (!r.is_whole_log)
    line += r.entries == 0 ? ", none in this part"
                           : ", only numbers " + std::to_string(r.first) + " to " + std::to_string(r.last);
  return line + "; head " + std::to_string(r.head_seq) + ":" + r.head_hash;
}

std::size_t verify_audit(const std::string& service_conninfo, const audit_part& wanted,
                         const std::function<void(const chain_report&)>& each) {
  sql_connection connection(service_conninfo);
  require_chain(connection);
  connection.script(
      "SET default_transaction_read_only = on; SET search_path = pg_catalog; SET ROLE keywork_auditor");
  const auto all = chains(connection, wanted.org);
  for (const auto& state : all) each(verification(connection, state, wanted).run());
  return all.size();
}

}  // namespace store
