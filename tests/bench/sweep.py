"""Retention's sweep of everything that is due in all organisations but the first, while the first one's cases are read."""
import threading
import time
from dataclasses import dataclass

import drive
import memory
import seed
import workloads
import world as worlds
from service import wait_until

# Nobody has closed these cases: the triggers and the version, which a change by the program would move, do not matter here.
CLOSE = '''
UPDATE keywork.support_cases SET closed_at = timestamp '2010-06-01' WHERE org_id <> bench.id(5, 1);
ANALYZE keywork.support_cases;
'''
# The first organisation keeps its notes. Each other case gets {each} more, as bench.write_notes makes them, so that as
# many are due as the whole world was asked to have.
MORE = '''
INSERT INTO keywork.notes (id, org_id, case_id, stream, body, safeguarding, author_id, author_name, created_at)
SELECT bench.note_id(n, notes + k, notes), bench.id(5, o), bench.id(10, n), 'shared', bench.body(n * 100000 + notes + k),
       false, bench.id(1, o), 'Ada Admin ' || o, timestamp '2024-01-02' + (notes + k) * interval '1 hour'
FROM bench.homes CROSS JOIN generate_series(1, {each}) k WHERE o > 1 AND has_case ORDER BY n, k;
INSERT INTO keywork.audit_entries
SELECT bench.id(15, n * 100000 + notes + k), bench.id(5, o), bench.id(10, n),
       timestamp '2024-01-02' + (notes + k) * interval '1 hour', bench.id(1, o), 'Ada Admin ' || o, 'seed', 'note_added',
       '{{"note":"' || bench.note_id(n, notes + k, notes) || '","stream":"shared","safeguarding":false}}'
FROM bench.homes CROSS JOIN generate_series(1, {each}) k WHERE o > 1 AND has_case ORDER BY n, k;
'''
DUE_NOTES = 'SELECT count(*) FROM keywork.notes WHERE org_id <> bench.id(5, 1);'
DUE_CASES = 'SELECT count(*) FROM keywork.support_cases WHERE org_id <> bench.id(5, 1);'
ASK = '''
INSERT INTO keywork.retention_runs (org_id, id, kind, day, asked_at)
SELECT o.id, gen_random_uuid(), 'asked', current_date, now() AT TIME ZONE 'UTC' FROM keywork.organisations o
WHERE o.kind = 'managing_agent' AND o.id <> bench.id(5, 1);
'''
LEFT = "SELECT count(*) FROM keywork.retention_runs WHERE kind = 'asked' AND finished_at IS NULL;"


@dataclass
class Sweep:
    cases: int
    notes: int
    seconds: float
    quiet: float      # p99 of W1 in ms, median of the rounds
    meanwhile: float  # the same during the sweep
    errors: int
    held: memory.Amount


def middle(values):
    return sorted(values)[len(values) // 2]


def fill_up(sql, world):
    """As many notes outside the first organisation as the world has cases times notes; (cases, notes) there are then."""
    cases = int(sql.do(DUE_CASES)[0])
    missing = world.cases * world.notes - int(sql.do(DUE_NOTES)[0])
    if missing > 0:
        sql.do(MORE.format(each=-(-missing // cases)))
    return cases, int(sql.do(DUE_NOTES)[0])


def sweep(bench):
    w = bench.world
    cases = range(1, w.per_org + 1)
    with bench.service() as service:
        sql = seed.Psql(service.database('postgres'))
        workloads.read_workspaces(service.connect(), w, cases)
        plan = drive.write_plan(bench.folder / 'sweep.lua', order='cycle', status=200, requests=[
            ['GET', workloads.workspace(c), workloads.headers(w.admin_token(c))] for c in cases])
        # The day's own runs are over before anything is due.
        wait_until(lambda: sql.do("SELECT count(*) FROM keywork.retention_runs WHERE finished_at IS NULL;") == ['0'] and
                   sql.do('SELECT count(*) FROM keywork.retention_runs;') != ['0'], 120, 'the sweeps of the day')
        count, notes = fill_up(sql, w)
        quiet = [drive.wrk(service, plan, bench.seconds) for _ in range(bench.rounds)]
        sql.do(CLOSE)
        idle = memory.settled(service)
        busy, over = [], threading.Event()

        def read():
            while not over.is_set():
                busy.append(drive.wrk(service, plan, bench.seconds))

        sql.do(ASK)
        begun = time.perf_counter()
        reader = threading.Thread(target=read)
        reader.start()
        try:
            wait_until(lambda: sql.do(LEFT) == ['0'], 3600, 'the sweep')
            spent = time.perf_counter() - begun
            held = service.rss() - idle
        finally:
            over.set()
            reader.join()
        left = int(sql.do(DUE_NOTES)[0])
        if left:
            raise RuntimeError(f'{left} notes are left')
        sql.close()
    during = busy[:-1] or busy  # the last one goes on after the end
    return Sweep(count, notes, spent, middle([r.p99 for r in quiet]), middle([r.p99 for r in during]),
                 sum(r.errors for r in quiet + busy),
                 memory.Amount(f'above idle after sweeping {notes:,} notes', held / 1024, 64 * 1024))
