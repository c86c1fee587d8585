"""The mail server is down, slow or refusing: nothing is lost, it can be seen, and it arrives when it can."""
import unittest

from harness import Keywork, ServiceTest, eventually, main
from sink import Sink
from world import Organisation, address

RETRY = 40  # seconds: the first wait is 10 at most, the second 20


class Mail(ServiceTest):
    @classmethod
    def prepare(cls):
        cls.org = Organisation(cls.service, cls.sink)
        cls.case = cls.org.case()
        cls.sink.wait_for(cls.case.tenancy["tenants"][0]["email"])

    def setUp(self):
        self.sink.mode = "accept"

    def metric(self, what):
        return self.service.metric(f"keywork_{what}")

    def test_bad_servers_lose_nothing(self):
        """One story, since the waits add up: first temporary refusals, then no server at all, then a silent one."""
        retried, failed = self.metric("mails_retried_total"), self.metric("mails_failed_total")
        self.sink.mode = "tempfail"
        first = self.case.invite("full", "Tempfail")
        self.sink.wait_for_attempts(self.sink.attempts + 1)
        eventually("the retry is counted", lambda: self.metric("mails_retried_total") > retried)
        eventually("and waits visibly", lambda: self.metric("outbox_retrying") >= 1)
        self.assertTrue([e for e in self.service.events() if e["event"] == "mail.retry" and "450" in e["why"]])

        self.sink.stop()
        retried = self.metric("mails_retried_total")
        second = self.case.invite("full", "Down")
        eventually("a server that is not there is tried again", lambda: self.metric("mails_retried_total") > retried)
        self.assertEqual(self.metric("mails_failed_total"), failed)
        began = self.case.note("The service works meanwhile")
        self.assertTrue(began["id"])

        self.sink.start()
        self.sink.mode = "accept"
        for person in (first, second):
            mail = self.sink.wait_for(person.email, seconds=RETRY)
            self.ok(person.redeem(mail.token, "invites/redeem"))
            self.assertEqual(len(self.sink.to(person.email)), 1, "once")
        eventually("nothing waits any more", lambda: self.metric("outbox_retrying") == 0)

    def test_a_silent_server_holds_up_nobody(self):
        self.sink.mode = "silent"
        person = self.case.invite("full", "Silent")
        self.sink.wait_for_attempts(self.sink.attempts + 1)
        for _ in range(5):
            self.case.note("The service works meanwhile")
            self.assertEqual(self.service.admin("/readyz").status, 200)
        self.sink.mode = "accept"
        mail = self.sink.wait_for(person.email, seconds=RETRY)
        self.ok(person.redeem(mail.token, "invites/redeem"))

    def test_a_refusal_for_good_is_kept_as_failed(self):
        failed = self.metric("mails_failed_total")
        self.sink.mode = "refuse"
        person = self.case.invite("full", "Refused")
        eventually("it is counted", lambda: self.metric("mails_failed_total") == failed + 1, 20)
        eventually("and stands there", lambda: self.metric("outbox_failed") >= 1)
        self.assertTrue([e for e in self.service.events() if e["event"] == "mail.failed" and "550" in e["why"]])
        self.sink.mode = "accept"
        self.ok(self.case.admin.post(f"{self.case.path}/team/{person.row['id']}/resend-invite"))
        self.ok(person.redeem(self.sink.wait_for(person.email).token, "invites/redeem"))

    def test_every_mail_is_whole(self):
        person = self.case.invite("full", "Whole Ünïcode")
        mail = self.sink.wait_for(person.email)
        self.assertEqual(mail.message.get_content_type(), "multipart/alternative")
        self.assertTrue(mail.text and mail.html)
        for header in ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version"):
            self.assertEqual(len(mail.message.get_all(header)), 1, header)
        self.assertIn("Whole Ünïcode", mail.text)
        self.assertIn(mail.token, mail.html)
        self.assertLessEqual(max(len(line) for line in mail.raw.split(b"\r\n")), 998)

    def test_no_link_and_no_body_in_the_log(self):
        person = self.case.invite("full", "Quiet")
        mail = self.sink.wait_for(person.email)
        eventually("it is logged as sent", lambda: [e for e in self.service.events() if e["event"] == "mail.sent"])
        for secret in (mail.token, "Hello Quiet", person.email):
            self.assertNotIn(secret, self.service.log())


class Restarts(unittest.TestCase):
    def test_what_waits_survives_a_kill(self):
        with Sink() as sink, Keywork(mail=f"smtp://127.0.0.1:{sink.port}") as service:
            sink.mode = "tempfail"
            org = Organisation(service, sink)
            person = org.case().invite("full", "Waiting")
            eventually("both mails wait", lambda: service.metric("keywork_outbox_retrying") == 2)
            service.kill()
            sink.mode = "accept"
            service.restart()
            token = sink.wait_for(person.email, seconds=RETRY).token
            self.assertEqual(person.redeem(token, "invites/redeem").status, 200)

    def test_without_a_server_mails_become_files(self):
        with Keywork() as service:
            org = Organisation(service, None)
            where = address("file")
            org.tenancy(tenants=[{"full_name": "Dan", "email": where}])
            mails = service.data / "mail"
            found = eventually("an .eml file", lambda: [m for m in mails.glob("*.eml") if where in m.read_text()])
            self.assertIn("Subject: ", found[0].read_text())


if __name__ == "__main__":
    main()
