"""R36: what each tier includes, and what happens when it changes."""
from harness import ServiceTest, eventually, main
from world import Organisation, address

# tier: tenancies, users, pence a month
PLANS = {"starter": (5, 1, 0), "landlord": (15, 2, 1900), "professional": (75, 5, 4900), "business": (250, 15, 9900),
         "enterprise": (750, None, 19900)}
LESSER = [tier for tier in PLANS if tier != "enterprise"]
OFFER = {"feature": "support_cases", "tier": "enterprise", "price_pence_per_month": 19900}


class Tier(ServiceTest):
    @classmethod
    def prepare(cls):
        cls.org = Organisation(cls.service, cls.sink)
        cls.admin = cls.org.admin
        cls.landlord = cls.org.landlord()
        cls.manager = cls.org.manager([cls.landlord])
        cls.case = cls.org.case(landlord=cls.landlord, context_summary="Kept through it all")
        cls.worker, cls.reader = cls.case.worker("full"), cls.case.worker("context_only")
        cls.case.note("Shared and kept")
        cls.case.note("Private and kept", "professional")

    def change(self, tier, org=None):
        """Changes the tier beside the running service, and waits until it counts."""
        org = org or self.org
        done = self.service.set_tier(org.id, tier)
        self.assertEqual(done.returncode, 0, done.stderr)
        eventually(f"{tier} counts", lambda: self.ok(org.admin.get(f"{org.path}/billing"))["tier"] == tier, 5)

    def wanting_upgrade(self, answer):
        self.assertEqual(self.refused(answer, 402, "upgrade_required")["upgrade"], OFFER)

    def operators_are_told(self):
        case = self.case.path
        tenancy = self.case.tenancy["id"]
        for operator in (self.admin, self.manager):
            for method, path, body in (
                ("GET", "support-cases", None), ("GET", f"support-cases?org={self.org.id}", None), ("GET", case, None),
                ("GET", case + "/notes", None), ("GET", case + "/notes?stream=professional", None),
                ("GET", case + "/team", None), ("POST", "support-cases", {"tenancy_id": tenancy}),
                ("PATCH", case, {"context_summary": "x"}), ("POST", case + "/close", None),
                ("POST", case + "/notes", {"stream": "shared", "body": "x"}),
                ("POST", f"{case}/team/{self.worker.row['id']}/end", None),
            ):
                with self.subTest(path=path, who=operator.name):
                    self.wanting_upgrade(operator.request(method, path, body))

    def workers_see_nothing(self):
        for worker in (self.worker, self.reader):
            unknown = worker.get("support-cases/0198f000-0000-7000-8000-000000000001")
            for path in ("", "/notes", "/team"):
                self.same_problem(worker.get(self.case.path + path), unknown)
            self.assertEqual(self.ok(worker.get("support/tenants"))["items"], [])
            self.refused(worker.post(self.case.path + "/notes", {"stream": "shared", "body": "x"}), 404, "not_found")

    def test_R36_down_and_up_again(self):
        for tier in LESSER:
            with self.subTest(tier):
                self.change(tier)
                me = self.ok(self.admin.get("me"))["organisations"][0]
                self.assertEqual((me["tier"], me["features"]), (tier, []), "the nav entry is hidden")
                self.operators_are_told()
                self.workers_see_nothing()
        self.change("enterprise")
        self.assertEqual(self.ok(self.admin.get("me"))["organisations"][0]["features"], ["support_cases"])
        seen = self.case.see()
        self.assertEqual(seen["case"]["context_summary"], "Kept through it all")
        self.assertEqual([n["body"] for n in seen["notes"]["professional"]], ["Private and kept"])
        for worker in (self.worker, self.reader):
            self.assertEqual([n["body"] for n in self.case.see(worker)["notes"]["shared"]], ["Shared and kept"])
            self.assertEqual(len(self.ok(worker.get("support/tenants"))["items"]), 1)
        self.case.note("And on it goes", by=self.worker)

    def test_R36_an_invite_redeemed_on_a_lesser_tier_opens_nothing(self):
        org = Organisation(self.service, self.sink, "Downgrading")
        case = org.case()
        person = case.invite("full")
        token = self.sink.wait_for(person.email).token
        self.change("business", org)
        answer = person.redeem(token, "invites/redeem")
        self.assertIn(answer.status, (200, 402, 404, 409, 410), repr(answer))
        self.assertNotIn("Downgrading", answer.text)
        if person.csrf:
            self.refused(person.get(case.path), 404, "not_found")
        self.change("enterprise", org)

    def test_R36_another_organisation_is_not_touched(self):
        small, large = Organisation(self.service, self.sink, "Small", "starter"), Organisation(self.service, self.sink)
        both = large.case()
        self.wanting_upgrade(small.admin.get("support-cases"))
        self.assertEqual([c["id"] for c in self.ok(large.admin.get("support-cases"))["items"]], [both.id])

    def test_R36_the_catalogue_is_on_the_billing_page(self):
        plans = {p["tier"]: p for p in self.ok(self.admin.get(f"{self.org.path}/billing"))["plans"]}
        self.assertEqual(list(plans), list(PLANS))
        for tier, (tenancies, users, pence) in PLANS.items():
            self.assertEqual((plans[tier]["tenancies"], plans[tier]["users"], plans[tier]["price_pence_per_month"]),
                             (tenancies, users, pence))
            self.assertEqual("support_cases" in plans[tier]["features"], tier == "enterprise")
        self.assertEqual(plans["enterprise"]["price_pence_per_year"], 191000)

    def test_R36_the_quota_of_tenancies(self):
        org = Organisation(self.service, self.sink, "Small", "starter")
        place = org.property()
        for _ in range(5):
            org.tenancy(place)
        body = {"tenants": [{"full_name": "One more", "email": address("more")}], "start_date": "2026-06-01",
                "rent_pence": 1, "rent_period": "weekly"}
        problem = self.refused(org.admin.post(f"properties/{place}/tenancies", body), 402, "upgrade_required")
        self.assertEqual(problem["upgrade"],
                         {"feature": "tenancies", "tier": "landlord", "price_pence_per_month": 1900})
        self.assertEqual(len(self.ok(org.admin.get(f"{org.path}/tenancies"))["items"]), 5)
        self.change("landlord", org)
        self.ok(org.admin.post(f"properties/{place}/tenancies", body), 201)

    def test_R36_the_quota_of_users(self):
        org = Organisation(self.service, self.sink, "Alone", "starter")
        body = {"email": address("two"), "full_name": "Two", "role": "org_admin"}
        problem = self.refused(org.admin.post(f"{org.path}/members", body), 402, "upgrade_required")
        self.assertEqual(problem["upgrade"], {"feature": "users", "tier": "landlord", "price_pence_per_month": 1900})
        self.change("landlord", org)
        self.ok(org.admin.post(f"{org.path}/members", body), 201)
        body["email"] = address("three")
        problem = self.refused(org.admin.post(f"{org.path}/members", body), 402, "upgrade_required")
        self.assertEqual(problem["upgrade"]["tier"], "professional")

    def test_a_tier_that_is_none_is_refused_in_one_line(self):
        for org, tier in ((self.org.id, "platinum"), ("no-id", "business"),
                          ("0198f000-0000-7000-8000-000000000001", "business")):
            done = self.service.set_tier(org, tier)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done.stderr)
        done = self.service.command("org", "create", "--name", "X", "--admin-email", "a@b.example", "--tier", "gold",
                                    "--data", str(self.service.data))
        self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done.stderr)


if __name__ == "__main__":
    main()
