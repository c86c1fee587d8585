"""The whole story: from `org create` and a new tenancy to an invited worker who reads what she may and nothing more."""
from harness import Person, ServiceTest, main
from world import Organisation, address


class Story(ServiceTest):
    """In the order that the sources tell it; each step goes on from the one before."""

    def test_story(self):
        org = Organisation(self.service, self.sink, "Harbour Homes")
        self.assertEqual(org.admin.landing, "/support-cases", "R38")
        tenancy = self.tenancy_is_made_and_its_tenant_told(org)
        case = self.case_is_opened(org, tenancy)
        full, reader = self.workers_are_invited_and_accept(org, case)
        self.notes_go_where_they_belong(case, full, reader)
        self.ending_ends(case, full, reader)

    def tenancy_is_made_and_its_tenant_told(self, org):
        tenant = {"full_name": "Dan Price", "email": address("dan"), "phone": "07700 900100"}
        made = org.tenancy(org.property(org.landlord()), [tenant], tenure_type="licence_agreement",
                           deposit={"pence": 50000, "scheme": "dps"})
        self.assertEqual(made["tenants"][0]["phone"], "+447700900100")
        self.assertEqual(made["rent_pence"], 64500)
        self.assertIsNone(made["end_date"])
        mail = self.sink.wait_for(tenant["email"])
        for fact in ("Dan Price", "14 Mill Lane", "645.00", "Harbour Homes"):
            self.assertIn(fact, mail.text, "R5")
            self.assertIn(fact, mail.html, "R5")
        for secret in ("support", "case", "welfare"):
            self.assertNotIn(secret, (mail.subject + mail.text + mail.html).lower(), "R5: nothing tells of a case")
        return made

    def case_is_opened(self, org, tenancy):
        picker = self.ok(org.admin.get(f"{org.path}/tenancies?without_case=true&q=price"))
        self.assertEqual([t["id"] for t in picker["items"]], [tenancy["id"]])
        case = org.case(tenancy, context_summary="Moved in June. Hard of hearing.")
        self.assertRegex(case.header["reference"], r"\S")
        self.assertEqual(case.header["tenant"]["full_name"], "Dan Price")
        self.assertEqual(self.ok(org.admin.get(f"{org.path}/tenancies?without_case=true"))["items"], [])
        self.assertEqual(len(self.sink.to(tenancy["tenants"][0]["email"])), 1, "the tenant hears nothing of it")
        return case

    def workers_are_invited_and_accept(self, org, case):
        full, reader = case.invite("full", "Ben Okafor"), case.invite("context_only", "Hana Sato")
        self.assertIsNone(full.row["accepted_at"])
        self.refused(Person(self.service).get(case.path), 401, "not_signed_in")
        mail = self.sink.wait_for(full.email)
        self.assertEqual(mail.subject, "You've been invited to Keywork as a support worker.")
        self.assertNotIn("Dan Price", mail.everything, "the invite names no tenant")
        self.ok(full.redeem(mail.token, "invites/redeem"))
        self.assertEqual(full.landing, "/support/tenants", "R38")
        org.accept(reader)
        self.assertEqual(reader.landing, f"/support/cases/{case.id}", "R38")
        lines = self.ok(full.get("support/tenants"))["items"]
        self.assertEqual([(x["case_id"], x["organisation"]["name"], x["participation"]) for x in lines],
                         [(case.id, "Harbour Homes", "full")], "R19")
        team = {row["email"]: row for row in self.ok(case.admin.get(case.path + "/team"))["items"]}
        self.assertIsNotNone(team[full.email]["accepted_at"])
        return full, reader

    def notes_go_where_they_belong(self, case, full, reader):
        case.note("Keys handed over.")
        case.note("His brother must not learn the address.", "professional", safeguarding=True)
        case.note("Met him at the job centre.", by=full)
        self.refused(reader.post(case.path + "/notes", {"stream": "shared", "body": "No."}), 403, "not_permitted")
        both = ["Met him at the job centre.", "Keys handed over."]
        for person in (full, reader):
            seen = case.see(person)
            self.assertEqual([n["body"] for n in seen["notes"]["shared"]], both)
            self.assertEqual(list(seen["notes"]), ["shared"])
            self.assertEqual(seen["case"]["context_summary"], "Moved in June. Hard of hearing.")
            self.refused(person.get(case.path + "/notes?stream=professional"), 403, "not_permitted")
        self.assertEqual([n["body"] for n in case.see()["notes"]["professional"]],
                         ["His brother must not learn the address."])
        self.assertNotIn("documents", case.see(reader))
        self.assertEqual(set(case.see(reader)["team"][0]), {"participation", "full_name"}, "names and modes only")

    def ending_ends(self, case, full, reader):
        unknown = full.get("support-cases/0198f000-0000-7000-8000-000000000001")
        ended = self.ok(case.end(full.row))
        self.assertIsNotNone(ended["ended_at"])
        self.same_problem(full.get(case.path), unknown)  # R12
        self.assertEqual(self.ok(full.get("support/tenants"))["items"], [])
        author = [n["author"]["full_name"] for n in case.see(reader)["notes"]["shared"]]
        self.assertIn("Ben Okafor", author, "R16: history keeps its authorship")
        self.ok(full.get("me"))
        self.refused(case.end(full.row), 409, "already_ended")


if __name__ == "__main__":
    main()
