"""The answers are compiled, with how each view was met, and the preparation goes on; another round may follow (R2)."""

from __future__ import annotations

from typing import Any

import pytest

from cases.errors import InvalidInput, WrongState
from cases.history import verify_case
from cases.models import Case, DeliberationOutcome, HowMet, Referral, Stance
from tests.workflows.referral.asking import answer, answer_outside, asked
from tests.workflows.steps.site import Site, url_of
from tests.world import World
from workflows.models import CaseProcess, WorkItem
from workflows.referral_acts import close_referral
from workflows.steps.referral import View


@pytest.fixture
def compiling(world: World, case: Case, referral: Referral) -> WorkItem:
    """The task to compile, two having answered and one abstained."""
    world.act(case, "referral_answer", by="board-lk")
    world.act(
        case,
        "referral_answer",
        by="outsider",
        answer=answer(stance=Stance.DECLINED, text="", name="Ove"),
    )
    answer_outside(world, referral)
    close_referral(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    return world.open_items(case, "compile_referral")[0]


def row(referral: Referral, kind: str, **changes: Any) -> View:
    given = {"view": "För dyrt.", "how_met": HowMet.NOTED} | changes
    return View(recipient_id=asked(referral, kind).pk, **given)


def test_the_compilation_keeps_every_view_and_how_it_was_met(
    world: World, case: Case, referral: Referral, compiling: WorkItem
) -> None:
    views = [
        row(referral, "body", how_met=HowMet.ACCEPTED),
        row(referral, "outside", how_met=HowMet.NOT_ACCEPTED, response="Ryms i budgeten."),
        row(referral, "outside", view="För sent.", how_met=HowMet.PARTLY, response="Start i maj."),
    ]
    world.do(compiling, by="coordinator", summary="Blandat.", views=views)
    referral.refresh_from_db()
    assert (referral.status, referral.summary, referral.compiled_by) == (
        "compiled",
        "Blandat.",
        world.person("coordinator"),
    )
    assert list(referral.views.values_list("order", "view", "how_met")) == [
        (1, "För dyrt.", "accepted"),
        (2, "För dyrt.", "not_accepted"),
        (3, "För sent.", "partly"),
    ]
    assert not CaseProcess.objects.filter(case=case, parent_task__isnull=False, status="NEW").exists()
    assert list(verify_case(Case.objects.get(pk=case.pk))) == []


def test_no_answer_is_left_out_and_an_abstention_needs_no_row(
    world: World, referral: Referral, compiling: WorkItem
) -> None:
    with pytest.raises(InvalidInput, match="Kårservice"):
        world.do(compiling, by="coordinator", views=[row(referral, "body")])
    world.do(compiling, by="coordinator", views=[row(referral, "body"), row(referral, "outside")])


@pytest.mark.parametrize("how_met", [HowMet.PARTLY, HowMet.NOT_ACCEPTED])
def test_a_view_that_is_not_met_in_full_gets_a_reason(
    world: World, referral: Referral, compiling: WorkItem, how_met: HowMet
) -> None:
    views = [row(referral, "body"), row(referral, "outside", how_met=how_met)]
    with pytest.raises(InvalidInput) as refused:
        world.do(compiling, by="coordinator", views=views)
    assert list(refused.value.errors) == ["views"]


def test_a_row_of_one_who_gave_no_views_is_refused(
    world: World, referral: Referral, compiling: WorkItem
) -> None:
    views = [row(referral, "body"), row(referral, "outside"), row(referral, "organisation")]
    with pytest.raises(InvalidInput):
        world.do(compiling, by="coordinator", views=views)


def test_the_memo_waits_until_the_referral_is_compiled(
    world: World, case: Case, referral: Referral, compiling: WorkItem
) -> None:
    with pytest.raises(InvalidInput, match="inte sammanställd"):
        world.act(case, "prepare")
    world.do(compiling, by="coordinator")
    world.act(case, "prepare")
    assert world.open_items(case, "vote")


def test_the_memo_is_begun_with_how_the_referral_went_and_shows_the_compilation(
    world: World, site: Site, case: Case, referral: Referral, compiling: WorkItem
) -> None:
    prepare = world.open_items(case, "prepare")[0]
    before = site.get("coordinator", url_of(prepare))
    assert "Underlaget kan inte skickas än" in before.content.decode()
    world.do(compiling, by="coordinator")
    page = site.get("coordinator", url_of(prepare))
    begun = page.context["form"]["preparation"].value()
    assert "(omgång 1). Remissinstanser: 4. Svar: 2. Avstod från att yttra sig: 1. Svarade inte: 1." in begun
    assert "Remissinstanserna är positiva." in page.content.decode()


def test_a_memo_that_must_wait_comes_back_with_everything_that_was_written(
    world: World, site: Site, case: Case, referral: Referral
) -> None:
    prepare = world.open_items(case, "prepare")[0]
    typed = {
        "matter": "Saken.",
        "preparation": "En lång text.",
        "related_check": "Nej.",
        "proposed_decision": "Bifall.",
    }
    page = site.post("coordinator", url_of(prepare), typed)
    assert page.status_code == 422
    assert "En lång text." in page.content.decode()
    assert "Ärendet är ute på remiss." in page.content.decode()


def test_a_second_round_is_sent_when_the_first_is_compiled_and_not_before(
    world: World, case: Case, referral: Referral, compiling: WorkItem
) -> None:
    with pytest.raises(WrongState, match="pågår redan"):
        world.refer(case)
    world.do(compiling, by="coordinator")
    second = world.refer(case)
    assert (second.number, len(world.open_items(case, "referral_answer"))) == (2, 4)


def test_a_case_that_was_referred_back_is_sent_out_again(
    world: World, case: Case, referral: Referral, compiling: WorkItem, site: Site
) -> None:
    world.do(compiling, by="coordinator")
    world.advance(case, to="conclude")
    world.act(case, "conclude", outcome=DeliberationOutcome.PREPARE_AGAIN, reasons="Hör fler.")
    second = world.refer(case, with_memo=True)
    assert second.memo is not None
    close_referral(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    world.act(case, "compile_referral")
    page = site.get("coordinator", url_of(world.open_items(case, "prepare")[0]))
    begun = page.context["form"]["preparation"].value()
    assert begun.startswith("Parternas kontaktpersoner har hörts.")
    assert "(omgång 2)" in begun
    assert "(omgång 1)" not in begun


def test_the_form_begins_with_a_row_for_each_answer_and_grows_by_a_button(
    world: World, site: Site, referral: Referral, compiling: WorkItem
) -> None:
    form = site.get("coordinator", url_of(compiling)).context["form"]
    assert form.rows == 2
    assert form["view_1_view"].value() == "För dyrt."
    typed = {"summary": "Kort.", "view_rows": "2", "view_0_view": "Ändrat.", "add_row": "view"}
    grown = site.post("coordinator", url_of(compiling), typed)
    assert grown.status_code == 200
    assert grown.context["form"].rows == 3
    assert grown.context["form"]["view_0_view"].value() == "Ändrat."


def test_what_a_row_lacks_is_told_at_its_field(
    world: World, site: Site, referral: Referral, compiling: WorkItem
) -> None:
    typed = {
        "summary": "Kort.",
        "view_rows": "2",
        "view_0_recipient": str(asked(referral, "body").pk),
        "view_0_view": "Börja smått.",
        "view_0_how_met": "not_accepted",
        "view_1_recipient": "",
        "view_1_view": "För dyrt.",
    }
    page = site.post("coordinator", url_of(compiling), typed)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"view_0_response", "view_1_recipient", "view_1_how_met"}


def test_the_coordinator_is_asked_before_it_is_sent_to_all(
    world: World, site: Site, case: Case, referral: Referral, compiling: WorkItem
) -> None:
    typed = {"summary": "Kort.", "view_rows": "2"}
    for number, kind in enumerate(("body", "outside")):
        typed |= {
            f"view_{number}_recipient": str(asked(referral, kind).pk),
            f"view_{number}_view": "Synpunkt.",
            f"view_{number}_how_met": "noted",
        }
    assert "Sammanställ remissen?" in site.post("coordinator", url_of(compiling), typed).content.decode()
    referral.refresh_from_db()
    assert referral.status == "compiling"
    done = site.post("coordinator", url_of(compiling), typed | {"confirmed": "1"})
    assert done.status_code == 302
    page = site.get("chair", f"/arenden/{case.pk}/").content.decode()
    assert "Hur synpunkterna har mötts" in page
    assert "Sammanställd" in page
