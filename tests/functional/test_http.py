"""The conventions of the API, and what malformed, hostile or endless requests get."""
import http.client
import json
import socket
import threading
import time

from harness import ServiceTest, eventually, main
from world import Organisation, address


class Http(ServiceTest):
    @classmethod
    def prepare(cls):
        cls.org = Organisation(cls.service, cls.sink)
        cls.case = cls.org.case()
        cls.worker = cls.case.worker("full")
        cls.admin = cls.org.admin
        cls.landlords = cls.org.path + "/landlords"

    def json_body(self, text, path=None, person=None, **headers):
        """POSTs these very bytes as JSON."""
        body = text if isinstance(text, bytes) else text.encode("utf-8")
        return (person or self.admin).post(path or self.landlords, body,
                                           headers={"Content-Type": "application/json", **headers})

    def count(self):
        return len(self.ok(self.admin.get(self.landlords + "?limit=200"))["items"])

    # --- headers
    def test_every_answer_carries_the_security_headers(self):
        answers = [self.admin.get("me"), self.nobody().get("me"), self.nobody().get("/login"),
                   self.admin.get("/nothing"), self.nobody().get("/style.css"), self.nobody().get("/openapi.json"),
                   self.admin.post(self.landlords, {}), self.admin.delete(self.landlords)]
        for answer in answers:
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
            self.assertIn("frame-ancestors 'none'", answer.headers["Content-Security-Policy"])
            self.assertTrue(answer.headers["X-Request-Id"])
            self.assertIsNone(answer.headers["Server"])
        for answer in (self.admin.get("me"), self.admin.get(self.case.path), self.nobody().get("me")):
            self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_request_id_is_taken_or_made(self):
        answer = self.nobody().get("me", headers={"X-Request-Id": "abc-123"})
        self.assertEqual((answer.headers["X-Request-Id"], answer.json["request_id"]), ("abc-123", "abc-123"))
        made = [self.nobody().get("me").headers["X-Request-Id"] for _ in range(2)]
        self.assertNotEqual(*made)
        for wrong in ("x" * 129, "a b"):
            self.assertNotEqual(self.nobody().get("me", headers={"X-Request-Id": wrong}).headers["X-Request-Id"], wrong)
        eventually("it stands in the log",
                   lambda: any(e.get("request_id") == "abc-123" for e in self.service.events()))

    def test_a_created_thing_has_a_location(self):
        made = self.admin.post(self.landlords, {"name": "Located"})
        self.assertEqual(made.headers["Location"], f"/api/v1/{self.landlords}/{self.ok(made, 201)['id']}")
        note = self.admin.post(self.case.path + "/notes", {"stream": "shared", "body": "x"})
        self.assertEqual(note.headers["Location"], f"/api/v1/{self.case.path}/notes/{self.ok(note, 201)['id']}")
        tenancy = self.org.tenancy()
        opened = self.admin.post("support-cases", {"tenancy_id": tenancy["id"]})
        self.assertEqual(opened.headers["Location"], f"/api/v1/support-cases/{self.ok(opened, 201)['id']}")

    # --- versions
    def test_etag_says_not_modified_until_something_is(self):
        first = self.worker.get(self.case.path)
        etag = first.headers["ETag"]
        again = self.worker.get(self.case.path, headers={"If-None-Match": etag})
        self.assertEqual((again.status, again.body, again.headers["ETag"]), (304, b"", etag))
        self.assertEqual(self.worker.get(self.case.path, headers={"If-None-Match": f'"x", {etag}'}).status, 304)
        self.case.note("Something new")
        changed = self.worker.get(self.case.path, headers={"If-None-Match": etag})
        self.ok(changed)
        self.assertNotEqual(changed.headers["ETag"], etag)

    def test_if_match_refuses_what_is_stale(self):
        etag = self.admin.get(self.case.path).headers["ETag"]
        self.ok(self.admin.patch(self.case.path, {"context_summary": "One"}, headers={"If-Match": etag}))
        stale = self.admin.patch(self.case.path, {"context_summary": "Two"}, headers={"If-Match": etag})
        self.refused(stale, 412, "version_mismatch")
        self.assertEqual(self.case.see()["case"]["context_summary"], "One")
        self.refused(self.admin.post(self.case.path + "/notes", {"stream": "shared", "body": "x"},
                                     headers={"If-Match": etag}), 412, "version_mismatch")
        self.ok(self.admin.patch(self.case.path, {"context_summary": "Two"}, headers={"If-Match": "*"}))
        stranger = Organisation(self.service, self.sink, "Else").admin
        self.refused(stranger.patch(self.case.path, {"context_summary": "x"}, headers={"If-Match": etag}), 404)

    # --- sending again
    def test_idempotency_key_gives_the_first_answer_again(self):
        key = {"Idempotency-Key": "landlord-1"}
        before = self.count()
        first = self.admin.post(self.landlords, {"name": "Once"}, headers=key)
        again = self.admin.post(self.landlords, {"name": "Once"}, headers=key)
        self.assertEqual((self.ok(first, 201), first.headers["Location"]),
                         (self.ok(again, 201), again.headers["Location"]))
        self.assertEqual(self.count(), before + 1)
        self.refused(self.admin.post(self.landlords, {"name": "Other"}, headers=key), 422, "idempotency_key_reused")
        other = self.org.manager([], "Second Admin", "org_admin")
        self.assertNotEqual(self.ok(other.post(self.landlords, {"name": "Once"}, headers=key), 201)["id"],
                            first.json["id"], "the key is each person's own")

    def test_idempotency_key_on_the_case(self):
        for path, body in (("/notes", {"stream": "shared", "body": "Only once"}), (
                "/team", {"participation": "full", "full_name": "Once", "email": address("once")})):
            key = {"Idempotency-Key": "case" + path}
            first = self.admin.post(self.case.path + path, body, headers=key)
            again = self.admin.post(self.case.path + path, body, headers=key)
            self.assertEqual(self.ok(first, 201)["id"], self.ok(again, 201)["id"])
        opening = {"tenancy_id": self.org.tenancy()["id"]}
        key = {"Idempotency-Key": "open"}
        first = self.ok(self.admin.post("support-cases", opening, headers=key), 201)
        self.assertEqual(self.ok(self.admin.post("support-cases", opening, headers=key), 201)["id"], first["id"])
        bodies = [n["body"] for n in self.case.notes()]
        self.assertEqual(bodies.count("Only once"), 1)

    def test_conditions_that_cannot_be_meant_are_refused(self):
        for name in ("Idempotency-Key", "If-Match", "If-None-Match"):
            for value in ("", "x" * 256):
                answer = self.admin.post(self.landlords, {"name": "x"}, headers={name: value})
                self.refused(answer, 400, "bad_request")

    # --- lists
    def test_lists_go_page_by_page(self):
        org = Organisation(self.service, self.sink, "Lists")
        made = [org.landlord(f"L{n}") for n in range(7)]
        path, seen = f"{org.path}/landlords?limit=3", []
        cursor, pages = "", 0
        while cursor is not None:
            page = self.ok(org.admin.get(path + (f"&cursor={cursor}" if cursor else "")))
            seen += [x["id"] for x in page["items"]]
            cursor, pages = page["next"], pages + 1
            if pages == 1:
                made.append(org.landlord("Made meanwhile"))  # shifts nothing on the later pages
        self.assertEqual((seen, pages), (made[6::-1], 3), "newest first, nothing twice, nothing left out")

    def test_notes_go_page_by_page(self):
        case = self.org.case()
        made = [case.note(f"n{n}")["id"] for n in range(55)]
        self.assertEqual([n["id"] for n in case.see()["notes"]["shared"]], made[:4:-1], "the latest 50")
        first = self.ok(self.admin.get(case.path + "/notes?stream=shared"))
        rest = self.ok(self.admin.get(f"{case.path}/notes?stream=shared&cursor={first['next']}"))
        self.assertEqual([n["id"] for n in first["items"] + rest["items"]], made[::-1])
        self.assertIsNone(rest["next"])

    def test_queries_that_cannot_be_are_refused(self):
        for query in ("limit=0", "limit=201", "limit=x", "limit=-1", "cursor=x", "nonsense=1", "limit=1&limit=2",
                      "limit=%zz", "limit=%ff"):
            self.refused(self.admin.get(f"{self.landlords}?{query}"), 400, "bad_request")
        for query in ("status=maybe", "org=x", "q=" + "x" * 201):
            self.refused(self.admin.get(f"support-cases?{query}"), 400, "bad_request")
        self.refused(self.admin.get(self.case.path + "/notes?stream=secret"), 400, "bad_request")
        self.refused(self.admin.get("me?verbose=1"), 400, "bad_request")

    def test_case_list_filters(self):
        org = Organisation(self.service, self.sink, "Filters")
        place = org.property()
        ann = org.case(org.tenancy(place, [{"full_name": "Ann Önder", "email": address("ann")}]))
        bob = org.case(org.tenancy(place, [{"full_name": "Bob % _ Stone", "email": address("bob")}]))
        self.ok(org.admin.post(bob.path + "/close"))

        def ids(query):
            return [c["id"] for c in self.ok(org.admin.get("support-cases?" + query))["items"]]

        self.assertEqual(ids(""), [bob.id, ann.id])
        self.assertEqual((ids("status=open"), ids("status=closed")), ([ann.id], [bob.id]))
        self.assertEqual(ids("q=%C3%B6nder"), [ann.id])
        self.assertEqual((ids("q=%25"), ids("q=_%20stone")), ([bob.id], [bob.id]), "no wildcards")
        self.assertEqual(ids("q=nobody"), [])
        self.assertEqual(ids(f"q={ann.header['reference']}%20%C3%B6nder%20mill"), [ann.id], "every word, wherever it is")
        self.assertEqual(ids("q=%C3%B6nder%20nobody"), [])
        self.assertEqual(ids(f"q={ann.header['reference']}"), [ann.id])

    # --- bodies
    def test_bodies_that_are_no_json(self):
        before = self.count()
        for text in ("", "{", "nonsense", "[]", '"x"', '{"name": "x"', '{"name": "x"} {"name": "y"}', "{'name': 'x'}",
                     '{"name": "\\ud800"}', b'{"name": "\xff"}', b'{"name": "\xc0\xaf"}', b"\xef\xbb\xbf{}",
                     '{"name": "a\x00b"}', "[" * 100000, '{"a":' * 5000 + "1" + "}" * 5000, '{"name": NaN}'):
            with self.subTest(text[:20]):
                answer = self.json_body(text)
                self.assertIn(answer.status, (400, 422), repr(answer))
                self.refused(answer, answer.status)
        self.assertEqual(self.count(), before)
        self.ok(self.admin.get("me"))

    def test_fields_are_told_by_their_path(self):
        for text, field in (('{"name": "x", "nmae": "y"}', "nmae"), ('{"name": 5}', "name"), ('{"name": null}', "name"),
                            ("{}", "name"), ('{"name": "x", "name": "y"}', "name"), ('{"name": "a\\u0000b"}', "name"),
                            ('{"name": "a\\r\\nBcc: x"}', "name")):
            with self.subTest(text):
                answer = self.json_body(text)
                self.assertIn(answer.status, (400, 422))
                self.refused(answer, answer.status, field=field)
        wrong = {"landlord_id": "x", "address": {"line1": 1, "town": "", "postcode": "x" * 21, "planet": "Mars"}}
        found = self.refused(self.admin.post(self.org.path + "/properties", wrong), 422, "invalid")
        self.assertEqual({e["field"] for e in found["errors"]},
                         {"landlord_id", "address.line1", "address.town", "address.postcode", "address.planet"})

    def test_content_types(self):
        for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonp",
                     "application/json; charset=latin-1", "multipart/form-data; boundary=x"):
            answer = self.admin.post(self.landlords, b'{"name": "x"}', headers={"Content-Type": kind})
            self.refused(answer, 415, "unsupported_media_type")
        self.refused(self.admin.post(self.landlords, b'{"name": "x"}'), 415, "unsupported_media_type")
        for kind in ("application/json", "Application/JSON; charset=UTF-8"):
            self.ok(self.admin.post(self.landlords, b'{"name": "x"}', headers={"Content-Type": kind}), 201)

    def test_oversized_bodies(self):
        big = b'{"name": "' + b"x" * (1 << 20) + b'"}'
        try:
            answer = self.json_body(big)
            self.refused(answer, 413)
        except (ConnectionError, http.client.HTTPException):
            pass  # refused while the rest was still being sent
        self.ok(self.admin.get("me"))

    # --- places
    def test_ids_that_are_none_are_404(self):
        for path in ("support-cases/1", "support-cases/" + "x" * 300, "support-cases/%00", "support-cases/..%2f..",
                     "organisations/not-an-id", f"{self.case.path}x", f"{self.case.path}/team/1/end",
                     "support-cases/{%7B}", "nothing", "/api/v2/me", "/..", "/api/v1/me/"):
            self.refused(self.admin.get(path), 405 if path.endswith("/end") else 404)

    def test_methods_that_are_not_there(self):
        for path, allowed in (("me", {"GET", "HEAD"}), (self.landlords, {"GET", "HEAD", "POST"}), ("sign-in", {"POST"}),
                              (self.case.path + "/close", {"POST"})):
            answer = self.admin.request("PUT", path)
            self.refused(answer, 405, "method_not_allowed")
            self.assertEqual(set(answer.headers["Allow"].replace(" ", "").split(",")), allowed)
        self.assertEqual(self.admin.request("OPTIONS", "me").status, 405)

    def test_openapi_describes_what_is_served(self):
        document = self.ok(self.nobody().get("/openapi.json"))
        self.assertEqual(document["openapi"], "3.1.0")
        self.assertIn("post", document["paths"]["/api/v1/support-cases/{id}/team/{row}/end"])
        operations = [op for methods in document["paths"].values() for op in methods.values()]
        self.assertEqual(len({op["operationId"] for op in operations}), len(operations))
        text = json.dumps(document)
        for reference in set(part.split('"')[0] for part in text.split('"$ref": "')[1:]):
            at = document
            for step in reference[2:].split("/"):
                at = at[step]
        printed = self.service.command("openapi").stdout
        self.assertEqual(json.loads(printed), document)
        etag = self.nobody().get("/openapi.json").headers["ETag"]
        self.assertEqual(self.nobody().get("/openapi.json", headers={"If-None-Match": etag}).status, 304)

    def test_the_public_listener_has_no_admin_pages(self):
        for path in ("/metrics", "/healthz", "/readyz", "/admin"):
            self.assertEqual(self.nobody().get(path).status, 404)
            self.assertEqual(self.service.admin(path).status, 404 if path == "/admin" else 200)


class Wire(ServiceTest):
    log_level = "warning"

    @classmethod
    def prepare(cls):
        cls.endless = threading.Thread(target=cls.send_a_body_without_end, daemon=True)
        cls.endless.start()

    @classmethod
    def send_a_body_without_end(cls):
        """Runs while the other tests do: its deadline is half a minute."""
        began, cls.endless_got = time.monotonic(), b""
        with cls.service.raw() as s:
            s.settimeout(0.5)
            s.sendall(b"POST /api/v1/sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                      b"Content-Length: 1000000\r\n\r\n")
            while not cls.endless_got and time.monotonic() - began < 60:
                try:
                    s.sendall(b" ")
                    cls.endless_got = s.recv(4096)
                except TimeoutError:
                    continue
                except ConnectionError:
                    break
        cls.endless_took = time.monotonic() - began

    def test_zz_a_body_that_never_ends_ends_at_its_deadline(self):
        self.endless.join(60)
        self.assertRegex(self.endless_got, rb"^HTTP/1\.1 408 ")
        self.assertTrue(25 < self.endless_took < 45, self.endless_took)

    def exchange(self, data, seconds=15):
        """What comes back to these bytes until the other side closes."""
        with self.service.raw() as s:
            s.settimeout(seconds)
            s.sendall(data)
            got = b""
            try:
                while piece := s.recv(65536):
                    got += piece
            except ConnectionResetError:
                pass
            return got

    def test_ambiguous_framings_are_refused_and_the_connection_closed(self):
        post = b"POST /api/v1/sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        smuggled = b"GET /login HTTP/1.1\r\nHost: a\r\n\r\n"
        for number, head in enumerate((
            post + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            post + b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
            post + b"Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n",
            post + b"Content-Length: 0\r\nContent-Length: 35\r\n\r\n",
            post + b"Content-Length: 0, 0\r\n\r\n",
            post + b"Content-Length: +0\r\n\r\n",
            post + b"Content-Length: 0x0\r\n\r\n",
            post + b"Content-Length: -1\r\n\r\n",
            post + b"Content-Length : 0\r\n\r\n",
            post + b"\r\n",
            post + b"Content-Length: 0\r\n folded: yes\r\n\r\n",
            b"GET /login HTTP/1.1\r\n\r\n",
            b"GET /login HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            b"GET http://a/login HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET /login HTTP/1.1\nHost: a\n\n",
            b"GET /login HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
            b"GET  /login HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET /lo gin HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET /log\xffin HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET /login HTTP/2.0\r\nHost: a\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
            b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        )):
            with self.subTest(number=number, head=head[:80]):
                got = self.exchange(head + smuggled)
                self.assertRegex(got, rb"^HTTP/1\.1 (400|405|411|413|505|431) ")
                self.assertEqual(got.count(b"HTTP/1.1 "), 1, "what follows is not served")
                self.assertIn(b"application/problem+json", got)
                self.assertIn(b"nosniff", got)

    def test_heads_over_the_limit(self):
        get = b"GET / HTTP/1.1\r\nHost: a\r\n"
        for head, status in ((get + b"X: " + b"x" * 20000 + b"\r\n\r\n", b"431"),
                             (get + b"X: y\r\n" * 200 + b"\r\n", b"431"),
                             (b"GET /" + b"x" * 20000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"414")):
            self.assertRegex(self.exchange(head), rb"^HTTP/1\.1 " + status)

    def test_a_pipeline_is_served_in_order(self):
        one = b"GET /login HTTP/1.1\r\nHost: a\r\n\r\n"
        got = self.exchange(one * 20 + b"GET /openapi.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        self.assertEqual(got.count(b"HTTP/1.1 200 OK"), 21)
        self.assertIn(b"openapi", got[got.rfind(b"HTTP/1.1 200 OK"):])

    def test_slow_and_half_open_clients_do_not_hold_up_an_honest_one(self):
        half = [b"", b"G", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n",
                b"POST /api/v1/sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                b"Content-Length: 50\r\n\r\n{"]
        clients = [socket.create_connection(("127.0.0.1", self.service.port), timeout=30) for _ in range(500)]
        try:
            for number, client in enumerate(clients):
                client.sendall(half[number % len(half)])
            honest = self.nobody()
            slowest = 0
            for _ in range(50):
                began = time.monotonic()
                self.assertEqual(honest.get("/login").status, 200)
                slowest = max(slowest, time.monotonic() - began)
            self.assertLess(slowest, 2)
            self.assertGreaterEqual(self.service.metric("keywork_open_connections"), 500)
            # A head that never ends is answered and closed after its 10 seconds.
            clients[3].settimeout(20)
            self.assertRegex(clients[3].recv(4096), rb"^HTTP/1\.1 408 ")
        finally:
            for client in clients:
                client.close()
        eventually("they are let go", lambda: self.service.metric("keywork_open_connections") < 10)

    def test_a_head_that_trickles_ends_at_its_deadline(self):
        with self.service.raw() as s:
            s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
            began, got = time.monotonic(), b""
            s.settimeout(0.5)
            while time.monotonic() - began < 20 and not got:
                try:
                    s.sendall(b"X: y\r\n")
                    got = s.recv(4096)
                except TimeoutError:
                    continue
                except ConnectionError:
                    break
            self.assertRegex(got, rb"^HTTP/1\.1 (408|431) ")
            self.assertLess(time.monotonic() - began, 14)


if __name__ == "__main__":
    main()
