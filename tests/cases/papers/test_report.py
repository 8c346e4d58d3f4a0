"""The official report with which a party's office sends the case on (M2)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Decision, DecisionOutcome
from cases.papers.paper import Paragraph, Resolution, Signatures
from cases.papers.report import is_report, report_paper
from tests.world import World


def report(case: Case) -> Decision:
    related = ("case", "party", "decided_by__organisation", "on_behalf_of")
    return case.decisions.select_related(*related).get(step_kind="prepare")


def test_it_proposes_the_party_s_own_decision_and_tells_of_the_joint_preparation(
    world: World, case: Case
) -> None:
    paper = report_paper(report(case), internal=True)
    memo = case.memos.get()
    assert [section.heading for section in paper.sections] == [
        "Förslag till beslut",
        "Ärendet",
        "Beredning",
        "Samordning med andra samarbeten",
        "Förvaltningens synpunkter",
    ]
    assert paper.sections[0].blocks == (Resolution("Kommunen deltar."),)
    assert paper.sections[1].blocks == (Paragraph(memo.matter),)
    assert paper.sections[4].blocks[0] == Paragraph("Förvaltningen ser nytta.")
    assert (paper.kind, paper.sender) == ("Tjänsteskrivelse", "Linköpings kommun")
    assert paper.number == "KS 2021-00001"


def test_it_is_signed_by_who_wrote_it(world: World, case: Case) -> None:
    paper = report_paper(report(case), internal=True)
    signed = paper.sections[-1].blocks[-1]
    assert isinstance(signed, Signatures)
    assert [line.name for line in signed.lines] == ["Klara Clerk"]
    assert {fact.label: fact.value for fact in paper.facts}["Handläggare"] == "Klara Clerk, Linköpings kommun"


def test_what_is_internal_to_the_party_is_attached_only_for_its_own(world: World, case: Case) -> None:
    own, others = (report_paper(report(case), internal=internal) for internal in (True, False))
    assert [row.title for row in own.attachments] == ["Projektplan", "Kalkyl"]
    assert [row.title for row in others.attachments] == ["Projektplan"]


def test_it_tells_of_the_memo_of_its_time(world: World, case: Case) -> None:
    memo = case.memos.get()
    memo.pk, memo.version, memo.matter, memo.created_at = None, 2, "Senare.", world.tick()
    memo.save()
    assert report_paper(report(case), internal=True).sections[1].blocks != (Paragraph("Senare."),)


@pytest.mark.parametrize(
    ("kind", "outcome", "expected"),
    [
        ("prepare", DecisionOutcome.APPROVE, True),
        ("prepare", DecisionOutcome.REFER_BACK, False),
        ("prepare", DecisionOutcome.TABLE, False),
        ("decide", DecisionOutcome.APPROVE, False),
    ],
)
def test_only_a_preparing_step_that_sends_the_case_on_makes_one(
    kind: str, outcome: DecisionOutcome, expected: bool
) -> None:
    assert is_report(Decision(step_kind=kind, outcome=outcome)) is expected


def test_it_costs_four_statements(world: World, case: Case) -> None:
    decision = report(case)
    with CaptureQueriesContext(connection) as statements:
        report_paper(decision, internal=True)
    assert len(statements) == 4
