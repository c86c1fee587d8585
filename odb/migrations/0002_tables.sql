-- The tables. Columns are named after the members of the structs in model/ and odb/rows.hpp; an id of something else
-- ends in _id. Instants are UTC without a zone, money is pence. Keys begin with org_id, so that the database can be
-- cut by organisation; ids are UUIDv7, so that their order is the order of time.

-- ---------------------------------------------------------------------------------------------- the price list (R36)

CREATE TABLE keywork.plans (
  tier                   text   PRIMARY KEY,
  position               bigint NOT NULL UNIQUE,
  price_pence_per_month  bigint NOT NULL CHECK (price_pence_per_month >= 0),
  price_pence_per_year   bigint NOT NULL CHECK (price_pence_per_year >= 0),
  tenancies              bigint CHECK (tenancies >= 0),
  users                  bigint CHECK (users >= 0),
  features               text[] NOT NULL
);

INSERT INTO keywork.plans VALUES
  ('starter',      1,     0,      0,   5,    1, '{}'),
  ('landlord',     2,  1900,  18200,  15,    2, '{}'),
  ('professional', 3,  4900,  47000,  75,    5, '{}'),
  ('business',     4,  9900,  95000, 250,   15, '{}'),
  ('enterprise',   5, 19900, 191000, 750, NULL, '{support_cases}');

-- --------------------------------------------------------------------------------------------------- people (R2, R37)

CREATE TABLE keywork.users (
  id          uuid PRIMARY KEY,
  -- COLLATE "C": folds ASCII only, as the program does, whatever the locale of the database.
  email       text NOT NULL UNIQUE CHECK (email = lower(email COLLATE "C") AND octet_length(email) BETWEEN 3 AND 254),
  full_name   text NOT NULL CHECK (char_length(full_name) <= 200),
  created_at  timestamp NOT NULL
);

CREATE TABLE keywork.logins (
  id          uuid PRIMARY KEY,
  user_id     uuid NOT NULL REFERENCES keywork.users,
  kind        text NOT NULL CHECK (kind IN ('session', 'token')),
  name        text NOT NULL CHECK (char_length(name) <= 200),
  token_hash  text NOT NULL UNIQUE,
  created_at  timestamp NOT NULL,
  expires_at  timestamp,
  ended_at    timestamp
);
CREATE INDEX logins_user ON keywork.logins (user_id);

-- org_id, case_id and collaborator_id say what an invite is for; they bind nothing, so that a link outlives an erasure.
CREATE TABLE keywork.magic_links (
  id               uuid PRIMARY KEY,
  user_id          uuid NOT NULL REFERENCES keywork.users,
  purpose          text NOT NULL CHECK (purpose IN ('sign_in', 'member_invite', 'case_invite')),
  org_id           uuid,
  case_id          uuid,
  collaborator_id  uuid,
  token_hash       text NOT NULL UNIQUE,
  nonce            text NOT NULL,
  created_at       timestamp NOT NULL,
  expires_at       timestamp NOT NULL CHECK (expires_at > created_at),
  spent_at         timestamp,
  voided_at        timestamp,
  CHECK (purpose <> 'case_invite' OR (org_id IS NOT NULL AND case_id IS NOT NULL AND collaborator_id IS NOT NULL)),
  CHECK (purpose <> 'member_invite' OR org_id IS NOT NULL)
);
-- A new link voids the older ones of the same person and purpose.
CREATE INDEX magic_links_usable ON keywork.magic_links (user_id, purpose)
  WHERE spent_at IS NULL AND voided_at IS NULL;

-- --------------------------------------------------------------------------------------------- organisations (R1, R3)

CREATE TABLE keywork.organisations (
  id                                       uuid PRIMARY KEY,
  kind                                     text NOT NULL CHECK (kind IN ('managing_agent', 'support_provider')),
  name                                     text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  tier                                     text NOT NULL REFERENCES keywork.plans,
  time_zone                                text NOT NULL CHECK (char_length(time_zone) BETWEEN 1 AND 200),
  support_retention_years_default          integer NOT NULL,
  support_retention_years_safeguarding     integer NOT NULL,
  support_notes_visible_to_housing_officer boolean NOT NULL,
  created_at                               timestamp NOT NULL,
  CHECK (1 <= support_retention_years_default
         AND support_retention_years_default <= support_retention_years_safeguarding
         AND support_retention_years_safeguarding <= 100)
);

CREATE TABLE keywork.housing_officer_emails (
  org_id  uuid   NOT NULL REFERENCES keywork.organisations,
  index   bigint NOT NULL CHECK (index >= 0),
  email   text   NOT NULL CHECK (email = lower(email COLLATE "C") AND octet_length(email) BETWEEN 3 AND 254),
  PRIMARY KEY (org_id, index)
);

-- One row an organisation: every change of it counts version up, so that two nodes cannot both make change n.
CREATE TABLE keywork.org_sequence (
  org_id        uuid   PRIMARY KEY REFERENCES keywork.organisations,
  version       bigint NOT NULL CHECK (version >= 0),
  cases_opened  bigint NOT NULL CHECK (cases_opened >= 0)
);

-- Which support_provider organisation is the identity container of which worker (R15).
CREATE TABLE keywork.support_provider_identity (
  org_id   uuid NOT NULL REFERENCES keywork.organisations,
  user_id  uuid NOT NULL REFERENCES keywork.users,
  PRIMARY KEY (org_id, user_id),
  UNIQUE (user_id)
);

CREATE TABLE keywork.memberships (
  org_id      uuid NOT NULL REFERENCES keywork.organisations,
  user_id     uuid NOT NULL REFERENCES keywork.users,
  email       text NOT NULL CHECK (octet_length(email) BETWEEN 3 AND 254),
  full_name   text NOT NULL CHECK (char_length(full_name) <= 200),
  role        text NOT NULL CHECK (role IN ('org_admin', 'property_manager')),
  created_at  timestamp NOT NULL,
  PRIMARY KEY (org_id, user_id)
);
CREATE INDEX memberships_user ON keywork.memberships (user_id);

-- --------------------------------------------------------------------------------------- landlord to tenant (R4)

CREATE TABLE keywork.landlords (
  id          uuid NOT NULL UNIQUE,
  org_id      uuid NOT NULL REFERENCES keywork.organisations,
  name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  created_at  timestamp NOT NULL,
  PRIMARY KEY (org_id, id)
);

CREATE TABLE keywork.manager_landlords (
  org_id       uuid NOT NULL,
  user_id      uuid NOT NULL,
  landlord_id  uuid NOT NULL,
  PRIMARY KEY (org_id, user_id, landlord_id),
  FOREIGN KEY (org_id, user_id) REFERENCES keywork.memberships ON DELETE CASCADE,
  FOREIGN KEY (org_id, landlord_id) REFERENCES keywork.landlords ON DELETE CASCADE
);
CREATE INDEX manager_landlords_landlord ON keywork.manager_landlords (org_id, landlord_id);

CREATE TABLE keywork.properties (
  id                uuid NOT NULL UNIQUE,
  org_id            uuid NOT NULL REFERENCES keywork.organisations,
  landlord_id       uuid NOT NULL,
  address_line1     text NOT NULL CHECK (char_length(address_line1) BETWEEN 1 AND 200),
  address_line2     text NOT NULL CHECK (char_length(address_line2) <= 200),
  address_town      text NOT NULL CHECK (char_length(address_town) BETWEEN 1 AND 200),
  address_postcode  text NOT NULL CHECK (char_length(address_postcode) BETWEEN 1 AND 20),
  created_at        timestamp NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, landlord_id) REFERENCES keywork.landlords
);
CREATE INDEX properties_landlord ON keywork.properties (org_id, landlord_id);

CREATE TABLE keywork.tenancies (
  id              uuid   NOT NULL UNIQUE,
  org_id          uuid   NOT NULL REFERENCES keywork.organisations,
  property_id     uuid   NOT NULL,
  start_date      date   NOT NULL,
  end_date        date   CHECK (end_date >= start_date),
  rent_pence      bigint NOT NULL CHECK (rent_pence > 0),
  rent_period     text   NOT NULL CHECK (rent_period IN
                    ('weekly', 'fortnightly', 'four_weekly', 'monthly', 'quarterly', 'annually')),
  tenure_type     text   NOT NULL CHECK (tenure_type IN
                    ('assured_periodic', 'assured_shorthold', 'licence_agreement', 'assured', 'secure',
                     'introductory', 'contractual', 'other')),
  deposit_pence   bigint CHECK (deposit_pence >= 0),
  deposit_scheme  text   CHECK (deposit_scheme IN ('tds', 'dps', 'mydeposits', 'other')),
  created_at      timestamp NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, property_id) REFERENCES keywork.properties,
  CHECK ((deposit_pence IS NULL) = (deposit_scheme IS NULL))
);
CREATE INDEX tenancies_property ON keywork.tenancies (org_id, property_id);

CREATE TABLE keywork.tenants (
  id          uuid NOT NULL UNIQUE,
  org_id      uuid NOT NULL,
  tenancy_id  uuid NOT NULL,
  full_name   text NOT NULL CHECK (char_length(full_name) BETWEEN 1 AND 200),
  email       text NOT NULL CHECK (octet_length(email) BETWEEN 3 AND 254),
  phone       text CHECK (phone ~ '^\+[0-9]{5,15}$'),
  housing_officer_note_visibility text NOT NULL CHECK (housing_officer_note_visibility IN
                    ('inherit', 'visible', 'hidden')),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, tenancy_id, id),
  FOREIGN KEY (org_id, tenancy_id) REFERENCES keywork.tenancies
);

-- --------------------------------------------------------------------------------------------- cases (R6 to R11)

CREATE TABLE keywork.support_cases (
  id                  uuid   NOT NULL UNIQUE,
  org_id              uuid   NOT NULL REFERENCES keywork.organisations,
  tenancy_id          uuid   NOT NULL,
  tenant_id           uuid   NOT NULL,
  reference           text   NOT NULL CHECK (char_length(reference) BETWEEN 1 AND 200),
  context_summary     text   NOT NULL CHECK (char_length(context_summary) <= 20000),
  opened_at           timestamp NOT NULL,
  closed_at           timestamp,
  last_activity_at    timestamp NOT NULL,
  shared_activity_at  timestamp NOT NULL,
  version             bigint NOT NULL CHECK (version >= 0),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, reference),
  UNIQUE (org_id, tenancy_id, tenant_id),
  -- The tenant is one of that very tenancy.
  FOREIGN KEY (org_id, tenancy_id, tenant_id) REFERENCES keywork.tenants (org_id, tenancy_id, id)
) WITH (fillfactor = 80);  -- every note updates the row: room beside it spares the indexes

CREATE TABLE keywork.notes (
  id               uuid    NOT NULL,
  org_id           uuid    NOT NULL,
  case_id          uuid    NOT NULL,
  stream           text    NOT NULL CHECK (stream IN ('shared', 'professional')),
  body             text    NOT NULL,
  safeguarding     boolean NOT NULL,
  flagged_at       timestamp,
  author_id        uuid    NOT NULL,
  author_name      text    NOT NULL,
  created_at       timestamp NOT NULL,
  edited_at        timestamp,
  deleted_at       timestamp,
  deleted_by_id    uuid,
  deleted_by_name  text,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, case_id) REFERENCES keywork.support_cases,
  CONSTRAINT safeguarding_is_professional CHECK (NOT safeguarding OR stream = 'professional'),
  CONSTRAINT safeguarding_has_a_date CHECK (NOT safeguarding OR flagged_at IS NOT NULL),
  CONSTRAINT deleted_has_no_body CHECK (CASE WHEN deleted_at IS NULL THEN char_length(body) BETWEEN 1 AND 20000
                                             ELSE body = '' END),
  CONSTRAINT deleted_by_somebody CHECK ((deleted_at IS NULL) = (deleted_by_id IS NULL)
                                        AND (deleted_at IS NULL) = (deleted_by_name IS NULL))
);
CREATE INDEX notes_stream ON keywork.notes (org_id, case_id, stream, id DESC);

CREATE TABLE keywork.note_revisions (
  id              uuid NOT NULL,
  org_id          uuid NOT NULL,
  case_id         uuid NOT NULL,
  note_id         uuid NOT NULL,
  body            text NOT NULL,
  replaced_at     timestamp NOT NULL,
  replaced_by_id  uuid NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, note_id) REFERENCES keywork.notes,
  FOREIGN KEY (org_id, case_id) REFERENCES keywork.support_cases
);
CREATE INDEX note_revisions_note ON keywork.note_revisions (org_id, note_id, id);
CREATE INDEX note_revisions_case ON keywork.note_revisions (org_id, case_id, id);

-- --------------------------------------------------------------------------------------------- team (R14 to R19)

CREATE TABLE keywork.tenant_collaborators (
  id                         uuid NOT NULL UNIQUE,
  org_id                     uuid NOT NULL,
  case_id                    uuid NOT NULL,
  tenant_id                  uuid NOT NULL,
  participation              text NOT NULL CHECK (participation IN ('full', 'context_only', 'reference_only')),
  user_id                    uuid REFERENCES keywork.users,
  full_name                  text CHECK (char_length(full_name) BETWEEN 1 AND 200),
  email                      text CHECK (octet_length(email) BETWEEN 3 AND 254),
  contact_name               text CHECK (char_length(contact_name) BETWEEN 1 AND 200),
  contact_email              text CHECK (octet_length(contact_email) BETWEEN 3 AND 254),
  contact_phone              text CHECK (contact_phone ~ '^\+[0-9]{5,15}$'),
  contact_organisation_name  text CHECK (char_length(contact_organisation_name) BETWEEN 1 AND 200),
  contact_role_label         text CHECK (char_length(contact_role_label) BETWEEN 1 AND 200),
  created_at                 timestamp NOT NULL,
  created_by_id              uuid NOT NULL,
  invited_at                 timestamp,
  accepted_at                timestamp,
  ended_at                   timestamp,
  ended_by_id                uuid,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, case_id) REFERENCES keywork.support_cases,
  FOREIGN KEY (org_id, tenant_id) REFERENCES keywork.tenants,
  CONSTRAINT worker_or_contact CHECK (CASE WHEN participation = 'reference_only'
    THEN num_nonnulls(user_id, full_name, email, invited_at, accepted_at) = 0
         AND contact_name IS NOT NULL AND num_nonnulls(contact_email, contact_phone) > 0
    ELSE num_nulls(user_id, full_name, email, invited_at) = 0
         AND num_nonnulls(contact_name, contact_email, contact_phone, contact_organisation_name,
                          contact_role_label) = 0 END),
  CONSTRAINT ended_by_somebody CHECK ((ended_at IS NULL) = (ended_by_id IS NULL))
);
-- R17: an address stands on a case's team once at a time, as a worker's or as a contact's.
CREATE UNIQUE INDEX tenant_collaborators_active_email
  ON keywork.tenant_collaborators (org_id, case_id, lower(coalesce(email, contact_email) COLLATE "C"))
  WHERE ended_at IS NULL AND coalesce(email, contact_email) IS NOT NULL;
CREATE INDEX tenant_collaborators_case ON keywork.tenant_collaborators (org_id, case_id, id);
CREATE INDEX tenant_collaborators_active_user ON keywork.tenant_collaborators (user_id) WHERE ended_at IS NULL;

-- The read model of a worker's caseload (R19), one row for each accepted full or context_only assignment that has not
-- ended; id is the assignment's. Kept by triggers alone, with the change itself.
CREATE TABLE keywork.caseload (
  id                 uuid NOT NULL,
  org_id             uuid NOT NULL,
  case_id            uuid NOT NULL,
  user_id            uuid NOT NULL,
  tenant_id          uuid NOT NULL,
  tenant_name        text NOT NULL,
  organisation_name  text NOT NULL,
  participation      text NOT NULL CHECK (participation IN ('full', 'context_only')),
  assigned_at        timestamp NOT NULL,
  -- The case's shared_activity_at: nothing here moves with a professional note.
  last_activity_at   timestamp NOT NULL,
  next_session_at    timestamp,
  in_tier            boolean NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, id) REFERENCES keywork.tenant_collaborators ON DELETE CASCADE
) WITH (fillfactor = 80);
CREATE INDEX caseload_user ON keywork.caseload (user_id, id DESC);
CREATE INDEX caseload_case ON keywork.caseload (org_id, case_id);
CREATE INDEX caseload_tenant ON keywork.caseload (org_id, tenant_id);

-- --------------------------------------------------------------------------------------------- what is written down

-- No foreign keys: an entry outlives what it tells of.
CREATE TABLE keywork.audit_entries (
  id          uuid NOT NULL,
  org_id      uuid NOT NULL,
  case_id     uuid,
  at          timestamp NOT NULL,
  by_id       uuid NOT NULL,
  by_name     text NOT NULL,
  request_id  text NOT NULL,
  kind        text NOT NULL,
  detail      text NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX audit_entries_case ON keywork.audit_entries (org_id, case_id, id DESC);

CREATE TABLE keywork.idempotency_answers (
  user_id      uuid NOT NULL,
  key          text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
  fingerprint  text NOT NULL,
  org_id       uuid NOT NULL,
  created      boolean NOT NULL,
  made         uuid,
  etag         text NOT NULL,
  body         text NOT NULL,
  kept_at      timestamp NOT NULL,
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_answers_by_age ON keywork.idempotency_answers (kept_at);

CREATE TABLE keywork.outbox (
  id               uuid PRIMARY KEY,
  org_id           uuid,
  case_id          uuid,
  link_id          uuid REFERENCES keywork.magic_links,
  to_address       text NOT NULL CHECK (octet_length(to_address) BETWEEN 3 AND 254),
  to_name          text NOT NULL,
  template_name    text NOT NULL,
  fields           text NOT NULL,
  state            text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'retrying', 'failed')),
  attempts         integer NOT NULL CHECK (attempts >= 0),
  next_attempt_at  timestamp NOT NULL,
  last_error       text,
  written_at       timestamp NOT NULL,
  sent_at          timestamp,
  CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX outbox_due ON keywork.outbox (next_attempt_at) WHERE state IN ('queued', 'sending', 'retrying');
CREATE INDEX outbox_failed ON keywork.outbox (written_at) WHERE state = 'failed';
