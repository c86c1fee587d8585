#pragma once
#include <array>
#include <boost/uuid/uuid.hpp>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "model/time.hpp"

namespace model {

using uuid = boost::uuids::uuid;

std::string to_text(const uuid& id);
/// The canonical 36 characters in either case; nothing for anything else.
std::optional<uuid> parse_uuid(std::string_view text);

/// The id of one kind of thing. Ids of different kinds do not mix: a note's id is no case's id.
template <class Tag>
struct id {
  uuid value{};
  bool is_nil() const { return value.is_nil(); }
  friend bool operator==(const id& a, const id& b) { return a.value == b.value; }
  friend std::strong_ordering operator<=>(const id& a, const id& b) {
    return a.value < b.value   ? std::strong_ordering::less
           : b.value < a.value ? std::strong_ordering::greater
                               : std::strong_ordering::equal;
  }
};

using org_id = id<struct org_tag>;
using user_id = id<struct user_tag>;
using landlord_id = id<struct landlord_tag>;
using property_id = id<struct property_tag>;
using tenancy_id = id<struct tenancy_tag>;
using tenant_id = id<struct tenant_tag>;
using case_id = id<struct case_tag>;
using note_id = id<struct note_tag>;
using collaborator_id = id<struct collaborator_tag>;
using login_id = id<struct login_tag>;
using link_id = id<struct link_tag>;
using mail_id = id<struct mail_tag>;
using audit_id = id<struct audit_tag>;
using revision_id = id<struct revision_tag>;
using goal_id = id<struct goal_tag>;
using progress_id = id<struct progress_tag>;
using session_id = id<struct session_tag>;
using document_id = id<struct document_tag>;
using file_id = id<struct file_tag>;
using template_id = id<struct template_tag>;
using digest_id = id<struct digest_tag>;
using retention_run_id = id<struct retention_run_tag>;
using erasure_id = id<struct erasure_tag>;
using signature_id = id<struct signature_tag>;

template <class Tag>
std::string to_text(const id<Tag>& i) {
  return to_text(i.value);
}
template <class Id>
std::optional<Id> parse_id(std::string_view text) {
  const auto value = parse_uuid(text);
  return value ? std::optional<Id>{Id{*value}} : std::nullopt;
}

/// UUID version 7 (RFC 9562): 48 bits of milliseconds, then the 74 given random bits.
uuid uuid_v7(instant at, const std::array<std::uint8_t, 10>& random);

/// Where new ids come from. The service draws them from the clock and the system's randomness; a test counts.
class id_source {
 public:
  virtual ~id_source() = default;
  virtual uuid next() = 0;
  template <class Id>
  Id make() {
    return Id{next()};
  }
};

}  // namespace model

template <class Tag>
struct std::hash<model::id<Tag>> {
  std::size_t operator()(const model::id<Tag>& i) const noexcept { return boost::uuids::hash_value(i.value); }
};
