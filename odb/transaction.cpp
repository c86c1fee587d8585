#include "odb/transaction.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <odb/exceptions.hxx>
#include <odb/pgsql/error.hxx>
#include <odb/pgsql/exceptions.hxx>
#include <odb/pgsql/transaction.hxx>
#include <string_view>
#include <vector>

#include "odb/conninfo.hpp"
#include "odb/map/mapped-odb.hpp"
#include "odb/map/mapped.hpp"
#include "odb/session.hpp"

namespace store {
namespace {

constexpr std::array role_names = {"keywork_person",    "keywork_loader", "keywork_directory",
                                   "keywork_login",     "keywork_mailer", "keywork_provisioner",
                                   "keywork_retention", "keywork_digest", "keywork_signer"};

struct binding_values {
  std::string role, user, org;
};

/// The connection was not there, so that nothing was begun on it.
struct nothing_begun : unavailable {
  nothing_begun() : unavailable("the connection to the database was lost") {}
};

struct try_again : std::runtime_error {
  try_again() : std::runtime_error("the database could not serialize the transaction") {}
};

bool starts(std::string_view state, std::string_view prefix) { return state.starts_with(prefix); }

/// 08 connection, 53 resources, 57 operator or timeout, 58 system, 55P03 lock, 25P03 idle; nothing: no
/// connection.
bool means_unavailable(std::string_view state) {
  return state.empty() || starts(state, "08") || starts(state, "53") || starts(state, "57") ||
         starts(state, "58") || state == "55P03" || state == "25P03";
}

/// Primary messages of these classes name tables, columns and constraints; others may quote a value.
bool is_free_of_rows(std::string_view state) { return starts(state, "42") || starts(state, "23"); }

[[noreturn]] void translate(const odb::pgsql::database_exception& e) {
  const auto& state = e.sqlstate();
  if (state == "40001") throw try_again();
  if (means_unavailable(state))
    throw unavailable("the database cannot serve now" + (state.empty() ? "" : " (SQLSTATE " + state + ")"));
  auto text = "the database refused a statement (SQLSTATE " + state + ")";
  if (is_free_of_rows(state)) text += ": " + e.message();
  throw database_refusal(state, text);
}

}  // namespace

unit::unit(odb::pgsql::connection& connection, std::set<std::string>& prepared, const acting& who)
    : connection_(connection), prepared_(prepared), who_(who) {
  bind(who);
}

void unit::become(const acting& who) {
  if (who == who_) return;
  bind(who);
  who_ = who;
}

void unit::bind(const acting& who) {
  const binding_values values{role_names.at(static_cast<std::size_t>(who.as)),
                              who.user ? to_text(*who.user) : "", who.org ? to_text(*who.org) : ""};
  using query = odb::query<effect_view>;
  ask<effect_view>("bind", values, [](const binding_values& v) {
    return "SELECT set_config('role'," + query::_ref(v.role) + ",true) || set_config('keywork.user'," +
           query::_ref(v.user) + ",true) || set_config('keywork.org'," + query::_ref(v.org) + ",true)";
  });
}

long unit::change(const char* name, const char* sql, std::initializer_list<sql_text> values) {
  auto* handle = connection_.handle();
  const auto good = [&](PGresult* raw) {
    std::unique_ptr<PGresult, void (*)(PGresult*)> result(raw, PQclear);
    if (PQresultStatus(raw) != PGRES_COMMAND_OK) odb::pgsql::translate_error(connection_, raw);
    return result;
  };
  if (!prepared_.contains(name)) {
    good(PQprepare(handle, name, sql, static_cast<int>(values.size()), nullptr));
    prepared_.insert(name);
  }
  std::vector<const char*> texts;
  for (const auto& value : values) texts.push_back(value ? value->c_str() : nullptr);
  const auto result =
      good(PQexecPrepared(handle, name, static_cast<int>(texts.size()), texts.data(), nullptr, nullptr, 0));
  return std::strtol(PQcmdTuples(result.get()), nullptr, 10);
}

// The database's own pool is never asked: it hands out dead connections, and blocks for ever when it is
// empty.
transactions::transactions(const std::string& conninfo) : database_(session_conninfo(conninfo)) {}

void transactions::connect() {
  if (connection_) return;
  try {
    connection_ = odb::pgsql::connection_ptr(new (odb::details::shared) odb::pgsql::connection(database_));
  } catch (const odb::exception& e) {
    // libpq's text names host, user and reason, never the password.
    std::string why = e.what();
    std::ranges::replace(why, '\n', ' ');
    throw unavailable("cannot connect to the database: " + why);
  }
  // DETAIL quotes rows; neither it nor notices may reach a log.
  PQsetErrorVerbosity(connection_->handle(), PQERRORS_TERSE);
  PQsetNoticeReceiver(
      connection_->handle(), [](void*, const PGresult*) {}, nullptr);
}

void transactions::drop() {
  if (connection_) connection_->mark_failed();
  connection_.reset();
  prepared_.clear();
}

std::unique_ptr<odb::pgsql::transaction> transactions::begin() {
  try {
    return std::make_unique<odb::pgsql::transaction>(connection_->begin());
  } catch (const odb::exception&) {
    drop();
    throw nothing_begun();
  }
}

void transactions::attempt(const acting& who, mode how, const work_function& work) {
  connect();
  const auto open = begin();
  try {
    if (how == mode::snapshot) database_.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    unit u(*connection_, prepared_, who);
    work(u);
    open->commit();
  } catch (...) {
    // A rollback that fails too has lost the connection; the first error is the one to tell.
    try {
      if (!open->finalized()) open->rollback();
    } catch (const odb::exception&) {
      connection_->mark_failed();
    }
    throw;
  }
}

void transactions::run_any(const acting& who, mode how, const work_function& work) {
  constexpr int attempts = 3;
  bool replaced = false;
  for (int n = 1;; ++n) {
    try {
      try {
        attempt(who, how, work);
        if (connection_->failed()) drop();
        return;
      } catch (const odb::pgsql::database_exception& e) {
        drop();  // its statements are in doubt (42P05 afterwards)
        translate(e);
      } catch (const odb::deadlock&) {  // ODB's name for 40P01
        drop();
        throw try_again();
      } catch (const odb::recoverable&) {  // connection_lost, timeout
        drop();
        throw unavailable("the connection to the database was lost");
      } catch (const odb::object_already_persistent&) {
        throw database_refusal("23505", "a row with this key is there already (SQLSTATE 23505)");
      } catch (const odb::object_not_persistent&) {
        throw row_not_met();
      } catch (const odb::object_changed&) {
        throw row_not_met();
      }
    } catch (const nothing_begun&) {
      if (std::exchange(replaced, true)) throw;
    } catch (const try_again&) {
      if (n >= attempts) throw unavailable("the database is too busy with changes of the same rows");
    } catch (...) {
      if (connection_ && connection_->failed()) drop();
      throw;
    }
  }
}

}  // namespace store
