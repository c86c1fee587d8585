#pragma once
#include <boost/mp11.hpp>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "model/fields.hpp"
#include "model/shapes.hpp"

namespace model {

// The form in which values travel between nodes: no names, numbers in as few bytes as they need. Both ends
// run the same descriptions; a member that is not described does not travel.

/// Writes the pieces of the wire form at the end of a string.
class wire_writer {
 public:
  explicit wire_writer(std::string& out) : out_(out) {}

  void byte(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  /// Seven bits a byte, lowest first.
  void number(std::uint64_t value);
  void bytes(std::string_view value) { out_.append(value); }
  void text(std::string_view value) {
    number(value.size());
    bytes(value);
  }

 private:
  std::string& out_;
};

/// Reads what `wire_writer` wrote. Every answer lies within the given bytes.
/// Throws std::invalid_argument for anything the writer cannot have written.
class wire_reader {
 public:
  explicit wire_reader(std::string_view in) : in_(in) {}

  std::uint8_t byte();
  bool flag();
  std::uint64_t number();
  std::string_view bytes(std::size_t count);
  std::string_view text() { return bytes(length()); }
  /// How many things of at least one byte each follow: never more than there are bytes left.
  std::size_t length();
  /// To be called last: nothing may be left over.
  void end() const;
  [[noreturn]] static void malformed(const char* what);

 private:
  std::string_view in_;
};

namespace wire_detail {

// Small negative numbers shall be short too: the sign moves to the lowest bit.
constexpr std::uint64_t zigzag(std::int64_t v) {
  return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t v) {
  return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
}

template <std::signed_integral T>
T narrow_signed(wire_reader& in) {
  const auto value = unzigzag(in.number());
  if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max())
    wire_reader::malformed("a number out of range");
  return static_cast<T>(value);
}

template <std::unsigned_integral T>
T narrow_unsigned(wire_reader& in) {
  const auto value = in.number();
  if (value > std::numeric_limits<T>::max()) wire_reader::malformed("a number out of range");
  return static_cast<T>(value);
}

/// Values without parts: numbers, texts, enums, ids, times.
template <class T>
concept plain = whole_number<T> || described_enum<T> || std::same_as<T, bool> || std::same_as<T, double> ||
    std::same_as<T, std::string> || std::same_as<T, uuid> || std::same_as<T, instant> ||
    std::same_as<T, day> || is_id<T> || wrapped_text<T>;

template <plain T>
void write_plain(wire_writer& out, const T& value) {
  if constexpr (std::same_as<T, bool>)
    out.byte(value ? 1 : 0);
  else if constexpr (std::signed_integral<T>)
    out.number(zigzag(value));
  else if constexpr (std::unsigned_integral<T>)
    out.number(value);
  else if constexpr (std::same_as<T, double>)
    out.bytes({reinterpret_cast<const char*>(&value), sizeof value});
  else if constexpr (described_enum<T>)
    out.number(zigzag(static_cast<std::int64_t>(value)));
  else if constexpr (std::same_as<T, std::string>)
    out.text(value);
  else if constexpr (std::same_as<T, uuid>)
    out.bytes({reinterpret_cast<const char*>(value.data), sizeof value.data});
  else if constexpr (std::same_as<T, instant> || std::same_as<T, day>)
    out.number(zigzag(value.time_since_epoch().count()));
  else
    write_plain(out, value.value);
}

template <described_enum E>
void read_enum(wire_reader& in, E& value) {
  const auto read = narrow_signed<std::int64_t>(in);
  bool known = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
    if (static_cast<std::int64_t>(d.value) == read) {
      value = d.value;
      known = true;
    }
  });
  if (!known) wire_reader::malformed("an unknown enumerator");
}

template <plain T>
void read_plain(wire_reader& in, T& value) {
  if constexpr (std::same_as<T, bool>)
    value = in.flag();
  else if constexpr (std::signed_integral<T>)
    value = narrow_signed<T>(in);
  else if constexpr (std::unsigned_integral<T>)
    value = narrow_unsigned<T>(in);
  else if constexpr (std::same_as<T, double>)
    in.bytes(sizeof value).copy(reinterpret_cast<char*>(&value), sizeof value);
  else if constexpr (described_enum<T>)
    read_enum(in, value);
  else if constexpr (std::same_as<T, std::string>)
    value = in.text();
  else if constexpr (std::same_as<T, uuid>)
    in.bytes(sizeof value.data).copy(reinterpret_cast<char*>(value.data), sizeof value.data);
  else if constexpr (std::same_as<T, instant> || std::same_as<T, day>)
    value = T{typename T::duration{narrow_signed<typename T::rep>(in)}};
  else
    read_plain(in, value.value);
}

}  // namespace wire_detail

/// `value` in its wire form, one after the other.
template <class T>
void write_wire(wire_writer& out, const T& value) {
  if constexpr (wire_detail::plain<T>) {
    wire_detail::write_plain(out, value);
  } else if constexpr (is_if_permitted<T>) {
    write_wire(out, value.value);
  } else if constexpr (is_change<T>) {
    out.byte(value.given ? 1 : 0);
    write_wire(out, value.to);
  } else if constexpr (std::same_as<T, named_texts>) {
    write_wire(out, value.all);
  } else if constexpr (is_optional<T> || is_shared<T>) {
    out.byte(value ? 1 : 0);
    if (value) write_wire(out, *value);
  } else if constexpr (is_vector<T>) {
    out.number(value.size());
    for (const auto& item : value) {
      // `length()` bounds a list by the bytes that are left, so everything has to take one.
      if constexpr (std::is_empty_v<typename T::value_type>) out.byte(0);
      write_wire(out, item);
    }
  } else if constexpr (is_pair<T>) {
    write_wire(out, value.first);
    write_wire(out, value.second);
  } else if constexpr (is_variant<T>) {
    out.number(value.index());
    std::visit([&](const auto& held) { write_wire(out, held); }, value);
  } else if constexpr (std::same_as<T, std::monostate>) {
  } else if constexpr (described<T>) {
    boost::mp11::mp_for_each<members_of<T>>([&](auto d) { write_wire(out, value.*d.pointer); });
  } else {
    static_assert(has_no_form<T>, "this type has no wire form: describe it with BOOST_DESCRIBE_STRUCT");
  }
}

/// The other way. Throws std::invalid_argument; `value` is then good for nothing but being destroyed or
/// assigned.
template <class T>
void read_wire(wire_reader& in, T& value) {
  if constexpr (wire_detail::plain<T>) {
    wire_detail::read_plain(in, value);
  } else if constexpr (is_if_permitted<T>) {
    read_wire(in, value.value);
  } else if constexpr (is_change<T>) {
    value.given = in.flag();
    read_wire(in, value.to);
  } else if constexpr (std::same_as<T, named_texts>) {
    read_wire(in, value.all);
  } else if constexpr (is_optional<T>) {
    value.reset();
    if (in.flag()) read_wire(in, value.emplace());
  } else if constexpr (is_shared<T>) {
    value.reset();
    if (in.flag()) {
      auto held = std::make_shared<std::remove_const_t<typename T::element_type>>();
      read_wire(in, *held);
      value = std::move(held);
    }
  } else if constexpr (is_vector<T>) {
    value.clear();
    // Grows as items arrive: a length alone must not make anybody allocate.
    for (auto left = in.length(); left > 0; --left) {
      if constexpr (std::is_empty_v<typename T::value_type>)
        if (in.byte() != 0) wire_reader::malformed("something where nothing is");
      read_wire(in, value.emplace_back());
    }
  } else if constexpr (is_pair<T>) {
    read_wire(in, value.first);
    read_wire(in, value.second);
  } else if constexpr (is_variant<T>) {
    const auto index = in.number();
    if (index >= std::variant_size_v<T>) wire_reader::malformed("an unknown alternative");
    boost::mp11::mp_with_index<std::variant_size_v<T>>(
        static_cast<std::size_t>(index), [&](auto i) { read_wire(in, value.template emplace<i()>()); });
  } else if constexpr (std::same_as<T, std::monostate>) {
  } else if constexpr (described<T>) {
    boost::mp11::mp_for_each<members_of<T>>([&](auto d) { read_wire(in, value.*d.pointer); });
  } else {
    static_assert(has_no_form<T>, "this type has no wire form: describe it with BOOST_DESCRIBE_STRUCT");
  }
}

template <class T>
std::string pack(const T& value) {
  std::string out;
  wire_writer writer(out);
  write_wire(writer, value);
  return out;
}

/// Reads one value that fills `bytes` exactly. Throws std::invalid_argument for anything `pack` cannot have
/// made of a `T`, and then leaves `value` good for nothing but being destroyed or assigned.
template <class T>
void unpack(std::string_view bytes, T& value) {
  wire_reader reader(bytes);
  read_wire(reader, value);
  reader.end();
}

}  // namespace model
