-- The audit log as a chain (R27), and the log of who opened which case (R26).
--
-- Each organisation has one chain. The entry with number seq carries
--
--   personal_digest = sha256(salt || by_name || 00 || detail)
--   hash            = sha256(hash of seq - 1, or 32 zero bytes for seq 1 || seq || the bytes of the entry)
--   bytes           = id || org_id || optional case_id || optional subject_id || at || by_id
--                     || text request_id || text kind || personal_digest
--
-- in which a uuid is its 16 bytes, seq 8 bytes, at 8 bytes that count microseconds from 2000-01-01 00:00:00 (signed),
-- an optional uuid one byte 00, or 01 and its 16 bytes, and a text 4 bytes of length and then UTF-8; numbers have the
-- highest byte first. No text holds a byte 00. What can name a person, by_name and detail, is in the hash through
-- its digest alone: retention (R31) erases it, and the salt, without which nobody can try what stood there, and the
-- chain still holds. odb/audit_chain.cpp recomputes all of this from the rows.
--
-- Whoever may change every row as a superuser could compute a new chain as well; that is found by comparing with a
-- head (seq and hash) that was written down elsewhere.

GRANT USAGE ON SCHEMA keywork TO keywork_auditor;

ALTER TABLE keywork.audit_entries
  ADD COLUMN subject_id       uuid,    -- the note, session, member, … that the entry is about
  ADD COLUMN seq              bigint,
  ADD COLUMN salt             bytea,   -- null: erased
  ADD COLUMN personal_digest  bytea,
  ADD COLUMN hash             bytea;

-- The last link of every chain. A row is made with its organisation; its lock is what orders the entries.
-- Every entry updates it: the room in the pages spares the index.
CREATE TABLE keywork.audit_heads (
  org_id  uuid   PRIMARY KEY,
  seq     bigint NOT NULL CHECK (seq >= 0),
  hash    bytea  NOT NULL CHECK (octet_length(hash) = 32)
) WITH (fillfactor = 20);
ALTER TABLE keywork.audit_heads ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON keywork.audit_heads TO keywork_owner USING (true) WITH CHECK (true);
REVOKE ALL ON keywork.audit_heads FROM PUBLIC;

-- --------------------------------------------------------------------------------------------- what is hashed

CREATE FUNCTION keywork.audit_digest(salt bytea, by_name text, detail text) RETURNS bytea LANGUAGE sql STABLE
  RETURN sha256(salt || convert_to(by_name, 'UTF8') || '\x00'::bytea || convert_to(detail, 'UTF8'));

CREATE FUNCTION keywork.audit_bytes(e keywork.audit_entries) RETURNS bytea LANGUAGE sql STABLE
  RETURN uuid_send((e).id) || uuid_send((e).org_id)
         || coalesce('\x01'::bytea || uuid_send((e).case_id), '\x00'::bytea)
         || coalesce('\x01'::bytea || uuid_send((e).subject_id), '\x00'::bytea)
         || timestamp_send((e).at) || uuid_send((e).by_id)
         || int4send(octet_length(convert_to((e).request_id, 'UTF8'))) || convert_to((e).request_id, 'UTF8')
         || int4send(octet_length(convert_to((e).kind, 'UTF8'))) || convert_to((e).kind, 'UTF8')
         || (e).personal_digest;

-- --------------------------------------------------------------------------------------------- what is there already

DO $$
DECLARE
  e         keywork.audit_entries;
  org       uuid;
  link      bytea;
  n         bigint;
  nothing   bytea := decode(repeat('00', 32), 'hex');
BEGIN
  INSERT INTO keywork.audit_heads
  SELECT known.id, 0, nothing
  FROM (SELECT o.id FROM keywork.organisations o UNION SELECT a.org_id FROM keywork.audit_entries a) known;
  FOR e IN SELECT * FROM keywork.audit_entries ORDER BY org_id, id LOOP
    IF org IS DISTINCT FROM e.org_id THEN
      UPDATE keywork.audit_heads h SET seq = n, hash = link WHERE h.org_id = org;
      org := e.org_id;
      link := nothing;
      n := 0;
    END IF;
    n := n + 1;
    e.salt := uuid_send(gen_random_uuid());
    e.personal_digest := keywork.audit_digest(e.salt, e.by_name, e.detail);
    link := sha256(link || int8send(n) || keywork.audit_bytes(e));
    UPDATE keywork.audit_entries a SET seq = n, salt = e.salt, personal_digest = e.personal_digest, hash = link
    WHERE a.org_id = e.org_id AND a.id = e.id;
  END LOOP;
  UPDATE keywork.audit_heads h SET seq = n, hash = link WHERE h.org_id = org;
END $$;

ALTER TABLE keywork.audit_entries
  ALTER COLUMN seq SET NOT NULL,
  ALTER COLUMN personal_digest SET NOT NULL,
  ALTER COLUMN hash SET NOT NULL,
  ADD CONSTRAINT audit_entries_seq UNIQUE (org_id, seq),
  -- One form only, so that nothing can be written in the place of what was erased.
  ADD CONSTRAINT erased_as_a_whole CHECK (salt IS NOT NULL OR (by_name = '' AND detail = '{}'));
CREATE INDEX audit_entries_subject ON keywork.audit_entries (org_id, subject_id, id DESC) WHERE subject_id IS NOT NULL;

-- --------------------------------------------------------------------------------------------- from here on

CREATE FUNCTION keywork.begin_audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO keywork.audit_heads VALUES (NEW.id, 0, decode(repeat('00', 32), 'hex'));
  RETURN NULL;
END $$;

CREATE TRIGGER audit_chain_begins AFTER INSERT ON keywork.organisations FOR EACH ROW
  EXECUTE FUNCTION keywork.begin_audit_chain();

-- Whatever the statement says about the chain's columns, this writes them, as the owner: no role of the service can
-- write a chain of its own. From here to the commit nobody else adds an entry to this organisation's chain.
CREATE FUNCTION keywork.chain_audit_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.salt := uuid_send(gen_random_uuid());
  NEW.personal_digest := keywork.audit_digest(NEW.salt, NEW.by_name, NEW.detail);
  UPDATE keywork.audit_heads h
  SET seq = h.seq + 1, hash = sha256(h.hash || int8send(h.seq + 1) || keywork.audit_bytes(NEW))
  WHERE h.org_id = NEW.org_id
  RETURNING h.seq, h.hash INTO NEW.seq, NEW.hash;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no organisation for this audit entry' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER chained BEFORE INSERT ON keywork.audit_entries FOR EACH ROW
  EXECUTE FUNCTION keywork.chain_audit_entry();

-- All entries of a transaction in one round trip: the fewer of them, the shorter the heads stay locked. Each is written
-- as the person whose change it tells of, under their row security. The arrays are of one length.
CREATE PROCEDURE keywork.keep_audit(ids uuid[], orgs uuid[], cases uuid[], subjects uuid[], ats timestamp[], bys uuid[],
                                    names text[], requests text[], kinds text[], details text[])
LANGUAGE plpgsql AS $$
DECLARE
  asking text := current_setting('keywork.user', true);
BEGIN
  FOR n IN 1 .. cardinality(ids) LOOP
    PERFORM set_config('keywork.user', bys[n]::text, true);
    INSERT INTO keywork.audit_entries (id, org_id, case_id, subject_id, at, by_id, by_name, request_id, kind, detail)
    VALUES (ids[n], orgs[n], cases[n], subjects[n], ats[n], bys[n], names[n], requests[n], kinds[n], details[n]);
  END LOOP;
  PERFORM set_config('keywork.user', asking, true);
END $$;

-- --------------------------------------------------------------------------------------------- who may read it

GRANT SELECT ON keywork.audit_entries, keywork.audit_heads TO keywork_auditor;
GRANT SELECT (id, name) ON keywork.organisations TO keywork_auditor;
CREATE POLICY auditor_read ON keywork.audit_entries FOR SELECT TO keywork_auditor USING (true);
CREATE POLICY auditor_read ON keywork.audit_heads FOR SELECT TO keywork_auditor USING (true);
CREATE POLICY auditor_read ON keywork.organisations FOR SELECT TO keywork_auditor USING (true);

-- R23: a document's own trail is for whoever reads the document.
CREATE POLICY person_read_documents ON keywork.audit_entries FOR SELECT TO keywork_person
  USING (kind ^@ 'document.' AND case_id IS NOT NULL AND keywork.case_access(org_id, case_id) = 'full');

-- --------------------------------------------------------------------------------------------- who opened which case

-- One row for each person, case and hour; `id` says when it was written, for lists. Nobody changes or deletes one.
CREATE TABLE keywork.case_reads (
  org_id      uuid      NOT NULL,
  case_id     uuid      NOT NULL,
  user_id     uuid      NOT NULL,
  hour        timestamp NOT NULL,
  id          uuid      NOT NULL,
  first_at    timestamp NOT NULL,
  user_name   text      NOT NULL,
  request_id  text      NOT NULL,
  PRIMARY KEY (org_id, case_id, user_id, hour),
  CHECK (hour = date_trunc('hour', first_at))
);
CREATE INDEX case_reads_list ON keywork.case_reads (org_id, case_id, id DESC);
ALTER TABLE keywork.case_reads ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON keywork.case_reads TO keywork_owner USING (true) WITH CHECK (true);
REVOKE ALL ON keywork.case_reads FROM PUBLIC;
GRANT SELECT, INSERT ON keywork.case_reads TO keywork_person;
CREATE POLICY person_read ON keywork.case_reads FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[]));
CREATE POLICY person_add ON keywork.case_reads FOR INSERT TO keywork_person
  WITH CHECK (user_id = keywork.me() AND keywork.case_access(org_id, case_id) IS NOT NULL);

REVOKE ALL ON FUNCTION keywork.audit_digest(bytea, text, text), keywork.audit_bytes(keywork.audit_entries),
  keywork.begin_audit_chain(), keywork.chain_audit_entry() FROM PUBLIC;
REVOKE ALL ON PROCEDURE keywork.keep_audit(uuid[], uuid[], uuid[], uuid[], timestamp[], uuid[], text[], text[], text[],
                                           text[]) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE keywork.keep_audit(uuid[], uuid[], uuid[], uuid[], timestamp[], uuid[], text[], text[],
                                              text[], text[]) TO keywork_person;
