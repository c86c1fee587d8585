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


def subcommands_in(said):
    """What a `--help` lists below `Subcommands:`."""
    return re.findall(r"^  ([a-z-]+)", said.partition("\nSubcommands:\n")[2], re.MULTILINE)


def commands(words=()):
    """Every command that the program has, as its words, itself and its groups too."""
    yield words
    for name in subcommands_in(printed(*words, "--help")):
        yield from commands((*words, name))


def options_in(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))


def part_of(text, heading):
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def anchors_in(text):
    """The names by which a page's headings can be linked to, as GitHub makes them."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]


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

    def test_operating_lists_every_command_and_option(self):
        shown = page("docs/operating.md")
        rows = re.findall(r"^\| (`keywork .*)$", part_of(shown, "Commands"), re.MULTILINE)
        listed = re.findall(r"^\| (`--.*?) \|", part_of(shown, "Options"), re.MULTILINE)
        for_many = {option for names in listed for option in options_in(names)}
        helps = {words: printed(*words, "--help") for words in commands()}
        for words, said in helps.items():
            command = " ".join(words)
            own = [row for row in rows if re.search(rf"`keywork {command}[ `]", row)]
            if not subcommands_in(said):
                self.assertEqual(len(own), 1, f"rows for {command}")
            self.assertLessEqual(options_in(said), for_many | options_in("".join(own)), f"options of {command}")
            for variable in re.findall(r"KEYWORK_[A-Z_]+", said):
                self.assertIn(f"`{variable}`", shown)
        # And nothing that is not there.
        there = set().union(*map(options_in, helps.values()))
        self.assertLessEqual(for_many, there)
        for command in re.findall(r"`keywork ([a-z]+(?:[ -][a-z]+)*)", "".join(rows)):
            self.assertIn(tuple(command.split()), helps)

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
        for file in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
            for link in re.findall(r"\]\(([^)]+)\)", page(file)):
                if "://" in link:
                    continue
                target, _, fragment = link.partition("#")
                there = file.parent / target if target else file
                self.assertTrue(there.exists(), f"{file.name} links to {target}")
                if fragment:
                    self.assertIn(fragment, anchors_in(page(there)), f"{file.name} links to {target}#{fragment}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
