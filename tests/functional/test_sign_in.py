"""R37 to R39: links, logins, bearer tokens, and what keeps strangers out."""
import html
import re
from urllib.parse import urlencode

from harness import Person, ServiceTest, main
from world import Organisation, address


class SignIn(ServiceTest):
    @classmethod
    def prepare(cls):
        cls.org = Organisation(cls.service, cls.sink)
        cls.case = cls.org.case()
        cls.worker = cls.case.worker("full")

    def someone(self):
        """A person with an account who has no login yet."""
        return self.org.invite_manager([])

    def mailed_link(self, person):
        return self.sink.wait_for(person.email, lambda m: "sign-in" in m.subject).token

    def link_for(self, person):
        self.ok(person.post("sign-in", {"email": person.email}, csrf=False), 202)
        return self.mailed_link(person)

    # --- links
    def test_R37_asking_tells_nothing_about_who_exists(self):
        known = self.nobody().post("sign-in", {"email": self.worker.email})
        unknown = self.nobody().post("sign-in", {"email": address("stranger")})
        self.assertEqual(known.body, unknown.body)
        self.assertEqual(self.ok(known, 202), self.ok(unknown, 202))
        self.assertEqual(set(known.headers), set(unknown.headers))
        self.sink.wait_for(self.worker.email)

    def test_R37_a_link_works_once(self):
        person = self.someone()
        token = self.link_for(person)
        self.assertGreaterEqual(len(token), 43, "256 bits")
        self.ok(person.redeem(token))
        self.refused(Person(self.service).redeem(token), 410, "link_spent")
        self.refused(Person(self.service).redeem(token, "invites/redeem"), 410, "link_spent")
        self.ok(person.get("me"))

    def test_R37_a_new_link_voids_the_older_one(self):
        person = self.someone()
        old, new = self.link_for(person), self.link_for(person)
        self.refused(Person(self.service).redeem(old), 410, "link_spent")
        self.ok(person.redeem(new))

    def test_a_removed_members_invite_opens_nothing(self):
        person = self.someone()
        invite = self.sink.wait_for(person.email, lambda mail: mail.token).token
        self.ok(self.org.admin.delete(f"{self.org.path}/members/{person.user['id']}"), 204)
        for way in ("invites/redeem", "sign-in/redeem"):
            self.refused(Person(self.service).redeem(invite, way), 410, "link_spent")

    def test_R37_a_forged_link_is_as_good_as_a_spent_one(self):
        person = self.someone()
        token = self.link_for(person)
        spent = Person(self.service)
        self.ok(spent.redeem(token))
        gone = Person(self.service).redeem(token)
        for forged in ("A" * len(token), token[:-1], token + "A", "x", "", "'; DROP TABLE keywork.users; --",
                       "ü" * 50):
            answer = Person(self.service).redeem(forged)
            if answer.status == 422:  # what no token can be
                self.refused(answer, 422, "invalid", "token")
            else:
                self.same_problem(answer, gone)

    def test_R37_opening_the_link_spends_nothing(self):
        person = self.someone()
        token = self.link_for(person)
        for _ in range(3):  # a mail scanner
            for method in ("GET", "HEAD"):
                page = self.nobody().request(method, f"/login?token={token}")
                self.assertEqual(page.status, 200)
        self.assertIn("<button", self.nobody().get(f"/login?token={token}").text)
        self.ok(person.redeem(token))

    def test_R37_a_browser_that_did_not_ask_has_to_type_the_address(self):
        for origin in ({"Origin": self.service.url}, {"Sec-Fetch-Site": "same-origin"}):
            person = self.someone()
            token = self.link_for(person)
            stranger = Person(self.service)

            def redeem(**more):
                return stranger.post("sign-in/redeem", {"token": token, **more}, headers=origin, csrf=False)

            self.refused(redeem(), 422, "email_required", "email")
            self.refused(redeem(email=address("wrong")), 422, "invalid", "email")
            self.ok(redeem(email=person.email.upper()))

    def test_R37_a_browser_that_asked_need_not_type(self):
        person = self.someone()
        token = self.link_for(person)
        self.assertIn("keywork_asked", person.cookies)
        self.ok(person.post("sign-in/redeem", {"token": token}, headers={"Origin": self.service.url}, csrf=False))
        self.assertNotIn("keywork_asked", person.cookies)

    def test_R37_a_cookie_of_ones_own_making_is_not_believed(self):
        person = self.someone()
        token = self.link_for(person)
        forger = Person(self.service)
        forger.cookies["keywork_asked"] = person.cookies["keywork_asked"].split(".")[0][:-1] + "A." + person.email
        self.refused(forger.post("sign-in/redeem", {"token": token}, headers={"Origin": self.service.url}, csrf=False),
                     422, "email_required")

    def test_R38_where_each_lands(self):
        self.assertEqual(self.org.admin.landing, "/support-cases")
        self.assertEqual(self.worker.landing, "/support/tenants")
        again = Person(self.service, self.worker.email).sign_in(self.sink)
        self.assertEqual(again.landing, "/support/tenants")
        self.assertEqual(self.ok(self.org.admin.get("me"))["landing"], "/support-cases")

    # --- limits
    def test_R37_limits_for_an_address(self):
        where = address("often")
        answers = [self.nobody().post("sign-in", {"email": where}) for _ in range(11)]
        self.assertEqual([a.status for a in answers[:10]], [202] * 10)
        self.refused(answers[10], 429, "too_many_requests")
        self.ok(self.nobody().post("sign-in", {"email": address("other")}), 202)

    # --- logins
    def test_signing_out_ends_at_once(self):
        person = Person(self.service, self.worker.email).sign_in(self.sink)
        copy = Person(self.service)
        copy.cookies, copy.csrf = dict(person.cookies), person.csrf
        self.ok(copy.get("me"))
        self.assertEqual(person.post("sign-out").status, 204)
        self.assertNotIn("keywork_session", person.cookies)
        self.refused(copy.get("me"), 401, "not_signed_in")

    def test_logins_are_listed_and_ended(self):
        here = Person(self.service, self.worker.email).sign_in(self.sink)
        there = Person(self.service, self.worker.email).sign_in(self.sink)
        lines = self.ok(here.get("logins"))["items"]
        self.assertEqual(len([x for x in lines if x["current"]]), 1)
        mine = next(x["id"] for x in self.ok(there.get("logins"))["items"] if x["current"])
        self.refused(self.org.admin.delete(f"logins/{mine}"), 404, "not_found")
        self.assertEqual(here.delete(f"logins/{mine}").status, 204)
        self.refused(there.get("me"), 401, "not_signed_in")
        self.refused(here.delete(f"logins/{mine}"), 404, "not_found")

    def test_the_cookie_is_kept_from_scripts(self):
        person = self.someone()
        answer = person.redeem(self.link_for(person))
        cookie = next(c for c in answer.headers.get_all("Set-Cookie") if c.startswith("keywork_session="))
        for attribute in ("HttpOnly", "SameSite=Lax", "Path=/"):
            self.assertIn(attribute, cookie)
        self.assertNotIn("Secure", cookie, "plain http, as --public-url says")

    def test_R39_bearer_tokens_are_made_used_and_revoked(self):
        made = self.ok(self.worker.post("api-tokens", {"name": "reports"}), 201)
        self.assertRegex(made["token"], r"^kw_\S{43,}$")
        program = Person(self.service)
        program.bearer = made["token"]
        self.assertEqual(self.ok(program.get("me"))["user"]["email"], self.worker.email)
        self.case.note("By a program, without CSRF token", by=program)
        listed = self.worker.get("api-tokens")
        self.assertIn(made["id"], [t["id"] for t in self.ok(listed)["items"]])
        self.assertNotIn(made["token"], listed.text)
        self.refused(self.org.admin.delete(f"api-tokens/{made['id']}"), 404, "not_found")
        self.assertEqual(self.worker.delete(f"api-tokens/{made['id']}").status, 204)
        self.refused(program.get("me"), 401, "not_signed_in")

    def test_R39_a_bearer_token_has_its_users_rights_and_no_more(self):
        program = self.worker.with_bearer()
        self.refused(program.get(f"{self.case.path}/notes?stream=professional"), 403, "not_permitted")
        self.refused(program.get(self.org.path), 404, "not_found")
        self.refused(self.worker.post("api-tokens", {"name": "old", "expires_at": "2020-01-01T00:00:00Z"}), 422,
                     "invalid", "expires_at")
        self.refused(self.worker.post("api-tokens", {"name": " "}), 422, "invalid", "name")

    def test_R39_tokens_do_not_pass_for_each_other(self):
        program = self.worker.with_bearer()
        as_cookie, as_bearer = Person(self.service), Person(self.service)
        as_cookie.cookies["keywork_session"] = program.bearer
        as_bearer.bearer = self.worker.cookies["keywork_session"]
        for person in (as_cookie, as_bearer):
            self.refused(person.get("me"), 401, "not_signed_in")
        for header in ("Basic dTpw", "Bearer", "Bearer ", "Bearer kw_nothing", "Bearer " + "x" * 5000, "kw_x"):
            self.refused(self.nobody().get("me", headers={"Authorization": header}), 401, "not_signed_in")

    # --- other sites
    def test_csrf_is_refused(self):
        note = {"stream": "shared", "body": "x"}
        before = len(self.case.notes())
        for headers in ({}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": self.org.admin.csrf}):
            self.refused(self.worker.post(self.case.path + "/notes", note, csrf=False, headers=headers), 403,
                         "csrf_token_required")
        self.assertEqual(len(self.case.notes()), before)
        self.assertEqual(self.ok(self.worker.get("me"))["csrf_token"], self.worker.csrf)

    def test_other_sites_are_refused(self):
        note = {"stream": "shared", "body": "x"}
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                        {"Sec-Fetch-Site": "same-site"}):
            self.refused(self.worker.post(self.case.path + "/notes", note, headers=headers), 403, "not_permitted")
            self.refused(self.nobody().post("sign-in", {"email": self.worker.email}, headers=headers), 403,
                         "not_permitted")
            self.refused(self.nobody().post("sign-in/redeem", {"token": "A" * 60}, headers=headers), 403,
                         "not_permitted")
        self.ok(self.worker.post(self.case.path + "/notes", note, headers={"Origin": self.service.url}), 201)

    # --- the plain pages
    def form(self, person, path, **fields):
        return person.post(path, urlencode(fields).encode(), csrf=False, headers={
            "Content-Type": "application/x-www-form-urlencoded", "Origin": self.service.url})

    def page(self, answer, status=200):
        self.assertEqual(answer.status, status, repr(answer))
        self.assertEqual(answer.headers["Content-Type"], "text/html; charset=utf-8")
        self.assertIn("frame-ancestors 'none'", answer.headers["Content-Security-Policy"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        return answer.text

    def test_pages_sign_in_and_out(self):
        person = self.someone()
        self.assertEqual(person.get("/").headers["Location"], "/login")
        self.assertIn('name="email"', self.page(person.get("/login")))
        self.assertIn("Check your mail", self.page(self.form(person, "/login", email=person.email)))
        token = self.mailed_link(person)
        self.assertNotIn('name="email"', self.page(person.get(f"/login?token={token}")), "this browser asked")
        done = self.form(person, "/login", token=token)
        self.assertEqual((done.status, done.headers["Location"]), (303, "/"))
        home = self.page(person.get("/"))
        self.assertIn(person.email, home)
        csrf = html.unescape(re.search(r'name="csrf_token" value="([^"]*)"', home)[1])
        self.assertEqual(self.form(person, "/sign-out", csrf_token="wrong").status, 403)
        self.page(person.get("/"))
        done = self.form(person, "/sign-out", csrf_token=csrf)
        self.assertEqual((done.status, done.headers["Location"]), (303, "/login"))
        self.assertEqual(person.get("/").status, 303)

    def test_pages_ask_another_browser_for_the_address(self):
        person = self.someone()
        token = self.link_for(person)
        browser = Person(self.service)
        self.assertIn('name="email"', self.page(browser.get(f"/login?token={token}")))
        self.page(self.form(browser, "/login", token=token), 422)
        self.assertIn("not sent to this address",
                      self.page(self.form(browser, "/login", token=token, email=address("wrong")), 422))
        self.assertEqual(self.form(browser, "/login", token=token, email=person.email).status, 303)
        self.page(self.form(Person(self.service), "/login", token=token, email=person.email), 410)

    def test_pages_escape_what_they_show(self):
        evil = '"><script>alert(1)</script>'
        self.assertNotIn("<script", self.page(self.form(self.nobody(), "/login", email=evil), 422))
        self.assertNotIn("<script", self.nobody().get("/login?" + urlencode({"token": evil})).text)
        name = "<script>alert(2)</script> & Söhne"
        person = self.org.manager([], name)
        home = self.page(person.get("/"))
        self.assertNotIn("<script", home)
        self.assertIn(html.escape(name), home)

    def test_pages_answer_HEAD_like_GET_without_a_body(self):
        for path in ("/login", "/login?token=abc", "/style.css", "/openapi.json"):
            got, head = self.nobody().get(path), self.nobody().request("HEAD", path)
            self.assertEqual((head.status, head.body), (200, b""))
            self.assertEqual(head.headers["Content-Length"], got.headers["Content-Length"])
        self.assertEqual(self.nobody().get("/nothing", headers={"Accept": "text/html"}).status, 404)

    def test_no_token_is_in_the_log(self):
        person = self.someone()
        token = self.link_for(person)
        person.get(f"/login?token={token}")
        person.redeem(token)
        program = person.with_bearer()
        program.get("me")
        log = self.service.log()
        for secret in (token, person.cookies["keywork_session"], person.csrf, program.bearer):
            self.assertNotIn(secret, log)


class Source(ServiceTest):
    def test_R37_limits_for_a_source(self):
        answers = [self.nobody().post("sign-in", {"email": address("many")}) for _ in range(101)]
        self.assertEqual([a.status for a in answers[:100]], [202] * 100)
        self.refused(answers[100], 429, "too_many_requests")


if __name__ == "__main__":
    main()
