"""`serve --demo --clock`: a time that is chosen, that only goes forward, and that only a demo may have."""
import tempfile
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

from harness import Keywork, Person, eventually, main, processes_in
from rehearsal import Rehearsal
from sink import Sink
from world import Organisation, must

START = "2033-11-21T02:59:00Z"
LATER = "2033-12-01T06:30:00Z"


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class ARehearsal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sink = Sink().start()
        cls.addClassCleanup(cls.sink.stop)
        cls.service = Rehearsal(START, mail=f"smtp://127.0.0.1:{cls.sink.port}")
        cls.addClassCleanup(cls.service.clean)
        cls.service.start()

    def serve(self, *options, data=None):
        return self.service.command("serve", "--data", str(data or self.service.data), "--listen", "127.0.0.1:0",
                                    "--admin-listen", "127.0.0.1:0", *options)

    def refused(self, *options, data=None):
        done = self.serve(*options, data=data)
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)
        return done.stderr

    def assertShortlyAfter(self, text, begin, minutes=5):
        self.assertTrue(timedelta(0) <= instant(text) - instant(begin) < timedelta(minutes=minutes), text)

    def test_a_whole_life(self):
        """One story, since time goes one way."""
        # It is the chosen time: for what is written, for mails, links and logins.
        admin = self.service.demo_person()
        organisation = must(admin.get("me"), 200)["organisations"][0]["id"]
        landlord = must(admin.post(f"organisations/{organisation}/landlords", {"name": "Quay Lettings"}), 201)
        self.assertTrue(landlord["id"])
        written = must(admin.get(f"organisations/{organisation}/audit"), 200)["items"][0]["at"]
        self.assertShortlyAfter(written, START)
        self.sink.wait_for(admin.email)  # the printed link's
        asking = Person(self.service, admin.email)
        asking.sign_in(self.sink)
        date = self.sink.to(admin.email)[-1].message["Date"].datetime
        self.assertShortlyAfter(date.isoformat(), START)

        # So it is for commands beside it, whose link would have expired years ago.
        mine = Organisation(self.service, self.sink)
        made = must(mine.admin.get(f"{mine.path}/audit"), 200)["items"][-1]["at"]
        self.assertShortlyAfter(made, START)

        # Later on the same directory; logins last as long as ever, in that time.
        self.service.go_on(LATER)
        self.assertEqual(admin.get("me").status, 200, "10 of 14 days")
        self.assertShortlyAfter(self.last(mine), LATER)
        self.service.go_on("2033-12-05T03:00:00Z,3600")
        self.assertIn("for 10 minutes of that time: less than a second here;", self.service.said_file.read_text())
        self.assertEqual(admin.get("me").status, 401)
        eventually("it runs an hour in a second", lambda: self.hour(mine) >= 5, 20)

        # Never back. What was kept last is at most a minute old after kill -9, or a second's worth of this speed.
        self.service.kill()
        eventually("its database has ended, too", lambda: not processes_in(self.service.data), 20)
        said = self.refused("--demo", "--clock", "2033-12-05T02:00:00Z")
        self.assertRegex(said, r"--clock: 2033-12-05T02:00:00Z is past, here the time has come to 2033-12-05T\S+Z\.")
        said = self.refused("--demo")
        self.assertIn("in a rehearsal", said)
        come_to = instant(said.split("come to ")[1].split(",")[0])
        self.assertGreater(come_to, instant("2033-12-05T04:00:00Z"))
        self.service.go_on(said.split("--clock ")[1].split(",")[0])
        self.assertEqual(self.service.demo_person().get("me").status, 200)
        self.service.stop()
        # An orderly end keeps the very time.
        self.assertGreater(instant(self.refused("--demo").split("come to ")[1].split(",")[0]), come_to)

    def last(self, org):
        """When the newest entry was written, of a change made now."""
        must(org.admin.post(f"{org.path}/landlords", {"name": "Another"}), 201)
        return must(org.admin.get(f"{org.path}/audit"), 200)["items"][0]["at"]

    def hour(self, org):
        # Its login expires quickly at this speed: a new organisation's does not.
        return instant(self.last(Organisation(self.service, self.sink))).hour

    def test_what_is_no_time_is_told_before_anything_is_made(self):
        with tempfile.TemporaryDirectory() as directory:
            fresh = Path(directory) / "data"
            for wrong in ("yesterday", "2033-11-21", "2033-02-30T00:00:00Z", START + ",0", START + ",-1", START + ",2x",
                          START + ",", START + ",100001", START + ",1,1"):
                self.assertIn("--clock: '" + wrong + "'", self.refused("--demo", "--clock", wrong, data=fresh))
            self.assertIn("--demo", self.refused("--clock", START, data=fresh))
            self.assertFalse(fresh.exists())

    def test_only_what_a_demo_began_may_have_a_time_of_its_own(self):
        with tempfile.TemporaryDirectory() as directory:
            service = Keywork(data=Path(directory) / "data")
            try:
                # An organisation was there first, and a demo world made beside it changes nothing.
                service.create_organisation("Real Homes", "ada@real.example")
                for _ in range(2):
                    self.assertIn("only data that 'serve --demo' has begun",
                                  self.refused("--demo", "--clock", START, data=service.data))
                    done = service.command("demo", "--data", str(service.data))
                    self.assertEqual(done.returncode, 0, done.stderr)
                service.start()
                self.assertEqual(service.stop(), 0)
            finally:
                service.clean()

    def test_a_demo_without_a_rehearsal_lives_now(self):
        with tempfile.TemporaryDirectory() as directory:
            service = Rehearsal(None, data=Path(directory) / "data")
            try:
                service.start()
                service.stop()
                service.restart()
                service.stop()
                said = self.refused("--demo", "--clock", "2020-01-01T00:00:00Z", data=service.data)
                now = datetime.now(timezone.utc)
                self.assertLess(now - instant(said.split("come to ")[1].split(". ")[0]), timedelta(minutes=5))
                service.clock = f"{now + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
                service.start()
                self.assertEqual(service.demo_person().get("me").status, 200)
            finally:
                service.clean()


if __name__ == "__main__":
    main()
