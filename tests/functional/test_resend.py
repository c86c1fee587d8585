"""Mails through a provider that speaks as Resend does, over TLS, and what it tells of them by webhook."""
import base64
import hashlib
import hmac
import http.client
import json
import re
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from harness import ROOT, Keywork, Person, eventually, main
from world import Organisation, must

SECRET = base64.b64encode(b"what the provider signs with").decode()


class Stub:
    """tests/net/mail/resend_stub.py behind a certificate of its own authority."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="keywork-resend-")
        self.folder = Path(self._folder.name)
        self.certificate = self.folder / "localhost.pem"
        key = self.folder / "localhost.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                        str(key), "-out", str(self.certificate)], check=True, capture_output=True)
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/net/mail/resend_stub.py"), str(self.folder), "--cert",
             str(self.certificate), "--key", str(key), "--api-key", "re_secret"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()
        self._folder.cleanup()

    def play(self, *words):
        self.process.stdin.write(",".join(words) + "\n")
        self.process.stdin.flush()

    def requests(self):
        found = [json.loads(file.read_text()) for file in self.folder.glob("[0-9]*.json")]
        return sorted(found, key=lambda request: request["at"])

    def mails(self):
        try:
            return json.loads((self.folder / "mails.json").read_text())
        except (FileNotFoundError, ValueError):  # none yet, or being written
            return []

    def to(self, email):
        return [mail for mail in self.mails() if email in mail["mail"]["to"][0]]

    def wait_for(self, email, seconds=40):
        return eventually(f"a mail to {email}", lambda: self.to(email), seconds)[-1]


class Told(http.client.HTTPConnection):
    """The provider's side of a webhook."""

    def __init__(self, service):
        super().__init__("127.0.0.1", service.port, timeout=30)

    def tell(self, event, name="msg_1", age=0, secret=SECRET, **headers):
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        at = str(int(time.time()) - age)
        mac = hmac.new(base64.b64decode(secret), f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
        sent = {"svix-id": name, "svix-timestamp": at, "svix-signature": "v1," + base64.b64encode(mac).decode(),
                "Content-Type": "application/json", **headers}
        self.request("POST", "/webhooks/resend", body, sent)
        answer = self.getresponse()
        answer.read()
        return answer.status


def event(kind, mail, **more):
    return {"type": f"email.{kind}", "created_at": "2026-11-21T09:30:00.123Z",
            "data": {"email_id": mail["id"], "tags": {"keywork_mail": mail["mail"]["tags"][0]["value"]}, **more}}


class Resend(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stub = Stub()
        cls.addClassCleanup(cls.stub.close)
        cls.service = Keywork(mail=f"resend:https://localhost:{cls.stub.port}",
                              options=["--mail-authorities", str(cls.stub.certificate)])
        cls.service.environment = {"KEYWORK_RESEND_KEY": "re_secret",
                                   "KEYWORK_RESEND_WEBHOOK_SECRET": "whsec_" + SECRET}
        cls.addClassCleanup(cls.service.clean)
        cls.service.start()
        cls.org = Organisation(cls.service, None)
        cls.case = cls.org.case()
        cls.stub.wait_for(cls.case.tenancy["tenants"][0]["email"])

    def team_row(self, person, by=None):
        rows = must((by or self.org.admin).get(f"{self.case.path}/team"))["items"]
        return next(row for row in rows if row["id"] == person.row["id"])

    def outbox(self, query=""):
        return must(self.org.admin.get(f"{self.org.path}/outbox{query}"))["items"]

    def token_in(self, mail):
        return re.search(r"/login\?token=([\w-]+)", mail["mail"]["text"])[1]

    def test_a_mail_arrives_once_through_a_provider_in_trouble(self):
        self.stub.play("trouble", "lost")
        person = self.case.invite("full", "Once")
        # The answer to the second attempt was lost; the third finds the mail made.
        mail = self.stub.wait_for(person.email)
        line = eventually("it is sent", lambda: [m for m in self.outbox("?state=sent") if m["to"] == person.email], 60)
        self.assertEqual(line[0]["id"], mail["key"])
        self.assertGreaterEqual(line[0]["attempts"], 2)
        self.assertEqual(len(self.stub.to(person.email)), 1)
        self.assertEqual(person.redeem(self.token_in(mail), "invites/redeem").status, 200)
        bodies = {r["body"] for r in self.stub.requests() if r["headers"]["idempotency-key"] == mail["key"]}
        self.assertEqual(len(bodies), 1, "byte for byte the same")
        for request in self.stub.requests():
            self.assertRegex(request["headers"]["user-agent"], r"^keywork/\d")
            self.assertEqual(request["headers"]["authorization"], "Bearer re_secret")
        self.assertNotIn("re_secret", self.service.log())
        self.assertNotIn(person.email, self.service.log())

    def test_what_the_provider_tells_shows_in_the_team_and_the_outbox(self):
        person = self.case.invite("full", "Bounced")
        mail = self.stub.wait_for(person.email)
        worker = self.case.invite("full", "Watching")
        token = self.token_in(self.stub.wait_for(worker.email))
        self.assertEqual(worker.redeem(token, "invites/redeem").status, 200)
        told = Told(self.service)
        self.assertEqual(told.tell(event("delivered", mail), "msg_10"), 200)
        eventually("the team row says so", lambda: (self.team_row(person)["mail"] or {}).get("state") == "delivered")
        bounce = event("bounced", mail, bounce={"message": "No such mailbox.", "type": "Permanent"})
        self.assertEqual(told.tell(bounce, "msg_11"), 200)
        row = eventually("it came back", lambda: self.team_row(person)["mail"]["state"] == "bounced"
                         and self.team_row(person))
        self.assertEqual(row["mail"], {"state": "bounced", "at": "2026-11-21T09:30:00.123Z",
                                       "reason": "No such mailbox."})
        self.assertNotIn("mail", self.team_row(person, worker))
        line = next(m for m in self.outbox() if m["to"] == person.email)
        self.assertEqual((line["state"], line["delivery"]["state"]), ("sent", "bounced"))
        self.assertNotIn("token", json.dumps(line))
        log = must(self.org.admin.get(f"{self.case.path}/audit?kind=collaborator.mail_reported"))["items"]
        mine = [entry for entry in log if entry["detail"]["mail"] == mail["key"]]
        self.assertEqual([entry["detail"]["fate"] for entry in mine], ["bounced", "delivered"])
        # The same again changes nothing.
        before = self.case.admin.get(self.case.path).headers["ETag"]
        self.assertEqual(told.tell(bounce, "msg_11"), 200)
        self.assertEqual(told.tell(event("delivered", mail), "msg_12"), 200)
        self.assertEqual(self.case.admin.get(self.case.path).headers["ETag"], before)
        self.assertEqual(worker.get(f"{self.org.path}/outbox").status, 404)

    def test_bad_webhooks(self):
        person = self.case.invite("full", "Forged")
        mail = self.stub.wait_for(person.email)
        bounce = event("bounced", mail)
        told = Told(self.service)
        self.assertEqual(told.tell(bounce, secret=base64.b64encode(b"another secret of ours").decode()), 401)
        self.assertEqual(told.tell(bounce, age=301), 401)
        self.assertEqual(told.tell(bounce, age=-301), 401)
        self.assertEqual(told.tell(bounce, **{"svix-signature": "v1,"}), 401)
        self.assertEqual(told.tell(b"{", "msg_20"), 400)
        self.assertEqual(told.tell({"type": "contact.created", "data": {}}, "msg_21"), 200)
        self.assertIsNone(self.team_row(person)["mail"])

    def test_10_MB_are_refused_before_they_are_sent(self):
        with self.service.raw() as wire:
            wire.sendall(b"POST /webhooks/resend HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n{")
            self.assertTrue(wire.recv(4096).startswith(b"HTTP/1.1 413 "))
        told = Told(self.service)
        self.assertEqual(told.tell(b" " * (256 * 1024 - 2) + b"{}", "msg_30"), 400)

    def test_what_failed_is_tried_again_by_hand(self):
        self.stub.play("invalid")
        person = self.case.invite("full", "Again")
        failed = eventually("it fails", lambda: [m for m in self.outbox("?state=failed") if m["to"] == person.email])[0]
        self.assertIn("422 validation_error", failed["last_error"])
        self.assertNotIn("priya", failed["last_error"])
        self.assertIsNone(failed["next_attempt_at"])
        eventually("the team row says so", lambda: (self.team_row(person)["mail"] or {}).get("state") == "failed")
        retry = f"{self.org.path}/outbox/{failed['id']}/retry"
        self.assertEqual(Person(self.service).post(retry).status, 401)
        self.assertEqual(self.org.admin.post(retry).status, 204)
        mail = self.stub.wait_for(person.email)
        self.assertEqual(mail["key"], failed["id"] + "/1")
        eventually("it is mended", lambda: self.team_row(person)["mail"]["state"] == "sent")
        self.assertEqual(self.org.admin.post(retry).status, 409)
        self.assertEqual(self.org.admin.post(f"{self.org.path}/outbox/{self.case.id}/retry").status, 404)
        self.assertEqual(self.org.admin.get(f"{self.org.path}/outbox?state=lost").status, 400)
        log = must(self.org.admin.get(f"{self.org.path}/audit?kind=mail.retried"))["items"]
        self.assertEqual([entry["subject_id"] for entry in log if entry["subject_id"] == failed["id"]], [failed["id"]])

    def test_a_mail_whose_link_is_void_is_not_sent_again(self):
        self.stub.play("invalid")
        person = self.case.invite("full", "Withdrawn")
        failed = eventually("it fails", lambda: [m for m in self.outbox("?state=failed") if m["to"] == person.email])[0]
        must(self.case.end(person.row), 200)
        answer = self.org.admin.post(f"{self.org.path}/outbox/{failed['id']}/retry")
        self.assertEqual((answer.status, answer.json["code"]), (409, "link_void"))
        self.assertIn("Invite again", answer.json["detail"])
        data = ["--data", str(self.service.data)]
        one = self.service.command("outbox", "retry", failed["id"], *data)
        self.assertEqual((one.returncode, one.stdout), (2, ""))
        self.assertIn("Invite again", one.stderr)
        every = self.service.command("outbox", "retry", "--all-failed", *data)
        self.assertEqual(every.returncode, 0, every.stderr)
        self.assertRegex(every.stderr, r"^keywork: [1-9]\d* stay as they are: the links in them are void")
        self.assertEqual([m["state"] for m in self.outbox() if m["to"] == person.email], ["failed"])

    def test_the_command_line_sees_and_mends_the_outbox(self):
        self.stub.play("invalid")
        person = self.case.invite("full", "Command")
        eventually("it fails", lambda: [m for m in self.outbox("?state=failed") if m["to"] == person.email])
        data = ["--data", str(self.service.data)]
        listed = self.service.command("outbox", "list", "--state", "failed", *data)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn(person.email, listed.stdout)
        self.assertIn("422", listed.stdout)
        self.assertNotIn("token=", listed.stdout)
        retried = self.service.command("outbox", "retry", "--all-failed", *data)
        self.assertEqual((retried.returncode, retried.stdout), (0, "1 mails are tried again\n"), retried.stderr)
        mail = self.stub.wait_for(person.email)
        self.assertEqual(self.service.command("outbox", "retry", mail["key"].split("/")[0], *data).returncode, 2)
        self.assertEqual(self.service.command("outbox", "retry", *data).returncode, 2)
        self.assertEqual(self.service.command("outbox", "list", "--state", "lost", *data).returncode, 2)
        verified = self.service.command("audit", "verify", *data)
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def test_it_goes_no_faster_than_it_may(self):
        self.stub.play("limited")
        people = [self.case.invite("full", f"Paced {n}") for n in range(3)]
        for person in people:
            self.stub.wait_for(person.email)
        requests = self.stub.requests()
        limited = next(n for n, r in enumerate(requests) if r["answered"] == "limited")
        self.assertGreaterEqual(requests[limited + 1]["at"] - requests[limited]["at"], 2)


class Settings(unittest.TestCase):
    def refused(self, *options, environment=None):
        service = Keywork(mail="resend:", options=options)
        service.environment = environment or {}
        self.addCleanup(service.clean)
        service.launch()
        self.assertEqual(service.process.wait(60), 2)
        return service.log()

    def test_settings_that_cannot_work_are_told_at_once(self):
        self.assertIn("KEYWORK_RESEND_KEY", self.refused())
        key = {"KEYWORK_RESEND_KEY": "re_secret"}
        self.assertIn("whsec_", self.refused("--resend-webhook-secret", "wrong", environment=key))
        self.assertIn("authorities", self.refused("--mail-authorities", "/no/such/file", environment=key))


if __name__ == "__main__":
    main()
