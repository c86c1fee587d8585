"""The documentation holds: every command that it shows works, and every list in it is complete.

Code blocks that follow a line `<!-- tested -->` are run, in their order, one shell for each page, against a real service.
In a `console` block the lines after a `$ command` are what it prints; `…` stands for anything. An `sh` block has to
succeed.
"""
import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import docs_shell  # noqa: E402
import harness  # noqa: E402

root = Path(__file__).resolve().parents[2]
program = harness.PROGRAM


def page(name):
    return (root / name).read_text(encoding="utf-8")


def printed(*arguments):
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout


class ShownSessions(unittest.TestCase):
    def hold(self, name):
        steps = docs_shell.steps_of(page(name))
        self.assertTrue(steps, f"{name} shows no tested command")
        with tempfile.TemporaryDirectory() as directory, harness.Keywork(data=Path(directory) / "data") as service:
            self.assertIsNone(docs_shell.run(steps, directory, program, service.url))

    def test_readme(self):
        self.hold("README.md")

    def test_api(self):
        self.hold("docs/api.md")


class CompleteLists(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.service = cls.enterClassContext(harness.Keywork(data=directory / "data"))

    def test_api_lists_every_route_once(self):
        shown = re.findall(r"^\| (GET|POST|PATCH|PUT|DELETE) `(/[^`?]*)", page("docs/api.md"), re.MULTILINE)
        described = [(method.upper(), path) for path, methods in json.loads(printed("openapi"))["paths"].items()
                     for method in methods]
        self.assertEqual(sorted(shown), sorted(described))

    def test_operating_lists_every_option(self):
        shown = page("docs/operating.md")
        for command in ("serve", "migrate", "backup", "restore"):
            for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", printed(command, "--help")):
                self.assertIn(f"`{option}", shown, f"an option of {command}")
        for variable in re.findall(r"KEYWORK_[A-Z_]+", printed("serve", "--help")):
            self.assertIn(f"`{variable}`", shown)

    def test_operating_lists_every_metric(self):
        measured = set(re.findall(r"^# TYPE (\S+)", self.service.metrics(), re.MULTILINE))
        table = page("docs/operating.md").split("| Metric |")[1].split("\n\n")[0]
        shown = set(re.findall(r"^\| `(keywork_[a-z_]+)", table, re.MULTILINE))
        self.assertEqual(shown, measured)

    def test_operating_shows_the_statements_for_an_administrator(self):
        server = f"host={self.service.data / 'pg' / 'run'}"
        subprocess.run(["psql", "-qX", f"{server} user=postgres dbname=postgres", "-c", "CREATE ROLE stranger LOGIN",
                        "-c", "CREATE DATABASE elsewhere"], check=True)
        refused = self.service.command("migrate", "--data", str(self.service.data.parent), "--database-url",
                                       f"{server} user=stranger dbname=elsewhere")
        self.assertEqual(refused.returncode, 1, refused.stderr)
        wanted = [line for line in refused.stderr.splitlines() if line.startswith(("CREATE", "GRANT"))]
        self.assertGreater(len(wanted), 10, refused.stderr)
        shown = page("docs/operating.md")
        for statement in wanted:
            bare = statement.split(";")[0].replace("DATABASE DATABASE", "DATABASE keywork")
            self.assertIn(bare, shown)

    def test_links_between_pages_lead_somewhere(self):
        for file in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
            for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8")):
                if "://" not in target:
                    self.assertTrue((file.parent / target).exists(), f"{file.name} links to {target}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
