"""A proposer's draft: as incomplete as it may be, kept, completed, submitted or thrown away (H3, U3, U4, R7)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from cases.models import Case, Goal, Organisation, Partnership, PartnershipParty, ResponsibleUnit, Unit
from tests.workflows.steps.site import Site, errors_of
from tests.world import PROFILE, World
from workflows.profiles import load_profile

NEW = "/forslag/nytt/"


def draft_data(world: World, **changes: Any) -> dict[str, Any]:
    """Everything that a proposer may write."""
    fields: dict[str, Any] = {
        "title": "Gemensamt labb",
        "kind": "centre",
        "area": str(world.area.pk),
        "description": "Ett labb för hållbar stadsutveckling.",
        "goals": ["9"],
        "start": "Hösten 2021",
        "current_status": "Förstudie pågår.",
        "council_task": "follow_results",
        "council_task_words": "",
        "reporting_words": "Våren 2023",
        "need": "Behov",
        "purpose": "Syfte",
        "terms": "Villkor",
        "benefit": "Nytta",
        "responsible_rows": "2",
        "responsible_0_organisation": str(world.organisations["lk"].pk),
        "responsible_0_unit": "hållbarhetsenheten",
        "responsible_1_unit": "Kårservice",
        "funding_rows": "1",
        "funding_0_source": "ALF-medel",
        "funding_0_amount": "1 250 000,50",
        "funding_0_currency": "SEK",
        "funding_0_year": "2022",
        "funding_0_decided_by": "Regionstyrelsen",
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def only_case() -> Case:
    return Case.objects.get()


def test_a_title_is_enough_for_a_draft(world: World, site: Site) -> None:
    answer = site.post("proposer", NEW, {"title": "Bara en tanke", "kind": "project"})
    case = only_case()
    assert answer["Location"] == f"/forslag/{case.pk}/"
    assert (case.title, case.status, case.created_by) == ("Bara en tanke", "draft", world.person("proposer"))


def test_a_draft_without_a_title_keeps_everything_else(world: World, site: Site) -> None:
    page = site.post("proposer", NEW, draft_data(world, title=" \u200b "))
    assert page.status_code == 422
    assert errors_of(page) == {"title": ["Ange en titel."]}
    html = page.content.decode()
    assert "Ett labb för hållbar stadsutveckling." in html
    assert 'value="1 250 000,50"' in html
    assert 'value="Kårservice"' in html
    assert not Case.objects.exists()


def test_every_field_is_kept_and_shown_again(world: World, site: Site) -> None:
    unit = Unit.objects.create(organisation=world.organisations["lk"], name="Hållbarhetsenheten")
    site.post("proposer", NEW, draft_data(world))
    case = only_case()
    proposal = case.proposal
    assert (case.area, proposal.kind, proposal.council_task) == (world.area, "centre", "follow_results")
    assert (proposal.start_words, str(proposal.start_first), str(proposal.start_last)) == (
        "Hösten 2021",
        "2021-09-01",
        "2021-11-30",
    )
    assert (proposal.reporting_words, proposal.reporting_kind) == ("Våren 2023", "once")
    assert list(proposal.goals.values_list("pk", flat=True)) == [9]
    assert [(row.name, row.organisation, row.unit) for row in case.responsible_units.all()] == [
        ("LK (hållbarhetsenheten)", world.organisations["lk"], unit),
        ("Kårservice", None, None),
    ]
    money = case.funding.get()
    assert (money.source, money.amount, money.year, money.currency) == (
        "ALF-medel",
        Decimal("1250000.50"),
        2022,
        "SEK",
    )
    html = site.get("proposer", f"/forslag/{case.pk}/").content.decode()
    assert 'value="1\u00a0250\u00a0000,50"' in html
    assert "Tolkas som 1 september 2021 till 30 november 2021." in html
    assert "Tolkas som: En gång, vid angiven tid." in html


def test_saving_the_form_as_it_is_shown_changes_nothing(world: World, site: Site) -> None:
    site.post("proposer", NEW, draft_data(world))
    case = only_case()
    form = site.get("proposer", f"/forslag/{case.pk}/").context["form"]
    shown = {name: form[name].value() for name in form.fields if name != "file"}
    shown |= {"start": str(shown["start"]), "responsible_rows": "2", "funding_rows": "1"}
    site.post(
        "proposer",
        f"/forslag/{case.pk}/",
        {name: value for name, value in shown.items() if value is not None},
    )
    kinds = list(case.events.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["draft_created"]


def test_words_that_are_no_time_are_kept_and_said_to_be_no_time(world: World, site: Site) -> None:
    site.post("proposer", NEW, draft_data(world, start="när det passar", reporting_words="ibland"))
    case = only_case()
    html = site.get("proposer", f"/forslag/{case.pk}/").content.decode()
    assert case.proposal.start_words == "när det passar"
    assert case.proposal.start_first is None
    assert "Går inte att tolka som en tid. Orden sparas som de är." in html
    assert "någon behöver sätta tiden" in html


def test_what_an_import_left_for_a_person_to_look_at_stays_as_it_was(world: World, site: Site) -> None:
    case = world.draft()
    case.responsible_units.all().delete()
    ResponsibleUnit.objects.create(
        case=case,
        organisation=world.organisations["liu"],
        name="LiU (TEMA Barn/ forskarlag, institutioner)",
        needs_review=True,
    )
    form = site.get("proposer", f"/forslag/{case.pk}/").context["form"]
    data = draft_data(
        world,
        responsible_0_organisation=str(form["responsible_0_organisation"].value()),
        responsible_0_unit=form["responsible_0_unit"].value(),
        responsible_1_unit="",
    )
    site.post("proposer", f"/forslag/{case.pk}/", data)
    row = case.responsible_units.get()
    assert (row.name, row.needs_review) == ("LiU (TEMA Barn/ forskarlag, institutioner)", True)


@pytest.mark.parametrize("kind", ["responsible", "funding"])
def test_a_row_is_added_without_a_script_and_without_losing_anything(
    world: World, site: Site, kind: str
) -> None:
    data = draft_data(world, title="", add_row=kind, funding_0_amount="en miljon")
    page = site.post("proposer", NEW, data)
    form = page.context["form"]
    assert page.status_code == 200
    assert not form.errors
    assert form.rows == {"responsible": 2, "funding": 1} | {kind: {"responsible": 3, "funding": 2}[kind]}
    assert form["funding_0_amount"].value() == "en miljon"
    assert form["goals"].value() == ["9"]
    assert form["description"].value() == "Ett labb för hållbar stadsutveckling."
    assert not Case.objects.exists()


def test_rows_do_not_grow_without_end(world: World, site: Site) -> None:
    page = site.post("proposer", NEW, draft_data(world, responsible_rows="999", add_row="responsible"))
    assert page.context["form"].rows["responsible"] == 30
    assert not page.context["form"].may_add_responsible


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"funding_0_amount": "en miljon"}, "funding_0_amount", "Skriv beloppet med siffror"),
        ({"funding_0_amount": "-5"}, "funding_0_amount", "mindre än noll"),
        ({"funding_0_amount": ""}, "funding_0_amount", "Rad 1: ange beloppet."),
        ({"funding_0_year": ""}, "funding_0_year", "Rad 1: ange året."),
        ({"funding_0_year": "1789"}, "funding_0_year", "1990"),
        ({"funding_0_source": ""}, "funding_0_source", "Rad 1: ange varifrån pengarna kommer."),
        ({"goals": ["99"]}, "goals", "99"),
        ({"kind": "party"}, "kind", "party"),
        ({"responsible_0_organisation": "999999"}, "responsible_0_organisation", "999999"),
        ({"title": "å" * 201}, "title", "200"),
    ],
)
def test_what_cannot_be_saved_is_said_at_its_field(
    world: World, site: Site, changes: dict[str, Any], field: str, message: str
) -> None:
    page = site.post("proposer", NEW, draft_data(world, **changes))
    assert page.status_code == 422
    assert list(errors_of(page)) == [field]
    assert message in errors_of(page)[field][0]


def test_another_partnership_s_area_is_not_among_the_choices(world: World, site: Site) -> None:
    other = Partnership.objects.create(name="Annat", slug="annat", kind="memorandum")
    area = other.areas.create(slug="x", name="Främmande område")
    page = site.post("proposer", NEW, draft_data(world, area=str(area.pk)))
    assert set(errors_of(page)) == {"area"}


def test_the_overarching_goals_are_chosen_from_the_start(world: World, site: Site) -> None:
    goal = Goal.objects.create(number=17, name="Genomförande och globalt partnerskap", name_en="Partnerships")
    world.partnership.overarching_goals.add(goal)
    page = site.get("proposer", NEW)
    assert page.context["form"]["goals"].value() == [17]
    assert "Övergripande i samarbetet: 17 Genomförande och globalt partnerskap." in page.content.decode()


def test_one_saves_and_goes_on_to_read_through(world: World, site: Site) -> None:
    answer = site.post("proposer", NEW, draft_data(world, go_on="1"))
    assert answer["Location"] == f"/forslag/{only_case().pk}/lamna-in/"


def test_a_complete_draft_is_read_through_and_submitted(world: World, site: Site) -> None:
    site.post("proposer", NEW, draft_data(world))
    case = only_case()
    page = site.get("proposer", f"/forslag/{case.pk}/lamna-in/")
    html = page.content.decode()
    assert "Lämna in förslaget" in html
    assert "ALF-medel" in html
    done = site.follow("proposer", f"/forslag/{case.pk}/lamna-in/", {})
    assert done.redirect_chain == [(f"/arenden/{case.pk}/", 302)]
    assert "Förslaget är inlämnat. Nu väntar ärendet på" in str(next(iter(done.context["messages"])))
    case.refresh_from_db()
    assert case.stage == "dialogue"


def test_what_is_missing_leads_to_its_field(world: World, site: Site) -> None:
    site.post("proposer", NEW, {"title": "Tom", "kind": "staff_exchange"})
    url = f"/forslag/{only_case().pk}/lamna-in/"
    html = site.get("proposer", url).content.decode()
    edit = site.get("proposer", f"/forslag/{only_case().pk}/").content.decode()
    for name in ("description", "area", "responsible", "purpose", "terms", "benefit"):
        assert f'href="/forslag/{only_case().pk}/#id_{name}"' in html
        assert f'id="id_{name}"' in edit
    assert "Lämna in förslaget" not in html
    refused = site.post("proposer", url)
    assert refused.status_code == 422
    assert only_case().status == "draft"


def test_submitting_twice_is_told_in_friendly_words(world: World, site: Site) -> None:
    case = world.draft()
    url = f"/forslag/{case.pk}/lamna-in/"
    assert site.post("proposer", url).status_code == 302
    again = site.post("proposer", url)
    assert again.status_code == 409
    assert site.get("proposer", url)["Location"] == f"/arenden/{case.pk}/"


def test_a_submitted_proposal_is_no_longer_a_draft(world: World, site: Site) -> None:
    case = world.submitted()
    assert site.get("proposer", f"/forslag/{case.pk}/")["Location"] == f"/arenden/{case.pk}/"
    assert site.get("proposer", f"/forslag/{case.pk}/slang/").status_code == 409


def test_a_draft_is_thrown_away_only_after_asking(world: World, site: Site) -> None:
    case = world.draft()
    url = f"/forslag/{case.pk}/slang/"
    assert "Det går inte att ångra" in site.get("proposer", url).content.decode()
    assert Case.objects.exists()
    assert site.post("proposer", url)["Location"] == "/"
    assert not Case.objects.exists()


@pytest.mark.parametrize("page", ["", "lamna-in/", "slang/"])
@pytest.mark.parametrize("who", ["coordinator", "chair", "outsider"])
def test_a_draft_is_nobody_else_s(world: World, site: Site, page: str, who: str) -> None:
    case = world.draft()
    url = f"/forslag/{case.pk}/{page}"
    assert site.get(who, url).status_code == 404
    assert site.post(who, url, draft_data(world)).status_code == 404
    case.refresh_from_db()
    assert (case.title, case.status) == ("Reversed mentorship", "draft")


def test_who_belongs_to_no_partnership_cannot_begin_one(world: World, site: Site) -> None:
    assert site.get("outsider", NEW).status_code == 403
    assert site.post("outsider", NEW, draft_data(world)).status_code == 403


def test_who_belongs_to_several_partnerships_chooses_first(world: World, site: Site) -> None:
    other = Partnership.objects.create(name="Kommunen och regionen", slug="lk-ro", kind="memorandum")
    council = other.bodies.create(name="Styrgrupp", slug="lk-ro-styrgrupp", kind="steering_group")
    PartnershipParty.objects.create(partnership=other, organisation=world.organisations["lk"], order=1)
    text = PROFILE.replace("lk-liu", "lk-ro").replace("samverkansradet", council.slug)
    load_profile(text[: text.index("  liu:")], filename="lk-ro.yaml", now=world.now)
    html = site.get("proposer", NEW).content.decode()
    assert f'href="{NEW}?samarbete=lk-ro"' in html
    assert f'href="{NEW}?samarbete=lk-liu"' in html
    site.post("proposer", f"{NEW}?samarbete=lk-ro", {"title": "Till regionen", "kind": "project"})
    assert only_case().partnership == other


def test_a_document_comes_with_the_draft(world: World, site: Site, tmp_path: Path) -> None:
    file = SimpleUploadedFile("underlag.txt", b"Ett underlag.", content_type="text/plain")
    with override_settings(MEDIA_ROOT=tmp_path):
        site.post("proposer", NEW, draft_data(world, file=file, file_title="Underlag till labbet"))
        case = only_case()
        assert case.documents.get().title == "Underlag till labbet"
        html = site.get("proposer", f"/forslag/{case.pk}/").content.decode()
    assert "Underlag till labbet" in html
    assert f"/arenden/{case.pk}/handlingar/" in html


def test_a_file_that_is_refused_is_said_at_its_field_and_nothing_is_saved(world: World, site: Site) -> None:
    file = SimpleUploadedFile("bild.png", b"<script>alert(1)</script>", content_type="image/png")
    page = site.post("proposer", NEW, draft_data(world, file=file))
    assert page.status_code == 422
    assert set(errors_of(page)) == {"file"}
    assert not Case.objects.exists()


def test_an_organisation_that_is_no_party_can_be_responsible(world: World, site: Site) -> None:
    park = Organisation.objects.create(name="Science Park", short_name="LiSP", slug="lisp", kind="company")
    data = draft_data(
        world, responsible_0_organisation=str(park.pk), responsible_0_unit="", responsible_1_unit=""
    )
    site.post("proposer", NEW, data)
    assert [(row.name, row.organisation) for row in only_case().responsible_units.all()] == [("LiSP", park)]
