"""A word that stands only where operators may read it is nowhere else: no answer, list, mail, log line or error."""
import itertools
import json
from urllib.parse import quote

import files
from harness import ServiceTest, eventually, main
from test_events import Stream
from world import Organisation, address, must

WORD = "Kanarienvogel"
# Stands in what a full worker reads and a context_only one does not: others' sessions, documents.
FULL_ONLY = "Nachtigall"


class Ear(Stream):
    """A stream of which every byte is kept."""

    def __init__(self, person, case):
        super().__init__(person, case)
        self.heard = str(self.answer.headers)
        read_line = self.answer.readline

        def readline():
            line = read_line()
            self.heard += line.decode("utf-8")
            return line

        self.answer.readline = readline


def words_of(mail):
    """All that stands in a mail and in what is attached to it."""
    parts = [mail.everything]
    for attached in mail.message.iter_attachments():
        content = attached.get_content()
        parts.append(str(attached.items()))
        parts.append(content if isinstance(content, str) else content.decode("latin-1"))
        if attached.get_content_type() == "application/pdf":
            parts.append(files.text_of_pdf(content))
    return "\n".join(parts)


class Canary(ServiceTest):
    log_level = "debug"

    @classmethod
    def prepare(cls):
        cls.org = org = Organisation(cls.service, cls.sink)
        cls.landlord = org.landlord()
        cls.property = org.property(cls.landlord)
        cls.case = case = org.case(org.tenancy(cls.property), context_summary="Seen by the team")
        cls.admin = org.admin
        cls.outsider = Organisation(cls.service, cls.sink, "Elsewhere").admin
        cls.full, cls.reader = case.invite("full", "Full"), case.invite("context_only", "Reader")
        cls.ended, cls.invited = case.invite("full", "Ended"), case.invite("full", "Invited")
        for person in (cls.full, cls.reader, cls.ended):
            org.accept(person)
        must(case.end(cls.ended.row))
        cls.invited.sign_in(cls.sink)
        cls.shared = case.note("For all", by=cls.full)
        cls.secrets = cls.hide()

    @classmethod
    def hide(cls):
        """Puts the word wherever only operators read; returns everything that has to stay hidden."""
        case, notes = cls.case, cls.case.path + "/notes/"
        kept = case.note(f"{WORD} kept", "professional", safeguarding=True)
        must(cls.admin.patch(notes + kept["id"], {"safeguarding": False, "reason": f"{WORD} reason"}), 200)
        edited = case.note(f"{WORD} before", "professional")
        must(cls.admin.patch(notes + edited["id"], {"body": f"{WORD} after"}), 200)
        deleted = case.note(f"{WORD} deleted", "professional")
        must(cls.admin.delete(notes + deleted["id"]), 204)
        contact = case.contact(f"{WORD} contact", contact_email="kanarienvogel.gp@mail.example",
                               contact_organisation_name=WORD, contact_role_label=WORD)
        must(cls.admin.put(case.path + "/legal-hold", {"on": True, "reason": f"{WORD} hold"}), 200)
        must(cls.admin.post(case.path + "/close", {"reason": f"{WORD} close"}), 200)
        must(cls.admin.post(case.path + "/reopen"), 200)
        cls.private_notes = [kept, edited, deleted]
        cls.revision = next(e["detail"]["revision"] for e in must(cls.admin.get(case.path + "/audit"), 200)["items"]
                            if e["kind"] == "note.edited")
        cls.goal = must(cls.full.post(case.path + "/goals", {"title": "Seen by all"}), 201)
        cls.session = must(cls.full.post(case.path + "/sessions", {
            "starts_at": "2026-12-01T10:00:00Z", "type": "other", "attendees": [FULL_ONLY],
            "outcome_note": f"{FULL_ONLY} told"}), 201)
        cls.doc = must(cls.full.post(case.path + "/documents", {
            "type": "letter", "title": f"{FULL_ONLY} letter", "body": f"{FULL_ONLY} body"}), 201)
        for step in ("submit", "approve"):
            must(cls.admin.post(f"{case.path}/documents/{cls.doc['id']}/{step}"), 200)
        cls.contact = contact
        cls.mail = must(cls.admin.get(cls.org.path + "/outbox"), 200)["items"][0]["id"]
        etags = [cls.admin.get(case.path + rest).headers["ETag"]
                 for rest in ("", "/notes?stream=professional", "/team")]
        return [WORD, WORD.lower(), *(n["id"] for n in cls.private_notes), contact["id"], *etags]

    def nothing_in(self, text, where, person=None):
        secrets = self.secrets
        if person is not None and person is not self.full:
            secrets = secrets + [FULL_ONLY, FULL_ONLY.lower(), self.session["id"], self.doc["id"],
                                 self.doc["content_sha256"]]
        for secret in secrets:
            self.assertNotIn(secret, text, where)

    def no_place_tells(self):
        """Nothing that the service leaves outside its database: its logs, its metrics, its mails."""
        eventually("the log has it all", lambda: self.service.events()[-1]["event"] == "http.request")
        for place in (self.service.log(), self.service.said_file.read_text(), self.service.metrics(),
                      (self.service.data / "pg" / "log").read_text(errors="replace")
                      if (self.service.data / "pg" / "log").is_file() else "",
                      *map(words_of, self.sink.all)):
            self.assertNotIn(WORD.lower(), place.lower())

    def requests(self, person):
        """Every route that is described, with every id and body that might open something."""
        ids = {"id": [self.case.id, self.property, self.case.tenancy["tenants"][0]["id"], self.landlord,
                      self.private_notes[0]["id"]],
               "note": [n["id"] for n in self.private_notes] + [self.shared["id"], self.contact["id"]],
               "row": [self.contact["id"], self.full.row["id"], self.private_notes[0]["id"]],
               "org": [self.org.id], "user": [self.admin.user["id"]], "goal": [self.goal["id"], self.private_notes[0]["id"]],
               "session": [self.session["id"]], "doc": [self.doc["id"], self.private_notes[0]["id"]],
               "revision": [self.revision], "mail": [self.mail], "digest": [self.mail], "month": ["2026-10"]}
        bodies = [None, {}, {"body": "x"}, {"safeguarding": False, "reason": "x"},
                  {"stream": "professional", "body": "x"},
                  {"stream": "shared", "body": "x", "safeguarding": True}, {"tenancy_id": self.case.tenancy["id"]},
                  {"contact_name": "x"}, {"context_summary": "x"}, {"name": "x"},
                  {"participation": "reference_only", "contact_name": "x",
                   "contact_email": "kanarienvogel.gp@mail.example"}]
        queries = ["", "?stream=professional", "?stream=shared&limit=200", f"?cursor={self.private_notes[1]['id']}",
                   f"?stream=shared&cursor={self.private_notes[0]['id']}", f"?q={WORD[:6]}", f"?q={WORD}",
                   f"?q={FULL_ONLY}", f"?org={self.org.id}", "?kind=note."]
        for path, methods in self.document["paths"].items():
            if path.endswith("/events"):
                continue  # it does not end; test_live_updates_do_not_tell
            names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
            for chosen in itertools.product(*(ids[name] for name in names)):
                filled = path
                for name, value in zip(names, chosen):
                    filled = filled.replace("{" + name + "}", value, 1)
                for method in methods:
                    if "sign-out" in path or (method == "delete" and path.endswith("logins/{id}")):
                        continue  # they would only shut themselves out
                    for rest, body in itertools.product(queries if method == "get" else [""],
                                                        [None] if method in ("get", "delete") else bodies):
                        yield method.upper(), filled + rest, body

    def test_no_answer_tells(self):
        type(self).document = self.ok(self.nobody().get("/openapi.json"))
        asked = 0
        for person in (self.full, self.reader, self.ended, self.invited, self.outsider, self.nobody()):
            for method, path, body in self.requests(person):
                answer = person.request(method, path, body)
                asked += 1
                self.assertLess(answer.status, 500, f"{method} {path} {body}: {answer}")
                # What they sent themselves may come back to them in an error's words, but nothing else.
                said = answer.everything
                # The ids of the path are what they asked with themselves.
                for mine in (self.session["id"], self.doc["id"]):
                    if mine in path:
                        said = said.replace(mine, "")
                self.nothing_in(said, f"{method} {path} {body} by {person.name}", person)
        self.assertGreater(asked, 1000)

    def test_conditions_do_not_tell(self):
        """Whether a guess at the operators' version is right cannot be found out."""
        operators = [self.admin.get(self.case.path + rest).headers["ETag"] for rest in ("", "/team")]
        for person in (self.full, self.reader):
            for etag in operators:
                self.assertEqual(person.get(self.case.path, headers={"If-None-Match": etag}).status, 200)
                for path, body in (("/notes", {"stream": "shared", "body": "x"}),):
                    answer = person.post(self.case.path + path, body, headers={"If-Match": etag})
                    self.assertIn(answer.status, (403, 412))

    def test_writing_a_professional_note_changes_nothing_they_see(self):
        places = [self.case.path, self.case.path + "/notes", self.case.path + "/team", "support/tenants", "me"]

        def seen():
            return [(a.status, a.headers.get("ETag"), a.body) for person in (self.full, self.reader)
                    for a in (person.get(path) for path in places)]

        before = seen()
        activity = self.case.see()["case"]["last_activity_at"]
        at = self.case.path + "/notes/"
        note = self.case.note("Quiet", "professional")
        self.assertEqual(seen(), before, "written")
        self.assertGreater(self.case.see()["case"]["last_activity_at"], activity, "operators see that something was")
        for change in ({"body": "Quieter"}, {"safeguarding": True}, {"safeguarding": False, "reason": "x"}):
            self.ok(self.admin.patch(at + note["id"], change))
            self.assertEqual(seen(), before, change)
        self.assertEqual(self.admin.delete(at + note["id"]).status, 204)
        self.assertEqual(seen(), before, "deleted")
        card = self.case.contact(contact_email=address("gp"))
        self.ok(self.admin.patch(f"{self.case.path}/team/{card['id']}", {"contact_name": "Other"}))
        self.ok(self.case.end(card))
        self.assertEqual(seen(), before, "a contact card")
        self.case.note("Heard by all")
        self.assertNotEqual(seen(), before)

    def listen(self, person):
        ear = Ear(person, self.case)
        self.addCleanup(ear.close)
        self.assertEqual(ear.answer.status, 200)
        self.assertEqual(ear.next()[0], "open")
        return ear

    def operators_work(self):
        """Yields the ids of what only operators see, one after each thing that they do."""
        notes, team = self.case.path + "/notes/", self.case.path + "/team/"
        note = self.case.note(f"{WORD} live", "professional")
        yield note["id"]
        for change in ({"body": f"{WORD} live again"}, {"safeguarding": True},
                       {"safeguarding": False, "reason": f"{WORD} live reason"}):
            self.ok(self.admin.patch(notes + note["id"], change))
            yield note["id"]
        self.assertEqual(self.admin.delete(notes + note["id"]).status, 204)
        yield note["id"]
        card = self.case.contact(f"{WORD} live card", contact_email="kanarienvogel.live@mail.example")
        yield card["id"]
        self.ok(self.admin.patch(team + card["id"], {"contact_name": f"{WORD} live other"}))
        yield card["id"]
        self.ok(self.case.end(card))
        yield card["id"]
        held = self.admin.get(self.case.path + "/retention").json["legal_hold"]
        for on in (not held, held):
            self.ok(self.admin.put(self.case.path + "/legal-hold", {"on": on, "reason": f"{WORD} live hold"}))
            yield card["id"]

    def full_only_work(self):
        """What others do that a context_only collaborator has no part in: (the kind of event, what was made)."""
        session = must(self.admin.post(self.case.path + "/sessions", {
            "starts_at": "2026-12-05T10:00:00Z", "type": "other", "outcome_note": f"{FULL_ONLY} live"}), 201)
        yield "session.created", session
        self.ok(self.full.patch(f"{self.case.path}/sessions/{session['id']}", {"outcome_note": f"{FULL_ONLY} told live"}))
        yield "session.edited", session
        document = must(self.full.post(self.case.path + "/documents", {
            "type": "letter", "title": f"{FULL_ONLY} live", "body": f"{FULL_ONLY} live"}), 201)
        yield "document.created", document
        self.ok(self.full.post(f"{self.case.path}/documents/{document['id']}/submit"))
        yield "document.submitted", document

    def test_live_updates_do_not_tell(self):
        """What a stream says, and that it says anything, is of what its reader may see."""
        leaver = self.case.worker("full", "Leaver")
        full, reader, left = self.listen(self.full), self.listen(self.reader), self.listen(leaver)
        must(self.case.end(leaver.row), 200)
        self.assertEqual(left.next(), ("end", {}))
        for ear in (full, reader):
            self.assertEqual(ear.next()[1]["kinds"], ["collaborator.ended"])
        for person in (leaver, self.ended):
            self.refused(person.get(self.case.path + "/events"), 404, "not_found")
        secret, versions = set(), set()
        for made in self.operators_work():
            secret.add(made)
            versions.update(self.admin.get(self.case.path + rest).headers["ETag"]
                            for rest in ("", "/notes?stream=professional", "/team"))
        self.case.note("Loud", by=self.full)
        told = []
        for ear in (full, reader):  # the first that they hear of
            name, data = ear.next()
            self.assertEqual((name, data["kinds"]), ("change", ["note.created"]))
            told.append(data["version"])
        hidden = {full: set(), reader: set()}
        for kind, made in self.full_only_work():
            hidden[reader].update([made["id"], *([made["content_sha256"]] if "content_sha256" in made else [])])
            name, data = full.next()
            self.assertEqual((name, data["kinds"]), ("change", [kind]))
            told.append(data["version"])
        self.case.note("Loud again", by=self.full)
        for ear in (full, reader):
            name, data = ear.next()
            self.assertEqual((name, data["kinds"]), ("change", ["note.created"]))
            told.append(data["version"])
        self.assertIsNone(left.next(), "nothing after the end")
        self.assertEqual(versions & set(told), set())
        self.assertGreater(len(versions), 10)
        for ear, person in ((full, self.full), (reader, self.reader), (left, leaver)):
            self.nothing_in(ear.heard, "live", person)
            for word in secret | hidden.get(ear, set()) | {json.dumps(v)[1:-1] for v in versions}:
                self.assertNotIn(word, ear.heard, person.name)

    def test_a_document_by_mail_does_not_tell(self):
        # Every field that a template can take from the case is in it.
        fields = ("tenant.full_name", "tenant.email", "tenant.phone", "tenancy.start_date", "tenancy.rent",
                  "property.address", "organisation.name", "case.reference", "case.opened_on", "today")
        template = must(self.admin.post(f"{self.org.path}/document-templates", {
            "type": "letter", "name": "Everything", "text": "\n\n".join(
                [f"{FULL_ONLY} told of {{{{tenant.full_name}}}}", *(f"{{{{{field}}}}}" for field in fields)])}), 201)
        document = must(self.full.post(self.case.path + "/documents", {
            "type": "letter", "title": f"{FULL_ONLY} by mail", "template_id": template["id"]}), 201)
        for step in ("submit", "approve"):
            self.ok(self.admin.post(f"{self.case.path}/documents/{document['id']}/{step}"))
        to = address("council")
        self.ok(self.admin.post(f"{self.case.path}/documents/{document['id']}/send", {
            "to": {"name": "The council", "email": to}}))
        mail = self.sink.wait_for(to)
        words = words_of(mail)
        pages = [files.text_of_pdf(part.get_content()) for part in mail.message.iter_attachments()]
        self.assertEqual(len(pages), 1)
        self.assertIn(self.case.header["reference"], pages[0])
        self.assertIn(f"{FULL_ONLY} told of Dan Price", pages[0], "what was written stands there, so it was read")
        self.nothing_in(words, mail.subject)
        self.assertNotIn(WORD.lower(), words.lower())

    def test_exports_leave_no_trace_of_what_they_hold(self):
        for what in ("notes.csv", "notes.pdf", "sessions.csv", "sessions.pdf"):
            path = f"{self.case.path}/export/{what}"
            answer = self.admin.get(path)
            self.assertEqual(answer.status, 200, repr(answer))
            text = answer.text if what.endswith("csv") else files.text_of_pdf(answer.body)
            self.assertEqual((WORD in text, FULL_ONLY in text),
                             (what.startswith("notes"), what.startswith("sessions")), what)
            self.assertNotIn(WORD, str(answer.headers))
            for person in (self.full, self.reader):
                refusal = person.get(path)
                self.refused(refusal, 403, "not_permitted")
                self.nothing_in(refusal.everything, what, person)
        self.no_place_tells()

    def test_search_finds_nothing_of_it(self):
        kept = {note["id"] for note in self.private_notes[:2]}
        self.assertLessEqual(kept, {i["id"] for i in self.ok(self.admin.get(f"search?q={WORD}"))["items"]})
        nothing = self.ok(self.full.get("search?q=nosuchword"))
        self.assertEqual(nothing, {"items": [], "next": None})
        for person in (self.full, self.reader, self.ended):
            for word in (WORD, WORD.lower(), WORD[:6], f'"{WORD} kept"', f"{WORD} or nosuchword", FULL_ONLY, FULL_ONLY[:6]):
                answer = person.get(f"search?q={quote(word)}")
                self.assertEqual(self.ok(answer), nothing, f"{word} by {person.name}")
        self.assertIn(self.goal["id"], [i["id"] for i in self.ok(self.reader.get("search?q=seen"))["items"]])

    def test_no_mail_tells(self):
        person = self.case.worker("full", "Newest")
        self.ok(self.admin.post(f"{self.case.path}/team/{self.invited.row['id']}/resend-invite"))
        self.sink.wait_for(self.invited.email, lambda mail: mail.token)
        self.assertGreater(len(self.sink.all), 4)
        for mail in self.sink.all:
            self.nothing_in(words_of(mail), mail.subject)
            self.assertNotIn("kanarienvogel.gp@mail.example", mail.recipients)
        self.ok(self.case.end(person.row))

    def test_zz_no_log_line_and_no_metric_tells(self):
        """Last by its name: after everything else was tried. Operators' own requests may not be told either."""
        for path in ("", "/notes?stream=professional", "/team"):
            self.ok(self.admin.get(self.case.path + path))
        self.admin.patch(f"{self.case.path}/notes/{self.private_notes[0]['id']}", {"body": WORD * 5000})
        self.admin.get(f"support-cases?q={WORD}")
        self.no_place_tells()


if __name__ == "__main__":
    main()
