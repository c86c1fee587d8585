-- Wall 2 alone, without the checks of the program: what somebody writes into the audit log and into the log of readers
-- is in their own name, of a kind that their role can have done, and its id is of the time that it tells.
--
-- What is not bound: which time that is. Nothing here reads a clock, and the time of what stands before is no measure:
-- the entries of two cases may be kept in another order than they were decided in, and after a clock that was ahead
-- nothing could be written for as long. When an entry was written its number in the chain tells, which nobody chooses;
-- keywork audit verify names entries that are dated long before what stands before them. Nor is request_id bound, nor
-- detail: the rows that a change leaves have triggers and policies of their own.

-- --------------------------------------------------------------------------------------------- in whose name, and when

-- A UUIDv7 begins with 48 bits of milliseconds since 1970.
CREATE FUNCTION keywork.is_id_of(id uuid, at timestamp) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN ('x' || substr(encode(uuid_send(id), 'hex'), 1, 12))::bit(48)::bigint
         = floor(extract(epoch FROM at) * 1000);
END $$;

-- As the owner, since a person reads no users. The name is not compared but written: it is theirs whatever was sent,
-- and who has not heard of a new name yet can still work.
CREATE FUNCTION keywork.bind_audit_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT u.full_name INTO NEW.by_name FROM keywork.users u
  WHERE u.id = keywork.me() AND u.id = NEW.by_id AND keywork.is_id_of(NEW.id, NEW.at);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this audit entry is not allowed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

-- Triggers fire in the order of their names: what is chained is what this leaves.
CREATE TRIGGER bound BEFORE INSERT ON keywork.audit_entries FOR EACH ROW
  WHEN (current_user = 'keywork_person')
  EXECUTE FUNCTION keywork.bind_audit_entry();

CREATE FUNCTION keywork.bind_case_read() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT u.full_name INTO NEW.user_name FROM keywork.users u
  WHERE u.id = keywork.me() AND u.id = NEW.user_id AND keywork.is_id_of(NEW.id, NEW.first_at);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this line of the log of readers is not allowed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER bound BEFORE INSERT ON keywork.case_reads FOR EACH ROW
  WHEN (current_user = 'keywork_person')
  EXECUTE FUNCTION keywork.bind_case_read();

-- --------------------------------------------------------------------------------------------- what they can have done

-- Whether somebody with this role on the case can have done what a case's entry of this kind tells (DOMAIN §3). An event
-- of a kind that is not of these words needs its line here.
CREATE FUNCTION keywork.may_log_on_case(role text, kind text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN CASE role
    WHEN 'org_admin' THEN
      (kind COLLATE "C") ~ '^(case|note|goal|session|collaborator|contact|document|export)\.[a-z]+(_[a-z]+)*$'
    WHEN 'property_manager' THEN
      (kind COLLATE "C") ~ '^(case|note|goal|session|collaborator|contact|document|export)\.[a-z]+(_[a-z]+)*$'
      AND kind <> 'note.safeguarding_unflagged'
    WHEN 'full' THEN kind IN
      ('note.created', 'note.edited', 'note.deleted', 'goal.created', 'goal.edited', 'goal.progress_added',
       'session.created', 'session.edited', 'document.created', 'document.edited', 'document.file_attached',
       'document.submitted', 'document.voided', 'collaborator.accepted')
    WHEN 'context_only' THEN kind IN ('session.created', 'session.edited', 'collaborator.accepted')
    ELSE false END;
END $$;

-- The same for the organisation's own entries; those that only commands and timers write are nobody's.
CREATE FUNCTION keywork.may_log_on_organisation(standing text, kind text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN CASE standing
    WHEN 'org_admin' THEN
      (kind COLLATE "C") ~ '^(settings|member|landlord|property|tenancy|tenant|template|organisation|retention|digest|mail)\.[a-z]+(_[a-z]+)*$'
      AND kind NOT IN ('organisation.created', 'organisation.tier_changed', 'retention.erased', 'digest.sent')
    WHEN 'property_manager' THEN kind IN
      ('property.added', 'property.changed', 'tenancy.created', 'tenant.changed')
    ELSE false END;
END $$;

DROP POLICY person_add ON keywork.audit_entries;
CREATE POLICY person_add ON keywork.audit_entries FOR INSERT TO keywork_person
  WITH CHECK (by_id = keywork.me()
              AND CASE WHEN case_id IS NULL
                       THEN keywork.may_log_on_organisation(keywork.standing(org_id), kind)
                       ELSE keywork.may_log_on_case(keywork.case_access(org_id, case_id), kind) END);

-- A command is no person, and says so.
DROP POLICY provisioner_add ON keywork.audit_entries;
CREATE POLICY provisioner_add ON keywork.audit_entries FOR INSERT TO keywork_provisioner
  WITH CHECK (by_id = '00000000-0000-0000-0000-000000000000');

REVOKE ALL ON FUNCTION keywork.is_id_of(uuid, timestamp), keywork.bind_audit_entry(), keywork.bind_case_read(),
  keywork.may_log_on_case(text, text), keywork.may_log_on_organisation(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keywork.may_log_on_case(text, text), keywork.may_log_on_organisation(text, text)
  TO keywork_person;
