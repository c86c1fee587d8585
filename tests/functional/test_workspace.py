"""Goals, sessions, the audit log, reads, retention and the legal hold, each in the roles that differ."""
import files
from harness import ServiceTest, main
from world import Organisation, must

SOON, LATER = "2026-12-01T10:00:00Z", "2026-12-02T10:00:00Z"


MANY = 10_000


class Workspace(ServiceTest):
    def setUp(self):
        self.org = Organisation(self.service, self.sink)
        self.case = self.org.case()
        self.admin = self.org.admin
        self.full, self.reader = self.case.worker("full", "Ben Okafor"), self.case.worker("context_only", "Hana Sato")

    def made(self, path, body, by=None):
        answer = (by or self.full).post(self.case.path + path, body)
        made = must(answer, 201)
        if answer.headers.get("Location"):
            self.assertTrue(answer.headers["Location"].endswith(made["id"]))
        return made

    def test_R20_goals(self):
        goal = self.made("/goals", {"title": "Cook twice a week", "description": "At home", "target_date": "2026-12-24"})
        self.assertEqual((goal["status"], goal["latest_progress"]), ("active", None))
        path = f"/goals/{goal['id']}"
        first = self.made(path + "/progress", {"text": "Made soup"})
        self.made(path + "/progress", {"text": "Made a stew"}, self.admin)
        for person in (self.admin, self.full, self.reader):
            shown = self.case.see(person)["goals"]
            self.assertEqual([(g["title"], g["latest_progress"]["text"]) for g in shown],
                             [("Cook twice a week", "Made a stew")])
            entries = self.ok(person.get(self.case.path + path + "/progress"))["items"]
            self.assertEqual([e["text"] for e in entries], ["Made a stew", "Made soup"])
        self.assertEqual(first["author"]["full_name"], "Ben Okafor")
        changed = self.ok(self.full.patch(self.case.path + path, {"status": "achieved", "target_date": None}))
        self.assertEqual((changed["status"], changed["target_date"], changed["description"]),
                         ("achieved", None, "At home"))
        self.refused(self.reader.post(self.case.path + "/goals", {"title": "Mine"}), 403, "not_permitted")
        self.refused(self.reader.patch(self.case.path + path, {"title": "Mine"}), 403, "not_permitted")

    def test_R20_bad_goals(self):
        for body, field in (({}, "title"), ({"title": " "}, "title"), ({"title": "x" * 201}, "title"),
                            ({"title": "x", "target_date": "2026-02-30"}, "target_date"),
                            ({"title": "x", "target_date": "2026-13-01"}, "target_date"),
                            ({"title": "x", "status": "lost"}, "status"), ({"title": "x", "colour": "red"}, "colour")):
            problem = self.refused(self.full.post(self.case.path + "/goals", body), 422, "invalid")
            self.assertEqual([e["field"] for e in problem["errors"]], [field], body)
        nowhere = "/goals/0198f000-0000-7000-8000-000000000001"
        self.refused(self.full.patch(self.case.path + nowhere, {"title": "x"}), 404, "not_found")
        self.refused(self.full.get(self.case.path + nowhere + "/progress"), 404, "not_found")

    def test_goals_page_by_page(self):
        titles = [f"Goal {n}" for n in range(60)]
        for title in titles:
            self.made("/goals", {"title": title})
        self.assertEqual([g["title"] for g in self.case.see()["goals"]], titles[:9:-1])
        seen, cursor = [], ""
        while cursor is not None:
            page = self.ok(self.reader.get(f"{self.case.path}/goals?limit=25" + (f"&cursor={cursor}" if cursor else "")))
            seen += [g["title"] for g in page["items"]]
            cursor = page["next"]
        self.assertEqual(seen, titles[::-1])
        oldest = self.ok(self.reader.get(f"{self.case.path}/goals?limit=200"))["items"][-1]
        self.assertEqual(self.ok(self.full.patch(f"{self.case.path}/goals/{oldest['id']}", {"status": "closed"}))["status"],
                         "closed", "one that memory no longer holds")

    def test_ten_thousand_goals_are_worked_with_like_ten(self):
        files.sql(self.service, f"""
            INSERT INTO keywork.goals (id, org_id, case_id, title, description, status, author_id, author_name, created_at)
            SELECT ('018cc251-f400-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '{self.org.id}', '{self.case.id}',
                   'Goal ' || n, repeat('to do ', 50), CASE WHEN n % 2 = 0 THEN 'active' ELSE 'closed' END,
                   '{self.full.user["id"]}', 'Ben Okafor', timestamp '2024-01-02' + n * interval '1 minute'
            FROM generate_series(1, {MANY}) n""")
        # The case is read anew, as one that was not opened for long.
        self.assertEqual(self.service.stop(), 0)
        self.service.restart()
        for person in (self.admin, self.full, self.reader):
            answer = person.get(self.case.path)
            self.assertEqual([g["title"] for g in self.ok(answer)["goals"]], [f"Goal {MANY - n}" for n in range(50)])
            self.assertLess(len(answer.body), 64 * 1024)
        fresh = self.made("/goals", {"title": "One more"})
        shown = self.case.see(self.reader)["goals"]
        self.assertEqual((len(shown), shown[0]["id"], shown[1]["title"]), (50, fresh["id"], f"Goal {MANY}"))
        seen, path = [], self.case.path + "/goals?limit=200"
        while path:
            page = self.ok(self.reader.get(path))
            self.assertLessEqual(len(page["items"]), 200)
            seen += [g["title"] for g in page["items"]]
            path = page["next"] and f"{self.case.path}/goals?limit=200&cursor={page['next']}"
        self.assertEqual(seen, ["One more", *(f"Goal {n}" for n in range(MANY, 0, -1))])
        self.refused(self.reader.get(self.case.path + f"/goals?limit={MANY}"), 400, "bad_request", "limit")
        oldest = page["items"][-1]["id"]
        self.ok(self.full.patch(f"{self.case.path}/goals/{oldest}", {"status": "active"}))
        line = next(c for c in self.ok(self.admin.get("support-cases"))["items"] if c["id"] == self.case.id)
        self.assertEqual(line["open_goals"], MANY // 2 + 2)

    def test_R21_sessions(self):
        mine = self.made("/sessions", {"starts_at": SOON, "ends_at": "2026-12-01T11:00:00Z", "type": "key_work",
                                       "attendees": ["Dan Price", "Ben Okafor"]})
        self.assertEqual((mine["status"], mine["attendees"], mine["outcome_note"]),
                         ("scheduled", ["Dan Price", "Ben Okafor"], ""))
        hers = self.made("/sessions", {"starts_at": LATER, "type": "appointment"}, self.reader)
        for person in (self.admin, self.full):
            self.assertEqual([s["id"] for s in self.case.see(person)["sessions"]], [hers["id"], mine["id"]])
            listed = self.ok(person.get(self.case.path + "/sessions"))["items"]
            self.assertEqual([s["id"] for s in listed], [hers["id"], mine["id"]], "the latest to start first")
        self.assertEqual([s["id"] for s in self.case.see(self.reader)["sessions"]], [hers["id"]])
        self.assertEqual([s["id"] for s in self.ok(self.reader.get(self.case.path + "/sessions"))["items"]], [hers["id"]])
        done = self.ok(self.reader.patch(f"{self.case.path}/sessions/{hers['id']}",
                                         {"status": "delivered", "outcome_note": "Registered with the GP"}))
        self.assertEqual((done["status"], done["outcome_note"]), ("delivered", "Registered with the GP"))
        unknown = self.reader.patch(f"{self.case.path}/sessions/0198f000-0000-7000-8000-000000000001", {"status": "missed"})
        self.same_problem(self.reader.patch(f"{self.case.path}/sessions/{mine['id']}", {"status": "missed"}), unknown)
        moved = self.ok(self.full.patch(f"{self.case.path}/sessions/{mine['id']}",
                                        {"starts_at": "2026-12-03T10:00:00Z", "ends_at": None}))
        self.assertIsNone(moved["ends_at"])
        self.assertEqual([s["id"] for s in self.case.see()["sessions"]], [mine["id"], hers["id"]])

    def test_R21_bad_sessions(self):
        good = {"starts_at": SOON, "type": "key_work"}
        for change, field in (({"ends_at": SOON}, "ends_at"), ({"ends_at": "2026-11-30T10:00:00Z"}, "ends_at"),
                              ({"starts_at": "2026-02-30T10:00:00Z"}, "starts_at"), ({"type": "party"}, "type"),
                              ({"attendees": ["x"] * 51}, "attendees"), ({"attendees": ["a\nb"]}, "attendees[0]"),
                              ({"status": "lost"}, "status")):
            problem = self.refused(self.full.post(self.case.path + "/sessions", {**good, **change}), 422, "invalid")
            self.assertEqual([e["field"] for e in problem["errors"]], [field], change)
        self.assertEqual(self.case.see()["sessions"], [])

    def test_R21_a_huge_attendee_list_leaves_nothing(self):
        good = {"starts_at": SOON, "type": "key_work"}
        made = self.made("/sessions", {**good, "attendees": [f"Person {n}" for n in range(50)]})
        huge = [f"Person {n}" for n in range(MANY)]
        for by in (self.admin, self.full, self.reader):
            self.refused(by.post(self.case.path + "/sessions", {**good, "attendees": huge}), 422, "invalid", "attendees")
        self.refused(self.full.patch(f"{self.case.path}/sessions/{made['id']}", {"attendees": huge}), 422, "invalid",
                     "attendees")
        rows = files.sql(self.service, "SELECT id, array_length(string_to_array(attendees, E'\\n'), 1) FROM "
                                       f"keywork.sessions WHERE case_id = '{self.case.id}'")
        self.assertEqual(rows, f"{made['id']}|50")
        kinds = [e["kind"] for e in self.ok(self.admin.get(self.case.path + "/audit?kind=session."))["items"]]
        self.assertEqual(kinds, ["session.created"])

    def test_sessions_of_a_reader_stay_at_hand_behind_many_others(self):
        hers = self.made("/sessions", {"starts_at": "2026-01-01T10:00:00Z", "type": "other"}, self.reader)
        for n in range(55):
            self.made("/sessions", {"starts_at": f"2026-12-{1 + n % 28:02}T{n % 24:02}:00:00Z", "type": "key_work"})
        self.assertEqual([s["id"] for s in self.case.see(self.reader)["sessions"]], [hers["id"]])
        self.assertEqual(len(self.case.see(self.full)["sessions"]), 50)

    def test_R8_a_closed_case_takes_nothing(self):
        goal = self.made("/goals", {"title": "Cook"})
        self.ok(self.admin.post(self.case.path + "/close"))
        for method, path, body in (("post", "/goals", {"title": "x"}), ("patch", f"/goals/{goal['id']}", {"title": "x"}),
                                   ("post", "/sessions", {"starts_at": SOON, "type": "other"})):
            self.refused(getattr(self.full, method)(self.case.path + path, body), 409, "case_closed")

    def test_R26_the_audit_log(self):
        note = self.case.note("First words", "professional")
        self.ok(self.admin.patch(f"{self.case.path}/notes/{note['id']}", {"body": "Second words"}))
        self.made("/goals", {"title": "Cook"})
        log = self.ok(self.admin.get(self.case.path + "/audit"))["items"]
        kinds = [e["kind"] for e in log]
        self.assertEqual(kinds[:3], ["goal.created", "note.edited", "note.created"])
        self.assertEqual(kinds[-1], "case.opened")
        self.assertIn("collaborator.accepted", kinds)
        edited = log[1]
        self.assertNotIn("words", str(edited["detail"]), "R11: no body in the log itself")
        self.assertEqual(edited["subject_id"], note["id"])
        revision = self.ok(self.admin.get(f"{self.case.path}/audit/revisions/{edited['detail']['revision']}"))
        self.assertEqual((revision["body"], revision["note_id"]), ("First words", note["id"]))
        notes = self.ok(self.admin.get(self.case.path + "/audit?kind=note."))["items"]
        self.assertEqual([e["kind"] for e in notes], ["note.edited", "note.created"])
        his = self.ok(self.admin.get(f"{self.case.path}/audit?by={self.full.user['id']}"))["items"]
        self.assertEqual({e["by"]["full_name"] for e in his}, {"Ben Okafor"})
        self.assertEqual(self.ok(self.admin.get(f"{self.case.path}/audit?to=2020-01-01T00:00:00Z"))["items"], [])
        page = self.ok(self.admin.get(f"{self.case.path}/audit?limit=1"))
        self.assertEqual(self.ok(self.admin.get(f"{self.case.path}/audit?limit=1&cursor={page['next']}"))["items"], [log[1]])
        for person in (self.full, self.reader):
            self.refused(person.get(self.case.path + "/audit"), 403, "not_permitted")
            self.refused(person.get(f"{self.case.path}/audit/revisions/{edited['detail']['revision']}"), 403, "not_permitted")
        whole = self.ok(self.admin.get(f"{self.org.path}/audit?kind=case."))["items"]
        self.assertEqual([e["kind"] for e in whole], ["case.opened"])
        self.refused(self.full.get(f"{self.org.path}/audit"), 404, "not_found")
        for query in ("kind=NOTE", "by=x", "from=yesterday", "to=2026-02-30T00:00:00Z"):
            self.refused(self.admin.get(f"{self.case.path}/audit?{query}"), 400, "bad_request")

    def test_reads_are_written_down_once_an_hour(self):
        for _ in range(3):
            self.case.see(self.full)
        self.ok(self.reader.get(self.case.path + "/notes"))
        reads = self.ok(self.admin.get(self.case.path + "/reads"))["items"]
        names = [r["by"]["full_name"] for r in reads]
        self.assertEqual({"Ben Okafor", "Hana Sato", "Ada Obi"}, set(names))
        self.assertLessEqual(names.count("Ben Okafor"), 2, "two only where the hour has turned")
        landlord = self.org.landlord()
        manager = self.org.manager([landlord])
        self.refused(manager.get(self.case.path + "/reads"), 404, "not_found")
        theirs = self.org.case(landlord=landlord)
        self.ok(manager.get(theirs.path + "/audit"))
        self.refused(manager.get(theirs.path + "/reads"), 403, "not_permitted")
        self.assertIn("Mo Karim", [r["by"]["full_name"] for r in self.ok(self.admin.get(theirs.path + "/reads"))["items"]])
        for person in (self.full, self.reader):
            self.refused(person.get(self.case.path + "/reads"), 403, "not_permitted")

    def test_R29_R32_retention_and_hold(self):
        plan = self.ok(self.admin.get(self.case.path + "/retention"))
        self.assertEqual((plan["closed"], plan["counted_from"], plan["legal_hold"]), (False, None, False))
        self.assertTrue(all(c["due_at"] is None for c in plan["classes"]))
        self.case.note("His brother must not learn the address.", "professional", safeguarding=True)
        closed = self.ok(self.admin.post(self.case.path + "/close"))["closed_at"]
        plan = self.ok(self.admin.get(self.case.path + "/retention"))
        due = {c["name"]: c for c in plan["classes"]}
        self.assertEqual(plan["counted_from"], closed)
        self.assertEqual(due["notes"]["due_at"][:4], str(int(closed[:4]) + 7))
        self.assertEqual(due["safeguarding_notes"]["due_at"][:4], str(int(closed[:4]) + 25))
        self.assertEqual(due["safeguarding_notes"]["items"], 1)
        self.assertEqual(due["case"]["due_at"], due["safeguarding_notes"]["due_at"])
        self.assertIn("7", due["notes"]["rule"])
        held = self.ok(self.admin.put(self.case.path + "/legal-hold", {"on": True, "reason": "A claim"}))
        self.assertEqual((held["on"], held["reason"]), (True, "A claim"))
        self.assertEqual(self.ok(self.admin.get(self.case.path + "/retention"))["legal_hold_reason"], "A claim")
        self.refused(self.admin.put(self.case.path + "/legal-hold", {"on": False}), 422, "invalid")
        self.assertFalse(self.ok(self.admin.put(self.case.path + "/legal-hold", {"on": False, "reason": "Settled"}))["on"])
        for person in (self.full, self.reader):
            self.refused(person.get(self.case.path + "/retention"), 403, "not_permitted")
            self.refused(person.put(self.case.path + "/legal-hold", {"on": True, "reason": "x"}), 403, "not_permitted")


if __name__ == "__main__":
    main()
