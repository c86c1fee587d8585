"""Search over notes and goals: everybody finds what they may read, and learns of nothing else."""
from harness import ServiceTest, main
from world import Organisation, must


class Search(ServiceTest):
    @classmethod
    def prepare(cls):
        cls.org = Organisation(cls.service, cls.sink)
        cls.admin = cls.org.admin
        cls.landlord = cls.org.landlord()
        cls.case = cls.org.case(landlord=cls.landlord)
        cls.shared = cls.case.note("Rang the council about the boiler; it is mended on Thursday.")
        cls.private = cls.case.note("Boiler: worried about a xylophone", "professional")
        cls.goal = must(cls.admin.post(f"{cls.case.path}/goals", {
            "title": "Learn to use the boiler", "description": "with the timer"}), 201)
        cls.worker, cls.reader = cls.case.worker("full"), cls.case.worker("context_only")

    def search(self, person, text, **more):
        from urllib.parse import urlencode
        return self.ok(person.get("search?" + urlencode({"q": text, **more})))

    def found(self, person, text, **more):
        return [i["id"] for i in self.search(person, text, **more)["items"]]

    def test_a_find_says_where_it_is(self):
        goal, note = self.search(self.admin, "council or timer")["items"]
        self.assertEqual((goal["kind"], goal["id"], goal["stream"]), ("goal", self.goal["id"], None))
        self.assertEqual((note["kind"], note["id"], note["stream"]), ("note", self.shared["id"], "shared"))
        self.assertIn("council about the boiler", note["snippet"])
        self.assertEqual(note["case_id"], self.case.id)
        self.assertEqual(note["reference"], self.case.header["reference"])
        self.assertEqual(note["tenant"], self.case.header["tenant"])
        self.assertEqual(note["organisation"], {"id": self.org.id, "name": self.org.name})
        self.assertEqual(note["author_name"], "Ada Obi")

    def test_R13_workers_find_nothing_of_the_professional_stream(self):
        self.assertEqual(self.found(self.admin, "boiler"), [self.goal["id"], self.private["id"], self.shared["id"]])
        for person in (self.worker, self.reader):
            with self.subTest(person.email):
                page = self.search(person, "boiler")
                self.assertEqual([i["id"] for i in page["items"]], [self.goal["id"], self.shared["id"]])
                self.assertIsNone(page["next"])
                self.assertEqual(page["items"][0]["tenant"], self.case.header["tenant"])
                self.assertEqual(self.search(person, "xylophone"), self.search(person, "nosuchword"))

    def test_R3_a_manager_finds_in_the_cases_of_their_landlords(self):
        manager, stranger = self.org.manager([self.landlord]), self.org.manager([self.org.landlord("Other")])
        self.assertEqual(len(self.found(manager, "boiler")), 3)
        self.assertEqual(self.found(stranger, "boiler"), [])

    def test_pages_go_on_where_the_last_one_ended(self):
        first = self.search(self.admin, "boiler", limit=2)
        rest = self.search(self.admin, "boiler", limit=2, cursor=first["next"])
        self.assertEqual([i["id"] for i in first["items"] + rest["items"]], self.found(self.admin, "boiler"))
        self.assertIsNone(rest["next"])

    def test_other_organisations_find_nothing_and_may_not_be_asked_for(self):
        other = Organisation(self.service, self.sink, "Elsewhere Homes")
        self.assertEqual(self.found(other.admin, "boiler"), [])
        self.assertEqual(self.found(other.admin, "boiler", org=self.org.id), [])
        self.assertEqual(len(self.found(self.admin, "boiler", org=self.org.id)), 3)

    def test_an_edit_a_deletion_and_an_end_count_at_once(self):
        case = self.org.case()
        note, worker = case.note("a saxophone"), case.worker("full")
        self.assertEqual(self.found(worker, "saxo"), [note["id"]])
        must(self.admin.patch(f"{case.path}/notes/{note['id']}", {"body": "a trombone"}), 200)
        self.assertEqual(self.found(worker, "saxo"), [])
        self.assertEqual(self.found(worker, "trombones"), [note["id"]])
        must(case.end(worker.row), 200)
        self.assertEqual(self.found(worker, "trombones"), [])
        must(self.admin.post(f"{case.path}/close"), 200)
        self.assertEqual(self.found(self.admin, "trombones"), [note["id"]])
        must(self.admin.post(f"{case.path}/reopen"), 200)
        must(self.admin.delete(f"{case.path}/notes/{note['id']}"), 204)
        self.assertEqual(self.found(self.admin, "trombones"), [])

    def test_hostile_words_are_words(self):
        for text in ("", " ", "the", "'", "&|!():*<->", "\\", "\"", "' OR 1=1 --", "%", "x:* & y", "or -"):
            with self.subTest(text):
                self.assertEqual(self.search(self.admin, text), {"items": [], "next": None})
        self.refused(self.admin.get("search?q=" + "x" * 201), 400, "bad_request", "q")
        self.refused(self.admin.get("search?q=a%00b"), 400, "bad_request")
        self.refused(self.admin.get("search?q=a&q=b"), 400, "bad_request", "q")
        self.refused(self.admin.get("search?q=a&cursor=b"), 400, "bad_request", "cursor")
        self.refused(self.nobody().get("search?q=boiler"), 401)

    def test_R36_an_operator_without_the_tier_is_told_so(self):
        lesser = Organisation(self.service, self.sink, "Small Homes", "business")
        for path in ("search?q=boiler", "tasks", f"search?q=boiler&org={lesser.id}"):
            self.refused(lesser.admin.get(path), 402, "upgrade_required")


if __name__ == "__main__":
    main()
