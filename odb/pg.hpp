#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

struct pg_conn;
struct pg_result;

namespace store {

/// Told what is being done, one plain sentence at a time, for a person who waits. May be empty; must not
/// throw.
using progress = std::function<void(std::string_view)>;

/// A statement or connection that failed. The text is PostgreSQL's primary message only: its DETAIL may quote
/// rows, and rows are personal data.
class sql_error : public std::runtime_error {
 public:
  /// `sqlstate` is the five-character code; `08006` for a connection that is not there.
  sql_error(std::string sqlstate, const std::string& message);
  const std::string& sqlstate() const { return sqlstate_; }

 private:
  std::string sqlstate_;
};

/// A bound parameter or a field in PostgreSQL's text form; nothing is NULL.
using sql_text = std::optional<std::string>;

/// The rows of one statement. Rows and columns count from 0; asking beyond them throws std::out_of_range.
class sql_result {
 public:
  explicit sql_result(pg_result* owned);
  int rows() const;
  int columns() const;
  /// Rows changed by INSERT, UPDATE, DELETE; 0 for other statements.
  long affected() const;
  bool is_null(int row, int column) const;
  /// The field's text, empty for NULL. Valid as long as this result.
  std::string_view text(int row, int column) const;
  /// The field as a truth value (`t`).
  bool truth(int row, int column) const { return text(row, column) == "t"; }
  /// The field as a whole number; throws std::invalid_argument for anything else.
  long number(int row, int column) const;

 private:
  struct release {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, release> result_;
};

/// One connection, closed at the end of its life. Serves one thread at a time.
class sql_connection {
 public:
  /// Connects, at most 10 seconds unless the conninfo says otherwise. Throws sql_error.
  explicit sql_connection(const std::string& conninfo);

  /// One statement with bound parameters ($1, $2, …). Throws sql_error; std::invalid_argument for a parameter
  /// with a NUL character, which libpq would cut off in silence.
  sql_result exec(const std::string& sql, std::span<const sql_text> parameters = {});
  sql_result exec(const std::string& sql, std::initializer_list<sql_text> parameters);

  /// Several statements in one text, without parameters. Throws sql_error.
  void script(const std::string& sql);

  /// True inside BEGIN … COMMIT, a failed transaction included.
  bool in_transaction() const;
  /// 150020 for PostgreSQL 15.20.
  int server_version() const;
  /// The name of the role as an SQL identifier, quoted.
  std::string quote_name(const std::string& name) const;

 private:
  struct release {
    void operator()(pg_conn* connection) const;
  };
  [[noreturn]] void fail(pg_result* result) const;
  std::unique_ptr<pg_conn, release> connection_;
};

/// `key='value'` for a libpq connection string, escaped.
std::string conninfo_pair(std::string_view key, std::string_view value);

/// Whether a server answers there: `ready`, `busy` while it starts or stops, `silent` when nobody answers.
enum class server_answer { ready, busy, silent };
server_answer ping(const std::string& conninfo);

}  // namespace store
