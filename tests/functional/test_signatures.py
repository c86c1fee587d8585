"""R24: documents that a signing service has signed, from sending them to the signed copy, whatever the service does."""
import hashlib
import time

import files
from docuseal import KEY, SECRET, DocuSeal, content_of
from harness import Keywork, ServiceTest, eventually, main
from sink import Sink
from world import Organisation, address, must



class Signatures(ServiceTest):
    @classmethod
    def setUpClass(cls):
        cls.docuseal = DocuSeal().start()
        cls.addClassCleanup(cls.docuseal.stop)
        cls.sink = Sink().start()
        cls.addClassCleanup(cls.sink.stop)
        cls.service = Keywork(mail=f"smtp://127.0.0.1:{cls.sink.port}", options=["--docuseal-url", cls.docuseal.url])
        cls.service.environment = {"KEYWORK_DOCUSEAL_KEY": KEY, "KEYWORK_DOCUSEAL_WEBHOOK_SECRET": SECRET}
        cls.addClassCleanup(cls.service.clean)
        cls.service.start()
        cls.org = Organisation(cls.service, cls.sink)
        cls.admin = cls.org.admin
        cls.docuseal.organisation = cls.org.id
        cls.case = cls.org.case()
        cls.full = cls.case.worker("full")
        cls.path = cls.case.path + "/documents"

    # --- its story
    def approved(self, content=None, body="# Agreement\n\nWe meet on Mondays."):
        made = must(self.full.post(self.path, {"type": "agreement", "title": "Support agreement",
                                               **({} if content else {"body": body})}), 201)
        if content:
            self.ok(self.full.put(self.at(made, "/content"), content))
        self.ok(self.full.post(self.at(made, "/submit")))
        return self.ok(self.admin.post(self.at(made, "/approve")))

    def send(self, content=None, made=None):
        """A document on its way to be signed, and the signer's address."""
        made, email = made or self.approved(content), address("tess")
        sent = self.ok(self.admin.post(self.at(made, "/send"), {
            "to": {"name": "Tess Tenant", "email": email}, "for_signature": True}))
        self.assertEqual((sent["status"], sent["signing_status"]), ("sent", "requested"))
        return sent, email

    def on_form(self, number, text="# Agreement\n\n{{tenant.full_name}} meets us on {{field.days}}. {{tenant.phone}}\n"):
        """A draft of an agreement that is signed on this template of DocuSeal's."""
        templates = f"{self.org.path}/document-templates"
        template = must(self.admin.post(templates, {"type": "agreement", "name": "On our own form", "text": text,
                                                    "signing_template": number}), 201)
        self.assertEqual(template["signing_template"], number)
        # The case hears of its organisation's templates.
        eventually("the case offers it", lambda: template["id"] in [
            t["id"] for t in self.ok(self.full.get(f"{self.case.path}/document-templates"))["items"]])
        return must(self.full.post(self.path, {"type": "agreement", "title": "Support agreement", "fields": {"days": "Mondays"},
                                               "template_id": template["id"]}), 201)

    def approve(self, made):
        self.ok(self.full.post(self.at(made, "/submit")))
        return self.ok(self.admin.post(self.at(made, "/approve")))

    def at(self, document, rest=""):
        return f"{self.path}/{document['id']}{rest}"

    def seen(self, document, by=None):
        return self.ok((by or self.admin).get(self.at(document)))

    def arrived(self, email):
        """The one submission for this signer."""
        return eventually("the service has it", lambda: self.docuseal.of(email))[0]

    def until(self, document, status):
        return eventually(f"it is {status}", lambda: (seen := self.seen(document))["signing_status"] == status and seen)

    def request(self, document, column="state"):
        return files.sql(self.service, f"SELECT {column} FROM keywork.signature_requests"
                                       f" WHERE document_id = '{document['id']}'")

    def until_request(self, document, state):
        eventually(f"the request is {state}", lambda: self.request(document) == state)

    def hurry(self, document):
        """What is due later is due now."""
        files.sql(self.service, "UPDATE keywork.signature_requests SET next_attempt_at = '2000-01-01'"
                                f" WHERE document_id = '{document['id']}' AND next_attempt_at IS NOT NULL")

    def tell(self, event, data, **how):
        return self.docuseal.tell(self.service.port, event, data, **how)

    def told(self, submission, event="form.completed", **how):
        signer = submission["submitters"][0]
        return self.tell(event, {"id": signer["id"], "submission_id": submission["id"],
                                 "external_id": signer["external_id"], "status": signer["status"]}, **how)

    # --- the good way
    def test_R24_signed_and_kept(self):
        content = files.pdf(5000)
        sent, email = self.send(content)
        submission = self.arrived(email)
        post = next(p for p in self.docuseal.posts if p["submitters"][0]["email"] == email)
        self.assertEqual(content_of(post), content, "what was approved goes as it is")
        self.assertTrue(content_of(post, 1).startswith(b"%PDF"))
        self.assertTrue(post["send_email"])
        self.assertEqual(post["submitters"][0]["name"], "Tess Tenant")
        self.until_request(sent, "sent")
        self.refused(self.admin.get(self.at(sent, "/signed")), 404, "not_found")
        copy = files.pdf(300_000)
        self.docuseal.finish(submission, "completed", file=copy)
        self.assertEqual(self.told(submission), 200)
        seen = self.until(sent, "signed")
        self.assertEqual(seen["signed_sha256"], hashlib.sha256(copy).hexdigest())
        self.assertIsNotNone(seen["signing_audit_sha256"])
        answer = self.admin.get(self.at(sent, "/signed"))
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/pdf"))
        self.assertEqual(answer.body, copy)
        self.assertIn("Support agreement - signed.pdf", answer.headers["Content-Disposition"])
        audit = self.admin.get(self.at(sent, "/signing-audit"))
        self.assertEqual(hashlib.sha256(audit.body).hexdigest(), seen["signing_audit_sha256"])
        again = self.admin.get(self.at(sent, "/signed"), headers={"If-None-Match": answer.headers["ETag"]})
        self.assertEqual(again.status, 304)
        for path in ("/signed", "/signing-audit"):
            self.refused(self.full.get(self.at(sent, path)), 403, "not_permitted")
        self.assertEqual(self.seen(sent, self.full)["signing_status"], "signed")
        steps = [(s["kind"], s["by"]["full_name"]) for s in self.ok(self.admin.get(self.at(sent, "/audit")))["items"]]
        self.assertEqual(steps[:2], [("document.signed_copy_kept", "Signing service"),
                                     ("document.signature_recorded", "Signing service")])
        self.assertEqual(self.sink.to(email), [], "the service mails the signer")
        verified = self.service.command("audit", "verify", "--data", str(self.service.data))
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_R24_signed_on_a_form_of_the_organisations_own(self):
        number = self.docuseal.template(["tenant.full_name", "field.days", "tenant.phone", "document.sha256", "Anything else?"])
        made = self.on_form(number)
        self.assertEqual(made["signing_template"], number)
        approved = self.approve(made)
        sent, email = self.send(made=approved)
        submission = self.arrived(email)
        post = next(p for p in self.docuseal.posts if p["submitters"][0]["email"] == email)
        fields = [{"name": name, "default_value": value, "readonly": True} for name, value in (
            ("tenant.full_name", "Dan Price"), ("field.days", "Mondays"), ("document.sha256", approved["content_sha256"]))]
        self.assertEqual(post, {"template_id": number, "send_email": True, "submitters": [{
            "role": "First Party", "name": "Tess Tenant", "email": email,
            "external_id": submission["submitters"][0]["external_id"], "fields": fields}]})
        self.until_request(sent, "sent")
        copy = files.pdf(20_000)
        self.docuseal.finish(submission, "completed", file=copy)
        self.told(submission)
        self.until(sent, "signed")
        self.assertEqual(self.admin.get(self.at(sent, "/signed")).body, copy)
        steps = [e for e in self.ok(self.admin.get(f"{self.case.path}/audit"))["items"] if made["id"] in str(e)]
        forms = {e["kind"]: e["detail"]["after"]["signing_template"] for e in steps if "after" in e["detail"]}
        for kind in ("created", "submitted", "approved", "sent", "signature_recorded"):
            self.assertEqual(forms[f"document.{kind}"], number, kind)

    def test_R24_a_text_that_was_changed_by_hand_is_signed_as_it_is(self):
        made = self.on_form(self.docuseal.template(["field.days"]))
        edited = self.ok(self.full.patch(self.at(made), {"body": "Dan Price meets us when he likes."}))
        self.assertIsNone(edited["signing_template"])
        _, email = self.send(made=self.approve(made))
        self.arrived(email)
        post = next(p for p in self.docuseal.posts if p["submitters"][0]["email"] == email)
        self.assertNotIn("template_id", post)
        self.assertTrue(content_of(post).startswith(b"%PDF"))

    def test_R24_a_form_that_is_not_what_was_approved_is_not_signed(self):
        changed = self.docuseal.template(["field.days"])
        gone = self.docuseal.template(["field.days"])
        for number, why in ((changed, "changed after the document was approved"), (gone, f"no template {gone}"),
                            (self.docuseal.template(["field.days"], roles=("Tenant", "Worker")), "2 signers"),
                            (self.docuseal.template(["tenancy.rent"]), "tenancy.rent"),
                            (self.docuseal.template([], folder="Default"), "of this organisation")):
            with self.subTest(why):
                approved = self.approve(self.on_form(number))
                if number == changed:
                    self.docuseal.templates[number]["updated_at"] = "2999-01-01T00:00:00.000Z"
                if number == gone:
                    del self.docuseal.templates[number]
                sent, email = self.send(made=approved)
                self.assertIn(why, self.until(sent, "failed")["signing_error"])
                self.assertEqual(self.docuseal.of(email), [])

    def test_R24_an_answer_that_is_lost_makes_no_second_submission_of_a_form(self):
        self.docuseal.next_posts.append("lost")
        sent, email = self.send(made=self.approve(self.on_form(self.docuseal.template([]))))
        eventually("it was tried", lambda: self.request(sent, "last_error") != "")
        self.hurry(sent)
        self.until_request(sent, "sent")
        self.assertEqual(len(self.docuseal.of(email)), 1)

    def test_R24_a_form_is_the_number_of_one(self):
        templates = f"{self.org.path}/document-templates"
        made = {"type": "agreement", "name": "A form", "text": "x"}
        for number in (0, -1, 1.5, "7", 2 ** 63, True):
            answer = self.admin.post(templates, {**made, "signing_template": number})
            self.assertIn(answer.status, (400, 422), number)
            self.assertEqual(answer.json["errors"][0]["field"], "signing_template")
        self.refused(self.admin.post(templates, {**made, "type": "letter", "signing_template": 7}), 422, "invalid")
        self.refused(self.full.post(templates, {**made, "signing_template": 7}), 404, "not_found")

    def test_R24_where_docuseal_tells_who_signed_operators_see(self):
        sent, email = self.send()
        submission = self.arrived(email)
        self.until_request(sent, "sent")
        self.assertNotIn("signing_audit_url", self.seen(sent))
        self.docuseal.finish(submission, "completed")
        self.told(submission)
        self.assertEqual(self.until(sent, "signed")["signing_audit_url"], submission["audit_log_url"])
        for answer in (self.full.get(self.at(sent)), self.full.get(self.path), self.full.get(self.at(sent, "/audit")),
                       self.full.get(self.case.path)):
            self.assertEqual(answer.status, 200)
            self.assertNotIn(submission["audit_log_url"], answer.body.decode())

    def test_R24_an_audit_link_that_leads_elsewhere_is_not_kept(self):
        for url in ("javascript:alert(1)", "https://evil.example/audit", "http://127.0.0.1:1/audit", "//evil.example", "x" * 5000):
            with self.subTest(url[:40]):
                sent, email = self.send()
                submission = self.arrived(email)
                self.until_request(sent, "sent")
                self.docuseal.finish(submission, "completed", audit=False)
                submission["audit_log_url"] = url
                self.told(submission)
                self.until(sent, "signed")
                self.until_request(sent, "completed")
                self.assertNotIn("signing_audit_url", self.seen(sent))
                self.assertEqual(self.request(sent, "audit_url"), "")

    def test_R24_declined_and_expired(self):
        for event, status in (("form.declined", "declined"), ("submission.expired", "expired")):
            sent, email = self.send()
            submission = self.arrived(email)
            self.until_request(sent, "sent")
            self.docuseal.finish(submission, status)
            if event.startswith("submission"):
                self.assertEqual(self.tell(event, {"id": submission["id"], "status": status}), 200)
            else:
                self.assertEqual(self.told(submission, event), 200)
            self.assertIsNone(self.until(sent, status)["signed_sha256"])

    def test_R24_a_webhook_that_was_lost_loses_nothing(self):
        sent, email = self.send()
        submission = self.arrived(email)
        self.until_request(sent, "sent")
        self.docuseal.finish(submission, "completed")
        self.hurry(sent)
        self.until(sent, "signed")

    def test_R24_other_documents_go_by_mail_as_before(self):
        made, email = self.approved(), address("gp")
        sent = self.ok(self.admin.post(self.at(made, "/send"), {"to": {"name": "Dr Grey", "email": email}}))
        self.assertIsNone(sent["signing_status"])
        self.sink.wait_for(email)
        self.assertEqual(self.docuseal.of(email), [])

    def test_R24_an_operator_can_record_what_happened_on_paper(self):
        sent, email = self.send()
        submission = self.arrived(email)
        self.until_request(sent, "sent")
        self.ok(self.admin.post(self.at(sent, "/signature"), {"status": "signed"}))
        self.docuseal.finish(submission, "expired")
        self.told(submission, "submission.expired")
        self.until_request(sent, "expired")
        self.assertEqual(self.seen(sent)["signing_status"], "signed")

    # --- a service that behaves badly
    def test_R24_slow_and_failing_at_first(self):
        self.docuseal.next_posts.extend([500, "slow"])
        sent, email = self.send()
        eventually("it was tried", lambda: self.request(sent, "last_error") != "")
        self.assertEqual(self.docuseal.of(email), [])
        self.hurry(sent)
        self.until_request(sent, "sent")
        self.assertEqual(len(self.docuseal.of(email)), 1)

    def test_R24_an_answer_that_is_lost_makes_no_second_submission(self):
        self.docuseal.next_posts.append("lost")
        sent, email = self.send()
        eventually("it was tried", lambda: self.request(sent, "last_error") != "")
        self.assertEqual(len(self.docuseal.of(email)), 1)
        self.hurry(sent)
        self.until_request(sent, "sent")
        self.assertEqual(len(self.docuseal.of(email)), 1)
        self.assertEqual(self.request(sent, "submission_id"), str(self.docuseal.of(email)[0]["id"]))

    def test_R24_a_refusal_is_shown_with_the_document(self):
        self.docuseal.next_posts.append(422)
        sent, email = self.send()
        seen = self.until(sent, "failed")
        self.assertIn("422", seen["signing_error"])
        self.assertIn("It will not do", seen["signing_error"])
        self.until_request(sent, "failed")
        self.assertEqual(self.docuseal.of(email), [])
        recorded = self.ok(self.admin.post(self.at(sent, "/signature"), {"status": "signed"}))
        self.assertIsNone(recorded["signing_error"])

    def test_R24_a_key_that_is_refused_waits_for_an_operator(self):
        self.docuseal.key = "another"
        try:
            sent, email = self.send()
            eventually("it was tried", lambda: "KEYWORK_DOCUSEAL_KEY" in self.request(sent, "last_error"))
            self.assertEqual(self.seen(sent)["signing_status"], "requested")
        finally:
            self.docuseal.key = KEY
        self.hurry(sent)
        self.until_request(sent, "sent")
        self.assertEqual(len(self.docuseal.of(email)), 1)

    def test_R24_what_the_service_says_is_no_pdf_or_lies_elsewhere_is_not_kept(self):
        elsewhere = DocuSeal().start()
        self.addCleanup(elsewhere.stop)
        cases = [(self.docuseal.keep("page", b"<html>no</html>"), "no whole PDF"),
                 (self.docuseal.keep("large", files.pdf(files.LARGEST + 10)), "could not be fetched"),
                 (elsewhere.keep("stolen", files.pdf()), "not DocuSeal's"),
                 ("http://169.254.169.254/latest/meta-data", "not DocuSeal's"),
                 ("file:///etc/passwd", "not DocuSeal's"),
                 (self.docuseal.url + "@127.0.0.1:1/x.pdf", "not DocuSeal's")]
        for url, why in cases:
            with self.subTest(url):
                sent, email = self.send()
                submission = self.arrived(email)
                self.until_request(sent, "sent")
                self.docuseal.finish(submission, "completed", audit=False)
                submission["documents"][0]["url"] = url
                submission["audit_log_url"] = url
                self.told(submission)
                seen = self.until(sent, "signed")
                self.assertEqual((seen["signed_sha256"], seen["signing_audit_sha256"]), (None, None))
                self.until_request(sent, "completed")
                self.assertIn(why, self.request(sent, "last_error"))
        self.assertEqual(elsewhere.requests, [])

    def test_R24_files_that_come_late_are_fetched_later(self):
        sent, email = self.send()
        submission = self.arrived(email)
        self.until_request(sent, "sent")
        self.docuseal.finish(submission, "completed", audit=False)
        self.told(submission)
        seen = self.until(sent, "signed")
        self.assertIsNone(seen["signing_audit_sha256"])
        submission["audit_log_url"] = self.docuseal.keep("late", files.pdf())
        self.until_request(sent, "completed")
        self.hurry(sent)
        eventually("the audit log is there", lambda: self.seen(sent)["signing_audit_sha256"])

    def test_R24_the_key_goes_nowhere_but_to_the_api(self):
        sent, email = self.send()
        submission = self.arrived(email)
        self.until_request(sent, "sent")
        self.docuseal.finish(submission, "completed")
        self.told(submission)
        self.until(sent, "signed")
        for _, path, headers in self.docuseal.requests:
            self.assertEqual("X-Auth-Token" in headers, not path.startswith("/file/"), path)
        self.assertNotIn(KEY, self.service.log())

    # --- webhooks
    def test_R24_webhooks_that_are_not_the_services_are_refused(self):
        sent, email = self.send()
        submission = self.arrived(email)
        self.until_request(sent, "sent")
        self.docuseal.finish(submission, "declined")
        now = int(time.time())
        for how in ({"secret": "another"}, {"stamp": now - 400}, {"stamp": now + 400}, {"signature": ""},
                    {"signature": "x"}, {"signature": f"{now}."}, {"signature": f"{now}.{'0' * 64}"}, {"stamp": "1e9"}):
            self.assertEqual(self.told(submission, "form.declined", **how), 401, how)
        self.assertEqual(self.seen(sent)["signing_status"], "requested")
        for raw in (b"", b"{}", b"[]", b'{"event_type":"form.declined"}', b'{"event_type":"x","data":{"id":"1"}}', b"\xff"):
            self.assertIn(self.tell("", {}, raw=raw), (400, 422), raw)
        self.assertEqual(self.tell("", {}, raw=b" " * 10 * files.MEGABYTE), 413)
        self.assertEqual(self.admin.get("/webhooks/docuseal").status, 405)

    def test_R24_webhooks_out_of_order_twice_and_of_nobody(self):
        sent, email = self.send()
        submission = self.arrived(email)
        self.until_request(sent, "sent")
        self.assertEqual(self.tell("form.completed", {"id": 1, "submission_id": 999_999, "external_id": "nobody's"}), 200)
        self.assertEqual(self.tell("template.created", {"id": 5}), 200)
        self.assertEqual(self.told(submission, "form.completed", at="2026-11-21T09:00:00Z"), 200)
        self.assertEqual(self.seen(sent)["signing_status"], "requested", "nobody signed, whatever was told")
        self.docuseal.finish(submission, "completed")
        # The same telling again is none, whatever it would find now.
        self.assertEqual(self.told(submission, "form.completed", at="2026-11-21T09:00:00Z"), 200)
        self.assertEqual(self.told(submission, "submission.completed", at="2026-11-21T09:01:00Z"), 200)
        self.until(sent, "signed")
        asked = len(self.docuseal.requests)
        for event in ("form.viewed", "form.started", "form.completed"):
            self.assertEqual(self.told(submission, event, at="2026-11-21T08:00:00Z"), 200)
        self.assertEqual(self.seen(sent)["signing_status"], "signed")
        self.assertEqual(len(self.docuseal.requests), asked)


class Crash(ServiceTest):
    """The service is killed while the signing service is at work on what it was asked."""

    def test_R24_killed_in_the_middle_of_asking(self):
        docuseal = DocuSeal().start()
        self.addCleanup(docuseal.stop)
        self.service.stop()
        self.service._options += ["--docuseal-url", docuseal.url]
        self.service.environment = {"KEYWORK_DOCUSEAL_KEY": KEY}
        self.service.start()
        org = Organisation(self.service, self.sink)
        path = org.case().path + "/documents"
        made = must(org.admin.post(path, {"type": "agreement", "title": "Agreement", "body": "x"}), 201)
        for step in ("submit", "approve"):
            must(org.admin.post(f"{path}/{made['id']}/{step}"), 200)
        docuseal.next_posts.append("held")
        must(org.admin.post(f"{path}/{made['id']}/send", {"to": {"name": "T", "email": "t@mail.example"},
                                                          "for_signature": True}), 200)
        eventually("it is being asked", lambda: docuseal.of("t@mail.example"))
        self.service.kill()
        docuseal.held.set()
        self.service.restart()
        files.sql(self.service, "UPDATE keywork.signature_requests SET next_attempt_at = '2000-01-01'")
        eventually("it knows", lambda: files.sql(
            self.service, "SELECT submission_id FROM keywork.signature_requests") == str(docuseal.of("t@mail.example")[0]["id"]))
        self.assertEqual(len(docuseal.of("t@mail.example")), 1)

    def test_a_setting_that_cannot_be_is_told_at_once(self):
        for options, why in ((["--docuseal-url", "ftp://x"], "--docuseal-url"),
                             (["--docuseal-url", "http://sign.example"], "--docuseal-url"),
                             (["--docuseal-key", "a b"], "key for DocuSeal"),
                             (["--docuseal-key", "", "--docuseal-webhook-secret", "x"], "--docuseal-webhook-secret")):
            key = [] if "--docuseal-key" in options else ["--docuseal-key", "k"]
            done = self.service.command("serve", "--data", str(self.service.data), *options, *key)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(why, done.stderr)


if __name__ == "__main__":
    main()
