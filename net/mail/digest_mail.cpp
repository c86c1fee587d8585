#include "net/mail/digest_mail.hpp"

#include <algorithm>

#include "model/digest_ledger.hpp"
#include "model/local_time.hpp"
#include "model/utf8.hpp"
#include "model/wording.hpp"
#include "net/mail/merge.hpp"
#include "net/mail/unsendable.hpp"

namespace net::mail {
namespace {

namespace mustache = kainjow::mustache;
using mustache::data;

data object() { return data{data::type::object}; }
data nothing() { return data{data::type::bool_false}; }
data truth(bool is) { return data{is ? data::type::bool_true : data::type::bool_false}; }

/// People's text in one line, or in several: without control characters, which a mail program could act on.
std::string clean(std::string_view text, bool one_line) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' && !one_line)
      out += c;
    else if (c == '\r')
      continue;
    else
      out += (c >= 0 && c < ' ') || c == 0x7f ? ' ' : c;
  }
  return out;
}

data line(std::string_view text) { return model::is_blank(text) ? nothing() : data{clean(text, true)}; }

/// Several lines; in plain text two characters in, so that nothing in them looks like a part of the mail.
data lines(std::string_view text, bool indented) {
  if (model::is_blank(text)) return nothing();
  auto out = clean(text, false);
  if (!indented) return data{out};
  std::string in = "  ";
  for (const char c : out) in += c == '\n' ? std::string("\n  ") : std::string(1, c);
  return data{in};
}

/// One of the mail's two forms.
class form {
 public:
  form(const model::digest& said, bool plain) : said_(said), plain_(plain) {}

  data all(const std::string& link) const {
    auto out = object();
    out.set("organisation", line(said_.organisation));
    out.set("recipient", line(said_.recipient));
    out.set("month", model::in_words(said_.month));
    out.set("link", link);
    data tenants{data::type::list};
    for (const auto& s : said_.sections) tenants << section(s);
    out.set("tenants", std::move(tenants));
    return out;
  }

 private:
  data at(model::instant when) const { return data{model::in_words(when, said_.time_zone)}; }

  data section(const model::digest_section& s) const {
    auto out = object();
    out.set("tenant", line(s.tenant));
    out.set("reference", line(s.reference));
    out.set("line", std::string(model::length_in_characters(s.tenant + ", " + s.reference), '-'));
    out.set("as_of", at(said_.as_of));
    out.set("has_goals", truth(!s.goals.empty()));
    out.set("has_sessions", truth(!s.sessions.empty()));
    out.set("has_notes", truth(!s.notes.empty()));
    out.set("more", truth(s.more));
    data goals{data::type::list}, sessions{data::type::list}, notes{data::type::list};
    for (const auto& g : s.goals) goals << goal(g);
    for (const auto& one : s.sessions) sessions << session(one);
    for (const auto& n : s.notes) notes << note(n);
    out.set("goals", std::move(goals));
    out.set("sessions", std::move(sessions));
    out.set("notes", std::move(notes));
    return out;
  }

  data goal(const model::digest_goal& g) const {
    auto out = object();
    out.set("title", line(g.title));
    out.set("description", lines(g.description, plain_));
    out.set("target_date", g.target_date ? data{model::in_words(*g.target_date)} : nothing());
    const auto& latest = g.latest_progress;
    out.set("progress", latest ? lines(latest->text, plain_) : nothing());
    out.set("progress_at", latest ? at(latest->created_at) : nothing());
    out.set("progress_by", latest ? line(latest->author_name) : nothing());
    return out;
  }

  data session(const model::digest_session& s) const {
    std::string with;
    for (const auto& name : s.attendees) with += (with.empty() ? "" : ", ") + name;
    auto out = object();
    out.set("at", at(s.starts_at));
    out.set("type", model::words(model::to_text(s.type)));
    out.set("status", model::words(model::to_text(s.status)));
    out.set("attendees", line(with));
    out.set("outcome", lines(s.outcome_note, plain_));
    return out;
  }

  data note(const model::digest_note& n) const {
    auto out = object();
    out.set("at", at(n.created_at));
    out.set("author", line(n.author_name));
    out.set("body", lines(n.body, plain_));
    return out;
  }

  const model::digest& said_;
  bool plain_;
};

}  // namespace

rendered_mail render_digest(const model::digest& said, const std::string& link) {
  if (model::is_blank(said.organisation) || model::is_blank(said.recipient))
    throw unsendable("a digest needs the organisation's and the recipient's names");
  auto text = form(said, true).all(link), html = form(said, false).all(link);
  return merge_mail(std::string(model::digest_template), text, html, clean(said.organisation, true));
}

}  // namespace net::mail
