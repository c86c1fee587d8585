"""W1 hot and cold, W2 and W3, each in rounds beside its baseline."""
import json
import pathlib
from dataclasses import dataclass, field

import drive
import world as worlds
from drive import Failed, Run
from service import Program, Service, ask


@dataclass
class Bench:
    """What the workloads are given."""
    build: pathlib.Path
    folder: pathlib.Path  # for plans, logs and data
    data: pathlib.Path    # a seeded data directory
    world: worlds.World
    seconds: int
    rounds: int
    stores: int           # database connections of the service, and of each baseline

    def service(self, *options):
        return Service(self.build / 'keywork', self.data, '--stores', str(self.stores), *options)


@dataclass
class Pair:
    """A workload and its baseline, round by round. `budget` is the least the ratio of their rates may be."""
    name: str
    what: str
    baseline: str
    budget: float | None = None
    own_baseline: bool = False  # a program of its own, whose CPU is told
    runs: list[Run] = field(default_factory=list)
    baseline_runs: list[Run] = field(default_factory=list)
    rss: int = 0
    pss: int = 0

    def ratios(self):
        return sorted(a.rate / b.rate for a, b in zip(self.runs, self.baseline_runs) if b.rate)

    def errors(self):
        return sum(r.errors for r in self.runs + self.baseline_runs)

    def samples(self):
        return [r.sample for r in self.runs + self.baseline_runs if r.sample]


def interleave(pair, rounds, service_run, baseline_run, service):
    for _ in range(rounds):
        pair.runs.append(service_run())
        pair.baseline_runs.append(baseline_run())
    pair.rss, pair.pss = service.rss(), service.postgres_pss()
    return pair


def headers(token, **more):
    return {'Authorization': f'Bearer {token}', **more}


def workspace(case):
    return f'/api/v1/support-cases/{worlds.spell(worlds.CASE, case)}'


def read_workspaces(connection, world, cases, notes=None):
    """The bytes of each case's workspace as its administrator sees it, compared with what was seeded."""
    bodies, answer_headers = {}, []
    for case in cases:
        status, given, body = ask(connection, 'GET', workspace(case), world.admin_token(case))
        if status != 200:
            raise Failed(f'GET {workspace(case)}: {status} {body[:300]!r}')
        faults = worlds.faults_of_workspace(world, case, json.loads(body), notes)
        if faults:
            raise Failed(f'GET {workspace(case)}: ' + '; '.join(faults))
        bodies[worlds.spell(worlds.CASE, case)] = body
        answer_headers = [(k, v) for k, v in given.items()
                          if k.lower() not in ('content-length', 'connection', 'date', 'transfer-encoding')]
    return bodies, answer_headers


def hot(bench):
    """A working set of resident cases read again and again, beside the same listener with one constant."""
    w = bench.world
    count = min(500, w.cases)
    cases = range(1, w.cases + 1, w.cases // count)[:count]
    with bench.service() as service:
        bodies, answer_headers = read_workspaces(service.connect(), w, cases)
        requests = [['GET', workspace(c), headers(w.admin_token(c), **{'X-Request-Id': worlds.spell(worlds.CASE, c)})]
                    for c in cases]
        checked = drive.write_plan(bench.folder / 'hot-checked.lua', requests=requests, order='cycle', status=200,
                                   check='known', bodies=bodies)
        fast = drive.write_plan(bench.folder / 'hot.lua', requests=requests, order='cycle', status=200)
        sizes = sorted(len(b) for b in bodies.values())
        middle = next(b for b in bodies.values() if len(b) == sizes[len(sizes) // 2])
        (bench.folder / 'constant.body').write_bytes(middle)
        pair = Pair('W1 hot', f'workspace of {sizes[len(sizes) // 2] / 1024:.0f} KiB from memory, {len(cases)} cases',
                    'the same listener, a constant of that size', 0.7, True)
        fixed = [f'{k}={v}' for k, v in answer_headers]
        with Program([bench.build / 'bench_constant', bench.folder / 'constant.body', *fixed],
                     bench.folder / 'constant.log', r'ready at http://([0-9.]+:[0-9]+)') as constant:
            # Every byte of every answer, once, at full load; the rounds then check status and size.
            proof = drive.wrk(service, checked, bench.seconds)
            drive.wrk(constant, fast, 1)
            interleave(pair, bench.rounds, lambda: sized(drive.wrk(service, fast, bench.seconds), sizes),
                       lambda: sized(drive.wrk(constant, fast, bench.seconds), [len(middle)]), service)
        pair.runs[0].errors += proof.errors
        pair.runs[0].sample = proof.sample
        pair.what += f'; {proof.requests:,} bodies compared'
    return pair


def sized(run, sizes):
    """Counts a run as faulty whose answers cannot all have had a body of such a size."""
    least = run.requests * (sizes[0] + 100)
    most = (run.requests + drive.CONNECTIONS) * (sizes[-1] + 2000)
    if not least <= run.bytes <= most:
        run.errors += 1
        run.sample = f'{run.requests} answers of {sizes[0]} to {sizes[-1]} bytes cannot be {run.bytes} bytes'
    return run


def cold(bench, connections):
    """Cases nobody asked for before, each once after a fresh start, beside the same queries by pgbench."""
    w = bench.world
    count = min(5000 // bench.rounds, w.cases // bench.rounds)
    shared, professional = w.shown_notes()
    clients = min(connections, bench.stores)
    pair = Pair(f'W1 cold, {connections} conn.', f'workspace from the database, {count} cases a round, each once',
                f'the load\'s queries by pgbench, {clients} connections')
    with bench.service() as service:
        for turn in range(bench.rounds):
            # Spread over all organisations; the first case of each is asked beforehand, so that the load of the
            # organisation itself is not counted among the cases.
            connection = service.connect()
            for org in range(w.orgs):
                ask(connection, 'GET', workspace(org * w.per_org + 1), w.admin_token(org * w.per_org + 1))
            firsts = {org * w.per_org + 1 for org in range(w.orgs)}
            cases = [c for c in range(1 + turn, w.cases + 1, bench.rounds) if c not in firsts][:count]
            plan = drive.write_plan(
                bench.folder / 'cold.lua', order='once', status=200, check='has',
                requests=[['GET', workspace(c), headers(w.admin_token(c))] for c in cases],
                parts=['"permissions":', worlds.spell(worlds.CASE, 0)[:24]])
            pair.runs.append(drive.wrk(service, plan, max(bench.seconds, 3), connections))
            pair.baseline_runs.append(
                drive.pgbench(service, 'cold.pgbench', bench.seconds, clients, folder=bench.folder, cases=w.cases,
                              per_org=w.per_org))
        pair.rss, pair.pss = service.rss(), service.postgres_pss()
        # What came over the wire cold is what was seeded.
        read_workspaces(service.connect(), w, range(2, w.cases, max(1, w.cases // 100)))
    return pair


def notes(bench):
    """Durable notes by 32 connections over many cases, beside pgbench with the same statements, one commit each."""
    w = bench.world
    text = worlds.text(123456789)
    body = json.dumps({'stream': 'shared', 'body': text}, ensure_ascii=False)
    count = min(2000, w.cases)
    # A stride that visits the organisations in turn.
    cases = [1 + (i * (w.per_org + 1)) % w.cases for i in range(count)]
    with bench.service() as service:
        plan = drive.write_plan(
            bench.folder / 'notes.lua', order='cycle', status=201, check='has', parts=[text, '"stream":"shared"'],
            requests=[['POST', workspace(c) + '/notes',
                       headers(w.admin_token(c), **{'Content-Type': 'application/json'}), body] for c in cases])
        connection = service.connect()
        for c in cases:
            ask(connection, 'GET', workspace(c), w.admin_token(c))
        drive.wrk(service, plan, 1)
        before = count_notes(service)
        pair = Pair('W2', 'a durable note, one transaction', f'its statements by pgbench, a commit each, {bench.stores} connections',
                    1.5)
        interleave(pair, bench.rounds, lambda: drive.wrk(service, plan, bench.seconds),
                   lambda: drive.pgbench(service, 'note.pgbench', bench.seconds, bench.stores, folder=bench.folder,
                                         cases=w.cases, per_org=w.per_org, body=text), service)
        kept = count_notes(service) - before
        told = sum(r.requests for r in pair.runs + pair.baseline_runs)
        # wrk hangs up on what is under way at the end of its time; that is written all the same.
        if not told <= kept <= told + 2 * drive.CONNECTIONS * bench.rounds:
            pair.runs[0].errors += 1
            pair.runs[0].sample = f'{told} notes were acknowledged, {kept} are in the database'
    return pair


def count_notes(service):
    from seed import Psql
    psql = Psql(service.database('postgres'))
    found = int(psql.do('SELECT count(*) FROM keywork.notes;')[0])
    psql.close()
    return found


def caseload(bench):
    """A worker's list, beside the joined query that the read model replaces: [(pair)…] for each way to compare."""
    w = bench.world
    pairs = []
    with bench.service() as service:
        for limit, rows, budget in ((50, w.assigned, 20.0), (200, w.assigned, 20.0), (50, 50, None), (200, 200, None)):
            path = '/api/v1/support/tenants' + ('?limit=200' if limit == 200 else '')
            status, _, body = ask(service.connect(), 'GET', path, 'kw_bench_worker_1')
            seen = json.loads(body)
            newest = [i['case_id'] for i in seen['items']] if status == 200 else []
            step = max(1, w.cases // 500)
            wanted = [worlds.spell(worlds.CASE, 1 + step * i) for i in reversed(range(w.assigned))][:limit]
            if newest != wanted:
                raise Failed(f'GET {path}: {status}, not the cases of worker 1: {body[:300]!r}')
            plan = drive.write_plan(bench.folder / 'caseload.lua', order='cycle', status=200, check='same', body=body,
                                    requests=[['GET', path, headers('kw_bench_worker_1')]])
            drive.wrk(service, plan, 1)
            joined = f'the first {rows}' if budget is None else f'all {rows}'
            pair = Pair(f'W3 page of {limit}, against {joined}', f'a caseload of {w.assigned}',
                        f'the joined query for {joined}, {bench.stores} connections', budget)
            pairs.append(interleave(
                pair, bench.rounds, lambda: drive.wrk(service, plan, bench.seconds),
                lambda: drive.pgbench(service, 'caseload.pgbench', bench.seconds, bench.stores, 'bench_person',
                                      bench.folder, rows=rows), service))
    return pairs
