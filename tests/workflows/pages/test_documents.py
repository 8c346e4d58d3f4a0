"""Comments and documents: added on the case, handed out as files, kept within a party where that was asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.models import Case, Document, DocumentVersion
from tests.world import World

Visit = Callable[[str], Client]

BYTES = b"Projektplan\n"


def upload(name: str = "plan.txt", content: bytes = BYTES) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def add(client: Client, case: Case, **fields: object) -> Document:
    given = {"title": "Projektplan", "file": upload(), **fields}
    assert client.post(reverse("case-document-add", args=[case.pk]), given).status_code == 302
    return Document.objects.latest("pk")


def saved(client: Client, case: Case, document: Document) -> tuple[Any, bytes]:
    """The answer to handing out the first version, and its bytes."""
    answer: Any = client.get(reverse("document-download", args=[case.pk, document.pk, 1]))
    # Reading to the end lets the test client close the file as a server would.
    return answer, b"".join(answer.streaming_content) if answer.streaming else b""


def test_a_document_is_added_and_handed_out_as_the_very_same_bytes(world: World, visit: Visit) -> None:
    case = world.submitted()
    document = add(visit("coordinator"), case, file=upload("Plan för å, ä & ö.txt"))
    answer, content = saved(visit("mem-liu"), case, document)
    assert content == BYTES
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    page = visit("mem-liu").get(reverse("case", args=[case.pk])).content.decode()
    assert hashlib.sha256(BYTES).hexdigest() in page


def test_a_web_page_is_not_taken_in(world: World, visit: Visit) -> None:
    case = world.submitted()
    harmful = upload("plan.html", b"<!doctype html><script>alert(1)</script>")
    where = reverse("case-document-add", args=[case.pk])
    answer = visit("coordinator").post(where, {"title": "Plan", "file": harmful})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not Document.objects.exists()


def test_a_newer_version_stands_first_and_the_older_stays(world: World, visit: Visit) -> None:
    case, client = world.submitted(), visit("coordinator")
    document = add(client, case)
    where = reverse("document-version-add", args=[case.pk, document.pk])
    assert client.post(where, {"file": upload(content=b"Ny plan\n")}).status_code == 302
    page = client.get(reverse("case", args=[case.pk]))
    assert [item["version"] for item in page.context["documents"]] == [2]
    assert [item["version"] for item in page.context["older_documents"]] == [1]


def test_the_same_file_again_is_refused(world: World, visit: Visit) -> None:
    case, client = world.submitted(), visit("coordinator")
    document = add(client, case)
    answer = client.post(reverse("document-version-add", args=[case.pk, document.pk]), {"file": upload()})
    assert answer.status_code == 422
    assert DocumentVersion.objects.count() == 1


def test_a_document_kept_within_a_party_is_not_there_for_others(world: World, visit: Visit) -> None:
    case = world.submitted()
    document = add(visit("contact-lk"), case, internal_to=world.organisations["lk"].pk)
    assert saved(visit("mem-lk"), case, document)[1] == BYTES
    assert saved(visit("mem-liu"), case, document)[0].status_code == 404


def test_nobody_keeps_something_within_a_party_of_others(world: World, visit: Visit) -> None:
    case = world.submitted()
    where = reverse("case-comment", args=[case.pk])
    answer = visit("contact-liu").post(where, {"text": "Hej", "internal_to": world.organisations["lk"].pk})
    assert answer.status_code == 422
    assert not case.comments.exists()


def test_a_comment_is_seen_by_all_who_see_the_case(world: World, visit: Visit) -> None:
    case = world.submitted()
    answer = visit("contact-lk").post(reverse("case-comment", args=[case.pk]), {"text": "Bra <b>idé</b>"})
    assert answer["Location"] == reverse("case", args=[case.pk]) + "#kommentarer"
    page = visit("mem-liu").get(reverse("case", args=[case.pk])).content.decode()
    assert "Bra &lt;b&gt;idé&lt;/b&gt;" in page


def test_an_empty_comment_comes_back_with_what_is_missing(world: World, visit: Visit) -> None:
    case = world.submitted()
    answer = visit("contact-lk").post(reverse("case-comment", args=[case.pk]), {"text": " "})
    assert answer.status_code == 422
    assert answer.context["form"].errors["text"]


def test_the_auditor_reads_and_does_not_write(world: World, visit: Visit) -> None:
    case = world.submitted()
    document = add(visit("coordinator"), case)
    client = visit("auditor")
    assert saved(client, case, document)[1] == BYTES
    assert client.post(reverse("case-comment", args=[case.pk]), {"text": "Hej"}).status_code == 403
    assert client.post(reverse("case-document-add", args=[case.pk]), {"file": upload()}).status_code == 403
