"""Files to upload, and looks at what a service does with them."""
import io
import struct
import subprocess
import tempfile
import zipfile
import zlib
from pathlib import Path

MEGABYTE = 1024 * 1024
LARGEST = 25 * MEGABYTE


def pdf(size=0):
    """A PDF of one page that poppler opens; at least so many bytes, of which no two megabytes are alike."""
    parts, places = [b"%PDF-1.4\n"], []

    def add(content):
        places.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (len(places), content))

    text = b"BT /F1 24 Tf 72 720 Td (Signed by hand) Tj ET"
    add(b"<< /Type /Catalog /Pages 2 0 R >>")
    add(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
    add(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>")
    add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text))
    tail = 700
    if size:
        filling = max(size - sum(map(len, parts)) - tail, 0)
        noise = b"".join(struct.pack(">Q", n * 0x9E3779B97F4A7C15 & (2 ** 64 - 1)) for n in range(filling // 8 + 1))
        add(b"<< /Length %d >>\nstream\n%s\nendstream" % (filling, noise[:filling]))
    start = sum(map(len, parts))
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
                 % (len(places) + 1, table, len(places) + 1, start))
    made = b"".join(parts)
    if len(made) < size:  # what stands before the end is a comment's
        made = made.replace(b"%%EOF\n", b"%" + b"-" * (size - len(made) - 2) + b"\n%%EOF\n")
    return made


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress((b"\0" + b"\x10\x80\x20" * 2) * 2)) + chunk(b"IEND", b""))


def docx():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>")
        archive.writestr("_rels/.rels", "<Relationships/>")
        archive.writestr("word/document.xml", "<document/>" + " " * 5000)
    return made.getvalue()


def odt():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("content.xml", "<office/>" + " " * 5000)
    return made.getvalue()


def text_of_pdf(content):
    """What poppler reads in it; it has to open without a word of warning."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        done = subprocess.run(["pdftotext", "-layout", file.name, "-"], capture_output=True, text=True, check=True)
    if done.stderr:
        raise AssertionError(done.stderr)
    return done.stdout


def sql(service, statement):
    """Asks the private database as its superuser."""
    done = subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1",
                           f"host={service.data / 'pg' / 'run'} user=postgres dbname=keywork", "-c", statement],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done.stdout.strip()


def _memory(service, field):
    for line in Path(f"/proc/{service.process.pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise AssertionError(field)


def resident(service):
    return _memory(service, "VmRSS")


class Tide:
    """How far the service's memory rises above where it was, in bytes."""

    def __init__(self, service):
        self.service = service
        Path(f"/proc/{service.process.pid}/clear_refs").write_text("5")  # the peak begins here
        self.before = resident(service)

    def risen(self):
        return _memory(self.service, "VmHWM") - self.before
