#include "net/mail/message.hpp"

#include <algorithm>

#include "net/mail/compose.hpp"
#include "net/mail/digest_mail.hpp"
#include "net/mail/document_attachment.hpp"
#include "net/mail/render.hpp"

namespace net::mail {
namespace {

rendered_mail words_of(const actors::outgoing_mail& mail) {
  auto fields = mail.fields;
  if (mail.digest) {
    const auto link = std::ranges::find(fields, "link", [](const auto& f) { return f.first; });
    return render_digest(*mail.digest, link == fields.end() ? "" : link->second);
  }
  fields.emplace_back("full_name", mail.to_name);  // found only where there is none before it
  return render(mail.template_name, fields);
}

}  // namespace

letter letter_of(const actors::outgoing_mail& mail, const sender& from) {
  auto words = words_of(mail);
  letter out{mail.id,
             from,
             mail.to_address,
             mail.to_name,
             std::move(words.subject),
             std::move(words.text),
             std::move(words.html),
             mail.written_at};
  if (!words.speaker.empty()) out.from.name = words.speaker;
  if (mail.document) out.attachments.push_back(as_pdf(*mail.document, mail.fields));
  return out;
}

std::string message_of(const actors::outgoing_mail& mail, const sender& from) {
  return compose(letter_of(mail, from));
}

}  // namespace net::mail
