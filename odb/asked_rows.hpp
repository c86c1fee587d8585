#pragma once
#include <libpq-fe.h>

#include <initializer_list>
#include <odb/pgsql/error.hxx>
#include <vector>

#include "odb/value_texts.hpp"

/// Not public: statements whose answers are read column by column, where a view of ODB's would say no more.
namespace store {

/// The rows of one statement with bound values, as texts. Not prepared: for what is asked once in a while.
inline sql_result asked_rows(unit& u, const char* sql, std::initializer_list<sql_text> values) {
  std::vector<const char*> texts;
  for (const auto& value : values) texts.push_back(value ? value->c_str() : nullptr);
  PGresult* raw = PQexecParams(u.connection().handle(), sql, static_cast<int>(texts.size()), nullptr,
                               texts.data(), nullptr, nullptr, 0);
  const auto status = PQresultStatus(raw);
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return sql_result(raw);
  const std::unique_ptr<PGresult, void (*)(PGresult*)> failed(raw, PQclear);
  odb::pgsql::translate_error(u.connection(), failed.get());
  throw unavailable("the database did not answer a statement");
}

/// A timestamp's text, as every connection of the store gets it (ISO, UTC).
inline model::instant instant_of(std::string_view text) {
  std::string rfc(text);
  if (rfc.size() > 10) rfc[10] = 'T';
  const auto at = model::parse_instant(rfc + 'Z');
  if (!at) throw std::runtime_error("the database gave a timestamp that is none");
  return *at;
}
inline std::optional<model::instant> instant_of(const sql_result& rows, int row, int column) {
  if (rows.is_null(row, column)) return std::nullopt;
  return instant_of(rows.text(row, column));
}
template <class Id>
Id id_of(const sql_result& rows, int row, int column) {
  const auto id = model::parse_id<Id>(rows.text(row, column));
  if (!id) throw std::runtime_error("the database gave an id that is none");
  return *id;
}

}  // namespace store
