"""R31 after a restore: what was erased after the backup is not there when somebody serves it."""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import PROGRAM, eventually, main
from rehearsal import Rehearsal
from sink import Sink
from world import Organisation, must

PROGRAMS = max(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda path: int(path.parent.name))


class ErasedStaysErased(unittest.TestCase):
    WORD = "Zaunkoenig"

    @classmethod
    def setUpClass(cls):
        cls.place = Path(tempfile.mkdtemp(prefix="keywork-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.place, ignore_errors=True)
        os.chmod(cls.place, 0o755)
        sink = cls.enterClassContext(Sink())
        (cls.place / "first").mkdir()
        cls.service = service = Rehearsal("2026-06-03T10:00:00Z", data=cls.place / "first" / "data",
                                          mail=f"smtp://127.0.0.1:{sink.port}")
        cls.addClassCleanup(service.clean)
        service.start()
        case = Organisation(service, sink).case(context_summary=f"{cls.WORD} summary")
        case.note(f"{cls.WORD} shared")
        case.note(f"{cls.WORD} professional", "professional")
        cls.before_closing = cls.backup(service.data, "before-closing")
        must(case.admin.post(f"{case.path}/close", {"reason": f"{cls.WORD} reason"}), 200)
        cls.before = cls.backup(service.data, "before")
        service.go_on("2033-06-04T02:00:01Z")
        log = service.data / "erasures.log"
        eventually("it is swept, and written down", lambda: log.exists() and case.id in log.read_text(), 30)
        cls.after = cls.backup(service.data, "after")
        cls.log = Path(shutil.copy(log, cls.place / "saved.log"))
        service.stop()

    @classmethod
    def backup(cls, data, name):
        done = subprocess.run([PROGRAM, "backup", "--data", data, "--to", cls.place / name], check=True,
                              capture_output=True, text=True)
        return Path(done.stdout.removeprefix("backup ").strip())

    def words_in(self, backup):
        dump = subprocess.run([PROGRAMS / "pg_restore", "--file=-", backup / "keywork.dump"], check=True,
                              capture_output=True, text=True).stdout
        return dump.count(self.WORD)

    def words_after(self, backup, *ledgers, beside=None):
        """How often the word is there after a restore."""
        data = Path(tempfile.mkdtemp(dir=self.place))
        os.chmod(data, 0o755)
        if beside:
            shutil.copy(beside, data / "erasures.log")
        done = subprocess.run([PROGRAM, "restore", "--from", backup, "--data", data,
                               *(part for ledger in ledgers for part in ("--ledger", ledger))], capture_output=True,
                              text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual("WARNING: no ledger" in done.stderr, not ledgers and not beside, done.stderr)
        verified = subprocess.run([PROGRAM, "audit", "verify", "--data", data], capture_output=True, text=True)
        self.assertEqual(verified.returncode, 0, verified.stdout)
        return self.words_in(self.backup(data, data.name + "-again"))

    def test_R31_the_ledger_is_replayed_from_wherever_it_is(self):
        self.assertGreater(self.words_in(self.before), 3)
        self.assertGreater(self.words_after(self.before), 3, "nothing else than the ledger erases it")
        for backup in (self.before, self.before_closing):
            self.assertEqual(self.words_after(backup, self.log), 0)
        self.assertEqual(self.words_after(self.before, self.after / "erasures.jsonl"), 0)
        self.assertEqual(self.words_after(self.before, beside=self.log), 0)
        # Several may say the same, and the last line of one may be unfinished.
        cut = self.place / "cut.log"
        cut.write_text(self.log.read_text() + self.log.read_text()[:50])
        self.assertEqual(self.words_after(self.before, cut, self.log, self.after / "erasures.jsonl"), 0)
        self.assertEqual(self.words_in(self.after), 0)
        self.assertEqual(self.words_after(self.after), 0)

    def test_what_is_no_ledger_leaves_the_restore_unfinished(self):
        wrong, data = self.place / "wrong.log", self.place / "unfinished"
        for line in ("no JSON", "{}", '{"org_id": "x"}', "[]", self.log.read_text().replace('"case"', '"all of it"')):
            wrong.write_text(line.rstrip("\n") + "\n")
            with self.subTest(line):
                arguments = [PROGRAM, "restore", "--from", self.before, "--data", data]
                done = subprocess.run([*arguments, "--ledger", wrong], capture_output=True, text=True)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn("wrong.log, line 1: this is no entry", done.stderr)
                done = subprocess.run([PROGRAM, "audit", "verify", "--data", data], capture_output=True, text=True)
                self.assertIn("half restored", done.stderr)
        done = subprocess.run([*arguments, "--ledger", self.place / "nowhere"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2, done.stderr)
        done = subprocess.run([*arguments, "--ledger", self.log], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    main()
