#pragma once
#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>

/// Not public: shown to the files that make words of templates.
namespace net::mail {

/// Fills in a template of net/mail/templates, for HTML with `escape`. Throws `unsendable` where the data does
/// not answer a tag, which would leave a gap in the mail.
std::string merge(std::string_view path, const kainjow::mustache::data& data, bool escape);

struct rendered_mail;

/// The words of the mail of this name, made of `text` and `html`, and spoken by `speaker`: the first line of
/// its text is the subject. Adds to `html` what the page around it needs.
rendered_mail merge_mail(const std::string& name, const kainjow::mustache::data& text,
                         kainjow::mustache::data& html, std::string speaker = {});

}  // namespace net::mail
