-- Wall 2 (DESIGN): the access matrix of DOMAIN §3 once more, as row-level security. Here: who somebody is to a row,
-- and which rows each role may read, add and change. What a change may do to a row, which needs the row before and
-- after, stands in 0004_guards.sql.
--
-- Every transaction takes a purpose's role and says for whom: keywork.user for keywork_person, keywork.org for
-- keywork_loader. Unset, both are null, and null sees nothing.

GRANT USAGE ON SCHEMA keywork TO keywork_provisioner;

-- --------------------------------------------------------------------------------------------- who is asking

-- Both are inlined into the query that uses them.
CREATE FUNCTION keywork.me() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('keywork.user', true), '')::uuid;

CREATE FUNCTION keywork.bound_org() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('keywork.org', true), '')::uuid;

-- The others look behind row-level security, as their owner, and answer about the asking person only. plpgsql keeps
-- their plans; LANGUAGE sql would plan them anew with every call.

-- 'org_admin', 'property_manager', or null.
CREATE FUNCTION keywork.standing(org uuid) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT m.role FROM keywork.memberships m WHERE m.org_id = org AND m.user_id = keywork.me());
END $$;

-- The same over one landlord's properties: a manager only where assigned (R3).
CREATE FUNCTION keywork.standing_at_landlord(org uuid, landlord uuid) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT m.role FROM keywork.memberships m
          WHERE m.org_id = org AND m.user_id = keywork.me()
            AND (m.role = 'org_admin'
                 OR EXISTS (SELECT FROM keywork.manager_landlords l
                            WHERE l.org_id = org AND l.user_id = m.user_id AND l.landlord_id = landlord)));
END $$;

CREATE FUNCTION keywork.standing_at_property(org uuid, property uuid) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT m.role FROM keywork.memberships m
          WHERE m.org_id = org AND m.user_id = keywork.me()
            AND (m.role = 'org_admin'
                 OR EXISTS (SELECT FROM keywork.properties p
                            JOIN keywork.manager_landlords l ON l.org_id = org AND l.landlord_id = p.landlord_id
                            WHERE p.org_id = org AND p.id = property AND l.user_id = m.user_id)));
END $$;

CREATE FUNCTION keywork.standing_at_tenancy(org uuid, tenancy uuid) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT m.role FROM keywork.memberships m
          WHERE m.org_id = org AND m.user_id = keywork.me()
            AND (m.role = 'org_admin'
                 OR EXISTS (SELECT FROM keywork.tenancies t
                            JOIN keywork.properties p ON p.org_id = org AND p.id = t.property_id
                            JOIN keywork.manager_landlords l ON l.org_id = org AND l.landlord_id = p.landlord_id
                            WHERE t.org_id = org AND t.id = tenancy AND l.user_id = m.user_id)));
END $$;

-- Whether the organisation's tier includes the workspace (R36).
CREATE FUNCTION keywork.has_support_cases(org uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM keywork.organisations o JOIN keywork.plans p ON p.tier = o.tier
                 WHERE o.id = org AND 'support_cases' = ANY (p.features));
END $$;

-- The column of the access matrix: 'org_admin', 'property_manager', 'full', 'context_only', or null for nobody, for
-- no such case, and for a tier without the workspace. With only_open also null for a closed case (R8).
CREATE FUNCTION keywork.case_access(org uuid, of_case uuid, only_open boolean DEFAULT false) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who    uuid := keywork.me();
  role   text;
  home   uuid;
BEGIN
  SELECT m.role, c.tenancy_id INTO role, home
  FROM keywork.support_cases c
  JOIN keywork.organisations o ON o.id = c.org_id
  JOIN keywork.plans p ON p.tier = o.tier AND 'support_cases' = ANY (p.features)
  LEFT JOIN keywork.memberships m ON m.org_id = c.org_id AND m.user_id = who
  WHERE c.org_id = org AND c.id = of_case AND NOT (only_open AND c.closed_at IS NOT NULL);
  IF NOT FOUND OR role = 'org_admin' THEN
    RETURN role;
  END IF;
  IF role = 'property_manager' THEN
    PERFORM FROM keywork.tenancies t
    JOIN keywork.properties p ON p.org_id = org AND p.id = t.property_id
    JOIN keywork.manager_landlords l ON l.org_id = org AND l.user_id = who AND l.landlord_id = p.landlord_id
    WHERE t.org_id = org AND t.id = home;
    IF FOUND THEN
      RETURN role;
    END IF;
  END IF;
  role := NULL;
  SELECT r.participation INTO role FROM keywork.tenant_collaborators r
  WHERE r.org_id = org AND r.case_id = of_case AND r.user_id = who
    AND r.accepted_at IS NOT NULL AND r.ended_at IS NULL AND r.participation <> 'reference_only'
  ORDER BY r.participation DESC LIMIT 1;  -- 'full' before 'context_only'
  RETURN role;
END $$;

-- Short cuts for lists: asked once a query, they spare an administrator the question at every row.
CREATE FUNCTION keywork.admin_orgs() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(m.org_id), '{}') FROM keywork.memberships m
          WHERE m.user_id = keywork.me() AND m.role = 'org_admin');
END $$;

CREATE FUNCTION keywork.case_admin_orgs() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(m.org_id), '{}') FROM keywork.memberships m
          JOIN keywork.organisations o ON o.id = m.org_id
          JOIN keywork.plans p ON p.tier = o.tier AND 'support_cases' = ANY (p.features)
          WHERE m.user_id = keywork.me() AND m.role = 'org_admin');
END $$;

-- Whether there is such a case and it can be changed, in a tier that has the workspace: for who accepts an invite, and
-- may not see the case yet.
CREATE FUNCTION keywork.can_join_case(org uuid, of_case uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM keywork.support_cases c
                 JOIN keywork.organisations o ON o.id = c.org_id
                 JOIN keywork.plans p ON p.tier = o.tier AND 'support_cases' = ANY (p.features)
                 WHERE c.org_id = org AND c.id = of_case AND c.closed_at IS NULL);
END $$;

-- Whether the person may put a new body in this note's place: their own, or any for an admin who deletes it (R10).
CREATE FUNCTION keywork.may_revise(org uuid, of_case uuid, note uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  role text := keywork.case_access(org, of_case, only_open => true);
BEGIN
  RETURN EXISTS (SELECT FROM keywork.notes n
                 WHERE n.org_id = org AND n.id = note AND n.case_id = of_case
                   AND (role = 'org_admin'
                        OR n.author_id = keywork.me()
                           AND (role = 'property_manager' OR role = 'full' AND n.stream = 'shared')));
END $$;

CREATE FUNCTION keywork.is_container(org uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM keywork.organisations o WHERE o.id = org AND o.kind = 'support_provider');
END $$;

-- A new function is everybody's unless said otherwise.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA keywork FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA keywork TO keywork_person;
GRANT EXECUTE ON FUNCTION keywork.bound_org() TO keywork_loader;
GRANT EXECUTE ON FUNCTION keywork.is_container(uuid) TO keywork_login;

-- --------------------------------------------------------------------------------------------- on, everywhere

-- The owner is bound too (FORCE) and needs a policy, for the functions above and for what later versions migrate.
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c
              WHERE c.relnamespace = 'keywork'::regnamespace AND c.relkind IN ('r', 'p')
                AND c.relowner = 'keywork_owner'::regrole LOOP
    EXECUTE format('ALTER TABLE keywork.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY owner ON keywork.%I TO keywork_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('REVOKE ALL ON keywork.%I FROM PUBLIC', name);
  END LOOP;
END $$;

-- --------------------------------------------------------------------------------------------- everybody's

GRANT SELECT ON keywork.plans
  TO keywork_person, keywork_loader, keywork_directory, keywork_login, keywork_mailer, keywork_provisioner;
CREATE POLICY read_all ON keywork.plans FOR SELECT
  TO keywork_person, keywork_loader, keywork_directory, keywork_login, keywork_mailer, keywork_provisioner
  USING (true);

-- ------------------------------------------------------------------ keywork_person: the organisation and its stock

GRANT SELECT, UPDATE ON keywork.organisations TO keywork_person;
CREATE POLICY person_read ON keywork.organisations FOR SELECT TO keywork_person
  USING (keywork.standing(id) IS NOT NULL);
CREATE POLICY person_change ON keywork.organisations FOR UPDATE TO keywork_person
  USING (keywork.standing(id) = 'org_admin');

GRANT SELECT, INSERT, UPDATE, DELETE ON keywork.housing_officer_emails TO keywork_person;
CREATE POLICY person_all ON keywork.housing_officer_emails TO keywork_person
  USING (keywork.standing(org_id) = 'org_admin');
CREATE POLICY person_read ON keywork.housing_officer_emails FOR SELECT TO keywork_person
  USING (keywork.standing(org_id) IS NOT NULL);

GRANT SELECT, UPDATE ON keywork.org_sequence TO keywork_person;
CREATE POLICY person_read ON keywork.org_sequence FOR SELECT TO keywork_person
  USING (keywork.standing(org_id) IS NOT NULL);
CREATE POLICY person_change ON keywork.org_sequence FOR UPDATE TO keywork_person
  USING (keywork.standing(org_id) IS NOT NULL);

GRANT SELECT, INSERT, DELETE ON keywork.memberships TO keywork_person;
CREATE POLICY person_read ON keywork.memberships FOR SELECT TO keywork_person
  USING (user_id = keywork.me() OR org_id = ANY ((SELECT keywork.admin_orgs())::uuid[]));
CREATE POLICY person_add ON keywork.memberships FOR INSERT TO keywork_person
  WITH CHECK (keywork.standing(org_id) = 'org_admin');
CREATE POLICY person_remove ON keywork.memberships FOR DELETE TO keywork_person
  USING (keywork.standing(org_id) = 'org_admin');

GRANT SELECT, INSERT, DELETE ON keywork.manager_landlords TO keywork_person;
CREATE POLICY person_read ON keywork.manager_landlords FOR SELECT TO keywork_person
  USING (user_id = keywork.me() OR org_id = ANY ((SELECT keywork.admin_orgs())::uuid[]));
CREATE POLICY person_add ON keywork.manager_landlords FOR INSERT TO keywork_person
  WITH CHECK (keywork.standing(org_id) = 'org_admin');
CREATE POLICY person_remove ON keywork.manager_landlords FOR DELETE TO keywork_person
  USING (keywork.standing(org_id) = 'org_admin');

GRANT SELECT, INSERT ON keywork.landlords, keywork.properties, keywork.tenancies, keywork.tenants TO keywork_person;
GRANT UPDATE ON keywork.landlords, keywork.properties, keywork.tenants TO keywork_person;
CREATE POLICY person_read ON keywork.landlords FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.admin_orgs())::uuid[])
         OR keywork.standing_at_landlord(org_id, id) IS NOT NULL);
CREATE POLICY person_add ON keywork.landlords FOR INSERT TO keywork_person
  WITH CHECK (keywork.standing(org_id) = 'org_admin');
CREATE POLICY person_change ON keywork.landlords FOR UPDATE TO keywork_person
  USING (keywork.standing(org_id) = 'org_admin');

CREATE POLICY person_all ON keywork.properties TO keywork_person
  USING (org_id = ANY ((SELECT keywork.admin_orgs())::uuid[])
         OR keywork.standing_at_landlord(org_id, landlord_id) IS NOT NULL);
CREATE POLICY person_all ON keywork.tenancies TO keywork_person
  USING (org_id = ANY ((SELECT keywork.admin_orgs())::uuid[])
         OR keywork.standing_at_property(org_id, property_id) IS NOT NULL);
CREATE POLICY person_all ON keywork.tenants TO keywork_person
  USING (org_id = ANY ((SELECT keywork.admin_orgs())::uuid[])
         OR keywork.standing_at_tenancy(org_id, tenancy_id) IS NOT NULL);

-- --------------------------------------------------------------------------------------- keywork_person: cases

-- One policy's words for reading and changing, so that PostgreSQL asks them once: 0004 guards what may change.
GRANT SELECT, INSERT, UPDATE ON keywork.support_cases TO keywork_person;
CREATE POLICY person_read ON keywork.support_cases FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[]) OR keywork.case_access(org_id, id) IS NOT NULL);
CREATE POLICY person_change ON keywork.support_cases FOR UPDATE TO keywork_person
  USING (org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[]) OR keywork.case_access(org_id, id) IS NOT NULL);
CREATE POLICY person_open ON keywork.support_cases FOR INSERT TO keywork_person
  WITH CHECK (keywork.standing_at_tenancy(org_id, tenancy_id) IS NOT NULL AND keywork.has_support_cases(org_id)
              AND closed_at IS NULL);

GRANT SELECT, INSERT, UPDATE ON keywork.notes TO keywork_person;
CREATE POLICY person_read ON keywork.notes FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[])
         OR CASE stream WHEN 'shared' THEN keywork.case_access(org_id, case_id) IS NOT NULL
                        ELSE keywork.case_access(org_id, case_id) IN ('org_admin', 'property_manager') END);
CREATE POLICY person_change ON keywork.notes FOR UPDATE TO keywork_person
  USING (org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[])
         OR CASE stream WHEN 'shared' THEN keywork.case_access(org_id, case_id) IS NOT NULL
                        ELSE keywork.case_access(org_id, case_id) IN ('org_admin', 'property_manager') END);
CREATE POLICY person_add ON keywork.notes FOR INSERT TO keywork_person
  WITH CHECK (author_id = keywork.me() AND edited_at IS NULL AND deleted_at IS NULL
              AND CASE stream
                    WHEN 'shared' THEN keywork.case_access(org_id, case_id, true)
                                       IN ('org_admin', 'property_manager', 'full')
                    ELSE keywork.case_access(org_id, case_id, true) IN ('org_admin', 'property_manager') END);

-- Whoever edits leaves the former body here and cannot read it again: that is the audit log's, for operators (R11).
GRANT SELECT, INSERT ON keywork.note_revisions TO keywork_person;
CREATE POLICY person_read ON keywork.note_revisions FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[])
         OR keywork.case_access(org_id, case_id) IN ('org_admin', 'property_manager'));
CREATE POLICY person_add ON keywork.note_revisions FOR INSERT TO keywork_person
  WITH CHECK (replaced_by_id = keywork.me() AND keywork.may_revise(org_id, case_id, note_id));

-- Colleagues see each other, contact cards are the operators' alone; an invited person sees their own row, to accept.
GRANT SELECT, INSERT, UPDATE ON keywork.tenant_collaborators TO keywork_person;
CREATE POLICY person_read ON keywork.tenant_collaborators FOR SELECT TO keywork_person
  USING ((user_id = keywork.me() AND ended_at IS NULL AND keywork.has_support_cases(org_id))
         OR org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[])
         OR CASE participation
              WHEN 'reference_only' THEN keywork.case_access(org_id, case_id) IN ('org_admin', 'property_manager')
              ELSE keywork.case_access(org_id, case_id) IS NOT NULL END);
CREATE POLICY person_change ON keywork.tenant_collaborators FOR UPDATE TO keywork_person
  USING ((user_id = keywork.me() AND ended_at IS NULL AND keywork.has_support_cases(org_id))
         OR org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[])
         OR CASE participation
              WHEN 'reference_only' THEN keywork.case_access(org_id, case_id) IN ('org_admin', 'property_manager')
              ELSE keywork.case_access(org_id, case_id) IS NOT NULL END);
CREATE POLICY person_add ON keywork.tenant_collaborators FOR INSERT TO keywork_person
  WITH CHECK (created_by_id = keywork.me() AND accepted_at IS NULL AND ended_at IS NULL
              AND keywork.case_access(org_id, case_id, true) IN ('org_admin', 'property_manager'));

GRANT SELECT ON keywork.caseload TO keywork_person;
CREATE POLICY person_read ON keywork.caseload FOR SELECT TO keywork_person
  USING (user_id = keywork.me() AND in_tier);

-- --------------------------------------------------------------------------------- keywork_person: written beside

-- Nobody has UPDATE, DELETE or TRUNCATE here (R27).
GRANT SELECT, INSERT ON keywork.audit_entries TO keywork_person;
CREATE POLICY person_read ON keywork.audit_entries FOR SELECT TO keywork_person
  USING (CASE WHEN case_id IS NULL THEN org_id = ANY ((SELECT keywork.admin_orgs())::uuid[])
              ELSE org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[])
                   OR keywork.case_access(org_id, case_id) IN ('org_admin', 'property_manager') END);
CREATE POLICY person_add ON keywork.audit_entries FOR INSERT TO keywork_person
  WITH CHECK (by_id = keywork.me()
              AND CASE WHEN case_id IS NULL THEN keywork.standing(org_id) IS NOT NULL
                       ELSE keywork.case_access(org_id, case_id) IS NOT NULL END);

GRANT SELECT, INSERT, UPDATE, DELETE ON keywork.idempotency_answers TO keywork_person;
CREATE POLICY person_all ON keywork.idempotency_answers TO keywork_person USING (user_id = keywork.me());

GRANT INSERT ON keywork.outbox TO keywork_person;
CREATE POLICY person_add ON keywork.outbox FOR INSERT TO keywork_person
  WITH CHECK (org_id IS NOT NULL AND state = 'queued' AND keywork.standing(org_id) IS NOT NULL);

-- --------------------------------------------------------------------------------------------- keywork_loader

GRANT SELECT ON keywork.organisations, keywork.housing_officer_emails, keywork.org_sequence, keywork.memberships,
  keywork.manager_landlords, keywork.landlords, keywork.properties, keywork.tenancies, keywork.tenants,
  keywork.support_cases, keywork.notes, keywork.note_revisions, keywork.tenant_collaborators, keywork.caseload,
  keywork.audit_entries TO keywork_loader;
CREATE POLICY loader_read ON keywork.organisations FOR SELECT TO keywork_loader USING (id = keywork.bound_org());
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['housing_officer_emails', 'org_sequence', 'memberships', 'manager_landlords', 'landlords',
      'properties', 'tenancies', 'tenants', 'support_cases', 'notes', 'note_revisions', 'tenant_collaborators',
      'caseload', 'audit_entries'] LOOP
    EXECUTE format('CREATE POLICY loader_read ON keywork.%I FOR SELECT TO keywork_loader '
                   'USING (org_id = keywork.bound_org())', name);
  END LOOP;
END $$;

-- --------------------------------------------------------------------------------------------- keywork_directory

GRANT SELECT (id, org_id) ON keywork.support_cases, keywork.properties, keywork.tenancies, keywork.tenants
  TO keywork_directory;
GRANT SELECT (id) ON keywork.organisations TO keywork_directory;
GRANT SELECT (id, email) ON keywork.users TO keywork_directory;
GRANT SELECT (user_id, tenant_id) ON keywork.caseload TO keywork_directory;
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['support_cases', 'properties', 'tenancies', 'tenants', 'organisations', 'users', 'caseload'] LOOP
    EXECUTE format('CREATE POLICY directory_read ON keywork.%I FOR SELECT TO keywork_directory USING (true)', name);
  END LOOP;
END $$;

-- --------------------------------------------------------------------------------------------- keywork_login

GRANT SELECT, INSERT ON keywork.users, keywork.support_provider_identity TO keywork_login;
GRANT SELECT, INSERT, UPDATE ON keywork.logins, keywork.magic_links TO keywork_login;
-- Sweeping what has had its day: an old answer is known by its age alone, its text is for its owner.
GRANT DELETE ON keywork.logins TO keywork_login;
GRANT SELECT (user_id, key, kept_at), DELETE ON keywork.idempotency_answers TO keywork_login;
CREATE POLICY login_sweep ON keywork.idempotency_answers TO keywork_login USING (true);
GRANT INSERT ON keywork.organisations, keywork.org_sequence, keywork.outbox TO keywork_login;
CREATE POLICY login_all ON keywork.users TO keywork_login USING (true);
CREATE POLICY login_all ON keywork.logins TO keywork_login USING (true);
CREATE POLICY login_all ON keywork.magic_links TO keywork_login USING (true);
CREATE POLICY login_read ON keywork.support_provider_identity FOR SELECT TO keywork_login USING (true);
CREATE POLICY login_add ON keywork.support_provider_identity FOR INSERT TO keywork_login
  WITH CHECK (keywork.is_container(org_id));
CREATE POLICY login_add ON keywork.organisations FOR INSERT TO keywork_login
  WITH CHECK (kind = 'support_provider' AND tier = 'starter');
CREATE POLICY login_add ON keywork.org_sequence FOR INSERT TO keywork_login
  WITH CHECK (keywork.is_container(org_id));
CREATE POLICY login_add ON keywork.outbox FOR INSERT TO keywork_login
  WITH CHECK (state = 'queued' AND (org_id IS NULL OR template_name = 'sign_in'));

-- --------------------------------------------------------------------------------------------- keywork_mailer

GRANT SELECT, UPDATE (state, attempts, next_attempt_at, last_error, sent_at) ON keywork.outbox TO keywork_mailer;
GRANT SELECT (id, nonce) ON keywork.magic_links TO keywork_mailer;
CREATE POLICY mailer_all ON keywork.outbox TO keywork_mailer USING (true);
CREATE POLICY mailer_read ON keywork.magic_links FOR SELECT TO keywork_mailer USING (true);

-- --------------------------------------------------------------------------------------------- keywork_provisioner

GRANT INSERT ON keywork.organisations, keywork.org_sequence, keywork.memberships, keywork.users, keywork.magic_links,
  keywork.outbox, keywork.audit_entries TO keywork_provisioner;
GRANT SELECT (id, kind, name, tier), UPDATE (tier) ON keywork.organisations TO keywork_provisioner;
GRANT SELECT (id, email) ON keywork.users TO keywork_provisioner;
GRANT SELECT (id, user_id, purpose, spent_at, voided_at), UPDATE (voided_at) ON keywork.magic_links
  TO keywork_provisioner;
CREATE POLICY provisioner_add ON keywork.organisations FOR INSERT TO keywork_provisioner
  WITH CHECK (kind = 'managing_agent');
CREATE POLICY provisioner_read ON keywork.organisations FOR SELECT TO keywork_provisioner USING (true);
CREATE POLICY provisioner_change ON keywork.organisations FOR UPDATE TO keywork_provisioner USING (true);
CREATE POLICY provisioner_all ON keywork.users TO keywork_provisioner USING (true);
CREATE POLICY provisioner_all ON keywork.magic_links TO keywork_provisioner USING (true);
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['org_sequence', 'memberships', 'outbox', 'audit_entries'] LOOP
    EXECUTE format('CREATE POLICY provisioner_add ON keywork.%I FOR INSERT TO keywork_provisioner WITH CHECK (true)',
                   name);
  END LOOP;
END $$;
