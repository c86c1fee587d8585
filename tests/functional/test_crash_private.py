"""Kill -9 of a `serve` with a PostgreSQL of its own, which goes down with it: at a few places of each kind of work.

At every place it is killed in test_crash_sweep.py, test_crash_digest.py and test_crash_scrub.py.
"""
import shutil
import subprocess

from crash_worlds import DigestCrash, SweepCrash
from crashes import PATIENCE, World, ask
from harness import eventually, main, processes_in


class PrivateWorld(World):
    def open(self, crash):
        subprocess.run(["cp", "-a", "--reflink=auto", str(crash.seed.data), str(self.data)], check=True)
        self.where = ["--data", str(self.data)]
        self.superuser_url = f"host={self.data / 'pg' / 'run'} user=postgres dbname=keywork"

    def sql(self, statement):
        try:
            return ask(self.superuser_url, statement)
        except subprocess.CalledProcessError:  # it starts, or has been killed
            return None

    def close(self):
        self.end()
        eventually("its PostgreSQL has ended", lambda: not processes_in(self.home), PATIENCE)
        shutil.rmtree(self.home, ignore_errors=True)


class Sweep(SweepCrash):
    world, at_once = PrivateWorld, 2
    # After the sweep the tables are rewritten.
    counted = {**SweepCrash.counted, "KEYWORK_CRASH_FROM": "SET lock_timeout = '200ms'"}

    def is_done(self, world):
        return super().is_done(world) and world.sql("SELECT count(*) FROM keywork.erased_bytes") == "0"

    def look(self, world, place):
        super().look(world, place)
        found = [file for file in world.data.rglob("*") if file.is_file()
                 and any(word.encode() in file.read_bytes() for word in (self.gone.word, self.half.word))]
        self.assertEqual(found, [])

    def test_R30_killed_with_its_database(self):
        self.some_places(self.counted, range(1, 142, 20))


class Digest(DigestCrash):
    world, at_once = PrivateWorld, 2

    def test_R35_killed_with_its_database(self):
        for role in ("keywork_digest", "keywork_mailer"):
            self.some_places({"KEYWORK_CRASH_ROLE": role}, (1, 11, 21, 31))


if __name__ == "__main__":
    main()
