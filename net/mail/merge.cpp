#include "net/mail/merge.hpp"

#include "net/assets.hpp"
#include "net/mail/render.hpp"
#include "net/mail/unsendable.hpp"

namespace net::mail {
namespace {

namespace mustache = kainjow::mustache;

class strict_context final : public mustache::context<std::string> {
 public:
  using context::context;
  const mustache::data* get(const std::string& name) const override {
    const auto* found = context::get(name);
    if (!found) throw unsendable("a mail template names {{" + name + "}}, which it is not given");
    return found;
  }
};

}  // namespace

std::string merge(std::string_view path, const mustache::data& data, bool escape) {
  mustache::mustache page{std::string(asset("mail/templates/" + std::string(path)))};
  if (!escape) page.set_custom_escape([](const std::string& s) { return s; });
  strict_context context{&data};
  auto out = page.render(context);
  if (!page.is_valid())
    throw unsendable("the mail template " + std::string(path) + ": " + page.error_message());
  return out;
}

rendered_mail merge_mail(const std::string& name, const mustache::data& text, mustache::data& html,
                         std::string speaker) {
  // An empty line follows the subject.
  const auto words = merge(name + ".txt.mustache", text, false);
  const auto end = words.find('\n');
  if (end == std::string::npos || words.compare(end, 2, "\n\n") != 0)
    throw unsendable("the mail template " + name + ".txt.mustache does not begin with a subject line");
  rendered_mail out{words.substr(0, end), words.substr(end + 2), {}, std::move(speaker)};
  html.set("subject", mustache::data{out.subject});
  html.set("body", mustache::data{merge(name + ".html.mustache", html, true)});
  out.html = merge("layout.html.mustache", html, true);
  return out;
}

}  // namespace net::mail
