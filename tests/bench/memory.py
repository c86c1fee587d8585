"""What the service holds: idle, per resident case, per idle connection."""
import socket
from dataclasses import dataclass

import drive
import workloads
import world as worlds
from service import ask, memory_of, raise_open_files, wait_until


@dataclass
class Amount:
    """One figure beside its budget, in KiB."""
    what: str
    kib: float
    budget: float | None


def settled(service):
    """RSS once it has stopped moving."""
    seen = [0]

    def still():
        seen.append(service.rss())
        return len(seen) > 6 and max(seen[-5:]) - min(seen[-5:]) < 64 * 1024
    wait_until(still, 20, 'memory to settle')
    return service.rss()


def kinds(service, field):
    return memory_of(service.pid, 'status', field)


def of_cases(bench):
    """Each case of the last organisation has 50 notes, all of which are loaded; first an administrator reads each, so
    that one kind of view is kept, then its worker, so that there are two."""
    w = bench.world
    first = w.cases + 1
    amounts = []
    with bench.service() as service:
        idle = settled(service)
        amounts.append(Amount('idle program, RSS without PostgreSQL', idle / 1024, 64 * 1024))
        connection = service.connect()
        # The organisation, its first case and what every thread allocates once are not a case's.
        warm = min(20, w.memory_cases // 4)
        token = f'kw_bench_admin_{w.orgs + 1}'
        for case in range(first, first + warm):
            for who in (token, f'kw_bench_worker_{2 + case % 100}'):
                status, _, body = ask(connection, 'GET', workloads.workspace(case), who)
                if status != 200:
                    raise drive.Failed(f'GET {workloads.workspace(case)} of {who}: {status} {body[:200]!r}')
        cases = range(first + warm, first + w.memory_cases)
        before = settled(service)
        size = 0
        for view, who in (('one view', lambda c: token), ('two views', lambda c: f'kw_bench_worker_{2 + c % 100}')):
            for case in cases:
                status, _, body = ask(connection, 'GET', workloads.workspace(case), who(case))
                size += len(body)
                if status != 200:
                    raise drive.Failed(f'GET {workloads.workspace(case)} of {who(case)}: {status} {body[:200]!r}')
            grown = (settled(service) - before) / 1024 / len(cases)
            amounts.append(Amount(f'a resident case with 50 notes and {view} '
                                  f'({size / len(cases) / 1024:.0f} KiB of JSON)', grown,
                                  48 if view == 'one view' else None))
    return amounts


def of_connections(bench, count):
    """Connections that have had an answer and stay open."""
    raise_open_files()
    with bench.service() as service:
        token = 'kw_bench_worker_1'
        request = (f'GET /api/v1/me HTTP/1.1\r\nHost: {service.host}\r\nAuthorization: Bearer {token}\r\n\r\n').encode()
        for _ in range(50):
            ask(service.connect(), 'GET', '/api/v1/me', token)
        before = settled(service)
        kept = []
        for _ in range(count):
            one = socket.create_connection((service.host, service.port))
            one.sendall(request)
            answer = one.recv(65536)
            if not answer.startswith(b'HTTP/1.1 200'):
                raise drive.Failed(f'GET /api/v1/me on connection {len(kept)}: {answer[:200]!r}')
            kept.append(one)
        grown = (settled(service) - before) / 1024 / count
        # The first of them still works: the others have not pushed it out.
        kept[0].sendall(request)
        alive = kept[0].recv(65536).startswith(b'HTTP/1.1 200')
        for one in kept:
            one.close()
    if not alive:
        raise drive.Failed(f'the first of {count} idle connections was closed')
    return Amount(f'an idle keep-alive connection, {count:,} of them', grown, 20)
