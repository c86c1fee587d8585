"""What Resend's POST /emails does, as far as it is documented: for the tests of the mail edge.

usage: resend_stub.py FOLDER [--cert FILE --key FILE] [--api-key KEY] [--script WORD,WORD…]
Prints its port, then serves until its standard input ends; lines of it add to the script. Each request becomes FOLDER/N.json (method, path, headers,
body, what was answered, when); FOLDER/mails.json lists the mails that were made, each key once. Words of the script are
taken one after the other, one for each request; behind the last one everything is `ok`:
  ok         the mail is made, or was made before under this key (409 invalid_idempotent_request for another body)
  lost       the mail is made, and the connection ends without an answer
  cut        the mail is made, and the answer breaks off
  noid       200 without an id
  used-up    as ok, and says that nothing remains for two seconds
  limited    429 rate_limit_exceeded, retry-after 2          quota      429 daily_quota_exceeded
  under-way  409 concurrent_idempotent_requests              forbidden  403 validation_error
  invalid    422 validation_error, quoting the address       trouble    500 internal_server_error
  elsewhere  307 to another place                            large      200 that announces 10 MB
  garbage    no HTTP                                         silence    nothing, until the client has gone
  drip       a byte of an endless head now and then
Without a User-Agent it answers 403, without the right key 401, as Resend does.
"""
import argparse, hashlib, http.server, json, pathlib, ssl, sys, threading, time, uuid

PLAIN = {
    "limited": (429, "rate_limit_exceeded", "Too many requests.", {"retry-after": "2"}),
    "quota": (429, "daily_quota_exceeded", "You have reached your daily email sending quota.", {}),
    "under-way": (409, "concurrent_idempotent_requests", "Same idempotency key used while in progress.", {}),
    "forbidden": (403, "validation_error", "The keywork.example domain is not verified.", {}),
    "invalid": (422, "validation_error", "Invalid `to` field: priya@example.org is none.", {}),
    "trouble": (500, "internal_server_error", "An unexpected error occurred.", {}),
    "elsewhere": (307, "moved", "", {"location": "https://elsewhere.example/emails"}),
}


class Stub(http.server.ThreadingHTTPServer):
    daemon_threads = True
    folder, script, api_key = None, [], None

    def __init__(self, *given):
        super().__init__(*given)
        self.lock, self.count, self.known, self.mails = threading.Lock(), 0, {}, []

    def handle_error(self, request, client_address):
        pass  # some tests hang up on purpose: their traces would only be noise

    def make(self, key, body):
        """The mail's id; None for another body under a key that is known."""
        digest = hashlib.sha256(body).hexdigest()
        with self.lock:
            if key not in self.known:
                self.known[key] = (digest, str(uuid.uuid4()))
                self.mails.append({"id": self.known[key][1], "key": key, "mail": json.loads(body)})
                (self.folder / "mails.json").write_text(json.dumps(self.mails))
            known, made = self.known[key]
        return made if known == digest else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers={}):
        text = json.dumps(body).encode()
        self.send_response_only(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def refuse(self, status, name, message, headers={}):
        self.answer(status, {"statusCode": status, "name": name, "message": message}, headers)

    def do_POST(self):
        server, self.close_connection = self.server, True
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with server.lock:
            number, server.count = server.count, server.count + 1
            word = server.script.pop(0) if server.script else "ok"
        kept = {"method": self.command, "path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()},
                "body": body.decode(), "answered": word, "at": time.monotonic()}
        (server.folder / f"{number}.json").write_text(json.dumps(kept))
        if self.path != "/emails":
            return self.refuse(404, "not_found", "The requested endpoint does not exist.")
        if "User-Agent" not in self.headers:
            return self.refuse(403, "validation_error", "A User-Agent is needed.")
        if self.headers["Authorization"] != "Bearer " + server.api_key:
            return self.refuse(401, "missing_api_key", "Missing API key in the authorization header.")
        if word in PLAIN:
            return self.refuse(*PLAIN[word])
        getattr(self, "say_" + word.replace("-", "_"))(body)

    def made(self, body):
        return self.server.make(self.headers["Idempotency-Key"], body)

    def say_ok(self, body, headers={}):
        made = self.made(body)
        if made is None:
            return self.refuse(409, "invalid_idempotent_request", "Same idempotency key used with a different payload.")
        self.answer(200, {"id": made}, {"ratelimit-limit": "50", "ratelimit-remaining": "49", "ratelimit-reset": "1",
                                        **headers})

    def say_used_up(self, body):
        self.say_ok(body, {"ratelimit-remaining": "0", "ratelimit-reset": "2"})

    def say_lost(self, body):
        self.made(body)

    def say_cut(self, body):
        text = json.dumps({"id": self.made(body)}).encode()
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(text) + text[:10])

    def say_noid(self, body):
        self.answer(200, {"object": "email"})

    def say_large(self, body):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + b" " * 1000)

    def say_garbage(self, body):
        self.wfile.write(b"220 mail.example ESMTP\r\n\r\n")

    def say_silence(self, body):
        self.connection.settimeout(60)
        self.rfile.read(1)

    def say_drip(self, body):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.02)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--api-key", default="re_test")
    parser.add_argument("--script", default="")
    options = parser.parse_args()
    stub = Stub(("127.0.0.1", 0), Handler)
    stub.folder, stub.api_key = options.folder, options.api_key
    stub.script = [word for word in options.script.split(",") if word]
    if options.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert, options.key)
        stub.socket = context.wrap_socket(stub.socket, server_side=True)
    threading.Thread(target=stub.serve_forever, daemon=True).start()
    print(stub.server_address[1], flush=True)
    for line in sys.stdin:
        with stub.lock:
            stub.script += line.strip().split(",")


main()
