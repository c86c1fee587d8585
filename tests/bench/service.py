"""Starts and stops programs, speaks to them, and reads from /proc what they use."""
import http.client
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import time

TICKS = os.sysconf('SC_CLK_TCK')


def raise_open_files():
    """As many open files as we may have: thousands of idle connections are one measurement."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def stat_of(pid):
    """The fields of /proc/PID/stat after the name, or None when it has ended."""
    try:
        return pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def cpu_of(pid, with_reaped=False):
    """CPU seconds of a process, all its threads included; on request also of children that have ended."""
    fields = stat_of(pid)
    if not fields:
        return 0.0
    return sum(int(f) for f in fields[11:15 if with_reaped else 13]) / TICKS


def children_of(pid):
    """All processes below this one."""
    parents = {}
    for entry in os.listdir('/proc'):
        if entry.isdigit() and (fields := stat_of(entry)):
            parents.setdefault(int(fields[1]), []).append(int(entry))
    found, line = [], [pid]
    while line:
        below = parents.get(line.pop(), [])
        found += below
        line += below
    return found


def memory_of(pid, file, field):
    """Bytes, from /proc/PID/status (VmRSS) or smaps_rollup (Pss)."""
    try:
        for row in pathlib.Path(f'/proc/{pid}/{file}').read_text().splitlines():
            if row.startswith(field + ':'):
                return int(row.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


class Program:
    """A program that prints a line with its address when it is ready."""

    def __init__(self, command, log, ready):
        self.log = pathlib.Path(log)
        with self.log.open('a') as errors:
            self.process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=errors,
                                            stdin=subprocess.DEVNULL, text=True, start_new_session=True)
        for line in self.process.stdout:
            if found := re.search(ready, line):
                self.found = found
                host, _, port = found[1].partition(':')
                self.host, self.port = host, int(port)
                return
        raise RuntimeError(f'{command[0]} did not start:\n' + self.log.read_text()[-2000:])

    @property
    def pid(self):
        return self.process.pid

    @property
    def url(self):
        return f'http://{self.host}:{self.port}'

    def cpu(self):
        """CPU seconds so far: (of the program, of its PostgreSQL)."""
        below = children_of(self.pid)
        return cpu_of(self.pid), sum(cpu_of(p, with_reaped=True) for p in below)

    def rss(self):
        return memory_of(self.pid, 'status', 'VmRSS')

    def postgres_pss(self):
        return sum(memory_of(p, 'smaps_rollup', 'Pss') for p in children_of(self.pid))

    def connect(self):
        return http.client.HTTPConnection(self.host, self.port, timeout=60)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(90)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Service(Program):
    """`keywork serve` on a data directory."""

    def __init__(self, program, data, *options):
        self.data = pathlib.Path(data)
        super().__init__([program, 'serve', '--data', data, '--listen', '127.0.0.1:0', '--admin-listen',
                          '127.0.0.1:0', '--log-level', 'warning', *options], self.data.parent / 'keywork.log',
                         r'ready at http://([0-9.]+:[0-9]+)')
        settings = (self.data / 'pg' / 'server.conf').read_text()
        self.socket = re.search(r"^unix_socket_directories = '(.*)'$", settings, re.M)[1]

    def database(self, user):
        """The environment with which libpq's programs reach the database as that role."""
        return {'PGHOST': self.socket, 'PGPORT': '5432', 'PGUSER': user, 'PGDATABASE': 'keywork'}


def ask(connection, method, path, token=None, body=None):
    """One request on a kept connection: (status, headers, parsed body)."""
    headers = {'Authorization': f'Bearer {token}'} if token else {}
    if body is not None:
        headers['Content-Type'] = 'application/json'
        body = json.dumps(body, ensure_ascii=False).encode()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    return answer.status, answer.headers, content


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f'{what}: not within {seconds} s')
        time.sleep(0.05)
