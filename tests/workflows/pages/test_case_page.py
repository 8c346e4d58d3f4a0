"""The case page: where the case is, who has it, and that a party's own preparation stays its own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case, DecisionOutcome, VoteChoice
from tests.world import World
from workflows import case_acts
from workflows.proposals import Funding

Visit = Callable[[str], Client]


def page_of(client: Client, case: Case, **query: str) -> Any:
    page = client.get(reverse("case", args=[case.pk]), query)
    assert page.status_code == 200
    return page


def words_of(client: Client, case: Case) -> str:
    return str(page_of(client, case).content.decode())


def test_the_page_shows_every_field_of_the_proposal(world: World, visit: Visit) -> None:
    case = world.submitted(
        kind="staff_exchange",
        need="Behovstext",
        purpose="Syftestext",
        terms="Villkorstext",
        benefit="Nyttotext",
        council_task="follow_results",
        funding=(Funding("ALF-medel", Decimal("1250000.50"), 2022, "SEK", "Regionstyrelsen"),),
    )
    words = words_of(visit("coordinator"), case)
    for text in (
        "Reversed mentorship",
        case.number,
        "Studenter är mentorer för företagsledare.",
        "Konceptframtagning.",
        "LK (Linköpings Science Park)",
        "LiU (Samverkansenheten)",
        "Följa projekt och utfall av resultat",
        "Fortlöpande.",
        "Behovstext",
        "Syftestext",
        "Villkorstext",
        "Nyttotext",
        "ALF-medel",
        "1\xa0250\xa0000,50 SEK",
        "Regionstyrelsen",
        "Hållbar industri",
        "Personutbyte",
        "Petra Proposer, LK",
    ):
        assert text in words


def test_a_finished_case_shows_all_that_was_done(world: World, visit: Visit) -> None:
    case = world.finish(world.submitted())
    words = words_of(visit("coordinator"), case)
    for text in (
        "KS 2021-00001 (LK)",
        "Kontakt med studenter.",
        "Samverkansrådet tillstyrker förslaget.",
        "Tillstyrker",
        "Avtalet gäller mentorskap.",
        "Undertecknat",
        "Kommunstyrelsen",
        "Piloten är genomförd.",
        "Börja i tid.",
        "Genomfört",
    ):
        assert text in words


def test_the_box_says_who_has_voted_who_has_not_and_what_follows(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    world.act(case, "vote", by="mem-lk", choice=VoteChoice.AGAINST)
    page = page_of(visit("coordinator"), case)
    assert sorted(line.who for line in page.context["waiting"]) == ["Carin Chair", "Mem-Liu"]
    assert [line.who for line in page.context["acted"]] == ["Mem-Lk"]
    assert page.context["next_text"] == "Avgör överläggningen"
    assert page.context["deliberations"][0]["missing"] == 2


def test_a_role_that_waits_is_told_by_the_names_of_its_holders(world: World, visit: Visit) -> None:
    page = page_of(visit("mem-liu"), world.submitted())
    assert [line.who for line in page.context["waiting"]] == ["Kajsa Coordinator"]


def test_what_follows_a_partys_own_step_is_the_next_of_its_chain(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    assert page_of(visit("clerk-lk"), case).context["next_text"].startswith("Kommunstyrelsen")
    assert "Kommunstyrelsen" not in page_of(visit("decider-liu"), case).context["next_text"]


def test_the_other_party_is_told_of_a_chain_only_that_it_decides(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    untouched = {line.who for line in page_of(visit("decider-liu"), case).context["waiting"]}
    world.act(case, "decide", by="clerk-lk", text="Tjänsteskrivelsen hemlig för LiU.")
    world.act(
        case,
        "decide",
        by="board-lk",
        outcome=DecisionOutcome.REFER_BACK,
        refer_back_to="tjansteskrivelse",
        reasons="Mer om kostnaderna, internt.",
    )
    own, other = words_of(visit("board-lk"), case), words_of(visit("decider-liu"), case)
    for text in ("Tjänsteskrivelsen hemlig för LiU.", "Mer om kostnaderna, internt.", "Tjänsteskrivelse"):
        assert text in own
        assert text not in other
    assert {line.who for line in page_of(visit("decider-liu"), case).context["waiting"]} == untouched
    assert "Hos LK för beslut" in other


def test_a_partys_final_decision_is_told_to_all(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk")
    world.act(
        case,
        "decide",
        by="board-lk",
        outcome=DecisionOutcome.APPROVE_AMENDED,
        text="Kommunstyrelsen bifaller.",
    )
    assert "Kommunstyrelsen bifaller." in words_of(visit("decider-liu"), case)


def test_internal_comments_and_documents_are_seen_by_the_own_party_alone(world: World, visit: Visit) -> None:
    case, lk = world.submitted(), world.organisations["lk"]
    contact = world.person("contact-lk")
    case_acts.add_comment(
        case_id=case.pk, actor=contact, text="Bara hos oss.", internal_to=lk, now=world.tick()
    )
    case_acts.add_document(
        case_id=case.pk,
        actor=contact,
        title="Intern kalkyl",
        upload=ContentFile(b"en kalkyl\n", "kalkyl.txt"),
        internal_to=lk,
        now=world.tick(),
    )
    own, other = words_of(visit("mem-lk"), case), words_of(visit("mem-liu"), case)
    assert "Bara hos oss." in own
    assert "Intern kalkyl" in own
    assert "Bara hos oss." not in other
    assert "Intern kalkyl" not in other
    assert "Syns bara för Linköpings kommun" not in other


def test_ones_own_task_stands_on_the_page(world: World, visit: Visit) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    assert [task["url"] for task in page_of(visit("coordinator"), case).context["own_tasks"]] == [
        reverse("work-item", args=[item.pk])
    ]
    assert page_of(visit("mem-lk"), case).context["own_tasks"] == []


def test_only_those_who_may_are_offered_an_act(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="vote")

    def offered(name: str) -> list[str]:
        return [act["label"] for act in page_of(visit(name), case).context["acts"]]

    assert offered("coordinator") == ["Fråga initiativtagaren", "Lägg vilande", "Avbryt ärendet"]
    assert offered("proposer") == ["Återkalla förslaget"]
    assert offered("chair") == ["Fråga initiativtagaren", "Stäng röstningen"]
    assert offered("auditor") == []
    assert page_of(visit("coordinator"), case).context["may_remind"]
    assert not page_of(visit("mem-liu"), case).context["may_remind"]


def test_a_held_case_says_since_when_and_why(world: World, visit: Visit) -> None:
    case = world.submitted()
    case_acts.hold(
        case_id=case.pk, actor=world.person("coordinator"), reason="Inväntar budget.", now=world.tick()
    )
    words = words_of(visit("mem-lk"), case)
    assert "Ärendet är vilande" in words
    assert "Skäl: Inväntar budget." in words
    assert "Försenad" not in words


def test_the_stages_say_what_is_done_what_goes_on_and_what_was_not_needed(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="agreement_need")
    world.act(case, "agreement_need", needed=False, reason="Ryms i grundavtalet.")
    stages = page_of(visit("coordinator"), case).context["stages"]
    assert [stage["state"] for stage in stages] == ["done", "done", "skipped", "current", "todo"]


def test_a_case_that_ended_early_says_where(world: World, visit: Visit) -> None:
    case = world.submitted()
    case_acts.withdraw(case_id=case.pk, actor=world.person("proposer"), reason="", now=world.tick())
    stages = page_of(visit("coordinator"), case).context["stages"]
    assert [stage["state"] for stage in stages] == ["done", "skipped", "skipped", "skipped", "skipped"]
    assert stages[0]["note"] == "Återkallat"


def test_a_draft_leads_its_owner_to_the_form_and_nobody_else_anywhere(world: World, visit: Visit) -> None:
    draft = world.draft()
    answer = visit("proposer").get(reverse("case", args=[draft.pk]))
    assert answer["Location"] == reverse("proposal-edit", args=[draft.pk])
    assert visit("coordinator").get(reverse("case", args=[draft.pk])).status_code == 404


def test_related_cases_are_those_that_the_reader_sees(world: World, visit: Visit) -> None:
    case, other = world.submitted(), world.submitted(title="Det andra")
    world.draft(title="Ett utkast")
    assert [row.pk for row in page_of(visit("coordinator"), case).context["read"].related] == [other.pk]
    assert [row.pk for row in page_of(visit("proposer"), case).context["read"].related] == [other.pk]


def test_the_history_begins_with_the_latest_and_can_be_shown_whole(world: World, visit: Visit) -> None:
    case = world.submitted()
    for number in range(55):
        case_acts.add_comment(
            case_id=case.pk, actor=world.person("mem-lk"), text=f"Nr {number}", now=world.tick()
        )
    client = visit("coordinator")
    first, whole = page_of(client, case), page_of(client, case, history="all")
    assert len(first.context["events"]) == 50
    assert len(whole.context["events"]) > 50
    assert whole.context["events"][:50] == first.context["events"]
    assert "Visa hela historiken" in first.content.decode()
    assert "Visa hela historiken" not in whole.content.decode()


def test_the_number_of_statements_does_not_depend_on_the_rows(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    coordinator, client = world.person("coordinator"), visit("coordinator")

    def talk(times: int) -> None:
        for number in range(times):
            case_acts.add_comment(case_id=case.pk, actor=coordinator, text=f"Nr {number}", now=world.tick())
            version = case_acts.add_document(
                case_id=case.pk,
                actor=coordinator,
                title="Plan",
                upload=ContentFile(f"{number} {world.now}".encode(), "plan.txt"),
                now=world.tick(),
            )
            case_acts.add_document_version(
                case_id=case.pk,
                document_id=version.document_id,
                actor=coordinator,
                upload=ContentFile(f"{number} {world.now} igen".encode(), "plan.txt"),
                now=world.tick(),
            )
            case_acts.ask_proposer(case_id=case.pk, actor=coordinator, text="Hur?", now=world.tick())

    talk(1)
    world.act(case, "vote", by="mem-lk", choice=VoteChoice.FOR)
    with CaptureQueriesContext(connection) as few:
        page_of(client, case)
    talk(8)
    for _ in range(3):
        world.submitted()
    world.act(case, "vote", by="mem-liu", choice=VoteChoice.FOR)
    with CaptureQueriesContext(connection) as many:
        page_of(client, case)
    # The first page had no related cases; their list is one statement with or without rows.
    assert len(many) == len(few)
    assert len(few) <= 36


def test_the_page_is_never_kept_by_a_cache(world: World, visit: Visit) -> None:
    assert "no-store" in page_of(visit("coordinator"), world.submitted())["Cache-Control"]
