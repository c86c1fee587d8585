"""Live updates: who is told what of a case while they look at it, when a stream ends, and what many of them cost."""
import http.client
import json
import resource
import selectors
import socket
import time
from pathlib import Path

from harness import ServiceTest, eventually, main
from world import Organisation, must

SOON = 10  # seconds within which anything has to be told
AT_ONCE = 1  # second within which an ended access is ended on every open stream
STREAMS, WORKERS = 2_000, 100
DEAREST = 64  # KiB that an open stream may cost


def credentials(person):
    if person.bearer:
        return {"Authorization": "Bearer " + person.bearer}
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in person.cookies.items())}


class Stream:
    """An open stream as a browser's EventSource reads it."""

    def __init__(self, person, case):
        self.connection = http.client.HTTPConnection("127.0.0.1", person.service.port, timeout=SOON)
        self.connection.request("GET", f"/api/v1/{case.path}/events", headers=credentials(person))
        self.answer = self.connection.getresponse()

    def next(self):
        """The name and the data of the next event; None at the end of the stream."""
        name, data = None, None
        while True:
            line = self.answer.readline().decode("utf-8")
            if not line:
                return None
            if line == "\n" and name:
                return name, data
            if line.startswith("event: "):
                name = line[7:-1]
            if line.startswith("data: "):
                data = json.loads(line[6:])

    def close(self):
        self.answer.close()
        self.connection.close()


class Events(ServiceTest):
    @classmethod
    def prepare(cls):
        cls.org = Organisation(cls.service, cls.sink)
        cls.landlord = cls.org.landlord()

    def setUp(self):
        self.case = self.org.case(landlord=self.landlord)
        self.admin = self.org.admin

    def open(self, person, case=None):
        stream = Stream(person, case or self.case)
        self.addCleanup(stream.close)
        self.assertEqual(stream.answer.status, 200, stream.answer.headers)
        name, data = stream.next()
        self.assertEqual((name, data["kinds"]), ("open", []))
        self.assertEqual(data["version"], self.version(person, case), "where the client stands")
        return stream

    def version(self, person, case=None):
        return person.get((case or self.case).path).headers["ETag"]

    def told(self, stream, person, *kinds):
        """The next thing that this person is told, with the version that they see then."""
        self.assertEqual(stream.next(), ("change", {"version": self.version(person), "kinds": list(kinds)}))

    def test_each_is_told_what_they_may_see(self):
        manager = self.org.manager([self.landlord])
        full, reader = self.case.worker("full", "Fay Full"), self.case.worker("context_only", "Connie Council")
        everybody = [self.admin, manager, full, reader]
        ears = {person.email: self.open(person) for person in everybody}

        def tell(people, *kinds):
            for person in people:
                self.told(ears[person.email], person, *kinds)

        operators, workers = [self.admin, manager], [self.admin, manager, full]
        private = self.case.note("SECRET", "professional", by=manager)
        tell(operators, "note.created")
        must(self.admin.patch(f"{self.case.path}/notes/{private['id']}", {"safeguarding": True}), 200)
        tell(operators, "note.safeguarding_flagged")
        self.case.contact()
        tell(operators, "contact.added")
        # What they could not see was no event: this is the first that they hear of.
        self.case.note("Keys handed over.", by=full)
        tell(everybody, "note.created")
        goal = must(full.post(f"{self.case.path}/goals", {"title": "Bank account"}), 201)
        tell(everybody, "goal.created")
        must(full.post(f"{self.case.path}/goals/{goal['id']}/progress", {"text": "Papers sent"}), 201)
        tell(everybody, "goal.progress_added")
        session = {"starts_at": "2026-12-01T10:00:00Z", "type": "key_work", "attendees": ["Dan"], "status": "scheduled"}
        must(full.post(f"{self.case.path}/sessions", session), 201)
        tell(workers, "session.created")
        must(reader.post(f"{self.case.path}/sessions", session), 201)
        tell(everybody, "session.created")
        must(self.admin.request("PUT", f"{self.case.path}/legal-hold", {"on": True, "reason": "inquest"}), 200)
        tell(operators, "case.legal_hold_set")
        self.case.invite("full", "Nina New")
        tell(everybody, "collaborator.invited")
        must(self.admin.post(f"{self.case.path}/close", {}), 200)
        tell(everybody, "case.closed")

    def test_R16_end_closes_the_streams_at_once(self):
        full, other = self.case.worker("full", "Fay Full"), self.case.worker("full", "Finn Full")
        streams, others = [self.open(full) for _ in range(3)], self.open(other)
        row = next(r for r in self.case.see()["team"] if r["email"] == full.email)
        must(self.case.end(row), 200)
        answered = time.monotonic()
        for stream in streams:
            self.assertEqual(stream.next(), ("end", {}))
            self.assertIsNone(stream.next())
        self.assertLess(time.monotonic() - answered, AT_ONCE)
        self.told(others, other, "collaborator.ended")
        self.refused(full.get(f"{self.case.path}/events"), 404, "not_found")

    def test_a_removed_member_hears_nothing_more(self):
        manager = self.org.manager([self.landlord], "Mel Manager")
        stream = self.open(manager)
        must(self.admin.delete(f"{self.org.path}/members/{manager.user['id']}"), 204)
        self.assertEqual(stream.next(), ("end", {}))
        self.assertIsNone(stream.next())

    def test_R36_a_downgrade_ends_them_all(self):
        org = Organisation(self.service, self.sink, "Lapsing Lettings")
        case = org.case()
        full = case.worker("full")
        streams = [self.open(org.admin, case), self.open(full, case)]
        done = self.service.set_tier(org.id, "business")
        self.assertEqual(done.returncode, 0, done.stderr)
        for stream in streams:
            self.assertEqual(stream.next(), ("end", {}))
        self.refused(org.admin.get(f"{case.path}/events"), 402, "upgrade_required")

    def test_signing_out_ends_the_streams_of_that_login_alone(self):
        full = self.case.worker("full")
        program = full.with_bearer()
        in_browser, of_program = self.open(full), self.open(program)
        must(full.post("sign-out"), 204)
        self.assertEqual(in_browser.next(), ("end", {}))
        self.assertIsNone(in_browser.next())
        self.case.note("x")
        self.told(of_program, program, "note.created")

    def test_who_may_not_see_the_case_is_told_that_there_is_none(self):
        outsider = Organisation(self.service, self.sink, "Elsewhere").admin
        nothing = self.case.path[:-4] + "0000/events"
        self.same_problem(outsider.get(f"{self.case.path}/events"), outsider.get(nothing))
        self.refused(self.nobody().get(f"{self.case.path}/events"), 401)

    def test_reading_along_is_written_down_like_reading(self):
        full = self.case.worker("full", "Rita Reader")
        self.open(full)
        self.assertIn(full.user["id"], json.dumps(must(self.admin.get(f"{self.case.path}/reads"), 200)))

    def test_stopping_ends_every_stream(self):
        stream = self.open(self.admin)
        self.assertEqual(self.service.stop(), 0)
        self.assertIsNone(stream.next())
        self.service.restart()
        stream = self.open(self.admin)
        self.case.note("after the restart")
        self.told(stream, self.admin, "note.created")


class Many(ServiceTest):
    """Streams by the thousand, each a socket and nothing else on this side."""

    log_level = "warning"

    @classmethod
    def prepare(cls):
        organisation = Organisation(cls.service, cls.sink)
        cls.case = organisation.case()
        # All the mails first, which the mailer sends several at a time.
        invited = [cls.case.invite("full", f"Worker {i}") for i in range(WORKERS)]
        cls.workers = [organisation.accept(worker) for worker in invited]

    @classmethod
    def setUpClass(cls):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        super().setUpClass()

    def rss(self):
        """KiB."""
        for line in Path(f"/proc/{self.service.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise AssertionError("no VmRSS")

    def request(self, person):
        lines = [f"GET /api/v1/{self.case.path}/events HTTP/1.1", "Host: 127.0.0.1",
                 *(f"{name}: {value}" for name, value in credentials(person).items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def hear(self, chosen, heard, word, seconds=60):
        """Reads from all sockets until each has heard this word; how many seconds it took."""
        began = time.monotonic()
        waiting = {s for s in heard if word not in heard[s]}
        while waiting:
            self.assertLess(time.monotonic() - began, seconds, f"{len(waiting)} have not heard {word}")
            for key, _ in chosen.select(1):
                heard[key.fileobj] += key.fileobj.recv(65536)
                if word in heard[key.fileobj]:
                    waiting.discard(key.fileobj)
        return time.monotonic() - began

    def test_two_thousand_streams(self):
        chosen, heard = selectors.DefaultSelector(), {}
        self.addCleanup(chosen.close)

        def open_streams(person, count):
            for _ in range(count):
                s = socket.create_connection(("127.0.0.1", self.service.port), timeout=30)
                self.addCleanup(s.close)
                s.sendall(self.request(person))
                chosen.register(s, selectors.EVENT_READ)
                heard[s] = b""

        open_streams(self.case.admin, 1)
        self.hear(chosen, heard, b"event: open")
        self.case.note("warm")
        self.hear(chosen, heard, b"note.created")
        before = self.rss()
        each = STREAMS // WORKERS
        for worker in self.workers:
            open_streams(worker, each)
        self.hear(chosen, heard, b"event: open")
        cost = (self.rss() - before) / STREAMS
        for s in heard:
            self.assertTrue(heard[s].startswith(b"HTTP/1.1 200 "), heard[s][:200])
        self.assertLess(cost, DEAREST)
        self.case.note("to all of them")
        took = self.hear(chosen, {s: text.replace(b"note.created", b"") for s, text in heard.items()}, b"note.created")
        print(f"{len(heard)} streams: {cost:.1f} KiB each, a change with all of them within {took * 1000:.0f} ms")
        self.workers[0].hang_up()  # the connection has been idle for long
        self.refused(self.workers[0].get(f"{self.case.path}/events"), 429, "too_many_requests")
        for s in heard:
            chosen.unregister(s)
            s.close()
        # The places are free again.
        eventually("a stream can be opened", lambda: self.try_stream(self.workers[0]))

    def try_stream(self, person):
        stream = Stream(person, self.case)
        status = stream.answer.status
        stream.close()
        return status == 200


if __name__ == "__main__":
    main()
