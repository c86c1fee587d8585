#pragma once
#include <cstring>
#include <odb/pgsql/details/endian-traits.hxx>
#include <odb/pgsql/traits.hxx>
#include <stdexcept>
#include <string>
#include <string_view>

#include "model/describe.hpp"
#include "model/ids.hpp"
#include "model/time.hpp"
#include "odb/map/optional_traits.hpp"

/// How the model's own value types stand in PostgreSQL's binary protocol.
namespace odb::pgsql {

template <>
class value_traits<model::uuid, id_uuid> {
 public:
  using value_type = model::uuid;
  using query_type = value_type;
  using image_type = unsigned char*;
  static void set_value(value_type& value, const unsigned char* image, bool is_null) {
    if (is_null)
      value = {};
    else
      std::memcpy(value.data, image, sizeof value.data);
  }
  static void set_image(unsigned char* image, bool& is_null, const value_type& value) {
    is_null = false;
    std::memcpy(image, value.data, sizeof value.data);
  }
};
template <>
struct default_type_traits<model::uuid> {
  static const database_type_id db_type_id = id_uuid;
};

template <class Tag>
class value_traits<model::id<Tag>, id_uuid> {
 public:
  using value_type = model::id<Tag>;
  using query_type = value_type;
  using image_type = unsigned char*;
  static void set_value(value_type& value, const unsigned char* image, bool is_null) {
    value_traits<model::uuid, id_uuid>::set_value(value.value, image, is_null);
  }
  static void set_image(unsigned char* image, bool& is_null, const value_type& value) {
    value_traits<model::uuid, id_uuid>::set_image(image, is_null, value.value);
  }
};
template <class Tag>
struct default_type_traits<model::id<Tag>> {
  static const database_type_id db_type_id = id_uuid;
};

template <>
class value_traits<model::instant, id_timestamp> {
 public:
  using value_type = model::instant;
  using query_type = value_type;
  using image_type = long long;
  /// PostgreSQL counts microseconds from 2000-01-01.
  static constexpr long long epoch = 946'684'800'000'000;
  static void set_value(value_type& value, long long image, bool is_null) {
    value = value_type{std::chrono::microseconds{is_null ? 0 : details::endian_traits::ntoh(image) + epoch}};
  }
  static void set_image(long long& image, bool& is_null, const value_type& value) {
    is_null = false;
    image = details::endian_traits::hton(static_cast<long long>(value.time_since_epoch().count()) - epoch);
  }
};
template <>
struct default_type_traits<model::instant> {
  static const database_type_id db_type_id = id_timestamp;
};

template <>
class value_traits<model::day, id_date> {
 public:
  using value_type = model::day;
  using query_type = value_type;
  using image_type = int;
  /// PostgreSQL counts days from 2000-01-01.
  static constexpr int epoch = 10'957;
  static void set_value(value_type& value, int image, bool is_null) {
    value = value_type{std::chrono::days{is_null ? 0 : details::endian_traits::ntoh(image) + epoch}};
  }
  static void set_image(int& image, bool& is_null, const value_type& value) {
    is_null = false;
    image = details::endian_traits::hton(static_cast<int>(value.time_since_epoch().count()) - epoch);
  }
};
template <>
struct default_type_traits<model::day> {
  static const database_type_id db_type_id = id_date;
};

/// Described enums are kept as the names of their enumerators. A name that the program does not know is an
/// error: guessing one could show what is hidden.
template <model::described_enum E>
class value_traits<E, id_string> {
 public:
  using value_type = E;
  using query_type = E;
  using image_type = details::buffer;
  static void set_value(E& value, const details::buffer& image, std::size_t size, bool is_null) {
    if (is_null) return;
    const auto found = model::parse_enum<E>(std::string_view(image.data(), size));
    if (!found)
      throw std::runtime_error("a column holds a value that this version of the program does not know");
    value = *found;
  }
  static void set_image(details::buffer& image, std::size_t& size, bool& is_null, E value) {
    is_null = false;
    const auto name = model::to_text(value);
    size = name.size();
    if (size > image.capacity()) image.capacity(size);
    std::memcpy(image.data(), name.data(), size);
  }
};
template <model::described_enum E>
struct default_type_traits<E> {
  static const database_type_id db_type_id = id_string;
};

}  // namespace odb::pgsql
