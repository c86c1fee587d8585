-- Whether this is an installation to try things out in, whose time may be chosen (keywork serve --demo --clock), and
-- how far its clock has come. The row is made before the first organisation or never: what is due is erased by this
-- clock (keywork.may_be_now).
CREATE TABLE keywork.demo_installation (
  only_one  boolean   PRIMARY KEY CHECK (only_one),
  clock_at  timestamp,
  real_at   timestamp,  -- what the machine's clock said then
  speed     integer     CHECK (speed > 0),  -- null: the machine's own clock
  running   boolean     NOT NULL DEFAULT false,
  CHECK ((clock_at IS NULL) = (real_at IS NULL))
);
ALTER TABLE keywork.demo_installation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON keywork.demo_installation TO keywork_owner USING (true) WITH CHECK (true);
REVOKE ALL ON keywork.demo_installation FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE (clock_at, real_at, speed, running) ON keywork.demo_installation TO keywork_provisioner;
CREATE POLICY provisioner_read ON keywork.demo_installation FOR SELECT TO keywork_provisioner USING (true);
CREATE POLICY provisioner_add ON keywork.demo_installation FOR INSERT TO keywork_provisioner
  WITH CHECK (NOT EXISTS (SELECT FROM keywork.organisations));
CREATE POLICY provisioner_change ON keywork.demo_installation FOR UPDATE TO keywork_provisioner USING (true);
