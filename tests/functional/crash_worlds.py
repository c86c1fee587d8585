"""The worlds in which the program is killed: one that is swept, and one whose officers get a digest."""
import json

from crashes import PATIENCE, Crash
from harness import eventually
from world import Organisation, must


class SweepCrash(Crash):
    clock = "2033-06-04T02:00:01Z"   # 03:00 in London, the day after the seven years
    later = "2033-06-04T02:04:01Z"
    # What the sweep says, and what it does with the ledger beside the database.
    counted = {"KEYWORK_CRASH_ROLE": "keywork_retention", "KEYWORK_CRASH_FILE": "{data}/erasures.log"}

    @classmethod
    def prepare(cls, seed):
        cls.org = org = Organisation(seed, cls.sink)

        def case(word):
            made = org.case()
            made.word = word
            made.note(f"{word} shared")
            made.note(f"{word} professional", "professional")
            must(org.admin.post(f"{made.path}/goals", {"title": f"{word} goal"}), 201)
            made.contact(f"{word} Surgery")
            made.invite("full")
            return made

        cls.gone, cls.half, cls.early = case("Amsel"), case("Drossel"), case("Finkenschlag")
        cls.kept = cls.half.note("What has to stay for 25 years", "professional", safeguarding=True)
        for one in (cls.gone, cls.half):
            must(org.admin.post(f"{one.path}/close", {}), 200)
        seed.go_on("2026-06-05T10:00:00Z")
        must(org.admin.post(f"{cls.early.path}/close", {}), 200)

    def is_done(self, world):
        return world.sql("SELECT NOT EXISTS (SELECT FROM keywork.erasures_to_write) AND NOT EXISTS (SELECT FROM "
                         "keywork.erased_mails WHERE remove_after < '2033-06-04T02:10:00Z') AND NOT EXISTS (SELECT FROM "
                         "keywork.organisations o WHERE kind = 'managing_agent' AND NOT EXISTS (SELECT FROM "
                         "keywork.retention_runs r WHERE r.org_id = o.id AND r.kind = 'daily' AND r.day = '2033-06-04' "
                         "AND r.outcome = 'done'))") == "t"

    def look(self, world, place):
        """Complete, nothing early, the ledger right."""
        cases = world.sql(f"SELECT id FROM keywork.support_cases WHERE org_id = '{self.org.id}'").split()
        self.assertEqual(set(cases), {self.half.id, self.early.id})
        left = world.sql(f"SELECT id FROM keywork.notes WHERE case_id = '{self.half.id}'")
        self.assertEqual(left, self.kept["id"])
        self.assertEqual(world.sql(f"SELECT count(*) FROM keywork.notes WHERE case_id = '{self.early.id}'"), "2")
        ledger = world.sql("SELECT case_id, what, counts::json ->> 'notes', due_at <= erased_at "
                           "FROM keywork.erasures ORDER BY what")
        self.assertEqual(ledger.split("\n"), [f"{self.gone.id}|case|2|t", f"{self.half.id}|rest|2|t"])
        told = world.sql("SELECT count(*) FROM keywork.audit_entries WHERE kind = 'retention.erased'")
        self.assertEqual(told, "2")
        runs = world.sql("SELECT count(*), count(DISTINCT org_id) FROM keywork.retention_runs")
        self.assertEqual(len(set(runs.split("|"))), 1, "one run for each organisation")
        self.look_at_file(world)
        dump = world.dump()
        found = {word: [line for line in dump.splitlines() if word in line][:3]
                 for word in (self.gone.word, self.half.word, self.early.word)}
        self.assertTrue(found.pop(self.early.word))
        self.assertEqual(list(found.values()), [[], []])
        done = world.command("audit", "verify")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def look_at_file(self, world):
        """Every row of the ledger, whole, and once: or twice, where nobody heard any more that it was written."""
        text = (world.data / "erasures.log").read_text()
        self.assertEqual(text[-1], "\n")
        ids = [json.loads(line)["id"] for line in text.splitlines()]
        self.assertEqual(sorted(set(ids)), world.sql("SELECT id FROM keywork.erasures ORDER BY id").split())
        self.assertLessEqual(max(map(ids.count, ids)), 2, ids)


class DigestCrash(Crash):
    clock = "2026-08-01T06:00:01Z"    # 07:00 in London
    later = "2026-08-01T06:04:01Z"    # when nobody has the mails any more that the killed one was sending
    repeats = []                      # of mails, in each round

    @classmethod
    def prepare(cls, seed):
        cls.org = org = Organisation(seed, cls.sink)
        cls.case = case = org.case()
        must(org.admin.post(f"{case.path}/goals", {"title": "Cook twice a week"}), 201)
        cls.officers = [case.invite("context_only", name) for name in ("Olga Field", "Omar Lake")]
        must(org.admin.patch(org.path, {"housing_officer_emails": [o.email for o in cls.officers]}), 200)
        for officer in cls.officers:
            org.accept(officer)
        seed.go_on("2026-07-15T10:00:00Z")
        org.admin.cookies = {}
        org.admin.sign_in(cls.sink)
        must(org.admin.patch(org.path, {"support_notes_visible_to_housing_officer": True}), 200)
        case.note("July in a sentence")
        eventually("June's digests are out", lambda: cls.digests(cls.ask_seed, "2026-06-01") == "2", PATIENCE)

    @classmethod
    def digests(cls, sql, month):
        """How many were sent by the organisation; the demo's has an officer of its own."""
        return sql(f"SELECT count(*) FROM keywork.digests WHERE org_id = '{cls.org.id}' AND month = '{month}' AND "
                   "state = 'sent'")

    def is_done(self, world):
        return self.digests(world.sql, "2026-07-01") == "2"

    def look(self, world, place):
        ledger = world.sql(f"SELECT user_id, month, copy, state FROM keywork.digests WHERE org_id = '{self.org.id}' "
                           "AND month = '2026-07-01' ORDER BY user_id")
        wanted = sorted(officer.user["id"] for officer in self.officers)
        self.assertEqual(ledger.split("\n"), [f"{user}|2026-07-01|0|sent" for user in wanted])
        # Each line of the ledger has its mail, and there is no other.
        mails = world.sql("SELECT count(*), count(*) FILTER (WHERE o.state = 'sent'), count(d.id) FROM "
                          "keywork.outbox o LEFT JOIN keywork.digests d ON d.mail_id = o.id WHERE o.template_name = "
                          f"'housing_officer_digest' AND o.org_id = '{self.org.id}'")
        self.assertEqual(mails, "4|4|4", "June's, which the world begins with, and July's")
        self.look_at_mails(world.mail)
        done = world.command("audit", "verify")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def look_at_mails(self, mail):
        """By SMTP: what was on its way when it was killed goes again, and can be told by its Message-ID."""
        came = [(officer.email, [m.message["Message-ID"] for m in mail.mails() if officer.email in m.recipients])
                for officer in self.officers]
        for email, ids in came:
            self.assertEqual(len(set(ids)), 1, f"{email}: one, and its repeats")
        everything = [m.message["Message-ID"] for m in mail.mails()]
        repeats = len(everything) - len(set(everything))
        self.assertLessEqual(repeats, 1, "one crash, at most one repeat")
        self.repeats.append(repeats)

    def digest_at_every_statement(self):
        self.every_place({"KEYWORK_CRASH_ROLE": "keywork_digest"}, "digest_clock", "add_digest",
                         "persist_store_mail_row", "keep_digest_progress", "commit", "after commit")

    def mailer_at_every_statement(self):
        self.repeats.clear()
        self.every_place({"KEYWORK_CRASH_ROLE": "keywork_mailer"}, "take_mails", "mail_sent", "commit", "after commit")
        self.assertIn(1, self.repeats, "nobody was killed between sending and noting it")
