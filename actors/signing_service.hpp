#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "model/document.hpp"
#include "model/fields.hpp"
#include "odb/rows.hpp"

namespace actors {

/// A document on its way to be signed.
struct signing_order {
  /// Ours; by it the service is asked whether it has the request already.
  model::signature_id id;
  std::string to_name, to_email;
  store::mailed_document document;
  /// What is printed beside the text: organisation, tenant, time_zone.
  model::fields fields;
  /// What fills the form, where the document is signed on one; all of it stands in the text. Without a value,
  /// what stays to be filled in by hand.
  model::fields values = {};
};

/// The number that the service gave a request.
using submission_id = std::int64_t;

enum class signing_progress { pending, completed, declined, expired };

/// Why a call came to nothing.
struct signing_trouble {
  enum class kind {
    try_later,  ///< nothing wrong with this request: the way was blocked
    set_up,     ///< the service was set up wrongly: only an operator can help
    refused     ///< this request will never be taken
  };
  kind what = kind::try_later;
  /// The service may have the request all the same.
  bool may_have_arrived = false;
  /// What happened and what to do. Holds no document, no key and no address.
  std::string detail;
  /// How long the service asked us to wait.
  std::optional<std::chrono::seconds> retry_after = {};
};

/// Which files are still to be fetched.
struct wanted_files {
  bool signed_copy = true;
  bool signing_audit = true;
  bool any() const { return signed_copy || signing_audit; }
};

struct signing_report {
  signing_progress progress = signing_progress::pending;
  /// Of a completed request, where they were wanted and could be had.
  std::optional<model::uploaded_file> signed_copy = {};
  std::optional<model::uploaded_file> signing_audit = {};
  /// Why one that was wanted is not there.
  std::string missing = {};
  /// Where the service itself tells who signed when: an address of its own, for browsers.
  std::optional<std::string> audit_url = {};
};

/// A service that has people sign documents and mails them itself. All of it blocks, but never longer than
/// the service's own time limits, and never throws for what the network or the other side does.
class signing_service {
 public:
  virtual ~signing_service() = default;
  /// The request as the service knows it; nothing where it knows none. Of several the oldest.
  virtual std::variant<std::optional<submission_id>, signing_trouble> find(model::signature_id id) = 0;
  virtual std::variant<submission_id, signing_trouble> request(const signing_order& what) = 0;
  /// How far it is, with the files that are wanted of it.
  virtual std::variant<signing_report, signing_trouble> look(submission_id which, wanted_files wanted) = 0;
};

}  // namespace actors
