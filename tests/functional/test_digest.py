"""The monthly digest (R33 to R35), by the whole program in a rehearsed time."""
import unittest

from harness import eventually, main
from rehearsal import Rehearsal
from sink import Sink
from world import Organisation, address, must

START = "2033-10-25T10:00:00Z"
SUBJECT = "Your monthly update for October 2033 from Harbour Homes"
# None of these may reach a housing officer.
NEVER = ("Kanarienvogel", "Nachtigall", "Goldfinch", "Wiedehopf")


class ADigest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.sink = Sink().start()
        cls.addClassCleanup(cls.sink.stop)
        cls.service = Rehearsal(START, mail=f"smtp://127.0.0.1:{cls.sink.port}")
        cls.addClassCleanup(cls.service.clean)
        cls.service.start()

    def case_of(self, name, visibility):
        case = self.org.case(self.org.tenancy(tenants=[{"full_name": name, "email": address(name)}]))
        tenant = case.tenancy["tenants"][0]["id"]
        must(self.org.admin.patch(f"tenants/{tenant}", {"housing_officer_note_visibility": visibility}), 200)
        return case

    def fill(self, case, mark):
        admin = self.org.admin
        goal = must(admin.post(f"{case.path}/goals", {"title": f"Goal {mark}"}), 201)
        must(admin.post(f"{case.path}/goals/{goal['id']}/progress", {"text": f"Progress {mark}"}), 201)
        must(admin.post(f"{case.path}/goals", {"title": "Wiedehopf reached", "status": "achieved"}), 201)
        for at, status, outcome in (("2033-10-26T09:00:00Z", "delivered", f"Outcome {mark}"),
                                    ("2033-10-31T23:30:00Z", "scheduled", f"Planned {mark}"),
                                    ("2033-11-01T00:30:00Z", "scheduled", "Wiedehopf later"),
                                    ("2033-10-27T09:00:00Z", "missed", "Wiedehopf missed")):
            must(admin.post(f"{case.path}/sessions", {"starts_at": at, "type": "key_work", "status": status,
                                                      "attendees": ["Sam"], "outcome_note": outcome}), 201)
        case.note(f"Note {mark}")
        case.note("Kanarienvogel", "professional", safeguarding=True)
        deleted = case.note("Goldfinch")
        must(admin.delete(f"{case.path}/notes/{deleted['id']}"), 204)

    def digests(self, person):
        return [mail for mail in self.sink.to(person.email) if "monthly update" in mail.subject]

    def ledger(self, query=""):
        return must(self.org.admin.get(f"{self.org.path}/digests{query}"), 200)["items"]

    def test_a_housing_officers_autumn(self):
        """One story, since time goes one way."""
        org = self.org = Organisation(self.service, self.sink)
        shown, plain, hidden = (self.case_of("Dan Price", "visible"), self.case_of("Ola <b>Berg</b>", "inherit"),
                                self.case_of("Hidden Nachtigall", "hidden"))
        for case, mark in ((shown, "one"), (plain, "two"), (hidden, "Nachtigall")):
            self.fill(case, mark)
        officer = shown.worker("context_only", "Connie Council")
        for case in (plain, hidden):
            org.accept(case.invite("full", "Connie Council", officer.email))
        worker, ended = shown.worker("full", "Wanda Worker"), shown.invite("full", "Ed Ended")
        org.accept(ended)
        invited = shown.invite("full", "Ida Invited")
        contact = address("gp")
        shown.contact(contact_email=contact)
        must(org.admin.patch(org.path, {"housing_officer_emails": [officer.email, ended.email, invited.email, contact]}),
             200)
        must(shown.end(ended.row))

        # What would be said, before it is.
        preview = must(org.admin.get(f"{org.path}/digests/2033-10/preview"), 200)
        self.assertEqual([(r["recipient"]["email"], r["counts"]["tenants"], r.get("digest")) for r in
                          preview["recipients"]], [(officer.email, 2, None)])
        self.assertEqual(preview["sends_at"], "2033-11-01T07:00:00Z")
        one = org.admin.get(f"{org.path}/digests/2033-10/preview?recipient={officer.user['id']}")
        sections = must(one, 200)["recipients"][0]["digest"]["sections"]
        self.assertEqual([s["tenant"] for s in sections], ["Dan Price", "Ola <b>Berg</b>"])
        self.assertFalse([word for word in NEVER if word in one.text])
        for path in ("2033-10/preview", "2033-10/preview?recipient=" + officer.user["id"]):
            self.assertEqual(worker.get(f"{org.path}/digests/{path}").status, 404)
        for path, status in (("2033-11/preview", 422), ("2033-13/preview", 404), ("october/preview", 404),
                             (f"2033-10/preview?recipient={worker.user['id']}", 404),
                             ("2033-10/preview?recipient=x", 400)):
            self.assertEqual(org.admin.get(f"{org.path}/digests/{path}").status, status, path)
        self.assertEqual(self.ledger(), [])
        log = must(org.admin.get(f"{org.path}/audit?kind=digest."), 200)["items"]
        self.assertEqual([e["kind"] for e in log], ["digest.previewed"] * 2)

        # Seven o'clock.
        self.service.go_on("2033-11-01T06:59:55Z")
        self.assertEqual(self.digests(officer), [])
        mail = self.sink.wait_for(officer.email, lambda m: "monthly update" in m.subject)
        self.assertEqual(mail.subject, SUBJECT)
        for part in (mail.text, mail.html):
            for there in ("Dan Price", "Goal one", "Progress one", "Outcome one", "Planned one", "Note one", "key work",
                          "Goal two", "Outcome two", "26 October 2033 at 10:00", self.service.url + "/login"):
                self.assertIn(there, part)
            self.assertNotIn("Note two", part, "the organisation does not show notes")
        self.assertIn("Ola <b>Berg</b>", mail.text)
        self.assertIn("Ola &lt;b&gt;Berg&lt;/b&gt;", mail.html)
        self.assertFalse([word for word in NEVER if word in mail.everything])
        for name in ("Dan", "Ola", "Price"):
            self.assertNotIn(name, mail.subject)
        line = eventually("it is noted", lambda: [d for d in self.ledger() if d["state"] == "sent"])[0]
        self.assertEqual((line["month"], line["recipient"], line["copy"], line["counts"]),
                         ("2033-10", {"id": officer.user["id"], "email": officer.email}, 0,
                          {"tenants": 2, "goals": 2, "sessions": 4, "notes": 1}))
        log = must(org.admin.get(f"{org.path}/audit?kind=digest.sent"), 200)["items"]
        self.assertEqual([(e["subject_id"], e["detail"]["month"]) for e in log], [(line["id"], "2033-10")])

        # Killed and started again: still one, and nobody else ever got any.
        self.service.kill()
        self.service.go_on("2033-11-01T09:00:00Z")
        again = must(org.admin.post(f"{org.path}/digests/{line['id']}/resend"), 200)
        self.assertEqual((again["copy"], again["state"]), (1, "queued"))
        eventually("the copy is there", lambda: len(self.digests(officer)) == 2)
        self.assertNotEqual(*(m.message["Message-ID"] for m in self.digests(officer)))
        self.assertEqual(org.admin.post(f"{org.path}/digests/{officer.user['id']}/resend").status, 404)
        for person in (worker, ended, invited):
            self.assertEqual(self.digests(person), [])
        self.assertEqual([m.subject for m in self.sink.to(contact)], [])
        self.assertEqual(officer.get(f"{org.path}/digests").status, 404)

        # Three months of downtime: each month that was missed, in its order; January's sessions are in none.
        self.service.go_on("2034-02-01T08:00:00Z")
        eventually("the missed months", lambda: len(self.digests(officer)) == 5, 30)
        self.assertEqual([m.subject.split(" for ")[1].split(" from ")[0] for m in self.digests(officer)[2:]],
                         ["November 2033", "December 2033", "January 2034"])
        for mail in self.digests(officer)[2:]:
            self.assertFalse([word for word in NEVER[:3] if word in mail.everything])
            self.assertNotIn("Outcome one", mail.text)
        org.admin.sign_in(self.sink)
        self.assertEqual([d["month"] for d in self.ledger("?month=2033-12")], ["2033-12"])

        # Beside it: numbers alone.
        done = self.service.command("digest", "list", "--data", str(self.service.data), "--organisation", org.id)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("2033-10: 2 sent", done.stdout)
        self.assertNotIn(officer.email, done.stdout)
        done = self.service.command("digest", "send-missed", "--data", str(self.service.data))
        self.assertEqual((done.returncode, done.stdout), (0, "0 months, 0 mails in the outbox, 0 with nothing to say\n"))
        done = self.service.command("digest", "list", "--data", str(self.service.data), "--organisation", "x")
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    main()
