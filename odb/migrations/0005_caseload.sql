-- The read model of the caseload (R19), kept in the transaction of whatever changes it and by nobody else: no role has
-- a write on keywork.caseload. The functions run as the owner. Each touches the rows that the change is about.

-- Joins or leaves the caseload as the assignment begins and ends (R16). The rows whose values are copied are locked
-- against changes until the commit, so that a new name or tier cannot slip by between reading and writing.
CREATE FUNCTION keywork.caseload_of_assignment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.accepted_at IS NULL OR NEW.ended_at IS NOT NULL THEN
    DELETE FROM keywork.caseload l WHERE l.org_id = NEW.org_id AND l.id = NEW.id;
    RETURN NULL;
  END IF;
  INSERT INTO keywork.caseload AS l (id, org_id, case_id, user_id, tenant_id, tenant_name, organisation_name,
                                     participation, assigned_at, last_activity_at, in_tier)
  SELECT NEW.id, NEW.org_id, NEW.case_id, NEW.user_id, NEW.tenant_id, t.full_name, o.name,
         NEW.participation, NEW.created_at, c.shared_activity_at, 'support_cases' = ANY (p.features)
  FROM keywork.support_cases c
  JOIN keywork.tenants t ON t.org_id = c.org_id AND t.id = NEW.tenant_id
  JOIN keywork.organisations o ON o.id = c.org_id
  JOIN keywork.plans p ON p.tier = o.tier
  WHERE c.org_id = NEW.org_id AND c.id = NEW.case_id
  FOR SHARE OF c, t, o
  ON CONFLICT (org_id, id) DO NOTHING;
  RETURN NULL;
END $$;

CREATE TRIGGER caseload_begins AFTER INSERT ON keywork.tenant_collaborators FOR EACH ROW
  WHEN (NEW.participation <> 'reference_only' AND NEW.accepted_at IS NOT NULL)
  EXECUTE FUNCTION keywork.caseload_of_assignment();

CREATE TRIGGER caseload_follows AFTER UPDATE ON keywork.tenant_collaborators FOR EACH ROW
  WHEN (NEW.participation <> 'reference_only'
        AND (OLD.accepted_at, OLD.ended_at) IS DISTINCT FROM (NEW.accepted_at, NEW.ended_at))
  EXECUTE FUNCTION keywork.caseload_of_assignment();

CREATE FUNCTION keywork.caseload_of_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE keywork.caseload l SET last_activity_at = NEW.shared_activity_at
  WHERE l.org_id = NEW.org_id AND l.case_id = NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER caseload_moves AFTER UPDATE ON keywork.support_cases FOR EACH ROW
  WHEN (OLD.shared_activity_at IS DISTINCT FROM NEW.shared_activity_at)
  EXECUTE FUNCTION keywork.caseload_of_case();

CREATE FUNCTION keywork.caseload_of_tenant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE keywork.caseload l SET tenant_name = NEW.full_name WHERE l.org_id = NEW.org_id AND l.tenant_id = NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER caseload_renames AFTER UPDATE ON keywork.tenants FOR EACH ROW
  WHEN (OLD.full_name IS DISTINCT FROM NEW.full_name)
  EXECUTE FUNCTION keywork.caseload_of_tenant();

CREATE FUNCTION keywork.caseload_of_organisation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE keywork.caseload l SET organisation_name = NEW.name, in_tier = 'support_cases' = ANY (p.features)
  FROM keywork.plans p
  WHERE p.tier = NEW.tier AND l.org_id = NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER caseload_renames AFTER UPDATE ON keywork.organisations FOR EACH ROW
  WHEN ((OLD.name, OLD.tier) IS DISTINCT FROM (NEW.name, NEW.tier))
  EXECUTE FUNCTION keywork.caseload_of_organisation();

-- The price list changes by hand or by a later migration.
CREATE FUNCTION keywork.caseload_of_plan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE keywork.caseload l SET in_tier = 'support_cases' = ANY (NEW.features)
  FROM keywork.organisations o
  WHERE o.tier = NEW.tier AND l.org_id = o.id;
  RETURN NULL;
END $$;

CREATE TRIGGER caseload_shows AFTER UPDATE ON keywork.plans FOR EACH ROW
  WHEN (OLD.features IS DISTINCT FROM NEW.features)
  EXECUTE FUNCTION keywork.caseload_of_plan();

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA keywork FROM PUBLIC;
