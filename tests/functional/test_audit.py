"""R26, R27: what is written down, and what `keywork audit verify` says of it."""
import re
import subprocess

from harness import ServiceTest, main
from world import Organisation


class Audit(ServiceTest):
    @classmethod
    def prepare(cls):
        cls.org = Organisation(cls.service, cls.sink)
        cls.other = Organisation(cls.service, cls.sink, "Hill Homes")
        cls.case = cls.org.case()
        cls.worker = cls.case.worker("full")
        for number in range(5):
            cls.case.note(f"Shared {number}", by=cls.worker)
        cls.case.note("Private", "professional")
        cls.other.case().note("Elsewhere")

    # --- the database, as somebody who may do everything with it
    @classmethod
    def sql(cls, statement):
        server = f"host={cls.service.data / 'pg' / 'run'} user=postgres dbname=keywork"
        done = subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", server, "-c",
                               f"SET session_replication_role = replica; {statement}"],
                              capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def verify(self, *options, code=0):
        done = self.service.command("audit", "verify", "--data", str(self.service.data), *options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def of(self, organisation, printed):
        """The one line about this organisation."""
        lines = [line for line in printed.splitlines() if line.startswith(organisation.id)]
        self.assertEqual(len(lines), 1, printed)
        return lines[0]

    def tampered(self, statement, undo):
        self.sql(statement)
        self.addCleanup(self.verify)
        self.addCleanup(self.sql, undo)

    def entry(self, condition):
        return self.sql(f"SELECT seq, id, kind FROM keywork.audit_entries WHERE org_id = '{self.org.id}'"
                        f" AND {condition} ORDER BY seq LIMIT 1").split("|")

    # --- the tests
    def test_R27_a_log_that_nobody_touched_holds(self):
        printed = self.verify()
        for organisation in (self.org, self.other):
            line = self.of(organisation, printed)
            count = self.sql(f"SELECT count(*) FROM keywork.audit_entries WHERE org_id = '{organisation.id}'")
            self.assertRegex(line, rf"{organisation.name}: {count} entries hold; head {count}:[0-9a-f]{{64}}$")
        self.assertEqual(len(printed.splitlines()), 2, "an identity container has no log")

    def test_R27_every_change_is_a_link(self):
        before = int(re.search(r"(\d+) entries", self.of(self.org, self.verify()))[1])
        self.case.note("One more")
        self.ok(self.org.admin.patch(self.case.path, {"context_summary": "Another"}))
        line = self.of(self.org, self.verify("--organisation", self.org.id))
        self.assertIn(f": {before + 2} entries hold", line)

    def test_R27_an_edit_is_named(self):
        seq, entry, kind = self.entry("kind = 'collaborator.invited'")
        was = self.sql(f"SELECT detail FROM keywork.audit_entries WHERE id = '{entry}'")
        self.tampered(f"UPDATE keywork.audit_entries SET detail = '{{}}' WHERE id = '{entry}'",
                      f"UPDATE keywork.audit_entries SET detail = $was${was}$was$ WHERE id = '{entry}'")
        printed = self.verify(code=1)
        self.assertIn(f": BROKEN at number {seq}, entry {entry}, {kind}, ", self.of(self.org, printed))
        self.assertIn(": edited: ", self.of(self.org, printed))
        self.assertIn(" entries hold", self.of(self.other, printed))

    def test_R27_a_removal_is_named(self):
        seq, entry, _ = self.entry("kind = 'note.created'")
        self.sql("CREATE TABLE IF NOT EXISTS public.kept AS SELECT * FROM keywork.audit_entries WHERE false")
        self.sql(f"INSERT INTO public.kept SELECT * FROM keywork.audit_entries WHERE id = '{entry}'")
        self.tampered(f"DELETE FROM keywork.audit_entries WHERE id = '{entry}'",
                      f"INSERT INTO keywork.audit_entries SELECT * FROM public.kept WHERE id = '{entry}'")
        self.assertIn(f": BROKEN at number {seq}: removed: ", self.of(self.org, self.verify(code=1)))

    def test_R27_another_order_is_named(self):
        seq = int(self.entry("kind = 'note.created'")[0])
        swap = "; ".join(f"UPDATE keywork.audit_entries SET seq = {to} WHERE org_id = '{self.org.id}' AND seq = {of}"
                         for of, to in ((seq, -1), (seq + 1, seq), (-1, seq + 1)))
        self.tampered(swap, swap)
        self.assertIn(f": BROKEN at number {seq}, ", self.of(self.org, self.verify(code=1)))
        self.assertIn(": reordered: ", self.of(self.org, self.verify(code=1)))

    def test_R27_a_log_rewritten_with_its_head_is_found_by_the_head_that_was_written_down(self):
        head = self.of(self.other, self.verify()).split("; head ")[1]
        chosen = ("--organisation", self.other.id, "--head", head)
        self.assertIn(" entries hold", self.verify(*chosen))
        seq = int(head.split(":")[0])
        where = f"org_id = '{self.other.id}'"
        self.sql(f"CREATE TABLE public.last AS SELECT * FROM keywork.audit_entries WHERE {where} AND seq = {seq}")
        self.tampered(
            f"DELETE FROM keywork.audit_entries WHERE {where} AND seq = {seq};"
            f" UPDATE keywork.audit_heads SET (seq, hash) = (SELECT seq, hash FROM keywork.audit_entries WHERE {where} AND seq = {seq - 1}) WHERE {where}",
            "INSERT INTO keywork.audit_entries SELECT * FROM public.last; UPDATE keywork.audit_heads SET (seq, hash)"
            f" = (SELECT seq, hash FROM public.last) WHERE {where}")
        self.verify()
        self.assertIn(f": BROKEN at number {seq}: removed: ", self.verify(*chosen, code=1))

    def test_R27_a_part_by_time(self):
        self.assertIn(" entries hold", self.of(self.org, self.verify("--from", "2020-01-01", "--to", "2100-01-01")))
        self.assertIn(": 0 entries hold, none in this part", self.of(self.org, self.verify("--to", "2020-01-01")))
        moment = self.sql("SELECT to_char(max(at), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM keywork.audit_entries"
                          f" WHERE org_id = '{self.org.id}'")
        last = self.sql(f"SELECT max(seq) FROM keywork.audit_entries WHERE org_id = '{self.org.id}'")
        self.assertIn(f": 1 entries hold, only numbers {last} to {last};",
                      self.of(self.org, self.verify("--from", moment, "--organisation", self.org.id)))

    def test_a_wrong_command_line_is_refused_in_one_line(self):
        for options in (("--from", "yesterday"), ("--to", "2026-02-30"), ("--organisation", "x"), ("--head", "3:ab"),
                        ("--organisation", "0198f000-0000-7000-8000-000000000001"),
                        ("--organisation", self.org.id, "--head", "3:ab"),
                        ("--organisation", self.org.id, "--head", f"x:{'0' * 64}"),
                        ("--organisation", self.org.id, "--from", "2026-01-01", "--head", f"1:{'0' * 64}")):
            with self.subTest(options=options):
                done = self.service.command("audit", "verify", "--data", str(self.service.data), *options)
                self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done.stderr)

    def test_help_tells_of_it(self):
        done = self.service.command("audit", "verify", "--help")
        self.assertEqual(done.returncode, 0)
        for word in ("--organisation", "--from", "--to", "--head", "Exit codes"):
            self.assertIn(word, done.stdout)


class Stopped(ServiceTest):
    @classmethod
    def prepare(cls):
        cls.org = Organisation(cls.service, cls.sink)

    @classmethod
    def tearDownClass(cls):
        """The service has ended: there are no metrics to look at."""

    def test_R27_verify_needs_no_running_service(self):
        self.service.stop()
        done = self.service.command("audit", "verify", "--data", str(self.service.data))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"{self.org.id} {self.org.name}: ", done.stdout)
        self.assertIsNone(self.service.postmaster(), "what it started it stopped")


if __name__ == "__main__":
    main()
