"""R28: notes and sessions as CSV and PDF, of small cases and of very large ones."""
import csv
import datetime
import io
import itertools
import socket
from zoneinfo import ZoneInfo

import files
from harness import ServiceTest, eventually, main
from world import Organisation, must

BOUNDED = 64 * files.MEGABYTE
MANY = 50_000
EXPORTS = [f"{what}.{form}" for what in ("notes", "sessions") for form in ("csv", "pdf")]


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline=""), strict=True))


class Exports(ServiceTest):
    @classmethod
    def prepare(cls):
        cls.org = Organisation(cls.service, cls.sink)
        cls.admin = cls.org.admin
        cls.landlord = cls.org.landlord()
        cls.manager = cls.org.manager([cls.landlord])
        cls.case = cls.org.case(landlord=cls.landlord)
        cls.full = cls.case.worker("full")
        cls.reader = cls.case.worker("context_only", "Rita Moor")
        cls.outsider = cls.org.case().worker("full", "Olu Adeyemi")

    def export(self, what, case=None, by=None):
        answer = (by or self.admin).get(f"{(case or self.case).path}/export/{what}")
        self.assertEqual(answer.status, 200, repr(answer))
        return answer

    def made(self, case):
        items = self.ok(self.admin.get(f"{case.path}/audit?kind=export.made&limit=200"))["items"]
        return len(items)

    fillings = itertools.count(0x8000)

    def fill(self, case, count, body="'; ' || repeat('agreed to meet at the café, 部屋 ', 8)"):
        """Notes by the thousand, one in ten professional, straight into the database."""
        files.sql(self.service, f"""
            INSERT INTO keywork.notes (id, org_id, case_id, stream, body, safeguarding, author_id, author_name, created_at)
            SELECT ('018cc251-f400-7000-{next(self.fillings):x}-' || lpad(to_hex(n), 12, '0'))::uuid, '{self.org.id}',
                   '{case.id}', CASE WHEN n % 10 = 5 THEN 'professional' ELSE 'shared' END,
                   'Visit ' || n || {body}, false,
                   '{self.admin.user["id"]}', 'Ada Obi', timestamp '2024-01-02' + n * interval '1 minute'
            FROM generate_series(1, {count}) n""")

    # --- what stands in them
    def test_R28_notes_as_csv(self):
        case = self.org.case()
        texts = ["First, with a comma", "two\nlines and \"quotes\"", "Siân 部屋 🙂", "semi;colon\ttab"]
        made = [case.note(text, stream) for text, stream in zip(texts, ("shared", "professional") * 2)]
        answer = self.export("notes.csv", case)
        self.assertEqual(answer.headers["Content-Type"].split(";")[0], "text/csv")
        self.assertRegex(answer.headers["Content-Disposition"],
                         rf'attachment; filename="{case.header["reference"]}-notes-\d{{4}}-\d\d-\d\d\.csv"')
        self.assertIsNone(answer.headers["ETag"])
        self.assertTrue(answer.body.startswith(b"\xef\xbb\xbfid,stream,created_at,author,body,safeguarding,edited_at,"
                                               b"deleted_at,deleted_by\r\n"))
        rows = rows_of(answer)
        self.assertEqual([r["body"] for r in rows], texts[::-1], "both streams, newest first")
        self.assertEqual([r["stream"] for r in rows], ["professional", "shared"] * 2)
        for row, note in zip(rows, made[::-1]):
            self.assertEqual((row["id"], row["created_at"], row["author"], row["safeguarding"]),
                             (note["id"], note["created_at"], "Ada Obi", "false"))

    def test_R28_formula_cells_are_neutralised(self):
        case = self.org.case()
        evil = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "  =1+1", "＝1", "\u200b=1", "\r=1"]
        for text in evil:
            must(self.admin.post(case.path + "/notes", {"stream": "shared", "body": text}), 201, 422)
        bodies = [r["body"] for r in rows_of(self.export("notes.csv", case))]
        self.assertGreaterEqual(len(bodies), 7)
        for body in bodies:
            self.assertTrue(body.startswith("'"), repr(body))
        case.note("5 < 6, a=b and me@here.example")
        self.assertEqual(rows_of(self.export("notes.csv", case))[0]["body"], "5 < 6, a=b and me@here.example")

    def test_R11_a_deleted_note_is_a_tombstone(self):
        case = self.org.case()
        note = case.note("KANARIENVOGEL was here", "professional")
        self.assertEqual(self.admin.delete(f"{case.path}/notes/{note['id']}").status, 204)
        row = rows_of(self.export("notes.csv", case))[0]
        self.assertEqual((row["id"], row["body"], row["deleted_by"]), (note["id"], "", "Ada Obi"))
        self.assertTrue(row["deleted_at"].endswith("Z"))
        text = files.text_of_pdf(self.export("notes.pdf", case).body)
        self.assertIn("Deleted on", text)
        self.assertNotIn("KANARIENVOGEL", text + self.export("notes.csv", case).text)

    def test_R28_sessions(self):
        case = self.org.case()
        for day, names in ((1, ["Dan", "=Eve"]), (2, [])):
            must(self.admin.post(case.path + "/sessions", {
                "starts_at": f"2026-12-0{day}T10:00:00Z", "ends_at": f"2026-12-0{day}T11:00:00Z", "type": "key_work",
                "attendees": names, "status": "delivered", "outcome_note": f"Went well on day {day}"}), 201)
        answer = self.export("sessions.csv", case)
        rows = rows_of(answer)
        self.assertEqual([r["starts_at"] for r in rows], ["2026-12-02T10:00:00Z", "2026-12-01T10:00:00Z"])
        self.assertEqual((rows[1]["attendees"], rows[1]["type"], rows[1]["status"], rows[1]["recorded_by"]),
                         ("Dan; =Eve", "key_work", "delivered", "Ada Obi"))
        pdf = files.text_of_pdf(self.export("sessions.pdf", case).body)
        for words in ("Key work", "Delivered", "Went well on day 1", "Went well on day 2", "2 sessions"):
            self.assertIn(words, pdf)

    def test_R28_the_pdf_says_of_whom_by_whom_and_when(self):
        case = self.org.case()
        case.note("Rang the surgery. مرحبا", "professional", safeguarding=True)
        before = self.clock()
        answer = self.export("notes.pdf", case, by=self.admin)
        after = self.clock()
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        text = files.text_of_pdf(answer.body)
        for words in (case.header["reference"], "Dan Price", "Harbour Homes", "Exported by Ada Obi", "Rang the surgery",
                      "Professional note", "Safeguarding", "1 note."):
            self.assertIn(words, text)
        self.assertRegex(text, rf"Exported on +({before}|{after})")
        self.assertRegex(text, f"Exported by Ada Obi, ({before}|{after})", "at the foot of the page too")

    def clock(self):
        """The organisation's time in the words of its exports."""
        now = datetime.datetime.now(ZoneInfo(self.ok(self.admin.get(self.org.path))["time_zone"]))
        return f"{now.day} {now:%B %Y at %H:%M}"

    def test_an_empty_case_makes_whole_files(self):
        case = self.org.case()
        for what in EXPORTS:
            answer = self.export(what, case)
            if what.endswith("csv"):
                self.assertEqual(rows_of(answer), [])
                self.assertEqual(answer.body.count(b"\r\n"), 1)
            else:
                self.assertIn("No " + what.split(".")[0], files.text_of_pdf(answer.body))

    # --- who, and what is left behind
    def test_R12_only_operators_export(self):
        for what in EXPORTS:
            path = f"{self.case.path}/export/{what}"
            for person, status in ((self.admin, 200), (self.manager, 200), (self.full, 403), (self.reader, 403),
                                   (self.outsider, 404), (self.nobody(), 401)):
                with self.subTest(what=what, person=person.name):
                    answer = person.get(path)
                    self.assertEqual(answer.status, status, repr(answer))
                    if status != 200:
                        self.refused(answer, status)

    def test_R26_every_export_is_written_down_and_a_head_is_none(self):
        case = self.org.case()
        for number, what in enumerate(EXPORTS, 1):
            self.export(what, case)
            self.assertEqual(self.made(case), number)
            head = self.admin.request("HEAD", f"{case.path}/export/{what}")
            self.assertEqual((head.status, head.headers["Allow"]), (405, "GET"))
            self.assertEqual(self.made(case), number)
        self.refused(self.full.get(f"{self.case.path}/export/notes.csv"), 403)
        for wrong in ("notes.xlsx", "goals.csv", "notes", "notes.csv/"):
            self.refused(self.admin.get(f"{case.path}/export/{wrong}"), 404)

    def test_R8_a_closed_case_is_exported_like_an_open_one(self):
        case = self.org.case()
        case.note("before the end")
        self.ok(self.admin.post(case.path + "/close", {"reason": "moved"}))
        self.assertEqual(len(rows_of(self.export("notes.csv", case))), 1)

    # --- very large ones
    def test_R28_fifty_thousand_notes_in_little_memory(self):
        case = self.org.case()
        self.fill(case, MANY)
        for what in ("notes.csv", "notes.pdf"):
            self.export(what)  # once, so that libraries and fonts are there
            tide = files.Tide(self.service)
            answer = self.export(what, case)
            with self.subTest(what):
                self.assertLess(tide.risen(), BOUNDED)
            if what.endswith("csv"):
                rows = rows_of(answer)
                self.assertEqual(len(rows), MANY)
                self.assertEqual([r["body"].split(";")[0] for r in (rows[0], rows[-1])], [f"Visit {MANY}", "Visit 1"])
                self.assertEqual(len({r["id"] for r in rows}), MANY)
                self.assertEqual(sum(r["stream"] == "professional" for r in rows), MANY // 10)
            else:
                text = files.text_of_pdf(answer.body)
                self.assertEqual(text.count("; agreed to meet"), MANY)
                self.assertIn(f"{MANY} notes.", text)

    def start(self, case, what, person=None):
        """Asks for an export and reads nothing of it but a little."""
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        raw.settimeout(60)
        raw.connect(("127.0.0.1", self.service.port))
        cookie = (person or self.admin).cookies["keywork_session"]
        raw.sendall(f"GET /api/v1/{case.path}/export/{what} HTTP/1.1\r\nHost: a\r\nCookie: keywork_session={cookie}\r\n\r\n"
                    .encode())
        return raw, raw.recv(4096)

    def under_way(self):
        return self.service.metric("keywork_exports_under_way")

    def test_exports_that_are_abandoned_leave_the_service_healthy(self):
        case = self.org.case()
        self.fill(case, 20_000)
        held = []
        for number in range(16):
            raw, head = self.start(case, EXPORTS[number % 2])
            self.addCleanup(raw.close)
            self.assertIn(b" 200 ", head.split(b"\r\n")[0])
            held.append(raw)
        self.assertEqual(self.under_way(), 16)
        before = self.made(case)
        answer = self.admin.get(f"{case.path}/export/notes.csv")
        self.refused(answer, 503, "unavailable")
        self.assertEqual(self.made(case), before, "what was refused was not exported")
        case.note("Others go on meanwhile")
        for raw in held:
            raw.close()
        eventually("none is under way", lambda: self.under_way() == 0)
        self.assertEqual(len(rows_of(self.export("notes.csv", case))), 20_001)

    def test_R16_an_export_ends_with_the_right_to_it(self):
        landlord = self.org.landlord("Elm Lettings")
        manager = self.org.manager([landlord], "Pat Lee")
        case = self.org.case(landlord=landlord)
        self.fill(case, 3000, "repeat('x', 15000)")  # more than any buffer holds
        broken = self.service.metric("keywork_streams_broken_total")
        raw, got = self.start(case, "notes.csv", manager)
        self.addCleanup(raw.close)
        self.assertEqual(self.admin.delete(f"{self.org.path}/members/{manager.user['id']}").status, 204)
        while part := raw.recv(1 << 20):
            got += part
        self.assertFalse(got.endswith(b"0\r\n\r\n"), "it must not look like the whole of it")
        self.assertEqual(self.service.metric("keywork_streams_broken_total"), broken + 1)


if __name__ == "__main__":
    main()
