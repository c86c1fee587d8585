"""Reads an .eml file with Python's own email package and prints what it found, as JSON."""
import email, email.header, email.policy, json, re, sys


def name_of(header):
    """The display name. decode_header, because Python 3.11's newer address parser puts a space between two
    encoded words of one name, which RFC 2047 forbids."""
    phrase = re.sub(r"\r\n(?=[ \t])", "", str(header))
    phrase = phrase[:phrase.rindex("<")].strip()
    if phrase.startswith('"'):
        return re.sub(r"\\(.)", r"\1", phrase[1:-1])
    return str(email.header.make_header(email.header.decode_header(phrase)))


def content(kind):
    return message.get_body((kind,)).get_content().replace("\r\n", "\n")


raw = open(sys.argv[1], "rb").read()
message = email.message_from_bytes(raw, policy=email.policy.default)
as_sent = email.message_from_bytes(raw, policy=email.policy.compat32)
defects = [repr(d) for part in message.walk() for d in part.defects]
for name in ("from", "to", "subject", "date"):
    defects += [repr(d) for d in message[name].defects]
print(json.dumps({
    "subject": str(message["subject"]),
    "from": [[name_of(as_sent["from"]), a.addr_spec] for a in message["from"].addresses],
    "to": [[name_of(as_sent["to"]), a.addr_spec] for a in message["to"].addresses],
    "date": message["date"].datetime.isoformat(),
    "message_id": message["message-id"],
    "auto_submitted": message["auto-submitted"],
    "headers": sorted(k.lower() for k in message.keys()),
    "types": [part.get_content_type() for part in message.walk()],
    "text": content("plain"),
    "html": content("html"),
    "defects": defects,
    "seven_bit": all(b < 128 for b in raw),
    "longest_line": max(len(line) for line in raw.split(b"\r\n")),
    "bare_line_ends": raw.replace(b"\r\n", b"").count(b"\n") + raw.replace(b"\r\n", b"").count(b"\r"),
}))
