"""Small real documents for the demonstration: text, a table, and a PDF written by hand, all about the case."""

from __future__ import annotations

import textwrap

from django.core.files.base import ContentFile

from cases.models import Case
from cases.values.text import clean_name
from workflows.demo.wording import summary

_WIDTH = 88
_LINES = 48


def paper(case: Case, title: str, text: str, kind: str) -> ContentFile[bytes]:
    """A document about the case in the wanted kind: ``pdf``, ``txt`` or ``csv``."""
    body = text or summary(case)
    name = clean_name(title)[:80].replace("/", "-")
    if kind == "pdf":
        content = pdf([title, f"{case.title} ({case.number})", *body.split("\n")])
    elif kind == "csv":
        content = _table(case).encode("utf-8-sig")
    else:
        content = f"{title}\n{case.title} ({case.number})\n\n{body}\n".encode()
    return ContentFile(content, name=f"{name}.{kind}")


def _table(case: Case) -> str:
    rows = [("Källa", "Belopp", "Valuta", "År", "Beslutas av")]
    rows += [
        (line.source, f"{line.amount:.2f}".replace(".", ","), line.currency, str(line.year), line.decided_by)
        for line in case.funding.all()
    ]
    if len(rows) == 1:
        rows += [(unit.name, "0,00", "SEK", "", "egen verksamhet") for unit in case.responsible_units.all()]
    return "".join(";".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)


def pdf(paragraphs: list[str]) -> bytes:
    """A valid PDF 1.4 of plain text on A4 pages, in Helvetica with the letters of western Europe."""
    lines = [line for paragraph in paragraphs for line in (textwrap.wrap(paragraph, _WIDTH) or [""])]
    pages = [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)] or [[""]]
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids = []
    for page in pages:
        written = b"".join(b"(" + _escaped(line) + b") Tj T*\n" for line in page)
        stream = b"BT\n/F1 11 Tf\n15 TL\n56 780 Td\n" + written + b"ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def _escaped(line: str) -> bytes:
    encoded = line.encode("cp1252", errors="replace")
    return encoded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
