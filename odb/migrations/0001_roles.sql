-- Who may do anything at all in the schema keywork. The roles themselves are made before the first migration, since
-- they belong to the whole server (odb/roles.cpp):
--   keywork_owner      owns everything here, nobody signs in as it
--   keywork_service    what the program connects as; can do nothing but take one of the roles below
--   keywork_person     acts as a signed-in person, bound by row-level security
--   keywork_loader     reads one organisation into memory
--   keywork_login      users, logins, links
--   keywork_mailer     the outbox
--   keywork_directory  resolves ids to organisations
--   keywork_provisioner  makes organisations and changes their tier, from the command line
-- Later migrations run as keywork_owner and grant, table by table and function by function, what each role needs.

REVOKE ALL ON SCHEMA keywork FROM PUBLIC;
GRANT USAGE ON SCHEMA keywork
  TO keywork_person, keywork_loader, keywork_login, keywork_mailer, keywork_directory, keywork_provisioner;

-- PostgreSQL lets everyone execute a new function. One with SECURITY DEFINER would be a hole before anybody thought
-- of it, so every function made by keywork_owner from here on needs its own GRANT EXECUTE.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
