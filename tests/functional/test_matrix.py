"""Who may do what (DOMAIN §3): everybody tries everything, and one table says what they have to be told."""
from harness import ServiceTest, main
from world import Organisation, address, must

# org_admin, property_manager in scope, property_manager out of scope, full, context_only, ended, invited and signed in
# but not accepted, the person behind a reference contact, another organisation's admin, nobody signed in
PEOPLE = ("admin", "manager", "far_manager", "full", "reader", "ended", "invited", "reference", "outsider", "nobody")

TABLE = """
                            A    P    p    F    C    e    i    r    o    -
see_workspace               200  200  404  200  200  404  404  404  404  401
see_shared_notes            200  200  404  200  200  404  404  404  404  401
see_professional_notes      200  200  404  403  403  404  404  404  404  401
see_team                    200  200  404  200  200  404  404  404  404  401
edit_summary                200  200  404  403  403  404  404  404  404  401
close                       200  200  404  403  403  404  404  404  404  401
reopen                      200  200  404  403  403  404  404  404  404  401
write_shared_note           201  201  404  201  403  404  404  404  404  401
write_professional_note     201  201  404  403  403  404  404  404  404  401
write_safeguarding_note     201  201  404  403  403  404  404  404  404  401
edit_own_shared_note        200  200  404  200  403  404  404  404  404  401
edit_others_shared_note     403  403  404  403  403  404  404  404  404  401
edit_others_professional    403  403  404  404  404  404  404  404  404  401
flag_others_professional    200  200  404  404  404  404  404  404  404  401
unflag_with_reason          200  403  404  404  404  404  404  404  404  401
delete_others_shared_note   204  403  404  403  403  404  404  404  404  401
delete_own_shared_note      204  204  404  204  403  404  404  404  404  401
delete_others_professional  204  403  404  404  404  404  404  404  404  401
invite_full                 201  201  404  403  403  404  404  404  404  401
invite_context_only         201  201  404  403  403  404  404  404  404  401
add_reference               201  201  404  403  403  404  404  404  404  401
edit_reference              200  200  404  403  403  404  404  404  404  401
end_worker                  200  200  404  403  403  404  404  404  404  401
end_reference               200  200  404  403  403  404  404  404  404  401
resend_invite               200  200  404  403  403  404  404  404  404  401
see_goals                   200  200  404  200  200  404  404  404  404  401
see_goal                    200  200  404  200  200  404  404  404  404  401
add_goal                    201  201  404  201  403  404  404  404  404  401
edit_others_goal            200  200  404  200  403  404  404  404  404  401
see_progress                200  200  404  200  200  404  404  404  404  401
add_progress                201  201  404  201  403  404  404  404  404  401
see_sessions                200  200  404  200  200  404  404  404  404  401
see_others_session          200  200  404  200  404  404  404  404  404  401
see_own_session             200  200  404  200  200  404  404  404  404  401
add_session                 201  201  404  201  201  404  404  404  404  401
edit_own_session            200  200  404  200  200  404  404  404  404  401
edit_others_session         200  200  404  200  404  404  404  404  404  401
see_documents               200  200  404  200  403  404  404  404  404  401
see_document                200  200  404  200  403  404  404  404  404  401
see_document_trail          200  200  404  200  403  404  404  404  404  401
see_document_templates      200  200  404  200  403  404  404  404  404  401
create_document             201  201  404  201  403  404  404  404  404  401
edit_document               200  200  404  200  403  404  404  404  404  401
submit_document             200  200  404  200  403  404  404  404  404  401
return_document             200  200  404  403  403  404  404  404  404  401
approve_document            200  200  404  403  403  404  404  404  404  401
send_document               200  200  404  403  403  404  404  404  404  401
void_draft                  200  200  404  200  403  404  404  404  404  401
void_submitted              200  200  404  403  403  404  404  404  404  401
see_audit                   200  200  404  403  403  404  404  404  404  401
see_reads                   200  403  404  403  403  404  404  404  404  401
see_retention               200  200  404  403  403  404  404  404  404  401
hold                        200  200  404  403  403  404  404  404  404  401
export_notes                200  200  404  403  403  404  404  404  404  401
export_sessions             200  200  404  403  403  404  404  404  404  401
open_case                   201  201  404  404  404  404  404  404  404  401
list_cases                  200  200  200  403  403  403  403  403  200  401
list_cases_of_org           200  200  200  404  404  404  404  404  404  401
list_caseload               200  200  200  200  200  200  200  200  200  401
see_me                      200  200  200  200  200  200  200  200  200  401
see_org_audit               200  403  403  404  404  404  404  404  404  401
see_settings                200  403  403  404  404  404  404  404  404  401
change_settings             200  403  403  404  404  404  404  404  404  401
see_billing                 200  403  403  404  404  404  404  404  404  401
see_members                 200  403  403  404  404  404  404  404  404  401
add_member                  201  403  403  404  404  404  404  404  404  401
remove_member               204  403  403  404  404  404  404  404  404  401
see_landlords               200  200  200  404  404  404  404  404  404  401
add_landlord                201  403  403  404  404  404  404  404  404  401
rename_landlord             200  403  403  404  404  404  404  404  404  401
see_properties              200  200  200  404  404  404  404  404  404  401
add_property                201  201  404  404  404  404  404  404  404  401
change_property             200  200  404  404  404  404  404  404  404  401
see_tenancies               200  200  200  404  404  404  404  404  404  401
create_tenancy              201  201  404  404  404  404  404  404  404  401
change_tenant               200  200  404  404  404  404  404  404  404  401
"""


class Actions:
    """How each action of the table is tried: method, path, body. What it needs is made by people who may."""

    def __init__(self, world):
        self.w, self.case, self.org = world, world.case, world.org

    def at(self, method, rest="", body=None):
        return method, self.case.path + rest, body

    def of(self, method, rest="", body=None):
        return method, self.org.path + rest, body

    def note(self, stream="shared", by=None, **more):
        """The path of a new note, by somebody who tries nothing in the table."""
        return f"/notes/{self.case.note('to try on', stream, by=by or self.w.second_admin, **more)['id']}"

    def own(self, person):
        """A note of this person's own, if they can write one."""
        may = person in (self.w.admin, self.w.manager, self.w.full)
        return self.note(by=person if may else None)

    see_workspace = lambda self, p: self.at("GET")
    see_shared_notes = lambda self, p: self.at("GET", "/notes?stream=shared")
    see_professional_notes = lambda self, p: self.at("GET", "/notes?stream=professional")
    see_team = lambda self, p: self.at("GET", "/team")
    edit_summary = lambda self, p: self.at("PATCH", "", {"context_summary": f"By {p.name}"})
    close = lambda self, p: self.at("POST", "/close", {"reason": "to try"})

    def reopen(self, _):
        must(self.w.admin.post(self.case.path + "/close"))
        return self.at("POST", "/reopen")

    write_shared_note = lambda self, p: self.at("POST", "/notes", {"stream": "shared", "body": "x"})
    write_professional_note = lambda self, p: self.at("POST", "/notes", {"stream": "professional", "body": "x"})
    write_safeguarding_note = lambda self, p: self.at(
        "POST", "/notes", {"stream": "professional", "body": "x", "safeguarding": True})
    edit_own_shared_note = lambda self, p: self.at("PATCH", self.own(p), {"body": "y"})
    edit_others_shared_note = lambda self, p: self.at("PATCH", self.note(), {"body": "y"})
    edit_others_professional = lambda self, p: self.at("PATCH", self.note("professional"), {"body": "y"})
    flag_others_professional = lambda self, p: self.at("PATCH", self.note("professional"), {"safeguarding": True})
    unflag_with_reason = lambda self, p: self.at("PATCH", self.note("professional", safeguarding=True),
                                                 {"safeguarding": False, "reason": "to try"})
    delete_others_shared_note = lambda self, p: self.at("DELETE", self.note())
    delete_own_shared_note = lambda self, p: self.at("DELETE", self.own(p))
    delete_others_professional = lambda self, p: self.at("DELETE", self.note("professional"))
    invite_full = lambda self, p: self.at(
        "POST", "/team", {"participation": "full", "full_name": "New", "email": address("new")})
    invite_context_only = lambda self, p: self.at(
        "POST", "/team", {"participation": "context_only", "full_name": "New", "email": address("new")})
    add_reference = lambda self, p: self.at(
        "POST", "/team", {"participation": "reference_only", "contact_name": "New", "contact_email": address("new")})
    edit_reference = lambda self, p: self.at("PATCH", f"/team/{self.w.contact['id']}", {"contact_name": p.name})
    end_worker = lambda self, p: self.at("POST", f"/team/{self.case.invite('full', 'To End').row['id']}/end")
    end_reference = lambda self, p: self.at(
        "POST", f"/team/{self.case.contact(contact_email=address('gp'))['id']}/end")
    resend_invite = lambda self, p: self.at("POST", f"/team/{self.w.invited.row['id']}/resend-invite")

    def goal(self):
        """The path of a new goal, by somebody who tries nothing in the table."""
        return f"/goals/{must(self.w.second_admin.post(self.case.path + '/goals', {'title': 'x'}), 201)['id']}"

    def session(self, by=None):
        return "/sessions/" + must((by or self.w.second_admin).post(
            self.case.path + "/sessions", {"starts_at": "2026-12-01T10:00:00Z", "type": "other"}), 201)["id"]

    def own_session(self, person):
        """A session of this person's own, if they can record one."""
        may = person in (self.w.admin, self.w.manager, self.w.full, self.w.reader)
        return self.session(person if may else None)

    def document(self, *steps):
        path = "/documents/" + must(self.w.second_admin.post(
            self.case.path + "/documents", {"type": "letter", "title": "x", "body": "x"}), 201)["id"]
        for step in steps:
            must(self.w.second_admin.post(f"{self.case.path}{path}/{step}"), 200)
        return path

    see_goals = lambda self, p: self.at("GET", "/goals")
    see_goal = lambda self, p: self.at("GET", self.goal())
    add_goal = lambda self, p: self.at("POST", "/goals", {"title": "x"})
    edit_others_goal = lambda self, p: self.at("PATCH", self.goal(), {"title": "y"})
    see_progress = lambda self, p: self.at("GET", self.goal() + "/progress")
    add_progress = lambda self, p: self.at("POST", self.goal() + "/progress", {"text": "x"})
    see_sessions = lambda self, p: self.at("GET", "/sessions")
    see_others_session = lambda self, p: self.at("GET", self.session())
    see_own_session = lambda self, p: self.at("GET", self.own_session(p))
    add_session = lambda self, p: self.at("POST", "/sessions", {"starts_at": "2026-12-01T10:00:00Z", "type": "other"})
    edit_own_session = lambda self, p: self.at("PATCH", self.own_session(p), {"status": "delivered"})
    edit_others_session = lambda self, p: self.at("PATCH", self.session(), {"status": "delivered"})
    see_documents = lambda self, p: self.at("GET", "/documents")
    see_document = lambda self, p: self.at("GET", self.document())
    see_document_trail = lambda self, p: self.at("GET", self.document() + "/audit")
    see_document_templates = lambda self, p: self.at("GET", "/document-templates")
    create_document = lambda self, p: self.at("POST", "/documents", {"type": "letter", "title": "x", "body": "x"})
    edit_document = lambda self, p: self.at("PATCH", self.document(), {"title": "y"})
    submit_document = lambda self, p: self.at("POST", self.document() + "/submit")
    return_document = lambda self, p: self.at("POST", self.document("submit") + "/return", {"reason": "x"})
    approve_document = lambda self, p: self.at("POST", self.document("submit") + "/approve")
    send_document = lambda self, p: self.at("POST", self.document("submit", "approve") + "/send",
                                            {"to": {"name": "T", "email": address("t")}})
    void_draft = lambda self, p: self.at("POST", self.document() + "/void", {"reason": "x"})
    void_submitted = lambda self, p: self.at("POST", self.document("submit") + "/void", {"reason": "x"})
    see_audit = lambda self, p: self.at("GET", "/audit")
    see_reads = lambda self, p: self.at("GET", "/reads")
    see_retention = lambda self, p: self.at("GET", "/retention")
    hold = lambda self, p: self.at("PUT", "/legal-hold", {"on": True, "reason": "x"})
    export_notes = lambda self, p: self.at("GET", "/export/notes.csv")
    export_sessions = lambda self, p: self.at("GET", "/export/sessions.pdf")
    see_org_audit = lambda self, p: self.of("GET", "/audit")

    open_case = lambda self, p: ("POST", "support-cases", {"tenancy_id": self.org.tenancy(self.w.property)["id"]})
    list_cases = lambda self, p: ("GET", "support-cases", None)
    list_cases_of_org = lambda self, p: ("GET", f"support-cases?org={self.org.id}", None)
    list_caseload = lambda self, p: ("GET", "support/tenants", None)
    see_me = lambda self, p: ("GET", "me", None)

    see_settings = lambda self, p: self.of("GET")
    change_settings = lambda self, p: self.of("PATCH", "", {"name": "Harbour Homes II"})
    see_billing = lambda self, p: self.of("GET", "/billing")
    see_members = lambda self, p: self.of("GET", "/members")
    add_member = lambda self, p: self.of(
        "POST", "/members", {"email": address("m"), "full_name": "M", "role": "property_manager"})
    remove_member = lambda self, p: self.of(
        "DELETE", f"/members/{self.org.invite_manager([self.w.landlord]).user['id']}")
    see_landlords = lambda self, p: self.of("GET", "/landlords")
    add_landlord = lambda self, p: self.of("POST", "/landlords", {"name": "New"})
    rename_landlord = lambda self, p: self.of("PATCH", f"/landlords/{self.w.landlord}", {"name": f"By {p.name}"})
    see_properties = lambda self, p: self.of("GET", "/properties")
    add_property = lambda self, p: self.of("POST", "/properties", {
        "landlord_id": self.w.landlord, "address": {"line1": "1", "town": "Leeds", "postcode": "LS1"}})
    change_property = lambda self, p: self.of("PATCH", f"/properties/{self.w.property}", {
        "address": {"line1": f"By {p.name}", "town": "Leeds", "postcode": "LS1"}})
    see_tenancies = lambda self, p: self.of("GET", "/tenancies")
    create_tenancy = lambda self, p: ("POST", f"properties/{self.w.property}/tenancies", {
        "tenants": [{"full_name": "T", "email": address("t")}], "start_date": "2026-06-01", "rent_pence": 1,
        "rent_period": "weekly"})
    change_tenant = lambda self, p: ("PATCH", f"tenants/{self.case.tenancy['tenants'][0]['id']}",
                                     {"housing_officer_note_visibility": "hidden"})


class Matrix(ServiceTest):
    log_level = "warning"

    @classmethod
    def prepare(cls):
        cls.org = org = Organisation(cls.service, cls.sink)
        cls.landlord = org.landlord()
        cls.property = org.property(cls.landlord)
        cls.case = case = org.case(org.tenancy(cls.property))
        elsewhere = org.case(org.tenancy(org.property(org.landlord("Far"))))
        cls.admin, cls.outsider = org.admin, Organisation(cls.service, cls.sink, "Else").admin
        # Everybody is invited first, so that the mails go out together.
        cls.manager = org.invite_manager([cls.landlord], "Mo In")
        cls.far_manager = org.invite_manager([org.landlord("Other")], "Mia Far")
        cls.second_admin = org.invite_manager([], "Second Admin", "org_admin")
        cls.full, cls.reader = case.invite("full", "Full"), case.invite("context_only", "Reader")
        cls.ended, cls.invited = case.invite("full", "Ended"), case.invite("full", "Invited")
        cls.reference = elsewhere.invite("full", "Reference")
        for person in (cls.manager, cls.far_manager, cls.second_admin, cls.full, cls.reader, cls.ended, cls.reference):
            org.accept(person)
        cls.contact = case.contact(contact_email=cls.reference.email)
        must(case.end(cls.ended.row))
        cls.invited.sign_in(cls.sink)

    def try_all(self, action, expected):
        actions = Actions(type(self))
        for who, status in zip(PEOPLE, expected):
            person = self.nobody() if who == "nobody" else getattr(self, who)
            method, path, body = getattr(actions, action)(person)
            answer = person.request(method, path, body)
            # The case is open for the next one.
            if action in ("close", "reopen") and self.case.see()["case"]["status"] == "closed":
                must(self.admin.post(self.case.path + "/reopen"))
            with self.subTest(who=who):
                self.assertEqual(answer.status, status, f"{action} by {who}: {answer}")
                if status >= 400:
                    self.refused(answer, status, {401: "not_signed_in", 403: "not_permitted", 404: "not_found"}[status])

    def test_scope_of_lists(self):
        """What each sees in lists is what each may see by itself."""
        def ids(person, path, key="id"):
            return {item[key] for item in self.ok(person.get(path))["items"]}

        self.assertIn(self.case.id, ids(self.manager, "support-cases"))
        self.assertNotIn(self.case.id, ids(self.far_manager, "support-cases"))
        self.assertNotIn(self.case.id, ids(self.outsider, "support-cases"))
        self.assertEqual(ids(self.manager, f"{self.org.path}/landlords"), {self.landlord})
        self.assertNotIn(self.property, ids(self.far_manager, f"{self.org.path}/properties"))
        self.assertEqual(ids(self.far_manager, f"{self.org.path}/tenancies"), set())
        self.assertEqual(ids(self.reader, "support/tenants", "case_id"), {self.case.id})
        for person in (self.ended, self.invited, self.manager, self.outsider):
            self.assertEqual(ids(person, "support/tenants", "case_id"), set())
        self.assertNotIn(self.case.id, ids(self.reference, "support/tenants", "case_id"))

    def test_R14_only_operators_see_contacts_and_a_reader_sees_names_and_modes(self):
        def team(person):
            return self.ok(person.get(self.case.path + "/team"))["items"], self.case.see(person)["team"]

        for rows in team(self.admin) + team(self.manager):
            self.assertIn("reference_only", [row["participation"] for row in rows])
        for rows in team(self.full):
            self.assertNotIn("reference_only", [row["participation"] for row in rows])
            self.assertIn(self.reader.email, [row["email"] for row in rows])
        for rows in team(self.reader):
            self.assertEqual({key for row in rows for key in row}, {"participation", "full_name"})
            self.assertNotIn("reference_only", [row["participation"] for row in rows])

    def test_permissions_tell_what_may_be_done(self):
        says = {name: self.case.see(getattr(self, name))["permissions"] for name in
                ("admin", "manager", "full", "reader")}
        self.assertIn("professional_notes.write", says["manager"])
        self.assertNotIn("organisation.write", says["manager"])
        self.assertIn("shared_notes.write", says["full"])
        for name in ("full", "reader"):
            self.assertFalse([p for p in says[name] if "professional" in p or "reference" in p or "audit" in p])
        self.assertIn("shared_notes.read", says["reader"])
        self.assertNotIn("shared_notes.write", says["reader"])


def _test_of(action, expected):
    return lambda self: self.try_all(action, expected)


for _line in TABLE.strip().splitlines()[1:]:
    _action, *_expected = _line.split()
    assert len(_expected) == len(PEOPLE), _line
    setattr(Matrix, f"test_{_action}", _test_of(_action, [int(status) for status in _expected]))


if __name__ == "__main__":
    main()
