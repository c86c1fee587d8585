"""What retention erases is gone: from every answer, from a dump, from the files of the database and from the mails."""
import email
import email.policy
import json
import subprocess
import time
import unittest
import uuid
from pathlib import Path

import files
from harness import PROGRAM, Keywork, Person, eventually, main
from rehearsal import Rehearsal
from world import Organisation, address, must

# Each stands in texts of its own, so that a test tells what was left where.
GONE = "Kanarienvogel"      # all of it is due after seven years
KEPT = "Nachtigall"         # a safeguarding note, and its former text: for twenty-five
OPEN = "Zaunkoenig"         # a case that nobody closed
CLOSED = "2026-06-03T10:00:00Z"
BEFORE = "2033-06-03T01:30:00Z"   # the sweep of the last day on which nothing is due yet
SWEPT = "2033-06-04T02:30:00Z"
LAST = "2051-06-05T02:30:00Z"


class Folder:
    """The mails in a folder, as test worlds read them."""

    def __init__(self, path):
        self.path = path
        self.read = set()

    def all(self):
        return {f: email.message_from_bytes(f.read_bytes(), policy=email.policy.default)
                for f in sorted(self.path.glob("*.eml"))}

    def wait_for(self, to, wanted=lambda mail: True, seconds=20):
        def found():
            for file, message in self.all().items():
                mail = Letter(message)
                if file not in self.read and to in str(message["To"]) and wanted(mail):
                    self.read.add(file)
                    return mail
            return None

        return eventually(f"a mail to {to}", found, seconds)


class Letter:
    def __init__(self, message):
        self.subject, self.message = str(message["Subject"]), message

    @property
    def token(self):
        text = self.message.get_body(("plain",)).get_content()
        return text.partition("/login?token=")[2].split()[0] if "/login?token=" in text else None


class Erasure(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.service = Rehearsal(CLOSED)
        cls.addClassCleanup(cls.service.clean)
        cls.service.start()
        cls.mails = Folder(cls.service.data / "mail")
        cls.org = org = Organisation(cls.service, cls.mails)
        cls.property = org.property()
        cls.gone, cls.half, cls.open = (cls.fill(word) for word in (GONE, f"{GONE} half", OPEN))
        cls.note = cls.half.note(f"{KEPT} before", "professional", safeguarding=True)
        must(org.admin.patch(f"{cls.half.path}/notes/{cls.note['id']}", {"body": f"{KEPT} after"}), 200)
        for case in (cls.gone, cls.half):
            must(org.admin.post(f"{case.path}/close", {"reason": f"{GONE} reason"}), 200)
        # An answer that is kept for its key, of a case that is closed already.
        cls.key = str(uuid.uuid4())

    @classmethod
    def fill(cls, word):
        """A case with something of everything in it, and the word in all of that."""
        org = cls.org
        case = org.case(org.tenancy(cls.property, [{"full_name": "Dan Price", "email": address("dan")}]),
                        context_summary=f"{word} summary")
        worker = case.worker("full", "Ben Okafor")
        reader = case.worker("context_only", "Rita Lane")
        case.contact(f"{word} contact", contact_phone="0113 496 0000", contact_role_label=word)
        mine = f"{case.path}/notes/"
        edited = case.note(f"{word} written", by=worker)
        must(worker.patch(mine + edited["id"], {"body": f"{word} rewritten"}), 200)
        deleted = case.note(f"{word} deleted", "professional")
        must(org.admin.delete(mine + deleted["id"]), 204)
        must(org.admin.post(f"{case.path}/notes", {"stream": "shared", "body": f"{word} keyed"},
                            headers={"Idempotency-Key": str(uuid.uuid4())}), 201)
        goal = must(worker.post(f"{case.path}/goals", {"title": f"{word} goal", "description": word}), 201)
        must(worker.post(f"{case.path}/goals/{goal['id']}/progress", {"text": f"{word} progress"}), 201)
        must(reader.post(f"{case.path}/sessions", {
            "starts_at": "2026-06-04T10:00:00Z", "type": "other", "attendees": [f"{word} attendee"],
            "outcome_note": f"{word} outcome"}), 201)
        text = must(worker.post(f"{case.path}/documents", {
            "type": "letter", "title": f"{word} letter", "body": f"{word} in a letter"}), 201)
        for step in ("submit", "approve"):
            must(org.admin.post(f"{case.path}/documents/{text['id']}/{step}"), 200)
        must(org.admin.post(f"{case.path}/documents/{text['id']}/send",
                            {"to": {"name": "Dr Grey", "email": address("grey")}}), 200)
        upload = must(worker.post(f"{case.path}/documents", {"type": "reference", "title": f"{word} file"}), 201)
        must(worker.put(f"{case.path}/documents/{upload['id']}/content?file_name=plan.txt",
                        body=f"{word} in a file, which is plain text.\n".encode(),
                        headers={"Content-Type": "text/plain"}), 200)
        case.see(worker), case.see(reader)
        return case

    # --- where words may be
    def sql(self, statement):
        return subprocess.run(["psql", "-qXAt", f"host={self.service.data / 'pg' / 'run'} user=postgres "
                               "dbname=keywork", "-c", statement], check=True, capture_output=True,
                              text=True).stdout.strip()

    def dump(self):
        return subprocess.run(["pg_dump", f"--dbname=host={self.service.data / 'pg' / 'run'} user=postgres "
                               "dbname=keywork"], check=True, capture_output=True, text=True).stdout.lower()

    def files_with(self, word):
        """Every file below the data directory that holds the word, in any case of its first letter."""
        found = []
        for file in self.service.data.rglob("*"):
            if not file.is_file():
                continue
            try:
                content = file.read_bytes()
            except OSError:
                continue
            if any(w.encode() in content for w in (word, word.lower())):
                found.append(str(file.relative_to(self.service.data)))
        return found

    def swept(self, day):
        return lambda: self.sql(f"SELECT count(*) FROM keywork.retention_runs WHERE org_id = '{self.org.id}' AND day = "
                                f"'{day}' AND outcome = 'done'") == "1"

    def scrubbed(self):
        return self.sql("SELECT count(*) FROM keywork.erased_bytes") == "0"

    def sign_in(self):
        self.org.admin.cookies = {}
        self.org.admin.sign_in(self.mails)
        return self.org.admin

    def audit_holds(self):
        done = self.service.command("audit", "verify", "--data", str(self.service.data))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_R31_a_life_of_twenty_five_years(self):
        """One story, since time goes one way."""
        service, org = self.service, self.org
        self.assertIn(GONE.lower(), self.dump())
        eventually("the mails are out", lambda: service.metric("keywork_outbox_queued") == 0, 30)
        before = set(self.mails.all())

        with self.subTest("R29: not a day early"):
            service.go_on(BEFORE)
            eventually("the day is swept", self.swept("2033-06-02"), 30)
            self.assertEqual(self.sql("SELECT count(*) FROM keywork.erasures"), "0")
            # What the years brought beside them are digests, on their way since the clock went on.
            self.assertLessEqual(before, set(self.mails.all()))

        with self.subTest("R30: what would go"):
            admin = self.sign_in()
            self.assertEqual(must(admin.post(f"{org.path}/retention/rehearse"), 200)["cases"], 0)
            self.assertEqual(must(admin.get(f"{org.path}/retention"), 200)["next_sweep_at"], "2033-06-03T02:00:00Z")
            told = admin.patch(org.path, {"support_retention_years": {"default": 6}})
            self.assertEqual((told.status, told.json["code"], told.json["due"]),
                             (409, "confirmation_needed", {"cases": 2, "notes": 0}))
            rehearsed = service.command("retention", "rehearse", "--data", str(service.data), "--organisation", org.id)
            self.assertEqual(rehearsed.returncode, 0, rehearsed.stderr)
            self.assertIn(f"{org.id}  0 cases due", rehearsed.stdout)

        service.go_on(SWEPT)
        eventually("the day is swept", self.swept("2033-06-04"), 30)
        eventually("the files are scrubbed", self.scrubbed, 60)
        admin = self.sign_in()

        with self.subTest("R31: no answer knows it"):
            self.assertEqual(admin.get(self.gone.path).status, 404)
            seen = self.half.see()
            self.assertNotIn(GONE, json.dumps(seen))
            self.assertEqual([n["body"] for n in self.half.notes("professional")], [f"{KEPT} after"])
            self.assertEqual(must(admin.get(f"search?q={GONE}"), 200)["items"], [])
            self.assertTrue(must(admin.get(f"search?q={OPEN}"), 200)["items"])
            runs = must(admin.get(f"{org.path}/retention"), 200)["items"]
            self.assertEqual((runs[0]["cases"], runs[0]["shells"], runs[0]["failed"]), (2, 1, 0))
            told = must(admin.get(f"{org.path}/audit?kind=retention.erased"), 200)["items"]
            self.assertEqual({e["subject_id"] for e in told}, {self.gone.id, self.half.id})

        with self.subTest("R31: no dump knows it"):
            dump = self.dump()
            self.assertNotIn(GONE.lower(), dump)
            for word in (KEPT, OPEN):
                self.assertIn(word.lower(), dump)

        with self.subTest("R31: no file knows it, the mails among them"):
            eventually("mails are removed", lambda: self.sql("SELECT count(*) FROM keywork.erased_mails") == "0", 30)
            left = self.mails.all().values()
            self.assertFalse([m for m in left if GONE.lower() in m.as_string().lower()])
            service.stop()
            self.assertEqual(self.files_with(GONE), [])
            self.assertTrue(self.files_with(OPEN))
            ledger = [json.loads(line) for line in (service.data / "erasures.log").read_text().splitlines()]
            self.assertEqual({(e["case_id"], e["what"]) for e in ledger},
                             {(self.gone.id, "case"), (self.half.id, "rest")})

        with self.subTest("R27: the log holds"):
            self.assertIn("erased", self.audit_holds())

        with self.subTest("R31: after the last note the shell goes"):
            service.go_on(LAST)
            eventually("the day is swept", self.swept("2051-06-05"), 30)
            eventually("the files are scrubbed", self.scrubbed, 60)
            admin = self.sign_in()
            self.assertEqual(admin.get(self.half.path).status, 404)
            self.assertEqual(must(admin.get("support-cases"), 200)["items"][0]["id"], self.open.id)
            self.assertNotIn(KEPT.lower(), self.dump())
            service.stop()
            self.assertEqual(self.files_with(KEPT), [])
            self.audit_holds()


class ByHand(unittest.TestCase):
    """`keywork retention run` without a serve, and beside one."""

    def setUp(self):
        self.service = Rehearsal(CLOSED)
        self.addCleanup(self.service.clean)
        self.service.start()
        self.mails = Folder(self.service.data / "mail")
        self.org = Organisation(self.service, self.mails)
        self.cases = [self.org.case() for _ in range(3)]
        for case in self.cases:
            case.note(f"{GONE} note")
            must(self.org.admin.post(f"{case.path}/close"), 200)

    def command(self, *arguments):
        return self.service.command("retention", *arguments, "--data", str(self.service.data))

    def test_R31_a_running_service_forgets(self):
        case, admin = self.cases[0], self.org.admin
        # Some seconds before the first of them is due.
        self.service.go_on("2033-06-03T09:59:50Z")
        admin.cookies = {}
        admin.sign_in(self.mails)
        self.assertIn(GONE, json.dumps(case.see()))
        retention = f"{self.org.path}/retention"
        eventually("all are due", lambda: must(admin.post(f"{retention}/rehearse"), 200)["cases"] == 3, 90)
        self.assertIn(GONE, json.dumps(case.see()))
        asked = must(admin.post(f"{retention}/run"), 202)
        self.assertEqual((asked["kind"], asked["asked_by"]), ("asked", admin.user["id"]))
        eventually("the run is over",
                   lambda: must(admin.get(retention), 200)["items"][0]["finished_at"] is not None, 30)
        eventually("memory has heard of it", lambda: admin.get(case.path).status == 404, 5)
        self.assertEqual(must(admin.get("support-cases"), 200)["items"], [])
        self.assertEqual(self.service.metric("keywork_retention_cases_total"), 3)

    def test_R30_run_runs_and_rehearse(self):
        must(self.org.admin.put(f"{self.cases[0].path}/legal-hold", {"on": True, "reason": "A court order."}), 200)
        self.service.go_on("2033-06-03T01:59:00Z,60")
        self.service.stop()
        # The clock stands where it was left: past 03:00 nobody swept, with the service gone.
        rehearsed = self.command("rehearse", "--organisation", self.org.id)
        self.assertEqual(rehearsed.returncode, 0, rehearsed.stderr)
        done = self.command("run", "--organisation", self.org.id)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(self.org.id, done.stdout)
        listed = self.command("runs", "--organisation", self.org.id)
        self.assertIn("asked  done", listed.stdout)
        wrong = self.command("run", "--organisation", "nobody")
        self.assertEqual((wrong.returncode, wrong.stdout), (2, ""))
        self.assertEqual(self.command("run", "--organisation", str(uuid.uuid4())).returncode, 2)
        self.assertEqual(self.command("scrub").returncode, 0)


class Beside(unittest.TestCase):
    """`keywork retention run` while somebody else works on the run that was asked for."""

    def setUp(self):
        self.service = Keywork()
        self.addCleanup(self.service.clean)
        self.service.start()
        self.org, _ = self.service.create_organisation("Northgate", "admin@northgate.example")

    def waits_for(self, end):
        """The command, after the run that it waits for has come to this end."""
        run = str(uuid.uuid4())
        now = "now() AT TIME ZONE 'utc'"
        files.sql(self.service, "INSERT INTO keywork.retention_runs (org_id, id, kind, day, asked_at, holder, beaten_at, "
                  f"started_at) SELECT '{self.org}', '{run}', 'asked', current_date, {now}, '{run}', {now}, {now}")
        said = self.service.data.parent / "said"
        with said.open("wb") as errors:
            command = subprocess.Popen([PROGRAM, "retention", "run", "--organisation", self.org, "--data",
                                        str(self.service.data)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=errors, text=True)

        def is_waiting():
            files.sql(self.service, f"UPDATE keywork.retention_runs SET beaten_at = {now} WHERE id = '{run}'")
            return run in said.read_text(encoding="utf-8")

        try:
            eventually("it waits", is_waiting, 30)
            files.sql(self.service, f"UPDATE keywork.retention_runs SET {end}, finished_at = {now} WHERE id = '{run}'")
            out, _ = command.communicate(timeout=60)
        finally:
            if command.poll() is None:
                command.kill()
                command.communicate()
        self.assertIn(run, out)
        return command.returncode, said.read_text(encoding="utf-8")

    def test_R30_what_became_of_anothers_run_is_told(self):
        self.assertEqual(self.waits_for("outcome = 'done'")[0], 0)
        self.assertEqual(self.waits_for("outcome = 'done', failed = 1")[0], 1)
        code, said = self.waits_for("outcome = 'legal_hold'")
        self.assertEqual(code, 1)
        self.assertIn("legal hold", said)


if __name__ == "__main__":
    main()
