"""A real SMTP server that keeps what it is given, and can be told to behave badly."""
import asyncio
import email
import email.policy
import re
import socket
import threading
import time

from aiosmtpd.controller import Controller

PATIENCE = 20  # seconds for a mail that is due


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Mail:
    def __init__(self, envelope):
        self.sender = envelope.mail_from
        self.recipients = list(envelope.rcpt_tos)
        self.raw = envelope.original_content
        self.message = email.message_from_bytes(self.raw, policy=email.policy.default)

    def _part(self, kind):
        part = self.message.get_body((kind,))
        return part.get_content() if part else ""

    @property
    def subject(self):
        return str(self.message["Subject"])

    @property
    def text(self):
        return self._part("plain")

    @property
    def html(self):
        return self._part("html")

    @property
    def everything(self):
        """All that a reader or a program could find in it."""
        return "\n".join([self.raw.decode("latin-1"), str(self.message.items()), self.text, self.html])

    @property
    def token(self):
        found = re.search(r"/login\?token=([A-Za-z0-9_.~-]+)", self.text)
        return found[1] if found else None


class Sink:
    """`mode`: accept, tempfail (450), refuse (550), silent (takes the mail and never answers). `stop` is `down`."""

    def __init__(self):
        self.port = free_port()
        self.mode = "accept"
        self.attempts = 0
        self.all = []  # every mail that was accepted
        self._unread = []
        self._changed = threading.Condition()
        self._controller = None

    async def handle_DATA(self, _server, _session, envelope):
        with self._changed:
            self.attempts += 1
            self._changed.notify_all()
        if self.mode == "tempfail":
            return "450 4.2.0 come again later"
        if self.mode == "refuse":
            return "550 5.7.1 not here, not ever"
        while self.mode == "silent":
            await asyncio.sleep(0.05)
        mail = Mail(envelope)
        with self._changed:
            self.all.append(mail)
            self._unread.append(mail)
            self._changed.notify_all()
        return "250 kept"

    def start(self):
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, data_size_limit=None)
        self._controller.start()
        return self

    def stop(self):
        if self._controller:
            self.mode = "accept" if self.mode == "silent" else self.mode
            self._controller.stop()
        self._controller = None

    def wait_for(self, address, wanted=lambda mail: True, seconds=PATIENCE):
        """The first unread mail to this address that is `wanted`; it is read then."""
        end = time.monotonic() + seconds
        with self._changed:
            while True:
                for mail in self._unread:
                    if address in mail.recipients and wanted(mail):
                        self._unread.remove(mail)
                        return mail
                left = end - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"no such mail to {address} within {seconds} s; unread: "
                                         f"{[(m.recipients, m.subject) for m in self._unread]}")
                self._changed.wait(left)

    def wait_for_attempts(self, count, seconds=PATIENCE):
        with self._changed:
            if not self._changed.wait_for(lambda: self.attempts >= count, seconds):
                raise AssertionError(f"{self.attempts} attempts within {seconds} s, not {count}")

    def to(self, address):
        """Every mail to this address so far, read or not."""
        with self._changed:
            return [mail for mail in self.all if address in mail.recipients]

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
