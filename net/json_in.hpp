#pragma once
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/case_commands.hpp"
#include "model/refusal.hpp"
#include "model/shapes.hpp"
#include "net/json_tree.hpp"

namespace net {

/// Everything that is wrong with one input, at most `most_faults` of it.
class input_faults {
 public:
  explicit input_faults(std::vector<model::field_error> first = {}) : found_(std::move(first)) {}
  void add(std::string field, std::string code, std::string message);
  bool any() const { return !found_.empty(); }
  /// The `invalid` refusal that tells them.
  model::refusal refuse() &&;

 private:
  std::vector<model::field_error> found_;
};

/// Where in the input a value stands; written out only when there is something to tell.
struct json_place {
  const json_place* around = nullptr;
  std::string_view name;
  std::size_t index = 0;
  std::string path() const;
};

namespace json_in_detail {

void read_bool(const json_node& from, bool& to, const json_place& at, input_faults& faults);
std::int64_t read_whole(const json_node& from, std::int64_t least, std::int64_t most, const json_place& at,
                        input_faults& faults);
/// The node's text; null, and a fault told, where it is none.
const std::string* string_of(const json_node& from, const json_place& at, input_faults& faults,
                             std::string_view wanted = "a text");
void read_bounded(const json_node& from, std::string& to, std::size_t least, std::size_t most,
                  const json_place& at, input_faults& faults);
void read_email(const json_node& from, std::string& to, const json_place& at, input_faults& faults);
void read_phone(const json_node& from, std::string& to, const json_place& at, input_faults& faults);
void read_named_texts(const json_node& from, model::named_texts& to, const json_place& at,
                      input_faults& faults);
void read_uuid(const json_node& from, model::uuid& to, const json_place& at, input_faults& faults);
void read_instant(const json_node& from, model::instant& to, const json_place& at, input_faults& faults);
void read_day(const json_node& from, model::day& to, const json_place& at, input_faults& faults);
void not_one_of(const std::vector<std::string_view>& allowed, const json_place& at, input_faults& faults);
bool is_kind(const json_node& from, json_kind wanted, const json_place& at, input_faults& faults);
void refuse_unknown(const json_node& from, const std::vector<std::string_view>& known, const json_place& at,
                    input_faults& faults);
void missing(const json_place& at, input_faults& faults);

template <class E>
void read_enum(const json_node& from, E& to, const json_place& at, input_faults& faults) {
  const auto* text = string_of(from, at, faults);
  if (!text) return;
  if (const auto found = model::parse_enum<E>(*text)) {
    to = *found;
    return;
  }
  std::vector<std::string_view> allowed;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
      [&](auto d) { allowed.push_back(model::outside_name(d.name)); });
  not_one_of(allowed, at, faults);
}

using name_list = std::initializer_list<std::string_view>;

template <class T>
void read_struct(const json_node& from, T& to, const json_place* at, input_faults& faults, name_list without);

template <class T>
void read_value(const json_node& from, T& to, const json_place& at, input_faults& faults) {
  if constexpr (model::is_optional<T>) {
    // Null is absent; what null shall take away is a `change_of`.
    if (from.kind != json_kind::null) read_value(from, to.emplace(), at, faults);
  } else if constexpr (model::is_change<T>) {
    to.given = true;
    read_value(from, to.to, at, faults);
  } else if constexpr (std::same_as<T, model::named_texts>) {
    read_named_texts(from, to, at, faults);
  } else if constexpr (std::same_as<T, bool>) {
    read_bool(from, to, at, faults);
  } else if constexpr (model::whole_number<T>) {
    using limits = std::numeric_limits<T>;
    to = static_cast<T>(read_whole(from, limits::min(), limits::max(), at, faults));
  } else if constexpr (model::described_enum<T>) {
    read_enum(from, to, at, faults);
  } else if constexpr (model::is_bounded_text<T>) {
    read_bounded(from, to.value, T::min, T::max, at, faults);
  } else if constexpr (std::same_as<T, model::email_text>) {
    read_email(from, to.value, at, faults);
  } else if constexpr (std::same_as<T, model::phone_text>) {
    read_phone(from, to.value, at, faults);
  } else if constexpr (model::is_id<T>) {
    read_uuid(from, to.value, at, faults);
  } else if constexpr (std::same_as<T, model::instant>) {
    read_instant(from, to, at, faults);
  } else if constexpr (std::same_as<T, model::day>) {
    read_day(from, to, at, faults);
  } else if constexpr (model::is_vector<T>) {
    if (!is_kind(from, json_kind::array, at, faults)) return;
    for (std::size_t i = 0; i < from.items.size(); ++i)
      read_value(from.items[i], to.emplace_back(), json_place{&at, {}, i}, faults);
  } else if constexpr (model::described<T>) {
    read_struct(from, to, &at, faults, {});
  } else {
    static_assert(model::has_no_form<T>,
                  "this type cannot come in: text needs a limit, structs a description");
  }
}

template <class T>
void read_struct(const json_node& from, T& to, const json_place* at, input_faults& faults,
                 name_list without) {
  if (!is_kind(from, json_kind::object, at ? *at : json_place{}, faults)) return;
  std::vector<std::string_view> known;
  boost::mp11::mp_for_each<model::members_of<T>>([&](auto d) {
    const auto name = model::outside_name(d.name);
    if (std::find(without.begin(), without.end(), name) != without.end()) return;
    known.push_back(name);
    const json_place here{at, name};
    auto& member = to.*d.pointer;
    using member_type = std::remove_reference_t<decltype(member)>;
    const auto* given = from.find(name);
    if (given)
      read_value(*given, member, here, faults);
    else if constexpr (!model::is_optional<member_type> && !model::is_change<member_type>)
      missing(here, faults);
  });
  refuse_unknown(from, known, at ? *at : json_place{}, faults);
}

}  // namespace json_in_detail

/// A body as a described type. Members are required unless they are `std::optional`, where null is absent;
/// `without` names members that the path fills in, which are then unknown here. Refusals: `bad_request` for
/// what is no acceptable JSON (see `parse_json`), `invalid` with every fault for what is not this type.
template <model::described T>
std::variant<T, model::refusal> read_json(std::string_view body,
                                          std::initializer_list<std::string_view> without = {}) {
  auto parsed = parse_json(body);
  if (auto* no = std::get_if<model::refusal>(&parsed)) return std::move(*no);
  auto& tree = std::get<json_tree>(parsed);
  input_faults faults(std::move(tree.faults));
  T value{};
  json_in_detail::read_struct(tree.root, value, nullptr, faults, without);
  if (faults.any()) return std::move(faults).refuse();
  return value;
}

}  // namespace net
