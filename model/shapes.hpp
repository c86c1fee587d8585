#pragma once
#include <boost/uuid/uuid.hpp>
#include <concepts>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "model/describe.hpp"
#include "model/ids.hpp"

namespace model {

// What the walkers over descriptions (JSON, wire) tell apart besides what describe.hpp names.

template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<id<Tag>> = true;
template <class T>
inline constexpr bool is_shared = false;
template <class T>
inline constexpr bool is_shared<std::shared_ptr<T>> = true;
template <class T>
inline constexpr bool is_pair = false;
template <class A, class B>
inline constexpr bool is_pair<std::pair<A, B>> = true;

/// A text with a check of its own at the door (`text<>`, `email_text`, `phone_text`): inside, it is its
/// `value`.
template <class T>
concept wrapped_text = std::is_class_v<T> && !described<T> && requires(T t) {
  requires std::same_as<decltype(t.value), std::string>;
};

template <class T>
concept whole_number = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

/// Stands in a `static_assert` that is only reached for types without a form.
template <class T>
inline constexpr bool has_no_form = false;

}  // namespace model
