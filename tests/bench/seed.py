"""Fills a database with the world of seed.sql, or copies one that was filled before."""
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
PIECE = 10_000  # notes written between two steps of the progress bar


class Progress:
    """A bar with the time it will still take, on a terminal; without one, a line at the end."""

    def __init__(self, what, total):
        self.what, self.total, self.begun, self.last = what, max(total, 1), time.monotonic(), 0.0

    def at(self, done):
        now = time.monotonic()
        if done < self.total and now - self.last < 0.2:
            return
        self.last = now
        spent = now - self.begun
        left = spent / done * (self.total - done) if done else 0
        part = done / self.total
        if sys.stderr.isatty():
            bar = '#' * int(part * 30)
            sys.stderr.write(f'\r{self.what} [{bar:<30}] {part:4.0%}, {left:3.0f} s left ')
            sys.stderr.write('\n' if done >= self.total else '')
        elif done >= self.total:
            sys.stderr.write(f'{self.what}: {spent:.0f} s\n')
        sys.stderr.flush()


class Psql:
    """A psql that is handed one statement after the other and says when each is done."""

    def __init__(self, connection, **variables):
        command = ['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1']
        command += [part for name, value in variables.items() for part in ('-v', f'{name}={value}')]
        self.process = subprocess.Popen(command, env={**os.environ, **connection}, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def do(self, sql):
        """The lines that the statements answered."""
        lines = []
        try:
            self.process.stdin.write(sql + '\n\\echo that was it\n')
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        for line in self.process.stdout:
            if line == 'that was it\n':
                return lines
            lines.append(line.rstrip('\n'))
        raise RuntimeError('psql: ' + self.process.stderr.read().strip())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def fill(connection, world):
    """Seeds an empty, migrated database; `connection` as the superuser's environment for libpq."""
    psql = Psql(connection, orgs=world.orgs, per_org=world.per_org, notes=world.notes, spare=world.spare,
                memory_cases=world.memory_cases)
    last = world.cases + world.memory_cases
    step = max(1, PIECE // max(world.notes, 1))
    progress = Progress(f'seeding {world.cases} cases of {world.notes} notes', last)
    psql.do((HERE / 'seed.sql').read_text())
    for first in range(1, last + 1, step):
        psql.do(f'CALL bench.write_notes({first}, {min(first + step - 1, last)});')
        progress.at(min(first + step - 1, last))
    psql.do('VACUUM ANALYZE;')
    psql.do('CHECKPOINT;')
    assigned = int(psql.do("SELECT count(*) FROM keywork.caseload WHERE user_id = bench.id(3, 1);")[0])
    psql.close()
    if assigned != world.assigned:
        raise RuntimeError(f'the triggers gave worker 1 a caseload of {assigned}, not {world.assigned}')


def copy(source, target):
    """A data directory as it is when nothing runs on it; owners and modes included."""
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(['cp', '-a', '--reflink=auto', str(source), str(target)], check=True)
