"""Saying that one is away, letting somebody act meanwhile, and ending it: on the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Delegation, Person, Role, RoleHolding
from tests.workflows.steps.site import Site, errors_of, url_of
from tests.world import World
from workflows.delegation import delegate
from workflows.models import WorkItem


@pytest.fixture(autouse=True)
def stand_in(world: World) -> None:
    world.add_person("stand-in", "lk", full_name="Stina Stand-In")


def day(world: World, after: int = 0) -> str:
    return (world.now.date() + dt.timedelta(days=after)).isoformat()


def typed(world: World, **changes: Any) -> dict[str, Any]:
    fields = {
        "to": world.people_ids["stand-in"],
        "extent": "all",
        "valid_from": day(world),
        "valid_until": day(world, 9),
        "reason": "Semester",
    }
    return fields | changes


def standing(world: World, person: str = "coordinator", **options: Any) -> Delegation:
    options = {"roles": None, "valid_from": world.now.date(), "valid_until": world.now.date()} | options
    return delegate(
        actor=world.person(person), to=world.person("stand-in"), now=world.tick(), **options
    ).delegations[0]


def test_absence_and_stand_in_are_said_on_one_page(world: World, site: Site) -> None:
    data = {
        "language": "sv",
        "absent_from": day(world),
        "absent_until": day(world, 20),
        "to": world.people_ids["stand-in"],
    }
    html = site.follow("coordinator", "/konto/", data).content.decode()
    assert "Stina Stand-In är nu utsedd till ersättare." in html
    assert "De som ersätter dig" in html
    assert "Alla roller" in html
    assert Delegation.objects.get().valid_until.isoformat() == day(world, 20)
    assert "Kajsa Coordinator" in site.get("stand-in", "/konto/").content.decode()


@pytest.mark.parametrize(
    ("first", "last", "field"), [("", "", "absent_from"), ("2021-09-06", "", "absent_until")]
)
def test_a_stand_in_needs_to_know_for_how_long(
    world: World, site: Site, first: str, last: str, field: str
) -> None:
    data = {"language": "sv", "absent_from": first, "absent_until": last, "to": world.people_ids["stand-in"]}
    page = site.post("coordinator", "/konto/", data)
    assert (page.status_code, set(errors_of(page))) == (422, {field})
    assert not Delegation.objects.exists()
    assert world.person("coordinator").absent_from is None


def test_saving_the_profile_again_delegates_nothing_more(world: World, site: Site) -> None:
    standing(world)
    site.post("coordinator", "/konto/", {"language": "en", "to": ""})
    assert Delegation.objects.count() == 1


def test_who_belongs_to_no_organisation_has_no_colleague_to_ask(world: World, site: Site) -> None:
    assert "Vem ersätter dig" not in site.get("outsider", "/konto/").content.decode()
    assert "Vem ersätter dig" in site.get("coordinator", "/konto/").content.decode()


def test_one_delegates_everything(world: World, site: Site) -> None:
    answer = site.post("coordinator", "/konto/delegera/", typed(world))
    assert answer["Location"] == "/konto/"
    delegation = Delegation.objects.get()
    assert (delegation.to, delegation.role_key, delegation.reason) == (
        world.person("stand-in"),
        "",
        "Semester",
    )


def test_one_delegates_some_roles(world: World, site: Site) -> None:
    world.give("coordinator", Role.SECRETARY, world.council)
    key = RoleHolding.objects.get(person=world.person("coordinator"), role=Role.SECRETARY).key
    assert "Sekreterare, Samverkansrådet" in site.get("coordinator", "/konto/delegera/").content.decode()
    site.post("coordinator", "/konto/delegera/", typed(world, extent="some", roles=[key]))
    assert Delegation.objects.get().role_key == key
    assert "Sekreterare, Samverkansrådet" in site.get("coordinator", "/konto/").content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": ""}, "to"),
        ({"extent": "some"}, "roles"),
        ({"roles": ["coordinator@partnership:1"]}, "extent"),
        ({"extent": "some", "roles": ["secretary@body:99"]}, "roles"),
        ({"valid_until": "2021-01-01"}, "valid_until"),
        ({"valid_until": "2031-01-01"}, "valid_until"),
        ({"valid_from": "snart"}, "valid_from"),
        ({"to": "reg-liu"}, "to"),
        ({"to": "outsider"}, "to"),
    ],
)
def test_what_does_not_hold_comes_back_with_everything_typed(
    world: World, site: Site, changes: dict[str, Any], field: str
) -> None:
    if changes.get("roles") == ["coordinator@partnership:1"]:
        changes = {"roles": [f"coordinator@partnership:{world.partnership.pk}"]}
    if changes.get("to"):
        changes = {"to": world.people_ids[changes["to"]]}
    page = site.post("coordinator", "/konto/delegera/", typed(world, **changes))
    assert (page.status_code, set(errors_of(page))) == (422, {field})
    assert 'value="Semester"' in page.content.decode()
    assert not Delegation.objects.exists()


def test_a_form_sent_twice_is_answered_twice_and_done_once(world: World, site: Site) -> None:
    data = typed(world)
    site.post("coordinator", "/konto/delegera/", data)
    again = site.follow("coordinator", "/konto/delegera/", data)
    assert "Delegeringen är redan gjord." in again.content.decode()
    assert Delegation.objects.count() == 1


def test_ending_is_asked_about_first(world: World, site: Site) -> None:
    delegation = standing(world)
    url = f"/delegeringar/{delegation.pk}/avsluta/"
    assert url in site.get("coordinator", "/konto/").content.decode()
    assert (
        "Stina Stand-In kan från och med nu inte göra något" in site.get("coordinator", url).content.decode()
    )
    assert Delegation.objects.standing().exists()
    assert site.post("coordinator", url)["Location"] == "/konto/"
    assert not Delegation.objects.standing().exists()
    assert site.post("coordinator", url).status_code == 409
    assert site.get("coordinator", url).status_code == 409


@pytest.mark.parametrize("by", ["stand-in", "chair", "reg-liu", "outsider"])
def test_others_find_neither_the_delegation_nor_the_pages(world: World, site: Site, by: str) -> None:
    delegation = standing(world)
    theirs = f"/personer/{world.people_ids['coordinator']}/delegera/"
    for url in (
        f"/delegeringar/{delegation.pk}/avsluta/",
        "/delegeringar/999/avsluta/",
        "/delegeringar/",
        theirs,
    ):
        assert (by, url, site.get(by, url).status_code) == (by, url, 404)
    assert site.post(by, f"/delegeringar/{delegation.pk}/avsluta/").status_code == 404
    assert site.post(by, theirs, typed(world)).status_code == 404
    assert Delegation.objects.standing().count() == 1


def test_an_administrator_sees_all_and_delegates_for_who_cannot(world: World, site: Site) -> None:
    assert "Ingen har delegerat något" in site.get("administrator", "/delegeringar/").content.decode()
    chosen = site.get("administrator", f"/delegeringar/?person={world.people_ids['coordinator']}")
    assert chosen["Location"] == f"/personer/{world.people_ids['coordinator']}/delegera/"
    assert site.post("administrator", chosen["Location"], typed(world))["Location"] == "/delegeringar/"
    delegation = Delegation.objects.get()
    assert delegation.created_by == world.person("administrator")
    html = site.get("administrator", "/delegeringar/").content.decode()
    assert "Kajsa Coordinator" in html
    assert "Stina Stand-In" in html
    site.post("administrator", f"/delegeringar/{delegation.pk}/avsluta/")
    assert not Delegation.objects.standing().exists()


def test_the_inbox_and_the_case_page_say_for_whom(world: World, site: Site) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    item = world.item_of(case, "vote", "mem-lk")
    standing(world, "mem-lk")
    assert "Du ersätter Mem-Lk" in site.get("stand-in", "/").content.decode()
    assert "Mem-Lk" in site.get("stand-in", url_of(item)).content.decode()
    assert site.post("stand-in", url_of(item), {"choice": "for"}).status_code == 302
    html = " ".join(site.get("chair", f"/arenden/{case.pk}/").content.decode().split())
    assert "Stina Stand-In för Mem-Lk" in html
    assert "röst lämnad av Stina Stand-In" in html
    assert "Stina Stand-In gjorde uppgiften för Mem-Lk" in site.get("chair", url_of(item)).content.decode()


def test_pages_say_until_when_somebody_is_away_and_who_stands_in(world: World, site: Site) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    for name in ("chair", "mem-liu"):
        world.act(case, "vote", by=name)
    item = WorkItem.objects.get(case=case, step="vote", open=True)
    last = world.now.date() + dt.timedelta(days=5)
    Person.objects.filter(pk=world.people_ids["mem-lk"]).update(
        absent_from=world.now.date(), absent_until=last
    )
    until = f"{last.day} september 2021"
    page, brief = f"/arenden/{case.pk}/", f"Mem-Lk (frånvarande till och med {until})"
    assert f"Frånvarande till och med {until}." in site.get("coordinator", page).content.decode()
    assert brief in site.get("coordinator", "/arenden/").content.decode()
    assert brief in site.get("proposer", "/").content.decode()
    reassign = f"{page}uppgifter/{item.pk}/lamna-over/"
    remind = f"{page}uppgifter/{item.pk}/paminn/"
    for url in (reassign, remind):
        assert "Ingen ersättare är på plats." in site.get("coordinator", url).content.decode()
    standing(world, "mem-lk", valid_until=last)
    assert (
        f"Frånvarande till och med {until}. Ersätts av Stina Stand-In."
        in site.get("coordinator", page).content.decode()
    )
    assert brief not in site.get("coordinator", "/arenden/").content.decode()
    for url in (reassign, remind):
        assert "Ersättare som är på plats: Stina Stand-In." in site.get("coordinator", url).content.decode()
    chosen = f'<option value="{world.people_ids["stand-in"]}" selected>'
    assert chosen in site.get("coordinator", reassign).content.decode()


def test_a_role_whose_holders_are_all_away_is_told_as_such(world: World, site: Site) -> None:
    case = world.submitted()
    page = f"/arenden/{case.pk}/"
    Person.objects.filter(pk=world.people_ids["coordinator"]).update(absent_from=world.now.date())
    assert "Frånvarande tills vidare." in site.get("chair", page).content.decode()
    world.add_person("colleague", "lk")
    world.give("colleague", Role.COORDINATOR, world.partnership)
    assert "Frånvarande tills vidare." not in site.get("chair", page).content.decode()


def test_the_absence_on_the_case_page_costs_the_same_however_many_are_away(world: World, site: Site) -> None:

    case = world.submitted()
    world.advance(case, to="vote")
    costs = []
    for away in (["mem-lk"], ["mem-lk", "mem-liu", "chair"]):
        Person.objects.filter(pk__in=[world.people_ids[name] for name in away]).update(
            absent_from=world.now.date()
        )
        with CaptureQueriesContext(connection) as captured:
            assert site.get("coordinator", f"/arenden/{case.pk}/").status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1]
