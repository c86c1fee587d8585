#pragma once
#include <functional>
#include <memory>
#include <odb/pgsql/connection.hxx>
#include <odb/pgsql/database.hxx>
#include <odb/pgsql/query.hxx>
#include <odb/prepared-query.hxx>
#include <odb/result.hxx>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "model/ids.hpp"
#include "odb/pg.hpp"

/// Not public: the one way in which the store talks to PostgreSQL. Shown to odb/*.cpp alone.
namespace store {

/// What a transaction is for. Each has a role of its own in the database, which can do that and nothing else.
enum class purpose { person, loader, directory, login, mailer, provisioner, retention, digest, signer };

/// For whom a transaction acts: what row-level security is told.
struct acting {
  purpose as = purpose::person;
  std::optional<model::user_id> user = {};
  std::optional<model::org_id> org = {};
  friend bool operator==(const acting&, const acting&) = default;
};

/// PostgreSQL refused a statement. The text names the SQLSTATE and at most the table and rule, never a row.
struct database_refusal : std::runtime_error {
  database_refusal(std::string state, const std::string& text)
      : std::runtime_error(text), sqlstate(std::move(state)) {}
  std::string sqlstate;
};

/// An update met no row: its version moved on, or row-level security hides it from the one who asks.
struct row_not_met : std::runtime_error {
  row_not_met() : std::runtime_error("the row to be changed is not there in the expected version") {}
};

/// One open transaction.
class unit {
 public:
  /// `prepared` holds the names of the connection's statements that `change` made.
  unit(odb::pgsql::connection& connection, std::set<std::string>& prepared, const acting& who);

  odb::pgsql::database& db() { return connection_.database(); }
  odb::pgsql::connection& connection() { return connection_; }

  /// From here on in this transaction, act for somebody else. Costs one round trip; none if it is the same.
  void become(const acting& who);

  /// Runs a changing statement with bound values, prepared once per connection under `name`, and answers how
  /// many rows it met. For what ODB's objects cannot say: conditions on a change, several rows at once.
  long change(const char* name, const char* sql, std::initializer_list<sql_text> values);

  /// Runs a statement that is prepared once per connection under `name`. `make(Values&)` makes the odb::query
  /// with references to the values. `name` is a literal: ODB keeps the pointer. A statement is used under one
  /// role only: PostgreSQL plans it anew for each role.
  template <class Row, class Values, class Make>
  odb::result<Row> ask(const char* name, const Values& values, Make make) {
    Values* kept = nullptr;
    auto query = connection_.lookup_query<Row>(name, kept);
    if (query) {
      *kept = values;
      return query.execute();
    }
    auto fresh = std::make_unique<Values>(values);
    auto made = connection_.prepare_query<Row>(name, odb::query<Row>(make(*fresh)));
    connection_.cache_query(made, std::move(fresh));
    return made.execute();
  }

 private:
  void bind(const acting& who);
  odb::pgsql::connection& connection_;
  std::set<std::string>& prepared_;
  acting who_;
};

/// A snapshot sees one moment through all its statements, and changes nothing.
enum class mode { changing, snapshot };

/// A connection made when first needed and replaced when it failed.
class transactions {
 public:
  explicit transactions(const std::string& conninfo);

  /// Runs `work` in one transaction bound to `who`. What PostgreSQL calls a serialization failure or a
  /// deadlock is tried again, three times in all; a connection found dead before anything was begun is
  /// replaced once. Throws `unavailable`, `database_refusal`, `row_not_met`, and what `work` throws.
  template <class Work>
  auto run(const acting& who, Work work, mode how = mode::changing) {
    using answer = std::invoke_result_t<Work, unit&>;
    if constexpr (std::is_void_v<answer>) {
      run_any(who, how, work);
    } else {
      std::optional<answer> kept;
      run_any(who, how, [&](unit& u) { kept.emplace(work(u)); });
      return std::move(*kept);
    }
  }

 private:
  using work_function = std::function<void(unit&)>;
  void run_any(const acting& who, mode how, const work_function& work);
  void attempt(const acting& who, mode how, const work_function& work);
  void connect();
  std::unique_ptr<odb::pgsql::transaction> begin();
  void drop();

  odb::pgsql::database database_;
  odb::pgsql::connection_ptr connection_;
  std::set<std::string> prepared_;
};

}  // namespace store
