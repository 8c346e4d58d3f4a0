"""The memo in the shape of M6, as each party keeps it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cases.models import Case, Memo, Organisation
from cases.papers.docx import docx_of
from cases.papers.memo import memo_paper
from cases.papers.paper import Paper, Paragraph, Resolution
from cases.papers.pdf import pdf_of
from tests.cases.papers.conftest import add_document
from tests.cases.papers.reading import headings, pdf_from, word_from, word_texts
from tests.world import World


def read(case: Case) -> Memo:
    related = ("case__partnership", "case__area", "author__organisation")
    return Memo.objects.select_related(*related).get(case=case)


def paper_for(case: Case, party: Organisation, *, internal: bool = True) -> Paper:
    return memo_paper(read(case), party=party, internal=internal)


def facts(paper: Paper) -> dict[str, str]:
    return {fact.label: fact.value for fact in paper.facts}


def test_its_sections_stand_in_the_order_of_the_source(world: World, case: Case) -> None:
    paper = paper_for(case, world.organisations["lk"])
    assert [(section.heading, section.level) for section in paper.sections] == [
        ("Förslag till beslut", 1),
        ("Ärendet", 1),
        ("Beredning", 1),
        ("Samordning med andra samarbeten", 2),
        ("Mina synpunkter", 1),
    ]
    memo = case.memos.get()
    assert paper.sections[0].blocks == (Resolution(memo.proposed_decision),)
    assert paper.sections[1].blocks == (Paragraph(memo.matter),)
    assert (paper.kind, paper.title, paper.sender) == ("Promemoria", case.title, case.partnership.name)


def test_without_views_there_is_no_empty_heading_and_still_a_name_under_it(world: World, case: Case) -> None:
    Memo.objects.filter(case=case).update(views="")
    paper = paper_for(case, world.organisations["lk"])
    assert "Mina synpunkter" not in [section.heading for section in paper.sections]
    made = "\n".join(word_texts(word_from(docx_of(paper, at=world.now))))
    assert "Kajsa Coordinator" in made


@pytest.mark.parametrize(
    ("slug", "number", "row"),
    [
        ("lk", "KS 2021-00001", "KS 2021-00001\nLiU-2021-00001 (LiU)"),
        ("liu", "LiU-2021-00001", "LiU-2021-00001\nKS 2021-00001 (LK)"),
    ],
)
def test_each_party_s_number_comes_first_in_its_own(
    world: World, case: Case, slug: str, number: str, row: str
) -> None:
    paper = paper_for(case, world.organisations[slug])
    assert paper.number == number
    assert facts(paper)["Dnr"] == row


def test_a_party_that_has_not_registered_the_case_uses_the_house_s_number(world: World, case: Case) -> None:
    case.registry_numbers.all().delete()
    paper = paper_for(case, world.organisations["lk"])
    assert (paper.number, facts(paper)["Dnr"]) == (case.number, "Inte registrerat")


def test_its_attachments_are_what_the_party_had_when_it_was_written(world: World, case: Case) -> None:
    paper = paper_for(case, world.organisations["lk"])
    assert [(row.label, row.title, row.note, row.registry_number) for row in paper.attachments] == [
        ("Bilaga 1", "Projektplan", "version 1, TXT", "KS 2021-00001"),
        ("Bilaga 2", "Kalkyl", "version 1, TXT, intern hos LK", "KS 2021-00001"),
    ]
    assert [row.title for row in paper_for(case, world.organisations["liu"]).attachments] == [
        "Projektplan",
        "Yttrande",
    ]


def test_who_may_not_see_what_is_internal_gets_the_rest(world: World, case: Case) -> None:
    paper = paper_for(case, world.organisations["lk"], internal=False)
    assert [row.title for row in paper.attachments] == ["Projektplan"]


def test_it_is_in_the_house_s_language_whatever_the_reader_s(world: World, case: Case) -> None:
    with translation.override("en"):
        paper = paper_for(case, world.organisations["lk"])
        made = pdf_from(pdf_of(paper, at=world.now))
    assert paper.language == "sv"
    assert [title for _tag, title in headings(made)][:3] == ["Förslag till beslut", "Ärendet", "Beredning"]
    assert facts(paper)["Datum"].endswith(" 2021")


def test_it_costs_the_same_with_more_documents(world: World, case: Case) -> None:
    memo, party = read(case), world.organisations["lk"]
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as statements:
            memo_paper(memo, party=party, internal=True)
        counts.append(len(statements))
        for n in range(5):
            add_document(world, case, f"Bilagd {n}")
        case.documents.update(created_at=memo.created_at)
    assert counts == [3, 3]
