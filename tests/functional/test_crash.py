"""Kill -9 at every statement of a sweep, of a digest and of the mails that it makes: each is done once all the same.

The program is the real one; `KEYWORK_CRASH_LIBRARY` (tests/crash/crash_at_statement.cpp) is preloaded into it and ends
it at the statement that a test names. What was killed is started again a little later, plainly, and has to bring
everything to its end. `KEYWORK_CRASH_ALL=1` takes every statement, else a spread of them is taken.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

from harness import ROOT, eventually, main
from rehearsal import Rehearsal
from resend_stub import Resend
from sink import Sink
from world import Organisation, address, must

LIBRARY = os.environ.get("KEYWORK_CRASH_LIBRARY") or str(ROOT / "build" / "libcrash_at_statement.so")
SPREAD = 6  # boundaries of each kind of run, the first and the last among them
DONE = 30   # seconds for a run that was interrupted

CLOSED = "2026-06-03T10:00:00Z"
SWEPT = "2033-06-04T02:00:01Z"    # 03:00 in London, the day after the seven years
MONTH = "2026-08-01T06:00:01Z"    # 07:00 in London


def spread(count):
    every = list(range(1, count + 1))
    if os.environ.get("KEYWORK_CRASH_ALL") or count <= SPREAD:
        return every
    return sorted({every[round(i * (count - 1) / (SPREAD - 1))] for i in range(SPREAD)})


def later(clock, minutes):
    hour, minute = map(int, re.search(r"T(\d\d):(\d\d)", clock).groups())
    return clock.replace(f"T{hour:02}:{minute:02}", f"T{hour:02}:{minute + minutes:02}")


class Crash(unittest.TestCase):
    """A little world is made once, and copied for each run."""

    @classmethod
    def setUpClass(cls):
        cls.sink = Sink().start()
        cls.addClassCleanup(cls.sink.stop)
        cls.place = Path(tempfile.mkdtemp(prefix="keywork-crash-"))
        cls.addClassCleanup(shutil.rmtree, cls.place, ignore_errors=True)
        os.chmod(cls.place, 0o755)
        cls.mail = f"smtp://127.0.0.1:{cls.sink.port}"
        (cls.place / "seed").mkdir()
        seed = Rehearsal(CLOSED, data=cls.place / "seed" / "data", mail=cls.mail)
        cls.addClassCleanup(seed.clean)
        seed.start()
        cls.prepare(seed)
        eventually("every mail of the beginning is out", lambda: seed.metric("keywork_outbox_queued") == 0, 30)
        seed.stop()
        cls.seed = seed

    def world(self, clock, mail=None):
        """A copy of the world, at a time of its own."""
        home = Path(tempfile.mkdtemp(dir=self.place))
        os.chmod(home, 0o755)
        subprocess.run(["cp", "-a", "--reflink=auto", str(self.seed.data), str(home / "data")], check=True)
        service = Rehearsal(clock, data=home / "data", mail=mail or self.mail)
        service.environment = dict(self.environment)
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        self.addCleanup(service.clean)
        return service

    environment = {}

    def sql(self, service, statement):
        return subprocess.run(["psql", "-qXAt", f"host={service.data / 'pg' / 'run'} user=postgres dbname=keywork",
                               "-c", statement], check=True, capture_output=True, text=True).stdout.strip()

    def count(self, role, clock, is_done, **how):
        """How many statements an undisturbed run makes in this role."""
        service = self.world(clock, **how)
        log = service.data.parent / "statements"
        service.environment |= {"LD_PRELOAD": LIBRARY, "KEYWORK_CRASH_ROLE": role, "KEYWORK_CRASH_LOG": str(log)}
        service.start()
        eventually("it is done", lambda: is_done(service), DONE)
        service.stop()
        made = len(log.read_text().splitlines())
        self.assertGreater(made, 3, f"{role} says hardly anything")
        return made

    def crash(self, role, clock, where, is_done, **how):
        """A run that was killed there, and then brought to its end."""
        service = self.world(clock, **how)
        plain = dict(service.environment)
        service.environment |= {"LD_PRELOAD": LIBRARY, "KEYWORK_CRASH_ROLE": role, **where}
        service.launch()
        self.assertEqual(service.process.wait(DONE), -signal.SIGKILL, service.log_tail())
        service.environment = plain
        service.go_on(later(clock, 4))
        eventually("it is done all the same", lambda: is_done(service), DONE)
        return service

    def boundaries(self, role, clock, is_done, **how):
        count = self.count(role, clock, is_done, **how)
        for n in spread(count):
            yield {"KEYWORK_CRASH_BEFORE": str(n)}
        yield {"KEYWORK_CRASH_AFTER": str(count)}


class Sweep(Crash):
    @classmethod
    def prepare(cls, seed):
        cls.org = org = Organisation(seed, cls.sink)

        def case(word):
            made = org.case()
            made.word = word
            made.note(f"{word} shared")
            made.note(f"{word} professional", "professional")
            must(org.admin.post(f"{made.path}/goals", {"title": f"{word} goal"}), 201)
            made.contact(f"{word} Surgery")
            made.invite("full")
            return made

        cls.gone, cls.half, cls.early = case("Amsel"), case("Drossel"), case("Finkenschlag")
        cls.kept = cls.half.note("What has to stay for 25 years", "professional", safeguarding=True)
        for one in (cls.gone, cls.half):
            must(org.admin.post(f"{one.path}/close", {}), 200)
        seed.go_on("2026-06-05T10:00:00Z")
        must(org.admin.post(f"{cls.early.path}/close", {}), 200)

    def is_done(self, service):
        return self.sql(service, "SELECT count(*) FROM keywork.organisations o WHERE kind = 'managing_agent' AND NOT "
                                 "EXISTS (SELECT FROM keywork.retention_runs r WHERE r.org_id = o.id AND r.kind = "
                                 "'daily' AND r.day = '2033-06-04' AND r.outcome = 'done')") == "0"

    def look(self, service):
        """Complete, nothing early, the ledger right."""
        with self.subTest("the rows"):
            cases = self.sql(service, f"SELECT id FROM keywork.support_cases WHERE org_id = '{self.org.id}'").split()
            self.assertEqual(set(cases), {self.half.id, self.early.id})
            left = self.sql(service, f"SELECT id FROM keywork.notes WHERE case_id = '{self.half.id}'")
            self.assertEqual(left, self.kept["id"])
            self.assertEqual(self.sql(service, "SELECT count(*) FROM keywork.notes WHERE case_id = "
                                               f"'{self.early.id}'"), "2")
        with self.subTest("the ledger"):
            ledger = self.sql(service, "SELECT case_id, what, counts::json ->> 'notes', due_at <= erased_at "
                                       "FROM keywork.erasures ORDER BY what")
            self.assertEqual(ledger.split("\n"), [f"{self.gone.id}|case|2|t", f"{self.half.id}|rest|2|t"])
            told = self.sql(service, "SELECT count(*) FROM keywork.audit_entries WHERE kind = 'retention.erased'")
            self.assertEqual(told, "2")
            runs = self.sql(service, "SELECT count(*), count(DISTINCT org_id) FROM keywork.retention_runs")
            self.assertEqual(len(set(runs.split("|"))), 1, "one run for each organisation")
            ids = self.sql(service, "SELECT id FROM keywork.erasures ORDER BY id").split()
            eventually("the file beside it tells of both", lambda: self.in_file(service) == ids)
        with self.subTest("what is left"):
            dump = subprocess.run(["pg_dump", f"--dbname=host={service.data / 'pg' / 'run'} user=postgres "
                                              "dbname=keywork"], check=True, capture_output=True, text=True).stdout
            found = {word: [line for line in dump.splitlines() if word in line][:3]
                     for word in (self.gone.word, self.half.word, self.early.word)}
            self.assertTrue(found.pop(self.early.word))
            self.assertEqual(list(found.values()), [[], []])
        service.stop()
        done = service.command("audit", "verify", "--data", str(service.data))
        self.assertEqual(done.returncode, 0, done.stdout)

    def in_file(self, service):
        file = service.data / "erasures.log"
        return sorted({json.loads(line)["id"] for line in file.read_text().splitlines()}) if file.exists() else []

    def test_R30_killed_at_any_statement(self):
        for where in self.boundaries("keywork_retention", SWEPT, self.is_done):
            with self.subTest(**where):
                self.look(self.crash("keywork_retention", SWEPT, where, self.is_done))


class Digest(Crash):
    @classmethod
    def prepare(cls, seed):
        cls.org = org = Organisation(seed, cls.sink)
        cls.case = case = org.case()
        must(org.admin.post(f"{case.path}/goals", {"title": "Cook twice a week"}), 201)
        cls.officers = [case.invite("context_only", name) for name in ("Olga Field", "Omar Lake")]
        must(org.admin.patch(org.path, {"housing_officer_emails": [o.email for o in cls.officers]}), 200)
        for officer in cls.officers:
            org.accept(officer)
        seed.go_on("2026-07-15T10:00:00Z")
        org.admin.cookies = {}
        org.admin.sign_in(cls.sink)
        must(org.admin.patch(org.path, {"support_notes_visible_to_housing_officer": True}), 200)
        case.note("July in a sentence")

    # The demo's organisation has an officer of its own.
    def is_done(self, service):
        return self.sql(service, f"SELECT count(*) FROM keywork.digests WHERE org_id = '{self.org.id}' AND "
                                 "month = '2026-07-01' AND state = 'sent'") == "2"

    def look(self, service):
        ledger = self.sql(service, f"SELECT user_id, month, copy, state FROM keywork.digests WHERE org_id = "
                                   f"'{self.org.id}' AND month = '2026-07-01' ORDER BY user_id")
        wanted = sorted(officer.user["id"] for officer in self.officers)
        self.assertEqual(ledger.split("\n"), [f"{user}|2026-07-01|0|sent" for user in wanted])
        # Each line of the ledger has its mail, and there is no other.
        mails = self.sql(service, "SELECT count(*), count(*) FILTER (WHERE o.state = 'sent'), count(d.id) FROM "
                                  "keywork.outbox o LEFT JOIN keywork.digests d ON d.mail_id = o.id "
                                  f"WHERE o.template_name = 'housing_officer_digest' AND o.org_id = '{self.org.id}'")
        self.assertEqual(mails, "4|4|4", "June's, which the world begins with, and July's")
        service.stop()
        done = service.command("audit", "verify", "--data", str(service.data))
        self.assertEqual(done.returncode, 0, done.stdout)

    def received(self):
        return [len(self.sink.to(officer.email)) for officer in self.officers]

    def test_R35_a_restored_backup_repeats_no_digest(self):
        service = self.world("2026-07-16T10:00:00Z")
        service.start()
        made = service.command("backup", "--data", str(service.data), "--to", str(service.data.parent / "kept"))
        self.assertEqual(made.returncode, 0, made.stderr)
        service.stop()
        shutil.rmtree(service.data)
        done = service.command("restore", "--data", str(service.data), "--from",
                               made.stdout.removeprefix("backup ").strip())
        self.assertEqual(done.returncode, 0, done.stderr)
        before = self.received()
        # The digest of July, which may have been sent by what was lost, is not sent; the next one is.
        service.go_on(MONTH)
        eventually("it has looked", lambda: self.sql(
            service, f"SELECT next_at > '-infinity' FROM keywork.digest_progress WHERE org_id = '{self.org.id}'") == "t")
        july = f"SELECT count(*) FROM keywork.digests WHERE org_id = '{self.org.id}' AND month = '2026-07-01'"
        self.assertEqual(self.sql(service, july), "0")
        today = datetime.now(timezone.utc)
        next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        service.go_on(f"{next_month:%Y-%m}-01T08:00:00Z")
        eventually("the next one is sent", lambda: self.received() == [count + 1 for count in before], 30)
        self.assertEqual(self.sql(service, july), "0")

    def by_smtp(self, role):
        for where in self.boundaries(role, MONTH, self.is_done):
            with self.subTest(**where):
                before = {officer.email: len(self.sink.to(officer.email)) for officer in self.officers}
                self.look(self.crash(role, MONTH, where, self.is_done))
                came = [self.sink.to(officer.email)[before[officer.email]:] for officer in self.officers]
                for mails in came:
                    self.assertEqual(len({mail.message["Message-ID"] for mail in mails}), 1, "one, and its repeats")
                self.assertLessEqual(sum(map(len, came)), 3, "one crash, at most one repeat")

    def test_R35_digest_killed_at_any_statement(self):
        self.by_smtp("keywork_digest")

    def test_R35_mailer_killed_at_any_statement(self):
        self.by_smtp("keywork_mailer")

    def test_R35_a_provider_that_knows_its_keys_sends_each_once(self):
        with Resend() as resend:
            how = {"mail": resend.spec}
            self.environment = resend.environment
            for role in ("keywork_digest", "keywork_mailer"):
                for where in self.boundaries(role, MONTH, self.is_done, **how):
                    with self.subTest(role=role, **where):
                        resend.forget()
                        self.look(self.crash(role, MONTH, where, self.is_done, **how))
                        sent = resend.sent()
                        self.assertEqual([sent.count(officer.email) for officer in self.officers], [1, 1])
                        self.assertEqual(resend.refused(), [])


if __name__ == "__main__":
    main()
