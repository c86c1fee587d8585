"""`keywork backup` and `keywork restore`: all of it comes back, nothing is overwritten, and no half is left behind."""
import hashlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import files
from harness import PROGRAM, Keywork, Person, eventually, main, processes_in
from sink import Sink
from world import Organisation, must

NAMES = {"manifest.json", "keywork.dump", "key", "erasures.jsonl"}
PROGRAMS = max(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda path: int(path.parent.name))


def sql(server, statement, database="keywork", user="postgres"):
    """What a superuser of a running private PostgreSQL is told."""
    return subprocess.run(["psql", "-qXAt", f"host={server / 'pg' / 'run'} user={user} dbname={database}", "-c",
                           statement], check=True, capture_output=True, text=True).stdout.strip()


def schema_of(server, database="keywork"):
    """Everything but the rows: tables, functions, policies, rights, what new functions are allowed."""
    said = subprocess.run([PROGRAMS / "pg_dump", "--schema-only", "--schema=keywork",
                           f"--dbname=host={server / 'pg' / 'run'} user=postgres dbname={database}"], check=True,
                          capture_output=True, text=True).stdout
    lines = [line for line in said.splitlines() if line and not line.startswith(("--", "\\"))]
    # PostgreSQL puts fewer parentheses into conditions that it has read back.
    lines = [re.sub(r"[()]", "", line) for line in lines]
    rights = sql(server, "SELECT defaclrole::regrole, defaclobjtype, defaclacl FROM pg_default_acl", database)
    return "\n".join([*lines, rights])


class Backups(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.sink = Sink().start()
        cls.addClassCleanup(cls.sink.stop)
        cls.service = Keywork(mail=f"smtp://127.0.0.1:{cls.sink.port}")
        cls.addClassCleanup(cls.service.clean)
        cls.service.start()
        cls.org = Organisation(cls.service, cls.sink)
        cls.case = cls.org.case()
        cls.case.note("The heating was repaired")
        cls.worker = cls.case.worker("full")
        made = must(cls.org.admin.post(f"{cls.case.path}/documents", {"type": "letter", "title": "Photo of the boiler"}),
                    201)
        cls.document = f"{cls.case.path}/documents/{made['id']}"
        cls.file = files.pdf(3 * files.MEGABYTE)
        must(cls.org.admin.put(f"{cls.document}/content", cls.file, headers={"Content-Type": "application/pdf"}), 200)

    def setUp(self):
        # Below the service's own directory, which the database's user may enter.
        self.place = Path(tempfile.mkdtemp(dir=self.service.data.parent))
        os.chmod(self.place, 0o755)
        self.addCleanup(shutil.rmtree, self.place, ignore_errors=True)
        self.elsewhere = {}
        # The test before may have taken longer than a connection stays open unused.
        self.org.admin.hang_up()

    def run_program(self, *arguments, programs=None, seconds=120):
        environment = {**os.environ, **({"KEYWORK_PG_BIN": str(programs)} if programs else {})}
        return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=seconds,
                              stdin=subprocess.DEVNULL, env=environment)

    def backup(self, to=None, **how):
        done = self.run_program("backup", "--data", self.service.data, "--to", to or self.place / "kept", **how)
        self.assertEqual(done.returncode, 0, done.stderr)
        return Path(done.stdout.removeprefix("backup ").strip())

    def restore(self, backup, data=None, *more, **how):
        return self.run_program("restore", "--from", backup, "--data", data or self.place / "data", *more, **how)

    def restored(self, backup, *more):
        done = self.restore(backup, None, *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def serving(self, data=None):
        """A service on what was restored, known at the first one's address by nobody."""
        service = Keywork(data=data or self.place / "data", mail=f"smtp://127.0.0.1:{self.sink.port}")
        self.addCleanup(service.clean)
        return service

    def refused(self, done, *words):
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def slow_programs(self, name):
        """PostgreSQL's programs, one of which says that it is there and then waits for its end."""
        directory = self.place / "programs"
        directory.mkdir()
        for program in PROGRAMS.iterdir():
            if program.name != name:
                (directory / program.name).symlink_to(program)
        script = directory / name
        script.write_text(f"#!/bin/sh\necho $$ > {self.place}/there\nexec sleep 600\n")
        script.chmod(0o755)
        return directory

    def kill_while_it_waits(self, *arguments, programs):
        environment = {**os.environ, "KEYWORK_PG_BIN": str(programs)}
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=environment)
        there = self.place / "there"
        child = int(eventually("it came to the slow program", lambda: there.exists() and there.read_text().strip(), 60))
        process.send_signal(signal.SIGKILL)
        process.wait()
        eventually("its child ended with it", lambda: not Path(f"/proc/{child}").exists(), 20)
        eventually("and its database", lambda: not processes_in(self.place / "data"), 20)
        there.unlink()

    # --- what comes back

    def test_everything_comes_back(self):
        done = threading.Event()
        written = []

        def write():
            while not done.is_set():
                written.append(self.case.note(f"Written meanwhile, {len(written)}")["id"])

        writer = threading.Thread(target=write)
        writer.start()
        try:
            eventually("somebody works", lambda: len(written) > 3)
            backup = self.backup()
        finally:
            done.set()
            writer.join()

        self.assertEqual({path.name for path in backup.iterdir()}, NAMES)
        self.assertEqual([path.name for path in backup.parent.iterdir()], [backup.name])
        self.assertRegex(backup.name, r"^keywork-\d{8}T\d{6}Z$")
        self.assertEqual(stat.S_IMODE(backup.stat().st_mode), 0o700)
        manifest = json.loads((backup / "manifest.json").read_text())
        self.assertEqual({entry["name"] for entry in manifest["files"]}, NAMES - {"manifest.json"})
        for entry in manifest["files"]:
            content = (backup / entry["name"]).read_bytes()
            self.assertEqual((entry["size"], entry["sha256"]), (len(content), hashlib.sha256(content).hexdigest()))
            self.assertEqual(stat.S_IMODE((backup / entry["name"]).stat().st_mode), 0o600)

        self.restored(backup)
        other = self.serving()
        other.start()
        self.assertEqual(schema_of(other.data), schema_of(self.service.data))
        for table in ("organisations", "tenancies", "tenant_collaborators", "documents", "document_chunks", "users"):
            count = f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM keywork.{table} t"
            self.assertEqual(sql(other.data, count), sql(self.service.data, count), table)
        # One moment of it: the notes are the first of those that were written, and the audit log fits.
        bodies = {note["id"] for note in self.notes_at(other)}
        self.assertEqual([note in bodies for note in written], sorted((note in bodies for note in written), reverse=True))
        self.assertIn(written[0], bodies)
        self.assertNotIn(written[-1], bodies)
        self.assertEqual(self.run_program("audit", "verify", "--data", other.data).returncode, 0)
        # Everybody signs in anew.
        self.assertEqual(self.at(other, self.org.admin).get(f"{self.document}/content").body, self.file)
        self.assertEqual(self.at(other, self.worker).get("support/tenants").status, 200)
        self.assertEqual((other.data / "key").read_bytes(), (self.service.data / "key").read_bytes())
        self.assertEqual(stat.S_IMODE((other.data / "key").stat().st_mode), 0o600)

    def at(self, service, person):
        """The same person, signed in at another service."""
        if (service, person.email) not in self.elsewhere:
            self.elsewhere[service, person.email] = Person(service, person.email, person.name).sign_in(self.sink)
        return self.elsewhere[service, person.email]

    def with_what_they_had(self, service, person):
        """The same person with the same cookies or token, at another service."""
        there = Person(service, person.email, person.name)
        there.cookies, there.csrf, there.bearer = dict(person.cookies), person.csrf, person.bearer
        return there

    def notes_at(self, service):
        found, cursor = [], ""
        while cursor is not None:
            page = must(self.at(service, self.org.admin).get(f"{self.case.path}/notes?stream=shared&limit=100{cursor}"))
            found += page["items"]
            cursor = "&cursor=" + page["next"] if page["next"] else None
        return found

    def test_without_a_serve_too(self):
        (self.place / "still").mkdir()
        service = Keywork(data=self.place / "still" / "data")
        try:
            service.create_organisation("Made while it slept", "sleeper@mail.example")
            done = self.run_program("backup", "--data", service.data, "--to", self.place / "kept")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(processes_in(service.data), [])
            self.restored(Path(done.stdout.removeprefix("backup ").strip()))
            self.assertEqual(processes_in(self.place / "data"), [])
        finally:
            service.clean()

    def test_what_opened_a_door_before_opens_none_after_a_restore(self):
        invited = self.case.invite("full", "Not Yet There")
        invite = self.sink.wait_for(invited.email, lambda mail: mail.token).token
        member = self.org.invite_manager([])
        must(member.post("sign-in", {"email": member.email}, csrf=False), 202)
        signing_in = self.sink.wait_for(member.email, lambda mail: "sign-in" in mail.subject).token
        reports, revoked = self.org.admin.with_bearer("Reports"), self.org.admin.with_bearer("Revoked Since")
        backup = self.backup()
        must(self.org.admin.delete(f"api-tokens/{revoked.token_id}"), 204)

        said = self.restored(backup).stdout
        self.assertRegex(said, r"(?m)^ended: [1-9]\d* browsers' logins and [1-9]\d* links")
        self.assertRegex(said, r"(?m)^bearer tokens: [1-9]\d* are good as of 20\S+Z, also those that were revoked")
        self.assertRegex(said, r"(?m)^access that was ended after 20\S+Z is there again")
        data = ("--data", self.place / "data")
        listed = self.run_program("token", "list", *data)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        for word in ("Reports", "Revoked Since", revoked.token_id, self.org.admin.email):
            self.assertIn(word, listed.stdout)
        for arguments in ((), ("--all", reports.token_id), ("no-id",), (self.org.id,)):
            self.assertEqual(self.run_program("token", "end", *arguments, *data).returncode, 2, arguments)
        ended = self.run_program("token", "end", revoked.token_id, *data)
        self.assertEqual((ended.returncode, ended.stdout), (0, "the token is ended\n"), ended.stderr)

        other = self.serving()
        other.start()
        self.assertEqual(self.run_program("token", "end", "--all", *data).returncode, 1, "not beside a serve")
        for person, status in ((self.org.admin, 401), (self.worker, 401), (revoked, 401), (reports, 200)):
            self.assertEqual(self.with_what_they_had(other, person).get("me").status, status, person.name)
        for token, way in ((invite, "invites/redeem"), (signing_in, "sign-in/redeem")):
            refused = Person(other).redeem(token, way)
            self.assertEqual((refused.status, refused.json["code"]), (410, "link_spent"))
        # Nothing else is lost: they sign in, and are invited again.
        self.assertEqual(self.at(other, self.worker).get("support/tenants").status, 200)
        must(self.at(other, self.org.admin).post(f"{self.case.path}/team/{invited.row['id']}/resend-invite"), 200)
        fresh = self.sink.wait_for(invited.email, lambda mail: mail.token).token
        must(Person(other).redeem(fresh, "invites/redeem"), 200)

    def test_a_mail_that_waited_is_held_back(self):
        self.sink.mode = "tempfail"
        try:
            invited = self.case.invite("full", "Perhaps Sent Since")
            self.sink.wait_for_attempts(self.sink.attempts + 1)
            backup = self.backup()
            self.service.stop()  # before its own next attempt
        finally:
            self.sink.mode = "accept"
        try:
            self.assertRegex(self.restored(backup).stdout, r"^restored as of 20\S+Z; [1-9]\d* mails that waited")
            other = self.serving()
            other.start()
            state = sql(other.data, f"SELECT state, last_error FROM keywork.outbox WHERE to_address = '{invited.email}'")
            self.assertRegex(state, r"^failed\|restored from a backup")
            eventually("the mailer has looked", lambda: other.metric("keywork_outbox_failed") >= 1)
            # Its link is void, as all are: it is not the mail that is sent again.
            held = sql(other.data, f"SELECT id FROM keywork.outbox WHERE to_address = '{invited.email}'")
            again = self.at(other, self.org.admin).post(f"{self.org.path}/outbox/{held}/retry")
            self.assertEqual((again.status, again.json["code"]), (409, "link_void"))
            # A mail that is written now does go out, and the held one has not.
            self.case.admin, kept = self.at(other, self.org.admin), self.case.admin
            try:
                later = self.case.invite("full", "Written Later")
            finally:
                self.case.admin = kept
            self.sink.wait_for(later.email)
            self.assertEqual(self.sink.to(invited.email), [])
        finally:
            self.service.start()

    # --- what is refused, and leaves everything as it was

    def test_a_damaged_backup_is_refused_before_anything_is_made(self):
        backup = self.backup()

        def damaged(what, how, *words):
            copy = self.place / what
            shutil.copytree(backup, copy)
            how(copy)
            done = self.restore(copy)
            self.refused(done, "no whole backup", "Nothing was changed", *words)
            self.assertFalse((self.place / "data").exists())

        def flip(copy):
            content = bytearray((copy / "keywork.dump").read_bytes())
            content[len(content) // 2] ^= 1
            (copy / "keywork.dump").write_bytes(content)

        damaged("flipped", flip, "keywork.dump")
        damaged("cut", lambda copy: os.truncate(copy / "keywork.dump", 1000), "keywork.dump")
        damaged("no-key", lambda copy: (copy / "key").unlink(), "key is missing")
        damaged("no-manifest", lambda copy: (copy / "manifest.json").unlink(), "manifest.json")
        damaged("half-manifest", lambda copy: os.truncate(copy / "manifest.json", 40), "manifest.json")
        damaged("elsewhere", lambda copy: (copy / "manifest.json").write_text(
            (copy / "manifest.json").read_text().replace('"key"', '"../key"')), "manifest.json")

        def newer(copy):
            manifest = json.loads((copy / "manifest.json").read_text())
            (copy / "manifest.json").write_text(json.dumps({**manifest, "schema": 9999}))

        copy = self.place / "newer"
        shutil.copytree(backup, copy)
        newer(copy)
        self.refused(self.restore(copy), "newer program")
        self.assertFalse((self.place / "data").exists())
        self.refused(self.restore(self.place / "nowhere"), "manifest.json")

    def test_nothing_is_overwritten(self):
        backup = self.backup()
        before = sql(self.service.data, "SELECT count(*) FROM keywork.notes")
        self.refused(self.restore(backup, self.service.data), "Stop it first")
        self.service.stop()
        try:
            self.refused(self.restore(backup, self.service.data), "a restore overwrites nothing")
        finally:
            self.service.start()
        self.assertEqual(sql(self.service.data, "SELECT count(*) FROM keywork.notes"), before)
        # Somebody else's key, beside no database.
        (self.place / "data").mkdir()
        (self.place / "data" / "key").write_bytes(b"x" * 32)
        self.refused(self.restore(backup), "another key")
        self.assertEqual((self.place / "data" / "key").read_bytes(), b"x" * 32)
        # A backup writes over nothing either.
        there = sorted(path.name for path in backup.iterdir())
        self.backup(backup.parent)
        self.assertEqual(sorted(path.name for path in backup.iterdir()), there)

    def test_a_backup_that_fails_leaves_nothing(self):
        programs = self.place / "failing"
        programs.mkdir()
        script = programs / "pg_dump"
        script.write_text("#!/bin/sh\necho 'pg_dump: error: the disk said no' >&2\n"
                          "echo 'pg_dump: detail: Daniel Price' >&2\nexit 1\n")
        script.chmod(0o755)
        kept = self.place / "kept"
        done = self.run_program("backup", "--data", self.service.data, "--to", kept, programs=programs)
        self.refused(done, "pg_dump failed (1): error: the disk said no")
        self.assertNotIn("Daniel", done.stderr)
        self.assertEqual(list(kept.iterdir()), [])
        done = self.run_program("backup", "--data", self.place / "empty", "--to", kept)
        self.refused(done, "key")
        self.assertFalse((self.place / "empty").exists())
        done = self.run_program("backup", "--data", self.service.data)
        self.assertEqual(done.returncode, 2, done.stderr)
        (self.place / "a-file").write_text("no directory")
        done = self.run_program("backup", "--data", self.service.data, "--to", self.place / "a-file")
        self.refused(done, f"keywork: --to: {self.place / 'a-file'} cannot be made: Not a directory\n")

    # --- kill -9

    def test_a_killed_backup_goes_with_the_next(self):
        kept = self.place / "kept"
        self.kill_while_it_waits("backup", "--data", self.service.data, "--to", kept,
                                 programs=self.slow_programs("pg_dump"))
        left = [path.name for path in kept.iterdir()]
        self.assertTrue(left and left[0].startswith(".unfinished-"), left)
        self.refused(self.restore(kept / left[0]), "no whole backup")
        backup = self.backup(kept)
        self.assertEqual([path.name for path in kept.iterdir()], [backup.name])

    def test_a_killed_restore_serves_nothing_and_goes_on(self):
        backup, data = self.backup(), self.place / "data"
        self.kill_while_it_waits("restore", "--from", backup, "--data", data, programs=self.slow_programs("pg_restore"))

        def serve_is_refused():
            for arguments in (("serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"), ("migrate",),
                              ("backup", "--to", self.place / "no")):
                self.refused(self.run_program(*arguments, "--data", data), "half restored", "keywork restore")

        serve_is_refused()
        # Half-way for the second time: everything is there, but what was erased since may be, too.
        replaying = self.restore_that_replays(backup, data)
        replaying.send_signal(signal.SIGKILL)
        replaying.communicate()
        eventually("its database has ended, too", lambda: not processes_in(data), 20)
        serve_is_refused()
        other = self.backup()
        self.refused(self.restore(other, data), "Here the backup " + backup.name + " was half restored")
        self.restored(backup)
        service = self.serving()
        service.start()
        self.assertTrue(self.notes_at(service))
        self.refused(self.restore(backup, data), "Stop it first")

    def restore_that_replays(self, backup, data):
        """A restore that has loaded the dump and does not come further."""
        process = subprocess.Popen([PROGRAM, "restore", "--from", str(backup), "--data", str(data), "--ledger",
                                    str(self.endless_ledger())], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   text=True, stdin=subprocess.DEVNULL)
        for line in process.stderr:
            if "1000 entries" in line:
                return process
        raise AssertionError("the restore ended")

    def endless_ledger(self):
        """Erasures of cases that never were, for longer than a test waits."""
        ledger = self.place / "long.log"
        with ledger.open("w") as out:
            for n in range(200_000):
                out.write(json.dumps({
                    "org_id": "0190ffff-0000-7000-8000-000000000000", "id": f"0190ffff-0000-7000-8000-{n:012x}",
                    "case_id": f"0190ffff-0000-7000-9000-{n:012x}", "what": "case", "ids": [], "counts": "{}",
                    "rule": "closed_at + 7 years", "counted_from": "2020-01-01T00:00:00", "run_id": None,
                    "due_at": "2027-01-01T00:00:00", "erased_at": "2027-01-02T00:00:00"}) + "\n")
        return ledger

    # --- a database elsewhere

    def url(self, user, database):
        return f"host={self.service.data / 'pg' / 'run'} user={user} dbname={database}"

    def test_as_an_administrator_who_is_no_superuser(self):
        server = self.service.data
        sql(server, "CREATE ROLE mover LOGIN; GRANT keywork_owner TO mover; GRANT CONNECT ON DATABASE keywork TO mover")
        sql(server, "CREATE DATABASE second OWNER mover TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'", "postgres")
        sql(server, "GRANT CONNECT ON DATABASE second TO keywork_service", "postgres")
        done = self.run_program("backup", "--data", server, "--database-url", self.url("mover", "keywork"), "--to",
                                self.place / "kept")
        self.assertEqual(done.returncode, 0, done.stderr)
        backup = Path(done.stdout.removeprefix("backup ").strip())
        there = self.place / "there"
        by_url = ("--database-url", self.url("keywork_service", "second"))
        done = self.restore(backup, there, *by_url)
        self.assertEqual(done.returncode, 2, done.stderr)
        done = self.restore(backup, there, *by_url, "--migration-url", self.url("mover", "second"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(schema_of(server, "second"), schema_of(server))
        for table in ("notes", "audit_entries", "document_chunks", "users"):
            count = f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM keywork.{table} t"
            self.assertEqual(sql(server, count, "second"), sql(server, count), table)
        again = self.restore(backup, there, *by_url, "--migration-url", self.url("mover", "second"))
        self.refused(again, "a restore overwrites nothing")
        sql(server, "DROP DATABASE second", "postgres")


if __name__ == "__main__":
    main()
