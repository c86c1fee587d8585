#include "net/mail/message.hpp"

#include "net/mail/compose.hpp"
#include "net/mail/document_attachment.hpp"
#include "net/mail/render.hpp"

namespace net::mail {

std::string message_of(const actors::outgoing_mail& mail, const sender& from) {
  auto fields = mail.fields;
  fields.emplace_back("full_name", mail.to_name);  // found only where there is none before it
  auto words = render(mail.template_name, fields);
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
  return compose(out);
}

}  // namespace net::mail
