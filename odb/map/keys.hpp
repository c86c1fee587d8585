#pragma once
#include <string>

#include "model/ids.hpp"

/// The keys that SQL has and the model has not; virtual members of the mapped structs (pragmas.hpp).
namespace store {

/// The primary key of nearly every table: an organisation's rows stand together.
struct row_key {
  model::org_id org;
  model::uuid id;
};

template <class Row>
row_key key_of(const Row& row) {
  return {row.org, row.id.value};
}
template <class Row>
void put_key(Row& row, const row_key& key) {
  row.org = key.org;
  row.id.value = key.id;
}

/// The primary key of a membership.
struct member_key {
  model::org_id org;
  model::user_id user;
};

template <class Row>
member_key member_key_of(const Row& row) {
  return {row.org, row.user};
}
template <class Row>
void put_member_key(Row& row, const member_key& key) {
  row.org = key.org;
  row.user = key.user;
}

/// The primary key of an idempotency answer: the key is the user's own, hence no row_key.
struct answer_key {
  model::user_id user;
  std::string key;
};

}  // namespace store
