"""A DocuSeal that speaks as much of its API as the service uses, over a real socket, and misbehaves when asked to."""
import base64
import hashlib
import hmac
import http.client
import json
import threading
import time
from collections import deque
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import files

KEY = "test-api-key"
SECRET = "test signing secret, used as it is"


class DocuSeal:
    def __init__(self):
        self.lock = threading.RLock()
        self.submissions, self.files = {}, {}
        self.requests, self.posts = [], []
        # How the next posts are met: a status, "lost", "slow", or a function.
        self.next_posts = deque()
        self.held = threading.Event()
        self.key = KEY
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        self.held.set()
        self.server.shutdown()
        self.server.server_close()

    # --- what people do there
    def of(self, email):
        """The submissions for a signer with this address."""
        with self.lock:
            return [s for s in self.submissions.values() if s["submitters"][0]["email"] == email]

    def finish(self, submission, status, audit=True, copies=1, file=None):
        with self.lock:
            submission["status"] = submission["submitters"][0]["status"] = status
            if status != "completed":
                return
            number = submission["id"]
            for n in range(copies):
                submission["documents"].append({"name": "document", "url": self.keep(f"{number}-{n}", file or files.pdf())})
            if audit:
                submission["audit_log_url"] = self.keep(f"{number}-audit", files.pdf(3000))

    def keep(self, name, content):
        self.files[f"/file/{name}.pdf"] = content
        return f"{self.url}/file/{name}.pdf"

    # --- what it tells by itself
    def tell(self, port, event, data, at=None, stamp=None, secret=SECRET, signature=None, raw=None):
        """The status of the service's answer."""
        at = at or datetime.now(timezone.utc).isoformat()
        body = raw if raw is not None else json.dumps({"event_type": event, "timestamp": at, "data": data}).encode()
        stamp = str(int(time.time()) if stamp is None else stamp)
        if signature is None:
            signature = stamp + "." + hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("POST", "/webhooks/docuseal", body,
                               {"Content-Type": "application/json", **({"X-Docuseal-Signature": signature} if signature else {})})
            return connection.getresponse().status
        finally:
            connection.close()

    # --- its API
    def _make(self, asked):
        with self.lock:
            number = 1000 + len(self.submissions)
            signer = asked["submitters"][0]
            made = {"id": number, "name": asked["name"], "status": "pending", "audit_log_url": None, "documents": [],
                    "submitters": [{"id": number * 10, "submission_id": number, "status": "sent", **signer}]}
            self.submissions[number] = made
            return made

    def _handler(service):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body, kind="application/json"):
                body = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:  # it does not want so much
                    self.close_connection = True

            def allowed(self):
                if self.headers["X-Auth-Token"] == service.key:
                    return True
                self.answer(401, {"error": "Not authenticated"})
                return False

            def do_GET(self):
                asked = urlsplit(self.path)
                service.requests.append(("GET", self.path, dict(self.headers)))
                if asked.path in service.files:
                    return self.answer(200, service.files[asked.path], "application/pdf")
                if not self.allowed():
                    return None
                parts = asked.path.strip("/").split("/")
                if parts == ["submitters"]:
                    wanted = parse_qs(asked.query)["external_id"][0]
                    with service.lock:
                        found = [s["submitters"][0] for s in service.submissions.values()
                                 if s["submitters"][0]["external_id"] == wanted]
                    return self.answer(200, {"data": found, "pagination": {"count": len(found), "next": None, "prev": None}})
                made = service.submissions.get(int(parts[1])) if parts[0] == "submissions" and len(parts) > 1 else None
                if not made:
                    return self.answer(404, {"error": "Not found"})
                if parts[2:] == ["documents"]:
                    return self.answer(200, {"id": made["id"], "documents": made["documents"]})
                return self.answer(200, made)

            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                service.posts.append(asked)
                if not self.allowed():
                    return None
                how = service.next_posts.popleft() if service.next_posts else 200
                if self.path != "/submissions/pdf":
                    return self.answer(404, {"error": "Not found"})
                if isinstance(how, int) and how != 200:
                    return self.answer(how, {"error": "It will not do"})
                made = service._make(asked)
                if how == "slow":
                    time.sleep(2)
                if how == "held":
                    service.held.wait(60)
                if how in ("lost", "held"):
                    self.close_connection = True
                    return None
                return self.answer(200, made)

        return Handler


def content_of(post, n=0):
    """The PDF that was sent as the n-th document."""
    return base64.b64decode(post["documents"][n]["file"], validate=True)
