-- Search over the text of notes and goals: what it reads, who keeps it, and who gets what.
--
-- `words @@ query` is not leakproof, so that under row-level security PostgreSQL would ask it last, of every row a
-- person may see. Therefore the words stand in a table of their own that nobody may read, and keywork.search(), which
-- runs as the owner, looks into it within what the asking person may see, decided as in 0003. It answers with ids
-- alone. Whoever asks joins notes and goals to them as themselves, so that row-level security has the last word.

CREATE TABLE keywork.search_entries (
  org_id        uuid     NOT NULL,
  -- Of the note or the goal.
  id            uuid     NOT NULL,
  case_id       uuid     NOT NULL,
  kind          text     NOT NULL CHECK (kind IN ('note', 'goal')),
  professional  boolean  NOT NULL,
  words         tsvector NOT NULL,
  -- Nothing but chance keeps the ids of notes and goals apart.
  PRIMARY KEY (org_id, id, kind)
);
-- One stretch of it is what one audience of a case sees, the newest first.
CREATE INDEX search_entries_case ON keywork.search_entries (org_id, case_id, professional, id DESC);
-- New words wait in a list that is worked off a piece at a time, which costs a note a fifth of going into the index at
-- once. Every search reads what waits, so the list is kept short.
CREATE INDEX search_entries_words ON keywork.search_entries USING gin (words)
  WITH (fastupdate = on, gin_pending_list_limit = 256);
-- The frequencies of words decide between reading the newest entries and asking the index.
ALTER TABLE keywork.search_entries ALTER COLUMN words SET STATISTICS 1000;

ALTER TABLE keywork.search_entries ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON keywork.search_entries TO keywork_owner USING (true) WITH CHECK (true);
REVOKE ALL ON keywork.search_entries FROM PUBLIC;

-- ------------------------------------------------------------------------------------------------ windows of time

-- A common word stands in hundreds of thousands of notes, and a page needs the newest fifty. So each entry also has
-- four words that nobody can type, which name the organisation and a span of time of 3, 25, 199 and 1591 days that the
-- id is from. The index intersects them with the words asked for, and search goes back in time span by span.

CREATE FUNCTION keywork.milliseconds_of(id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint;

CREATE FUNCTION keywork.first_id_at(milliseconds bigint) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN rpad(lpad(to_hex(milliseconds), 12, '0'), 32, '0')::uuid;

-- Of `size` bits of milliseconds. Begins with a control character, which no word has.
CREATE FUNCTION keywork.window_word(org uuid, size integer, number bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN chr(1) || replace(org::text, '-', '') || size || '/' || to_hex(number);

CREATE FUNCTION keywork.search_words(org uuid, id uuid, content text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
-- A word of over 2 kB is left out, and not worth a notice.
SET client_min_messages = warning AS $$
DECLARE
  at  bigint := keywork.milliseconds_of(id);
BEGIN
  RETURN to_tsvector('pg_catalog.english', content)
         || array_to_tsvector(ARRAY[keywork.window_word(org, 28, at >> 28), keywork.window_word(org, 31, at >> 31),
                                    keywork.window_word(org, 34, at >> 34), keywork.window_word(org, 37, at >> 37)]);
END $$;

-- ------------------------------------------------------------------------------------------------ kept by triggers

CREATE FUNCTION keywork.search_entry_of_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO keywork.search_entries (org_id, id, case_id, kind, professional, words)
    VALUES (NEW.org_id, NEW.id, NEW.case_id, 'note', NEW.stream <> 'shared',
            keywork.search_words(NEW.org_id, NEW.id, NEW.body));
  ELSIF TG_OP = 'UPDATE' AND NEW.deleted_at IS NULL THEN
    UPDATE keywork.search_entries e SET words = keywork.search_words(NEW.org_id, NEW.id, NEW.body)
    WHERE e.org_id = NEW.org_id AND e.id = NEW.id AND e.kind = 'note';
  ELSE
    DELETE FROM keywork.search_entries e WHERE e.org_id = OLD.org_id AND e.id = OLD.id AND e.kind = 'note';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER search_finds AFTER INSERT ON keywork.notes FOR EACH ROW
  WHEN (NEW.deleted_at IS NULL)
  EXECUTE FUNCTION keywork.search_entry_of_note();
CREATE TRIGGER search_follows AFTER UPDATE ON keywork.notes FOR EACH ROW
  WHEN ((OLD.body, OLD.deleted_at) IS DISTINCT FROM (NEW.body, NEW.deleted_at))
  EXECUTE FUNCTION keywork.search_entry_of_note();
CREATE TRIGGER search_forgets AFTER DELETE ON keywork.notes FOR EACH ROW
  EXECUTE FUNCTION keywork.search_entry_of_note();

-- A goal's text: its title, its description and the progress that is shown with it.
CREATE FUNCTION keywork.goal_text(title text, description text, progress text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN concat_ws(E'\n', title, nullif(description, ''), progress);

CREATE FUNCTION keywork.search_entry_of_goal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO keywork.search_entries (org_id, id, case_id, kind, professional, words)
    VALUES (NEW.org_id, NEW.id, NEW.case_id, 'goal', false,
            keywork.search_words(NEW.org_id, NEW.id, keywork.goal_text(NEW.title, NEW.description, NEW.progress)));
  ELSIF TG_OP = 'UPDATE' THEN
    UPDATE keywork.search_entries e
    SET words = keywork.search_words(NEW.org_id, NEW.id, keywork.goal_text(NEW.title, NEW.description, NEW.progress))
    WHERE e.org_id = NEW.org_id AND e.id = NEW.id AND e.kind = 'goal';
  ELSE
    DELETE FROM keywork.search_entries e WHERE e.org_id = OLD.org_id AND e.id = OLD.id AND e.kind = 'goal';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER search_finds AFTER INSERT ON keywork.goals FOR EACH ROW
  EXECUTE FUNCTION keywork.search_entry_of_goal();
CREATE TRIGGER search_follows AFTER UPDATE ON keywork.goals FOR EACH ROW
  WHEN ((OLD.title, OLD.description, OLD.progress) IS DISTINCT FROM (NEW.title, NEW.description, NEW.progress))
  EXECUTE FUNCTION keywork.search_entry_of_goal();
CREATE TRIGGER search_forgets AFTER DELETE ON keywork.goals FOR EACH ROW
  EXECUTE FUNCTION keywork.search_entry_of_goal();

-- What was written before this version.
INSERT INTO keywork.search_entries (org_id, id, case_id, kind, professional, words)
SELECT n.org_id, n.id, n.case_id, 'note', n.stream <> 'shared', keywork.search_words(n.org_id, n.id, n.body)
FROM keywork.notes n WHERE n.deleted_at IS NULL
UNION ALL
SELECT g.org_id, g.id, g.case_id, 'goal', false,
       keywork.search_words(g.org_id, g.id, keywork.goal_text(g.title, g.description, g.progress))
FROM keywork.goals g;

-- ------------------------------------------------------------------------------------------------ asking

-- What is asked for: all of it; the beginning of the last word, if that is part of it; and the rest without that.
CREATE TYPE keywork.search_question AS (whole tsquery, begun tsquery, others tsquery);

-- Words are joined by and; "a phrase"; -without; or. The last word, where it stands alone, also counts as the beginning
-- of one. No text is an error; one without a word (blank, marks, words as common as `the`) asks for nothing: null.
CREATE FUNCTION keywork.search_question(asked text) RETURNS keywork.search_question
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning AS $$
DECLARE
  said      text := left(asked, 200);
  last      text := substring(said FROM '(?:^|\s)([[:alnum:]]+)$');
  question  keywork.search_question;
BEGIN
  question.whole := websearch_to_tsquery('pg_catalog.english', said);
  IF last IS NOT NULL AND numnode(to_tsquery('pg_catalog.english', last)) > 0 AND length(asked) <= 200
     AND length(replace(said, '"', '')) % 2 = length(said) % 2 THEN
    question.begun := to_tsquery('pg_catalog.simple', last || ':*');
    -- `housing` is kept as `hous`, which does not begin with it.
    IF to_tsquery('pg_catalog.english', last) <> to_tsquery('pg_catalog.simple', last) THEN
      question.begun := to_tsquery('pg_catalog.english', last) || question.begun;
    END IF;
    said := left(said, -length(last));
    IF said ~* '\mor\s*$' THEN
      question.whole := question.whole || question.begun;
    ELSE
      question.others := websearch_to_tsquery('pg_catalog.english', said);
      question.whole := question.others && question.begun;
    END IF;
  END IF;
  question.whole := CASE WHEN numnode(question.whole) > 0 THEN question.whole END;
  question.others := CASE WHEN numnode(question.others) > 0 THEN question.others END;
  RETURN question;
END $$;

-- Where somebody may look: everywhere in these organisations; and elsewhere at these entries of these cases, each with
-- its organisation and an audience, the professional notes or everything else.
CREATE TYPE keywork.search_scope AS (whole_orgs uuid[], orgs uuid[], cases uuid[], professional boolean[]);

-- As keywork.case_access() decides, and case_admin_orgs(). Who operates every case of an organisation sees the whole of it.
CREATE FUNCTION keywork.search_scope_of_me(only_org uuid) RETURNS keywork.search_scope
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who      uuid := keywork.me();
  admins   uuid[] := keywork.case_admin_orgs();
  manages  boolean := EXISTS (SELECT FROM keywork.memberships m WHERE m.user_id = who AND m.role = 'property_manager');
  scope    keywork.search_scope;
BEGIN
  WITH mine AS MATERIALIZED (
    SELECT u.org_id, u.case_id, bool_or(u.operates) AS operates
    FROM (SELECT r.org_id, r.case_id, false AS operates
          FROM keywork.tenant_collaborators r
          WHERE r.user_id = who AND r.accepted_at IS NOT NULL AND r.ended_at IS NULL
            AND r.participation <> 'reference_only'
          UNION ALL
          SELECT c.org_id, c.id, true
          FROM keywork.memberships m
          JOIN keywork.manager_landlords l ON l.org_id = m.org_id AND l.user_id = who
          JOIN keywork.properties p ON p.org_id = l.org_id AND p.landlord_id = l.landlord_id
          JOIN keywork.tenancies t ON t.org_id = l.org_id AND t.property_id = p.id
          JOIN keywork.support_cases c ON c.org_id = l.org_id AND c.tenancy_id = t.id
          WHERE manages AND m.user_id = who AND m.role = 'property_manager') u
    JOIN keywork.organisations o ON o.id = u.org_id
    JOIN keywork.plans f ON f.tier = o.tier AND 'support_cases' = ANY (f.features)
    WHERE (only_org IS NULL OR u.org_id = only_org) AND u.org_id <> ALL (admins)
    GROUP BY u.org_id, u.case_id),
  whole AS MATERIALIZED (
    SELECT a AS org_id FROM unnest(admins) a WHERE only_org IS NULL OR a = only_org
    UNION ALL
    SELECT n.org_id FROM (SELECT m.org_id, count(*) AS cases FROM mine m WHERE m.operates GROUP BY m.org_id) n
    WHERE n.cases = (SELECT count(*) FROM keywork.support_cases c WHERE c.org_id = n.org_id)),
  parts AS (
    SELECT m.org_id, m.case_id, a.professional
    FROM mine m JOIN unnest(ARRAY[false, true]) a (professional) ON m.operates OR NOT a.professional
    WHERE m.org_id NOT IN (SELECT w.org_id FROM whole w))
  SELECT ARRAY(SELECT w.org_id FROM whole w), array_agg(p.org_id), array_agg(p.case_id), array_agg(p.professional)
  INTO scope FROM parts p;
  RETURN scope;
END $$;

-- What matches in the newest `depth` entries of an organisation, all of which are read.
CREATE FUNCTION keywork.search_newest(org uuid, whole tsquery, before uuid, depth bigint)
RETURNS TABLE (org_id uuid, id uuid, case_id uuid, kind text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT e.org_id, e.id, e.case_id, e.kind
  FROM (SELECT * FROM keywork.search_entries n WHERE n.org_id = org AND n.id < before ORDER BY n.id DESC LIMIT depth) e
  WHERE e.words @@ whole;
END $$;

-- What matches in the windows `low` to `high` of an organisation, the newest first. `driver` is the part of the question
-- that the index is asked; the whole of it is compared with what that finds. The statement's text is made anew, so that
-- PostgreSQL plans it for these very words, and without a view to the order, in which finds may be far away.
CREATE FUNCTION keywork.search_within(org uuid, driver tsquery, whole tsquery, size integer, low bigint, high bigint,
                                      before uuid, most bigint)
RETURNS TABLE (org_id uuid, id uuid, case_id uuid, kind text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  driver := driver && (SELECT string_agg(quote_literal(keywork.window_word(org, size, w)), '|')
                       FROM generate_series(low, high) w)::tsquery;
  RETURN QUERY EXECUTE
    'SELECT * FROM (SELECT e.org_id, e.id, e.case_id, e.kind FROM keywork.search_entries e WHERE e.org_id = $1'
    ' AND e.id >= $2 AND e.id < $3 AND e.words @@ $4 AND CASE WHEN e.words @@ $5 THEN true END OFFSET 0) found'
    ' ORDER BY id DESC LIMIT $6'
    USING org, keywork.first_id_at(low << size), before, driver, whole, most;
END $$;

-- What matches in whole organisations: the newest `most` and perhaps more.
--
-- Goes back in time. In a single organisation the newest entries are read through first, which answers for common words.
-- Then come spans of time, each some eight times as long as the one before (the first the longer, the fewer were found),
-- until there are enough. So the cost grows with what a page shows and not with how often a word was written.
CREATE FUNCTION keywork.search_orgs(orgs uuid[], question keywork.search_question, before uuid, most bigint)
RETURNS TABLE (org_id uuid, id uuid, case_id uuid, kind text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  depth    CONSTANT bigint := 1000;  -- entries of some 1 kB: 5 ms
  driver   tsquery := question.whole;
  org      uuid;
  size     integer := 28;
  high     bigint;
  low      bigint;  -- a window's number
  oldest   bigint;
  found    bigint := 0;
  got      bigint;
BEGIN
  IF cardinality(orgs) = 1 THEN
    RETURN QUERY SELECT e.* FROM keywork.search_newest(orgs[1], question.whole, before, depth) e;
    GET DIAGNOSTICS found = ROW_COUNT;
    before := (SELECT e.id FROM keywork.search_entries e WHERE e.org_id = orgs[1] AND e.id < before
               ORDER BY e.id DESC OFFSET depth - 1 LIMIT 1);
    size := CASE WHEN found = 0 THEN 34 WHEN found * 8 < most THEN 31 ELSE 28 END;
  END IF;
  -- A beginning that many entries have is not asked of the index if there is a rarer word: it would collect them all.
  IF found < most AND question.others IS NOT NULL THEN
    driver := (SELECT CASE WHEN n.begun > depth / 10 AND n.begun > n.others THEN question.others ELSE driver END
               FROM (SELECT count(*) FILTER (WHERE e.words @@ question.others) AS others,
                            count(*) FILTER (WHERE e.words @@ question.begun) AS begun
                     FROM (SELECT r.words FROM keywork.search_entries r
                           WHERE r.org_id = orgs[1] AND r.id < before ORDER BY r.id DESC LIMIT depth) e) n);
  END IF;
  high := (SELECT max(keywork.milliseconds_of(n.id)) FROM unnest(orgs) o
           CROSS JOIN LATERAL (SELECT e.id FROM keywork.search_entries e WHERE e.org_id = o AND e.id < before
                               ORDER BY e.id DESC LIMIT 1) n);
  oldest := (SELECT min(keywork.milliseconds_of(n.id)) FROM unnest(orgs) o
             CROSS JOIN LATERAL (SELECT e.id FROM keywork.search_entries e WHERE e.org_id = o
                                 ORDER BY e.id LIMIT 1) n);
  WHILE found < most AND high >= oldest LOOP
    low := CASE WHEN size < 37 THEN high >> (size + 3) << 3 ELSE oldest >> size END;
    FOREACH org IN ARRAY orgs LOOP
      RETURN QUERY SELECT e.*
                   FROM keywork.search_within(org, driver, question.whole, size, low, high >> size, before, most) e;
      GET DIAGNOSTICS got = ROW_COUNT;
      found := found + got;
    END LOOP;
    high := (low << size) - 1;
    before := least(before, keywork.first_id_at(low << size));
    size := least(size + 3, 37);
  END LOOP;
END $$;

-- What matches in single cases: the newest `most` and perhaps more.
--
-- Who may see some of an organisation's entries must not learn from the time of an answer how often a word stands in the
-- others. So no index of words is asked: what the person may see is read, case by case, in spans of time from their
-- newest entry back, and compared. OFFSET 0 keeps the comparison, and with it the index of words, out of the reading; and
-- the statement is one for all words, so that their frequencies have no part in its plan. The first span is of 25 to 50
-- days, each further one some eight times as long as the one before; where the first has nothing, the next is all the rest.
CREATE FUNCTION keywork.search_cases(scope keywork.search_scope, whole tsquery, before uuid, most bigint)
RETURNS TABLE (org_id uuid, id uuid, case_id uuid, kind text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  size   integer := 31;
  high   bigint;
  since  uuid;
  found  bigint := 0;
  got    bigint;
BEGIN
  high := (SELECT max(keywork.milliseconds_of(n.id))
           FROM unnest(scope.orgs, scope.cases, scope.professional) s (org_id, case_id, professional)
           CROSS JOIN LATERAL
             (SELECT r.id FROM keywork.search_entries r
              WHERE r.org_id = s.org_id AND r.case_id = s.case_id AND r.professional = s.professional AND r.id < before
              ORDER BY r.id DESC LIMIT 1) n);
  WHILE found < most AND high >= 0 LOOP
    since := keywork.first_id_at(CASE WHEN size < 40 THEN greatest((high >> size) - 1, 0) << size ELSE 0 END);
    RETURN QUERY
    SELECT e.org_id, e.id, e.case_id, e.kind
    FROM unnest(scope.orgs, scope.cases, scope.professional) s (org_id, case_id, professional)
    CROSS JOIN LATERAL
      (SELECT * FROM keywork.search_entries r
       WHERE r.org_id = s.org_id AND r.case_id = s.case_id AND r.professional = s.professional
         AND r.id >= since AND r.id < before OFFSET 0) e
    WHERE e.words @@ whole ORDER BY e.id DESC LIMIT most;
    GET DIAGNOSTICS got = ROW_COUNT;
    found := found + got;
    before := since;
    high := keywork.milliseconds_of(since) - 1;
    size := CASE WHEN found = 0 THEN 40 ELSE size + 3 END;
  END LOOP;
END $$;

-- The newest entries that match and are older than `before`, at least `most` where there are so many: ids, nothing else.
CREATE FUNCTION keywork.search(asked text, only_org uuid, before uuid, most bigint)
RETURNS TABLE (org_id uuid, id uuid, case_id uuid, kind text)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  question  keywork.search_question := keywork.search_question(asked);
  scope     keywork.search_scope;
BEGIN
  IF question.whole IS NULL THEN
    RETURN;
  END IF;
  scope := keywork.search_scope_of_me(only_org);
  IF cardinality(scope.whole_orgs) > 0 THEN
    RETURN QUERY SELECT e.* FROM keywork.search_orgs(scope.whole_orgs, question, before, most) e;
  END IF;
  IF cardinality(scope.cases) > 0 THEN
    RETURN QUERY SELECT e.* FROM keywork.search_cases(scope, question.whole, before, most) e;
  END IF;
END $$;

REVOKE ALL ON FUNCTION keywork.milliseconds_of(uuid), keywork.first_id_at(bigint),
  keywork.window_word(uuid, integer, bigint), keywork.search_words(uuid, uuid, text), keywork.search_entry_of_note(),
  keywork.goal_text(text, text, text), keywork.search_entry_of_goal(), keywork.search_question(text),
  keywork.search_scope_of_me(uuid), keywork.search_newest(uuid, tsquery, uuid, bigint),
  keywork.search_within(uuid, tsquery, tsquery, integer, bigint, bigint, uuid, bigint),
  keywork.search_orgs(uuid[], keywork.search_question, uuid, bigint),
  keywork.search_cases(keywork.search_scope, tsquery, uuid, bigint),
  keywork.search(text, uuid, uuid, bigint) FROM PUBLIC;
-- The text of a goal, for what a search shows of it.
GRANT EXECUTE ON FUNCTION keywork.search(text, uuid, uuid, bigint), keywork.search_question(text),
  keywork.goal_text(text, text, text) TO keywork_person;
