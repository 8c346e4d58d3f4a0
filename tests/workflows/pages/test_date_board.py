"""The page of dates: what is due when, who sees what of it, and what it costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, DecisionOutcome, DeliberationOutcome, Partnership, Role
from tests.world import World
from workflows import case_acts
from workflows.models import WorkItem
from workflows.views.presenters.dates import friday
from workflows.working_days import add_working_days

Visit = Callable[[str], Client]
BOARD = "/datum/"


@pytest.fixture(params=[1000, 0], ids=["few cases", "many cases"], autouse=True)
def few_or_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Items are found by their case where it is one of few, else in their own order: both must answer the same."""
    monkeypatch.setattr("workflows.date_board.FEW_CASES", request.param)


def page_of(client: Client, **query: Any) -> Any:
    page = client.get(BOARD, query)
    assert page.status_code == 200
    return page


def rows_of(page: Any) -> list[dict[str, Any]]:
    return [row for group in page.context["groups"] for row in group["rows"]]


def steps_of(page: Any) -> list[tuple[str, str]]:
    return [(row["case"].title, row["item"].step) for row in rows_of(page)]


def due(item: WorkItem, day: dt.date) -> None:
    WorkItem.objects.filter(pk=item.pk).update(due_on=day)


def with_due_dates(world: World, *days: dt.date) -> list[Case]:
    cases = [world.submitted(title=f"Nummer {number}") for number in range(len(days))]
    for case, day in zip(cases, days, strict=True):
        due(world.open_items(case)[0], day)
    return cases


# What stands on it


def test_steps_are_grouped_by_when_they_are_due(world: World, visit: Visit) -> None:
    today = timezone.localdate()
    this_week = friday(today)
    days = [
        today - dt.timedelta(days=1),
        today,
        this_week,
        this_week + dt.timedelta(days=1),
        this_week + dt.timedelta(days=14),
        this_week + dt.timedelta(days=15),
    ]
    with_due_dates(world, *days)
    groups = page_of(visit("coordinator")).context["groups"]
    assert [(group["id"], [row["day"] for row in group["rows"]]) for group in groups] == [
        ("forsenade", days[:1]),
        ("veckan", days[1:3]),
        ("tva-veckor", days[3:5]),
        ("senare", days[5:]),
    ]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-11-23", "2026-11-27"),
        ("2026-11-27", "2026-11-27"),
        ("2026-11-28", "2026-12-04"),
        ("2026-11-29", "2026-12-04"),
        ("2026-12-24", "2027-01-01"),
    ],
)
def test_the_week_ends_on_friday_and_after_it_the_next_begins(today: str, expected: str) -> None:
    assert friday(dt.date.fromisoformat(today)).isoformat() == expected


def test_a_row_says_what_is_due_in_which_case_whom_it_waits_for_and_how_late_it_is(
    world: World, visit: Visit
) -> None:
    today = add_working_days(timezone.localdate(), 0)
    (case,) = with_due_dates(world, add_working_days(timezone.localdate(), -3))
    page = page_of(visit("chair"))
    text = page.content.decode()
    (row,) = rows_of(page)
    assert (row["title"], row["who"], row["whose"]) == (
        "Granska förslaget",
        "Kajsa Coordinator",
        "Handläggare",
    )
    assert row["late_text"] == (
        "3 arbetsdagar över" if today == timezone.localdate() else "2 arbetsdagar över"
    )
    assert case.number in text
    assert f'href="{reverse("case", args=[case.pk])}"' in text
    assert "Kajsa Coordinator" in text


def test_a_step_that_one_person_has_taken_waits_for_that_person(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    names = {row["who"] for row in rows_of(page_of(visit("coordinator")))}
    assert names == {"Carin Chair", "Mem-Lk", "Mem-Liu"}


def test_it_says_when_a_step_was_reminded_of_and_escalated(world: World, visit: Visit) -> None:
    item = world.open_items(world.submitted())[0]
    WorkItem.objects.filter(pk=item.pk).update(
        reminded_at=dt.datetime(2026, 3, 3, 5, tzinfo=dt.UTC),
        escalated_at=dt.datetime(2026, 3, 9, 5, tzinfo=dt.UTC),
    )
    text = page_of(visit("chair")).content.decode()
    assert "Påminnelse skickad 3 mars 2026" in text
    assert "Eskalerad 9 mars 2026" in text


def test_a_pause_is_a_quiet_row_that_says_until_when(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="conclude")
    day = add_working_days(timezone.localdate(), 60)
    world.act(case, "conclude", outcome=DeliberationOutcome.TABLE, reasons="Mer tid.", tabled_until=day)
    page = page_of(visit("coordinator"))
    (row,) = rows_of(page)
    assert (row["title"], row["day"], row["quiet"]) == ("Bordlagt till ett datum", day, True)
    assert "Väntar till" in page.content.decode()
    assert "Påminn<" not in page.content.decode()


def test_pauses_and_steps_stand_in_one_order(world: World, visit: Visit) -> None:
    today = timezone.localdate()
    tabled = world.submitted(title="Bordlagt")
    world.advance(tabled, to="conclude")
    until = add_working_days(today, 40)
    world.act(tabled, "conclude", outcome=DeliberationOutcome.TABLE, reasons="Mer tid.", tabled_until=until)
    with_due_dates(world, until - dt.timedelta(days=1), until + dt.timedelta(days=1))
    titles = [row["case"].title for row in rows_of(page_of(visit("coordinator")))]
    assert titles == ["Nummer 0", "Bordlagt", "Nummer 1"]


def test_a_case_on_hold_has_no_dates(world: World, visit: Visit) -> None:
    case = world.submitted()
    case_acts.hold(case_id=case.pk, actor=world.person("coordinator"), reason="Vilar.", now=world.tick())
    page = page_of(visit("coordinator"))
    assert page.context["groups"] == []
    assert "Inget väntar" in page.content.decode()


# Who sees what


def test_nobody_sees_dates_of_cases_that_they_do_not_see(world: World, visit: Visit) -> None:
    world.submitted(title="Hemligt för Ove")
    page = page_of(visit("outsider"))
    assert page.context["groups"] == page.context["others"] == []
    assert "Hemligt" not in page.content.decode()
    assert world.partnership.name not in page.content.decode()


def test_what_another_party_does_within_itself_is_one_line_without_a_date(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    page = page_of(visit("decider-liu"))
    text = page.content.decode()
    assert [row["item"].party.slug for row in rows_of(page)] == ["liu"]
    assert [(row["case"], row["who"]) for row in page.context["others"]] == [(case, "Hos LK för beslut")]
    for secret in ("Tjänsteskrivelse", "Klara Clerk", "Kommunstyrelsen"):
        assert secret not in text
    own = page_of(visit("clerk-lk")).content.decode()
    assert "Tjänsteskrivelse" in own
    assert "Rektor" not in own


def test_how_far_another_party_has_come_and_that_it_is_late_leaves_no_trace(
    world: World, visit: Visit
) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    due(world.item_of(case, "decide", "decider-liu"), dt.date(2999, 1, 1))
    client = visit("decider-liu")

    def seen() -> list[str]:
        # Only the page's own part: the frame holds a token that differs from page to page.
        pages = [
            client.get(BOARD, query).content.decode() for query in ({}, {"step": "decide"}, {"overdue": "on"})
        ]
        return [page.partition("<main")[2].partition("</main>")[0] for page in pages]

    before = seen()
    world.act(case, "decide", by="clerk-lk")
    assert seen() == before
    WorkItem.objects.filter(case=case, internal_to=world.organisations["lk"]).update(
        due_on=dt.date(2021, 1, 1)
    )
    assert seen() == before
    tabled = {"outcome": DecisionOutcome.TABLE, "reasons": "Väntar.", "tabled_until": dt.date(2999, 1, 1)}
    world.act(case, "decide", by="board-lk", **tabled)
    assert seen() == before


def test_no_filter_brings_out_what_another_party_does(world: World, visit: Visit) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    lk = world.organisations["lk"].pk
    client = visit("decider-liu")
    queries: list[dict[str, Any]] = [{"party": lk}, {"role": "coordinator"}, {"overdue": "on", "party": lk}]
    assert [rows_of(page_of(client, **query)) for query in queries] == [[], [], []]
    told = [[row["who"] for row in page_of(client, **query).context["others"]] for query in queries]
    assert told == [["Hos LK för beslut"], [], []]


def test_many_parties_at_work_are_told_by_leading_to_the_list_of_cases(
    world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.date_board.PARTIES_SHOWN", 1)
    monkeypatch.setattr("workflows.views.date_board.PARTIES_SHOWN", 1)
    for _ in range(2):
        world.advance(world.submitted(), to="decide")
    page = page_of(visit("decider-liu"))
    assert len(page.context["others"]) == 1
    assert f"{reverse('cases')}?stage=approval" in page.content.decode()


# Reminding


def test_those_who_may_remind_are_led_to_it_from_the_row(world: World, visit: Visit) -> None:
    case = world.submitted()
    item = world.advance(case, to="statement")[0]
    where = reverse("case-remind", args=[case.pk, item.pk])
    assert where in page_of(visit("coordinator")).content.decode()
    assert where in page_of(visit("secretary")).content.decode()
    assert where not in page_of(visit("mem-liu")).content.decode()
    assert where not in page_of(visit("proposer")).content.decode()


def test_nobody_reminds_themselves_or_twice_in_a_day(world: World, visit: Visit) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    where = reverse("case-remind", args=[case.pk, item.pk])
    assert where not in page_of(visit("coordinator")).content.decode()
    assert where in page_of(visit("chair")).content.decode()
    visit("chair").post(where)
    text = page_of(visit("chair")).content.decode()
    assert where not in text
    assert "Påminnelse skickad" in text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("coordinator", True),
        ("clerk-lk", True),
        ("chair", True),
        ("secretary", True),
        ("mem-liu", False),
        ("proposer", False),
        ("auditor", False),
        ("outsider", False),
    ],
)
def test_the_page_is_in_the_menu_of_those_who_may_remind_or_hand_over(
    world: World, visit: Visit, name: str, shown: bool
) -> None:
    menu = [item.url for item in visit(name).get(reverse("inbox")).context["nav"]]
    assert (BOARD in menu) is shown


# Filters and pages


def test_the_page_is_narrowed_by_where_what_and_whether_it_is_late(world: World, visit: Visit) -> None:
    world.advance(world.submitted(title="Behov"), to="statement")
    (late,) = with_due_dates(world, dt.date(2021, 1, 1))
    due(world.open_items(late)[0], dt.date(2021, 1, 1))
    WorkItem.objects.filter(step="statement").update(due_on=dt.date(2999, 1, 1))
    client = visit("coordinator")
    liu = world.organisations["liu"]
    assert steps_of(page_of(client, step="statement")) == [("Behov", "statement")] * 2
    assert [row["item"].party for row in rows_of(page_of(client, party=liu.pk))] == [liu]
    assert steps_of(page_of(client, role=Role.COORDINATOR)) == [("Nummer 0", "screen")]
    assert steps_of(page_of(client, overdue="on")) == [("Nummer 0", "screen")]
    assert len(rows_of(page_of(client, partnership=world.partnership.pk))) == 3
    assert rows_of(page_of(client, overdue="on", step="statement")) == []
    assert "Inget stämmer med urvalet" in page_of(client, overdue="on", step="statement").content.decode()


def test_each_filter_in_use_can_be_taken_away_and_the_others_stay(world: World, visit: Visit) -> None:
    active = page_of(visit("coordinator"), step="vote", overdue="on").context["active"]
    assert active == [
        {"label": "Rösta", "url": f"{BOARD}?overdue=on"},
        {"label": "Bara försenade", "url": f"{BOARD}?step=vote"},
    ]


def test_a_partnership_that_one_does_not_see_is_no_choice(world: World, visit: Visit) -> None:
    hidden = Partnership.objects.create(name="Ett annat samarbete", slug="annat", kind="memorandum")
    page = page_of(visit("coordinator"), partnership=hidden.pk)
    assert "Ett annat samarbete" not in page.content.decode()
    assert page.context["groups"] == []


def test_pages_lead_forth_and_back_without_loss_or_repetition(world: World, visit: Visit) -> None:
    today = timezone.localdate()
    # Several on the very same day: the key decides among them.
    with_due_dates(world, *(today + dt.timedelta(days=number // 4) for number in range(57)))
    tabled = world.submitted(title="Bordlagt")
    world.advance(tabled, to="conclude")
    until = today + dt.timedelta(days=6)
    world.act(tabled, "conclude", outcome=DeliberationOutcome.TABLE, reasons="Mer tid.", tabled_until=until)
    client, address, pages = visit("coordinator"), BOARD, []
    last: Any = None
    while address:
        last = client.get(address)
        pages.append([row["item"].pk for row in rows_of(last)])
        address = last.context["next_url"] if last.context["page"].has_next else ""
        assert not address or f'href="{address}" rel="next"' in last.content.decode()
    assert [len(keys) for keys in pages] == [25, 25, 8]
    seen = [key for keys in pages for key in keys]
    waiting = WorkItem.objects.filter(open=True) | WorkItem.objects.filter(status="SCHEDULED")
    assert sorted(seen) == sorted(waiting.values_list("pk", flat=True))
    back = client.get(last.context["previous_url"])
    assert [row["item"].pk for row in rows_of(back)] == pages[1]
    first = client.get(back.context["previous_url"])
    assert [row["item"].pk for row in rows_of(first)] == pages[0]
    assert not first.context["page"].has_previous


@pytest.mark.parametrize(
    "place",
    ["x", "2026-13-01-1", "2026-02-30-1", "0001-01-01-1", "9999-12-31-1", "2026-01-01-", "2026-01-01-²"],
)
def test_a_place_that_is_none_shows_the_top(world: World, visit: Visit, place: str) -> None:
    case = world.submitted()
    for name in ("after", "before"):
        assert [row["case"] for row in rows_of(page_of(visit("coordinator"), **{name: place}))] == [case]


def test_a_filter_that_is_none_shows_nothing_and_says_so(world: World, visit: Visit) -> None:
    world.submitted()
    page = page_of(visit("coordinator"), step="finns-inte")
    assert page.context["groups"] == []
    assert page.context["form"].errors


# What it costs


def cost(client: Client, **query: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(BOARD, query).status_code == 200
    return len(captured)


def test_the_number_of_statements_does_not_depend_on_the_rows(world: World, visit: Visit) -> None:
    client = visit("coordinator")
    world.advance(world.submitted(), to="decide")
    world.submitted()
    few = cost(client)
    for step in ("statement", "vote", "decide", "sign") * 3:
        world.advance(world.submitted(), to=step)
    assert cost(client) == few <= 15
    assert cost(client, overdue="on", step="vote") <= few


def test_the_dates_are_read_from_indexes_in_their_order(world: World) -> None:
    world.submitted()
    due_first = WorkItem.objects.open().order_by("due_on", "pk")
    parties = WorkItem.objects.filter(internal_to__isnull=False, finished__isnull=True)
    plans = [due_first.explain(), parties.order_by("case_id", "internal_to_id").explain()]
    if connection.vendor == "sqlite":
        assert ["item_due" in plans[0], "item_internal" in plans[1]] == [True, True]
        assert "TEMP B-TREE" not in "".join(plans)
