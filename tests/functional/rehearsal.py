"""A service whose time is chosen, and goes on from where it was told to (`keywork serve --demo --clock`)."""
import re

from harness import Keywork, Person

ADMIN = "amira.shah@northgate.example"


class Rehearsal(Keywork):
    def __init__(self, clock, options=(), **more):
        super().__init__(options=(*options, "--demo"), **more)
        self.clock = clock

    def launch(self):
        kept = self._options
        self._options = [*kept, *(["--clock", self.clock] if self.clock else [])]
        try:
            return super().launch()
        finally:
            self._options = kept

    def go_on(self, clock):
        """Stops it if it runs, and starts it at another time."""
        if self.process.poll() is None:
            self.stop()
        self.clock = clock
        self.start()

    def demo_person(self, email=ADMIN):
        """Somebody of the demo world, signed in by the link that the latest start has printed."""
        said = self.said_file.read_text(encoding="utf-8")
        token = re.findall(rf"<{re.escape(email)}>\n\s+\S+/login\?token=(\S+)", said)[-1]
        person = Person(self, email)
        answer = person.redeem(token, email=email)
        if answer.status != 200:
            raise AssertionError(f"the printed link: {answer}")
        return person
