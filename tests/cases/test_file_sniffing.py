"""What may be uploaded is decided by the content."""

from __future__ import annotations

import hashlib
import io
import struct
import unicodedata
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cases.files import ALLOWED, MAX_NAME, FileRefused, InspectedFile, clean_file_name, inspect_upload

MEGABYTE = 1024**2
OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."


def package(entries: dict[str, bytes], *, stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, compress_type=how)
    return target.getvalue()


def ooxml(main: str, **extra: bytes) -> bytes:
    types = f'<?xml version="1.0"?><Types><Override PartName="/x.xml" ContentType="{main}"/></Types>'
    return package({"[Content_Types].xml": types.encode(), "x.xml": b"<x/>", **extra})


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + png_chunk(b"IDAT", zlib.compress(b"\0\0"))
    + png_chunk(b"IEND", b"")
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
EXIF_JPEG = b"\xff\xd8\xff\xe1\x00\x18Exif\x00\x00" + b"\x00" * 20 + b"\xff\xd9"
DOCX = ooxml(f"{OOXML}wordprocessingml.document.main+xml")
XLSX = ooxml(f"{OOXML}spreadsheetml.sheet.main+xml")
PPTX = ooxml(f"{OOXML}presentationml.presentation.main+xml")
ODT = package({"mimetype": f"{ODF}text".encode(), "content.xml": b"<x/>"})
ODS = package({"mimetype": f"{ODF}spreadsheet".encode(), "content.xml": b"<x/>"})
EML = "From: a@example.org\r\nTo: b@example.org\r\nSubject: Hej\r\n\tdär\r\n\r\n<html>Å</html>\r\n".encode()
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 64
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def refusal(name: str, content: bytes, max_bytes: int = MEGABYTE) -> str:
    with pytest.raises(FileRefused) as refused:
        inspect_upload(name, content, max_bytes=max_bytes)
    assert str(refused.value)
    return refused.value.code


@pytest.mark.parametrize(
    ("name", "content", "content_type", "charset"),
    [
        ("avtal.pdf", PDF, "application/pdf", ""),
        ("AVTAL.PDF", PDF, "application/pdf", ""),
        ("bild.png", PNG, "image/png", ""),
        ("bild.jpg", JPEG, "image/jpeg", ""),
        ("bild.jpeg", EXIF_JPEG, "image/jpeg", ""),
        ("pm.docx", DOCX, f"{OOXML}wordprocessingml.document", ""),
        ("budget.xlsx", XLSX, f"{OOXML}spreadsheetml.sheet", ""),
        ("bilder.pptx", PPTX, f"{OOXML}presentationml.presentation", ""),
        ("pm.odt", ODT, f"{ODF}text", ""),
        ("budget.ods", ODS, f"{ODF}spreadsheet", ""),
        ("brev.eml", EML, "message/rfc822", "utf-8"),
        ("utf8.txt", "Åäö – ”citat” 😀\r\n\tx\f".encode(), "text/plain", "utf-8"),
        ("bom.csv", b"\xef\xbb\xbfnamn;belopp\r\n", "text/csv", "utf-8"),
        ("latin1.txt", "Räksmörgås".encode("latin-1"), "text/plain", "windows-1252"),
        ("excel.csv", "pris – 10 €".encode("cp1252"), "text/csv", "windows-1252"),
        ("jämförelse.txt", b"om a < b och b > c", "text/plain", "utf-8"),
        ("start.txt", b"<10 personer kom", "text/plain", "utf-8"),
        ("bmw.txt", b"BMW och MZ och GIF89a", "text/plain", "utf-8"),
        ("lång.txt", "å".encode() * 100_000, "text/plain", "utf-8"),
    ],
)
def test_an_allowed_file_is_accepted_as_what_it_is(
    name: str, content: bytes, content_type: str, charset: str
) -> None:
    found = inspect_upload(name, content, max_bytes=MEGABYTE)
    assert (found.content_type, found.charset) == (content_type, charset)
    assert found.size == len(content)
    assert found.sha256 == hashlib.sha256(content).hexdigest()


def test_a_file_object_is_read_whole_and_left_at_its_start() -> None:
    upload = SimpleUploadedFile("../Avtal 1.PDF", PDF)
    upload.read(7)
    found = inspect_upload("../Avtal 1.PDF", upload, max_bytes=len(PDF))
    assert found == InspectedFile("Avtal 1.pdf", "application/pdf", len(PDF), hashlib.sha256(PDF).hexdigest())
    assert upload.read() == PDF


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("tom.pdf", b"", "empty"),
        ("tom.exe", b"", "empty"),
        ("program.exe", EXE, "not_allowed"),
        ("sida.html", HTML, "not_allowed"),
        ("bild.svg", SVG, "not_allowed"),
        ("kod.js", b"alert(1)", "not_allowed"),
        ("arkiv.zip", package({"a": b"a"}), "not_allowed"),
        ("makro.docm", DOCX, "not_allowed"),
        ("utan ändelse", PDF, "not_allowed"),
        ("avtal.pdf.exe", PDF, "not_allowed"),
        ("avtal\u202efdp.exe", EXE, "not_allowed"),
        ("avtal.pdf\x00.exe", EXE, "not_allowed"),
        ("avtal.pdf", EXE, "disguised"),
        ("avtal.pdf", PNG, "disguised"),
        ("avtal.pdf", DOCX, "disguised"),
        ("avtal.pdf", b"ren text", "disguised"),
        ("avtal.pdf", b"\n" + PDF, "disguised"),
        ("bild.png", JPEG, "disguised"),
        ("bild.png", SVG, "disguised"),
        ("pm.docx", XLSX, "disguised"),
        ("pm.odt", ODS, "disguised"),
        ("pm.docx", package({"a.txt": b"a"}), "disguised"),
        ("pm.docx", ooxml(f"{OOXML}wordprocessingml.template.main+xml"), "disguised"),
        ("pm.docx", EXE + DOCX, "disguised"),
        ("text.txt", PDF, "disguised"),
        ("text.txt", HTML, "disguised"),
        ("text.txt", b"  \n" + SVG, "disguised"),
        ("text.csv", b"a;b\n<script>alert(1)</script>", "disguised"),
        ("brev.eml", b"Hej, det har ar inget brev", "disguised"),
        ("brev.eml", HTML, "disguised"),
        ("text.txt", EXE, "not_text"),
        ("text.txt", "två byte".encode("utf-16"), "not_text"),
        ("text.txt", b"a\x00b", "not_text"),
        ("text.txt", b"a\x1b[31mb", "not_text"),
        ("text.txt", b"\x81\x8d\x8f", "not_text"),
        ("text.txt", "a\x9bb".encode(), "not_text"),
        ("sent.txt", b"a" * 200_000 + b"\x00", "not_text"),
        ("gammal.docx", OLD_OFFICE, "protected"),
        ("avkortad.docx", DOCX[:-40], "damaged"),
        ("stympad.docx", b"PK\x03\x04", "damaged"),
    ],
)
def test_anything_else_is_refused_with_its_reason(name: str, content: bytes, code: str) -> None:
    assert refusal(name, content) == code


@pytest.mark.parametrize(
    "content",
    [
        ooxml(f"{OOXML}wordprocessingml.document.main+xml", **{"word/vbaProject.bin": b"x"}),
        ooxml(f"{OOXML}wordprocessingml.document.main+xml", **{"WORD/VBAPROJECT.BIN": b"x"}),
        ooxml("application/vnd.ms-word.document.macroEnabled.main+xml"),
        package({"mimetype": f"{ODF}text".encode(), "Basic/Standard/Module1.xml": b"x"}),
    ],
)
def test_a_document_with_macros_is_refused_whatever_it_is_called(content: bytes) -> None:
    assert refusal("pm.docx", content) == "macro"
    assert refusal("pm.odt", content) == "macro"


def test_content_types_that_could_hide_something_are_refused() -> None:
    assert refusal("pm.docx", ooxml(f"{OOXML}wordprocessingml.document.main+xml&#x6d;")) == "damaged"
    with_entity = b'<!DOCTYPE x [<!ENTITY a "b">]>wordprocessingml.document.main+xml'
    assert refusal("pm.docx", package({"[Content_Types].xml": with_entity})) == "damaged"


def test_a_package_that_unpacks_to_far_more_than_it_is_is_refused_unopened() -> None:
    bomb = ooxml(
        f"{OOXML}wordprocessingml.document.main+xml", **{"word/media/a.bin": b"\0" * (20 * MEGABYTE)}
    )
    assert len(bomb) < MEGABYTE
    assert refusal("pm.docx", bomb) == "zip_bomb"
    crowd = package({"[Content_Types].xml": b"x", **{str(i): b"" for i in range(10_001)}})
    assert refusal("pm.docx", crowd, 10 * MEGABYTE) == "zip_bomb"


def test_a_part_that_lies_about_its_size_is_not_read_on() -> None:
    types = f"{OOXML}wordprocessingml.document.main+xml".encode() + b" " * (2 * MEGABYTE)
    assert refusal("pm.docx", package({"[Content_Types].xml": types})) == "damaged"


def test_an_encrypted_package_is_refused() -> None:
    content = bytearray(DOCX)
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    assert refusal("pm.docx", bytes(content)) == "protected"


def test_two_parts_of_one_name_are_refused() -> None:
    target = io.BytesIO(DOCX)
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("[Content_Types].xml", b"x")
    assert refusal("pm.docx", target.getvalue()) == "damaged"


def test_size_is_limited_to_the_byte() -> None:
    assert inspect_upload("a.txt", b"x" * 100, max_bytes=100).size == 100
    assert refusal("a.txt", b"x" * 101, 100) == "too_large"


def test_the_message_is_in_swedish_and_says_what_to_do() -> None:
    with pytest.raises(FileRefused) as refused:
        inspect_upload("a.txt", b"x" * (2 * MEGABYTE), max_bytes=MEGABYTE)
    with translation.override("sv"):
        expected = "Filen är större än 1 MB. Dela upp den eller spara den i ett mindre format."
        assert str(refused.value) == expected
    assert isinstance(refused.value, ValueError)


@pytest.mark.parametrize(
    ("given_name", "cleaned"),
    [
        ("Avtal 2021.pdf", "Avtal 2021.pdf"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\Avtal.DOCX", "Avtal.docx"),
        ("C:\\Users\\x\\å.txt", "å.txt"),
        ("a\u030a.txt", "å.txt"),
        ("avtal\u202efdp.exe", "avtalfdp.exe"),
        ("a\u200bb\u200dc\x00d\ne.pdf", "abcd e.pdf"),
        ("..", "fil"),
        ("", "fil"),
        (".htaccess", "fil.htaccess"),
        (".pdf", "fil.pdf"),
        (" . namn . .pdf. ", "namn.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul", "_nul"),
        ("com1.tar.pdf", "_com1.tar.pdf"),
        ("console.pdf", "console.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("Protokoll § 12, 3–4 (justerat).pdf", "Protokoll § 12, 3–4 (justerat).pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("å" * 300 + ".pdf", "å" * 116 + ".pdf"),
        ("😀" * 300 + ".pdf", "😀" * 59 + ".pdf"),
        ("Mötet 1. Beslut om avtal", "Mötet 1. Beslut om avtal"),
    ],
)
def test_a_file_name_is_cleaned(given_name: str, cleaned: str) -> None:
    assert clean_file_name(given_name) == cleaned


@given(st.text(max_size=200), st.sampled_from(["", ".pdf", ".TXT", ". ", "/", "CON", "\u202e.exe"]))
def test_a_cleaned_name_is_safe_and_stays_as_it_is(stem: str, tail: str) -> None:
    name = clean_file_name(stem + tail)
    assert name
    assert len(name) <= MAX_NAME
    assert len(name.encode()) <= 240
    assert not set(name) & set('/\\<>:"|?*')
    assert name.strip(". ") == name
    assert unicodedata.is_normalized("NFC", name)
    assert not [c for c in name if unicodedata.category(c) in ("Cc", "Cs")]
    assert clean_file_name(name) == name


@given(
    st.sampled_from(sorted(ALLOWED)),
    st.one_of(
        st.binary(max_size=300),
        st.tuples(
            st.sampled_from([PDF, PNG, JPEG, DOCX, ODT, EML, EXE, HTML]),
            st.integers(0, 400),
            st.binary(max_size=4),
        ).map(lambda cut: cut[0][: cut[1]] + cut[2] + cut[0][cut[1] + len(cut[2]) :]),
    ),
)
def test_any_content_is_accepted_as_its_claimed_type_or_refused(extension: str, content: bytes) -> None:
    try:
        outcome = inspect_upload(f"fil.{extension}", content, max_bytes=MEGABYTE).content_type
    except FileRefused as refused:
        outcome = refused.code
    codes = {"empty", "disguised", "not_text", "damaged", "protected", "macro", "zip_bomb"}
    assert outcome in codes | {ALLOWED[extension]}
