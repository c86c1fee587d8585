"""One case from intake to its close: documents, goals, sessions, exported, and what was done proved afterwards."""
import csv
import hashlib
import io
import subprocess
import tempfile
from pathlib import Path

from harness import ServiceTest, main
from world import Organisation, address, must


def text_of(pdf):
    """What poppler reads out of a PDF; it must not complain."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "a.pdf"
        file.write_bytes(pdf)
        done = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True)
    assert done.stderr == "", done.stderr
    return done.stdout


class WholeCase(ServiceTest):
    def test_from_intake_to_close(self):
        org = Organisation(self.service, self.sink, "Harbour Homes")
        self.case = org.case(org.tenancy(tenure_type="licence_agreement"), context_summary="Moved in June.")
        self.admin, self.worker = org.admin, self.case.worker("full", "Ben Okafor")
        self.intake_is_written_from_the_template()
        self.the_agreement_goes_to_the_tenant()
        self.work_is_done()
        self.the_case_is_closed_and_exported()
        self.what_was_done_is_proved(org)

    def step(self, document, name, body=None, by=None):
        return self.ok((by or self.admin).post(f"{self.case.path}/documents/{document['id']}/{name}", body))

    def template(self, kind):
        choices = self.ok(self.worker.get(self.case.path + "/document-templates"))["items"]
        return next(t for t in choices if t["type"] == kind)

    def intake_is_written_from_the_template(self):
        made = must(self.worker.post(self.case.path + "/documents", {
            "type": "intake_assessment", "title": "Intake", "template_id": self.template("intake_assessment")["id"]}), 201)
        for fact in ("Dan Price", "14 Mill Lane"):
            self.assertIn(fact.split()[-1], made["body"], "merged")
        self.assertNotIn("{{", made["body"])
        changed = self.ok(self.worker.patch(f"{self.case.path}/documents/{made['id']}",
                                            {"body": made["body"] + "\n\nSleeps badly. Wants to cook."}))
        self.assertTrue(changed["body"].endswith("Wants to cook."))
        submitted = self.step(made, "submit", by=self.worker)
        self.assertEqual(submitted["content_sha256"], hashlib.sha256(changed["body"].encode()).hexdigest(), "R23")
        self.refused(self.worker.patch(f"{self.case.path}/documents/{made['id']}", {"body": "x"}), 409, "wrong_status")
        self.assertEqual(self.step(made, "approve")["approved_by"], "Ada Obi")
        pdf = self.admin.get(f"{self.case.path}/documents/{made['id']}/content")
        self.assertEqual((pdf.status, pdf.headers["Content-Type"]), (200, "application/pdf"))
        self.assertIn("Wants to cook.", text_of(pdf.body))

    def the_agreement_goes_to_the_tenant(self):
        made = must(self.worker.post(self.case.path + "/documents", {
            "type": "agreement", "title": "Support agreement", "template_id": self.template("agreement")["id"]}), 201)
        self.step(made, "submit", by=self.worker)
        self.step(made, "approve")
        to = address("dan")
        sent = self.step(made, "send", {"to": {"name": "Dan Price", "email": to}, "for_signature": True})
        self.assertEqual((sent["status"], sent["signing_status"], sent["sent_to"]["email"]), ("sent", "requested", to))
        mail = self.sink.wait_for(to)
        self.assertIn("Support agreement", mail.subject)
        attached = [part for part in mail.message.walk() if part.get_content_type() == "application/pdf"]
        self.assertEqual(len(attached), 1)
        self.assertEqual(attached[0].get_filename(), "Support agreement.pdf")
        words = text_of(attached[0].get_content())
        self.assertIn("Dan Price", words)
        self.assertNotIn(self.case.header["reference"], words + mail.text, "R5: nothing that a tenant gets names the case")
        self.assertEqual(self.step(made, "signature", {"status": "signed"})["signing_status"], "signed")
        trail = self.ok(self.worker.get(f"{self.case.path}/documents/{made['id']}/audit"))["items"]
        self.assertEqual([e["kind"] for e in reversed(trail)], [
            "document.created", "document.submitted", "document.approved", "document.sent", "document.signature_recorded"])

    def work_is_done(self):
        goal = must(self.worker.post(self.case.path + "/goals", {"title": "Cook twice a week"}), 201)
        must(self.worker.post(f"{self.case.path}/goals/{goal['id']}/progress", {"text": "Made soup"}), 201)
        self.ok(self.worker.patch(f"{self.case.path}/goals/{goal['id']}", {"status": "achieved"}))
        must(self.worker.post(self.case.path + "/sessions", {
            "starts_at": "2026-11-20T10:00:00Z", "type": "key_work", "status": "delivered",
            "attendees": ["Dan Price"], "outcome_note": "=SUM(A1:A9) he said"}), 201)
        self.case.note("He has settled in.", by=self.worker)
        self.case.note("Former partner asked for the address.", "professional", safeguarding=True)

    def the_case_is_closed_and_exported(self):
        self.ok(self.admin.post(self.case.path + "/close", {"reason": "Moved on"}))
        rows = list(csv.DictReader(io.StringIO(self.export("notes.csv").decode("utf-8-sig"))))
        self.assertEqual({r["body"] for r in rows}, {"He has settled in.", "Former partner asked for the address."})
        sessions = list(csv.DictReader(io.StringIO(self.export("sessions.csv").decode("utf-8-sig"))))
        self.assertEqual([r["outcome_note"] for r in sessions], ["'=SUM(A1:A9) he said"], "R28: no formula runs")
        printed = text_of(self.export("notes.pdf"))
        for fact in (self.case.header["reference"], "Dan Price", "Ada Obi", "He has settled in.", "Former partner"):
            self.assertIn(fact, printed, "R28")
        self.refused(self.worker.get(self.case.path + "/export/notes.csv"), 403, "not_permitted")

    def export(self, name):
        answer = self.admin.get(f"{self.case.path}/export/{name}")
        self.assertEqual(answer.status, 200, repr(answer))
        return answer.body

    def what_was_done_is_proved(self, org):
        kinds = [e["kind"] for e in self.ok(self.admin.get(self.case.path + "/audit?limit=200"))["items"]]
        self.assertEqual(kinds.count("export.made"), 3, "R28: an export is an entry")
        for kind in ("case.opened", "document.created", "document.sent", "goal.edited", "session.created", "case.closed"):
            self.assertIn(kind, kinds)
        done = self.service.command("audit", "verify", "--data", str(self.service.data), "--organisation", org.id)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("entries hold", done.stdout)
        due = {c["name"]: c["due_at"] for c in self.ok(self.admin.get(self.case.path + "/retention"))["classes"]}
        self.assertGreater(due["safeguarding_notes"], due["notes"])


if __name__ == "__main__":
    main()
