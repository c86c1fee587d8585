-- What a person's change may do to a row: policies see the row before or after, never both. These triggers compare
-- them. They bind keywork_person alone; the other roles' columns and statements are narrow already.

-- For triggers whose WHEN has found the fault.
CREATE FUNCTION keywork.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'this change of % is not allowed', TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege', DETAIL = TG_NAME;
END $$;

-- --------------------------------------------------------------------------------------------- the organisation

CREATE TRIGGER keeps_identity BEFORE UPDATE ON keywork.organisations FOR EACH ROW
  WHEN (current_user = 'keywork_person' AND (OLD.id, OLD.kind, OLD.tier, OLD.created_at)
                                            IS DISTINCT FROM (NEW.id, NEW.kind, NEW.tier, NEW.created_at))
  EXECUTE FUNCTION keywork.refuse_change();

CREATE TRIGGER counts_on BEFORE UPDATE ON keywork.org_sequence FOR EACH ROW
  WHEN (current_user = 'keywork_person'
        AND NOT (OLD.org_id = NEW.org_id AND NEW.version = OLD.version + 1
                 AND NEW.cases_opened BETWEEN OLD.cases_opened AND OLD.cases_opened + 1))
  EXECUTE FUNCTION keywork.refuse_change();

CREATE TRIGGER keeps_identity BEFORE UPDATE ON keywork.landlords FOR EACH ROW
  WHEN (current_user = 'keywork_person' AND (OLD.id, OLD.org_id, OLD.created_at)
                                            IS DISTINCT FROM (NEW.id, NEW.org_id, NEW.created_at))
  EXECUTE FUNCTION keywork.refuse_change();

CREATE TRIGGER keeps_identity BEFORE UPDATE ON keywork.properties FOR EACH ROW
  WHEN (current_user = 'keywork_person' AND (OLD.id, OLD.org_id, OLD.created_at)
                                            IS DISTINCT FROM (NEW.id, NEW.org_id, NEW.created_at))
  EXECUTE FUNCTION keywork.refuse_change();

CREATE TRIGGER keeps_identity BEFORE UPDATE ON keywork.tenants FOR EACH ROW
  WHEN (current_user = 'keywork_person' AND (OLD.id, OLD.org_id, OLD.tenancy_id)
                                            IS DISTINCT FROM (NEW.id, NEW.org_id, NEW.tenancy_id))
  EXECUTE FUNCTION keywork.refuse_change();

-- ------------------------------------------------------------------------------------------------------- cases

CREATE TRIGGER keeps_identity BEFORE UPDATE ON keywork.support_cases FOR EACH ROW
  WHEN (current_user = 'keywork_person'
        AND ((OLD.id, OLD.org_id, OLD.tenancy_id, OLD.tenant_id, OLD.reference, OLD.opened_at)
             IS DISTINCT FROM (NEW.id, NEW.org_id, NEW.tenancy_id, NEW.tenant_id, NEW.reference, NEW.opened_at)
             OR NEW.version <> OLD.version + 1))
  EXECUTE FUNCTION keywork.refuse_change();

-- A worker's change of a case moves its version and its activity and nothing else; on a closed case not even that.
CREATE FUNCTION keywork.guard_case() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF keywork.case_access(OLD.org_id, OLD.id) IN ('org_admin', 'property_manager')
     AND (OLD.closed_at IS NULL
          OR NEW.context_summary = OLD.context_summary
             AND (NEW.closed_at IS NULL OR NEW.closed_at = OLD.closed_at)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this change of the case is not allowed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER header_is_the_operators BEFORE UPDATE ON keywork.support_cases FOR EACH ROW
  WHEN (current_user = 'keywork_person'
        AND (OLD.closed_at IS NOT NULL OR NEW.closed_at IS NOT NULL
             OR NEW.context_summary IS DISTINCT FROM OLD.context_summary))
  EXECUTE FUNCTION keywork.guard_case();

-- ------------------------------------------------------------------------------------------------------- notes

-- R10, R11: the stream never changes, a tombstone stays one.
CREATE TRIGGER keeps_identity BEFORE UPDATE ON keywork.notes FOR EACH ROW
  WHEN (current_user = 'keywork_person'
        AND (OLD.deleted_at IS NOT NULL
             OR (OLD.id, OLD.org_id, OLD.case_id, OLD.stream, OLD.author_id, OLD.author_name, OLD.created_at)
                IS DISTINCT FROM
                (NEW.id, NEW.org_id, NEW.case_id, NEW.stream, NEW.author_id, NEW.author_name, NEW.created_at)))
  EXECUTE FUNCTION keywork.refuse_change();

-- R10: one's own body, in a stream one writes, in an open case; an org admin empties any. Never together with a flag's
-- date, from which retention counts.
CREATE FUNCTION keywork.guard_note_body() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  role    text := keywork.case_access(OLD.org_id, OLD.case_id, only_open => true);
  is_own  boolean := OLD.author_id = keywork.me()
                     AND (role IN ('org_admin', 'property_manager') OR role = 'full' AND OLD.stream = 'shared');
BEGIN
  IF NEW.deleted_at IS NULL AND is_own THEN
    RETURN NEW;
  END IF;
  IF NEW.deleted_at IS NOT NULL AND (is_own OR role = 'org_admin') AND NEW.deleted_by_id = keywork.me()
     AND (NEW.edited_at, NEW.safeguarding, NEW.flagged_at)
         IS NOT DISTINCT FROM (OLD.edited_at, OLD.safeguarding, OLD.flagged_at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this change of the note is not allowed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER body_is_the_authors BEFORE UPDATE ON keywork.notes FOR EACH ROW
  WHEN (current_user = 'keywork_person'
        AND (OLD.body, OLD.edited_at, OLD.deleted_at, OLD.deleted_by_id, OLD.deleted_by_name)
            IS DISTINCT FROM (NEW.body, NEW.edited_at, NEW.deleted_at, NEW.deleted_by_id, NEW.deleted_by_name))
  EXECUTE FUNCTION keywork.guard_note_body();

-- R8, R32: operators flag, on a closed case too; only an org admin takes a flag away; its date moves with it alone.
CREATE FUNCTION keywork.guard_note_flag() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  role text := keywork.case_access(OLD.org_id, OLD.case_id);
BEGIN
  IF NEW.safeguarding AND NOT OLD.safeguarding AND role IN ('org_admin', 'property_manager')
     OR OLD.safeguarding AND NOT NEW.safeguarding AND role = 'org_admin' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this change of the safeguarding flag is not allowed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER flag_is_the_operators BEFORE UPDATE ON keywork.notes FOR EACH ROW
  WHEN (current_user = 'keywork_person'
        AND (OLD.safeguarding, OLD.flagged_at) IS DISTINCT FROM (NEW.safeguarding, NEW.flagged_at))
  EXECUTE FUNCTION keywork.guard_note_flag();

-- -------------------------------------------------------------------------------------------------------- team

-- R17: wrong mode or person: end it, invite again. What has ended stays as it was.
CREATE TRIGGER keeps_identity BEFORE UPDATE ON keywork.tenant_collaborators FOR EACH ROW
  WHEN (current_user = 'keywork_person'
        AND (OLD.ended_at IS NOT NULL
             OR (OLD.id, OLD.org_id, OLD.case_id, OLD.tenant_id, OLD.participation, OLD.user_id, OLD.full_name,
                 OLD.email, OLD.created_at, OLD.created_by_id)
                IS DISTINCT FROM
                (NEW.id, NEW.org_id, NEW.case_id, NEW.tenant_id, NEW.participation, NEW.user_id, NEW.full_name,
                 NEW.email, NEW.created_at, NEW.created_by_id)))
  EXECUTE FUNCTION keywork.refuse_change();

-- R16: the invited person accepts, nobody for them, and does nothing else with their row.
CREATE FUNCTION keywork.guard_acceptance() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.accepted_at IS NULL AND OLD.user_id = keywork.me() AND NEW.ended_at IS NULL
     AND NEW.invited_at = OLD.invited_at AND keywork.can_join_case(OLD.org_id, OLD.case_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this acceptance is not allowed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER invitee_accepts BEFORE UPDATE ON keywork.tenant_collaborators FOR EACH ROW
  WHEN (current_user = 'keywork_person' AND OLD.accepted_at IS DISTINCT FROM NEW.accepted_at)
  EXECUTE FUNCTION keywork.guard_acceptance();

-- R14, R17: everything else is the operators'. Ending goes on in a closed case (R8); a repeated invite is for one not
-- accepted yet.
CREATE FUNCTION keywork.guard_team() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ends   boolean := NEW.ended_at IS NOT NULL;
  edits  boolean := (OLD.contact_name, OLD.contact_email, OLD.contact_phone, OLD.contact_organisation_name,
                     OLD.contact_role_label, OLD.invited_at)
                    IS DISTINCT FROM
                    (NEW.contact_name, NEW.contact_email, NEW.contact_phone, NEW.contact_organisation_name,
                     NEW.contact_role_label, NEW.invited_at);
BEGIN
  IF keywork.case_access(OLD.org_id, OLD.case_id, only_open => edits) IN ('org_admin', 'property_manager')
     AND (NOT ends OR NEW.ended_by_id = keywork.me())
     AND (NEW.invited_at IS NOT DISTINCT FROM OLD.invited_at OR NEW.accepted_at IS NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this change of the team is not allowed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER team_is_the_operators BEFORE UPDATE ON keywork.tenant_collaborators FOR EACH ROW
  WHEN (current_user = 'keywork_person' AND OLD.accepted_at IS NOT DISTINCT FROM NEW.accepted_at)
  EXECUTE FUNCTION keywork.guard_team();

-- ------------------------------------------------------------------------------------------------ told to others

-- Nodes that hold the organisation in memory hear of what the command line changed.
CREATE FUNCTION keywork.tell_of_organisation() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('keywork_organisation', NEW.id::text);
  RETURN NULL;
END $$;

CREATE TRIGGER told AFTER UPDATE ON keywork.organisations FOR EACH ROW
  WHEN (current_user = 'keywork_provisioner' AND OLD IS DISTINCT FROM NEW)
  EXECUTE FUNCTION keywork.tell_of_organisation();

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA keywork FROM PUBLIC;
