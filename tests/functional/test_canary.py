"""A word that stands only where operators may read it is nowhere else: no answer, list, mail, log line or error."""
import itertools

from harness import ServiceTest, eventually, main
from world import Organisation, address, must

WORD = "Kanarienvogel"
# Stands in what a full worker reads and a context_only one does not: others' sessions, documents.
FULL_ONLY = "Nachtigall"


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

    def requests(self, person):
        """Every route that is described, with every id and body that might open something."""
        ids = {"id": [self.case.id, self.property, self.case.tenancy["tenants"][0]["id"], self.landlord,
                      self.private_notes[0]["id"]],
               "note": [n["id"] for n in self.private_notes] + [self.shared["id"], self.contact["id"]],
               "row": [self.contact["id"], self.full.row["id"], self.private_notes[0]["id"]],
               "org": [self.org.id], "user": [self.admin.user["id"]], "goal": [self.goal["id"], self.private_notes[0]["id"]],
               "session": [self.session["id"]], "doc": [self.doc["id"], self.private_notes[0]["id"]],
               "revision": [self.revision]}
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
                    if path.endswith("/events"):
                        continue  # it does not end; what it tells is test_events.py's
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

    def test_no_mail_tells(self):
        person = self.case.worker("full", "Newest")
        self.ok(self.admin.post(f"{self.case.path}/team/{self.invited.row['id']}/resend-invite"))
        self.sink.wait_for(self.invited.email, lambda mail: mail.token)
        self.assertGreater(len(self.sink.all), 4)
        for mail in self.sink.all:
            self.nothing_in(mail.everything, mail.subject)
            self.assertNotIn("kanarienvogel.gp@mail.example", mail.recipients)
        self.ok(self.case.end(person.row))

    def test_zz_no_log_line_and_no_metric_tells(self):
        """Last by its name: after everything else was tried. Operators' own requests may not be told either."""
        for path in ("", "/notes?stream=professional", "/team"):
            self.ok(self.admin.get(self.case.path + path))
        self.admin.patch(f"{self.case.path}/notes/{self.private_notes[0]['id']}", {"body": WORD * 5000})
        self.admin.get(f"support-cases?q={WORD}")
        eventually("the log has it all", lambda: self.service.events()[-1]["event"] == "http.request")
        for place in (self.service.log(), self.service.said_file.read_text(), self.service.metrics(),
                      (self.service.data / "pg" / "log").read_text(errors="replace")
                      if (self.service.data / "pg" / "log").is_file() else ""):
            self.assertNotIn(WORD.lower(), place.lower())


if __name__ == "__main__":
    main()
