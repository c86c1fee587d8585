#pragma once
#include <odb/wrapper-traits.hxx>
#include <optional>
#include <type_traits>

namespace odb {

/// std::optional as a column that may be NULL. ODB's compiler must see this before it reads the structs.
template <class T>
class wrapper_traits<std::optional<T>> {
 public:
  using wrapped_type = T;
  using unrestricted_wrapped_type = std::remove_cv_t<T>;
  using wrapper_type = std::optional<T>;
  static const bool null_handler = true;
  static const bool null_default = true;

  static bool get_null(const wrapper_type& value) { return !value; }
  static void set_null(wrapper_type& value) { value.reset(); }
  static const T& get_ref(const wrapper_type& value) { return *value; }
  static T& set_ref(wrapper_type& value) {
    if (!value) value.emplace();
    return *value;
  }
};

}  // namespace odb
