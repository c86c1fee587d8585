"""Kills the real program at each place where it could be killed, and has it go on to its end every time.

`KEYWORK_CRASH_LIBRARY` (tests/crash/crash_at_statement.cpp) is preloaded into the program, counts the places and ends
it at the one that a round is about. A round has a world of its own: a copy of a database, in one PostgreSQL that goes
on while the program is killed, so that it costs two starts of the program and little else.
"""
import itertools
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness import PROGRAM, ROOT, eventually
from rehearsal import Rehearsal
from sink import Sink

LIBRARY = os.environ.get("KEYWORK_CRASH_LIBRARY") or str(ROOT / "build" / "libcrash_at_statement.so")
PROGRAMS = max(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda path: int(path.parent.name))
FAILED = 3        # rounds after which no more are begun
PATIENCE = 150    # seconds, for a machine that has other things to do
LOOKS = 0.05      # seconds between two looks whether a round is over; several rounds look


def ask(conninfo, statement):
    """One question, by a connection of its own."""
    return subprocess.run([PROGRAMS / "psql", "-qXAt", conninfo, "-c", statement], check=True, capture_output=True,
                          text=True).stdout.strip()


class Psql:
    """A superuser's connection, for one question after the other."""

    def __init__(self, conninfo):
        self._process = subprocess.Popen([PROGRAMS / "psql", "-qXAt", "-v", "ON_ERROR_STOP=1", conninfo], text=True,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def __call__(self, statement):
        self._process.stdin.write(f"{statement};\n\\echo answered\n")
        self._process.stdin.flush()
        said = []
        for line in self._process.stdout:
            if line == "answered\n":
                return "".join(said).strip()
            said.append(line)
        raise AssertionError("".join(said))

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


class Cluster:
    """The PostgreSQL of a `serve` that was stopped, going on by itself. Nothing that is in it has to last."""

    def __init__(self, data):
        home = Path(data) / "pg"
        self._socket = home / "run"
        who = (home / "cluster").stat()
        as_owner = {"user": who.st_uid, "group": who.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        settings = {"config_file": home / "server.conf", "hba_file": home / "hba.conf", "fsync": "off",
                    "full_page_writes": "off", "shared_buffers": "32MB", "max_connections": 200}
        with (home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "INT", PROGRAMS / "postgres", "-D", home / "cluster",
                 *(part for setting in settings.items() for part in ("-c", "{}={}".format(*setting)))],
                cwd=home / "cluster", stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                **as_owner)
        eventually("PostgreSQL answers", lambda: subprocess.run(
            [PROGRAMS / "pg_isready", "-q", "-h", self._socket], check=False).returncode == 0, PATIENCE)
        self._sql, self._alone = self.connect("postgres"), threading.Lock()

    def sql(self, statement):
        with self._alone:
            return self._sql(statement)

    def url(self, database, user="keywork_service"):
        return f"host={self._socket} user={user} dbname={database}"

    def connect(self, database):
        return Psql(self.url(database, "postgres"))

    def close(self):
        self._sql.close()
        self._process.send_signal(signal.SIGINT)
        self._process.wait(PATIENCE)


class World:
    """What a round is played in: a copy of the seed's database, a data directory, and somewhere for mails to go."""

    def __init__(self, crash, mail):
        self.home = Path(tempfile.mkdtemp(dir=crash.place))
        os.chmod(self.home, 0o755)
        self.data, self.mail = self.home / "data", mail
        self.process, self._places = None, self.home / "places"
        self.open(crash)

    def open(self, crash):
        self.data.mkdir()
        shutil.copy(crash.seed.data / "key", self.data / "key")
        self._cluster, self._database = crash.cluster, self.home.name
        self._cluster.sql(f'CREATE DATABASE "{self._database}" TEMPLATE keywork')
        self.where = ["--data", str(self.data), "--database-url", self._cluster.url(self._database)]
        self.sql = self._cluster.connect(self._database)
        self.superuser_url = self._cluster.url(self._database, "postgres")

    def close(self):
        self.end()
        self.sql.close()
        self._cluster.sql(f'DROP DATABASE "{self._database}" WITH (FORCE)')
        shutil.rmtree(self.home, ignore_errors=True)

    # --- the program
    def serve(self, clock, **environment):
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", PROGRAM, "serve", *self.where, "--listen", "127.0.0.1:0",
                 "--admin-listen", "127.0.0.1:0", "--public-url", "http://keywork.example", "--stores", "2", "--mail",
                 self.mail.spec, "--demo", "--clock", clock],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True,
                env={**os.environ, **self.mail.environment, **environment})

    def command(self, *words):
        return subprocess.run([PROGRAM, *words, *self.where], check=False, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=PATIENCE)

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def log_tail(self):
        return (self.home / "log").read_text()[-3000:]

    def dump(self):
        return subprocess.run([PROGRAMS / "pg_dump", f"--dbname={self.superuser_url}"], check=True,
                              capture_output=True, text=True).stdout

    # --- its end, and going on
    def places(self):
        """The places that the preloaded library has met, in words."""
        lines = self._places.read_text().splitlines() if self._places.exists() else []
        return [line.partition(" ")[2] for line in lines]

    def crash_at(self, number, clock, counted, is_done):
        """The place at which it was killed, or None where everything was done before it came so far."""
        self.serve(clock, LD_PRELOAD=LIBRARY, KEYWORK_CRASH_AT=str(number), KEYWORK_CRASH_LOG=str(self._places),
                   **counted)
        eventually(f"it is killed at place {number}, or done",
                   lambda: self.process.poll() is not None or is_done(self), PATIENCE, LOOKS)
        if self.process.poll() is None:
            self.end()
            return None
        if self.process.returncode != -signal.SIGKILL:
            raise AssertionError(f"it ended with {self.process.returncode}:\n{self.log_tail()}")
        places = self.places()
        if len(places) != number:
            raise AssertionError(f"killed at {number}, having met {len(places)} places")
        return places[-1]

    def go_on(self, clock, is_done):
        self.serve(clock)
        eventually("it is done all the same", lambda: self._lives() and is_done(self), PATIENCE, LOOKS)

    def _lives(self):
        if self.process.poll() is not None:
            raise AssertionError(f"it ended with {self.process.returncode}:\n{self.log_tail()}")
        return True


class SmtpEnd:
    """A mail server for one round after the other."""

    environment = {}

    def __init__(self):
        self._sink, self._before = Sink().start(), 0
        self.spec, self.close = f"smtp://127.0.0.1:{self._sink.port}", self._sink.stop

    def forget(self):
        self._before = len(self._sink.all)

    def mails(self):
        """Every mail of this round."""
        return self._sink.all[self._before:]


class Crash(unittest.TestCase):
    """A little world is made once (`prepare`), and every round gets a copy of it, at `clock`."""

    maxDiff = None
    begins = "2026-06-03T10:00:00Z"
    mail_end = SmtpEnd
    world = World
    at_once = 5   # rounds: for most of its time one waits for the program's next tick

    @classmethod
    def setUpClass(cls):
        cls.place = Path(tempfile.mkdtemp(prefix="keywork-crash-"))
        cls.addClassCleanup(shutil.rmtree, cls.place, ignore_errors=True)
        os.chmod(cls.place, 0o755)
        cls.sink = cls.enterClassContext(Sink())
        (cls.place / "seed").mkdir()
        cls.seed = seed = Rehearsal(cls.begins, data=cls.place / "seed" / "data",
                                    mail=f"smtp://127.0.0.1:{cls.sink.port}")
        cls.addClassCleanup(seed.clean)
        seed.start()
        cls.prepare(seed)
        eventually("every mail of the beginning is out", lambda: cls.ask_seed(
            "SELECT count(*) FROM keywork.outbox WHERE state IN ('queued', 'sending', 'retrying')") == "0", PATIENCE)
        seed.stop()
        if cls.world is World:
            cls.cluster = Cluster(seed.data)
            cls.addClassCleanup(cls.cluster.close)
        cls.mail_ends = queue.SimpleQueue()
        for _ in range(cls.at_once):
            end = cls.mail_end()
            cls.addClassCleanup(end.close)
            cls.mail_ends.put(end)

    @classmethod
    def ask_seed(cls, statement):
        return ask(f"host={cls.seed.data / 'pg' / 'run'} user=postgres dbname=keywork", statement)

    def round(self, number, counted):
        """Killed at a place, brought to its end, and looked at. The place, or None where there is none."""
        mail = self.mail_ends.get()
        mail.forget()
        try:
            return self.play(number, counted, mail)
        finally:
            self.mail_ends.put(mail)

    def play(self, number, counted, mail):
        world = self.world(self, mail)
        try:
            counted = {name: str(value).format(data=world.data) for name, value in counted.items()}
            place = world.crash_at(number, self.clock, counted, self.is_done)
            if place is not None:
                self.between(world, place)
                world.go_on(self.later, self.is_done)
                self.look(world, place)
            return place
        finally:
            world.close()

    def between(self, world, place):
        """What a round looks at after the end and before going on."""

    def rounds(self, counted, numbers):
        """One for each number, several at a time, until one of them is not killed. What they were killed at."""
        numbers, places, failures, over = iter(numbers), {}, [], threading.Event()

        def go():
            while not over.is_set() and (number := next(numbers, None)):
                try:
                    places[number] = self.round(number, counted)
                    if places[number] is None:
                        over.set()
                except Exception as e:  # told by the test itself, below
                    e.add_note(f"killed at place {number}")
                    failures.append(e)
                    if len(failures) == FAILED:
                        over.set()

        with ThreadPoolExecutor(self.at_once) as together:
            for one in [together.submit(go) for _ in range(self.at_once)]:
                one.result()
        if failures:
            raise ExceptionGroup("rounds failed", failures)
        return places

    def every_place(self, counted, *well_known):
        """Rounds for all that there are. `well_known`: how some of them begin, without which nothing was tested."""
        places = self.rounds(counted, itertools.count(1))
        # The first that was not killed ends the list: somebody was killed at every place before it.
        killed = list(itertools.takewhile(lambda number: places[number] is not None, sorted(places)))
        self.assertEqual(killed, list(range(1, len(killed) + 1)))
        met = {places[number] for number in killed}
        self.assertEqual([known for known in well_known if not any(place.startswith(known) for place in met)], [])
        print(f"killed at {len(killed)} places", flush=True)

    def some_places(self, counted, numbers):
        places = self.rounds(counted, numbers)
        self.assertEqual([number for number in numbers if places.get(number) is None], [], "nobody was killed there")
