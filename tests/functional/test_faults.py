"""What a crash or a lost database does, and what it must not."""
import http.client
import os
import signal
import threading
import unittest

from harness import Keywork, eventually, main, processes_in
from sink import Sink
from world import Case, Organisation, must


class Faults(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.sink = Sink().start()
        cls.addClassCleanup(cls.sink.stop)
        cls.service = Keywork(mail=f"smtp://127.0.0.1:{cls.sink.port}")
        cls.addClassCleanup(cls.service.clean)
        cls.service.start()

    def unavailable(self, answer):
        self.assertEqual(answer.status, 503, repr(answer))
        self.assertEqual(answer.json["code"], "unavailable")
        self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)


class Kills(Faults):
    def test_kill_9_between_any_two_steps(self):
        """The story once more; after every step the program is killed, and everything that was said still holds."""
        s, facts, sink = self.service, [], self.sink

        def holds(what, person, path, read):
            """From now on, after every crash, this person reads the same there."""
            facts.append((what, person, path, read, read(must(person.get(path), 200))))

        def step_organisation():
            s.org = Organisation(s, sink)
            holds("who I am", s.org.admin, "me", lambda a: (a["user"], a["organisations"]))

        def step_property():
            s.place = s.org.property()
            holds("properties", s.org.admin, s.org.path + "/properties", lambda a: a["items"])

        def step_tenancy():
            s.tenancy = s.org.tenancy(s.place)
            holds("tenancies", s.org.admin, s.org.path + "/tenancies", lambda a: [t["start_date"] for t in a["items"]])

        def step_tenant_is_told():
            self.sink.wait_for(s.tenancy["tenants"][0]["email"])

        def step_case():
            s.case = Case(s.org, must(s.org.admin.post("support-cases", {
                "tenancy_id": s.tenancy["id"], "context_summary": "Kept"}), 201), s.tenancy)
            holds("the case", s.org.admin, s.case.path, lambda a: (a["case"]["reference"], a["case"]["opened_at"]))

        def step_invite():
            s.worker = s.case.invite("full")

        def step_mail():
            s.token = self.sink.wait_for(s.worker.email).token

        def step_redeem():
            must(s.worker.redeem(s.token, "invites/redeem"), 200)
            holds("the caseload", s.worker, "support/tenants", lambda a: [x["case_id"] for x in a["items"]])

        def step_notes():
            s.shared = s.case.note("Shared", by=s.worker)
            s.private = s.case.note("Private", "professional", safeguarding=True)
            holds("the private note", s.org.admin, s.case.path + "/notes?stream=professional", lambda a: a["items"])

        def step_edit():
            must(s.worker.patch(f"{s.case.path}/notes/{s.shared['id']}", {"body": "Edited"}), 200)
            holds("the edit", s.worker, s.case.path + "/notes", lambda a: a["items"][-1])

        def step_delete():
            note = s.case.note("Gone", by=s.worker)
            must(s.worker.delete(f"{s.case.path}/notes/{note['id']}"), 204)
            holds("the tombstone", s.worker, s.case.path, lambda a: a["notes"])

        def step_token():
            program = s.worker.with_bearer()
            holds("the token", program, "me", lambda a: a["user"])

        def step_close_and_reopen():
            must(s.org.admin.post(s.case.path + "/close"), 200)
            s.kill()
            s.restart()
            self.assertEqual(s.case.see()["case"]["status"], "closed")
            must(s.org.admin.post(s.case.path + "/reopen"), 200)

        def step_end():
            must(s.case.end(s.worker.row), 200)
            facts[:] = [f for f in facts if f[1] is not s.worker]
            holds("what was ended", s.worker, "support/tenants", lambda a: a["items"])
            facts.append(("the end", s.worker, s.case.path, None, 404))

        for step in (step_organisation, step_property, step_tenancy, step_tenant_is_told, step_case, step_invite,
                     step_mail, step_redeem, step_notes, step_edit, step_delete, step_token, step_close_and_reopen,
                     step_end):
            step()
            s.kill()
            s.restart()
            for what, person, path, read, expected in facts:
                with self.subTest(after=step.__name__, what=what):
                    answer = person.get(path)
                    self.assertEqual(read(must(answer, 200)) if read else answer.status, expected)
        self.assertEqual(s.metric("keywork_commits_forbidden_total"), 0)

    def test_kill_9_amid_writing_loses_nothing_acknowledged_and_does_nothing_twice(self):
        org = Organisation(self.service, self.sink)
        case = org.case()
        program = org.admin.with_bearer()
        acknowledged, sent = {}, []

        def write(number):
            key = f"note-{number}"
            answer = program.post(case.path + "/notes", {"stream": "shared", "body": key},
                                  headers={"Idempotency-Key": key})
            if answer.status == 201:
                acknowledged[key] = answer.json["id"]
            return answer.status

        for crash in range(3):
            killer = threading.Timer(0.15 + 0.1 * crash, self.service.kill)
            killer.start()
            try:
                while True:
                    sent.append(len(sent))
                    write(sent[-1])
            except (OSError, http.client.HTTPException):
                pass
            killer.join()
            self.service.restart()
        self.assertGreater(len(acknowledged), 3)
        before = dict(acknowledged)
        for number in sent:  # a client that sends everything again
            self.assertEqual(write(number), 201)
        for key, note in before.items():
            self.assertEqual(acknowledged[key], note, "the first answer again")
        bodies, cursor = [], ""
        while cursor is not None:
            page = must(org.admin.get(f"{case.path}/notes?limit=200" + (f"&cursor={cursor}" if cursor else "")), 200)
            bodies += [n["body"] for n in page["items"]]
            cursor = page["next"]
        self.assertEqual(sorted(bodies), sorted(f"note-{n}" for n in sent), "each once")


class Database(Faults):
    def test_a_database_that_dies_comes_back_by_itself(self):
        org = Organisation(self.service, self.sink)
        case = org.case()
        worker = case.worker("full")
        kept = [case.note("before")["id"]]
        for _ in range(2):
            os.kill(self.service.postmaster(), signal.SIGKILL)

            def write():
                """Whether it was written; if not, it was refused as it has to be."""
                answer = worker.post(case.path + "/notes", {"stream": "shared", "body": "x"})
                if answer.status == 201:
                    kept.append(answer.json["id"])
                    return True
                self.unavailable(answer)
                return False

            # What goes on for a moment after the kill may still commit, and is kept then.
            eventually("writing is refused", lambda: not write(), 5)
            eventually("writing works again", write, 30)
            self.service.wait_until_ready(10)
            self.assertLessEqual(set(kept), {n["id"] for n in case.notes(by=worker)})
        self.assertEqual(self.service.admin("/healthz").status, 200)
        self.service.events()


class FrozenDatabase(Faults):
    def test_a_database_that_freezes_makes_503_and_goes_on(self):
        org = Organisation(self.service, self.sink)
        case = org.case()
        reader = case.worker("context_only")
        case.see(reader)
        frozen = processes_in(self.service.data)
        self.assertGreater(len(frozen), 3)
        for process in frozen:
            os.kill(process, signal.SIGSTOP)
        try:
            answers = []
            write = threading.Thread(target=lambda: answers.append(
                org.admin.post(case.path + "/notes", {"stream": "shared", "body": "frozen"})))
            write.start()
            for _ in range(20):
                case.see(reader)  # from memory
                self.assertEqual(self.service.admin("/healthz").status, 200)
            write.join(40)
            self.unavailable(answers[0])
        finally:
            for process in frozen:
                os.kill(process, signal.SIGCONT)
        eventually("writing works again", lambda: org.admin.post(
            case.path + "/notes", {"stream": "shared", "body": "thawed"}).status == 201, 40)
        self.assertLessEqual([n["body"] for n in case.notes()].count("frozen"), 1)


if __name__ == "__main__":
    main()
