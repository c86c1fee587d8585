"""What a restore does not know to be sent is not sent: a digest is a mail that nobody gets twice."""
import shutil

from crash_worlds import DigestCrash
from harness import eventually, main


class Restored(DigestCrash):
    world = None   # no copies; the seed itself is what is lost

    def test_R35_a_restored_backup_repeats_no_digest(self):
        service = self.seed
        service.go_on("2026-07-16T10:00:00Z")
        made = service.command("backup", "--data", str(service.data), "--to", str(self.place / "kept"))
        self.assertEqual(made.returncode, 0, made.stderr)
        service.stop()
        shutil.rmtree(service.data)
        done = service.command("restore", "--data", str(service.data), "--from",
                               made.stdout.removeprefix("backup ").strip())
        self.assertEqual(done.returncode, 0, done.stderr)
        before = self.received()
        # The digest of July, which may have been sent by what was lost, is not sent; the next one is.
        service.go_on(self.clock)
        eventually("it has looked", lambda: self.ask_seed(
            f"SELECT next_at > '-infinity' FROM keywork.digest_progress WHERE org_id = '{self.org.id}'") == "t")
        july = f"SELECT count(*) FROM keywork.digests WHERE org_id = '{self.org.id}' AND month = '2026-07-01'"
        self.assertEqual(self.ask_seed(july), "0")
        # The first seven o'clock of a month in London after the restore, which was made at the machine's time.
        next_month = self.ask_seed(
            "SELECT to_char(date_trunc('month', since AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/London'"
            " - interval '7 hours') + interval '1 month', 'YYYY-MM') FROM keywork.digest_progress"
            f" WHERE org_id = '{self.org.id}'")
        service.go_on(f"{next_month}-01T08:00:00Z")
        eventually("the next one is sent", lambda: self.received() == [count + 1 for count in before], 30)
        self.assertEqual(self.ask_seed(july), "0")

    def received(self):
        return [len(self.sink.to(officer.email)) for officer in self.officers]


if __name__ == "__main__":
    main()
