#pragma once
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/messages.hpp"
#include "net/form.hpp"

namespace net {

class schemas;

// --- what a request comes to: a message for an actor, or something the edge does itself

struct case_call {
  model::case_id of_case;
  actors::case_request what;
};
struct org_call {
  /// Whatever the path or the body names the organisation by.
  actors::locate where;
  actors::org_request what;
};
struct sign_in_call {
  std::string email;
};
struct redeem_call {
  std::string token;
  std::optional<std::string> email;
};
/// The body is to become a document's content; `file_name` may be a path.
struct upload_call {
  model::case_id of_case;
  model::document_id document;
  std::string file_name;
};
/// The body is a form with a file in it, which is to become a document of its own.
struct form_call {
  model::case_id of_case;
};
/// To be told what changes on the case, as it happens.
struct events_call {
  model::case_id of_case;
};
/// Another service tells something by itself. Who it is, the signature over the body says.
enum class webhook { resend, docuseal };
struct webhook_call {
  webhook from = webhook::resend;
};
struct openapi_call {};
/// The plain pages for people (net/pages.hpp).
enum class page { login, login_form, home, sign_out_form, style };
struct page_call {
  net::page which;
  pairs fields;
};

using call =
    std::variant<case_call, org_call, actors::list_request, actors::login_request, sign_in_call, redeem_call,
                 upload_call, form_call, events_call, webhook_call, openapi_call, page_call>;
using parsed = std::variant<call, model::refusal>;

// --- the table

enum class credential { none, login };
/// `signed_bytes` are for a webhook: whatever they are, as they came, since the signature is over them.
enum class content { none, json, json_if_any, json_or_file, form, bytes, signed_bytes };
/// How large what is signed may be: known from Content-Length, before it is read.
inline constexpr std::size_t largest_webhook = 256 * 1024;
enum class parameter {
  state,
  limit,
  cursor,
  stream,
  status,
  org,
  text,
  without_case,
  kind,
  by,
  from,
  to,
  file_name,
  words,
  task_cursor,
  month,
  recipient
};

/// What the parser of a route gets.
struct route_input {
  std::span<const model::uuid> ids;  ///< from the path, in its order
  const pairs& query;                ///< checked: known names, each once, values of their kind
  std::string_view body;             ///< of the content type the route takes; `{}` where it may be empty
  std::optional<model::month> month = {};  ///< from the path, where it has `{month}`
  template <class Id>
  Id id(std::size_t i) const {
    return Id{ids[i]};
  }
  actors::list_part part() const;
};

/// Puts a type's schema among the components and gives what refers to it.
using shape = std::string (*)(schemas&);

/// One line of the API: from it come the routing, the checks and the OpenAPI document.
struct route {
  std::string_view method;
  std::string_view path;  ///< `{…}` are ids, `{month}` is a month
  std::string_view id;    ///< operationId
  std::string_view summary;
  std::string_view tag;  ///< `pages` stay out of the OpenAPI document
  credential needs = credential::login;
  content takes = content::none;
  shape body = nullptr;
  shape answer = nullptr;
  unsigned success = 200;
  std::vector<parameter> query = {};
  std::vector<unsigned> refusals = {};  ///< statuses beyond those that follow from the rest
  parsed (*parse)(const route_input&) = nullptr;
  /// The collection in the Location of what was made, where it is not the path itself.
  std::string_view made_in = {};
  /// What a streamed answer can be, in place of `answer`.
  std::vector<std::string_view> streams = {};
  /// A GET that leaves something behind: there is no HEAD for it, and it is never answered with 304.
  bool leaves_trace = false;
};

std::string_view name_of(parameter p);
/// Checks a raw query against what a route takes; `bad_request` names the parameter that will not do.
std::variant<pairs, model::refusal> read_query(const route& r, std::string_view raw);

/// What stands at a path.
struct found_route {
  const route* matched = nullptr;     ///< null where the method or the path is unknown
  std::vector<std::string> segments;  ///< what stands for the `{…}`, decoded
  std::string allow;                  ///< of a known path: its methods, as the Allow header lists them
  /// The ids among them. Nothing where one is no id, or no month where a month stands: then there is nothing
  /// at this path.
  std::optional<std::vector<model::uuid>> ids() const;
  std::optional<model::month> month() const;
};

class route_table {
 public:
  explicit route_table(std::vector<route> all);
  ~route_table();
  route_table(const route_table&) = delete;
  route_table& operator=(const route_table&) = delete;
  const std::vector<route>& all() const { return all_; }
  /// HEAD is served as GET. Segments are decoded one by one, so that an encoded slash separates nothing.
  found_route find(std::string_view method, std::string_view path) const;

 private:
  struct step;
  std::vector<route> all_;
  std::unique_ptr<step> root_;
};

/// Every route there is.
const route_table& routes();

// The parts of the table, by area.
void add_login_routes(std::vector<route>& all);
void add_organisation_routes(std::vector<route>& all);
void add_list_routes(std::vector<route>& all);
void add_case_routes(std::vector<route>& all);
void add_goal_routes(std::vector<route>& all);
void add_record_routes(std::vector<route>& all);
void add_event_routes(std::vector<route>& all);
void add_document_routes(std::vector<route>& all);
void add_outbox_routes(std::vector<route>& all);
void add_webhook_routes(std::vector<route>& all);
void add_page_routes(std::vector<route>& all);
void add_digest_routes(std::vector<route>& all);
void add_retention_routes(std::vector<route>& all);

}  // namespace net
