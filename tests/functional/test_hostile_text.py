"""Whatever people write, in every field that takes text: it is kept as it is, or refused whole; it never acts."""
import html
import json

from harness import ServiceTest, main
from world import Organisation, address

LINES = {
    "sql": "Robert'); DROP TABLE keywork.notes; -- \\' OR 1=1; $1 {} %s",
    "html": "<script>alert('x')</script><img src=x onerror=alert(1)> & \"quoted\"",
    "mustache": "{{{link}}} {{#x}}{{/x}} {{>layout}}",
    "right_to_left": "\u202eevil\u202c مرحبا שלום",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈 e\u0301\u0323",
    "formula": "=cmd|' /C calc'!A0",
    "encoded_word": "=?utf-8?q?=0d=0aBcc:_victim=40mail.example?=",
    "path": "../../../../etc/passwd",
    "json": "\"}],\"role\":\"org_admin\",\"x\":[{\"",
    "zero_width": "a\u200bb\ufeffc\u2060d",
}
BREAKS = ["a\r\nBcc: victim@mail.example", "a\nSubject: owned", "a\rX: y", "a\u2028b", "a\x0bb", "a\x7fb", "a\x85b"]
LONG = "漢" * 19_990 + "🏡end"


class HostileText(ServiceTest):
    @classmethod
    def prepare(cls):
        cls.org = Organisation(cls.service, cls.sink)
        cls.admin = cls.org.admin
        cls.landlord = cls.org.landlord()
        cls.property = cls.org.property(cls.landlord)
        cls.case = cls.org.case(cls.org.tenancy(cls.property))
        cls.worker = cls.case.worker("full")

    def name_fields(self):
        """Every field that takes one line: how it is written, and what of the answer has to be the text again."""
        org, case, admin = self.org.path, self.case.path, self.admin
        tenancy = {"start_date": "2026-06-01", "rent_pence": 1, "rent_period": "weekly"}
        contact = {"participation": "reference_only", "contact_phone": "0113 496 0000"}
        yield "organisation", lambda t: admin.patch(org, {"name": t}), lambda a: a["name"]
        yield "landlord", lambda t: admin.post(org + "/landlords", {"name": t}), lambda a: a["name"]
        yield ("landlord again", lambda t: admin.patch(f"{org}/landlords/{self.landlord}", {"name": t}),
               lambda a: a["name"])
        for part in ("line1", "line2", "town"):
            yield (part, lambda t, part=part: admin.post(org + "/properties", {
                "landlord_id": self.landlord,
                "address": {"line1": "1", "town": "Leeds", "postcode": "LS1", **{part: t}}}),
                lambda a, part=part: a["address"][part])
        yield ("tenant", lambda t: admin.post(f"properties/{self.property}/tenancies", {
            **tenancy, "tenants": [{"full_name": t, "email": address("t")}]}), lambda a: a["tenants"][0]["full_name"])
        yield ("tenant again", lambda t: admin.patch(f"tenants/{self.case.tenancy['tenants'][0]['id']}",
                                                     {"full_name": t}), lambda a: a["full_name"])
        yield ("member", lambda t: admin.post(org + "/members", {
            "email": address("m"), "full_name": t, "role": "property_manager"}), lambda a: a["full_name"])
        yield ("worker", lambda t: admin.post(case + "/team", {
            "participation": "full", "email": address("w"), "full_name": t}), lambda a: a["full_name"])
        for part in ("contact_name", "contact_organisation_name", "contact_role_label"):
            yield (part, lambda t, part=part: admin.post(case + "/team", {
                **contact, "contact_name": "N", **{part: t}}), lambda a, part=part: a[part])
        yield "token", lambda t: admin.post("api-tokens", {"name": t}), lambda a: a["name"]

    def text_fields(self):
        """Every field that takes lines."""
        case, admin = self.case.path, self.admin
        for stream in ("shared", "professional"):
            yield (stream, lambda t, s=stream: admin.post(case + "/notes", {"stream": s, "body": t}),
                   lambda a: a["body"])
        note = f"{case}/notes/{self.case.note('first')['id']}"
        yield "note again", lambda t: admin.patch(note, {"body": t}), lambda a: a["body"]
        yield "summary", lambda t: admin.patch(case, {"context_summary": t}), lambda a: a["context_summary"]

    def test_every_text_is_kept_as_it_is(self):
        for fields in (self.name_fields(), self.text_fields()):
            for field, write, read in fields:
                for kind, text in LINES.items():
                    with self.subTest(field=field, kind=kind):
                        answer = write(text)
                        self.assertIn(answer.status, (200, 201), repr(answer))
                        self.assertEqual(read(answer.json), text)
                        self.assertIn(json.dumps(text, ensure_ascii=False).encode(), answer.body, "byte for byte")
        seen = self.case.see(self.worker)
        self.assertEqual(seen["case"]["context_summary"], LINES["zero_width"])
        self.assertEqual([n["body"] for n in seen["notes"]["shared"]][1:len(LINES) + 1],
                         list(LINES.values())[::-1])
        self.ok(self.admin.get("me"))

    def test_twenty_thousand_characters(self):
        for field, write, read in self.text_fields():
            with self.subTest(field):
                text = LONG + "x" * (20_000 - len(LONG))
                self.assertEqual(read(write(text).json), text)
                self.refused(write(text + "y"), 422, "invalid")
        for field, write, _ in self.name_fields():
            with self.subTest(field):
                self.refused(write("x" * 20_000), 422, "invalid")

    def test_names_are_one_line(self):
        for field, write, _ in self.name_fields():
            for text in BREAKS:
                with self.subTest(field=field, text=repr(text)):
                    self.refused(write(text), 422, "invalid")

    def test_addresses_that_smuggle(self):
        for evil in ("a@b.example\r\nBcc: c@d.example", "a@b.example\nc@d.example", "a@b.example,c@d.example",
                     "<a@b.example>", '"a b"@c.example', "a@b.example c@d.example", "a@[127.0.0.1]", "a@localhost",
                     "a\u0000@b.example", "ä@b.example", "a@b.example\x00", "a" * 65 + "@b.example",
                     "a@" + "b" * 250 + ".example", "a@@b.example", "@b.example", "a@", "-", ""):
            with self.subTest(repr(evil)):
                for answer in (
                    self.admin.post(self.case.path + "/team",
                                    {"participation": "full", "full_name": "N", "email": evil}),
                    self.admin.post(self.org.path + "/members",
                                    {"email": evil, "full_name": "N", "role": "org_admin"}),
                    self.admin.patch(self.org.path, {"housing_officer_emails": [evil]}),
                    self.nobody().post("sign-in", {"email": evil}),
                ):
                    self.assertIn(answer.status, (400, 422), repr(answer))
                    self.refused(answer, answer.status)

    def test_mails_hold_hostile_names_and_nothing_acts(self):
        org = Organisation(self.service, self.sink, LINES["html"])
        self.ok(org.admin.patch(org.path, {"name": LINES["html"]}))
        for kind, text in LINES.items():
            with self.subTest(kind):
                tenant = address("t")
                org.tenancy(org.property(org.landlord(text), line1=text), [{"full_name": text, "email": tenant}])
                member = org.invite_manager([], text)
                for where in (tenant, member.email):
                    mail = self.sink.wait_for(where)
                    self.assertEqual(mail.recipients, [where])
                    self.assertEqual(mail.message.get_all("To")[0].addresses[0].addr_spec, where)
                    self.assertEqual(len(mail.message.get_all("To")), 1)
                    for header in ("Bcc", "Cc", "X"):
                        self.assertIsNone(mail.message[header])
                    self.assertEqual(len(mail.message.get_all("Subject")), 1)
                    self.assertIn(text, mail.text, "plain text as it is")
                    self.assertIn(text, html.unescape(mail.html))
                    for tag in ("<script", "<img", "onerror=alert(1)>"):
                        self.assertNotIn(tag, mail.html)

    def test_no_text_is_in_the_log(self):
        marker = "Zebrafink-4711"
        self.ok(self.admin.post(self.case.path + "/notes", {"stream": "shared", "body": marker}), 201)
        self.ok(self.admin.patch(self.case.path, {"context_summary": marker}))
        self.admin.post(self.case.path + "/notes", {"stream": marker, "body": marker})
        self.admin.get(f"support-cases?q={marker}")
        self.admin.get(f"/{marker}?{marker}={marker}")
        self.admin.get(f"support-cases/{marker}")
        self.admin.request(marker, "me")
        self.ok(self.admin.get("me"))
        log = "\n".join(json.dumps({k: v for k, v in e.items() if k != "method"}) for e in self.service.events())
        self.assertNotIn(marker, log)


if __name__ == "__main__":
    main()
