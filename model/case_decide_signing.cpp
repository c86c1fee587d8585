#include "model/case_decide_parts.hpp"
#include "model/file_type.hpp"
#include "model/signing.hpp"

namespace model {

bool takes_from_service(signing_status now, signing_status told) {
  if (told == signing_status::requested || told == now) return false;
  return told == signing_status::signed_ || now == signing_status::requested || now == signing_status::failed;
}

namespace deciding {
namespace {

bool is_kept(const std::optional<uploaded_file>& file) {
  return file && file->bytes && file->media_type == pdf_type;
}

/// The files that came and are not there yet; nothing where there is none.
std::optional<document_signed_copy_kept> kept_with(const document& d, const settle_signature& told,
                                                   const moment& at) {
  document_signed_copy_kept e{d, {}, {}};
  if (is_kept(told.signed_copy) && !d.signed_file) {
    e.signed_copy = told.signed_copy->bytes;
    e.after.signed_file = at.ids.make<file_id>();
    e.after.signed_size = static_cast<std::int64_t>(e.signed_copy->size());
    e.after.signed_sha256 = told.signed_copy->sha256;
  }
  if (is_kept(told.signing_audit) && !d.signing_audit_file) {
    e.signing_audit = told.signing_audit->bytes;
    e.after.signing_audit_file = at.ids.make<file_id>();
    e.after.signing_audit_size = static_cast<std::int64_t>(e.signing_audit->size());
    e.after.signing_audit_sha256 = told.signing_audit->sha256;
  }
  if (!e.signed_copy && !e.signing_audit) return std::nullopt;
  return e;
}

}  // namespace

// On a closed case too: it is nobody's work on the case, and what was signed must not be lost (decision 13).
result decide(const support_case& c, role, const caller& by, const settle_signature& cmd, const moment& at) {
  if (by.part != service_part::signer) return refusal::not_found();
  const auto* d = c.find(cmd.document);
  if (!d || !d->signing) return refusal::not_found();
  events out;
  auto now = *d;
  if (takes_from_service(*d->signing, cmd.status)) {
    now.signing = cmd.status;
    now.signing_error = cmd.status == signing_status::failed ? cmd.error : std::nullopt;
    out.push_back(document_signed{now});
  }
  if (cmd.status == signing_status::signed_)
    if (auto kept = kept_with(now, cmd, at)) out.push_back(std::move(*kept));
  return out;
}

}  // namespace deciding
}  // namespace model
