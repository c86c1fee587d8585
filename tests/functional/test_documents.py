"""R22 to R25: documents from the first draft to the mail, and what may be uploaded."""
import hashlib
import socket

import files
from harness import ServiceTest, eventually, main
from world import Organisation, must

BOUNDED = 64 * files.MEGABYTE


class Documents(ServiceTest):
    @classmethod
    def prepare(cls):
        cls.org = Organisation(cls.service, cls.sink)
        cls.admin = cls.org.admin
        cls.case = cls.org.case()
        cls.full = cls.case.worker("full")
        cls.reader = cls.case.worker("context_only", "Rita Moor")
        cls.outsider = cls.org.case().worker("full", "Olu Adeyemi")
        cls.path = cls.case.path + "/documents"

    def draft(self, by=None, **more):
        return must((by or self.full).post(self.path, {"type": "letter", "title": "To the council", **more}), 201)

    def at(self, document, rest=""):
        return f"{self.path}/{document['id']}{rest}"

    def upload(self, document, content, by=None, name=None, kind=None):
        query = f"?file_name={name}" if name else ""
        return (by or self.full).put(self.at(document, "/content") + query, content,
                                     headers={"Content-Type": kind} if kind else {})

    def download(self, document, by=None):
        answer = (by or self.full).get(self.at(document, "/content"))
        self.assertEqual(answer.status, 200, repr(answer))
        return answer

    def chunks(self, document=None):
        where = f" WHERE document_id = '{document['id']}'" if document else ""
        return int(files.sql(self.service, f"SELECT count(*) FROM keywork.document_chunks{where}"))

    # --- the lifecycle
    def test_R23_from_draft_to_sent_in_both_roles(self):
        made = self.draft(type="agreement", title="Support agreement", body="# Agreement\n\nWe agree to **meet** weekly.")
        self.assertEqual(made["status"], "draft")
        self.assertEqual(self.ok(self.full.get(self.at(made)))["body"], "# Agreement\n\nWe agree to **meet** weekly.")
        changed = self.ok(self.full.patch(self.at(made), {"body": "# Agreement\n\nWe agree to meet monthly."}))
        self.assertNotEqual(changed["content_sha256"], made["content_sha256"])
        self.ok(self.full.post(self.at(made, "/submit")))
        for step in ("approve", "send", "return"):
            body = {"send": {"to": {"name": "Dan", "email": "dan@mail.example"}}, "return": {"reason": "x"}}.get(step)
            self.refused(self.full.post(self.at(made, "/" + step), body), 403, "not_permitted")
        returned = self.ok(self.admin.post(self.at(made, "/return"), {"reason": "Name the day."}))
        self.assertEqual((returned["status"], returned["return_reason"]), ("draft", "Name the day."))
        self.ok(self.full.patch(self.at(made), {"body": "# Agreement\n\nWe agree to meet on Mondays."}))
        self.ok(self.full.post(self.at(made, "/submit")))
        self.ok(self.admin.post(self.at(made, "/approve")))
        sent = self.ok(self.admin.post(self.at(made, "/send"), {
            "to": {"name": "Dan Price", "email": "dan.price@mail.example"}, "for_signature": True}))
        self.assertEqual((sent["status"], sent["signing_status"]), ("sent", "requested"))
        signed = self.ok(self.admin.post(self.at(made, "/signature"), {"status": "signed"}))
        self.assertEqual(signed["signing_status"], "signed")
        steps = self.ok(self.full.get(self.at(made, "/audit")))["items"]
        self.assertEqual([s["kind"] for s in steps][::-1],
                         ["document.created", "document.edited", "document.submitted", "document.returned",
                          "document.edited", "document.submitted", "document.approved", "document.sent",
                          "document.signature_recorded"])
        self.refused(self.admin.post(self.at(made, "/void"), {"reason": "x"}), 409, "wrong_status")
        self.sink.wait_for("dan.price@mail.example")

    def test_R23_wrong_steps_name_the_state_they_meet(self):
        made = self.draft(body="x")
        for step, body in (("approve", None), ("return", {"reason": "x"}),
                           ("send", {"to": {"name": "D", "email": "d@mail.example"}})):
            problem = self.refused(self.admin.post(self.at(made, "/" + step), body), 409, "wrong_status")
            self.assertIn("a draft", problem["detail"])
        empty = self.draft()
        self.refused(self.full.post(self.at(empty, "/submit")), 409, "no_content")
        self.refused(self.full.get(self.at(empty, "/content")), 409, "no_content")
        self.ok(self.full.post(self.at(empty, "/void"), {"reason": "A mistake"}))
        self.refused(self.admin.post(self.at(empty, "/void"), {"reason": "x"}), 409, "wrong_status")
        self.refused(self.full.post(self.at(empty, "/void"), {"reason": "x"}), 403, "not_permitted")

    def test_R23_content_is_frozen_at_submission(self):
        for content in ({"body": "as it was"}, {}):
            made = self.draft(**content)
            if not content:
                self.ok(self.upload(made, files.pdf()))
            before = self.download(made).body if not content else None
            submitted = self.ok(self.full.post(self.at(made, "/submit")))
            self.refused(self.full.patch(self.at(made), {"body": "another"}), 409, "wrong_status")
            self.refused(self.upload(made, files.png()), 409, "wrong_status")
            after = self.ok(self.full.get(self.at(made)))
            self.assertEqual(after["content_sha256"], submitted["content_sha256"])
            if before:
                self.assertEqual(self.download(made).body, before)
                self.assertEqual(hashlib.sha256(before).hexdigest(), submitted["content_sha256"])

    def test_R22_made_from_a_template_of_the_pack(self):
        choices = self.ok(self.full.get(self.case.path + "/document-templates"))["items"]
        self.assertGreaterEqual(len({c["type"] for c in choices}), 8, "one may be for other tenancies than this")
        made = []
        for choice in choices:
            answer = self.admin.post(self.path, {"type": choice["type"], "title": choice["name"], "template_id": choice["id"]})
            if answer.status == 422:  # it has questions of its own
                self.assertTrue(answer.json["errors"])
                continue
            made.append(self.ok(answer, 201))
            whole = self.ok(self.admin.get(self.at(made[-1])))
            self.assertEqual((whole["template_id"], whole["type"]), (choice["id"], choice["type"]))
            self.assertNotIn("{{", whole["body"])
            self.assertIn("Harbour Homes", files.text_of_pdf(self.download(made[-1]).body))
        self.assertTrue(made)
        self.refused(self.reader.get(self.case.path + "/document-templates"), 403, "not_permitted")

    def test_R12_context_only_reads_no_document(self):
        made = self.draft(body="Not for all")
        for method, rest, body in (("GET", "", None), ("GET", "/content", None), ("GET", "/audit", None), ("PATCH", "", {"title": "x"}),
                                   ("POST", "/submit", None), ("POST", "/void", {"reason": "x"})):
            self.refused(self.reader.request(method, self.at(made, rest), body), 403, "not_permitted")
        self.refused(self.reader.get(self.path), 403, "not_permitted")
        self.refused(self.upload(made, files.pdf(), by=self.reader), 403, "not_permitted")
        for rest in ("", "/content", "/audit"):
            self.refused(self.outsider.get(self.at(made, rest)), 404, "not_found")
            self.refused(self.nobody().get(self.at(made, rest)), 401, "not_signed_in")
        self.refused(self.upload(made, files.pdf(), by=self.outsider), 404, "not_found")
        self.refused(self.upload(made, files.pdf(), by=self.nobody()), 401, "not_signed_in")
        self.assertEqual(self.chunks(made), 0)

    # --- content out
    def test_R23_a_text_goes_out_as_pdf(self):
        made = self.draft(body="# For the file\n\nمرحبا and *hello*.", title="Café visit")
        answer = self.download(made)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment;", answer.headers["Content-Disposition"])
        self.assertIn("filename*=UTF-8''Caf%C3%A9%20visit.pdf", answer.headers["Content-Disposition"])
        self.assertIn("sandbox", answer.headers["Content-Security-Policy"])
        text = files.text_of_pdf(answer.body)
        for words in ("Café visit", "For the file", "hello", "Draft", self.case.header["reference"], "Dan Price"):
            self.assertIn(words, text)
        self.ok(self.full.post(self.at(made, "/submit")))
        self.ok(self.admin.post(self.at(made, "/approve")))
        approved = self.download(made)
        self.assertIn("Approved by Ada Obi", files.text_of_pdf(approved.body))
        self.assertEqual(self.download(made).body, approved.body, "the same document, the same bytes")

    def test_content_has_an_etag_and_a_head(self):
        made = self.draft()
        content = files.pdf(300_000)
        self.ok(self.upload(made, content))
        answer = self.download(made)
        head = self.full.request("HEAD", self.at(made, "/content"))
        self.assertEqual((head.status, head.body), (200, b""))
        for name in ("Content-Type", "Content-Length", "ETag", "Content-Disposition"):
            self.assertEqual(head.headers[name], answer.headers[name], name)
        again = self.full.get(self.at(made, "/content"), headers={"If-None-Match": answer.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))
        self.ok(self.upload(made, files.png()))
        changed = self.full.get(self.at(made, "/content"), headers={"If-None-Match": answer.headers["ETag"]})
        self.assertEqual((changed.status, changed.body), (200, files.png()))
        text = self.draft(body="x")
        head = self.full.request("HEAD", self.at(text, "/content"))
        self.assertEqual((head.status, head.body, head.headers["Content-Type"]), (200, b"", "application/pdf"))

    # --- content in
    def test_R23_every_kind_that_is_taken_comes_back_as_it_was(self):
        for content, kind, name, kept in (
            (files.pdf(), "application/pdf", "plan.pdf", "plan.pdf"),
            (files.png(), "image/png", "..%2F..%2Fkitchen.png", "kitchen.png"),
            (files.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", None,
             "To the council.docx"),
            (files.odt(), "application/vnd.oasis.opendocument.text", "C:%5Cletter.odt", "letter.odt"),
            ("Siân rang. 部屋".encode(), "text/plain", None, "To the council.txt"),
            (b"x" * (files.MEGABYTE + 1), "text/plain", "long.txt", "long.txt"),
        ):
            for said in (kind, None, "application/octet-stream"):
                with self.subTest(kind=kind, said=said):
                    made = self.draft()
                    answer = self.ok(self.upload(made, content, name=name, kind=said))
                    self.assertEqual((answer["media_type"], answer["content_size"], answer["file_name"]),
                                     (kind, len(content), kept))
                    self.assertEqual(answer["content_sha256"], hashlib.sha256(content).hexdigest())
                    out = self.download(made)
                    self.assertEqual(out.body, content)
                    self.assertEqual(out.headers["Content-Type"].split(";")[0], kind)
                    self.assertEqual(int(out.headers["Content-Length"]), len(content))

    def test_R23_files_that_lie_about_their_type(self):
        made = self.draft()
        for content, said in ((files.pdf(), "image/png"), (files.png(), "application/pdf"), (files.docx(), "application/zip"),
                              (b"<html><script>alert(1)</script></html>", "text/plain"), (b"MZ\x90\0\x03" + bytes(500), "application/pdf"),
                              (b"GIF89a" + bytes(50), None), (b"#!/bin/sh\necho hello\n", None),
                              (b"\xff\xfe not text", "text/plain"), (files.pdf(), "application/json")):
            with self.subTest(said=said, content=content[:20]):
                self.refused(self.upload(made, content, kind=said), 415, "unsupported_media_type")
        self.assertEqual(self.chunks(made), 0)
        self.assertIsNone(self.ok(self.full.get(self.at(made)))["media_type"])

    def test_empty_and_cut_off_files_leave_nothing(self):
        made = self.draft()
        self.refused(self.upload(made, b""), 422, "invalid", "file")
        for content in (files.pdf()[:-40], files.png()[:-1], files.odt()[:-1], files.pdf(2 * files.MEGABYTE)[:-100]):
            self.refused(self.upload(made, content), 422, "invalid", "file")
        self.assertEqual(self.chunks(made), 0)

    def test_a_connection_that_is_cut_in_the_middle_leaves_nothing(self):
        made = self.draft()
        content = files.pdf(3 * files.MEGABYTE)
        head = (f"PUT /api/v1/{self.at(made, '/content')} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(content)}\r\n"
                f"Cookie: keywork_session={self.full.cookies['keywork_session']}\r\nX-CSRF-Token: {self.full.csrf}\r\n\r\n")
        before = self.service.metric("keywork_spooled_bytes")
        with self.service.raw() as raw:
            raw.sendall(head.encode() + content[:files.MEGABYTE * 2])
            eventually("it is being taken in", lambda: self.service.metric("keywork_spooled_bytes") > before)
        eventually("its file is gone", lambda: self.service.metric("keywork_spooled_bytes") == before)
        self.assertEqual(self.chunks(made), 0)
        self.assertIsNone(self.ok(self.full.get(self.at(made)))["media_type"])

    def test_too_large_is_refused_before_the_body_is_read(self):
        made = self.draft()
        for length in (files.LARGEST + 1, 10 ** 12):
            with self.service.raw() as raw:
                raw.sendall((f"PUT /api/v1/{self.at(made, '/content')} HTTP/1.1\r\nHost: a\r\n"
                             f"Content-Length: {length}\r\nExpect: 100-continue\r\n"
                             f"Cookie: keywork_session={self.full.cookies['keywork_session']}\r\n"
                             f"X-CSRF-Token: {self.full.csrf}\r\n\r\n").encode())
                self.assertIn(b" 413 ", raw.recv(65536).split(b"\r\n")[0])
        # Without a credential not even what others may send.
        with self.service.raw() as raw:
            raw.sendall((f"PUT /api/v1/{self.at(made, '/content')} HTTP/1.1\r\nHost: a\r\n"
                         f"Content-Length: {2 * files.MEGABYTE}\r\nExpect: 100-continue\r\n\r\n").encode())
            self.assertIn(b" 413 ", raw.recv(65536).split(b"\r\n")[0])
        # And nowhere else.
        answer = self.full.post(self.path, b" " * (2 * files.MEGABYTE), headers={"Content-Type": "application/json"})
        self.assertEqual(answer.status, 413, repr(answer))

    def test_the_largest_file_goes_both_ways_in_little_memory(self):
        content = files.pdf(files.LARGEST)
        self.assertEqual(len(content), files.LARGEST)
        made = self.draft()
        self.ok(self.upload(made, files.pdf()))
        self.download(made)
        tide = files.Tide(self.service)
        self.ok(self.upload(made, content, kind="application/pdf"))
        self.assertEqual(self.chunks(made), 100)
        self.assertEqual(hashlib.sha256(self.download(made).body).hexdigest(), hashlib.sha256(content).hexdigest())
        self.assertLess(tide.risen(), BOUNDED)
        self.ok(self.upload(made, files.png()))
        self.assertEqual(self.chunks(made), 1, "what was before is gone")

    def form(self, content, by=None, key=None, **fields):
        parts = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                 for name, value in fields.items()]
        parts.append(b'--b\r\nContent-Disposition: form-data; name="file"; filename="scan.pdf"\r\n'
                     b"Content-Type: application/pdf\r\n\r\n" + content + b"\r\n--b--\r\n")
        return (by or self.full).post(self.path, b"".join(parts), headers={
            "Content-Type": "multipart/form-data; boundary=b", **({"Idempotency-Key": key} if key else {})})

    def test_a_form_makes_a_document_with_its_file(self):
        for size in (0, 3 * files.MEGABYTE, files.LARGEST):
            content = files.pdf(size)
            answer = self.form(content, type="reference", title="Scanned")
            made = self.ok(answer, 201)
            self.assertEqual(answer.headers["Location"], f"/api/v1/{self.at(made)}")
            self.assertEqual((made["title"], made["type"], made["file_name"], made["content_size"]),
                             ("Scanned", "reference", "scan.pdf", len(content)))
            self.assertEqual(self.download(made).body, content)
        count = len(self.ok(self.full.get(self.path + "?limit=200"))["items"])
        self.refused(self.form(files.png(), type="letter", title="x"), 415, "unsupported_media_type")
        self.refused(self.form(b"", type="letter", title="x"), 422, "invalid", "file")
        self.refused(self.form(files.pdf(), type="letter"), 422, "invalid", "title")
        self.refused(self.form(files.pdf(), type="letter", title="x", colour="red"), 422, None, "colour")
        self.refused(self.form(files.pdf(), by=self.reader, type="letter", title="x"), 403)
        self.refused(self.form(files.pdf(), by=self.outsider, type="letter", title="x"), 404)
        self.assertEqual(len(self.ok(self.full.get(self.path + "?limit=200"))["items"]), count)
        once, again = (self.form(files.pdf(2 * files.MEGABYTE), key="k1", type="letter", title="x") for _ in range(2))
        self.assertEqual(self.ok(once, 201)["id"], self.ok(again, 201)["id"])
        self.refused(self.form(files.pdf(3 * files.MEGABYTE), key="k1", type="letter", title="x"), 422,
                     "idempotency_key_reused")

    def test_R26_a_form_is_one_change_or_none(self):
        version = lambda: files.sql(self.service, f"SELECT version FROM keywork.support_cases WHERE id = '{self.case.id}'")
        documents = lambda: files.sql(self.service, f"SELECT count(*) FROM keywork.documents WHERE case_id = '{self.case.id}'")
        before, count = int(version()), documents()
        made = self.ok(self.form(files.pdf(2 * files.MEGABYTE), type="reference", title="Scanned"), 201)
        self.assertEqual(int(version()), before + 1)
        self.assertEqual(documents(), str(int(count) + 1))
        entries = self.ok(self.full.get(self.at(made, "/audit")))["items"]
        self.assertEqual([e["kind"] for e in entries], ["document.file_attached", "document.created"])
        self.assertEqual(len({e["at"] for e in entries}), 1)
        # The type, the size, what is cut off, what the document cannot be, and what is cut off with the connection.
        for content in (files.png(), files.pdf(2 * files.MEGABYTE)[:-100], files.pdf(files.LARGEST) + b"x"):
            self.assertIn(self.form(content, type="letter", title="x").status, (413, 415, 422))
        self.refused(self.form(files.pdf(), type="letter", title="x", due_every_months=3), 422, None, "due_every_months")
        self.refused(self.form(files.pdf(), type="letter", title="x", body="y"), 422, None, "body")
        with self.service.raw() as raw:
            raw.sendall((f"POST /api/v1/{self.path} HTTP/1.1\r\nHost: a\r\nContent-Length: {3 * files.MEGABYTE}\r\n"
                         "Content-Type: multipart/form-data; boundary=b\r\n"
                         f"Cookie: keywork_session={self.full.cookies['keywork_session']}\r\n"
                         f"X-CSRF-Token: {self.full.csrf}\r\n\r\n").encode() + b"x" * files.MEGABYTE)
            eventually("it is being taken in", lambda: self.service.metric("keywork_spooled_bytes") > 0)
        eventually("its file is gone", lambda: self.service.metric("keywork_spooled_bytes") == 0)
        self.assertEqual((int(version()), documents()), (before + 1, str(int(count) + 1)))

    def test_junk_credentials_keep_nobody_from_uploading(self):
        made = self.draft()
        announced = []
        try:
            for n in range(200):
                raw = self.service.raw()
                announced.append(raw)
                credential = f"Authorization: Bearer kw_{n:043}" if n % 2 else f"Cookie: keywork_session=kws_{n:043}"
                raw.sendall((f"PUT /api/v1/{self.at(made, '/content')} HTTP/1.1\r\nHost: a\r\n{credential}\r\n"
                             f"Content-Length: {files.LARGEST}\r\n\r\n").encode())
            self.ok(self.upload(made, files.pdf(2 * files.MEGABYTE)))
            for raw in announced:
                self.assertIn(b" 401 ", raw.recv(65536).split(b"\r\n")[0])
        finally:
            for raw in announced:
                raw.close()
        eventually("nothing is held", lambda: self.service.metric("keywork_spooled_bytes") == 0)

    def announced(self, made, by, size):
        """A large upload that waits to be let in, and what it is told."""
        raw = self.service.raw()
        self.addCleanup(raw.close)
        raw.sendall((f"PUT /api/v1/{self.at(made, '/content')} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                     f"Authorization: Bearer {by.with_bearer().bearer}\r\nContent-Length: {size}\r\n\r\n").encode())
        return raw, int(raw.recv(65536).split()[1])

    def test_one_person_has_room_for_four_large_uploads_and_64_megabytes(self):
        made = self.draft()
        for size, most in ((2 * files.MEGABYTE, 4), (files.LARGEST, 2)):
            under_way = []
            for _ in range(most):
                raw, status = self.announced(made, self.full, size)
                under_way.append(raw)
                self.assertEqual(status, 100)
            self.assertEqual(self.announced(made, self.full, size)[1], 429)
            if most == 4:
                self.refused(self.upload(made, files.pdf(size)), 429, "too_many_uploads")
            self.ok(self.upload(made, files.pdf(size), by=self.admin))
            for raw in under_way:
                raw.close()
            eventually("there is room again", lambda: self.upload(made, files.pdf(2 * files.MEGABYTE)).status == 200)

    def test_R12_nobody_takes_room_who_may_not_upload_there(self):
        made = self.draft()
        self.assertEqual(self.announced(made, self.reader, files.LARGEST)[1], 403)
        self.assertEqual(self.announced(made, self.outsider, files.LARGEST)[1], 404)
        self.assertEqual(self.announced({**made, "id": self.case.id}, self.full, files.LARGEST)[1], 404)
        self.ok(self.upload(made, files.pdf()))
        self.ok(self.full.post(self.at(made, "/submit")))
        self.assertEqual(self.announced(made, self.full, files.LARGEST)[1], 409)
        self.assertEqual(self.service.metric("keywork_spooled_bytes"), 0)

    def test_names_that_are_none(self):
        made = self.draft()
        for name in ("a%0Ab", "..", "%00", "x" * 201, "%FF"):
            self.refused(self.upload(made, files.pdf(), name=name), 400, "bad_request")
        answer = self.ok(self.upload(made, files.pdf(), name="in%22voice%3B.exe"))
        self.assertEqual(answer["file_name"], 'in"voice;.exe')
        header = self.download(made).headers["Content-Disposition"]
        self.assertIn('filename="in_voice_.exe.pdf"', header)

    def test_the_csrf_token_is_asked_for(self):
        made = self.draft()
        self.refused(self.full.request("PUT", self.at(made, "/content"), files.pdf(), csrf=False), 403,
                     "csrf_token_required")
        program = self.full.with_bearer()
        self.ok(program.put(self.at(made, "/content"), files.pdf()))

    def test_clients_who_hang_up_in_the_middle_of_a_download(self):
        made = self.draft()
        self.ok(self.upload(made, files.pdf(10 * files.MEGABYTE)))
        for _ in range(5):
            with self.service.raw() as raw:
                raw.sendall((f"GET /api/v1/{self.at(made, '/content')} HTTP/1.1\r\nHost: a\r\n"
                             f"Cookie: keywork_session={self.full.cookies['keywork_session']}\r\n\r\n").encode())
                raw.recv(65536)
        eventually("none is under way", lambda: self.service.metric("keywork_downloads_under_way") == 0)
        self.assertEqual(len(self.download(made).body), 10 * files.MEGABYTE)

    def test_R16_end_stops_a_download_that_is_under_way(self):
        worker = self.case.worker("full", "Wim Bos")
        made = self.draft()
        self.ok(self.upload(made, files.pdf(20 * files.MEGABYTE)))
        broken = self.service.metric("keywork_streams_broken_total")
        raw = self.service.raw()
        with raw:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
            raw.sendall((f"GET /api/v1/{self.at(made, '/content')} HTTP/1.1\r\nHost: a\r\n"
                         f"Cookie: keywork_session={worker.cookies['keywork_session']}\r\n\r\n").encode())
            got = len(raw.recv(65536))
            self.ok(self.case.end(worker.row))
            while part := raw.recv(1 << 20):
                got += len(part)
        self.assertLess(got, 20 * files.MEGABYTE)
        self.assertEqual(self.service.metric("keywork_streams_broken_total"), broken + 1)
        self.assertTrue(any(e["event"] == "content.broken_off" for e in self.service.events()))


if __name__ == "__main__":
    main()
