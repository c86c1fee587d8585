-- Goals, sessions and documents of a case (R20 to R25), the legal hold (R32), and their part of wall 2.

-- --------------------------------------------------------------------------------------------- the legal hold

ALTER TABLE keywork.support_cases
  ADD COLUMN held_since timestamp,
  ADD COLUMN hold_reason text CHECK (char_length(hold_reason) BETWEEN 1 AND 2000),
  ADD CONSTRAINT hold_has_a_reason CHECK ((held_since IS NULL) = (hold_reason IS NULL));

-- The operators' alone, on a closed case too.
CREATE FUNCTION keywork.guard_hold() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF keywork.case_access(OLD.org_id, OLD.id) IN ('org_admin', 'property_manager') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this change of the case is not allowed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER hold_is_the_operators BEFORE UPDATE ON keywork.support_cases FOR EACH ROW
  WHEN (current_user = 'keywork_person'
        AND (OLD.held_since, OLD.hold_reason) IS DISTINCT FROM (NEW.held_since, NEW.hold_reason))
  EXECUTE FUNCTION keywork.guard_hold();

-- --------------------------------------------------------------------------------------------- goals (R20)

CREATE TABLE keywork.goals (
  id            uuid NOT NULL,
  org_id        uuid NOT NULL,
  case_id       uuid NOT NULL,
  title         text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
  description   text NOT NULL CHECK (char_length(description) <= 5000),
  target_date   date,
  status        text NOT NULL CHECK (status IN ('active', 'achieved', 'closed')),
  author_id     uuid NOT NULL,
  author_name   text NOT NULL,
  created_at    timestamp NOT NULL,
  edited_at     timestamp,
  -- The latest entry of goal_progress once more: wherever a goal is shown, it is shown.
  progress      text CHECK (char_length(progress) BETWEEN 1 AND 5000),
  progress_at   timestamp,
  progress_by   text,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, case_id) REFERENCES keywork.support_cases,
  CHECK (num_nulls(progress, progress_at, progress_by) IN (0, 3))
);
CREATE INDEX goals_case ON keywork.goals (org_id, case_id, id DESC);
CREATE INDEX goals_due ON keywork.goals (org_id, target_date) WHERE status = 'active' AND target_date IS NOT NULL;

CREATE TABLE keywork.goal_progress (
  id            uuid NOT NULL,
  org_id        uuid NOT NULL,
  case_id       uuid NOT NULL,
  goal_id       uuid NOT NULL,
  text          text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 5000),
  author_id     uuid NOT NULL,
  author_name   text NOT NULL,
  created_at    timestamp NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, goal_id) REFERENCES keywork.goals,
  FOREIGN KEY (org_id, case_id) REFERENCES keywork.support_cases
);
CREATE INDEX goal_progress_goal ON keywork.goal_progress (org_id, goal_id, id DESC);
CREATE INDEX goal_progress_case ON keywork.goal_progress (org_id, case_id);

-- --------------------------------------------------------------------------------------------- sessions (R21)

CREATE TABLE keywork.sessions (
  id            uuid NOT NULL,
  org_id        uuid NOT NULL,
  case_id       uuid NOT NULL,
  starts_at     timestamp NOT NULL,
  ends_at       timestamp CHECK (ends_at > starts_at),
  type          text NOT NULL CHECK (type IN ('appointment', 'key_work', 'accompaniment', 'other')),
  attendees     text NOT NULL CHECK (char_length(attendees) <= 10100),  -- 50 names of 200 and line breaks
  status        text NOT NULL CHECK (status IN ('scheduled', 'delivered', 'missed', 'cancelled')),
  outcome_note  text NOT NULL CHECK (char_length(outcome_note) <= 20000),
  author_id     uuid NOT NULL,
  author_name   text NOT NULL,
  created_at    timestamp NOT NULL,
  edited_at     timestamp,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, case_id) REFERENCES keywork.support_cases
);
CREATE INDEX sessions_case ON keywork.sessions (org_id, case_id, starts_at DESC, id DESC);
CREATE INDEX sessions_author ON keywork.sessions (org_id, case_id, author_id, starts_at DESC, id DESC);
CREATE INDEX sessions_scheduled ON keywork.sessions (org_id, starts_at) WHERE status = 'scheduled';

-- --------------------------------------------------------------------------------------------- documents (R22 to R25)

CREATE TABLE keywork.documents (
  id                uuid NOT NULL,
  org_id            uuid NOT NULL,
  case_id           uuid NOT NULL,
  type              text NOT NULL CHECK (type IN ('letter', 'agreement', 'acknowledgement', 'intake_assessment',
                      'recurring_assessment', 'event_form', 'session_log', 'checklist', 'reference')),
  title             text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
  status            text NOT NULL CHECK (status IN ('draft', 'submitted', 'approved', 'sent', 'void')),
  made_from_id      uuid,
  media_type        text CHECK (char_length(media_type) BETWEEN 1 AND 200),
  content_size      bigint NOT NULL CHECK (content_size BETWEEN 0 AND 26214400),
  content_sha256    text CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
  file_id           uuid,
  file_name         text CHECK (char_length(file_name) BETWEEN 1 AND 200),
  due_every_months  integer CHECK (due_every_months BETWEEN 1 AND 60),
  due_on            date,
  author_id         uuid NOT NULL,
  author_name       text NOT NULL,
  created_at        timestamp NOT NULL,
  edited_at         timestamp,
  submitted_at      timestamp,
  submitted_by      text,
  return_reason     text CHECK (char_length(return_reason) BETWEEN 1 AND 2000),
  approved_at       timestamp,
  approved_by       text,
  sent_at           timestamp,
  sent_to_name      text,
  sent_to_email     text CHECK (octet_length(sent_to_email) BETWEEN 3 AND 254),
  signing           text CHECK (signing IN ('requested', 'signed', 'declined')),
  void_reason       text CHECK (char_length(void_reason) BETWEEN 1 AND 2000),
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, case_id) REFERENCES keywork.support_cases,
  CONSTRAINT content_is_whole CHECK (num_nulls(media_type, content_sha256) IN (0, 2)
                                     AND (content_size > 0) = (media_type IS NOT NULL)),
  CONSTRAINT file_is_whole CHECK ((file_id IS NULL) = (file_name IS NULL) AND (file_id IS NULL OR media_type IS NOT NULL)),
  CONSTRAINT frozen_has_content CHECK (status IN ('draft', 'void')
                                       OR content_sha256 IS NOT NULL AND submitted_at IS NOT NULL),
  CONSTRAINT approved_by_somebody CHECK (status NOT IN ('approved', 'sent') OR num_nulls(approved_at, approved_by) = 0),
  CONSTRAINT sent_to_somebody CHECK ((status = 'sent') = (sent_at IS NOT NULL)
                                     AND num_nulls(sent_at, sent_to_name, sent_to_email) IN (0, 3)
                                     AND (signing IS NULL OR status = 'sent')),
  CONSTRAINT void_has_a_reason CHECK ((status = 'void') = (void_reason IS NOT NULL)),
  CONSTRAINT recurring_is_due CHECK (due_on IS NULL OR type = 'recurring_assessment')
);
CREATE INDEX documents_case ON keywork.documents (org_id, case_id, id DESC);
CREATE INDEX documents_due ON keywork.documents (org_id, due_on) WHERE due_on IS NOT NULL;

-- A document's text, where it has one.
CREATE TABLE keywork.document_texts (
  org_id       uuid NOT NULL,
  document_id  uuid NOT NULL,
  case_id      uuid NOT NULL,
  body         text NOT NULL CHECK (char_length(body) <= 100000),
  PRIMARY KEY (org_id, document_id),
  FOREIGN KEY (org_id, document_id) REFERENCES keywork.documents,
  FOREIGN KEY (org_id, case_id) REFERENCES keywork.support_cases
);
CREATE INDEX document_texts_case ON keywork.document_texts (org_id, case_id);

-- An uploaded file, in pieces: it is never in memory as a whole.
CREATE TABLE keywork.document_chunks (
  org_id       uuid    NOT NULL,
  file_id      uuid    NOT NULL,
  index        integer NOT NULL CHECK (index >= 0),
  document_id  uuid    NOT NULL,
  case_id      uuid    NOT NULL,
  bytes        bytea   NOT NULL CHECK (octet_length(bytes) BETWEEN 1 AND 262144),
  PRIMARY KEY (org_id, file_id, index),
  FOREIGN KEY (org_id, document_id) REFERENCES keywork.documents,
  FOREIGN KEY (org_id, case_id) REFERENCES keywork.support_cases
);
-- Mostly compressed already: PDF, JPEG, PNG, office files.
ALTER TABLE keywork.document_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE INDEX document_chunks_document ON keywork.document_chunks (org_id, document_id);
CREATE INDEX document_chunks_case ON keywork.document_chunks (org_id, case_id);

-- --------------------------------------------------------------------------------------------- wall 2

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['goals', 'goal_progress', 'sessions', 'documents', 'document_texts', 'document_chunks'] LOOP
    EXECUTE format('ALTER TABLE keywork.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY owner ON keywork.%I TO keywork_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('REVOKE ALL ON keywork.%I FROM PUBLIC', name);
    EXECUTE format('GRANT SELECT ON keywork.%I TO keywork_loader', name);
    EXECUTE format('CREATE POLICY loader_read ON keywork.%I FOR SELECT TO keywork_loader '
                   'USING (org_id = keywork.bound_org())', name);
  END LOOP;
END $$;

-- Whether the person may write goals and documents here: everybody on the case but context_only, while it is open.
CREATE FUNCTION keywork.may_write(org uuid, of_case uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN coalesce(keywork.case_access(org, of_case, only_open => true) IN ('org_admin', 'property_manager', 'full'), false);
END $$;

-- The content of a draft is its writers' to change; that of any other is frozen (R23).
CREATE FUNCTION keywork.may_write_content(org uuid, of_case uuid, document uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN keywork.may_write(org, of_case)
         AND EXISTS (SELECT FROM keywork.documents d
                     WHERE d.org_id = org AND d.id = document AND d.case_id = of_case AND d.status = 'draft');
END $$;

GRANT SELECT, INSERT, UPDATE ON keywork.goals TO keywork_person;
CREATE POLICY person_read ON keywork.goals FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[]) OR keywork.case_access(org_id, case_id) IS NOT NULL);
CREATE POLICY person_add ON keywork.goals FOR INSERT TO keywork_person
  WITH CHECK (author_id = keywork.me() AND edited_at IS NULL AND progress IS NULL AND keywork.may_write(org_id, case_id));
CREATE POLICY person_change ON keywork.goals FOR UPDATE TO keywork_person
  USING (keywork.may_write(org_id, case_id));

GRANT SELECT, INSERT ON keywork.goal_progress TO keywork_person;
CREATE POLICY person_read ON keywork.goal_progress FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[]) OR keywork.case_access(org_id, case_id) IS NOT NULL);
CREATE POLICY person_add ON keywork.goal_progress FOR INSERT TO keywork_person
  WITH CHECK (author_id = keywork.me() AND keywork.may_write(org_id, case_id)
              AND EXISTS (SELECT FROM keywork.goals g
                          WHERE g.org_id = goal_progress.org_id AND g.id = goal_id AND g.case_id = goal_progress.case_id));

-- A context_only collaborator: their own, and no others.
GRANT SELECT, INSERT, UPDATE ON keywork.sessions TO keywork_person;
CREATE POLICY person_read ON keywork.sessions FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[])
         OR CASE keywork.case_access(org_id, case_id) WHEN 'context_only' THEN author_id = keywork.me()
                                                      ELSE keywork.case_access(org_id, case_id) IS NOT NULL END);
CREATE POLICY person_add ON keywork.sessions FOR INSERT TO keywork_person
  WITH CHECK (author_id = keywork.me() AND edited_at IS NULL
              AND keywork.case_access(org_id, case_id, true) IS NOT NULL);
CREATE POLICY person_change ON keywork.sessions FOR UPDATE TO keywork_person
  USING (CASE keywork.case_access(org_id, case_id, true) WHEN 'context_only' THEN author_id = keywork.me()
                                                         ELSE keywork.case_access(org_id, case_id, true) IS NOT NULL END);

GRANT SELECT, INSERT, UPDATE ON keywork.documents TO keywork_person;
CREATE POLICY person_read ON keywork.documents FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[])
         OR keywork.case_access(org_id, case_id) IN ('org_admin', 'property_manager', 'full'));
CREATE POLICY person_add ON keywork.documents FOR INSERT TO keywork_person
  WITH CHECK (author_id = keywork.me() AND status = 'draft' AND edited_at IS NULL AND return_reason IS NULL
              AND num_nonnulls(submitted_at, approved_at, file_id) = 0 AND keywork.may_write(org_id, case_id));
CREATE POLICY person_change ON keywork.documents FOR UPDATE TO keywork_person
  USING (keywork.may_write(org_id, case_id));

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['document_texts', 'document_chunks'] LOOP
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON keywork.%I TO keywork_person', name);
    EXECUTE format($p$CREATE POLICY person_read ON keywork.%I FOR SELECT TO keywork_person
      USING (org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[])
             OR keywork.case_access(org_id, case_id) IN ('org_admin', 'property_manager', 'full'))$p$, name);
    EXECUTE format($p$CREATE POLICY person_add ON keywork.%I FOR INSERT TO keywork_person
      WITH CHECK (keywork.may_write_content(org_id, case_id, document_id))$p$, name);
    EXECUTE format($p$CREATE POLICY person_remove ON keywork.%I FOR DELETE TO keywork_person
      USING (keywork.may_write_content(org_id, case_id, document_id))$p$, name);
  END LOOP;
END $$;

-- A mail that carries a document is the operators' of that very case to ask for (R24).
CREATE POLICY documents_by_operators ON keywork.outbox AS RESTRICTIVE FOR INSERT TO keywork_person
  WITH CHECK (fields NOT LIKE '%document_id%'
              OR coalesce(keywork.case_access(org_id, case_id) IN ('org_admin', 'property_manager'), false));

-- --------------------------------------------------------------------------------------------- guards

CREATE TRIGGER keeps_identity BEFORE UPDATE ON keywork.goals FOR EACH ROW
  WHEN (current_user = 'keywork_person'
        AND (OLD.id, OLD.org_id, OLD.case_id, OLD.author_id, OLD.author_name, OLD.created_at)
            IS DISTINCT FROM (NEW.id, NEW.org_id, NEW.case_id, NEW.author_id, NEW.author_name, NEW.created_at))
  EXECUTE FUNCTION keywork.refuse_change();

CREATE TRIGGER keeps_identity BEFORE UPDATE ON keywork.sessions FOR EACH ROW
  WHEN (current_user = 'keywork_person'
        AND (OLD.id, OLD.org_id, OLD.case_id, OLD.author_id, OLD.author_name, OLD.created_at)
            IS DISTINCT FROM (NEW.id, NEW.org_id, NEW.case_id, NEW.author_id, NEW.author_name, NEW.created_at))
  EXECUTE FUNCTION keywork.refuse_change();

CREATE TRIGGER keeps_identity BEFORE UPDATE ON keywork.documents FOR EACH ROW
  WHEN (current_user = 'keywork_person'
        AND (OLD.id, OLD.org_id, OLD.case_id, OLD.type, OLD.made_from_id, OLD.author_id, OLD.author_name, OLD.created_at)
            IS DISTINCT FROM
            (NEW.id, NEW.org_id, NEW.case_id, NEW.type, NEW.made_from_id, NEW.author_id, NEW.author_name, NEW.created_at))
  EXECUTE FUNCTION keywork.refuse_change();

-- R23: draft → submitted → approved → sent, submitted → draft, any but sent → void; what is no draft is frozen; all but
-- writing and submitting is the operators'.
CREATE FUNCTION keywork.guard_document() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  operator  boolean := keywork.case_access(OLD.org_id, OLD.case_id, only_open => true)
                       IN ('org_admin', 'property_manager');
  step      text := OLD.status || ' ' || NEW.status;
  frozen    boolean := (OLD.title, OLD.media_type, OLD.content_size, OLD.content_sha256, OLD.file_id, OLD.file_name,
                        OLD.due_every_months, OLD.edited_at)
                       IS NOT DISTINCT FROM
                       (NEW.title, NEW.media_type, NEW.content_size, NEW.content_sha256, NEW.file_id, NEW.file_name,
                        NEW.due_every_months, NEW.edited_at);
BEGIN
  IF step = 'draft draft'
     AND (OLD.submitted_at, OLD.submitted_by, OLD.approved_at, OLD.approved_by, OLD.return_reason)
         IS NOT DISTINCT FROM (NEW.submitted_at, NEW.submitted_by, NEW.approved_at, NEW.approved_by, NEW.return_reason)
     OR frozen AND step IN ('draft submitted', 'draft void')
     OR frozen AND coalesce(operator, false)
        AND (step IN ('submitted draft', 'submitted approved', 'approved sent', 'submitted void', 'approved void')
             -- What came of the signature, and nothing else.
             OR step = 'sent sent'
                AND (OLD.sent_at, OLD.sent_to_name, OLD.sent_to_email, OLD.approved_at, OLD.approved_by, OLD.due_on)
                    IS NOT DISTINCT FROM
                    (NEW.sent_at, NEW.sent_to_name, NEW.sent_to_email, NEW.approved_at, NEW.approved_by, NEW.due_on)
                AND OLD.signing IS NOT NULL AND NEW.signing IN ('signed', 'declined')) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this change of the document is not allowed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER follows_its_lifecycle BEFORE UPDATE ON keywork.documents FOR EACH ROW
  WHEN (current_user = 'keywork_person')
  EXECUTE FUNCTION keywork.guard_document();

REVOKE ALL ON FUNCTION keywork.guard_hold(), keywork.guard_document(), keywork.may_write(uuid, uuid),
  keywork.may_write_content(uuid, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keywork.may_write(uuid, uuid), keywork.may_write_content(uuid, uuid, uuid) TO keywork_person;

