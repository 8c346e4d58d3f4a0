"""Papers saved from the case page: who gets which, in whose shape, under which name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case, DecisionOutcome, DeliberationOutcome
from tests.cases.papers.reading import pdf_from, word_from, word_texts
from tests.world import World
from workflows import case_acts

Visit = Callable[[str], Client]

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def case(world: World) -> Case:
    """A case that the municipality's office has sent on to its board."""
    case = world.submitted()
    for title, party in (("Projektplan", None), ("Kalkyl", "lk"), ("Yttrande", "liu")):
        case_acts.add_document(
            case_id=case.pk,
            actor=world.person(f"contact-{party or 'lk'}"),
            title=title,
            upload=ContentFile(f"{title}\n".encode(), "fil.txt"),
            internal_to=world.organisations[party] if party else None,
            now=world.tick(),
        )
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk", text="Kommunen deltar.", reasons="Förvaltningen ser nytta.")
    return Case.objects.get(pk=case.pk)


def memo_url(case: Case, ending: str = "docx", version: int = 1) -> str:
    return reverse(f"case-memo-{ending}", args=[case.pk, version])


def report_url(case: Case, ending: str = "docx") -> str:
    return reverse(f"case-report-{ending}", args=[case.pk, case.decisions.get(step_kind="prepare").pk])


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return "\n".join(word_texts(word_from(answer.content)))


def test_the_addresses_are_those_that_people_were_told(case: Case) -> None:
    assert memo_url(case, "pdf") == f"/arenden/{case.pk}/underlag/1.pdf"
    decision = case.decisions.get()
    assert report_url(case) == f"/arenden/{case.pk}/tjansteutlatande/{decision.pk}.docx"


@pytest.mark.parametrize("url", [memo_url, report_url])
def test_a_paper_is_a_file_to_save_that_no_cache_keeps(case: Case, visit: Visit, url: Any) -> None:
    for ending, content_type in (("pdf", "application/pdf"), ("docx", WORD)):
        answer = visit("clerk-lk").get(url(case, ending))
        assert answer["Content-Type"] == content_type
        assert answer["Content-Disposition"].startswith('attachment; filename="')
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))


def test_its_name_says_what_it_is_of_which_case(case: Case, visit: Visit) -> None:
    def name(url: str) -> str:
        return unquote(visit("clerk-lk").get(url)["Content-Disposition"].rpartition("''")[2])

    assert name(memo_url(case, "pdf")) == "Promemoria KS 2021-00001 Reversed mentorship.pdf"
    assert name(report_url(case)) == "Tjänsteskrivelse KS 2021-00001 Reversed mentorship.docx"


def test_the_memo_is_in_the_shape_of_the_reader_s_own_party(case: Case, visit: Visit) -> None:
    own = text_of(visit("mem-lk").get(memo_url(case)))
    assert "Dnr\tKS 2021-00001\nLiU-2021-00001 (LiU)" in own
    assert ("Projektplan" in own, "Kalkyl" in own, "Yttrande" in own) == (True, True, False)
    other = text_of(visit("mem-liu").get(memo_url(case)))
    assert "Dnr\tLiU-2021-00001\nKS 2021-00001 (LK)" in other
    assert ("Projektplan" in other, "Kalkyl" in other, "Yttrande" in other) == (True, False, True)


def test_who_is_of_no_party_gets_the_first_party_s_without_what_is_internal(case: Case, visit: Visit) -> None:
    text = text_of(visit("auditor").get(memo_url(case)))
    assert "Dnr\tKS 2021-00001" in text
    assert ("Projektplan" in text, "Kalkyl" in text, "Yttrande" in text) == (True, False, False)


def test_the_pdf_holds_the_standards_that_it_claims(case: Case, visit: Visit) -> None:
    for url in (memo_url(case, "pdf"), report_url(case, "pdf")):
        claims = pdf_from(visit("clerk-lk").get(url).content).open_metadata()
        assert (claims["pdfaid:part"], claims["pdfaid:conformance"], claims["pdfuaid:part"]) == (
            "2",
            "A",
            "1",
        )
        assert claims["dc:title"] == "Reversed mentorship"


def test_saved_again_it_is_the_same_file_whatever_was_added_since(
    world: World, case: Case, visit: Visit
) -> None:
    urls = [memo_url(case, "pdf"), memo_url(case), report_url(case, "pdf"), report_url(case)]
    before = [visit("clerk-lk").get(url).content for url in urls]
    case_acts.add_document(
        case_id=case.pk,
        actor=world.person("coordinator"),
        title="Efterhand",
        upload=ContentFile(b"sent\n", "sent.txt"),
        now=world.tick(),
    )
    with time_machine.travel(world.tick(days=400)):
        assert [visit("clerk-lk").get(url).content for url in urls] == before


def test_a_party_s_report_is_its_own(case: Case, visit: Visit) -> None:
    assert "Förvaltningen ser nytta." in text_of(visit("board-lk").get(report_url(case)))
    for name in ("mem-liu", "decider-liu", "auditor", "outsider", "administrator"):
        for ending in ("pdf", "docx"):
            assert visit(name).get(report_url(case, ending)).status_code == 404, name


def test_who_does_not_see_the_case_does_not_see_its_memo(case: Case, visit: Visit) -> None:
    for name in ("outsider", "administrator"):
        assert visit(name).get(memo_url(case)).status_code == 404, name
    assert Client().get(memo_url(case)).status_code == 302


def test_a_paper_is_not_reached_by_way_of_another_case(world: World, case: Case, visit: Visit) -> None:
    other = world.submitted()
    decision = case.decisions.get()
    client = visit("clerk-lk")
    assert client.get(reverse("case-report-pdf", args=[other.pk, decision.pk])).status_code == 404
    assert client.get(memo_url(other, "pdf")).status_code == 404
    assert client.get(memo_url(case, "pdf", version=2)).status_code == 404


def test_a_decision_that_is_no_report_has_no_paper(world: World, case: Case, visit: Visit) -> None:
    decision = world.act(case, "decide", by="board-lk", outcome=DecisionOutcome.APPROVE_AMENDED)
    assert visit("board-lk").get(reverse("case-report-pdf", args=[case.pk, decision.pk])).status_code == 404


def test_what_sends_the_case_back_to_all_is_no_report(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    decision = world.act(
        case, "decide", by="clerk-lk", outcome=DecisionOutcome.REFER_BACK, reasons="Mer behövs."
    )
    page = visit("clerk-lk").get(reverse("case", args=[case.pk])).content.decode()
    assert "Mer behövs." in page
    assert "tjansteutlatande" not in page
    assert visit("clerk-lk").get(reverse("case-report-pdf", args=[case.pk, decision.pk])).status_code == 404


def test_nothing_is_posted_to_a_paper(case: Case, visit: Visit) -> None:
    assert visit("clerk-lk").post(memo_url(case)).status_code == 405


def test_the_case_page_links_to_what_its_reader_may_save(case: Case, visit: Visit) -> None:
    for name, report in (("clerk-lk", True), ("mem-liu", False), ("auditor", False)):
        page = visit(name).get(reverse("case", args=[case.pk])).content.decode()
        assert (memo_url(case, "pdf") in page, memo_url(case) in page) == (True, True)
        assert (report_url(case, "pdf") in page, report_url(case) in page) == (report, report), name
        assert "Underlaget som PDF" in page


def test_every_version_of_the_memo_can_be_saved(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="conclude")
    world.act(case, "conclude", outcome=DeliberationOutcome.PREPARE_AGAIN, reasons="Mer behövs.")
    world.advance(case, to="prepare")
    world.act(case, "prepare", matter="Ärendet, omarbetat.")
    client = visit("mem-lk")
    page = client.get(reverse("case", args=[case.pk])).content.decode()
    assert all(memo_url(case, "pdf", version) in page for version in (1, 2))
    assert "Ärendet, omarbetat." not in text_of(client.get(memo_url(case)))
    second = client.get(memo_url(case, version=2))
    assert "Ärendet, omarbetat." in text_of(second)
    assert "v2" in second["Content-Disposition"]


def test_a_reader_of_english_gets_the_paper_in_the_house_s_language(
    world: World, case: Case, visit: Visit
) -> None:
    person = world.person("mem-lk")
    person.language = "en"
    person.save()
    assert "Förslag till beslut" in text_of(visit("mem-lk").get(memo_url(case)))


#: Session, person, roles and grants, and the paper's own: the row, the parties for the memo, what the builder reads.
@pytest.mark.parametrize(("url", "cost"), [(memo_url, 9), (report_url, 9)])
def test_a_paper_costs_the_same_with_more_documents(
    world: World, case: Case, visit: Visit, url: Any, cost: int
) -> None:
    client, address, counts = visit("clerk-lk"), url(case), []
    for _round in range(2):
        with CaptureQueriesContext(connection) as statements:
            assert client.get(address).status_code == 200
        counts.append(len(statements))
        for n in range(4):
            case_acts.add_document(
                case_id=case.pk,
                actor=world.person("coordinator"),
                title=f"Bilaga {n}",
                upload=ContentFile(f"{n}\n".encode(), "fil.txt"),
                now=case.submitted_at or world.now,
            )
    assert counts == [cost, cost]
