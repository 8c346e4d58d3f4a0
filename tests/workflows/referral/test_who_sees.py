"""Who sees what of a referral: all of it, its material and one's own answer, or nothing (DOMAIN.md section 7)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cases.access import access_of
from cases.models import Case, Referral, Role
from tests.workflows.referral.asking import asked, status_read, task_of, text_file
from tests.workflows.steps.site import Site
from tests.world import World
from workflows import case_acts
from workflows.referral_acts import close_referral
from workflows.referral_sending import Recipient
from workflows.steps.referral import Answer, answer_as_recipient


def own_url(referral: Referral, kind: str) -> str:
    return reverse("referral-own", args=[asked(referral, kind).pk])


def test_one_asked_in_person_sees_the_referral_and_nothing_else_of_the_case(
    world: World, site: Site, case: Case, referral: Referral
) -> None:
    task = task_of(asked(referral, "person"))
    page = site.get("outsider", f"/uppgifter/{task.pk}/")
    assert page.status_code == 200
    assert f"/arenden/{case.pk}/" not in page.content.decode()
    assert site.get("outsider", own_url(referral, "person")).status_code == 200
    for name in ("case", "case-diagram", "case-withdraw", "case-comment", "case-referral-close"):
        assert site.get("outsider", reverse(name, args=[case.pk])).status_code == 404
    access = access_of(world.person("outsider"), on=world.now.date())
    assert Role.REFERRAL_RECIPIENT in access.roles_at(case)
    assert not access.sees(case)
    assert list(Case.objects.visible_to(access)) == []


def test_their_inbox_names_what_the_referral_is_about(
    world: World, site: Site, case: Case, referral: Referral
) -> None:
    page = site.get("outsider", "/").content.decode()
    assert "Besvara remissen" in page
    assert "Mentorer för företagsledare" in page
    assert "Reversed mentorship" not in page


def test_having_answered_they_come_to_their_receipt_and_can_change_it(
    world: World, site: Site, referral: Referral
) -> None:
    task = task_of(asked(referral, "person"))
    answer = site.post("outsider", f"/uppgifter/{task.pk}/", {"stance": "supports", "text": "Bra."})
    assert answer["Location"] == own_url(referral, "person")
    assert site.get("outsider", f"/uppgifter/{task.pk}/")["Location"] == own_url(referral, "person")
    changed = {"what": "answer", "stance": "opposes", "text": "Vi har tänkt om.", "after": "1"}
    assert site.post("outsider", own_url(referral, "person"), changed).status_code == 302
    assert asked(referral, "person").answers.latest("version").text == "Vi har tänkt om."


def test_a_recipients_page_is_theirs_alone(world: World, site: Site, referral: Referral) -> None:
    for name in ("coordinator", "chair", "auditor", "administrator", "reg-liu"):
        assert (name, site.get(name, own_url(referral, "person")).status_code) == (name, 404)
    assert site.get("outsider", own_url(referral, "body")).status_code == 404
    assert site.get("outsider", own_url(referral, "outside")).status_code == 404
    assert site.get("outsider", reverse("referral-own", args=[987654])).status_code == 404
    assert site.get("board-lk", own_url(referral, "body")).status_code == 200


def test_two_people_who_are_asked_do_not_come_by_each_others_task(
    world: World, site: Site, case: Case
) -> None:
    world.add_person("second", None)
    world.advance(case, to="prepare")
    referral = world.refer(
        case, Recipient(person=world.person("outsider")), Recipient(person=world.person("second"))
    )
    first, other = referral.recipients.order_by("pk")
    task = task_of(other)
    for address in ("", "ta/", "slapp/", "lamna-over/"):
        url = f"/uppgifter/{task.pk}/{address}"
        assert site.get("outsider", url).status_code in (404, 405), url
        assert site.post("outsider", url, {"to": str(world.people_ids["outsider"])}).status_code == 404, url
    assert site.get("outsider", reverse("referral-own", args=[first.pk])).status_code == 200


def test_the_material_is_for_those_who_were_asked(world: World, site: Site, case: Case) -> None:
    world.advance(case, to="prepare")
    versions = [
        case_acts.add_document(
            case_id=case.pk,
            actor=world.person("coordinator"),
            title=name,
            upload=text_file(f"{name}.txt", name.encode()),
            now=world.tick(),
        )
        for name in ("kalkyl", "annat")
    ]
    referral = world.refer(case, version_ids=[versions[0].pk])
    person = asked(referral, "person")

    def fetch(by: str, version: int) -> int:
        answer = site.get(by, reverse("referral-document", args=[person.pk, version]))
        return status_read(answer)

    assert fetch("outsider", versions[0].pk) == 200
    assert fetch("outsider", versions[1].pk) == 404
    assert fetch("coordinator", versions[0].pk) == 404
    page = site.get("outsider", own_url(referral, "person")).content.decode()
    assert "kalkyl" in page
    assert "annat" not in page


@pytest.mark.parametrize("by", ["chair", "mem-liu", "auditor", "proposer"])
def test_those_who_see_the_case_read_who_has_answered_and_what(
    world: World, site: Site, case: Case, referral: Referral, by: str
) -> None:
    answer = Answer(stance="opposes", text="Alldeles för dyrt.", name="Britta")  # type: ignore[arg-type]
    world.act(case, "referral_answer", by="board-lk", answer=answer)
    page = site.get(by, f"/arenden/{case.pk}/").content.decode()
    assert "Alldeles för dyrt." in page
    assert "1 av 4 har svarat." in page
    assert "Hantera Kårservice" not in page


def test_the_coordinator_manages_each_recipient(
    world: World, site: Site, case: Case, referral: Referral
) -> None:
    page = site.get("coordinator", f"/arenden/{case.pk}/").content.decode()
    assert "Hantera Kårservice" in page
    url = reverse("case-referral-recipient", args=[case.pk, asked(referral, "outside").pk])
    assert site.get("coordinator", url).status_code == 200
    assert site.get("chair", url).status_code == 403
    assert site.get("outsider", url).status_code == 404
    other = world.refer(world.submitted())
    elsewhere = reverse("case-referral-recipient", args=[case.pk, asked(other, "outside").pk])
    assert site.get("coordinator", elsewhere).status_code == 404


def test_no_page_of_the_house_holds_a_link(world: World, site: Site, case: Case, referral: Referral) -> None:
    outside = asked(referral, "outside")
    for url in (f"/arenden/{case.pk}/", f"/arenden/{case.pk}/remiss/instans/{outside.pk}/"):
        page = site.get("coordinator", url).content.decode()
        assert outside.token not in page
        assert outside.nonce not in page
        assert outside.token_digest not in page


def test_after_the_compilation_they_read_how_their_own_views_were_met_and_no_others(
    world: World, site: Site, case: Case, referral: Referral
) -> None:
    task = task_of(asked(referral, "person"))
    site.post("outsider", f"/uppgifter/{task.pk}/", {"stance": "supports", "text": "Mitt."})
    body = asked(referral, "body")
    answer_as_recipient(
        recipient_id=body.pk,
        actor=world.person("board-lk"),
        after=0,
        answer=Answer(stance="opposes", text="Nämndens egen synpunkt.", name="B"),  # type: ignore[arg-type]
        now=world.tick(),
    )
    close_referral(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    world.act(case, "compile_referral")
    page = site.get("outsider", own_url(referral, "person")).content.decode()
    assert "Remissinstanserna är positiva." in page
    assert "Tillgodosedd" in page
    assert "Nämndens egen synpunkt." not in page
    assert "Kommunstyrelsen" not in page
