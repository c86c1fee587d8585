-- What is due on a case, for the lists and for the tasks of the day. Nothing here reads a clock: what counts as past
-- comes with the change that is written, or with the question.

-- A worker's cases are asked one by one, an operator's organisation as a whole (goals_due, sessions_scheduled and
-- documents_due of 0006).
CREATE INDEX goals_due_of_case ON keywork.goals (org_id, case_id, target_date)
  WHERE status = 'active' AND target_date IS NOT NULL;
CREATE INDEX sessions_scheduled_of_case ON keywork.sessions (org_id, case_id, starts_at) WHERE status = 'scheduled';
CREATE INDEX documents_due_of_case ON keywork.documents (org_id, case_id, due_on) WHERE due_on IS NOT NULL;
-- Whether a recurring document was made again.
CREATE INDEX documents_again ON keywork.documents (org_id, case_id, type, id) WHERE status IN ('approved', 'sent');

-- ------------------------------------------------------------------------------------------------ columns of the lists

-- The case list's, one row for each case that ever had a goal or a session; for operators, as it counts every session.
CREATE TABLE keywork.case_figures (
  org_id           uuid    NOT NULL,
  case_id          uuid    NOT NULL,
  open_goals       integer NOT NULL CHECK (open_goals >= 0),
  -- The first scheduled session after the last change of any. Once it is in the past, whoever asks looks further.
  next_session_at  timestamp,
  PRIMARY KEY (org_id, case_id),
  FOREIGN KEY (org_id, case_id) REFERENCES keywork.support_cases ON DELETE CASCADE
) WITH (fillfactor = 80);
ALTER TABLE keywork.case_figures ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON keywork.case_figures TO keywork_owner USING (true) WITH CHECK (true);
REVOKE ALL ON keywork.case_figures FROM PUBLIC;
GRANT SELECT ON keywork.case_figures TO keywork_person;
CREATE POLICY person_read ON keywork.case_figures FOR SELECT TO keywork_person
  USING (org_id = ANY ((SELECT keywork.case_admin_orgs())::uuid[])
         OR keywork.case_access(org_id, case_id) IN ('org_admin', 'property_manager'));

-- The first session that is scheduled at or after `since`, of everybody's or of one author's.
CREATE FUNCTION keywork.first_session(org uuid, of_case uuid, since timestamp, author uuid DEFAULT NULL) RETURNS timestamp
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT s.starts_at FROM keywork.sessions s
          WHERE s.org_id = org AND s.case_id = of_case AND s.status = 'scheduled' AND s.starts_at >= since
            AND (author IS NULL OR s.author_id = author)
          ORDER BY s.starts_at LIMIT 1);
END $$;

CREATE FUNCTION keywork.figures_of_goal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  change  integer := CASE WHEN TG_OP = 'DELETE' THEN 0 ELSE (NEW.status = 'active')::integer END
                     - CASE WHEN TG_OP = 'INSERT' THEN 0 ELSE (OLD.status = 'active')::integer END;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO keywork.case_figures AS f (org_id, case_id, open_goals) VALUES (NEW.org_id, NEW.case_id, change)
    ON CONFLICT (org_id, case_id) DO UPDATE SET open_goals = f.open_goals + change;
  ELSIF change <> 0 THEN
    UPDATE keywork.case_figures f SET open_goals = f.open_goals + change
    WHERE f.org_id = OLD.org_id AND f.case_id = OLD.case_id;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER figures_follow AFTER INSERT OR DELETE ON keywork.goals FOR EACH ROW
  EXECUTE FUNCTION keywork.figures_of_goal();
CREATE TRIGGER figures_change AFTER UPDATE ON keywork.goals FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION keywork.figures_of_goal();

-- The caseload's lines too; a context_only collaborator's knows their own sessions alone.
CREATE FUNCTION keywork.figures_of_session() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  org      uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.org_id ELSE NEW.org_id END;
  of_case  uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.case_id ELSE NEW.case_id END;
  -- When this is written down; where nothing says it, the first there is.
  since    timestamp := CASE WHEN TG_OP = 'DELETE' THEN '-infinity' ELSE coalesce(NEW.edited_at, NEW.created_at) END;
  first    timestamp := keywork.first_session(org, of_case, since);
BEGIN
  INSERT INTO keywork.case_figures AS f (org_id, case_id, open_goals, next_session_at) VALUES (org, of_case, 0, first)
  ON CONFLICT (org_id, case_id) DO UPDATE SET next_session_at = first
  WHERE f.next_session_at IS DISTINCT FROM first;
  UPDATE keywork.caseload l
  SET next_session_at = CASE l.participation WHEN 'full' THEN first
                                             ELSE keywork.first_session(org, of_case, since, l.user_id) END
  WHERE l.org_id = org AND l.case_id = of_case;
  RETURN NULL;
END $$;

CREATE TRIGGER figures_follow AFTER INSERT ON keywork.sessions FOR EACH ROW
  WHEN (NEW.status = 'scheduled')
  EXECUTE FUNCTION keywork.figures_of_session();
CREATE TRIGGER figures_change AFTER UPDATE ON keywork.sessions FOR EACH ROW
  WHEN ((OLD.status, OLD.starts_at) IS DISTINCT FROM (NEW.status, NEW.starts_at)
        AND 'scheduled' IN (OLD.status, NEW.status))
  EXECUTE FUNCTION keywork.figures_of_session();
CREATE TRIGGER figures_forget AFTER DELETE ON keywork.sessions FOR EACH ROW
  WHEN (OLD.status = 'scheduled')
  EXECUTE FUNCTION keywork.figures_of_session();

-- Whoever joins the team finds the sessions there are.
CREATE FUNCTION keywork.caseload_with_session() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.next_session_at := keywork.first_session(NEW.org_id, NEW.case_id, '-infinity',
                                               CASE NEW.participation WHEN 'context_only' THEN NEW.user_id END);
  RETURN NEW;
END $$;

CREATE TRIGGER session_joins BEFORE INSERT ON keywork.caseload FOR EACH ROW
  EXECUTE FUNCTION keywork.caseload_with_session();

-- ------------------------------------------------------------------------------------------------ tasks of the day

-- The organisations that somebody has something to do in, and what day it is there: the moment, the local date, and the
-- instants (UTC) that the day begins and ends at. An operator's are asked as a whole, a worker's by the caseload.
CREATE FUNCTION keywork.task_days(only_org uuid, moment timestamp)
RETURNS TABLE (org_id uuid, operates boolean, today date, day_begin timestamp, day_end timestamp)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 2 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT d.id, d.member, d.day, d.day::timestamp AT TIME ZONE d.zone AT TIME ZONE 'UTC',
         (d.day + 1)::timestamp AT TIME ZONE d.zone AT TIME ZONE 'UTC'
  FROM (SELECT o.id, m.org_id IS NOT NULL AS member, o.time_zone AS zone,
               (moment AT TIME ZONE 'UTC' AT TIME ZONE o.time_zone)::date AS day
        FROM (SELECT l.org_id FROM keywork.caseload l WHERE l.user_id = keywork.me()
              UNION
              SELECT n.org_id FROM keywork.memberships n WHERE n.user_id = keywork.me()) mine
        JOIN keywork.organisations o ON o.id = mine.org_id
        JOIN keywork.plans p ON p.tier = o.tier AND 'support_cases' = ANY (p.features)
        LEFT JOIN keywork.memberships m ON m.org_id = o.id AND m.user_id = keywork.me()
        WHERE only_org IS NULL OR o.id = only_org) d;
END $$;

-- ------------------------------------------------------------------------------------------------ what was there before

INSERT INTO keywork.case_figures (org_id, case_id, open_goals, next_session_at)
SELECT c.org_id, c.id,
       (SELECT count(*) FROM keywork.goals g WHERE g.org_id = c.org_id AND g.case_id = c.id AND g.status = 'active'),
       keywork.first_session(c.org_id, c.id, '-infinity')
FROM keywork.support_cases c;
UPDATE keywork.caseload l
SET next_session_at = keywork.first_session(l.org_id, l.case_id, '-infinity',
                                            CASE l.participation WHEN 'context_only' THEN l.user_id END)
WHERE EXISTS (SELECT FROM keywork.sessions s
              WHERE s.org_id = l.org_id AND s.case_id = l.case_id AND s.status = 'scheduled');

REVOKE ALL ON FUNCTION keywork.first_session(uuid, uuid, timestamp, uuid), keywork.figures_of_goal(),
  keywork.figures_of_session(), keywork.caseload_with_session(), keywork.task_days(uuid, timestamp) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keywork.first_session(uuid, uuid, timestamp, uuid), keywork.task_days(uuid, timestamp)
  TO keywork_person;
