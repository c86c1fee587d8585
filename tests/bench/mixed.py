"""W4, the mix of the others, beside what they alone predict; and an export beside PostgreSQL's own COPY."""
import json
import subprocess
import time
import urllib.request

import drive
import memory
import seed
import world as worlds
from drive import Failed, Run
from service import ask
from workloads import Pair, headers, workspace

SHARES = (('reads', 90), ('writes', 9), ('caseload', 1))


def plans(bench, service):
    """A plan for each of the three alone, and one in which they stand in their shares."""
    w = bench.world
    count = min(500, w.cases)
    cases = list(range(1, w.cases + 1, w.cases // count))[:count]
    # Into memory. What is in them was compared by the others; here and there notes were written since.
    connection = service.connect()
    for c in cases:
        status, _, body = ask(connection, 'GET', workspace(c), w.admin_token(c))
        if status != 200:
            raise Failed(f'GET {workspace(c)}: {status} {body[:200]!r}')
    body = json.dumps({'stream': 'shared', 'body': worlds.text(123456789)}, ensure_ascii=False)
    write = {'Content-Type': 'application/json'}
    requests = {
        'reads': [['GET', workspace(c), headers(w.admin_token(c))] for c in cases],
        'writes': [['POST', workspace(c) + '/notes', headers(w.admin_token(c), **write), body] for c in cases],
        'caseload': [['GET', '/api/v1/support/tenants', headers('kw_bench_worker_1')]]}
    # A step that has no factor in common with a hundred spreads each kind over the whole.
    kinds = [kind for kind, share in SHARES for _ in range(share)]
    order = [kinds[i * 37 % 100] for i in range(100)] * 20
    turns = {kind: 0 for kind, _ in SHARES}
    mixed = []
    for kind in order:
        mixed.append(requests[kind][turns[kind] * 7 % len(requests[kind])])
        turns[kind] += 1
    return {name: drive.write_plan(bench.folder / f'w4-{name}.lua', order='cycle', requests=given)
            for name, given in {**requests, 'mixed': mixed}.items()}


def predicted(alone):
    """The rate at which the shares would be served one after the other, each as fast as alone."""
    return 1 / sum(share / 100 / alone[kind].rate for kind, share in SHARES)


def mixed(bench):
    pair = Pair('W4', '90 % workspaces from memory, 9 % durable notes, 1 % caseloads', 'what the three alone predict', 0.6)
    with bench.service() as service:
        at = plans(bench, service)
        for plan in at.values():
            drive.wrk(service, plan, 1)
        for _ in range(bench.rounds):
            alone = {kind: drive.wrk(service, at[kind], bench.seconds) for kind, _ in SHARES}
            pair.runs.append(drive.wrk(service, at['mixed'], bench.seconds))
            rate = predicted(alone)
            pair.baseline_runs.append(Run(int(rate * bench.seconds), bench.seconds, 0.0, 0.0,
                                          sum(r.errors for r in alone.values())))
        pair.rss, pair.pss = service.rss(), service.postgres_pss()
    return pair


# As the service writes them, past its rules: what an export reads, not how it came there.
FILL = '''
INSERT INTO keywork.notes (id, org_id, case_id, stream, body, safeguarding, author_id, author_name, created_at)
SELECT gen_random_uuid(), c.org_id, c.id, 'shared', repeat('word ', 60) || n, false, c.org_id, 'Somebody', c.opened_at
FROM keywork.support_cases c CROSS JOIN generate_series(1, {notes}) n WHERE c.id = '{case}';
ANALYZE keywork.notes;'''


def export(bench, notes):
    """All notes of one long case as CSV, beside PostgreSQL's COPY of them; and what the program holds meanwhile."""
    w = bench.world
    case = worlds.spell(worlds.CASE, 1)
    pair = Pair(f'export of {notes:,} notes', 'as CSV, over HTTP', 'the same rows by COPY … CSV')
    with bench.service() as service:
        psql = seed.Psql(service.database('postgres'))
        psql.do(FILL.format(notes=notes, case=case))
        rows = int(psql.do(f"SELECT count(*) FROM keywork.notes WHERE case_id = '{case}';")[0])
        idle, most = memory.settled(service), 0
        for _ in range(bench.rounds):
            asked = urllib.request.Request(f'{service.url}/api/v1/support-cases/{case}/export/notes.csv',
                                           headers=headers(w.admin_token(1)))
            begun, size, lines = time.monotonic(), 0, 0
            with urllib.request.urlopen(asked, timeout=120) as answer:
                while part := answer.read(1 << 20):
                    size, lines = size + len(part), lines + part.count(b'\r\n')
                    most = max(most, service.rss())
            spent = time.monotonic() - begun
            if lines < rows + 1:
                raise Failed(f'the export has {lines} lines for {rows} notes')
            pair.runs.append(Run(rows, spent, 0.0, 0.0, 0, bytes=size))
            begun = time.monotonic()
            copied = subprocess.run(['psql', '-XqAt', '-c', f"COPY (SELECT * FROM keywork.notes WHERE case_id = '{case}'"
                                     " ORDER BY id) TO STDOUT CSV"], env={**seed.os.environ, **service.database('postgres')},
                                    stdout=subprocess.PIPE, check=True)
            pair.baseline_runs.append(Run(rows, time.monotonic() - begun, 0.0, 0.0, 0, bytes=len(copied.stdout)))
        psql.close()
        pair.rss, pair.pss = most, service.postgres_pss()
    return pair, memory.Amount(f'above idle while exporting {notes:,} notes', (most - idle) / 1024, 64 * 1024)
