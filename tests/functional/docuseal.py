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
        self.submissions, self.templates, self.files = {}, {}, {}
        self.requests, self.posts = [], []
        self.organisation = None  # whose folder new templates lie in
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
    def template(self, names, roles=("First Party",), changed_at="2020-01-01T00:00:00.000Z", folder=None):
        """The number of a new template, with a field for a signature and fields of text with these names, in the
        folder of the organisation whose story this is."""
        with self.lock:
            number = 1000001 + len(self.templates)
            signers = [{"name": role, "uuid": f"signer-{n}"} for n, role in enumerate(roles)]
            fields = [{"uuid": f"field-{n}", "submitter_uuid": "signer-0", "name": name, "required": True,
                       "type": "text" if n else "signature", "areas": [{"x": 0.1, "y": 0.2, "w": 0.3, "h": 0.04, "page": 0}]}
                      for n, name in enumerate(["Signature", *names])]
            self.templates[number] = {"id": number, "name": "A form", "external_id": None,
                                      "folder_name": folder or self.organisation, "fields": fields, "submitters": signers,
                                      "archived_at": None, "created_at": "2020-01-01T00:00:00.000Z", "updated_at": changed_at}
            return number

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
            made = {"id": number, "name": asked.get("name"), "status": "pending", "audit_log_url": None, "documents": [],
                    "submitters": [{"id": number * 10, "submission_id": number, "status": "sent", **signer}]}
            self.submissions[number] = made
            return made

    def _refusal(self, asked):
        """What DocuSeal has against a request to sign on a template."""
        template, signer = self.templates.get(asked["template_id"]), asked["submitters"][0]
        if not template:
            return 404, "Not found"
        if signer["role"] not in [s["name"] for s in template["submitters"]]:
            return 422, f"Unknown submitter role: {signer['role']}"
        unknown = {f["name"] for f in signer.get("fields", [])} - {f["name"] for f in template["fields"]}
        return (422, f"Unknown field: {unknown.pop()}") if unknown else None

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
                if parts[0] == "templates" and len(parts) == 2:
                    found = service.templates.get(int(parts[1]))
                    return self.answer(200, found) if found else self.answer(404, {"error": "Not found"})
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
                if self.path not in ("/submissions", "/submissions/pdf"):
                    return self.answer(404, {"error": "Not found"})
                no = service._refusal(asked) if self.path == "/submissions" else None
                if no:
                    return self.answer(no[0], {"error": no[1]})
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
                # Of a template the signers, of a PDF the request.
                return self.answer(200, made["submitters"] if self.path == "/submissions" else made)

        return Handler


def content_of(post, n=0):
    """The PDF that was sent as the n-th document."""
    return base64.b64decode(post["documents"][n]["file"], validate=True)
