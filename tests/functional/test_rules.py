"""The domain's rules one by one, each under its number, right use and wrong use."""
import json

from harness import Person, ServiceTest, main
from world import Organisation, address

TRICKY = "Zoë 🏡 مرحبا \u202eabc\u202c e\u0301 \u200d👩‍👩‍👧 ‘quotes’ \\ \" 漢字"


class Rules(ServiceTest):
    @classmethod
    def prepare(cls):
        cls.org = Organisation(cls.service, cls.sink)
        cls.landlord = cls.org.landlord()
        cls.property = cls.org.property(cls.landlord)
        cls.manager = cls.org.manager([cls.landlord])
        cls.admin = cls.org.admin
        cls.case = cls.org.case(cls.org.tenancy(cls.property))
        cls.full = cls.case.worker("full", "Ben Okafor")
        cls.reader = cls.case.worker("context_only", "Hana Sato")

    def fresh_case(self):
        return self.org.case(self.org.tenancy(self.property))

    def test_R4_telephone_numbers_become_E164(self):
        for written, kept in (("07700 900100", "+447700900100"), ("+44 (0)113 496 0000", "+441134960000"),
                              ("0033 1 70 18 99 00", "+33170189900")):
            made = self.org.tenancy(self.property, [{"full_name": "T", "email": address("t"), "phone": written}])
            self.assertEqual(made["tenants"][0]["phone"], kept)
        for wrong in ("12", "07700 90010x", "+44 7700", ""):
            body = {"tenants": [{"full_name": "T", "email": address("t"), "phone": wrong}],
                    "start_date": "2026-06-01", "rent_pence": 1, "rent_period": "weekly"}
            self.refused(self.admin.post(f"properties/{self.property}/tenancies", body), 422, "invalid",
                         "tenants[0].phone")

    def test_R4_tenure_type_follows_the_start_date(self):
        for start, usual in (("2026-04-30", "assured_shorthold"), ("2026-05-01", "assured_periodic")):
            self.assertEqual(self.org.tenancy(self.property, start_date=start)["tenure_type"], usual)

    def test_R4_terms_that_cannot_be_are_refused_field_by_field(self):
        wrong = {"tenants": [], "start_date": "2026-02-30", "end_date": "soon", "rent_pence": 0, "rent_period": "daily",
                 "deposit": {"pence": 5, "scheme": "sock"}}
        found = self.refused(self.admin.post(f"properties/{self.property}/tenancies", wrong), 422, "invalid")
        for field in ("start_date", "end_date", "rent_period", "deposit.scheme"):
            self.assertIn(field, [e["field"] for e in found["errors"]])
        wrong = {"tenants": [], "start_date": "2026-02-03", "end_date": "2026-02-02", "rent_pence": 0,
                 "rent_period": "weekly"}
        found = self.refused(self.admin.post(f"properties/{self.property}/tenancies", wrong), 422, "invalid")
        for field in ("tenants", "end_date", "rent_pence"):
            self.assertIn(field, [e["field"] for e in found["errors"]])

    def test_R4_R6_a_joint_tenancy_has_a_case_for_each_tenant(self):
        joint = self.org.tenancy(self.property, [{"full_name": "Ann", "email": address("ann")},
                                                 {"full_name": "Bob", "email": address("bob")}])
        ann, bob = joint["tenants"]
        self.refused(self.admin.post("support-cases", {"tenancy_id": joint["id"]}), 422, "invalid", "tenant_id")
        for tenant in (ann, bob):
            made = self.ok(self.admin.post("support-cases", {"tenancy_id": joint["id"], "tenant_id": tenant["id"]}),
                           201)
            self.assertEqual(made["tenant"], {"id": tenant["id"], "full_name": tenant["full_name"]})
        other = self.org.tenancy(self.property)["tenants"][0]["id"]
        self.refused(self.admin.post("support-cases", {"tenancy_id": joint["id"], "tenant_id": other}), 422, "invalid",
                     "tenant_id")

    def test_R6_a_second_case_names_the_first(self):
        body = {"tenancy_id": self.case.tenancy["id"]}
        for operator in (self.admin, self.manager):
            problem = self.refused(operator.post("support-cases", body), 409, "case_exists")
            self.assertEqual(problem["existing_id"], self.case.id)
        stranger = Organisation(self.service, self.sink, "Elsewhere").admin
        self.refused(stranger.post("support-cases", body), 404, "not_found")
        self.refused(self.full.post("support-cases", body), 404, "not_found")

    def test_R6_an_ended_or_future_tenancy_may_have_a_case(self):
        past = self.org.tenancy(self.property, start_date="2020-01-01", end_date="2021-01-01")
        future = self.org.tenancy(self.property, start_date="2031-01-01")
        for tenancy in (past, future):
            self.org.case(tenancy)

    def test_R7_R8_a_closed_case_is_read_only(self):
        case = self.fresh_case()
        worker, other = case.worker("full"), case.invite("full", "Late Guest")
        own = case.note("Mine", by=worker)
        flagged = case.note("Risk", "professional")
        contact = case.contact()
        closed = self.ok(self.admin.post(case.path + "/close", {"reason": "Moved away"}))
        self.assertEqual(closed["status"], "closed")
        self.assertIsNotNone(closed["closed_at"])
        changes = [
            (worker.post, "/notes", {"stream": "shared", "body": "x"}),
            (worker.patch, f"/notes/{own['id']}", {"body": "x"}),
            (worker.delete, f"/notes/{own['id']}", None),
            (self.admin.patch, "", {"context_summary": "x"}),
            (self.admin.post, "/team", {"participation": "full", "full_name": "N", "email": address("n")}),
            (self.admin.patch, f"/team/{contact['id']}", {"contact_name": "x"}),
            (self.admin.post, f"/team/{other.row['id']}/resend-invite", None),
            (self.admin.post, "/close", None),
        ]
        for ask, where, body in changes:
            with self.subTest(where):
                answer = ask(case.path + where, body) if body is not None else ask(case.path + where)
                self.refused(answer, 409, "case_closed")
        self.ok(self.admin.patch(f"{case.path}/notes/{flagged['id']}", {"safeguarding": True}))
        self.ok(case.end(worker.row))
        reopened = self.ok(self.admin.post(case.path + "/reopen"))
        self.assertEqual((reopened["status"], reopened["closed_at"]), ("open", None))
        self.refused(self.admin.post(case.path + "/reopen"), 409, "case_not_closed")
        case.note("Back again.")

    def test_R8_an_invite_accepted_after_the_close_opens_nothing(self):
        case = self.fresh_case()
        person = case.invite("full", "Late Guest")
        self.ok(self.admin.post(case.path + "/close"))
        mail = self.sink.wait_for(person.email)
        self.refused(person.redeem(mail.token, "invites/redeem"), 409, "case_closed")
        self.ok(self.admin.post(case.path + "/reopen"))
        self.ok(person.redeem(mail.token, "invites/redeem"))
        case.see(person)

    def test_R9_references_are_unique_and_operators_write_the_summary(self):
        a, b = self.fresh_case(), self.fresh_case()
        self.assertNotEqual(a.header["reference"], b.header["reference"])
        changed = self.ok(self.manager.patch(a.path, {"context_summary": TRICKY}))
        self.assertEqual(changed["context_summary"], TRICKY)
        self.assertEqual(a.see()["case"]["context_summary"], TRICKY)
        emptied = self.ok(self.admin.patch(a.path, {"context_summary": ""}))
        self.assertEqual(emptied["context_summary"], "")

    def test_R10_one_edits_and_deletes_ones_own_and_an_admin_deletes_any(self):
        theirs = self.case.note("Mine to change", by=self.full)
        at = f"{self.case.path}/notes/{theirs['id']}"
        edited = self.ok(self.full.patch(at, {"body": "Changed"}))
        self.assertEqual((edited["body"], edited["author"]["full_name"]), ("Changed", "Ben Okafor"))
        self.assertIsNotNone(edited["edited_at"])
        for other in (self.admin, self.manager, self.reader):
            self.refused(other.patch(at, {"body": "Not yours"}), 403, "not_permitted")
        for other in (self.manager, self.reader):
            self.refused(other.delete(at), 403, "not_permitted")
        self.assertEqual(self.admin.delete(at).status, 204)
        self.refused(self.full.patch(at, {"body": "Too late"}), 409, "note_deleted")
        self.refused(self.admin.delete(at), 409, "note_deleted")

    def test_R10_the_stream_of_a_note_never_changes(self):
        note = self.case.note("Stays shared")
        self.refused(self.admin.patch(f"{self.case.path}/notes/{note['id']}", {"stream": "professional"}), 422,
                     "invalid", "stream")

    def test_R10_safeguarding_is_for_professional_notes_only(self):
        notes = self.case.path + "/notes"
        self.refused(self.admin.post(notes, {"stream": "shared", "body": "x", "safeguarding": True}), 422, "invalid",
                     "safeguarding")
        shared = self.case.note("Plain")
        self.refused(self.admin.patch(f"{notes}/{shared['id']}", {"safeguarding": True}), 422, "invalid",
                     "safeguarding")
        self.refused(self.full.patch(f"{notes}/{shared['id']}", {"safeguarding": True}), 422, "invalid", "safeguarding")
        flagged = self.case.note("Grave", "professional", by=self.manager, safeguarding=True)
        self.assertTrue(flagged["safeguarding"])
        self.refused(self.manager.patch(f"{notes}/{flagged['id']}", {"safeguarding": False, "reason": "r"}), 403)  # R32
        self.refused(self.admin.patch(f"{notes}/{flagged['id']}", {"safeguarding": False}), 422, "invalid", "reason")
        done = self.ok(self.admin.patch(f"{notes}/{flagged['id']}", {"safeguarding": False, "reason": "In error"}))
        self.assertFalse(done["safeguarding"])

    def test_R11_a_deleted_note_leaves_a_tombstone(self):
        case = self.fresh_case()
        worker = case.worker("full")
        note = case.note("To be forgotten", by=worker)
        self.assertEqual(worker.delete(f"{case.path}/notes/{note['id']}").status, 204)
        for person in (case.admin, worker):
            for stone in (case.notes(by=person)[0], case.see(person)["notes"]["shared"][0]):
                self.assertEqual(stone["id"], note["id"])
                self.assertIsNone(stone["body"])
                self.assertEqual(stone["deleted"]["by"]["full_name"], "Ben Okafor")
            self.assertNotIn("forgotten", person.get(case.path).text)

    def test_R12_unseen_and_unknown_are_the_same(self):
        hidden = self.org.case(self.org.tenancy(self.org.property(self.org.landlord("Out of scope"))))
        shared, private = hidden.note("s"), hidden.note("p", "professional")
        nowhere = "0198f000-0000-7000-8000-00000000000{}"
        outsider = Organisation(self.service, self.sink, "Elsewhere").admin
        for person in (self.manager, self.full, self.reader, outsider):
            for method, path, body in [
                ("GET", "", None), ("GET", "/notes", None), ("GET", "/notes?stream=professional", None),
                ("GET", "/team", None), ("PATCH", "", {"context_summary": "x"}), ("POST", "/close", None),
                ("POST", "/notes", {"stream": "professional", "body": "x"}),
                ("DELETE", f"/notes/{shared['id']}", None), ("PATCH", f"/notes/{private['id']}", {"body": "x"}),
                ("POST", "/team", {"participation": "full", "full_name": "N", "email": "n@mail.example"}),
                ("POST", f"/team/{nowhere.format(2)}/end", None),
            ]:
                with self.subTest(person=person.name, path=path):
                    unseen = person.request(method, hidden.path + path, body)
                    self.refused(unseen, 404, "not_found")
                    unknown = person.request(method, f"support-cases/{nowhere.format(1)}{path}", body)
                    self.same_problem(unseen, unknown)

    def test_R12_a_professional_note_does_not_exist_for_a_collaborator(self):
        note = self.case.note("p", "professional")
        for person in (self.full, self.reader):
            for ask, body in ((person.patch, {"body": "x"}), (person.delete, None)):
                at = f"{self.case.path}/notes/"
                unseen = ask(at + note["id"], body) if body else ask(at + note["id"])
                nowhere = "0198f000-0000-7000-8000-000000000009"
                self.same_problem(unseen, ask(at + nowhere, body) if body else ask(at + nowhere))
                self.refused(unseen, 404, "not_found")

    def test_R14_each_mode_takes_its_own_fields(self):
        team = self.case.path + "/team"
        for mode in ("full", "context_only"):
            self.refused(self.admin.post(team, {"participation": mode, "full_name": "N"}), 422, "invalid", "email")
            self.refused(self.admin.post(team, {"participation": mode, "email": address("n")}), 422, "invalid",
                         "full_name")
            self.refused(self.admin.post(team, {"participation": mode, "full_name": "N", "email": address("n"),
                                                "contact_phone": "0113 496 0000"}), 422, "invalid", "contact_phone")
        reference = {"participation": "reference_only", "contact_name": "Dr Grey"}
        self.refused(self.admin.post(team, reference), 422, "invalid")
        self.refused(self.admin.post(team, {**reference, "contact_name": " ", "contact_email": address("g")}), 422,
                     "invalid", "contact_name")
        self.refused(self.admin.post(team, {**reference, "contact_email": "no-address"}), 422, "invalid",
                     "contact_email")
        self.refused(self.admin.post(team, {**reference, "contact_email": address("g"), "email": address("g")}), 422,
                     "invalid", "email")
        self.refused(self.admin.post(team, {"participation": "boss", "full_name": "N", "email": address("n")}), 422,
                     "invalid", "participation")
        card = self.case.contact("Dr Grey", contact_email=address("grey"), contact_phone="0113 496 0000",
                                 contact_organisation_name="Mill Surgery", contact_role_label="GP")
        self.assertEqual(card["contact_phone"], "+441134960000")
        self.assertIsNone(card["invited_at"])

    def test_R15_a_new_address_gets_a_user_and_one_that_exists_only_a_row(self):
        case = self.fresh_case()
        row = case.invite("context_only", "Ben Okafor", email=self.full.email.upper()).row
        self.assertEqual(row["user_id"], self.full.user["id"], "R2: case-insensitive")
        mail = self.sink.wait_for(self.full.email, lambda m: m.token)
        again = Person(self.service)
        self.ok(again.redeem(mail.token, "invites/redeem"))
        self.assertEqual(again.landing, f"/support/cases/{case.id}")
        self.assertEqual(len(self.ok(self.full.get("support/tenants"))["items"]), 2, "the login that was there sees it")
        self.ok(case.end(row))

    def test_R15_a_reference_gets_no_mail_and_no_user(self):
        where = address("gp")
        self.case.contact("Dr Quiet", contact_email=where)
        self.nobody().post("sign-in", {"email": where})
        worker = self.fresh_case().worker("full", "A later mail")  # what was written earlier went out earlier
        self.assertEqual(self.sink.to(where), [])
        worker.hang_up()

    def test_R16_end_is_immediate_on_an_open_connection(self):
        case = self.fresh_case()
        worker = case.worker("full")
        program = worker.with_bearer()
        for person in (worker, program):
            case.see(person)  # a connection that stays open
        self.ok(case.end(worker.row))
        for person in (worker, program):
            self.refused(person.get(case.path), 404, "not_found")
            self.refused(person.post(case.path + "/notes", {"stream": "shared", "body": "x"}), 404, "not_found")
            self.assertEqual(self.ok(person.get("support/tenants"))["items"], [])

    def test_R16_not_accepted_is_no_access(self):
        case = self.fresh_case()
        row = self.ok(self.admin.post(case.path + "/team", {"participation": "full", "full_name": "Ben Okafor",
                                                            "email": self.full.email}), 201)
        self.refused(self.full.get(case.path), 404, "not_found")
        self.assertNotIn(case.id, [x["case_id"] for x in self.ok(self.full.get("support/tenants"))["items"]])
        withdrawn = self.sink.wait_for(self.full.email, lambda m: m.token)
        self.ok(self.full.post("sign-in", {"email": self.full.email}, csrf=False), 202)
        signing_in = self.sink.wait_for(self.full.email, lambda m: "sign-in" in m.subject)
        self.ok(case.end(row))
        for way in ("invites/redeem", "sign-in/redeem"):
            self.refused(Person(self.service).redeem(withdrawn.token, way), 410, "link_spent")
        self.ok(Person(self.service).redeem(signing_in.token))

    def test_R17_one_active_assignment_for_an_address(self):
        case = self.fresh_case()
        person = case.invite("full")
        for mode in ("full", "context_only"):
            body = {"participation": mode, "full_name": "Again", "email": person.email.upper()}
            self.refused(self.admin.post(case.path + "/team", body), 409, "already_assigned")
        self.ok(case.end(person.row))
        case.invite("context_only", "Right mode", email=person.email)

    def test_R17_only_contacts_can_be_edited(self):
        card = self.case.contact("Dr Old", contact_email=address("old"))
        at = f"{self.case.path}/team/{card['id']}"
        changed = self.ok(self.manager.patch(at, {"contact_name": "Dr New", "contact_phone": "0113 496 0001"}))
        self.assertEqual((changed["contact_name"], changed["contact_phone"]), ("Dr New", "+441134960001"))
        self.assertEqual(changed["contact_email"], card["contact_email"], "what is left out stays")
        self.refused(self.admin.patch(f"{self.case.path}/team/{self.full.row['id']}", {"contact_name": "x"}), 403)

    def test_resend_voids_the_older_link(self):
        case = self.fresh_case()
        person = case.invite("full")
        old = self.sink.wait_for(person.email).token
        self.ok(self.admin.post(f"{case.path}/team/{person.row['id']}/resend-invite"))
        new = self.sink.wait_for(person.email).token
        self.assertNotEqual(old, new)
        self.refused(person.redeem(old, "invites/redeem"), 410, "link_spent")
        self.ok(person.redeem(new, "invites/redeem"))
        self.refused(self.admin.post(f"{case.path}/team/{person.row['id']}/resend-invite"), 409, "already_accepted")

    def test_R19_the_caseload_goes_across_organisations(self):
        other = Organisation(self.service, self.sink, "Moor End Homes")
        worker = self.fresh_case().worker("full", "Two Hats")
        second = other.case()
        row = second.invite("context_only", "Two Hats", email=worker.email).row
        other.accept(worker)
        lines = self.ok(worker.get("support/tenants"))["items"]
        self.assertEqual({(x["organisation"]["name"], x["participation"]) for x in lines},
                         {("Harbour Homes", "full"), ("Moor End Homes", "context_only")})
        self.ok(second.end(row))
        lines = self.ok(worker.get("support/tenants"))["items"]
        self.assertEqual([x["organisation"]["name"] for x in lines], ["Harbour Homes"])

    def test_texts_are_kept_byte_for_byte(self):
        note = self.case.note(TRICKY + "\n\ttwo lines\r\n")
        self.assertEqual(note["body"], TRICKY + "\n\ttwo lines\r\n")
        raw = self.full.get(self.case.path + "/notes").body
        self.assertIn(json.dumps(TRICKY, ensure_ascii=False)[1:-1].encode(), raw)
        landlord = self.ok(self.admin.post(f"{self.org.path}/landlords", {"name": TRICKY}), 201)
        self.assertEqual(landlord["name"], TRICKY)

    def test_text_limits_count_characters(self):
        note = self.case.note("👩" * 20000)
        self.assertEqual(len(note["body"]), 20000)
        self.refused(self.admin.post(self.case.path + "/notes", {"stream": "shared", "body": "👩" * 20001}), 422,
                     "invalid", "body")
        self.ok(self.admin.post(f"{self.org.path}/landlords", {"name": "ß" * 200}), 201)
        self.refused(self.admin.post(f"{self.org.path}/landlords", {"name": "ß" * 201}), 422, "invalid", "name")
        for blank in ("", " ", "\n \t"):
            self.refused(self.admin.post(self.case.path + "/notes", {"stream": "shared", "body": blank}), 422,
                         "invalid", "body")


if __name__ == "__main__":
    main()
