"""Kill -9 at every statement of a digest and of its mails: by SMTP each goes out once, or is known for a repeat."""
from crash_worlds import DigestCrash
from harness import main


class BySmtp(DigestCrash):
    def test_R35_digest_killed_at_every_statement(self):
        self.digest_at_every_statement()

    def test_R35_mailer_killed_at_every_statement(self):
        self.mailer_at_every_statement()


if __name__ == "__main__":
    main()
