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
  PRIMARY KEY (org_id, id)
);
CREATE INDEX search_entries_case ON keywork.search_entries (org_id, case_id, id DESC);
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
    WHERE e.org_id = NEW.org_id AND e.id = NEW.id;
  ELSE
    DELETE FROM keywork.search_entries e WHERE e.org_id = OLD.org_id AND e.id = OLD.id;
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
    WHERE e.org_id = NEW.org_id AND e.id = NEW.id;
  ELSE
    DELETE FROM keywork.search_entries e WHERE e.org_id = OLD.org_id AND e.id = OLD.id;
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

-- Where somebody may look: everywhere in an organisation as its administrator, where there are no cases named; else in
-- these cases, of which they operate some and see the professional notes there too. `org` is empty where the cases are
-- of several organisations, `orgs` names each one's.
CREATE TYPE keywork.search_scope AS (org uuid, orgs uuid[], cases uuid[], operated boolean[]);

-- As keywork.case_access() decides, and case_admin_orgs().
CREATE FUNCTION keywork.search_scopes(only_org uuid) RETURNS SETOF keywork.search_scope
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who      uuid := keywork.me();
  admins   uuid[] := keywork.case_admin_orgs();
  manages  boolean := EXISTS (SELECT FROM keywork.memberships m WHERE m.user_id = who AND m.role = 'property_manager');
BEGIN
  RETURN QUERY
  SELECT a, ARRAY[a], NULL::uuid[], NULL::boolean[] FROM unnest(admins) a WHERE only_org IS NULL OR a = only_org;
  RETURN QUERY
  SELECT CASE WHEN count(DISTINCT s.org_id) = 1 THEN (array_agg(s.org_id))[1] END,
         array_agg(s.org_id), array_agg(s.case_id), array_agg(s.operates)
  FROM (SELECT u.org_id, u.case_id, bool_or(u.operates) AS operates
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
        GROUP BY u.org_id, u.case_id) s
  JOIN keywork.organisations o ON o.id = s.org_id
  JOIN keywork.plans f ON f.tier = o.tier AND 'support_cases' = ANY (f.features)
  WHERE (only_org IS NULL OR s.org_id = only_org) AND s.org_id <> ALL (admins)
  HAVING count(*) > 0;
END $$;

-- What holds the entries `e` of a statement to a scope: $1 is the organisation, or $1 to $3 are each case's, the case and
-- whether it is operated.
CREATE FUNCTION keywork.in_scope(scope keywork.search_scope) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN (scope).cases IS NULL THEN ' JOIN unnest($1) s (org_id) ON s.org_id = e.org_id'
              ELSE ' JOIN unnest($1, $2, $3) s (org_id, case_id, operates) ON s.org_id = e.org_id'
                   ' AND s.case_id = e.case_id AND (s.operates OR NOT e.professional)' END;

-- What matches in the newest `depth` entries of a scope's one organisation, all of which are read.
CREATE FUNCTION keywork.search_newest(scope keywork.search_scope, whole tsquery, before uuid, depth bigint)
RETURNS TABLE (org_id uuid, id uuid, case_id uuid, kind text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE
    'SELECT e.org_id, e.id, e.case_id, e.kind FROM (SELECT * FROM keywork.search_entries n WHERE n.org_id = $4'
    ' AND n.id < $5 ORDER BY n.id DESC LIMIT $6) e' || keywork.in_scope(scope) || ' WHERE e.words @@ $7'
    USING scope.orgs, scope.cases, scope.operated, scope.org, before, depth, whole;
END $$;

-- What matches in the windows `low` to `high`, the newest first. `driver` is the part of the question that the index is
-- asked; the whole of it is compared with what that finds. The statement's text is made anew, so that PostgreSQL plans
-- it for these very words. For a wide scope it does so without a view to the order, in which finds may be far away. A
-- narrow one has few entries within the span, which may be read case by case: the windows' words stay out, so that
-- what is asked for looks as frequent as it is.
CREATE FUNCTION keywork.search_within(scope keywork.search_scope, driver tsquery, whole tsquery, is_wide boolean, size integer,
                                      low bigint, high bigint, before uuid, most bigint)
RETURNS TABLE (org_id uuid, id uuid, case_id uuid, kind text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF is_wide OR scope.cases IS NULL THEN
    driver := driver && (SELECT string_agg(quote_literal(keywork.window_word(scope.org, size, w)), '|')
                         FROM generate_series(low, high) w)::tsquery;
  END IF;
  RETURN QUERY EXECUTE
    'SELECT * FROM (SELECT e.org_id, e.id, e.case_id, e.kind FROM keywork.search_entries e' || keywork.in_scope(scope)
    || ' WHERE e.id >= $4 AND e.id < $5 AND e.words @@ $6 AND CASE WHEN e.words @@ $7 THEN true END'
    || CASE WHEN is_wide THEN ' OFFSET 0' ELSE '' END || ') found ORDER BY id DESC LIMIT $8'
    USING scope.orgs, scope.cases, scope.operated, keywork.first_id_at(low << size), before, driver, whole, most;
END $$;

-- The newest entries that match and are older than `before`, at least `most` where there are so many: ids, nothing else.
--
-- Goes back in time. In a single organisation that the person sees a good part of, the newest entries are read through
-- first, which answers for common words. Then come spans of time, each some eight times as long as the one before (the
-- first the longer, the fewer were found), until there are enough; within a span PostgreSQL chooses, from how frequent
-- the words are, between their index and the entries in order. So the cost grows with what a page shows and not with
-- how often a word was written.
CREATE FUNCTION keywork.search(asked text, only_org uuid, before uuid, most bigint)
RETURNS TABLE (org_id uuid, id uuid, case_id uuid, kind text)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  depth    CONSTANT bigint := 1000;  -- entries of some 1 kB: 5 ms
  question keywork.search_question := keywork.search_question(asked);
  driver   tsquery := question.whole;
  scopes   keywork.search_scope[];
  scope    keywork.search_scope;
  orgs     uuid[];
  is_wide  boolean := false;
  size     integer := 28;
  high     bigint;
  low      bigint;  -- a window's number
  oldest   bigint;
  found    bigint := 0;
  got      bigint;
BEGIN
  IF question.whole IS NULL THEN
    RETURN;
  END IF;
  scopes := ARRAY(SELECT s FROM keywork.search_scopes(only_org) s);
  IF cardinality(scopes) = 1 THEN
    scope := scopes[1];
    is_wide := scope.cases IS NULL
               OR coalesce(cardinality(scope.cases) * 4 >= (SELECT q.cases_opened FROM keywork.org_sequence q
                                                            WHERE q.org_id = scope.org), false);
    IF is_wide THEN
      RETURN QUERY SELECT e.* FROM keywork.search_newest(scope, question.whole, before, depth) e;
      GET DIAGNOSTICS found = ROW_COUNT;
      before := (SELECT e.id FROM keywork.search_entries e WHERE e.org_id = scope.org AND e.id < before
                 ORDER BY e.id DESC OFFSET depth - 1 LIMIT 1);
      size := CASE WHEN found = 0 THEN 34 WHEN found * 8 < most THEN 31 ELSE 28 END;
    ELSIF cardinality(scope.cases) <= 50 THEN
      size := 37;
    END IF;
  END IF;
  -- A beginning that many entries have is not asked of the index if there is a rarer word: it would collect them all.
  IF found < most AND question.others IS NOT NULL THEN
    driver := (SELECT CASE WHEN n.begun > depth / 10 AND n.begun > n.others THEN question.others ELSE driver END
               FROM (SELECT count(*) FILTER (WHERE e.words @@ question.others) AS others,
                            count(*) FILTER (WHERE e.words @@ question.begun) AS begun
                     FROM (SELECT r.words FROM keywork.search_entries r
                           WHERE r.org_id = scopes[1].orgs[1] AND r.id < before ORDER BY r.id DESC LIMIT depth) e) n);
  END IF;
  orgs := ARRAY(SELECT DISTINCT o FROM unnest(scopes) s CROSS JOIN unnest(s.orgs) o);
  high := (SELECT max(keywork.milliseconds_of(n.id)) FROM unnest(orgs) o
           CROSS JOIN LATERAL (SELECT e.id FROM keywork.search_entries e WHERE e.org_id = o AND e.id < before
                               ORDER BY e.id DESC LIMIT 1) n);
  oldest := (SELECT min(keywork.milliseconds_of(n.id)) FROM unnest(orgs) o
             CROSS JOIN LATERAL (SELECT e.id FROM keywork.search_entries e WHERE e.org_id = o
                                 ORDER BY e.id LIMIT 1) n);
  WHILE found < most AND high >= oldest LOOP
    low := CASE WHEN size < 37 THEN high >> (size + 3) << 3 ELSE oldest >> size END;
    FOREACH scope IN ARRAY scopes LOOP
      RETURN QUERY SELECT e.*
                   FROM keywork.search_within(scope, driver, question.whole, is_wide, size, low, high >> size, before, most) e;
      GET DIAGNOSTICS got = ROW_COUNT;
      found := found + got;
    END LOOP;
    high := (low << size) - 1;
    before := least(before, keywork.first_id_at(low << size));
    size := least(size + 3, 37);
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION keywork.milliseconds_of(uuid), keywork.first_id_at(bigint),
  keywork.window_word(uuid, integer, bigint), keywork.search_words(uuid, uuid, text), keywork.search_entry_of_note(),
  keywork.goal_text(text, text, text), keywork.search_entry_of_goal(), keywork.search_question(text),
  keywork.search_scopes(uuid), keywork.in_scope(keywork.search_scope), keywork.search_newest(keywork.search_scope, tsquery, uuid, bigint),
  keywork.search_within(keywork.search_scope, tsquery, tsquery, boolean, integer, bigint, bigint, uuid, bigint),
  keywork.search(text, uuid, uuid, bigint) FROM PUBLIC;
-- The text of a goal, for what a search shows of it.
GRANT EXECUTE ON FUNCTION keywork.search(text, uuid, uuid, bigint), keywork.search_question(text),
  keywork.goal_text(text, text, text) TO keywork_person;
