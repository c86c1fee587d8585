-- Fills a database with a world that is the same every time. Read by seed.py, which sets the numbers (psql variables
-- orgs, per_org, notes, spare, memory_cases) and runs it as the superuser. No trigger is turned off: the caseload's rows
-- come from the triggers that keep it in earnest.
SET synchronous_commit = off;
CREATE SCHEMA bench;

-- A UUIDv7 of 2024-01-01; the kind tells things apart, the number counts them. spell() in world.py makes the same.
CREATE FUNCTION bench.id(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN ('018cc251-f400-7' || lpad(to_hex(kind), 3, '0') || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid;

-- A UUIDv7 of now, for rows that the baselines write.
CREATE FUNCTION bench.at_now(r bigint) RETURNS uuid LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
  RETURN (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '70008' ||
          lpad(to_hex(r), 15, '0'))::uuid;

-- The same of the transaction's own time, to the millisecond below: an audit entry's id has to be of its time.
CREATE FUNCTION bench.at_begin(r bigint) RETURNS uuid LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
  RETURN (lpad(to_hex(floor(extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '70008' ||
          lpad(to_hex(r), 15, '0'))::uuid;

-- Note k of `notes` in case n: a UUIDv7 of somewhere in the ten years from 2016 on. note_id() in world.py makes the same.
CREATE FUNCTION bench.note_id(n bigint, k bigint, notes bigint) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (lpad(to_hex(1451606400000 + k * (311040000000 / notes) + n % 3000 * 1000000), 12, '0') || '700b8000' ||
          lpad(to_hex(n * 100000 + k), 12, '0'))::uuid;

-- About 300 bytes; short and long letters, accents, other scripts, an emoji.
CREATE FUNCTION bench.body(n bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  p text[] := ARRAY['called at the flat this morning', 'spoke on the phone about the arrears', 'the boiler is mended',
    'agreed to meet at the café on Thursday', 'wants help with the form', 'Siân will ring the council',
    'feels safer since the lock was changed', 'no answer at the door', 'left a card', 'the GP has written back',
    'benefit was paid late again', 'asked for an interpreter: język polski', 'next step is the budget sheet',
    'brought the letter from the court', 'sleeps badly', 'the neighbour was kind', 'went to the food bank',
    'Zoë came along', 'mentioned the naïve question of the lease', 'the damp is back in the hall',
    'will try the new bus', '部屋は片付いていた', 'слова благодарности', 'مرحبا بكم', 'smiled a good deal 🙂',
    'keeps the appointments', 'the children are at school', 'paid £20 towards the debt', 'rang the surgery',
    'the lift is out of order', 'has an interview on Monday', 'asked after the deposit', 'photos of the ceiling taken'];
  h  bigint := (n * 2654435761) % 4294967296;
  t  text := 'Visit ' || n;
  -- Words that fewer notes have, for the search: one in 40, 100, 1,000 and 10,000.
  r  bigint := h >> 12;
BEGIN
  FOR i IN 0..9 LOOP
    t := t || '; ' || p[1 + (h >> i * 2) % 33];
  END LOOP;
  t := t || CASE WHEN r % 40 = 0 THEN '; weeded the garden' ELSE '' END
         || CASE WHEN r % 100 = 1 THEN '; lost the passport' ELSE '' END
         || CASE WHEN r % 1000 = 2 THEN '; has asthma' ELSE '' END
         || CASE WHEN r % 10000 = 3 THEN '; plays the piano' ELSE '' END;
  RETURN t;
END $$;

-- ------------------------------------------------------------------------------------------------------- people
-- Administrators 1 a organisation, managers 2 a organisation, workers 2 to 101 with few cases and 1 with many.

CREATE TEMP TABLE org_numbers AS SELECT o FROM generate_series(1, :orgs + 1) o;

INSERT INTO keywork.users
SELECT bench.id(1, o), 'admin' || o || '@bench.example', 'Ada Admin ' || o, timestamp '2024-01-01' FROM org_numbers
UNION ALL
SELECT bench.id(2, m), 'manager' || m || '@bench.example', 'Max Manager ' || m, timestamp '2024-01-01'
FROM generate_series(1, 2 * (:orgs + 1)) m
UNION ALL
SELECT bench.id(3, w), 'worker' || w || '@bench.example', 'Wanda Worker ' || w, timestamp '2024-01-01'
FROM generate_series(1, 101) w;

-- Tokens kw_bench_admin_1, kw_bench_manager_1, kw_bench_worker_1 … that do not run out.
INSERT INTO keywork.logins
SELECT bench.id(13, row_number() OVER (ORDER BY u.email)), u.id, 'token', 'bench',
       encode(sha256(convert_to('kw_bench_' || regexp_replace(split_part(u.email, '@', 1), '([0-9]+)$', '_\1'), 'UTF8')), 'hex'),
       timestamp '2024-01-01', NULL, NULL
FROM keywork.users u;

-- Sign-in links of the workers 2 to 101, good for a day from now; their tokens are bench_link_2 ….
INSERT INTO keywork.magic_links
SELECT bench.id(14, w), bench.id(3, w), 'sign_in', NULL, NULL, NULL,
       encode(sha256(convert_to('bench_link_' || w, 'UTF8')), 'hex'), 'nonce ' || w,
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' + interval '1 day', NULL, NULL
FROM generate_series(2, 101) w;

-- ------------------------------------------------------------------------------------------------ organisations

INSERT INTO keywork.organisations
SELECT bench.id(5, o), 'managing_agent', 'Bench Lettings № ' || o, 'enterprise', 'Europe/London', 6, 10, true, timestamp '2024-01-01'
FROM org_numbers
UNION ALL
SELECT bench.id(16, w), 'support_provider', 'Wanda Worker ' || w, 'starter', 'Europe/London', 6, 10, true, timestamp '2024-01-01'
FROM generate_series(1, 101) w;
INSERT INTO keywork.org_sequence
SELECT id, 1, CASE WHEN id = bench.id(5, :orgs + 1) THEN :memory_cases WHEN kind = 'managing_agent' THEN :per_org ELSE 0 END
FROM keywork.organisations;
INSERT INTO keywork.support_provider_identity SELECT bench.id(16, w), bench.id(3, w) FROM generate_series(1, 101) w;
INSERT INTO keywork.memberships
SELECT bench.id(5, o), u.id, u.email, u.full_name, r.role, timestamp '2024-01-01'
FROM org_numbers
CROSS JOIN LATERAL (VALUES (bench.id(1, o), 'org_admin'), (bench.id(2, 2 * o - 1), 'property_manager'),
                           (bench.id(2, 2 * o), 'property_manager')) r(id, role)
JOIN keywork.users u ON u.id = r.id;

-- Five landlords an organisation; the first manager has three of them, the second the rest.
INSERT INTO keywork.landlords
SELECT bench.id(6, 5 * (o - 1) + l), bench.id(5, o), 'Landlord ' || l || ' of ' || o, timestamp '2024-01-01'
FROM org_numbers, generate_series(1, 5) l;
INSERT INTO keywork.manager_landlords
SELECT bench.id(5, o), bench.id(2, 2 * o - CASE WHEN l <= 3 THEN 1 ELSE 0 END), bench.id(6, 5 * (o - 1) + l)
FROM org_numbers, generate_series(1, 5) l;

-- Homes are numbered through: case n is about home n. Those of the last organisation, and the spare ones of the first,
-- for which no case is opened yet, come after.
CREATE TABLE bench.homes AS
SELECT n, 1 + (n - 1) / :per_org AS o, true AS has_case, :notes AS notes FROM generate_series(1, :orgs * :per_org) n
UNION ALL
SELECT :orgs * :per_org + n, :orgs + 1, true, 50 FROM generate_series(1, :memory_cases) n
UNION ALL
SELECT :orgs * :per_org + :memory_cases + n, 1, false, 0 FROM generate_series(1, :spare) n;

INSERT INTO keywork.properties
SELECT bench.id(7, n), bench.id(5, o), bench.id(6, 5 * (o - 1) + 1 + n % 5), n || ' Bench Street', '', 'Leeds', 'LS1 ' || n % 10 || 'AA',
       timestamp '2024-01-01'
FROM bench.homes;
INSERT INTO keywork.tenancies
SELECT bench.id(8, n), bench.id(5, o), bench.id(7, n), date '2024-01-01', NULL, 65000, 'monthly', 'assured_shorthold', NULL, NULL, timestamp '2024-01-01'
FROM bench.homes;
INSERT INTO keywork.tenants
SELECT bench.id(9, n), bench.id(5, o), bench.id(8, n), 'Tamsin Tenant ' || n, 'tenant' || n || '@bench.example', '+441132960' || lpad((n % 1000)::text, 3, '0'),
       'inherit'
FROM bench.homes;

-- ------------------------------------------------------------------------------------------------------- cases

INSERT INTO keywork.support_cases
SELECT bench.id(10, n), bench.id(5, o), bench.id(8, n), bench.id(9, n), 'B-' || n, 'Context of case ' || n || ': ' || bench.body(n),
       timestamp '2024-01-02', NULL, timestamp '2024-01-02' + notes * interval '1 hour', timestamp '2024-01-02' + notes * interval '1 hour', notes
FROM bench.homes WHERE has_case;

-- Worker 1 has 500 cases spread evenly (all, where there are fewer), each other case a worker of 2 to 101.
INSERT INTO keywork.tenant_collaborators
  (id, org_id, case_id, tenant_id, participation, user_id, full_name, email, created_at, created_by_id, invited_at, accepted_at)
SELECT bench.id(12, h.n), bench.id(5, h.o), bench.id(10, h.n), bench.id(9, h.n), 'full', u.id, u.full_name, u.email,
       timestamp '2024-01-03', bench.id(1, h.o), timestamp '2024-01-03', timestamp '2024-01-04'
FROM bench.homes h
JOIN keywork.users u ON u.id = bench.id(3, CASE WHEN h.n <= :orgs * :per_org AND (h.n - 1) % greatest(1, :orgs * :per_org / 500) = 0
                                                 AND h.n <= 500 * greatest(1, :orgs * :per_org / 500) THEN 1 ELSE 2 + h.n % 100 END)
WHERE h.has_case;
-- In the first hundred cases somebody else works too, for the measurement that ends assignments.
INSERT INTO keywork.tenant_collaborators
  (id, org_id, case_id, tenant_id, participation, user_id, full_name, email, created_at, created_by_id, invited_at, accepted_at)
SELECT bench.id(12, 1000000000 + h.n), bench.id(5, h.o), bench.id(10, h.n), bench.id(9, h.n), 'full', u.id, u.full_name, u.email,
       timestamp '2024-01-03', bench.id(1, h.o), timestamp '2024-01-03', timestamp '2024-01-04'
FROM bench.homes h JOIN keywork.users u ON u.id = bench.id(3, 2 + (h.n + 50) % 100)
WHERE h.n <= least(100, :per_org);

-- One entry for each case; those of the notes come with the notes.
INSERT INTO keywork.audit_entries
SELECT bench.id(15, n), bench.id(5, o), bench.id(10, n), timestamp '2024-01-02', bench.id(1, o), 'Ada Admin ' || o, 'seed', 'case_opened', '{}'
FROM bench.homes WHERE has_case;

-- The notes of the cases first to last, with their audit entries; one in ten is professional. seed.py calls it piece by
-- piece, to have something to show.
CREATE PROCEDURE bench.write_notes(first bigint, last bigint) LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO keywork.notes (id, org_id, case_id, stream, body, safeguarding, author_id, author_name, created_at)
  SELECT bench.note_id(n, k, notes), bench.id(5, o), bench.id(10, n),
         CASE WHEN k % 10 = 5 THEN 'professional' ELSE 'shared' END, bench.body(n * 100000 + k), false,
         bench.id(1, o), 'Ada Admin ' || o, timestamp '2024-01-02' + k * interval '1 hour'
  FROM bench.homes CROSS JOIN LATERAL generate_series(1, notes) k
  WHERE n BETWEEN first AND last AND has_case
  ORDER BY n, k;
  INSERT INTO keywork.audit_entries
  SELECT bench.id(15, n * 100000 + k), bench.id(5, o), bench.id(10, n), timestamp '2024-01-02' + k * interval '1 hour', bench.id(1, o),
         'Ada Admin ' || o, 'seed', 'note_added',
         '{"note":"' || bench.note_id(n, k, notes) || '","stream":"shared","safeguarding":false}'
  FROM bench.homes CROSS JOIN LATERAL generate_series(1, notes) k
  WHERE n BETWEEN first AND last AND has_case
  ORDER BY n, k;
END;

-- ------------------------------------------------------------------------------------- who measures the baselines

-- The caseload by joins needs names that a collaborator may not read from their tables (wall 2 has no such policy: the
-- read model brings them). This role may do what keywork_person may, and that; the service never takes it.
CREATE ROLE bench_person LOGIN IN ROLE keywork_person;
GRANT CONNECT ON DATABASE keywork TO bench_person;
CREATE FUNCTION bench.works_for(tenant uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM keywork.tenant_collaborators r
                 WHERE r.user_id = keywork.me() AND r.tenant_id = tenant AND r.ended_at IS NULL AND r.accepted_at IS NOT NULL);
END $$;
CREATE FUNCTION bench.works_in(org uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM keywork.tenant_collaborators r
                 WHERE r.user_id = keywork.me() AND r.org_id = org AND r.ended_at IS NULL AND r.accepted_at IS NOT NULL);
END $$;
GRANT USAGE ON SCHEMA bench TO keywork_service, keywork_person, keywork_loader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA bench TO keywork_service, keywork_person, keywork_loader;
CREATE POLICY bench_read ON keywork.tenants FOR SELECT TO bench_person USING (bench.works_for(id));
CREATE POLICY bench_read ON keywork.organisations FOR SELECT TO bench_person USING (bench.works_in(id));
