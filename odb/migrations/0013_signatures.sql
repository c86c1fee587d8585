-- Documents that a signing service has signed (R24, decision 13), and their part of wall 2.
--
-- Personal data of a case, for erasure (R31):
--   signature_requests   which document went to the service, its number there, the service's own words where it
--                        refused (last_error), and where it tells who signed when (audit_url)
--   document_texts       as before, now also what of the text fills a form that is signed (signing_values)
--   document_chunks      as before, now also the signed PDF and the PDF that tells who signed when (kept_as)
--   documents            as before; signing_error is the service's words
-- Each has org_id and case_id; a request goes with its document (ON DELETE CASCADE).

GRANT USAGE ON SCHEMA keywork TO keywork_signer;

-- --------------------------------------------------------------------------------------------- the forms

-- Templates that live at the signing service, by their number there, on which documents made from one of ours are signed.
ALTER TABLE keywork.document_templates
  ADD COLUMN signing_template bigint CHECK (signing_template > 0),
  ADD CONSTRAINT form_of_what_is_signed CHECK (signing_template IS NULL OR type IN ('agreement', 'acknowledgement'));

-- --------------------------------------------------------------------------------------------- the document

ALTER TABLE keywork.document_texts
  ADD COLUMN signing_values text CHECK (char_length(signing_values) <= 1200000);  -- 100 of 5,000, all of them escaped

ALTER TABLE keywork.documents
  DROP CONSTRAINT documents_signing_check,
  ADD CONSTRAINT documents_signing_check
    CHECK (signing IN ('requested', 'signed', 'declined', 'expired', 'failed')),
  ADD COLUMN signing_template      bigint CHECK (signing_template > 0),
  ADD COLUMN signing_values_sha256 text CHECK (signing_values_sha256 ~ '^[0-9a-f]{64}$'),
  ADD COLUMN signing_error         text CHECK (char_length(signing_error) BETWEEN 1 AND 500),
  ADD COLUMN signed_file_id        uuid,
  ADD COLUMN signed_size           bigint CHECK (signed_size BETWEEN 1 AND 26214400),
  ADD COLUMN signed_sha256         text CHECK (signed_sha256 ~ '^[0-9a-f]{64}$'),
  ADD COLUMN signing_audit_file_id uuid,
  ADD COLUMN signing_audit_size    bigint CHECK (signing_audit_size BETWEEN 1 AND 26214400),
  ADD COLUMN signing_audit_sha256  text CHECK (signing_audit_sha256 ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT form_is_whole CHECK (num_nulls(signing_template, signing_values_sha256) IN (0, 2)
                                      AND (signing_template IS NULL OR made_from_id IS NOT NULL AND file_id IS NULL
                                           AND type IN ('agreement', 'acknowledgement'))),
  ADD CONSTRAINT signing_error_of_failed CHECK (signing_error IS NULL OR signing IS NOT DISTINCT FROM 'failed'),
  ADD CONSTRAINT signed_copy_is_whole CHECK (num_nulls(signed_file_id, signed_size, signed_sha256) IN (0, 3)
                                             AND (signed_file_id IS NULL OR signing IS NOT NULL)),
  ADD CONSTRAINT signing_audit_is_whole
    CHECK (num_nulls(signing_audit_file_id, signing_audit_size, signing_audit_sha256) IN (0, 3)
           AND (signing_audit_file_id IS NULL OR signing IS NOT NULL));

-- What the service made stands beside the content, in pieces of the same kind; none: the content itself.
ALTER TABLE keywork.document_chunks
  ADD COLUMN kept_as text CHECK (kept_as IN ('signed', 'signing_audit'));

-- Whom a person let sign, where and when is the operators' to read; nobody but the signer writes it.
CREATE POLICY signed_for_operators ON keywork.document_chunks AS RESTRICTIVE FOR SELECT TO keywork_person
  USING (kept_as IS NULL
         OR coalesce(keywork.case_access(org_id, case_id) IN ('org_admin', 'property_manager'), false));
CREATE POLICY content_by_persons ON keywork.document_chunks AS RESTRICTIVE FOR INSERT TO keywork_person
  WITH CHECK (kept_as IS NULL);

-- As in 0006, and what the signing service says is not a person's to write: they send for signature, and record whether
-- it was signed or declined, which ends what the service said of it. The form that a draft is signed on it may lose, and
-- get no other.
CREATE OR REPLACE FUNCTION keywork.guard_document() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  operator  boolean := keywork.case_access(OLD.org_id, OLD.case_id, only_open => true)
                       IN ('org_admin', 'property_manager');
  step      text := OLD.status || ' ' || NEW.status;
  unsigned  boolean := (OLD.signed_file_id, OLD.signed_size, OLD.signed_sha256, OLD.signing_audit_file_id,
                        OLD.signing_audit_size, OLD.signing_audit_sha256)
                       IS NOT DISTINCT FROM
                       (NEW.signed_file_id, NEW.signed_size, NEW.signed_sha256, NEW.signing_audit_file_id,
                        NEW.signing_audit_size, NEW.signing_audit_sha256);
  frozen    boolean := (OLD.title, OLD.media_type, OLD.content_size, OLD.content_sha256, OLD.file_id, OLD.file_name,
                        OLD.due_every_months, OLD.edited_at, OLD.signing_template, OLD.signing_values_sha256)
                       IS NOT DISTINCT FROM
                       (NEW.title, NEW.media_type, NEW.content_size, NEW.content_sha256, NEW.file_id, NEW.file_name,
                        NEW.due_every_months, NEW.edited_at, NEW.signing_template, NEW.signing_values_sha256);
  same_form boolean := NEW.signing_template IS NULL
                       OR (OLD.signing_template, OLD.signing_values_sha256)
                          IS NOT DISTINCT FROM (NEW.signing_template, NEW.signing_values_sha256);
BEGIN
  IF unsigned AND same_form
     AND (step = 'draft draft'
          AND (OLD.submitted_at, OLD.submitted_by, OLD.approved_at, OLD.approved_by, OLD.return_reason)
              IS NOT DISTINCT FROM
              (NEW.submitted_at, NEW.submitted_by, NEW.approved_at, NEW.approved_by, NEW.return_reason)
          OR frozen AND step IN ('draft submitted', 'draft void')
          OR frozen AND coalesce(operator, false)
             AND (step IN ('submitted draft', 'submitted approved', 'submitted void', 'approved void')
                  OR step = 'approved sent' AND (NEW.signing IS NULL OR NEW.signing = 'requested')
                  -- What came of the signature, and nothing else.
                  OR step = 'sent sent'
                     AND (OLD.sent_at, OLD.sent_to_name, OLD.sent_to_email, OLD.approved_at, OLD.approved_by, OLD.due_on)
                         IS NOT DISTINCT FROM
                         (NEW.sent_at, NEW.sent_to_name, NEW.sent_to_email, NEW.approved_at, NEW.approved_by, NEW.due_on)
                     AND OLD.signing IS NOT NULL AND NEW.signing IN ('signed', 'declined'))) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this change of the document is not allowed' USING ERRCODE = 'insufficient_privilege';
END $$;

-- --------------------------------------------------------------------------------------------- the requests

-- One for each document that was sent for signature while a service was there. `id` is what the service calls
-- external_id, by which it is asked whether it has the request.
CREATE TABLE keywork.signature_requests (
  org_id           uuid      NOT NULL,
  id               uuid      NOT NULL,
  case_id          uuid      NOT NULL,
  document_id      uuid      NOT NULL,
  state            text      NOT NULL CHECK (state IN ('queued', 'creating', 'sent', 'completed', 'declined', 'expired',
                                                       'failed')),
  attempts         integer   NOT NULL CHECK (attempts >= 0),
  next_attempt_at  timestamp,  -- null: nothing more is to be done
  last_error       text CHECK (char_length(last_error) <= 500),
  submission_id    bigint,     -- the service's number of it
  told_at          timestamp,  -- when the service last told of it by itself
  audit_url        text CHECK (char_length(audit_url) <= 4000 AND audit_url ~ '^https?://[!-~]+$'),
  written_at       timestamp NOT NULL,
  sent_at          timestamp,
  settled_at       timestamp,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, document_id),
  FOREIGN KEY (org_id, document_id) REFERENCES keywork.documents ON DELETE CASCADE,
  FOREIGN KEY (org_id, case_id) REFERENCES keywork.support_cases,
  CHECK (state NOT IN ('queued', 'creating', 'sent') OR next_attempt_at IS NOT NULL),
  CHECK (num_nulls(submission_id, sent_at) IN (0, 2) AND (state <> 'sent' OR submission_id IS NOT NULL)),
  CHECK ((state IN ('queued', 'creating', 'sent')) = (settled_at IS NULL))
);
CREATE INDEX signature_requests_due ON keywork.signature_requests (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX signature_requests_failed ON keywork.signature_requests (written_at) WHERE state = 'failed';
CREATE INDEX signature_requests_case ON keywork.signature_requests (org_id, case_id);
-- The service's own numbers and ours: what it tells names no organisation.
CREATE UNIQUE INDEX signature_requests_id ON keywork.signature_requests (id);
CREATE INDEX signature_requests_submission ON keywork.signature_requests (submission_id)
  WHERE submission_id IS NOT NULL;

ALTER TABLE keywork.signature_requests ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON keywork.signature_requests TO keywork_owner USING (true) WITH CHECK (true);
REVOKE ALL ON keywork.signature_requests FROM PUBLIC;

-- ------------------------------------------------------------------------------------------- keywork_person

-- Asked for by the operator who sends the document, in the same transaction, behind the document's own change.
GRANT INSERT ON keywork.signature_requests TO keywork_person;
CREATE POLICY person_add ON keywork.signature_requests FOR INSERT TO keywork_person
  WITH CHECK (state = 'queued' AND attempts = 0 AND num_nonnulls(last_error, submission_id, told_at, audit_url) = 0
              AND coalesce(keywork.case_access(org_id, case_id, true) IN ('org_admin', 'property_manager'), false)
              AND EXISTS (SELECT FROM keywork.documents d
                          WHERE d.org_id = signature_requests.org_id AND d.id = document_id
                            AND d.case_id = signature_requests.case_id
                            AND d.status = 'sent' AND d.signing = 'requested'));

-- Whoever knows the address reads who signed, where and when: the operators, as they read what is kept of it.
GRANT SELECT (org_id, case_id, document_id, audit_url) ON keywork.signature_requests TO keywork_person;
CREATE POLICY person_read ON keywork.signature_requests FOR SELECT TO keywork_person
  USING (coalesce(keywork.case_access(org_id, case_id) IN ('org_admin', 'property_manager'), false));

-- ------------------------------------------------------------------------------------------- keywork_signer

-- The requests of all organisations are one line; what it brings back it writes in one organisation at a time.
GRANT EXECUTE ON FUNCTION keywork.bound_org() TO keywork_signer;
GRANT SELECT,
  UPDATE (state, attempts, next_attempt_at, last_error, submission_id, told_at, audit_url, sent_at, settled_at)
  ON keywork.signature_requests TO keywork_signer;
CREATE POLICY signer_all ON keywork.signature_requests TO keywork_signer USING (true);

GRANT SELECT (id, org_id, case_id, signed_file_id, signing_audit_file_id),
  UPDATE (signing, signing_error, signed_file_id, signed_size, signed_sha256, signing_audit_file_id, signing_audit_size,
          signing_audit_sha256) ON keywork.documents TO keywork_signer;
CREATE POLICY signer_read ON keywork.documents FOR SELECT TO keywork_signer
  USING (status = 'sent' AND signing IS NOT NULL);
CREATE POLICY signer_change ON keywork.documents FOR UPDATE TO keywork_signer
  USING (org_id = keywork.bound_org() AND status = 'sent' AND signing IS NOT NULL)
  WITH CHECK (org_id = keywork.bound_org() AND signing IS NOT NULL);

GRANT INSERT ON keywork.document_chunks TO keywork_signer;
CREATE POLICY signer_add ON keywork.document_chunks FOR INSERT TO keywork_signer
  WITH CHECK (org_id = keywork.bound_org() AND kept_as IS NOT NULL);

GRANT SELECT (id, org_id, version), UPDATE (version, last_activity_at) ON keywork.support_cases TO keywork_signer;
CREATE POLICY signer_read ON keywork.support_cases FOR SELECT TO keywork_signer
  USING (org_id = keywork.bound_org());
CREATE POLICY signer_change ON keywork.support_cases FOR UPDATE TO keywork_signer
  USING (org_id = keywork.bound_org());

GRANT INSERT ON keywork.audit_entries TO keywork_signer;
CREATE POLICY signer_add ON keywork.audit_entries FOR INSERT TO keywork_signer
  WITH CHECK (org_id = keywork.bound_org() AND case_id IS NOT NULL
              AND by_id = '00000000-0000-0000-0000-000000000000'
              AND kind IN ('document.signature_recorded', 'document.signed_copy_kept'));
GRANT EXECUTE ON PROCEDURE keywork.keep_audit(uuid[], uuid[], uuid[], uuid[], timestamp[], uuid[], text[], text[],
                                              text[], text[]) TO keywork_signer;
