-- The document templates of organisations (R22): their own, and those of the built-in starter pack that they changed,
-- under the id that these have in every organisation. With their part of wall 2.

CREATE TABLE keywork.document_templates (
  id                uuid NOT NULL,
  org_id            uuid NOT NULL REFERENCES keywork.organisations,
  type              text NOT NULL CHECK (type IN ('letter', 'agreement', 'acknowledgement', 'intake_assessment',
                      'recurring_assessment', 'event_form', 'session_log', 'checklist', 'reference')),
  name              text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  tenures           text NOT NULL CHECK (char_length(tenures) <= 200),  -- names with commas between; empty: all of them
  text              text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 20000),
  due_every_months  integer CHECK (due_every_months BETWEEN 1 AND 60),
  retired           boolean NOT NULL,
  created_at        timestamp NOT NULL,
  changed_at        timestamp,
  PRIMARY KEY (org_id, id),
  CONSTRAINT recurring_is_due CHECK (due_every_months IS NULL OR type = 'recurring_assessment')
);

ALTER TABLE keywork.document_templates ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON keywork.document_templates TO keywork_owner USING (true) WITH CHECK (true);
REVOKE ALL ON keywork.document_templates FROM PUBLIC;

-- Every member reads them, the admins write them, and nobody takes one away: documents name what they were made from.
GRANT SELECT, INSERT, UPDATE ON keywork.document_templates TO keywork_person;
CREATE POLICY person_read ON keywork.document_templates FOR SELECT TO keywork_person
  USING (keywork.standing(org_id) IS NOT NULL);
CREATE POLICY person_add ON keywork.document_templates FOR INSERT TO keywork_person
  WITH CHECK (keywork.standing(org_id) = 'org_admin');
CREATE POLICY person_change ON keywork.document_templates FOR UPDATE TO keywork_person
  USING (keywork.standing(org_id) = 'org_admin');

GRANT SELECT ON keywork.document_templates TO keywork_loader;
CREATE POLICY loader_read ON keywork.document_templates FOR SELECT TO keywork_loader
  USING (org_id = keywork.bound_org());

CREATE TRIGGER keeps_identity BEFORE UPDATE ON keywork.document_templates FOR EACH ROW
  WHEN (current_user = 'keywork_person'
        AND (OLD.id, OLD.org_id, OLD.type, OLD.created_at)
            IS DISTINCT FROM (NEW.id, NEW.org_id, NEW.type, NEW.created_at))
  EXECUTE FUNCTION keywork.refuse_change();
