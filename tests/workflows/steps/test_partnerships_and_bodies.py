"""Partnerships and bodies: the facts for everybody who has signed in, the cases for those who may see them."""

from __future__ import annotations

import datetime as dt

from cases.models import Goal, Role
from tests.workflows.steps.site import Site
from tests.world import World

PAGE = "/samarbeten/lk-liu/"
COUNCIL = "/organ/samverkansradet/"


def test_every_partnership_is_listed_with_how_many_cases_one_sees(world: World, site: Site) -> None:
    world.submitted()
    assert "1 pågående ärende<" in site.get("coordinator", "/samarbeten/").content.decode()
    assert "0 pågående ärenden<" in site.get("outsider", "/samarbeten/").content.decode()


def test_one_must_have_signed_in(world: World, site: Site) -> None:
    for url in ("/samarbeten/", PAGE, COUNCIL):
        assert site.get(None, url)["Location"] == f"/logga-in/?next={url}"


def test_the_facts_are_for_everybody(world: World, site: Site) -> None:
    world.partnership.notice_months = 3
    world.partnership.purpose = "Långsiktig utveckling."
    world.partnership.save()
    world.partnership.overarching_goals.add(
        Goal.objects.create(number=5, name="Jämställdhet", name_en="Equality")
    )
    html = site.get("outsider", PAGE).content.decode()
    for text in (
        "Linköpings universitet",
        "Långsiktig utveckling.",
        "3 månader",
        "1 januari 2021 till och med 31 december 2024",
        "Hållbar tillväxt",
        "Hållbar industri",
        "Jämställdhet",
        "Samverkansrådet",
        "Kajsa Coordinator",
        "Contact-Liu",
    ):
        assert text in html


def test_the_portfolio_counts_only_what_one_sees(world: World, site: Site) -> None:
    world.advance(world.submitted(), to="vote")
    world.submitted()
    world.draft()
    page = site.get("coordinator", PAGE)
    cells = page.context["portfolio"]["rows"][0]["cells"]
    assert [cell["text"] for cell in cells] == ["Hållbar tillväxt", 1, 1, "", "", "", "", 2]
    assert (
        cells[2]["url"]
        == f"/arenden/?partnership={world.partnership.pk}&stage=preparation&area={world.area.pk}"
    )
    assert site.get("outsider", PAGE).context["portfolio"] is None
    own = site.get("proposer", PAGE).context["portfolio"]["rows"][0]["cells"]
    assert own[-1]["text"] == 2


def test_who_may_propose_is_led_to_a_new_proposal(world: World, site: Site) -> None:
    assert 'href="/forslag/nytt/?samarbete=lk-liu"' in site.get("proposer", PAGE).content.decode()
    assert "?samarbete=lk-liu" not in site.get("outsider", PAGE).content.decode()


def test_a_contact_person_of_one_area_stands_with_it(world: World, site: Site) -> None:
    world.add_person("growth", "lk", full_name="Greta Growth")
    world.give("growth", Role.CONTACT_PERSON, world.organisations["lk"], area=world.area)
    html = site.get("outsider", PAGE).content.decode()
    assert "Greta Growth" in html


def test_a_partnership_that_does_not_exist_is_not_found(world: World, site: Site) -> None:
    assert site.get("coordinator", "/samarbeten/nej/").status_code == 404
    assert site.get("coordinator", "/organ/nej/").status_code == 404


def test_a_body_shows_its_members_with_role_party_and_period(world: World, site: Site) -> None:
    world.add_person("deputy", "lk", full_name="Disa Deputy")
    world.give(
        "deputy",
        Role.STEERING_MEMBER,
        world.council,
        represents=world.organisations["lk"],
        deputy_for=world.person("mem-lk"),
        valid_until=dt.date(2022, 12, 31),
    )
    rows = [
        [cell["text"] for cell in row["cells"]]
        for row in site.get("outsider", COUNCIL).context["members"]["rows"]
    ]
    assert rows[0] == ["Carin Chair", "Ordförande", "Linköpings kommun", "Från 1 januari 2020"]
    assert rows[-1] == [
        "Disa Deputy",
        "Ledamot",
        "Linköpings kommun",
        "1 januari 2020 till och med 31 december 2022",
    ]
    assert "ersättare för Mem-Lk" in site.get("outsider", COUNCIL).content.decode()


def test_a_member_whose_term_has_ended_is_not_shown(world: World, site: Site) -> None:
    world.add_person("former", "lk", full_name="Fia Former")
    world.give("former", Role.STEERING_MEMBER, world.council, valid_until=dt.date(2021, 1, 31))
    assert "Fia Former" not in site.get("outsider", COUNCIL).content.decode()


def test_a_body_shows_the_open_deliberations_that_one_may_see(world: World, site: Site) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    assert f'href="/arenden/{case.pk}/"' in site.get("chair", COUNCIL).content.decode()
    html = site.get("outsider", COUNCIL).content.decode()
    assert "Reversed mentorship" not in html
    assert "Inga som du kan se." in html


def test_a_council_shows_its_coming_meetings(world: World, site: Site) -> None:
    page = site.get("outsider", COUNCIL)
    assert page.context["meetings"] == [
        "15 september 2021",
        "15 november 2021",
        "15 februari 2022",
        "15 maj 2022",
    ]
    assert site.get("outsider", "/organ/ks-lk/").context["meetings"] == []
