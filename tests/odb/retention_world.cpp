#include "tests/odb/retention_world.hpp"

namespace rehearsal {

// By statements, past the checks of the program: what stands there is what matters, not how it came to be.
void with_full_case::fill(int safeguarding_notes) {
  execute("UPDATE keywork.support_cases SET context_summary = $word WHERE id = $case");
  for (int n = 0; n < 3 + safeguarding_notes; ++n) {
    const auto flagged = n >= 3;
    execute(std::string(
                "WITH made AS (INSERT INTO keywork.notes (id, org_id, case_id, stream, body, safeguarding,"
                " flagged_at, author_id, author_name, created_at) VALUES (gen_random_uuid(), $org, $case,") +
            (n > 0 ? "'professional'" : "'shared'") + ", $word || ' " + std::to_string(n) + "', " +
            (flagged ? "true, $morning" : "false, NULL") +
            ", $worker, $word, $morning) RETURNING *), entry AS (INSERT INTO keywork.audit_entries (id, "
            "org_id, case_id,"
            " subject_id, at, by_id, by_name, request_id, kind, detail) SELECT gen_random_uuid(), org_id, "
            "case_id, id,"
            " created_at, author_id, $word, 'r', 'note.created', json_build_object('word', $word)::text FROM "
            "made)"
            " INSERT INTO keywork.note_revisions SELECT gen_random_uuid(), org_id, case_id, id, $word, "
            "created_at,"
            " author_id FROM made");
  }
  execute(
      "WITH made AS (INSERT INTO keywork.goals (id, org_id, case_id, title, description, status, author_id,"
      " author_name, created_at) VALUES (gen_random_uuid(), $org, $case, $word, $word, 'active', $worker, "
      "$word,"
      " $morning) RETURNING *) INSERT INTO keywork.goal_progress SELECT gen_random_uuid(), org_id, case_id, "
      "id,"
      " $word, author_id, $word, created_at FROM made");
  execute(
      "INSERT INTO keywork.sessions (id, org_id, case_id, starts_at, type, attendees, status, outcome_note,"
      " author_id, author_name, created_at) VALUES (gen_random_uuid(), $org, $case, $morning, 'other', $word,"
      " 'scheduled', $word, $worker, $word, $morning)");
  execute(
      "WITH made AS (INSERT INTO keywork.documents (id, org_id, case_id, type, title, status, media_type,"
      " content_size, content_sha256, file_id, file_name, author_id, author_name, created_at) VALUES"
      " (gen_random_uuid(), $org, $case, 'letter', $word, 'draft', 'text/plain', 3, repeat('a', 64),"
      " gen_random_uuid(), $word, $worker, $word, $morning) RETURNING *), texts AS (INSERT INTO"
      " keywork.document_texts SELECT org_id, id, case_id, $word FROM made), chunks AS (INSERT INTO"
      " keywork.document_chunks (org_id, file_id, index, document_id, case_id, bytes) SELECT org_id, "
      "file_id, 0, id,"
      " case_id, $word::bytea FROM made) INSERT INTO keywork.signature_requests (org_id, id, case_id, "
      "document_id,"
      " state, attempts, last_error, written_at, settled_at) SELECT org_id, gen_random_uuid(), case_id, id, "
      "'failed',"
      " 1, $word, created_at, created_at FROM made");
  execute(
      "INSERT INTO keywork.tenant_collaborators (id, org_id, case_id, tenant_id, participation, contact_name,"
      " contact_email, created_at, created_by_id) VALUES (gen_random_uuid(), $org, $case, $tenant, "
      "'reference_only',"
      " $word, $word || '@x.org', $morning, $worker)");
  execute(
      "INSERT INTO keywork.case_reads (org_id, case_id, user_id, hour, id, first_at, user_name, request_id) "
      "VALUES"
      " ($org, $case, $worker, date_trunc('hour', $morning), gen_random_uuid(), $morning, $word, 'r')");
  execute(
      "INSERT INTO keywork.idempotency_answers (user_id, key, fingerprint, org_id, created, etag, body, "
      "kept_at,"
      " case_id) VALUES ($worker, 'k', 'f', $org, true, 'e', $word, $morning, $case)");
  execute(
      "INSERT INTO keywork.outbox (id, org_id, case_id, to_address, to_name, template_name, fields, state, "
      "attempts,"
      " next_attempt_at, written_at, sent_at) VALUES (gen_random_uuid(), $org, $case, 't@example.org', $word,"
      " 'document', $word, 'sent', 1, $morning, $morning, $morning)");
  must(world.keep(world.admin, model::note_added{[&] {
                    auto kept = world.note(world.admin, "What is said of another stays.");
                    kept.of_case = world.opened.at(0);
                    return kept;
                  }()}));
}

}  // namespace rehearsal
