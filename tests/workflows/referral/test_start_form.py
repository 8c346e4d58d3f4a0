"""The page on which a referral is sent: rows that grow, errors at their field, the mail before it goes."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Case, Referral
from tests.workflows.referral.asking import text_file
from tests.workflows.steps.site import Site, errors_of
from tests.world import World
from workflows import case_acts


@pytest.fixture
def url(world: World, case: Case) -> str:
    world.advance(case, to="prepare")
    return f"/arenden/{case.pk}/remiss/ny/"


def typed(world: World, **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": "Mentorer",
        "text": "Är det bra?",
        "due_on": "2021-10-20",
        "with_proposal": "on",
        "bodies": [str(world.board.pk)],
        "named_rows": "1",
        "named_0_person": str(world.people_ids["mem-liu"]),
        "outside_rows": "1",
        "outside_0_name": "Kårservice",
        "outside_0_email": "remiss@karservice.example",
        "outside_0_language": "sv",
    } | changes
    return {name: value for name, value in fields.items() if value is not None}


def test_the_mail_is_shown_before_anything_is_sent(world: World, site: Site, url: str) -> None:
    page = site.post("coordinator", url, typed(world)).content.decode()
    assert "Skicka remissen?" in page
    assert "Remiss, svar senast onsdag 20 oktober 2021: Mentorer" in page
    assert "Länken är personlig för er" in page
    for name in ("Kommunstyrelsen", "Mem-Liu", "Kårservice"):
        assert name in page
    assert not Referral.objects.exists()


def test_confirmed_it_goes_to_everybody_chosen(world: World, site: Site, case: Case, url: str) -> None:
    answer = site.post("coordinator", url, typed(world, confirmed="1"))
    assert (answer.status_code, answer["Location"]) == (302, f"/arenden/{case.pk}/#remiss")
    referral = Referral.objects.get()
    assert list(referral.recipients.order_by("pk").values_list("kind", "name")) == [
        ("body", "Kommunstyrelsen"),
        ("person", "Mem-Liu"),
        ("outside", "Kårservice"),
    ]


def test_going_back_from_the_preview_keeps_what_was_typed(world: World, site: Site, url: str) -> None:
    page = site.post("coordinator", url, typed(world, back="1"))
    assert page.context["form"]["outside_0_name"].value() == "Kårservice"
    assert not Referral.objects.exists()


@pytest.mark.parametrize("kind", ["named", "outside"])
def test_a_row_is_added_without_a_script_and_nothing_typed_is_lost(
    world: World, site: Site, url: str, kind: str
) -> None:
    page = site.post("coordinator", url, typed(world, add_row=kind, title=""))
    form = page.context["form"]
    assert (page.status_code, form.rows[kind]) == (200, 2)
    assert form["text"].value() == "Är det bra?"
    assert f'name="{kind}_1_' in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": "  ", "text": ""}, {"title", "text"}),
        ({"due_on": "i jul"}, {"due_on"}),
        ({"outside_0_email": "inte en adress"}, {"outside_0_email"}),
        ({"outside_0_email": ""}, {"outside_0_email"}),
        ({"outside_0_name": ""}, {"outside_0_name"}),
        ({"bodies": ["999"]}, {"bodies"}),
        ({"bodies": None, "named_0_person": None, "outside_0_name": "", "outside_0_email": ""}, {"__all__"}),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    world: World, site: Site, url: str, changes: dict[str, Any], fields: set[str]
) -> None:
    page = site.post("coordinator", url, typed(world, **changes))
    assert page.status_code == 422
    assert set(errors_of(page)) == fields
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"due_on": "2021-09-01"}, {"due_on"}),
        ({"with_proposal": None}, {"with_proposal"}),
        ({"outside_0_email": "mem-liu@linkoping.example"}, {"__all__"}),
    ],
)
def test_what_the_domain_refuses_comes_back_with_everything_typed(
    world: World, site: Site, url: str, changes: dict[str, Any], fields: set[str]
) -> None:
    page = site.post("coordinator", url, typed(world, confirmed="1", **changes))
    assert page.status_code == 422
    assert set(errors_of(page)) == fields
    assert page.context["form"]["text"].value() == "Är det bra?"


@pytest.mark.parametrize("rows", ["-1", "x", "99999", "²"])
def test_a_forged_number_of_rows_breaks_nothing(world: World, site: Site, url: str, rows: str) -> None:
    page = site.post("coordinator", url, typed(world, outside_rows=rows, named_rows=rows))
    assert page.status_code == 200


def test_only_documents_that_all_who_see_the_case_see_are_offered(
    world: World, site: Site, case: Case, url: str
) -> None:
    for name, internal in (("delad", None), ("intern", world.organisations["lk"])):
        case_acts.add_document(
            case_id=case.pk,
            actor=world.person("contact-lk"),
            title=name,
            upload=text_file(f"{name}.txt", name.encode()),
            internal_to=internal,
            now=world.tick(),
        )
    page = site.get("coordinator", url).content.decode()
    assert "delad.txt" in page
    assert "intern.txt" not in page


def test_the_act_is_offered_while_it_can_be_done(world: World, site: Site, case: Case, url: str) -> None:
    where = f"/arenden/{case.pk}/"
    assert url in site.get("coordinator", where).content.decode()
    assert url not in site.get("chair", where).content.decode()
    world.refer(case)
    page = site.get("coordinator", where).content.decode()
    assert url not in page
    assert f"{where}remiss/stang/" in page


def test_closing_asks_first(world: World, site: Site, case: Case, referral: Referral) -> None:
    where = f"/arenden/{case.pk}/remiss/stang/"
    assert "Remissen kan inte öppnas igen." in site.get("coordinator", where).content.decode()
    assert site.get("chair", where).status_code == 403
    assert site.post("coordinator", where).status_code == 302
    assert site.post("coordinator", where).status_code == 409
