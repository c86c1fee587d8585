"""The monthly digest of many housing officers: how fast they are planned and sent, and what the program holds then."""
import threading
import time
from dataclasses import dataclass

import memory
import seed
from service import wait_until

OF_EACH = 3  # tenants that one officer is told of

# Officers are users of their own, each on three cases of one organisation; each case has a goal, and of last month two
# sessions and a note. The organisations have more of them than the API would let in.
WORLD = '''
INSERT INTO keywork.users SELECT bench.id(40, n), 'officer' || n || '@bench.example', 'Olga Officer ' || n, timestamp '2024-01-01'
FROM generate_series(1, {count}) n;
CREATE TEMP TABLE told AS
SELECT n, t, 1 + (n - 1) % {orgs} AS o, 1 + (n - 1) % {orgs} * {per_org} + (n / {orgs} * {each} + t) % {per_org} AS home
FROM generate_series(1, {count}) n, generate_series(0, {each} - 1) t;
INSERT INTO keywork.housing_officer_emails
SELECT bench.id(5, o), 1000 + n, 'officer' || n || '@bench.example' FROM (SELECT DISTINCT n, o FROM told) d;
INSERT INTO keywork.tenant_collaborators
  (id, org_id, case_id, tenant_id, participation, user_id, full_name, email, created_at, created_by_id, invited_at, accepted_at)
SELECT bench.id(41, n * {each} + t), bench.id(5, o), bench.id(10, home), bench.id(9, home), 'context_only', bench.id(40, n),
       'Olga Officer ' || n, 'officer' || n || '@bench.example', timestamp '2024-01-03', bench.id(1, o), timestamp '2024-01-03',
       timestamp '2024-01-04'
FROM told;
CREATE TEMP TABLE month AS SELECT date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month' AS first;
INSERT INTO keywork.goals (id, org_id, case_id, title, description, status, author_id, author_name, created_at, progress, progress_at, progress_by)
SELECT bench.id(42, h.n), bench.id(5, h.o), bench.id(10, h.n), 'Cook a meal', bench.body(h.n), 'active', bench.id(1, h.o), 'Ada Admin',
       timestamp '2024-01-02', bench.body(h.n + 1), timestamp '2024-01-02', 'Ada Admin'
FROM bench.homes h WHERE h.n <= {cases};
INSERT INTO keywork.sessions (id, org_id, case_id, starts_at, type, attendees, status, outcome_note, author_id, author_name, created_at)
SELECT bench.id(43, 2 * h.n + s), bench.id(5, h.o), bench.id(10, h.n), m.first + (5 + s) * interval '1 day', 'key_work', 'Sam', 'delivered',
       bench.body(h.n + s), bench.id(1, h.o), 'Ada Admin', m.first
FROM bench.homes h, generate_series(0, 1) s, month m WHERE h.n <= {cases};
INSERT INTO keywork.notes (id, org_id, case_id, stream, body, safeguarding, author_id, author_name, created_at)
SELECT bench.id(44, h.n), bench.id(5, h.o), bench.id(10, h.n), 'shared', bench.body(h.n), false, bench.id(1, h.o), 'Ada Admin',
       m.first + interval '9 days'
FROM bench.homes h, month m WHERE h.n <= {cases};
ANALYZE keywork.users, keywork.tenant_collaborators, keywork.goals, keywork.sessions, keywork.notes, keywork.housing_officer_emails;
'''

# Last month's digests are due from here on, and of nothing before.
BEGIN = '''
UPDATE keywork.digest_progress SET done_month = date_trunc('month', now() AT TIME ZONE 'UTC') - interval '2 months',
       next_at = '-infinity';
'''


@dataclass
class Digests:
    count: int
    planned: float  # a second
    sent: float     # a second, from the first on
    held: memory.Amount


class Peak:
    """The largest RSS while it lives."""

    def __init__(self, service):
        self.service, self.most, self.going = service, service.rss(), True
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while self.going:
            self.most = max(self.most, self.service.rss())
            time.sleep(0.05)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.going = False
        self.thread.join()


def digests(bench, count):
    w = bench.world
    with bench.service() as service:
        sql = seed.Psql(service.database('postgres'))
        # The months since the organisations were made, in which there were no officers yet.
        wait_until(lambda: sql.do("SELECT count(*) FROM keywork.digest_progress WHERE next_at < now() AT TIME ZONE 'UTC';")[0] == '0',
                   120, 'the months before to be done with')
        sql.do(WORLD.format(count=count, orgs=w.orgs, per_org=w.per_org, cases=w.cases, each=OF_EACH))
        idle = memory.settled(service)

        def lines(where):
            return int(sql.do(f"SELECT count(*) FROM keywork.digests WHERE copy = 0 AND {where};")[0])

        with Peak(service) as peak:
            begun = time.perf_counter()
            sql.do(BEGIN)
            wait_until(lambda: lines('true') >= count, 600, 'digests to be planned')
            planned = time.perf_counter() - begun
            wait_until(lambda: lines("state = 'sent'") >= count, 1800, 'digests to be sent')
            sent = time.perf_counter() - begun
        found = sql.do('SELECT month, state, count(*) FROM keywork.digests GROUP BY month, state;')
        if len(found) != 1 or not found[0].endswith(f'|sent|{count}'):
            raise RuntimeError(f'not one digest for each officer: {found}')
        sql.close()
    return Digests(count, count / planned, count / sent,
                   memory.Amount(f'above idle while planning and sending {count:,} digests', (peak.most - idle) / 1024, 64 * 1024))
