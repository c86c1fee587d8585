"""Runs the real program with its real database, and speaks HTTP with it as a person would.

`KEYWORK_PROGRAM` names the program, else it is build/keywork.
"""
import ctypes
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from http.cookies import SimpleCookie
from pathlib import Path

from sink import Sink, free_port

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("KEYWORK_PROGRAM") or str(ROOT / "build" / "keywork")
READY = 60  # seconds for a first start, which makes a database

_libc = ctypes.CDLL(None)


def eventually(what, condition, seconds=10.0, pause=0.02):
    """Waits for a condition, and returns the first true thing it says."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(pause)


def processes_in(directory):
    """Processes that work in this directory, as every process of its PostgreSQL does."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str(directory) in os.readlink(entry / "cwd"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _end_with_the_test():
    """Where a test is killed its service is asked to stop (prctl's PR_SET_PDEATHSIG)."""
    _libc.prctl(1, signal.SIGTERM)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def everything(self):
        """All that the client was told."""
        return "\n".join([str(self.status), str(self.headers), self.body.decode("utf-8", "replace")])

    def __repr__(self):
        return f"{self.status} {self.body[:600]!r}"


class Keywork:
    """`keywork serve` on a data directory of its own, which goes away with it unless one is given."""

    def __init__(self, data=None, mail=None, log_level="info", options=()):
        self._own = None if data else tempfile.mkdtemp(prefix="keywork-test-")
        self.data = Path(data) if data else Path(self._own) / "data"
        # Run by root, PostgreSQL works as another user, who has to get through to the data.
        os.chmod(self.data.parent, 0o755)
        self.port, self.admin_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_file = self.data.parent / "serve.log"
        self.said_file = self.data.parent / "serve.out"
        self.process = None
        self.generation = 0
        self.environment = {}
        self._options = ["--listen", f"127.0.0.1:{self.port}", "--admin-listen", f"127.0.0.1:{self.admin_port}",
                         "--public-url", self.url, "--log-level", log_level, *(["--mail", mail] if mail else []),
                         *options]

    # --- its life
    def launch(self):
        self.generation += 1
        with self.log_file.open("ab") as log, self.said_file.open("ab") as said:
            self.process = subprocess.Popen([PROGRAM, "serve", "--data", str(self.data), *self._options], stdout=said,
                                            stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                                            env={**os.environ, **self.environment},
                                            preexec_fn=_end_with_the_test)
        return self

    def start(self):
        """Launches it; returns how many seconds it took to be ready."""
        began = time.monotonic()
        self.launch()
        self.wait_until_ready()
        return time.monotonic() - began

    def wait_until_ready(self, seconds=READY):
        def is_ready():
            if self.process.poll() is not None:
                raise AssertionError(f"serve ended with {self.process.returncode}:\n{self.log_tail()}")
            return self.admin("/readyz").status == 200

        eventually("/readyz says 200", is_ready, seconds)

    def stop(self):
        """Asks it to stop; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def restart(self):
        return self.start()

    def clean(self):
        if self.process and self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill()
        if self._own:
            shutil.rmtree(self._own, ignore_errors=True)

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.clean()
            raise
        return self

    def __exit__(self, *_):
        self.clean()

    # --- its other commands
    def command(self, *arguments, seconds=60):
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=seconds,
                              stdin=subprocess.DEVNULL)

    def create_organisation(self, name, email, tier="enterprise", admin_name=None):
        """Its id and the token of the administrator's link."""
        done = self.command("org", "create", "--name", name, "--admin-email", email, "--tier", tier, "--data",
                            str(self.data), "--public-url", self.url,
                            *(["--admin-name", admin_name] if admin_name else []))
        if done.returncode != 0:
            raise AssertionError(f"org create: {done.returncode} {done.stderr}")
        found = re.search(r"^organisation (\S+)$.*^" + re.escape(self.url) + r"/login\?token=(\S+)$", done.stdout,
                          re.MULTILINE | re.DOTALL)
        return found[1], found[2]

    def set_tier(self, org, tier):
        return self.command("org", "tier", "--org", org, "--tier", tier, "--data", str(self.data))

    # --- what it tells
    def admin(self, path):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=30)
            connection.request("GET", path)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except (ConnectionError, http.client.HTTPException):
            return Answer(0, {}, b"")
        finally:
            connection.close()

    def metrics(self):
        return self.admin("/metrics").text

    def metric(self, name):
        """The sum of a metric over its labels."""
        return sum(float(value) for value in
                   re.findall(rf"^{name}(?:\{{[^}}]*\}})? ([0-9.e+-]+)$", self.metrics(), re.MULTILINE))

    def log(self):
        return self.log_file.read_text(encoding="utf-8") if self.log_file.exists() else ""

    def log_tail(self):
        return self.log()[-3000:]

    def events(self):
        """The log of `serve`, line by line, every one of which is JSON."""
        found = []
        for line in self.log().splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                raise AssertionError(f"a log line is no JSON: {line!r}") from None
            for field in ("time", "level", "event"):
                if not isinstance(entry.get(field), str):
                    raise AssertionError(f"a log line without {field}: {line!r}")
            found.append(entry)
        return found

    def postmaster(self):
        """The process of its PostgreSQL, or None."""
        try:
            return int((self.data / "pg" / "cluster" / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def raw(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)


class Person:
    """Somebody with a browser's cookies or a program's bearer token. One connection, kept open between requests."""

    def __init__(self, service, email=None, name=None):
        self.service, self.email, self.name = service, email, name
        self.cookies, self.csrf, self.bearer = {}, None, None
        self.user, self.landing, self.row = None, None, None
        self._connection, self._generation = None, 0

    def request(self, method, path, body=None, headers=None, csrf=True):
        """`path` is below /api/v1/ unless it begins with a slash. A body that is no bytes is sent as JSON."""
        path = path if path.startswith("/") else "/api/v1/" + path
        sent = {"X-CSRF-Token": self.csrf} if csrf and self.csrf and method not in ("GET", "HEAD") else {}
        if self.bearer:
            sent["Authorization"] = "Bearer " + self.bearer
        elif self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode("utf-8")
            sent["Content-Type"] = "application/json"
        if method in ("POST", "PATCH", "PUT") and body is None:
            body = b""
        sent.update(headers or {})
        return self._exchange(method, path, body, sent)

    def _exchange(self, method, path, body, headers):
        if self._connection is None or self._generation != self.service.generation:
            self.hang_up()
            self._connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
            self._generation = self.service.generation
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(cookie).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return Answer(answer.status, answer.headers, body)

    def __del__(self):
        self.hang_up()

    def hang_up(self):
        if self._connection:
            self._connection.close()
        self._connection = None

    def get(self, path, **how):
        return self.request("GET", path, **how)

    def post(self, path, body=None, **how):
        return self.request("POST", path, body, **how)

    def patch(self, path, body=None, **how):
        return self.request("PATCH", path, body, **how)

    def put(self, path, body=None, **how):
        return self.request("PUT", path, body, **how)

    def delete(self, path, **how):
        return self.request("DELETE", path, **how)

    # --- signing in
    def redeem(self, token, path="sign-in/redeem", **more):
        answer = self.post(path, {"token": token, **more}, csrf=False)
        if answer.status == 200:
            self.csrf, self.user = answer.json["csrf_token"], answer.json["user"]
            self.landing = answer.json["landing"]
            self.email, self.name = self.user["email"], self.user["full_name"]
        return answer

    def sign_in(self, sink):
        """Asks for a link, takes it out of the mail and redeems it."""
        asked = self.post("sign-in", {"email": self.email}, csrf=False)
        if asked.status != 202:
            raise AssertionError(f"sign-in: {asked}")
        answer = self.redeem(sink.wait_for(self.email, lambda mail: "sign-in" in mail.subject).token)
        if answer.status != 200:
            raise AssertionError(f"redeem: {answer}")
        return self

    def with_bearer(self, name="test"):
        """The same person as a program with a fresh bearer token."""
        made = self.post("api-tokens", {"name": name})
        if made.status != 201:
            raise AssertionError(f"api-tokens: {made}")
        program = Person(self.service, self.email, self.name)
        program.bearer, program.user, program.token_id = made.json["token"], self.user, made.json["id"]
        return program


class ServiceTest(unittest.TestCase):
    """One service and one mail server for all tests of the class."""

    options = ()
    log_level = "info"
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.sink = Sink().start()
        cls.addClassCleanup(cls.sink.stop)
        cls.service = Keywork(mail=f"smtp://127.0.0.1:{cls.sink.port}", log_level=cls.log_level, options=cls.options)
        cls.addClassCleanup(cls.service.clean)
        cls.service.start()
        cls.prepare()

    @classmethod
    def prepare(cls):
        """The little world that the class's tests begin with."""

    @classmethod
    def tearDownClass(cls):
        if cls.service.process.poll() is None:
            for defect in ("keywork_commits_forbidden_total", "keywork_case_crashes_total"):
                if cls.service.metric(defect) != 0:
                    raise AssertionError(f"{defect} is not 0:\n{cls.service.log_tail()}")
        cls.service.events()

    def nobody(self):
        return Person(self.service)

    # --- what an answer has to be
    def ok(self, answer, status=200):
        """The JSON of an answer that has to have this status."""
        self.assertEqual(answer.status, status, repr(answer))
        if answer.body:
            self.assertEqual(answer.headers["Content-Type"], "application/json")
        return answer.json

    def refused(self, answer, status, code=None, field=None):
        """The problem of an answer that has to refuse like this."""
        self.assertEqual(answer.status, status, repr(answer))
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json", repr(answer))
        problem = answer.json
        for member, kind in (("type", str), ("title", str), ("status", int), ("detail", str), ("code", str)):
            self.assertIsInstance(problem.get(member), kind, f"{member} in {problem}")
        self.assertEqual(problem["status"], status)
        if code:
            self.assertEqual(problem["code"], code, problem)
        if field:
            self.assertIn(field, [e["field"] for e in problem.get("errors", [])], problem)
        if status in (429, 503):
            self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
        return problem

    def same_problem(self, one, other):
        """Two refusals that nobody could tell apart but by the id of the request."""
        def plain(answer):
            headers = {k.lower(): v for k, v in answer.headers.items() if k.lower() not in ("date", "x-request-id")}
            body = answer.json
            length = len(answer.body) - len(body.pop("request_id"))
            headers["content-length"] = str(length)
            return answer.status, headers, body

        self.assertEqual(plain(one), plain(other))


def main():
    unittest.main(verbosity=2, warnings="ignore")
