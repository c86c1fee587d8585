"""Starting and stopping it, its other commands beside it and without it, and wrong command lines."""
import http.client
import os
import signal
import subprocess
import unittest

from harness import PROGRAM, Keywork, Person, eventually, main, processes_in
from sink import Sink, free_port
from world import Organisation, address, must

SOON = 5  # seconds within which a service that was there before is ready again


class Life(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sink = Sink().start()
        cls.addClassCleanup(cls.sink.stop)
        cls.service = Keywork(mail=f"smtp://127.0.0.1:{cls.sink.port}")
        cls.addClassCleanup(cls.service.clean)
        cls.service.start()

    def test_SIGTERM_stops_it_and_its_PostgreSQL(self):
        org = Organisation(self.service, self.sink)
        self.assertTrue(processes_in(self.service.data))
        for stop in (signal.SIGTERM, signal.SIGINT):
            self.service.process.send_signal(stop)
            self.assertEqual(self.service.process.wait(20), 0)
            self.assertEqual(processes_in(self.service.data), [])
            self.assertLess(self.service.start(), SOON)
            self.assertEqual(org.admin.get("me").status, 200, "the login is still good")
        self.service.kill()
        self.assertLess(self.service.start(), SOON, "after kill -9")
        self.service.events()

    def test_a_second_serve_on_the_same_data_is_refused(self):
        done = self.service.command("serve", "--data", str(self.service.data), "--listen", "127.0.0.1:0",
                                    "--admin-listen", "127.0.0.1:0")
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (1, "", 1), done.stderr)
        self.assertRegex(done.stderr, rf"^keywork: .*process {self.service.process.pid}.*{self.service.data}")
        self.assertEqual(self.service.admin("/readyz").status, 200, "the first one does not notice")

        # On the same port, too: it is the running serve that is in the way.
        done = self.service.command("serve", "--data", str(self.service.data), "--listen",
                                    f"127.0.0.1:{self.service.port}")
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), done.stderr)
        self.assertIn(f"process {self.service.process.pid}", done.stderr)

    def test_only_what_begins_an_installation_makes_data(self):
        nowhere = self.service.data.parent / "mistyped"
        known = "0190ffff-0000-7000-8000-000000000000"
        for arguments in (("outbox", "list"), ("outbox", "retry", "--all-failed"), ("digest", "list"),
                          ("digest", "send-missed"), ("retention", "rehearse"), ("retention", "run"),
                          ("retention", "runs"), ("retention", "scrub"), ("audit", "verify"), ("token", "list"), ("token", "end", "--all"),
                          ("backup", "--to", str(self.service.data.parent / "kept")),
                          ("org", "tier", "--org", known, "--tier", "business")):
            with self.subTest(arguments):
                done = self.service.command(*arguments, "--data", str(nowhere))
                self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
                self.assertEqual(done.stderr,
                                 f"keywork: there is no Keywork data in {nowhere}: give the --data of a serve\n")
                self.assertFalse(nowhere.exists())

    def test_an_address_that_is_taken_is_told_at_once(self):
        other = self.service.data.parent / "other"
        done = self.service.command("serve", "--data", str(other), "--listen", f"127.0.0.1:{self.service.port}",
                                    "--admin-listen", "127.0.0.1:0", seconds=10)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), done.stderr)
        self.assertIn(str(self.service.port), done.stderr)

    def test_org_create_works_without_a_serve_too(self):
        self.service.stop()
        org, token = self.service.create_organisation("Made while it slept", address("sleeper"))
        self.assertEqual(processes_in(self.service.data), [], "a command stops what it started")
        done = self.service.set_tier(org, "business")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.service.restart()
        admin = Person(self.service)
        must(admin.redeem(token), 200)
        self.assertEqual([o["tier"] for o in must(admin.get("me"), 200)["organisations"]], ["business"])

    def test_who_comes_too_early_is_told_to_come_again(self):
        self.service.stop()
        self.service.launch()

        def early():
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=5)
                connection.request("GET", "/api/v1/me")
                return connection.getresponse()
            except OSError:
                return None
            finally:
                connection.close()

        answer = eventually("somebody answers", early)
        self.assertIn(answer.status, (503, 401))
        if answer.status == 503:
            self.assertTrue(answer.headers["Retry-After"])
        self.service.wait_until_ready()


class CommandLine(unittest.TestCase):
    def run_program(self, *arguments, **environment):
        service = Keywork()
        self.addCleanup(service.clean)
        return subprocess.run([PROGRAM, *arguments, "--data",
                               str(service.data)], capture_output=True, text=True, timeout=30,
                              env={**os.environ, **environment})

    def test_what_cannot_be_is_refused_in_one_line(self):
        free = f"127.0.0.1:{free_port()}"
        for arguments in (
            ["serve", "--nonsense"], ["nonsense"], ["serve", "--listen"], ["serve", "--listen", "nowhere"],
            ["serve", "--listen", "127.0.0.1:99999"], ["serve", "--listen", "127.0.0.1:http"],
            ["serve", "--listen", free, "--admin-listen", "x"], ["serve", "--log-level", "loud"],
            ["serve", "--listen", free, "--admin-listen", "127.0.0.1:0", "--mail", "pigeon:coop"],
            ["serve", "--listen", free, "--admin-listen", "127.0.0.1:0", "--mail", "smtp://"],
            ["serve", "--listen", free, "--admin-listen", "127.0.0.1:0", "--mail", "smtp://h:0"],
            ["serve", "--listen", free, "--admin-listen", "127.0.0.1:0", "--public-url", "ftp://x"],
            ["serve", "--listen", free, "--mail-from", "no address"], ["serve", "--stores", "0"],
            ["serve", "--stores", "many"], ["serve", "--resident-cases", "-1"], ["org"], ["org", "create"],
            ["org", "create", "--name", "X", "--admin-email", "nobody"],
            ["org", "create", "--name", " ", "--admin-email", "a@b.example"],
            ["org", "create", "--name", "x" * 201, "--admin-email", "a@b.example"],
            ["org", "create", "--name", "X\nY", "--admin-email", "a@b.example"],
            ["org", "tier", "--org", "x", "--tier", "gold"], ["migrate", "--backwards"],
        ):
            with self.subTest(arguments):
                done = self.run_program(*arguments)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertTrue(done.stderr.startswith("keywork: "))
                self.assertEqual(done.stdout, "")

    def test_the_environment_counts_like_options(self):
        done = self.run_program("serve", KEYWORK_LISTEN="nowhere")
        self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done.stderr)
        self.assertIn("nowhere", done.stderr)

    def test_version_and_help(self):
        version = subprocess.run([PROGRAM, "version"], capture_output=True, text=True)
        self.assertRegex(version.stdout, r"^keywork \d+\.\d+\.\d+\n$")
        for command in ([], ["serve"], ["org", "create"]):
            shown = subprocess.run([PROGRAM, *command, "--help"], capture_output=True, text=True)
            self.assertEqual((shown.returncode, shown.stderr), (0, ""))
            self.assertGreater(len(shown.stdout), 200)
        for command, takes in ((["serve"], True), (["org", "create"], True), (["demo"], True), (["backup"], False),
                               (["restore"], False), (["outbox", "list"], False), (["retention", "run"], False)):
            shown = subprocess.run([PROGRAM, *command, "--help"], capture_output=True, text=True).stdout
            self.assertEqual(("--listen" in shown, "--public-url" in shown), (takes, takes), command)

    def test_data_that_is_no_directory(self):
        service = Keywork()
        self.addCleanup(service.clean)
        service.data.write_text("a file")
        done = service.command("serve", "--data", str(service.data), "--listen", "127.0.0.1:0", "--admin-listen",
                               "127.0.0.1:0")
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(str(service.data), done.stderr)


if __name__ == "__main__":
    main()
