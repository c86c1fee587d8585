-- Retention's sweep (R29 to R32): what has been due is erased for good, and what is left behind says so.
--
-- keywork_retention finds what is due and asks for it to be erased. It deletes nothing by itself: the functions below do,
-- as the owner, one case a call, and only after they have asked the rows once more what the plan took for granted: when
-- the case was closed, the organisation's windows and zone, that nothing is under legal hold, when each note was flagged.
--
-- Whatever keeps something of a case in a table of its own takes part in one of two ways: a foreign key to the case, the
-- document, … with ON DELETE CASCADE; or a trigger AFTER INSERT ON keywork.erasures, which is in the same transaction.

GRANT USAGE ON SCHEMA keywork TO keywork_retention;

-- --------------------------------------------------------------------------------------------- what it is found by

-- Null: all of the case is there. Else its safeguarding notes alone are left, and this is the earliest moment that one
-- of them counts from: the later of the closing and its flagging.
ALTER TABLE keywork.support_cases ADD COLUMN kept_since timestamp;
-- Both grow with what is not due yet only in their size: a sweep reads them up to what is due, and what was erased
-- leaves them.
CREATE INDEX support_cases_due ON keywork.support_cases (org_id, closed_at, id)
  WHERE closed_at IS NOT NULL AND kept_since IS NULL;
CREATE INDEX support_cases_kept ON keywork.support_cases (org_id, kept_since, id) WHERE kept_since IS NOT NULL;
CREATE INDEX notes_flagged ON keywork.notes (org_id, case_id) WHERE safeguarding;

CREATE TRIGGER erasure_stays BEFORE UPDATE ON keywork.support_cases FOR EACH ROW
  WHEN (current_user = 'keywork_person' AND OLD.kept_since IS DISTINCT FROM NEW.kept_since)
  EXECUTE FUNCTION keywork.refuse_change();

-- A case that is opened again is a case like any other: everything counts from its next closing (R7).
CREATE FUNCTION keywork.count_anew() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.kept_since := NULL;
  RETURN NEW;
END $$;

CREATE TRIGGER reopened_counts_anew BEFORE UPDATE ON keywork.support_cases FOR EACH ROW
  WHEN (NEW.closed_at IS NULL AND NEW.kept_since IS NOT NULL)
  EXECUTE FUNCTION keywork.count_anew();

-- A note that is no safeguarding note any more belongs to the rest, which has been due for long.
CREATE FUNCTION keywork.count_unflagged() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE keywork.support_cases c SET kept_since = NULL
  WHERE c.org_id = NEW.org_id AND c.id = NEW.case_id AND c.kept_since IS NOT NULL;
  RETURN NULL;
END $$;

CREATE TRIGGER unflagged_counts_anew AFTER UPDATE ON keywork.notes FOR EACH ROW
  WHEN (OLD.safeguarding AND NOT NEW.safeguarding)
  EXECUTE FUNCTION keywork.count_unflagged();

-- A legal hold over all cases of an organisation (R32); its settings are its admins' alone.
ALTER TABLE keywork.organisations
  ADD COLUMN held_since timestamp,
  ADD COLUMN hold_reason text CHECK (char_length(hold_reason) BETWEEN 1 AND 2000),
  ADD CONSTRAINT hold_has_a_reason CHECK ((held_since IS NULL) = (hold_reason IS NULL));

-- What an answer kept for a key is about, so that it goes with the case.
ALTER TABLE keywork.idempotency_answers ADD COLUMN case_id uuid;
CREATE INDEX idempotency_answers_case ON keywork.idempotency_answers (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX outbox_case ON keywork.outbox (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX outbox_link ON keywork.outbox (link_id) WHERE link_id IS NOT NULL;
CREATE INDEX outbox_digests ON keywork.outbox (org_id, written_at) WHERE template_name = 'housing_officer_digest';
CREATE INDEX magic_links_case ON keywork.magic_links (case_id) WHERE case_id IS NOT NULL;

-- ---------------------------------------------------------------------------------------------------- the runs (R30)

-- One row for each organisation and day, whichever node does it, and one for each time that somebody asks.
CREATE TABLE keywork.retention_runs (
  org_id       uuid NOT NULL REFERENCES keywork.organisations,
  id           uuid NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('daily', 'asked')),
  day          date NOT NULL,  -- the organisation's
  asked_at     timestamp NOT NULL,
  asked_by_id  uuid,           -- null: a command, or the day
  -- Who works on it, and when they last said so: what was left by a crash is taken over.
  holder       uuid,
  beaten_at    timestamp,
  started_at   timestamp,
  finished_at  timestamp,
  outcome      text CHECK (outcome IN ('done', 'legal_hold')),
  -- Why it does not go on; it is tried again until it does.
  trouble      text CHECK (char_length(trouble) <= 500),
  candidates   bigint NOT NULL DEFAULT 0,  -- cases to look at, as counted at the start
  seen         bigint NOT NULL DEFAULT 0,  -- of these
  cases        bigint NOT NULL DEFAULT 0,  -- of which something was erased
  shells       bigint NOT NULL DEFAULT 0,  -- of which nothing is left
  notes        bigint NOT NULL DEFAULT 0,
  failed       bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, id),
  CHECK ((finished_at IS NULL) = (outcome IS NULL)),
  CHECK (finished_at IS NULL OR started_at IS NOT NULL)
);
CREATE UNIQUE INDEX retention_runs_daily ON keywork.retention_runs (org_id, day) WHERE kind = 'daily';
CREATE INDEX retention_runs_open ON keywork.retention_runs (asked_at) WHERE finished_at IS NULL;
-- Who asks while one is open is told of that one.
CREATE UNIQUE INDEX retention_runs_asked ON keywork.retention_runs (org_id) WHERE kind = 'asked' AND finished_at IS NULL;

-- The cases that a run could not sweep. They did not stop the others, and are tried again with the next run.
CREATE TABLE keywork.retention_failures (
  org_id   uuid NOT NULL,
  run_id   uuid NOT NULL,
  case_id  uuid NOT NULL,
  error    text NOT NULL CHECK (char_length(error) <= 500),
  at       timestamp NOT NULL,
  PRIMARY KEY (org_id, run_id, case_id),
  FOREIGN KEY (org_id, run_id) REFERENCES keywork.retention_runs ON DELETE CASCADE
);

-- -------------------------------------------------------------------------------------------------- the ledger (R31)

-- What was erased of which case, by what rule: ids, counts and times, nothing of anybody. Outlives everything, and is
-- what a restored backup is brought up to date with.
CREATE TABLE keywork.erasures (
  org_id        uuid NOT NULL,
  id            uuid NOT NULL,
  case_id       uuid NOT NULL,
  -- notes, documents: these, of a case that is too large for one transaction. safeguarding: these notes. rest:
  -- everything but these safeguarding notes. case: everything, the case itself too.
  what          text NOT NULL CHECK (what IN ('notes', 'documents', 'safeguarding', 'rest', 'case')),
  ids           uuid[] NOT NULL,
  counts        text NOT NULL CHECK (counts::jsonb IS NOT NULL),
  rule          text NOT NULL CHECK (char_length(rule) <= 200),
  counted_from  timestamp NOT NULL,
  due_at        timestamp NOT NULL,
  erased_at     timestamp NOT NULL,
  run_id        uuid,
  PRIMARY KEY (org_id, id),
  CHECK (due_at <= erased_at)
);
CREATE INDEX erasures_case ON keywork.erasures (org_id, case_id, id);

-- Entries of the ledger that are to be written to the file beside the backups; from there they are taken away.
CREATE TABLE keywork.erasures_to_write (
  org_id  uuid NOT NULL,
  id      uuid NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, id) REFERENCES keywork.erasures
);

-- Mails whose copies in a folder are to be removed; one that is being sent at this moment is written there later.
CREATE TABLE keywork.erased_mails (
  mail_id       uuid      PRIMARY KEY,
  written_at    timestamp NOT NULL,
  remove_after  timestamp NOT NULL
);
CREATE INDEX erased_mails_due ON keywork.erased_mails (remove_after);

-- One row while deleted rows may still lie in the files of the database: since the last erasure.
CREATE TABLE keywork.erased_bytes (
  one    boolean   PRIMARY KEY DEFAULT true CHECK (one),
  since  timestamp NOT NULL
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['retention_runs', 'retention_failures', 'erasures', 'erasures_to_write', 'erased_mails',
                              'erased_bytes'] LOOP
    EXECUTE format('ALTER TABLE keywork.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY owner ON keywork.%I TO keywork_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('REVOKE ALL ON keywork.%I FROM PUBLIC', name);
  END LOOP;
END $$;

-- --------------------------------------------------------------------------------------------- who may do what

GRANT SELECT (id, kind, time_zone, support_retention_years_default, support_retention_years_safeguarding, held_since)
  ON keywork.organisations TO keywork_retention;
GRANT SELECT (org_id, id, closed_at, held_since, kept_since) ON keywork.support_cases TO keywork_retention;
GRANT SELECT (org_id, id, case_id, safeguarding, flagged_at) ON keywork.notes TO keywork_retention;
GRANT SELECT (org_id, case_id) ON keywork.sessions, keywork.goals, keywork.documents, keywork.tenant_collaborators,
  keywork.audit_entries TO keywork_retention;
CREATE POLICY retention_read ON keywork.organisations FOR SELECT TO keywork_retention USING (true);
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['support_cases', 'notes', 'sessions', 'goals', 'documents', 'tenant_collaborators',
                              'audit_entries', 'erasures'] LOOP
    EXECUTE format('CREATE POLICY retention_read ON keywork.%I FOR SELECT TO keywork_retention USING (true)', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['retention_runs', 'retention_failures', 'erasures_to_write', 'erased_mails',
                              'erased_bytes'] LOOP
    EXECUTE format('CREATE POLICY retention_all ON keywork.%I TO keywork_retention USING (true)', name);
  END LOOP;
END $$;
GRANT SELECT ON keywork.erasures TO keywork_retention;
GRANT SELECT, INSERT, UPDATE, DELETE ON keywork.retention_runs TO keywork_retention;
GRANT SELECT, INSERT, UPDATE ON keywork.retention_failures TO keywork_retention;
GRANT SELECT, DELETE ON keywork.erasures_to_write, keywork.erased_mails, keywork.erased_bytes TO keywork_retention;
-- That a command asked for a run, in the organisation's log.
GRANT INSERT ON keywork.audit_entries TO keywork_retention;
CREATE POLICY retention_add ON keywork.audit_entries FOR INSERT TO keywork_retention
  WITH CHECK (kind = 'retention.run_asked' AND case_id IS NULL AND by_id = '00000000-0000-0000-0000-000000000000');

-- The admins see their organisation's and ask for one.
GRANT SELECT, INSERT ON keywork.retention_runs TO keywork_person;
GRANT SELECT ON keywork.retention_failures TO keywork_person;
CREATE POLICY person_read ON keywork.retention_runs FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.admin_orgs())::uuid[]));
CREATE POLICY person_ask ON keywork.retention_runs FOR INSERT TO keywork_person
  WITH CHECK (kind = 'asked' AND asked_by_id = keywork.me() AND keywork.standing(org_id) = 'org_admin'
              AND num_nonnulls(holder, beaten_at, started_at, finished_at, outcome, trouble) = 0
              AND (candidates, seen, cases, shells, notes, failed) = (0, 0, 0, 0, 0, 0));
CREATE POLICY person_read ON keywork.retention_failures FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.admin_orgs())::uuid[]));

-- ------------------------------------------------------------------------------------------------ what erasing is

-- As the program writes an instant, and as it is read back: these have no zone, since all of them are UTC.
CREATE FUNCTION keywork.rfc_3339(moment timestamp) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (to_jsonb(moment) #>> '{}') || 'Z'
$$;

-- What the log tells of these notes or documents.
CREATE FUNCTION keywork.erase_details(org uuid, of_case uuid, of_these uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE keywork.audit_entries a SET salt = NULL, by_name = '', detail = '{}'
  WHERE a.org_id = org AND a.subject_id = ANY (of_these) AND a.case_id = of_case AND a.salt IS NOT NULL
    AND a.kind <> 'retention.erased';
END $$;

-- These notes, with what they said before; triggers take them out of the search.
CREATE FUNCTION keywork.erase_notes(org uuid, of_case uuid, these uuid[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM keywork.note_revisions r WHERE r.org_id = org AND r.note_id = ANY (these) AND r.case_id = of_case;
  DELETE FROM keywork.notes n WHERE n.org_id = org AND n.id = ANY (these) AND n.case_id = of_case;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;

CREATE FUNCTION keywork.erase_documents(org uuid, of_case uuid, these uuid[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM keywork.document_chunks c WHERE c.org_id = org AND c.document_id = ANY (these) AND c.case_id = of_case;
  DELETE FROM keywork.document_texts t WHERE t.org_id = org AND t.document_id = ANY (these) AND t.case_id = of_case;
  DELETE FROM keywork.documents d WHERE d.org_id = org AND d.id = ANY (these) AND d.case_id = of_case;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;

-- The mails of the case, and the links that they led to. Their copies in a folder are removed by whoever can; and those of
-- the digests that may have told of the case: they say in one mail what they say of every tenant.
CREATE FUNCTION keywork.erase_mails(org uuid, of_case uuid, moment timestamp) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  WITH mails AS (
    DELETE FROM keywork.outbox o
    WHERE o.case_id = of_case
       -- An array, since with IN (SELECT …) neither index is used.
       OR o.link_id = ANY (ARRAY(SELECT l.id FROM keywork.magic_links l WHERE l.org_id = org AND l.case_id = of_case))
    RETURNING o.id, o.written_at, o.state)
  INSERT INTO keywork.erased_mails (mail_id, written_at, remove_after)
  SELECT m.id, m.written_at, CASE m.state WHEN 'sending' THEN moment + interval '10 minutes' ELSE moment END FROM mails m
  ON CONFLICT (mail_id) DO NOTHING;
  GET DIAGNOSTICS gone = ROW_COUNT;
  INSERT INTO keywork.erased_mails (mail_id, written_at, remove_after)
  SELECT o.id, o.written_at, moment FROM keywork.outbox o
  WHERE o.org_id = org AND o.template_name = 'housing_officer_digest' AND o.state = 'sent'
    AND o.written_at >= (SELECT c.opened_at FROM keywork.support_cases c WHERE c.org_id = org AND c.id = of_case)
  ON CONFLICT (mail_id) DO NOTHING;
  DELETE FROM keywork.magic_links l WHERE l.org_id = org AND l.case_id = of_case;
  DELETE FROM keywork.idempotency_answers i WHERE i.case_id = of_case;
  RETURN gone;
END $$;

-- Everything of the case but its row and these notes; as JSON, how much of each.
CREATE FUNCTION keywork.erase_rest(org uuid, of_case uuid, kept uuid[], moment timestamp) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  notes bigint; documents bigint; sessions bigint; goals bigint; team bigint; reads bigint; details bigint; mails bigint;
BEGIN
  notes := keywork.erase_notes(org, of_case, ARRAY(
    SELECT n.id FROM keywork.notes n WHERE n.org_id = org AND n.case_id = of_case AND n.id <> ALL (kept)));
  documents := keywork.erase_documents(org, of_case, ARRAY(
    SELECT d.id FROM keywork.documents d WHERE d.org_id = org AND d.case_id = of_case));
  DELETE FROM keywork.sessions s WHERE s.org_id = org AND s.case_id = of_case;
  GET DIAGNOSTICS sessions = ROW_COUNT;
  DELETE FROM keywork.goal_progress p WHERE p.org_id = org AND p.case_id = of_case;
  DELETE FROM keywork.goals g WHERE g.org_id = org AND g.case_id = of_case;
  GET DIAGNOSTICS goals = ROW_COUNT;
  DELETE FROM keywork.tenant_collaborators t WHERE t.org_id = org AND t.case_id = of_case;
  GET DIAGNOSTICS team = ROW_COUNT;
  DELETE FROM keywork.case_reads r WHERE r.org_id = org AND r.case_id = of_case;
  GET DIAGNOSTICS reads = ROW_COUNT;
  mails := keywork.erase_mails(org, of_case, moment);
  -- What retention itself wrote there holds ids and counts alone.
  UPDATE keywork.audit_entries a SET salt = NULL, by_name = '', detail = '{}'
  WHERE a.org_id = org AND a.case_id = of_case AND a.salt IS NOT NULL AND a.kind <> 'retention.erased';
  GET DIAGNOSTICS details = ROW_COUNT;
  RETURN jsonb_build_object('notes', notes, 'documents', documents, 'sessions', sessions, 'goals', goals, 'team', team,
                            'reads', reads, 'audit_details', details, 'mails', mails)::text;
END $$;

-- What is left of the case after `e`, where the case itself stays: what it is found by next time, and nothing that was
-- written about anybody. Its version goes on, so that nobody writes on what they remember of it.
CREATE FUNCTION keywork.mark_erased(e keywork.erasures) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE keywork.support_cases c
  SET version = c.version + 1,
      context_summary = CASE WHEN e.what = 'rest' THEN '' ELSE c.context_summary END,
      kept_since = CASE WHEN e.what = 'rest' OR c.kept_since IS NOT NULL THEN
        coalesce((SELECT min(greatest(c.closed_at, n.flagged_at)) FROM keywork.notes n
                  WHERE n.org_id = c.org_id AND n.case_id = c.id AND n.safeguarding), c.closed_at) END
  WHERE c.org_id = e.org_id AND c.id = e.case_id;
END $$;

-- Carries out one entry of the ledger, with the case locked, and writes it down. Ids that are not there do no harm.
CREATE FUNCTION keywork.carry_out(e keywork.erasures) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  done text;
BEGIN
  IF e.what NOT IN ('rest', 'case') THEN
    PERFORM keywork.erase_details(e.org_id, e.case_id, e.ids);
  END IF;
  done := CASE
    WHEN e.what IN ('notes', 'safeguarding') THEN
      jsonb_build_object('notes', keywork.erase_notes(e.org_id, e.case_id, e.ids))::text
    WHEN e.what = 'documents' THEN
      jsonb_build_object('documents', keywork.erase_documents(e.org_id, e.case_id, e.ids))::text
    ELSE keywork.erase_rest(e.org_id, e.case_id, CASE e.what WHEN 'rest' THEN e.ids ELSE '{}' END, e.erased_at) END;
  IF e.what = 'case' THEN
    DELETE FROM keywork.support_cases c WHERE c.org_id = e.org_id AND c.id = e.case_id;
    -- The organisation's cases are others now.
    UPDATE keywork.org_sequence s SET version = s.version + 1 WHERE s.org_id = e.org_id;
    PERFORM pg_notify('keywork_organisation', e.org_id::text);
  ELSE
    PERFORM keywork.mark_erased(e);
  END IF;
  e.counts := coalesce(nullif(e.counts, ''), done);
  INSERT INTO keywork.erasures VALUES (e.*) ON CONFLICT (org_id, id) DO NOTHING;
  INSERT INTO keywork.erasures_to_write (org_id, id) VALUES (e.org_id, e.id) ON CONFLICT (org_id, id) DO NOTHING;
  INSERT INTO keywork.erased_bytes AS b (since) VALUES (e.erased_at)
  ON CONFLICT (one) DO UPDATE SET since = greatest(b.since + interval '1 microsecond', e.erased_at);
  PERFORM pg_notify('keywork_erasure', e.org_id || ' ' || e.case_id);
  RETURN done;
END $$;

-- ------------------------------------------------------------------------------------------------ the ways in

-- Whether it may be `moment` now, that is what things are due by: the time that the program believes it is, within an
-- hour, so that nobody gets at what is not due by claiming another one. In a rehearsal it is what its clock can have come
-- to: not before what was kept last (0016), and since then not more than passed at its speed. For more than a day it is
-- not kept only where nothing runs.
CREATE FUNCTION keywork.may_be_now(moment timestamp, believed timestamp) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hour    CONSTANT interval := interval '1 hour';
  chosen  record;
  passed  interval;
  spare   interval;
BEGIN
  SELECT d.clock_at, d.real_at, d.speed INTO chosen FROM keywork.demo_installation d
  WHERE d.clock_at IS NOT NULL AND d.speed IS NOT NULL;
  IF NOT FOUND THEN
    RETURN moment BETWEEN believed - hour AND believed + hour;
  END IF;
  passed := greatest(least(believed - chosen.real_at, interval '1 day'), interval '0');
  -- At a high speed hours go by between two looks at the clock.
  spare := hour + chosen.speed * interval '10 seconds';
  RETURN moment BETWEEN chosen.clock_at - spare AND chosen.clock_at + passed * chosen.speed + spare;
END $$;

-- Why nothing may be erased of the case at `moment`; null where it may. Locks it until the end of the transaction: first
-- the row that every change of the organisation counts up, then the one that every change of the case does, as these do.
--
-- The one place where a change depends on the server's clock: `believed` is what the program takes the time to be, whatever time
-- a rehearsal has chosen. Clocks more than an hour apart do not agree, and nothing is erased by either.
CREATE FUNCTION keywork.lock_for_erasure(org uuid, of_case uuid, closed timestamp, zone text, years integer,
                                         safeguarding_years integer, moment timestamp, believed timestamp) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c keywork.support_cases;
BEGIN
  IF num_nulls(closed, zone, years, safeguarding_years, moment, believed) > 0 THEN
    RETURN 'not_due';  -- of what is not known nothing is compared
  END IF;
  IF abs(extract(epoch FROM believed - (clock_timestamp() AT TIME ZONE 'UTC'))) > 3600
     OR NOT keywork.may_be_now(moment, believed) THEN
    RETURN 'clocks_disagree';
  END IF;
  PERFORM FROM keywork.org_sequence s WHERE s.org_id = org FOR UPDATE;
  PERFORM FROM keywork.organisations o
  WHERE o.id = org AND o.held_since IS NULL AND o.time_zone = zone AND o.support_retention_years_default = years
    AND o.support_retention_years_safeguarding = safeguarding_years;
  IF NOT FOUND THEN
    RETURN 'rules_changed';
  END IF;
  SELECT * INTO c FROM keywork.support_cases s WHERE s.org_id = org AND s.id = of_case FOR UPDATE;
  IF NOT FOUND THEN
    RETURN 'gone';
  END IF;
  RETURN CASE WHEN c.held_since IS NOT NULL OR c.closed_at IS DISTINCT FROM closed THEN 'case_changed' END;
END $$;

-- Erases what `e` says of a case that was closed at `closed`. Of `notes` and `documents` it takes the first `most` that
-- there are, of `safeguarding` those in ids, each flagged at its place in `flagged`. Refuses, and then nothing has
-- happened: clocks_disagree, rules_changed, case_changed, gone; done_before where two sweeps met; not_due, whatever the
-- plan says, where it is two days or more too early by a calendar that knows no zones. `more`: there was as
-- much as was allowed. `entry` is the audit entry's id; the parts of a large case have none of their own.
CREATE FUNCTION keywork.erase(e keywork.erasures, closed timestamp, flagged timestamp[], zone text, years integer,
                              safeguarding_years integer, believed timestamp, most bigint, entry uuid,
                              OUT refused text, OUT counts text, OUT more boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  more := false;
  refused := keywork.lock_for_erasure(e.org_id, e.case_id, closed, zone, years, safeguarding_years, e.erased_at, believed);
  IF refused IS NOT NULL THEN
    RETURN;
  END IF;
  IF coalesce(e.erased_at + interval '2 days' < CASE e.what
        WHEN 'safeguarding' THEN greatest(closed, (SELECT max(f) FROM unnest(flagged) f))
                                 + make_interval(years => safeguarding_years)
        ELSE closed + make_interval(years => years) END, true) THEN
    refused := 'not_due';
    RETURN;
  END IF;
  IF e.what = 'notes' THEN
    e.ids := ARRAY(SELECT n.id FROM keywork.notes n
                   WHERE n.org_id = e.org_id AND n.case_id = e.case_id AND NOT n.safeguarding LIMIT most);
    more := cardinality(e.ids) = most;
  ELSIF e.what = 'documents' THEN
    e.ids := ARRAY(SELECT d.id FROM keywork.documents d WHERE d.org_id = e.org_id AND d.case_id = e.case_id LIMIT most);
    more := cardinality(e.ids) = most;
  ELSIF e.what = 'safeguarding' THEN
    IF cardinality(e.ids) <> (SELECT count(*) FROM unnest(e.ids, flagged) AS u (id, at)
                              JOIN keywork.notes n ON n.org_id = e.org_id AND n.id = u.id
                              WHERE n.case_id = e.case_id AND n.safeguarding AND n.flagged_at = u.at) THEN
      refused := 'case_changed';
      RETURN;
    END IF;
  ELSE
    e.ids := ARRAY(SELECT n.id FROM keywork.notes n
                   WHERE n.org_id = e.org_id AND n.case_id = e.case_id AND n.safeguarding);
    -- What was thought to be the last of it is not, or the other way round: plan again.
    IF (e.what = 'case') <> (cardinality(e.ids) = 0) THEN
      refused := 'case_changed';
      RETURN;
    END IF;
    PERFORM FROM keywork.support_cases c
    WHERE c.org_id = e.org_id AND c.id = e.case_id AND c.kept_since IS NOT NULL AND e.what = 'rest';
    IF FOUND THEN
      refused := 'done_before';
      RETURN;
    END IF;
  END IF;
  IF e.what IN ('notes', 'documents') AND cardinality(e.ids) = 0 THEN
    counts := '{}';
    RETURN;
  END IF;
  counts := keywork.carry_out(e);
  -- Last, since its lock holds up every other change of the organisation's cases.
  IF entry IS NOT NULL THEN
    INSERT INTO keywork.audit_entries (id, org_id, case_id, subject_id, at, by_id, by_name, request_id, kind, detail)
    VALUES (entry, e.org_id, CASE WHEN e.what <> 'case' THEN e.case_id END, e.case_id, e.erased_at,
            '00000000-0000-0000-0000-000000000000', 'retention', '', 'retention.erased',
            jsonb_build_object('erasure', e.id, 'case', e.case_id, 'what', e.what, 'counts', counts::jsonb,
                               'rule', e.rule, 'counted_from', keywork.rfc_3339(e.counted_from),
                               'due_at', keywork.rfc_3339(e.due_at))::text);
  END IF;
END $$;

-- Carries out an entry of the ledger once more, in a database that was restored from a backup made before it: without a
-- question, since the entry says that it was due. For the owner alone.
CREATE FUNCTION keywork.erase_again(e keywork.erasures) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM keywork.support_cases c WHERE c.org_id = e.org_id AND c.id = e.case_id FOR UPDATE;
  IF FOUND AND e.what = 'rest' THEN
    -- As the case was when the entry was made; what was flagged after the backup counts from when it was found so.
    UPDATE keywork.support_cases c SET closed_at = e.counted_from, held_since = NULL, hold_reason = NULL
    WHERE c.org_id = e.org_id AND c.id = e.case_id AND c.closed_at IS NULL;
    UPDATE keywork.notes n SET safeguarding = true, flagged_at = coalesce(n.flagged_at, e.erased_at)
    WHERE n.org_id = e.org_id AND n.case_id = e.case_id AND n.id = ANY (e.ids) AND NOT n.safeguarding
      AND n.stream = 'professional';
  END IF;
  PERFORM keywork.carry_out(e);
END $$;

REVOKE ALL ON FUNCTION keywork.rfc_3339(timestamp), keywork.count_anew(), keywork.count_unflagged(), keywork.erase_details(uuid, uuid, uuid[]),
  keywork.erase_notes(uuid, uuid, uuid[]),
  keywork.erase_documents(uuid, uuid, uuid[]), keywork.erase_mails(uuid, uuid, timestamp),
  keywork.erase_rest(uuid, uuid, uuid[], timestamp), keywork.mark_erased(keywork.erasures),
  keywork.carry_out(keywork.erasures),
  keywork.may_be_now(timestamp, timestamp),
  keywork.lock_for_erasure(uuid, uuid, timestamp, text, integer, integer, timestamp, timestamp),
  keywork.erase(keywork.erasures, timestamp, timestamp[], text, integer, integer, timestamp, bigint, uuid),
  keywork.erase_again(keywork.erasures) FROM PUBLIC;
GRANT EXECUTE
  ON FUNCTION keywork.erase(keywork.erasures, timestamp, timestamp[], text, integer, integer, timestamp, bigint, uuid),
  keywork.rfc_3339(timestamp) TO keywork_retention;
