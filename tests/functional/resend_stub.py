"""A Resend that takes mails as its API does, and sends each idempotency key once."""
import json
import threading
from email.utils import parseaddr
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "re_test_key"


class Resend:
    def __init__(self):
        self._lock = threading.Lock()
        self._mails = {}   # by idempotency key: what was asked first, and its id
        self._sent = []
        self._refused = []
        self._repeats = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.spec = f"resend:http://127.0.0.1:{self._server.server_address[1]}"
        self.environment = {"KEYWORK_RESEND_KEY": KEY}
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def forget(self):
        with self._lock:
            self._mails, self._sent, self._refused, self._repeats = {}, [], [], 0

    def sent(self):
        """The address of every mail that went out."""
        with self._lock:
            return list(self._sent)

    def repeats(self):
        """How often it was asked for what it had sent."""
        with self._lock:
            return self._repeats

    def refused(self):
        """Every request that the real one would have answered with an error."""
        with self._lock:
            return list(self._refused)

    def _take(self, headers, body):
        if headers.get("Authorization") != "Bearer " + KEY:
            return 401, {"name": "missing_api_key", "message": "Missing API Key"}
        if not headers.get("User-Agent"):
            return 403, {"name": "1010", "message": "error code: 1010"}
        asked, key = json.loads(body), headers.get("Idempotency-Key")
        if not key or len(key) > 256:
            return 400, {"name": "invalid_idempotency_key", "message": "The key must be between 1-256 chars."}
        with self._lock:
            if key in self._mails:
                first, made = self._mails[key]
                if first != asked:
                    return 409, {"name": "invalid_idempotent_request", "message": "Same key, another payload."}
                self._repeats += 1
                return 200, {"id": made}
            made = f"00000000-0000-4000-8000-{len(self._mails):012x}"
            self._mails[key] = asked, made
            to = asked["to"] if isinstance(asked["to"], list) else [asked["to"]]
            self._sent += [parseaddr(address)[1] for address in to]
            return 200, {"id": made}

    def _handler(stub):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = (404, {"name": "not_found", "message": "No such endpoint"})
                if self.path == "/emails":
                    status, answer = stub._take(self.headers, body)
                if status >= 400:
                    with stub._lock:
                        stub._refused.append((status, answer["name"]))
                content = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(content))),
                                    ("ratelimit-limit", "100"), ("ratelimit-remaining", "99"), ("ratelimit-reset", "1")):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        return Handler
