"""Kill -9 at every statement with which what was erased is taken out of the files of the program's own PostgreSQL."""
import os
import signal
import subprocess
import unittest

from crashes import LIBRARY, PATIENCE, Psql
from harness import PROGRAM, eventually, main
from rehearsal import Rehearsal

WORD = "Kanarienvogel"
MOST_FOR_A_TABLE = 20   # places, and several times what there are


class Scrub(unittest.TestCase):
    """A `serve` stands still, so that its PostgreSQL goes on for the command that is killed."""

    @classmethod
    def setUpClass(cls):
        cls.service = Rehearsal("2026-06-03T10:00:00Z")
        cls.addClassCleanup(cls.service.clean)
        cls.service.start()
        cls.sql = Psql(f"host={cls.service.data / 'pg' / 'run'} user=postgres dbname=keywork")
        cls.addClassCleanup(cls.sql.close)
        cls.sql("ALTER SYSTEM SET fsync = off")
        cls.sql("SELECT pg_reload_conf()")
        eventually("it stands still between two transactions", cls.stand_still, PATIENCE)
        cls.addClassCleanup(cls.service.process.send_signal, signal.SIGCONT)
        tables = cls.sql("SELECT c.oid::regclass FROM pg_class c WHERE relkind = 'r' AND relnamespace = "
                         "'keywork'::regnamespace AND relname <> 'erased_bytes' ORDER BY 1").split()
        cls.all_rows = " UNION ALL ".join(f"SELECT '{table}', count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) "
                                          f"FROM {table} t" for table in tables)
        cls.tables = len(tables)

    @classmethod
    def stand_still(cls):
        cls.service.process.send_signal(signal.SIGSTOP)
        if cls.sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND state <> 'idle' "
                   "AND pid <> pg_backend_pid()") == "0":
            return True
        cls.service.process.send_signal(signal.SIGCONT)
        return False

    def erase(self):
        """Rows that are gone and lie in the files, with the mark that they do."""
        self.sql(f"BEGIN; UPDATE keywork.landlords SET name = name || '{WORD}'; "
                 f"UPDATE keywork.landlords SET name = replace(name, '{WORD}', ''); "
                 "INSERT INTO keywork.erased_bytes (since) VALUES ('2026-06-03'); COMMIT; CHECKPOINT")
        self.assertTrue(self.files_with_word())

    def is_owed(self):
        return self.sql("SELECT count(*) FROM keywork.erased_bytes") != "0"

    def files_with_word(self):
        found = []
        for file in (self.service.data / "pg").rglob("*"):
            try:
                if file.is_file() and WORD.encode() in file.read_bytes():
                    found.append(str(file))
            except OSError:  # PostgreSQL takes files away as it goes on
                continue
        return found

    def scrub(self, **environment):
        return subprocess.run([PROGRAM, "retention", "scrub", "--data", str(self.service.data)], check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
                              env={**os.environ, **environment})

    def scrub_killed_at(self, number):
        log = self.service.data.parent / "places"
        log.unlink(missing_ok=True)
        done = self.scrub(LD_PRELOAD=LIBRARY, KEYWORK_CRASH_ROLE="keywork_retention",
                          KEYWORK_CRASH_FROM="SET lock_timeout = '200ms'", KEYWORK_CRASH_AT=str(number),
                          KEYWORK_CRASH_LOG=str(log))
        return done, log.read_text().splitlines() if log.exists() else []

    def test_R31_killed_at_every_statement(self):
        rows = self.sql(self.all_rows)
        for number in range(1, self.tables * MOST_FOR_A_TABLE):
            where = f"killed at place {number}"
            self.erase()
            done, places = self.scrub_killed_at(number)
            if done.returncode == 0:
                break
            self.assertEqual((done.returncode, len(places)), (-signal.SIGKILL, number), f"{where}: {done.stderr}")
            # Whatever became of it, nobody is told that the files are clean while they are not.
            self.assertTrue(self.is_owed() or not self.files_with_word(), where)
            done = self.scrub()
            self.assertEqual(done.returncode, 0, f"{where}: {done.stderr}")
            self.assertEqual((self.is_owed(), self.files_with_word()), (False, []), where)
            self.assertEqual(self.sql(self.all_rows), rows, where)
        else:
            self.fail(f"there are more than {number} places")
        self.assertEqual((self.is_owed(), self.files_with_word(), len(places)), (False, [], number - 1))
        vacuumed = sum(" VACUUM " in place for place in places)
        self.assertGreaterEqual(vacuumed, self.tables, "each table")
        print(f"killed at {number - 1} places", flush=True)


if __name__ == "__main__":
    main()
