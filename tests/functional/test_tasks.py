"""Tasks of the day, and what the lists show of goals and sessions."""
import datetime

import files
from harness import ServiceTest, main
from world import Organisation, must

NOW = datetime.datetime.now(datetime.timezone.utc)


def day(days):
    return (NOW + datetime.timedelta(days=days)).date().isoformat()


def at(**ahead):
    return (NOW + datetime.timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Tasks(ServiceTest):
    @classmethod
    def prepare(cls):
        cls.org = Organisation(cls.service, cls.sink)
        cls.admin = cls.org.admin
        must(cls.admin.patch(cls.org.path, {"time_zone": "UTC"}), 200)

    def goal(self, case, title, target, by=None):
        return must((by or self.admin).post(f"{case.path}/goals", {"title": title, "target_date": target}), 201)

    def session(self, case, starts_at, by=None):
        return must((by or self.admin).post(f"{case.path}/sessions", {
            "starts_at": starts_at, "type": "key_work"}), 201)

    def tasks(self, person, case, query=""):
        return [t for t in self.ok(person.get("tasks?limit=200" + query))["items"] if t["case_id"] == case.id]

    def line(self, case):
        return next(c for c in self.ok(self.admin.get("support-cases"))["items"] if c["id"] == case.id)

    def test_R20_R21_each_role_has_the_tasks_it_may_see(self):
        case = self.org.case()
        worker, reader = case.worker("full"), case.worker("context_only")
        late = self.goal(case, "Late", day(-2))
        self.goal(case, "In time", day(2))
        # Within today in UTC, whatever the time is.
        noon = NOW.strftime("%Y-%m-%dT12:00:00Z")
        by_worker, by_reader = self.session(case, noon, worker), self.session(case, noon, reader)
        document = must(self.admin.post(f"{case.path}/documents", {
            "type": "recurring_assessment", "title": "Review", "body": "x", "due_every_months": 1}), 201)
        self.assertIsNotNone(document["due_on"])
        for person in (self.admin, worker):
            seen = self.tasks(person, case)
            self.assertEqual([(t["kind"], t["id"]) for t in seen],
                             [("goal_overdue", late["id"]), ("session_today", by_worker["id"]),
                              ("session_today", by_reader["id"])])
            self.assertEqual(seen[0]["title"], "Late")
            self.assertEqual(seen[0]["due_on"], day(-2))
            self.assertEqual(seen[0]["tenant"], case.header["tenant"])
            self.assertEqual(seen[0]["organisation"]["id"], self.org.id)
            self.assertEqual(seen[1]["starts_at"], noon)
            self.assertEqual(seen[1]["title"], "key_work")
        self.assertEqual([t["id"] for t in self.tasks(reader, case)], [late["id"], by_reader["id"]])
        must(self.admin.patch(f"{case.path}/goals/{late['id']}", {"status": "achieved"}), 200)
        self.assertEqual(len(self.tasks(worker, case)), 2)
        must(self.admin.post(f"{case.path}/close"), 200)
        self.assertEqual(self.tasks(self.admin, case), [])

    def test_R25_recurring_assessments_that_are_due_and_overdue(self):
        case = self.org.case()
        worker, reader = case.worker("full"), case.worker("context_only")

        def assessment(title, due_on, by=self.admin):
            made = must(by.post(f"{case.path}/documents", {
                "type": "recurring_assessment", "title": title, "body": "x", "due_every_months": 1}), 201)
            files.sql(self.service, f"UPDATE keywork.documents SET due_on = '{due_on}' WHERE id = '{made['id']}'")
            return made

        overdue = assessment("Overdue", day(-1))
        due = assessment("Due today", day(0), worker)
        soon = assessment("Due within a fortnight", day(14))
        assessment("Due later", day(16))
        void = assessment("Void", day(-3))
        must(self.admin.post(f"{case.path}/documents/{void['id']}/void", {"reason": "Twice"}), 200)
        for person in (self.admin, worker):
            self.assertEqual([(t["kind"], t["id"], t["title"], t["due_on"]) for t in self.tasks(person, case)],
                             [("document_overdue", overdue["id"], "Overdue", day(-1)),
                              ("document_due", due["id"], "Due today", day(0)),
                              ("document_due", soon["id"], "Due within a fortnight", day(14))], person.name)
        self.assertEqual(self.tasks(reader, case), [])
        must(case.end(worker.row), 200)
        self.assertEqual(self.tasks(worker, case), [])
        # Made again and approved, what came before is due no more, and the new one only in a month.
        for step in ("submit", "approve"):
            must(self.admin.post(f"{case.path}/documents/{soon['id']}/{step}"), 200)
        self.assertEqual(self.tasks(self.admin, case), [])

    def test_pages_go_on_where_the_last_one_ended(self):
        org = Organisation(self.service, self.sink, "Paged Homes")
        case = org.case()
        wanted = [self.goal(case, f"Goal {n}", day(-9 + n // 2), org.admin)["id"] for n in range(7)]
        seen, path = [], "tasks?limit=3"
        while path:
            page = self.ok(org.admin.get(path))
            seen += [t["id"] for t in page["items"]]
            path = page["next"] and f"tasks?limit=3&cursor={page['next']}"
        self.assertEqual(seen, wanted)
        self.refused(org.admin.get("tasks?cursor=x"), 400, "bad_request", "cursor")

    def test_the_lists_count_open_goals_and_show_the_next_session(self):
        case = self.org.case()
        worker, reader = case.worker("full"), case.worker("context_only")
        self.assertEqual((self.line(case)["open_goals"], self.line(case)["next_session_at"]), (0, None))
        goal = self.goal(case, "One", None)
        self.goal(case, "Two", None)
        activity = self.ok(worker.get("support/tenants"))["items"][0]["last_activity_at"]
        later, sooner = at(days=3), at(days=1)
        self.session(case, later, reader)
        first = self.session(case, sooner)
        self.assertEqual((self.line(case)["open_goals"], self.line(case)["next_session_at"]), (2, sooner))
        self.assertEqual(self.ok(worker.get("support/tenants"))["items"][0]["next_session_at"], sooner)
        self.assertEqual(self.ok(reader.get("support/tenants"))["items"][0]["next_session_at"], later)
        self.assertIsNotNone(activity)
        must(self.admin.patch(f"{case.path}/sessions/{first['id']}", {"status": "cancelled"}), 200)
        must(self.admin.patch(f"{case.path}/goals/{goal['id']}", {"status": "closed"}), 200)
        self.assertEqual((self.line(case)["open_goals"], self.line(case)["next_session_at"]), (1, later))
        self.assertEqual(self.ok(worker.get("support/tenants"))["items"][0]["next_session_at"], later)

    def test_other_organisations_have_none_of_it(self):
        case = self.org.case()
        self.goal(case, "Late", day(-2))
        other = Organisation(self.service, self.sink, "Elsewhere Homes")
        self.assertEqual(self.ok(other.admin.get("tasks")), {"items": [], "next": None})
        self.assertEqual(self.ok(other.admin.get(f"tasks?org={self.org.id}"))["items"], [])
        self.assertEqual(len(self.tasks(self.admin, case, f"&org={self.org.id}")), 1)
        self.refused(self.nobody().get("tasks"), 401)


if __name__ == "__main__":
    main()
