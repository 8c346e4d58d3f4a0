"""What may be uploaded, decided by the content and never by the name.

The allow-list is short on purpose: documents, pictures and mail that an archive can keep and a browser can
be told not to run. A file whose name says something else than its content is refused rather than renamed,
since one of the two is a mistake or a trick. Compressed documents are judged by their table of contents;
nothing in them is unpacked but the one short part that says what they are.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

import puremagic
from django.utils.translation import gettext_lazy as _

from cases.values import RefusedValue
from cases.values.text import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_NAME: Final = 120
_MAX_NAME_BYTES: Final = 240  # file systems allow 255, and a storage may add to the name
_CHUNK: Final = 64 * 1024
_HEAD: Final = 4096
_MAX_ENTRIES: Final = 10_000
_MAX_UNPACKED: Final = 1024**3
_MAX_RATIO: Final = 200
_MAX_PART: Final = 1024**2
# What the library raises on packages that lie about themselves or use what it does not know.
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
    KeyError,
)

_OOXML: Final = "application/vnd.openxmlformats-officedocument."
_ODF: Final = "application/vnd.oasis.opendocument."
# Extension -> content type. Everything else is refused.
ALLOWED: Final = {
    "pdf": "application/pdf",
    "docx": f"{_OOXML}wordprocessingml.document",
    "xlsx": f"{_OOXML}spreadsheetml.sheet",
    "pptx": f"{_OOXML}presentationml.presentation",
    "odt": f"{_ODF}text",
    "ods": f"{_ODF}spreadsheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
    "csv": "text/csv",
    "eml": "message/rfc822",
}
_TEXTS: Final = frozenset({"text/plain", "text/csv", "message/rfc822"})
_SIGNATURES: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_ZIP: Final = b"PK\x03\x04"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OOXML_MAIN: Final = {
    b"wordprocessingml.document.main+xml": f"{_OOXML}wordprocessingml.document",
    b"spreadsheetml.sheet.main+xml": f"{_OOXML}spreadsheetml.sheet",
    b"presentationml.presentation.main+xml": f"{_OOXML}presentationml.presentation",
}
_MACRO_PARTS: Final = re.compile(
    r"(?:^|/)(?:vbaproject[^/]*\.bin|vbadata\.xml)$|^(?:basic|scripts)/", re.IGNORECASE
)
_MARKUP: Final = re.compile(
    rb"<(?:!doctype|\?xml|html|head|body|script|svg|iframe|object|embed|style|img|meta|link|form|a\s|div|table)[\s>/]?",
    re.IGNORECASE,
)
_MARKUP_TYPES: Final = frozenset(
    {"text/html", "image/svg+xml", "application/xml", "text/xml", "application/xhtml+xml"}
)
_MAIL_HEADER: Final = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n)+")
_MAIL_MUST_HAVE: Final = re.compile(
    rb"^(?:from|date|received|message-id|mime-version):", re.IGNORECASE | re.MULTILINE
)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_FORBIDDEN_IN_NAMES: Final = re.compile(r'[<>:"|?*]')
_RESERVED: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE
)


class FileRefused(RefusedValue):
    """A file that cannot be taken in; the message says what the sender can do.

    Codes: `empty`, `too_large`, `not_allowed`, `disguised`, `macro`, `not_text`, `damaged`, `zip_bomb`,
    `protected`.
    """


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """An accepted file. `size` is in bytes, `sha256` in hexadecimal; `charset` is empty for anything but
    text.
    """

    name: str
    content_type: str
    size: int
    sha256: str
    charset: str = ""


def inspect_upload(filename: str, content: bytes | IO[bytes], *, max_bytes: int) -> InspectedFile:
    """Judge an uploaded file by its content. A file object is read from its start and left there.

    Raises `FileRefused`.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    name = clean_file_name(filename)
    size, sha256 = _measure(stream, max_bytes)
    stream.seek(0)
    head = stream.read(_HEAD)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    claimed = ALLOWED.get(extension)
    if claimed is None:
        raise _not_allowed()
    found, charset = _binary_type(head, stream), ""
    if found is None and head.startswith(_OLD_OFFICE):
        message = _(
            "Filen är skyddad med lösenord eller sparad i ett äldre format. "
            "Spara den utan lösenord i ett nyare format."
        )
        raise FileRefused("protected", message)
    if found is None and claimed in _TEXTS:
        found, charset = _text_type(head, claimed), _text_charset(stream)
    stream.seek(0)
    if found != claimed:
        message = _(
            "Filen heter .%(extension)s men innehåller något annat. "
            "Spara om den i rätt format och ladda upp den igen."
        )
        raise FileRefused("disguised", message, {"extension": extension})
    return InspectedFile(name, found, size, sha256, charset)


def clean_file_name(filename: str) -> str:
    """A name that shows what it is and can be stored anywhere: without folders, hidden characters and
    reserved words.

    At most 120 characters (240 bytes in UTF-8) with the extension kept, in lower case.
    """
    name = clean_name(re.split(r"[/\\]", clean_name(filename))[-1])
    name = _FORBIDDEN_IN_NAMES.sub("_", name).rstrip(". ")
    stem, dot, extension = name.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,10}", extension):
        stem, extension = name, ""
    suffix = f".{extension.lower()}" if extension else ""
    stem = stem.strip(". ") or "fil"
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    while len(stem + suffix) > MAX_NAME or len((stem + suffix).encode()) > _MAX_NAME_BYTES:
        stem = stem[:-1].rstrip(". ")
    return stem + suffix


def _not_allowed() -> FileRefused:
    message = _(
        "Filtypen tas inte emot. Använd PDF, Word, Excel, PowerPoint, OpenDocument, PNG, JPEG, text, "
        "CSV eller e-post (eml)."
    )
    return FileRefused("not_allowed", message)


def _damaged() -> FileRefused:
    return FileRefused(
        "damaged", _("Filen går inte att läsa. Öppna den, spara om den och ladda upp den igen.")
    )


def _macro() -> FileRefused:
    return FileRefused(
        "macro", _("Filen innehåller makron. Spara den utan makron, eller som PDF, och ladda upp den igen.")
    )


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        yield chunk


def _measure(stream: IO[bytes], max_bytes: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for chunk in _chunks(stream):
        size += len(chunk)
        if size > max_bytes:
            message = _(
                "Filen är större än %(megabytes)s MB. Dela upp den eller spara den i ett mindre format."
            )
            raise FileRefused("too_large", message, {"megabytes": f"{max_bytes / 1024**2:.3g}"})
        digest.update(chunk)
    if not size:
        raise FileRefused("empty", _("Filen är tom. Kontrollera att du valde rätt fil."))
    return size, digest.hexdigest()


def _recognised(head: bytes) -> frozenset[str]:
    """Every content type that the signature library thinks possible."""
    try:
        return frozenset(match.mime_type for match in puremagic.magic_string(head))
    except (puremagic.PureError, ValueError):
        return frozenset()


def _binary_type(head: bytes, stream: IO[bytes]) -> str | None:
    """The type of a file that is no text, if it is one of ours.

    Both must agree: our signature at the very first byte, which the library does not always insist on, and
    the library, which knows what else such a beginning can be.
    """
    if head.startswith(_ZIP):
        return _package_type(stream)
    recognised = _recognised(head)
    return next((name for start, name in _SIGNATURES if head.startswith(start) and name in recognised), None)


def _package_type(stream: IO[bytes]) -> str:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as package:
            return _type_of_package(package)
    except FileRefused:
        raise
    except _UNREADABLE as error:
        raise _damaged() from error


def _type_of_package(package: zipfile.ZipFile) -> str:
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > _MAX_ENTRIES or unpacked > _MAX_UNPACKED or unpacked > _MAX_RATIO * max(packed, _CHUNK):
        raise FileRefused(
            "zip_bomb", _("Filen är packad på ett orimligt sätt. Spara om den, eller spara den som PDF.")
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused(
            "protected", _("Filen är skyddad med lösenord. Ta bort lösenordet och ladda upp den igen.")
        )
    if any(_MACRO_PARTS.search(entry.filename) for entry in entries):
        raise _macro()
    names = {entry.filename for entry in entries}
    if len(names) != len(entries):  # two parts of one name: readers would disagree on which one counts
        raise _damaged()
    if entries and entries[0].filename == "mimetype" and entries[0].compress_type == zipfile.ZIP_STORED:
        return _part(package, "mimetype").decode("ascii", "replace").strip()
    return (
        _ooxml_type(_part(package, "[Content_Types].xml"))
        if "[Content_Types].xml" in names
        else "application/zip"
    )


def _ooxml_type(content_types: bytes) -> str:
    # Searched and not parsed: a document type or a character reference could hide what a reader would see.
    if b"<!" in content_types or b"&" in content_types:
        raise _damaged()
    if re.search(rb"macroenabled|vbaproject", content_types, re.IGNORECASE):
        raise _macro()
    found = {name for mark, name in _OOXML_MAIN.items() if mark in content_types}
    return found.pop() if len(found) == 1 else "application/zip"


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        content = part.read(_MAX_PART + 1)
    if len(content) > _MAX_PART:
        raise _damaged()
    return content


def _text_charset(stream: IO[bytes]) -> str:
    """utf-8, or windows-1252 (latin-1 with the dashes and quotes that Excel writes). Refuses anything but
    plain text.
    """
    for charset in ("utf-8", "windows-1252"):
        decoder = codecs.getincrementaldecoder(charset)()
        try:
            if not any(_CONTROLS.search(decoder.decode(chunk)) for chunk in _chunks(stream)):
                decoder.decode(b"", final=True)
                return charset
        except UnicodeDecodeError:
            continue
        break  # a valid encoding, but what it encodes is no text
    raise FileRefused("not_text", _("Filen är inte ren text. Spara den som text med teckenkodningen UTF-8."))


def _text_type(head: bytes, claimed: str) -> str:
    """The kind of text, which only its name can tell, if its beginning does not speak against it."""
    start = head.removeprefix(codecs.BOM_UTF8)
    if claimed == "message/rfc822":
        header = _MAIL_HEADER.match(start)
        return claimed if header and _MAIL_MUST_HAVE.search(header[0]) else "text/plain"
    looks_like_markup = _MARKUP.search(start[:1024]) or (
        start.lstrip()[:1] == b"<" and _recognised(start) & _MARKUP_TYPES
    )
    if looks_like_markup:
        return "text/html"
    return claimed
