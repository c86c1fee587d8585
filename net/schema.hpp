#pragma once
#include <map>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

#include "model/case_commands.hpp"
#include "model/json.hpp"
#include "model/shapes.hpp"

namespace net {

/// Gathers the JSON Schemas (2020-12, as OpenAPI 3.1 wants them) of described types, each once under its
/// name.
class schemas {
 public:
  /// The schema of `T`, as JSON text: a `$ref` to a component for what has a name of its own. `without` names
  /// members that do not come from the body.
  template <class T>
  std::string of(const std::vector<std::string_view>& without = {});
  /// What comes in may leave out what is optional, and has no other members. Answers always name what they
  /// show, be it null, and may have more members one day.
  bool incoming = false;
  const std::map<std::string, std::string>& components() const { return components_; }
  /// `model::list_view<model::member_view>` is `member_view_list`.
  static std::string name_of(const std::type_info& type);

 private:
  template <class T>
  std::string struct_of(const std::vector<std::string_view>& without);
  template <class T>
  std::string enum_of();
  template <class T>
  std::string optional_of();

  std::map<std::string, std::string> components_;
};

namespace schema_detail {

std::string reference(const std::string& name);
std::string bounded_text(std::size_t least, std::size_t most);
std::string enumeration(const std::vector<std::string_view>& names);
std::string whole(bool signed_type, std::size_t bytes);
/// `"type":"x"` becomes `"type":["x","null"]`; a reference becomes a choice of it and null.
std::string nullable(const std::string& schema);
std::string object(const std::vector<std::pair<std::string, std::string>>& members,
                   const std::vector<std::string>& required, bool closed);
std::string choice(const std::vector<std::string>& schemas);

}  // namespace schema_detail

template <class T>
std::string schemas::of(const std::vector<std::string_view>& without) {
  using namespace schema_detail;
  if constexpr (model::is_optional<T>) {
    return nullable(of<typename T::value_type>());
  } else if constexpr (model::is_change<T>) {
    return of<decltype(T::to)>();
  } else if constexpr (std::same_as<T, model::named_texts>) {
    return R"({"type":"object","additionalProperties":{"type":"string","maxLength":5000},"maxProperties":100})";
  } else if constexpr (std::same_as<T, bool>) {
    return R"({"type":"boolean"})";
  } else if constexpr (model::whole_number<T>) {
    return whole(std::signed_integral<T>, sizeof(T));
  } else if constexpr (model::is_bounded_text<T>) {
    return bounded_text(T::min, T::max);
  } else if constexpr (std::same_as<T, model::email_text>) {
    return R"({"type":"string","format":"email","maxLength":254})";
  } else if constexpr (std::same_as<T, model::phone_text>) {
    return R"({"type":"string","description":"A UK number, or one that begins with + and the country."})";
  } else if constexpr (std::same_as<T, model::raw_json>) {
    return R"({"type":["object","null"]})";
  } else if constexpr (std::same_as<T, std::string>) {
    return R"({"type":"string"})";
  } else if constexpr (model::is_id<T> || std::same_as<T, model::uuid>) {
    return R"({"type":"string","format":"uuid"})";
  } else if constexpr (std::same_as<T, model::instant>) {
    return R"({"type":"string","format":"date-time"})";
  } else if constexpr (std::same_as<T, model::day>) {
    return R"({"type":"string","format":"date"})";
  } else if constexpr (model::described_enum<T>) {
    return enum_of<T>();
  } else if constexpr (model::is_vector<T>) {
    return R"({"type":"array","items":)" + of<typename T::value_type>() + "}";
  } else if constexpr (model::is_variant<T>) {
    std::vector<std::string> all;
    boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, T>>(
        [&](auto i) { all.push_back(of<typename decltype(i)::type>()); });
    return choice(all);
  } else {
    static_assert(model::described<T>, "this type has no schema: describe it with BOOST_DESCRIBE_STRUCT");
    return struct_of<T>(without);
  }
}

template <class T>
std::string schemas::enum_of() {
  std::vector<std::string_view> names;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
      [&](auto d) { names.push_back(model::outside_name(d.name)); });
  const auto name = name_of(typeid(T));
  components_.emplace(name, schema_detail::enumeration(names));
  return schema_detail::reference(name);
}

template <class T>
std::string schemas::struct_of(const std::vector<std::string_view>& without) {
  const auto name = name_of(typeid(T));
  if (components_.contains(name)) return schema_detail::reference(name);
  std::vector<std::pair<std::string, std::string>> members;
  std::vector<std::string> required;
  boost::mp11::mp_for_each<model::members_of<T>>([&](auto d) {
    using member_type = std::remove_reference_t<decltype(std::declval<T&>().*d.pointer)>;
    const auto member = std::string(model::outside_name(d.name));
    for (const auto& w : without)
      if (w == member) return;
    if constexpr (model::is_if_permitted<member_type>) {
      members.emplace_back(member, of<typename decltype(member_type::value)::value_type>());
    } else {
      members.emplace_back(member, of<member_type>());
      if (!incoming || !(model::is_optional<member_type> || model::is_change<member_type>))
        required.push_back(member);
    }
  });
  components_.emplace(name, schema_detail::object(members, required, incoming));
  return schema_detail::reference(name);
}

}  // namespace net
