"""Runs the commands that a page shows, in one bash, and compares what they print with what the page says."""
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ADDRESS = "http://127.0.0.1:8080"  # of the service in every page
NEEDED = ("bash", "curl", "jq")
PATIENCE = 120  # seconds for a whole page

_block = re.compile(r"<!-- tested -->\n+```(console|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Step:
    command: str
    shown: str | None  # None: whatever it prints


def _is_complete(command):
    """Whether bash would run this now rather than wait for another line."""
    if command.endswith("\\"):
        return False
    said = subprocess.run(["bash", "-n", "-c", command], capture_output=True, text=True)
    return "unexpected EOF" not in said.stderr and "unexpected end of file" not in said.stderr


def _console_steps(text):
    steps = []
    for line in text.splitlines():
        if steps and not _is_complete(steps[-1].command):
            steps[-1].command += "\n" + line
        elif line.startswith("$ "):
            steps.append(Step(line[2:], ""))
        else:
            steps[-1].shown += line + "\n"
    return steps


def steps_of(markdown):
    steps = []
    for language, text in _block.findall(markdown):
        steps += _console_steps(text) if language == "console" else [Step(text.rstrip("\n"), None)]
    if len(_block.findall(markdown)) != markdown.count("<!-- tested -->"):
        raise ValueError("a <!-- tested --> mark is not followed by a console or sh block")
    return steps


def holds(shown, printed):
    """Whether what was printed is what is shown, in which `…` stands for anything."""
    pattern = ".*?".join(re.escape(part) for part in shown.strip().split("…"))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


def _script(steps):
    lines = ["set -e -o pipefail"]
    for number, step in enumerate(steps):
        lines += [f"echo {number} > .at", "{", step.command, f"}} > .out-{number} 2>&1"]
    return "\n".join(lines) + "\n"


def run(steps, directory, program, url):
    """Runs the steps in `directory`, where `build/keywork` is the program. Returns None, or what is wrong."""
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        return "the pages' sessions need: apt-get install " + " ".join(missing)
    place = Path(directory)
    (place / "build").mkdir()
    (place / "build" / "keywork").symlink_to(Path(program).resolve())
    steps = [Step(s.command.replace(ADDRESS, url), s.shown and s.shown.replace(ADDRESS, url)) for s in steps]
    environment = dict(os.environ, KEYWORK_PUBLIC_URL=url, LC_ALL="C.UTF-8")
    # From a file: a command that read its input would otherwise eat the script.
    (place / ".session").write_text(_script(steps), encoding="utf-8")
    done = subprocess.run(["bash", ".session"], stdin=subprocess.DEVNULL, text=True, cwd=place, env=environment,
                          capture_output=True, timeout=PATIENCE)
    at = int((place / ".at").read_text())
    for number, step in enumerate(steps[: at + 1]):
        printed = (place / f".out-{number}").read_text(encoding="utf-8")
        if step.shown is not None and not holds(step.shown, printed):
            return f"$ {step.command}\n--- shown:\n{step.shown}--- printed:\n{printed}{done.stderr}"
        if done.returncode != 0 and number == at:
            return f"$ {step.command}\n--- failed ({done.returncode}):\n{printed}{done.stderr}"
    return None if done.returncode == 0 else f"the shell failed: {done.stderr}"
