"""Kill -9 at every statement of a digest and of its mails: a provider that knows its keys sends each once."""
from crash_worlds import DigestCrash
from harness import main
from resend_stub import Resend


class ByProvider(DigestCrash):
    mail_end = Resend

    def look_at_mails(self, mail):
        sent = mail.sent()
        self.assertEqual([sent.count(officer.email) for officer in self.officers], [1, 1])
        self.assertEqual(mail.refused(), [])
        self.repeats.append(mail.repeats())

    def test_R35_digest_killed_at_every_statement(self):
        self.digest_at_every_statement()

    def test_R35_mailer_killed_at_every_statement(self):
        self.mailer_at_every_statement()


if __name__ == "__main__":
    main()
