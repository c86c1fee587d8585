-- R29 once more, from the raw events of `history_events` and PostgreSQL's own calendar and zones: one row per
-- history and subject with its due instant in microseconds, and how its wall time was met.
WITH changes_of_state AS (
  SELECT history, kind, at, row_number() OVER (PARTITION BY history ORDER BY seq DESC) AS back
  FROM history_events WHERE kind IN ('closed', 'reopened')
), closings AS (
  SELECT DISTINCT e.history, CASE WHEN s.kind = 'closed' THEN s.at END AS closed_at
  FROM history_events e LEFT JOIN changes_of_state s ON s.history = e.history AND s.back = 1
), windows AS (
  SELECT DISTINCT ON (history) history, default_years, safeguarding_years, zone
  FROM history_events WHERE kind = 'settings' ORDER BY history, seq DESC
), notes AS (
  SELECT DISTINCT history, note,
         CASE WHEN last_value(kind) OVER whole = 'flagged' THEN last_value(at) OVER whole END AS flagged_at
  FROM history_events WHERE kind IN ('noted', 'flagged', 'unflagged')
  WINDOW whole AS (PARTITION BY history, note ORDER BY seq
                   ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
), subjects AS (
  SELECT history, 'case' AS subject, false AS safeguarding, closed_at AS counted_from,
         default_years AS years, zone
  FROM closings JOIN windows USING (history)
  UNION ALL
  SELECT history, 'note ' || note, flagged_at IS NOT NULL,
         CASE WHEN closed_at IS NOT NULL THEN greatest(closed_at, flagged_at) END,
         CASE WHEN flagged_at IS NULL THEN default_years ELSE safeguarding_years END, zone
  FROM notes JOIN closings USING (history) JOIN windows USING (history)
), calendar AS (
  SELECT *, counted_from AT TIME ZONE zone AS shown,
         extract(year FROM counted_from AT TIME ZONE zone)::int + years AS due_year,
         extract(month FROM counted_from AT TIME ZONE zone)::int AS month,
         extract(day FROM counted_from AT TIME ZONE zone)::int AS day
  FROM subjects
), moved AS (
  SELECT *, month = 2 AND day = 29
            AND NOT (due_year % 4 = 0 AND (due_year % 100 <> 0 OR due_year % 400 = 0)) AS no_leap_day
  FROM calendar
), walls AS (
  SELECT *, CASE WHEN no_leap_day THEN make_date(due_year, 3, 1) ELSE make_date(due_year, month, day) END
            + shown::time AS wall
  FROM moved
), met AS (
  -- Each distance from UTC that the zone has around that time is tried: which moments show the wall time?
  SELECT w.*, found.moments, found.last_moment
  FROM walls w, LATERAL (
    SELECT count(*) AS moments, max(moment) AS last_moment
    FROM (
      SELECT DISTINCT (w.wall - ((probe AT TIME ZONE w.zone) - (probe AT TIME ZONE 'UTC'))) AT TIME ZONE 'UTC'
                      AS moment
      FROM generate_series((w.wall AT TIME ZONE 'UTC') - interval '30 hours',
                           (w.wall AT TIME ZONE 'UTC') + interval '30 hours', interval '5 hours') AS probe
    ) AS tried
    WHERE moment AT TIME ZONE w.zone = w.wall
  ) AS found
), dues AS (
  -- In a gap: the first whole minute that shows more. Zones have changed at whole minutes for decades.
  SELECT history, subject, safeguarding,
         CASE WHEN moments > 0 THEN last_moment
              WHEN wall IS NOT NULL THEN (
                SELECT min(probe)
                FROM generate_series(date_trunc('minute', wall AT TIME ZONE 'UTC') - interval '30 hours',
                                     date_trunc('minute', wall AT TIME ZONE 'UTC') + interval '30 hours',
                                     interval '1 minute') AS probe
                WHERE probe AT TIME ZONE zone > wall)
         END AS due,
         CASE WHEN wall IS NULL THEN 'never' WHEN no_leap_day THEN 'no leap day' WHEN moments = 0 THEN 'gap'
              WHEN moments > 1 THEN 'twice' ELSE 'plain' END AS how
  FROM met
), told AS (
  SELECT history, subject, due, how FROM dues
  UNION ALL
  SELECT history, 'shell', max(due) FILTER (WHERE subject = 'case' OR safeguarding), '' FROM dues GROUP BY history
  UNION ALL
  SELECT history, 'first safeguarding', min(due) FILTER (WHERE safeguarding), '' FROM dues GROUP BY history
  UNION ALL
  SELECT history, 'last safeguarding', max(due) FILTER (WHERE safeguarding), '' FROM dues GROUP BY history
)
SELECT history, subject, coalesce((extract(epoch FROM due) * 1000000)::bigint::text, 'never') AS due, how
FROM told ORDER BY history, subject
