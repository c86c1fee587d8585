#include <sodium.h>

#include "odb/value_texts.hpp"

namespace store {
namespace {

/// Of an uploaded file a row, and a piece in memory.
constexpr std::size_t chunk_size = 256 * 1024;

/// PostgreSQL's text form of a bytea.
std::string hex(const std::string& bytes) {
  std::string out(2 + 2 * bytes.size() + 1, '\0');
  out[0] = '\\';
  out[1] = 'x';
  sodium_bin2hex(out.data() + 2, out.size() - 2, reinterpret_cast<const unsigned char*>(bytes.data()),
                 bytes.size());
  out.pop_back();
  return out;
}

void drop_text(unit& u, const model::document& d) {
  u.change("drop_document_text", "DELETE FROM keywork.document_texts WHERE org_id = $1 AND document_id = $2",
           {to_text(d.org), to_text(d.id)});
}

void keep_text(unit& u, const model::document& d, const std::string& body,
               const std::optional<std::string>& signing_values = {}) {
  u.change("keep_document_text",
           "INSERT INTO keywork.document_texts (org_id, document_id, case_id, body, signing_values)"
           " VALUES ($1, $2, $3, $4, $5)",
           {to_text(d.org), to_text(d.id), to_text(d.of_case), body, signing_values});
}

void drop_chunks(unit& u, const model::document& d) {
  u.change("drop_document_chunks",
           "DELETE FROM keywork.document_chunks WHERE org_id = $1 AND document_id = $2",
           {to_text(d.org), to_text(d.id)});
}

void keep_chunks(unit& u, const model::document& d, const model::file_source& bytes) {
  std::int64_t index = 0;
  for (std::uint64_t at = 0; at < bytes.size(); at += chunk_size)
    u.change("keep_document_chunk",
             "INSERT INTO keywork.document_chunks (org_id, file_id, index, document_id, case_id, bytes)"
             " VALUES ($1, $2, $3, $4, $5, $6)",
             {to_text(d.org), to_text(d.file.value()), std::to_string(index++), to_text(d.id),
              to_text(d.of_case), hex(bytes.read(at, chunk_size))});
}

/// What was made of a document elsewhere, beside its content. As keywork_signer.
void keep_signed_chunks(unit& u, const model::document& d, model::file_id file, const char* kept_as,
                        const model::file_source& bytes) {
  std::int64_t index = 0;
  for (std::uint64_t at = 0; at < bytes.size(); at += chunk_size)
    u.change(
        "keep_signed_chunk",
        "INSERT INTO keywork.document_chunks (org_id, file_id, index, document_id, case_id, kept_as, bytes)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        {to_text(d.org), to_text(file), std::to_string(index++), to_text(d.id), to_text(d.of_case), kept_as,
         hex(bytes.read(at, chunk_size))});
}

struct document_values {
  model::org_id org;
  model::document_id id;
};

struct chunk_values {
  model::org_id org;
  model::document_id document;
  model::file_id file;
  std::int32_t index = 0;
};

std::optional<std::string> text_of(unit& u, const char* name, const document_values& values) {
  using query = odb::query<text_view>;
  auto found = first_of(u.ask<text_view>(name, values, [](const document_values& v) {
    return "SELECT body FROM keywork.document_texts WHERE org_id =" + query::_ref(v.org) +
           " AND document_id =" + query::_ref(v.id);
  }));
  return found ? std::optional{std::move(found->text)} : std::nullopt;
}

std::optional<std::string> chunk_of(unit& u, const char* name, const chunk_values& values) {
  using query = odb::query<bytes_view>;
  auto found = first_of(u.ask<bytes_view>(name, values, [](const chunk_values& v) {
    return "SELECT bytes FROM keywork.document_chunks WHERE org_id =" + query::_ref(v.org) +
           " AND file_id =" + query::_ref(v.file) + " AND index =" + query::_ref(v.index) +
           " AND document_id =" + query::_ref(v.document);
  }));
  if (!found) return std::nullopt;
  return std::string(found->bytes.begin(), found->bytes.end());
}

}  // namespace

void keep_document(unit& u, const model::document_created& e) {
  u.db().persist(e.after);
  if (e.body) keep_text(u, e.after, *e.body, e.signing_values);
}

// The content before the row: what is frozen takes none any more, and the row's change may freeze it.
void keep_document(unit& u, const model::document_edited& e) {
  if (e.body) {
    drop_text(u, e.after);
    drop_chunks(u, e.after);
    if (!e.body->empty()) keep_text(u, e.after, *e.body);
  }
  u.db().update(e.after);
}

void keep_document(unit& u, const model::document_file_attached& e) {
  drop_text(u, e.after);
  drop_chunks(u, e.after);
  keep_chunks(u, e.after, *e.bytes);
  u.db().update(e.after);
}

// The request behind the document's change: it is taken of a document that is being signed alone.
void keep_document(unit& u, const model::document_sent& e) {
  u.db().update(e.after);
  if (!e.signature) return;
  const auto& d = e.after;
  u.change(
      "keep_signature_request",
      "INSERT INTO keywork.signature_requests (org_id, id, case_id, document_id, state, attempts,"
      " next_attempt_at, written_at) VALUES ($1, $2, $3, $4, 'queued', 0, $5, $5)",
      {to_text(d.org), to_text(*e.signature), to_text(d.of_case), to_text(d.id), to_text(d.sent_at.value())});
}

// These columns alone, since keywork_signer may write no others.
void keep_document(unit& u, const model::document_signed& e) {
  const auto& d = e.after;
  const auto changed = u.change(
      "keep_signing",
      "UPDATE keywork.documents SET signing = $1, signing_error = $2 WHERE org_id = $3 AND id = $4",
      {std::string(model::to_text(d.signing.value())), d.signing_error, to_text(d.org), to_text(d.id)});
  if (changed != 1) throw row_not_met();
}

void keep_document(unit& u, const model::document_signed_copy_kept& e) {
  const auto& d = e.after;
  if (e.signed_copy) keep_signed_chunks(u, d, d.signed_file.value(), "signed", *e.signed_copy);
  if (e.signing_audit)
    keep_signed_chunks(u, d, d.signing_audit_file.value(), "signing_audit", *e.signing_audit);
  const auto changed =
      u.change("keep_signed_copy",
               "UPDATE keywork.documents SET signed_file_id = $1, signed_size = $2, signed_sha256 = $3,"
               " signing_audit_file_id = $4, signing_audit_size = $5, signing_audit_sha256 = $6"
               " WHERE org_id = $7 AND id = $8",
               {text_or_null(d.signed_file), text_or_null(d.signed_size), d.signed_sha256,
                text_or_null(d.signing_audit_file), text_or_null(d.signing_audit_size),
                d.signing_audit_sha256, to_text(d.org), to_text(d.id)});
  if (changed != 1) throw row_not_met();
}

std::optional<std::string> session::load_document_text(model::org_id org, model::document_id id) {
  return impl_->database.run({.as = purpose::loader, .org = org}, [&](unit& u) {
    return text_of(u, "load_document_text", {org, id});
  });
}

std::optional<std::string> session::document_text(model::user_id who, model::org_id org,
                                                  model::document_id id) {
  return impl_->database.run({.as = purpose::person, .user = who, .org = org}, [&](unit& u) {
    return text_of(u, "document_text", {org, id});
  });
}

std::optional<std::string> session::document_chunk(model::user_id who, const model::document& of,
                                                   std::int32_t index) {
  if (!of.file) return std::nullopt;
  return impl_->database.run({.as = purpose::person, .user = who, .org = of.org}, [&](unit& u) {
    return chunk_of(u, "document_chunk", {of.org, of.id, *of.file, index});
  });
}

std::optional<store::mailed_document> session::mailed_document(model::org_id org, model::case_id of_case,
                                                               model::document_id id, const std::string& to) {
  return impl_->database.run(
      {.as = purpose::loader, .org = org}, [&](unit& u) -> std::optional<store::mailed_document> {
        store::mailed_document found;
        if (!u.db().find(row_key{org, id.value}, found.document)) return std::nullopt;
        const auto& d = found.document;
        if (d.of_case != of_case || d.status != model::document_status::sent || d.sent_to_email != to)
          return std::nullopt;
        if (!d.file) {
          found.content = text_of(u, "load_document_text", {org, id}).value_or("");
          return found;
        }
        const auto size = static_cast<std::size_t>(d.content_size);
        for (std::int32_t i = 0; found.content.size() < size; ++i) {
          const auto piece = chunk_of(u, "mailed_chunk", {org, id, *d.file, i});
          if (!piece) return std::nullopt;
          found.content += *piece;
        }
        return found;
      });
}

}  // namespace store
