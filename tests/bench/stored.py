"""Nothing is O(stored): the same few things, one after the other, with little and with much in the database."""
import statistics
import time
from dataclasses import dataclass

import drive
import workloads
import world as worlds
from service import ask

TIMES = 50


@dataclass
class Cost:
    """Median milliseconds of one thing, alone on the service."""
    what: str
    small: float
    full: float


def timed(connection, method, path, token, body, wanted):
    begun = time.perf_counter()
    status, _, content = ask(connection, method, path, token, body)
    spent = time.perf_counter() - begun
    if status != wanted:
        raise drive.Failed(f'{method} {path}: {status} {content[:300]!r}')
    return spent * 1000


def measure(bench):
    """{what: median ms} on the bench's data, in its first organisation."""
    w = bench.world
    times = min(TIMES, w.per_org // 2, w.spare)
    token = w.admin_token(1)
    first_spare = w.cases + w.memory_cases + 1
    found = {}
    with bench.service() as service:
        connection = service.connect()
        # Loaded beforehand: a cold start is another measurement.
        for case in range(1, times + 1):
            timed(connection, 'GET', workloads.workspace(case), token, None, 200)

        def median(what, one):
            found[what] = statistics.median(one(i) for i in range(times))

        median('open a case', lambda i: timed(connection, 'POST', '/api/v1/support-cases', token,
                                              {'tenancy_id': worlds.spell(worlds.TENANCY, first_spare + i)}, 201))
        median('write a note', lambda i: timed(connection, 'POST', workloads.workspace(1 + i) + '/notes', token,
                                               {'stream': 'shared', 'body': worlds.text(i)}, 201))
        median('end an assignment', lambda i: timed(
            connection, 'POST',
            f'{workloads.workspace(1 + i)}/team/{worlds.spell(worlds.COLLABORATOR, 1000000001 + i)}/end', token, {}, 200))
        median('sign in by a link', lambda i: timed(connection, 'POST', '/api/v1/sign-in/redeem', None,
                                                    {'token': f'bench_link_{2 + i}'}, 200))
        median('read a case not in memory', lambda i: timed(connection, 'GET', workloads.workspace(times + 1 + i),
                                                            token, None, 200))
    return found


def compare(small, full):
    a, b = measure(small), measure(full)
    return [Cost(what, a[what], b[what]) for what in a]
