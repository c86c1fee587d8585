"""Kill -9 at every statement of a sweep, and while it writes the ledger beside the database: both are made whole."""
import shutil
import subprocess
from pathlib import Path

from crash_worlds import SweepCrash
from crashes import PATIENCE, ask
from harness import PROGRAM, main

TORN = ("write a byte", "write half", "write all but a byte")


class Sweep(SweepCrash):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        done = subprocess.run([PROGRAM, "backup", "--data", cls.seed.data, "--database-url",
                               cls.cluster.url("keywork", "postgres"), "--to", cls.place / "kept"], check=True,
                              capture_output=True, text=True)
        cls.backup = Path(done.stdout.removeprefix("backup ").strip())

    def between(self, world, place):
        if place in TORN:
            shutil.copy(world.data / "erasures.log", world.home / "torn.log")

    def look(self, world, place):
        super().look(world, place)
        if place in TORN:
            self.assertTrue(self.restored(world, world.home / "torn.log"), "the last line of it is unfinished")
            self.assertFalse(self.restored(world, world.data / "erasures.log"))

    def restored(self, world, ledger):
        """Brings a backup back with this ledger, whose whole lines count. Whether the last of it was left out."""
        name = f"{world.home.name} {ledger.stem}"
        data = world.home / ledger.stem
        self.cluster.sql(f"""CREATE DATABASE "{name}" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'""")
        service, administrator = (f"{self.cluster.url('', user)}'{name}'" for user in ("keywork_service", "postgres"))
        done = subprocess.run([PROGRAM, "restore", "--from", self.backup, "--data", data, "--database-url", service,
                               "--migration-url", administrator, "--ledger", ledger], check=False,
                              capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = ledger.read_text().count("\n")
        left = ask(administrator, "SELECT count(*) FROM keywork.notes WHERE NOT safeguarding AND case_id IN "
                                  f"('{self.gone.id}', '{self.half.id}')")
        self.assertEqual(int(left), 4 - 2 * min(lines, 2), "each line has erased two notes")
        self.assertEqual(ask(administrator, "SELECT count(*) FROM keywork.erasures"), str(min(lines, 2)))
        verified = subprocess.run([PROGRAM, "audit", "verify", "--data", data, "--database-url", service], check=False,
                                  capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        self.cluster.sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        return "the last line is unfinished" in done.stderr

    def test_R30_killed_at_every_statement(self):
        self.every_place(self.counted, "SELECT e.refused", "commit", "after commit", "write nothing", *TORN, "fsync",
                         "erasures_written", "mails_removed")


if __name__ == "__main__":
    main()
