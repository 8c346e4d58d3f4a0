"""The list of cases: what stands in it, what the filters leave, and that it tells nothing it should not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case, FocusArea, Partnership
from cases.models.case import Stage
from tests.world import World
from workflows import case_acts
from workflows.models import WorkItem

Visit = Callable[[str], Client]


def titles(client: Client, **query: Any) -> list[str]:
    page = client.get(reverse("cases"), query)
    assert page.status_code == 200
    return [row["case"].title for row in page.context["rows"]]


def test_the_latest_changed_case_stands_first(world: World, visit: Visit) -> None:
    first, second = world.submitted(title="Första"), world.submitted(title="Andra")
    assert titles(visit("coordinator")) == ["Andra", "Första"]
    world.act(first, "screen")
    assert titles(visit("coordinator")) == ["Första", "Andra"]
    assert second.title == "Andra"


def test_somebody_elses_draft_is_not_there_and_ones_own_leads_to_its_form(world: World, visit: Visit) -> None:
    draft = world.draft(title="Mitt utkast")
    assert titles(visit("coordinator")) == []
    page = visit("proposer").get(reverse("cases"))
    assert [row["url"] for row in page.context["rows"]] == [reverse("proposal-edit", args=[draft.pk])]


def test_a_person_without_roles_sees_an_empty_list_that_says_what_to_do(world: World, visit: Visit) -> None:
    world.submitted()
    page = visit("outsider").get(reverse("cases"))
    assert page.context["rows"] == []
    assert "Du har inga ärenden än" in page.content.decode()


def test_cases_are_filtered_by_where_and_what_they_are(world: World, visit: Visit) -> None:
    other_area = FocusArea.objects.create(partnership=world.partnership, slug="v", name="Hållbar välfärd")
    world.submitted(title="Ett projekt")
    world.submitted(title="Ett centrum", kind="centre", area=other_area)
    world.advance(world.submitted(title="I styrgruppen"), to="prepare")
    client = visit("coordinator")
    assert titles(client, area=other_area.pk) == ["Ett centrum"]
    assert titles(client, kind="centre") == ["Ett centrum"]
    assert titles(client, stage=Stage.PREPARATION) == ["I styrgruppen"]
    assert len(titles(client, partnership=world.partnership.pk)) == 3
    assert len(titles(client, party=world.organisations["liu"].pk)) == 3


def test_cases_are_filtered_by_status_and_by_how_they_ended(world: World, visit: Visit) -> None:
    held, gone = world.submitted(title="Vilar"), world.submitted(title="Återkallat")
    world.submitted(title="Pågår")
    case_acts.hold(case_id=held.pk, actor=world.person("coordinator"), reason="Budget.", now=world.tick())
    case_acts.withdraw(case_id=gone.pk, actor=world.person("proposer"), reason="", now=world.tick())
    client = visit("coordinator")
    assert titles(client, status="open") == ["Pågår"]
    assert titles(client, status="on_hold") == ["Vilar"]
    assert titles(client, status="closed") == ["Återkallat"]
    assert titles(client, status="withdrawn") == ["Återkallat"]
    assert titles(client, status="completed") == []


@pytest.mark.parametrize(
    "words", ["mentor", "MENTORSKAP", "åtgärder", "ÅTGÄRDER", "företagsledare", "KS 2021-00001"]
)
def test_words_are_found_in_title_description_and_registry_number(
    world: World, visit: Visit, words: str
) -> None:
    case = world.submitted(title="Åtgärder för mentorskap", description="Studenter möter företagsledare.")
    world.advance(case, to="statement")
    world.submitted(title="Något annat", description="Ingenting.")
    assert titles(visit("coordinator"), q=words) == ["Åtgärder för mentorskap"]


def test_a_house_number_finds_its_case(world: World, visit: Visit) -> None:
    case = world.submitted(title="Den sökta", description="x")
    world.submitted(title="En annan", description="x")
    assert "Den sökta" in titles(visit("coordinator"), q=case.number)


def test_no_filter_finds_what_the_person_may_not_see(world: World, visit: Visit) -> None:
    case = world.submitted(title="Hemligt för Ove")
    world.advance(case, to="statement")
    client = visit("outsider")
    queries: list[dict[str, Any]] = [
        {"q": "Hemligt"},
        {"q": case.number},
        {"q": "KS 2021-00001"},
        {"mine": "on"},
        {"stage": "dialogue"},
        {"status": "open"},
        {"partnership": world.partnership.pk},
        {"area": world.area.pk},
        {"party": world.organisations["lk"].pk},
    ]
    assert [titles(client, **query) for query in queries] == [[]] * len(queries)
    page = client.get(reverse("cases"), {"partnership": world.partnership.pk}).content.decode()
    assert world.partnership.name not in page


def test_a_partnership_that_one_does_not_see_is_no_choice(world: World, visit: Visit) -> None:
    Partnership.objects.create(name="Ett annat samarbete", slug="annat", kind="memorandum")
    assert "Ett annat samarbete" not in visit("coordinator").get(reverse("cases")).content.decode()


def test_what_is_late_within_another_party_does_not_make_the_case_late(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    WorkItem.objects.filter(case=case, open=True).update(due_on=dt.date(2999, 1, 1))
    late = world.item_of(case, "decide", "clerk-lk")
    WorkItem.objects.filter(pk=late.pk).update(due_on=dt.date(2021, 1, 1))
    assert titles(visit("clerk-lk"), overdue="on") == [case.title]
    assert titles(visit("decider-liu"), overdue="on") == []
    page = visit("decider-liu").get(reverse("cases")).content.decode()
    assert "Hos LK för beslut" in page
    assert "Tjänsteskrivelse" not in page


def test_the_number_of_the_readers_own_party_stands_first(world: World, visit: Visit) -> None:
    world.advance(world.submitted(), to="statement")
    assert (
        visit("mem-liu").get(reverse("cases")).context["rows"][0]["numbers"]
        == "LiU-2021-00001 · KS 2021-00001"
    )
    assert (
        visit("mem-lk").get(reverse("cases")).context["rows"][0]["numbers"]
        == "KS 2021-00001 · LiU-2021-00001"
    )


def test_pages_lead_forth_and_back_without_loss_or_repetition(world: World, visit: Visit) -> None:
    case = world.submitted()
    moment = case.updated_at
    Case.objects.bulk_create(
        [
            Case(
                partnership=world.partnership,
                title=f"Nr {number:02}",
                stage="dialogue",
                status="open",
                created_by=world.person("proposer"),
                created_at=moment,
                submitted_at=moment,
                stage_since=moment,
                # Several with the very same moment: the key decides among them.
                updated_at=moment + dt.timedelta(hours=number // 3),
            )
            for number in range(59)
        ]
    )
    client = visit("coordinator")
    address, seen, pages = reverse("cases"), [], []
    while address:
        page = client.get(address)
        pages.append([row["case"].pk for row in page.context["rows"]])
        seen += pages[-1]
        last, address = page, page.context["next_url"] if page.context["page"].has_next else ""
        assert not address or f'href="{address}" rel="next"' in page.content.decode()
    assert [len(keys) for keys in pages] == [25, 25, 10]
    assert sorted(seen) == sorted(Case.objects.values_list("pk", flat=True))
    back = client.get(last.context["previous_url"])
    assert [row["case"].pk for row in back.context["rows"]] == pages[1]
    first = client.get(back.context["previous_url"])
    assert [row["case"].pk for row in first.context["rows"]] == pages[0]
    assert not first.context["page"].has_previous


@pytest.mark.parametrize("place", ["x", "1-", "-1", "9" * 40 + "-1", "1-" + "9" * 40, "²-1"])
def test_a_place_that_is_none_shows_the_top(world: World, visit: Visit, place: str) -> None:
    world.submitted(title="Överst")
    assert titles(visit("coordinator"), after=place) == ["Överst"]


def test_the_number_of_statements_does_not_depend_on_the_rows(world: World, visit: Visit) -> None:
    client = visit("coordinator")
    world.advance(world.submitted(), to="vote")
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("cases"), {"q": "e", "overdue": "on"})
    for _ in range(12):
        world.advance(world.submitted(), to="vote")
    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("cases"), {"q": "e", "overdue": "on"})
    assert len(page.context["rows"]) == 13
    assert len(many) == len(few) <= 14


def test_the_short_cuts_narrow_to_what_is_ones_own_late_or_resting(world: World, visit: Visit) -> None:
    case = world.submitted(title="Vilar")
    case_acts.hold(case_id=case.pk, actor=world.person("coordinator"), reason="Budget.", now=world.tick())
    world.submitted(title="Eget", by="coordinator")
    client = visit("coordinator")
    tabs = {tab["label"]: tab["url"] for tab in client.get(reverse("cases")).context["quick"]}
    found = {
        label: [row["case"].title for row in client.get(url).context["rows"]] for label, url in tabs.items()
    }
    assert found == {
        "Alla": ["Eget", "Vilar"],
        "Mina förslag": ["Eget"],
        "Försenade": ["Eget"],
        "Vilande": ["Vilar"],
    }
    for label, url in tabs.items():
        quick = client.get(url).context["quick"]
        assert [tab["label"] for tab in quick if tab["current"]] == [label]
        assert {tab["label"]: tab["url"] for tab in quick} == tabs
