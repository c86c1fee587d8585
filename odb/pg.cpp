#include "odb/pg.hpp"

#include <libpq-fe.h>

#include <charconv>
#include <vector>

namespace store {
namespace {

std::string trimmed(const char* text) {
  std::string line = text ? text : "";
  while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.pop_back();
  return line;
}

constexpr auto connection_failure = "08006";

}  // namespace

sql_error::sql_error(std::string sqlstate, const std::string& message)
    : std::runtime_error(message + " (SQLSTATE " + sqlstate + ")"), sqlstate_(std::move(sqlstate)) {}

void sql_result::release::operator()(pg_result* result) const { PQclear(result); }

sql_result::sql_result(pg_result* owned) : result_(owned) {}

int sql_result::rows() const { return PQntuples(result_.get()); }
int sql_result::columns() const { return PQnfields(result_.get()); }

long sql_result::affected() const {
  const std::string_view count = PQcmdTuples(result_.get());
  long value = 0;
  std::from_chars(count.data(), count.data() + count.size(), value);
  return value;
}

bool sql_result::is_null(int row, int column) const {
  if (row < 0 || row >= rows() || column < 0 || column >= columns())
    throw std::out_of_range("no row " + std::to_string(row) + ", column " + std::to_string(column) +
                            " in this result");
  return PQgetisnull(result_.get(), row, column) != 0;
}

std::string_view sql_result::text(int row, int column) const {
  if (is_null(row, column)) return {};
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

long sql_result::number(int row, int column) const {
  const auto digits = text(row, column);
  long value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty())
    throw std::invalid_argument("the field is not a whole number");
  return value;
}

void sql_connection::release::operator()(pg_conn* connection) const { PQfinish(connection); }

sql_connection::sql_connection(const std::string& conninfo) {
  // The conninfo is expanded in the place of dbname and overrides what stands before it.
  const char* keys[] = {"connect_timeout", "client_encoding", "dbname", nullptr};
  const char* values[] = {"10", "UTF8", conninfo.c_str(), nullptr};
  connection_.reset(PQconnectdbParams(keys, values, 1));
  if (!connection_ || PQstatus(connection_.get()) != CONNECTION_OK) fail(nullptr);
  // libpq prints notices to stderr, which is the log's place.
  PQsetNoticeReceiver(
      connection_.get(), [](void*, const PGresult*) {}, nullptr);
}

sql_result sql_connection::exec(const std::string& sql, std::span<const sql_text> parameters) {
  std::vector<const char*> values;
  values.reserve(parameters.size());
  for (const auto& parameter : parameters) {
    if (parameter && parameter->find('\0') != std::string::npos)
      throw std::invalid_argument("a parameter of the statement holds a NUL character");
    values.push_back(parameter ? parameter->c_str() : nullptr);
  }
  auto* raw = PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                           values.data(), nullptr, nullptr, 0);
  sql_result result(raw);
  const auto status = PQresultStatus(raw);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(raw);
  return result;
}

sql_result sql_connection::exec(const std::string& sql, std::initializer_list<sql_text> parameters) {
  return exec(sql, std::span<const sql_text>(parameters.begin(), parameters.size()));
}

void sql_connection::script(const std::string& sql) {
  auto* raw = PQexec(connection_.get(), sql.c_str());
  const sql_result result(raw);
  const auto status = PQresultStatus(raw);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) fail(raw);
}

bool sql_connection::in_transaction() const {
  const auto status = PQtransactionStatus(connection_.get());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

int sql_connection::server_version() const { return PQserverVersion(connection_.get()); }

std::string sql_connection::quote_name(const std::string& name) const {
  const std::unique_ptr<char, void (*)(void*)> quoted(
      PQescapeIdentifier(connection_.get(), name.data(), name.size()), PQfreemem);
  if (!quoted) fail(nullptr);
  return quoted.get();
}

void sql_connection::fail(pg_result* result) const {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (state && primary) throw sql_error(state, primary);
  throw sql_error(connection_failure, trimmed(PQerrorMessage(connection_.get())));
}

std::string conninfo_pair(std::string_view key, std::string_view value) {
  std::string text(key);
  text += "='";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

server_answer ping(const std::string& conninfo) {
  switch (PQping(conninfo.c_str())) {
    case PQPING_OK:
      return server_answer::ready;
    case PQPING_REJECT:
      return server_answer::busy;
    default:
      return server_answer::silent;
  }
}

}  // namespace store
