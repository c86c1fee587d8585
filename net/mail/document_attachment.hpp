#pragma once
#include "actors/mail_transport.hpp"
#include "model/fields.hpp"
#include "net/mail/compose.hpp"

namespace net::mail {

/// A document as the PDF file that goes to its recipient. Nothing in it names the case: it may be the tenant
/// who reads it (R5). `fields` are the mail's: organisation, tenant, time_zone.
/// Throws `unsendable` for content that cannot be made a PDF.
attachment as_pdf(const actors::mailed_document& what, const model::fields& fields);

}  // namespace net::mail
