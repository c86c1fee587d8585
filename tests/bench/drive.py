"""Drives a service with wrk and a database with pgbench, and tells both the same way."""
import math
import os
import pathlib
import re
import subprocess
import time
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
CONNECTIONS = 32


@dataclass
class Run:
    """One measurement. Latencies in ms, CPU in seconds per 1,000 requests (of the service or baseline program, of
    PostgreSQL)."""
    requests: int
    seconds: float
    p50: float
    p99: float
    errors: int
    service_cpu: float = 0.0
    postgres_cpu: float = 0.0
    bytes: int = 0
    sample: str = ''

    @property
    def rate(self):
        return self.requests / self.seconds if self.seconds else 0.0


class Failed(RuntimeError):
    pass


def lua(value):
    """A value as Lua spells it; texts as escaped bytes."""
    if isinstance(value, dict):
        return '{' + ','.join(f'[{lua(k)}]={lua(v)}' for k, v in value.items()) + '}'
    if isinstance(value, (list, tuple)):
        return '{' + ','.join(lua(v) for v in value) + '}'
    if value is None:
        return 'nil'
    if isinstance(value, int):
        return str(value)
    raw = value.encode() if isinstance(value, str) else value
    return '"' + ''.join(chr(b) if 32 <= b < 127 and b not in (34, 92) else f'\\{b:03d}' for b in raw) + '"'


def write_plan(path, **plan):
    pathlib.Path(path).write_text('return ' + lua(plan) + '\n')
    return path


def measured(program, work):
    """Runs `work`, which answers with a Run, and adds what CPU `program` used meanwhile."""
    before = program.cpu()
    run = work()
    after = program.cpu()
    thousands = max(run.requests, 1) / 1000
    run.service_cpu = (after[0] - before[0]) / thousands
    run.postgres_cpu = (after[1] - before[1]) / thousands
    return run


def wrk(program, plan, seconds, connections=CONNECTIONS):
    """wrk against a program. Anything but right answers is an error, and so is none at all."""
    def work():
        done = subprocess.run(['wrk', '-t1', f'-c{connections}', f'-d{seconds}s', '--timeout', '20s', '-s',
                               str(HERE / 'drive.lua'), program.url, '--', str(plan)],
                              capture_output=True, text=True, errors='replace')
        found = re.search(r'^RESULT (\d+) ([\d.]+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$', done.stdout, re.M)
        if not found:
            raise Failed('wrk: ' + (done.stdout + done.stderr).strip())
        requests, spent, size, p50, p99, wrong, statuses, broken = (float(g) for g in found.groups())
        sample = re.search(r'^SAMPLE (.*)$', done.stdout, re.M)
        # Where bodies are checked, a wrong status is among the wrong already.
        errors = int(max(wrong, statuses) + broken)
        return Run(int(requests), spent, p50 / 1000, p99 / 1000, errors, bytes=int(size),
                   sample=sample[1] if sample else '')
    run = measured(program, work)
    if run.requests == 0:
        raise Failed('no request was served' + (f': {run.sample}' if run.sample else ''))
    return run


# As the service's own sessions, odb/conninfo.cpp.
SESSION = '-c plan_cache_mode=force_generic_plan -c search_path=keywork -c client_min_messages=error'


def pgbench(service, script, seconds, connections, user='keywork_service', folder=None, **variables):
    """pgbench with one of the scripts here; its percentiles come from its own log of every transaction."""
    log = pathlib.Path(folder) / 'pgbench'
    for old in log.parent.glob('pgbench.*'):
        old.unlink()

    def work():
        command = ['pgbench', '-n', '-M', 'prepared', '-c', str(connections), '-j', '1', '-T', str(seconds), '-f',
                   str(HERE / script), '--log', f'--log-prefix={log}', '--random-seed=7']
        command += [f'-D{name}={value}' for name, value in variables.items()]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder,
                              env={**os.environ, **service.database(user), 'PGOPTIONS': SESSION})
        if done.returncode != 0 or 'tps' not in done.stdout:
            raise Failed(f'pgbench {script}: ' + done.stderr.strip()[-1000:])
        time.sleep(0.3)  # what the connections' processes used counts once PostgreSQL has seen them end
        failed = re.search(r'number of failed transactions: (\d+)', done.stdout)
        rate = float(re.search(r'tps = ([\d.]+)', done.stdout)[1])
        times = sorted(int(row.split()[2]) for part in log.parent.glob('pgbench.*')
                       for row in part.read_text().splitlines())
        return Run(len(times), len(times) / rate, times[len(times) // 2] / 1000,
                   times[min(len(times) - 1, math.floor(len(times) * 0.99))] / 1000, int(failed[1]) if failed else 0)
    return measured(service, work)
