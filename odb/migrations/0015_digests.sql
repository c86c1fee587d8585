-- The monthly digest for housing officers (R33 to R35): the ledger that makes it one for each recipient, organisation
-- and month, and wall 2 for what it may tell.
--
-- keywork_digest is bound to one organisation (keywork.org), and where it reads what a recipient is told, to that
-- recipient as well (keywork.user). A professional or deleted note, a hidden tenant, an ended assignment: to this role
-- they do not exist.

GRANT USAGE ON SCHEMA keywork TO keywork_digest;

-- --------------------------------------------------------------------------------------------- how far it has come

CREATE TABLE keywork.digest_progress (
  org_id      uuid      PRIMARY KEY REFERENCES keywork.organisations,
  -- Nothing that was due before this is sent. Null: the organisation is older than digests are, and nobody has looked
  -- after it since.
  since       timestamp,
  done_month  date      CHECK (extract(day FROM done_month) = 1),
  -- When there is something to do; -infinity: find out.
  next_at     timestamp NOT NULL
);
CREATE INDEX digest_progress_next ON keywork.digest_progress (next_at);

INSERT INTO keywork.digest_progress (org_id, next_at)
SELECT o.id, '-infinity' FROM keywork.organisations o WHERE o.kind = 'managing_agent';

CREATE FUNCTION keywork.begin_digests() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO keywork.digest_progress (org_id, since, next_at) VALUES (NEW.id, NEW.created_at, '-infinity');
  RETURN NULL;
END $$;
CREATE TRIGGER digests_begin AFTER INSERT ON keywork.organisations FOR EACH ROW
  WHEN (NEW.kind = 'managing_agent')
  EXECUTE FUNCTION keywork.begin_digests();

-- 07:00 is another moment now.
CREATE FUNCTION keywork.move_digests() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE keywork.digest_progress p SET next_at = '-infinity' WHERE p.org_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER digests_move AFTER UPDATE ON keywork.organisations FOR EACH ROW
  WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone)
  EXECUTE FUNCTION keywork.move_digests();

-- --------------------------------------------------------------------------------------------- the ledger

CREATE TABLE keywork.digests (
  org_id      uuid      NOT NULL REFERENCES keywork.organisations,
  month       date      NOT NULL CHECK (extract(day FROM month) = 1),
  user_id     uuid      NOT NULL REFERENCES keywork.users,
  -- 0 is the digest, the others are copies that an admin asked for.
  copy        integer   NOT NULL CHECK (copy >= 0),
  id          uuid      NOT NULL UNIQUE,
  email       text      NOT NULL CHECK (email = lower(email COLLATE "C") AND octet_length(email) BETWEEN 3 AND 254),
  state       text      NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'empty', 'withdrawn')),
  mail_id     uuid      UNIQUE,
  planned_at  timestamp NOT NULL,
  settled_at  timestamp,
  reason      text      CHECK (char_length(reason) BETWEEN 1 AND 500),
  tenants     bigint    NOT NULL CHECK (tenants >= 0),
  goals       bigint    NOT NULL CHECK (goals >= 0),
  sessions    bigint    NOT NULL CHECK (sessions >= 0),
  notes       bigint    NOT NULL CHECK (notes >= 0),
  -- What the latest attempt said, for as long as another one may have to say the same.
  frozen_at   timestamp,
  content     bytea,
  PRIMARY KEY (org_id, month, user_id, copy),
  UNIQUE (org_id, month, email, copy),
  CONSTRAINT empty_has_no_mail CHECK ((state = 'empty') = (mail_id IS NULL)),
  CONSTRAINT settled_has_a_date CHECK ((state = 'queued') = (settled_at IS NULL)),
  CONSTRAINT withdrawn_has_a_reason CHECK ((state = 'withdrawn') = (reason IS NOT NULL)),
  CONSTRAINT content_goes_with_the_mail CHECK (content IS NULL OR state = 'queued' AND frozen_at IS NOT NULL)
);
CREATE INDEX digests_list ON keywork.digests (org_id, id DESC);
CREATE INDEX digests_frozen ON keywork.digests (org_id) WHERE content IS NOT NULL;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['digest_progress', 'digests'] LOOP
    EXECUTE format('ALTER TABLE keywork.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY owner ON keywork.%I TO keywork_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('REVOKE ALL ON keywork.%I FROM PUBLIC', name);
  END LOOP;
END $$;

-- --------------------------------------------------------------------------------------------- what became of its mail

-- The ledger follows the outbox in the outbox's own transaction, whoever changes it; and that a digest was sent is an
-- audit entry of that transaction, too (R26). Its id is a UUIDv7 of the moment it was sent, as all of them are.
CREATE FUNCTION keywork.digest_follows_mail() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  d       keywork.digests;
  millis  text := lpad(to_hex(floor(extract(epoch FROM NEW.sent_at) * 1000)::bigint), 12, '0');
BEGIN
  UPDATE keywork.digests l
  SET state = CASE WHEN NEW.state IN ('sent', 'failed') THEN NEW.state ELSE 'queued' END,
      settled_at = CASE NEW.state WHEN 'sent' THEN NEW.sent_at WHEN 'failed' THEN NEW.next_attempt_at END,
      -- One that failed and is tried again by hand goes under another key: it may be told in other words.
      frozen_at = CASE NEW.state WHEN 'failed' THEN NULL ELSE l.frozen_at END,
      content = CASE WHEN NEW.state IN ('sent', 'failed') THEN NULL ELSE l.content END
  WHERE l.org_id = NEW.org_id AND l.mail_id = NEW.id AND l.state <> 'withdrawn'
  RETURNING * INTO d;
  IF FOUND AND NEW.state = 'sent' THEN
    INSERT INTO keywork.audit_entries (id, org_id, case_id, subject_id, at, by_id, by_name, request_id, kind, detail)
    VALUES ((millis || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid, d.org_id, NULL, d.id,
            NEW.sent_at, '00000000-0000-0000-0000-000000000000', 'digest', '', 'digest.sent',
            -- Ids and numbers: nothing in them has to be escaped.
            format('{"month":"%s","recipient":"%s","copy":%s,"counts":{"tenants":%s,"goals":%s,"sessions":%s,"notes":%s}}',
                   to_char(d.month, 'YYYY-MM'), d.user_id, d.copy, d.tenants, d.goals, d.sessions, d.notes));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER digest_follows AFTER UPDATE ON keywork.outbox FOR EACH ROW
  WHEN (NEW.template_name = 'housing_officer_digest' AND OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION keywork.digest_follows_mail();

-- What is erased stands in no digest that waits either (R31): what was frozen goes, and the mail with it at its next
-- attempt; a copy that is being written to a folder at this moment goes later. Those that were sent 0014 removes.
CREATE FUNCTION keywork.unfreeze_digests() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  WITH waiting AS (
    UPDATE keywork.digests d SET content = NULL WHERE d.org_id = NEW.org_id AND d.content IS NOT NULL
    RETURNING d.mail_id, d.planned_at)
  INSERT INTO keywork.erased_mails (mail_id, written_at, remove_after)
  SELECT w.mail_id, w.planned_at, NEW.erased_at + interval '10 minutes' FROM waiting w
  ON CONFLICT (mail_id) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER digests_forget AFTER INSERT ON keywork.erasures FOR EACH ROW
  WHEN (NEW.what IN ('notes', 'rest', 'case'))
  EXECUTE FUNCTION keywork.unfreeze_digests();

-- --------------------------------------------------------------------------------------------- wall 2: R33 and R34

-- The addresses that digests of the bound organisation go to; none in a tier without the workspace (R36).
CREATE FUNCTION keywork.digest_emails() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT keywork.has_support_cases(keywork.bound_org()) THEN
    RETURN '{}';
  END IF;
  RETURN (SELECT coalesce(array_agg(h.email), '{}') FROM keywork.housing_officer_emails h
          WHERE h.org_id = keywork.bound_org());
END $$;

-- What the bound recipient is told of in the bound organisation: 'tenants' and 'cases' by their ids, and those cases
-- whose shared 'notes' are told. Asked once a query.
CREATE FUNCTION keywork.digest_reach(what text) RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  listed text[] := keywork.digest_emails();
BEGIN
  RETURN (SELECT coalesce(array_agg(CASE what WHEN 'tenants' THEN r.tenant_id ELSE r.case_id END), '{}')
          FROM keywork.tenant_collaborators r
          JOIN keywork.organisations o ON o.id = r.org_id
          JOIN keywork.tenants t ON t.org_id = r.org_id AND t.id = r.tenant_id
          WHERE r.org_id = keywork.bound_org() AND r.user_id = keywork.me()
            AND r.participation <> 'reference_only' AND r.accepted_at IS NOT NULL AND r.ended_at IS NULL
            AND lower(r.email COLLATE "C") = ANY (listed)
            AND t.housing_officer_note_visibility <> 'hidden'
            AND (what <> 'notes' OR t.housing_officer_note_visibility = 'visible'
                 OR o.support_notes_visible_to_housing_officer));
END $$;

-- Which organisations there are, to find whose digests are due; then one at a time.
GRANT SELECT ON keywork.organisations TO keywork_digest;
CREATE POLICY digest_read ON keywork.organisations FOR SELECT TO keywork_digest
  USING (kind = 'managing_agent' AND (keywork.bound_org() IS NULL OR id = keywork.bound_org()));
GRANT SELECT, UPDATE (since, done_month, next_at) ON keywork.digest_progress TO keywork_digest;
CREATE POLICY digest_read ON keywork.digest_progress FOR SELECT TO keywork_digest USING (true);
CREATE POLICY digest_change ON keywork.digest_progress FOR UPDATE TO keywork_digest
  USING (org_id = keywork.bound_org());
GRANT SELECT ON keywork.housing_officer_emails TO keywork_digest;
CREATE POLICY digest_read ON keywork.housing_officer_emails FOR SELECT TO keywork_digest
  USING (org_id = keywork.bound_org());

-- Without a recipient bound, every recipient's; of contact cards nothing, ever.
GRANT SELECT (id, org_id, case_id, tenant_id, participation, user_id, full_name, email, accepted_at, ended_at)
  ON keywork.tenant_collaborators TO keywork_digest;
CREATE POLICY digest_read ON keywork.tenant_collaborators FOR SELECT TO keywork_digest
  USING (org_id = keywork.bound_org() AND (keywork.me() IS NULL OR user_id = keywork.me())
         AND participation <> 'reference_only' AND accepted_at IS NOT NULL AND ended_at IS NULL
         AND lower(email COLLATE "C") = ANY ((SELECT keywork.digest_emails())::text[]));

GRANT SELECT (id, org_id, full_name, housing_officer_note_visibility) ON keywork.tenants TO keywork_digest;
CREATE POLICY digest_read ON keywork.tenants FOR SELECT TO keywork_digest
  USING (org_id = keywork.bound_org() AND id = ANY ((SELECT keywork.digest_reach('tenants'))::uuid[]));
GRANT SELECT (id, org_id, tenant_id, reference, closed_at) ON keywork.support_cases TO keywork_digest;
CREATE POLICY digest_read ON keywork.support_cases FOR SELECT TO keywork_digest
  USING (org_id = keywork.bound_org() AND id = ANY ((SELECT keywork.digest_reach('cases'))::uuid[]));
GRANT SELECT ON keywork.goals, keywork.sessions, keywork.notes TO keywork_digest;
CREATE POLICY digest_read ON keywork.goals FOR SELECT TO keywork_digest
  USING (org_id = keywork.bound_org() AND case_id = ANY ((SELECT keywork.digest_reach('cases'))::uuid[])
         AND status = 'active');
CREATE POLICY digest_read ON keywork.sessions FOR SELECT TO keywork_digest
  USING (org_id = keywork.bound_org() AND case_id = ANY ((SELECT keywork.digest_reach('cases'))::uuid[])
         AND status IN ('delivered', 'scheduled'));
CREATE POLICY digest_read ON keywork.notes FOR SELECT TO keywork_digest
  USING (org_id = keywork.bound_org() AND case_id = ANY ((SELECT keywork.digest_reach('notes'))::uuid[])
         AND stream = 'shared' AND NOT safeguarding AND deleted_at IS NULL);

-- --------------------------------------------------------------------------------------------- who keeps the ledger

GRANT SELECT, INSERT ON keywork.digests TO keywork_digest;
GRANT UPDATE (state, mail_id, settled_at, reason, tenants, goals, sessions, notes, frozen_at, content)
  ON keywork.digests TO keywork_digest;
CREATE POLICY digest_read ON keywork.digests FOR SELECT TO keywork_digest USING (org_id = keywork.bound_org());
CREATE POLICY digest_add ON keywork.digests FOR INSERT TO keywork_digest
  WITH CHECK (org_id = keywork.bound_org() AND copy = 0 AND state IN ('queued', 'empty') AND content IS NULL);
CREATE POLICY digest_change ON keywork.digests FOR UPDATE TO keywork_digest USING (org_id = keywork.bound_org());

-- Its own mails, and no others.
GRANT INSERT, DELETE, SELECT (id, org_id, template_name) ON keywork.outbox TO keywork_digest;
CREATE POLICY digest_read ON keywork.outbox FOR SELECT TO keywork_digest
  USING (org_id = keywork.bound_org() AND template_name = 'housing_officer_digest');
CREATE POLICY digest_add ON keywork.outbox FOR INSERT TO keywork_digest
  WITH CHECK (org_id = keywork.bound_org() AND template_name = 'housing_officer_digest' AND state = 'queued'
              AND case_id IS NULL AND link_id IS NULL);
CREATE POLICY digest_remove ON keywork.outbox FOR DELETE TO keywork_digest
  USING (org_id = keywork.bound_org() AND template_name = 'housing_officer_digest');

-- The organisation's admins read what went to whom, never what it said, and ask for copies of what there was.
CREATE FUNCTION keywork.had_digest(org uuid, of_month date, recipient uuid, address text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM keywork.digests d
                 WHERE d.org_id = org AND d.month = of_month AND d.user_id = recipient AND d.copy = 0
                   AND d.email = address);
END $$;
GRANT SELECT (org_id, month, user_id, copy, id, email, state, mail_id, planned_at, settled_at, reason, tenants, goals,
              sessions, notes),
      INSERT (org_id, month, user_id, copy, id, email, state, mail_id, planned_at, tenants, goals, sessions, notes)
  ON keywork.digests TO keywork_person;
CREATE POLICY person_read ON keywork.digests FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.admin_orgs())::uuid[]));
CREATE POLICY person_add ON keywork.digests FOR INSERT TO keywork_person
  WITH CHECK (keywork.standing(org_id) = 'org_admin' AND keywork.has_support_cases(org_id) AND copy > 0
              AND state = 'queued' AND keywork.had_digest(org_id, month, user_id, email));
CREATE POLICY digests_by_admins ON keywork.outbox AS RESTRICTIVE FOR INSERT TO keywork_person
  WITH CHECK (template_name <> 'housing_officer_digest'
              OR coalesce(keywork.standing(org_id) = 'org_admin', false));

REVOKE ALL ON FUNCTION keywork.begin_digests(), keywork.move_digests(), keywork.digest_follows_mail(),
  keywork.unfreeze_digests(), keywork.digest_emails(), keywork.digest_reach(text),
  keywork.had_digest(uuid, date, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keywork.me(), keywork.bound_org(), keywork.digest_emails(), keywork.digest_reach(text)
  TO keywork_digest;
GRANT EXECUTE ON FUNCTION keywork.had_digest(uuid, date, uuid, text) TO keywork_person;
