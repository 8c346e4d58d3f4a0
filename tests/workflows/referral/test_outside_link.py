"""The personal link of somebody outside: what it opens, to whom, and what it never does (R2)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.models import Case, CaseEvent, Referral, ReferralRecipient
from tests.workflows.referral.asking import answer_outside, asked, status_read, text_file
from tests.world import World
from workflows import case_acts
from workflows.referral_acts import close_referral, renew_link
from workflows.referral_sending import Recipient
from workflows.steps.referral import ask_extension
from workflows.views.referral_outside import MOST_MISSES, MOST_POSTS

POST = {"what": "answer", "stance": "opposes", "text": "För dyrt.", "name": "Kim Kår", "after": "0"}


@pytest.fixture(autouse=True)
def no_tries_yet() -> None:
    cache.clear()


def url_of(recipient: ReferralRecipient) -> str:
    return reverse("referral-link", args=[recipient.token])


def visit(world: World, method: str, url: str, data: dict[str, Any] | None = None) -> Any:
    """A browser that has never been here, and that would fail a check for forged requests."""
    with time_machine.travel(world.tick(), tick=False):
        return getattr(Client(enforce_csrf_checks=True), method)(url, data)


def without_what_differs(answer: Any) -> str:
    """The page without the address itself and the token of the language form."""
    text = answer.content.decode().replace(answer.request["PATH_INFO"], "HERE")
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", text)


def document(world: World, case: Case, name: str, **options: Any) -> Any:
    return case_acts.add_document(
        case_id=case.pk,
        actor=world.person("contact-lk"),
        title=name,
        upload=text_file(f"{name}.txt", f"{name}\n".encode()),
        now=world.tick(),
        **options,
    )


def test_it_shows_who_asks_what_and_until_when(world: World, referral: Referral) -> None:
    page = visit(world, "get", url_of(asked(referral, "outside"))).content.decode()
    assert "Kajsa Coordinator på Linköpings kommun ber om synpunkter från Kårservice." in page
    assert "Är förslaget rätt avvägt?" in page
    assert "Svar senast 4 oktober 2021" in page
    assert "Studenter är mentorer för företagsledare." in page


def test_it_is_kept_by_no_cache_found_by_no_search_engine_and_told_to_no_other_site(
    world: World, referral: Referral
) -> None:
    answer = visit(world, "get", url_of(asked(referral, "outside")))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer.cookies == {}


def test_opening_it_does_nothing(world: World, case: Case, referral: Referral) -> None:
    before = CaseEvent.objects.filter(case=case).count()
    for method in ("get", "head"):
        visit(world, method, url_of(asked(referral, "outside")))
    assert CaseEvent.objects.filter(case=case).count() == before
    assert asked(referral, "outside").status == "waiting"


def test_an_answer_is_posted_without_any_cookie_and_leads_to_the_receipt(
    world: World, referral: Referral
) -> None:
    url = url_of(asked(referral, "outside"))
    answer = visit(world, "post", url, POST)
    assert (answer.status_code, answer["Location"]) == (302, f"{url}#svaret")
    page = visit(world, "get", url).content.decode()
    assert "Ert svar är mottaget" in page
    assert "Kim Kår" in page


def test_the_same_answer_posted_twice_is_told_so_and_counts_once(world: World, referral: Referral) -> None:
    url = url_of(asked(referral, "outside"))
    visit(world, "post", url, POST)
    again = visit(world, "post", url, POST)
    assert again.status_code == 409
    assert "Svaret har redan tagits emot." in again.content.decode()
    assert asked(referral, "outside").answers.count() == 1


def test_what_is_wrong_stands_at_the_field_and_what_was_typed_stays(world: World, referral: Referral) -> None:
    page = visit(world, "post", url_of(asked(referral, "outside")), POST | {"name": " ", "stance": "perhaps"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"name", "stance"}
    assert "För dyrt." in page.content.decode()


def test_a_file_that_is_no_document_is_told_at_its_field(world: World, referral: Referral) -> None:
    upload = SimpleUploadedFile("a.pdf", b"MZ\x90\x00 not a document")
    page = visit(world, "post", url_of(asked(referral, "outside")), POST | {"attachments": upload})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"attachments"}


def test_more_time_is_asked_for(world: World, case: Case, referral: Referral) -> None:
    url = url_of(asked(referral, "outside"))
    wish = {"what": "extend", "wanted_until": "2021-10-20", "reason": "Styrelsen möts sent."}
    assert visit(world, "post", url, wish).status_code == 302
    assert "Ni har bett om tid till 20 oktober 2021." in visit(world, "get", url).content.decode()
    assert visit(world, "post", url, wish).status_code == 409
    earlier = visit(world, "post", url, wish | {"wanted_until": "2021-01-01", "reason": ""})
    assert earlier.status_code == 422


def test_the_material_is_handed_out_and_nothing_else_of_any_case(world: World, case: Case) -> None:
    world.advance(case, to="prepare")
    sent, kept = document(world, case, "kalkyl"), document(world, case, "annat")
    internal = document(world, case, "internt", internal_to=world.organisations["lk"])
    other = document(world, world.submitted(), "annat-arende")
    referral = world.refer(case, version_ids=[sent.pk])
    outside = asked(referral, "outside")

    def fetch(version: Any, token: str = outside.token) -> int:
        answer = visit(world, "get", reverse("referral-link-document", args=[token, version.pk]))
        return status_read(answer)

    assert fetch(sent) == 200
    assert [fetch(version) for version in (kept, internal, other)] == [404, 404, 404]
    assert fetch(sent, "x" * 43) == 404


def test_a_file_is_handed_out_to_be_saved(world: World, case: Case) -> None:
    world.advance(case, to="prepare")
    sent = document(world, case, "kalkyl")
    outside = asked(world.refer(case, version_ids=[sent.pk]), "outside")
    answer = visit(world, "get", reverse("referral-link-document", args=[outside.token, sent.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="kalkyl.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert b"".join(answer.streaming_content) == b"kalkyl\n"


def test_ones_own_files_are_handed_out_and_nobody_elses(world: World, case: Case, referral: Referral) -> None:
    own = answer_outside(world, referral, files=[text_file()]).documents.get().versions.get()
    theirs = world.act(case, "referral_answer", by="board-lk").documents
    assert not theirs.exists()
    second = world.refer(world.submitted())
    others = answer_outside(world, second, files=[text_file()]).documents.get().versions.get()
    token = asked(referral, "outside").token
    answers = [
        visit(world, "get", reverse("referral-link-document", args=[token, version.pk]))
        for version in (own, others)
    ]
    assert [status_read(answer) for answer in answers] == [200, 404]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_and_a_replaced_link_are_like_no_page_at_all(
    world: World, case: Case, referral: Referral, method: str
) -> None:
    outside = asked(referral, "outside")
    old = url_of(outside)
    renew_link(case_id=case.pk, recipient_id=outside.pk, actor=world.person("coordinator"), now=world.tick())
    nowhere = visit(world, method, "/remiss/svar/" + "A" * 43 + "/", POST)
    replaced = visit(world, method, old, POST)
    assert (nowhere.status_code, replaced.status_code) == (404, 404)
    assert without_what_differs(nowhere) == without_what_differs(replaced)
    assert asked(referral, "outside").status == "waiting"
    assert visit(world, "get", url_of(asked(referral, "outside"))).status_code == 200


@pytest.mark.parametrize("token", ["å" * 10, "%00", "0", "a" * 5000, "..%2f..", "\ud800"])
def test_no_token_that_anybody_types_breaks_anything(world: World, token: str) -> None:
    url = f"/remiss/svar/{token}/" if token != "\ud800" else "/remiss/svar/%ED%A0%80/"
    assert visit(world, "get", url).status_code == 404


def test_one_without_an_account_opens_nothing_but_their_own_referral(
    world: World, case: Case, referral: Referral
) -> None:
    outside = asked(referral, "outside")
    for url in (
        f"/arenden/{case.pk}/",
        f"/remiss/{outside.pk}/",
        f"/arenden/{case.pk}/remiss/instans/{outside.pk}/",
    ):
        assert visit(world, "get", url).status_code == 302


def test_a_closed_referral_shows_ones_answer_and_takes_nothing_more(world: World, case: Case) -> None:
    world.advance(case, to="prepare")
    sent = document(world, case, "kalkyl")
    referral = world.refer(case, version_ids=[sent.pk])
    answer_outside(world, referral)
    close_referral(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    outside = asked(referral, "outside")
    page = visit(world, "get", url_of(outside)).content.decode()
    assert "Remissen är stängd" in page
    assert "För dyrt." in page
    assert "kalkyl" not in page
    refused = visit(world, "post", url_of(outside), POST | {"after": "1", "text": "En lång text."})
    assert refused.status_code == 409
    assert "En lång text." in refused.content.decode()
    document_url = reverse("referral-link-document", args=[outside.token, sent.pk])
    assert visit(world, "get", document_url).status_code == 404


def test_a_referral_that_rests_says_so_and_takes_no_answer(
    world: World, case: Case, referral: Referral
) -> None:
    case_acts.hold(case_id=case.pk, actor=world.person("coordinator"), reason="Paus.", now=world.tick())
    url = url_of(asked(referral, "outside"))
    page = visit(world, "get", url).content.decode()
    assert "Remissen vilar" in page
    assert 'name="stance"' not in page
    assert visit(world, "post", url, POST).status_code == 409
    assert asked(referral, "outside").status == "waiting"


def test_the_page_speaks_the_recipients_language(world: World, case: Case) -> None:
    world.advance(case, to="prepare")
    recipient = Recipient(name="Union", email="u@union.example", language="en")
    outside = world.refer(case, recipient).recipients.get()
    assert '<html lang="en">' in visit(world, "get", url_of(outside)).content.decode()


def test_who_tries_many_links_is_told_to_wait(world: World, referral: Referral) -> None:
    with time_machine.travel(world.now, tick=False):
        statuses = {Client().get(f"/remiss/svar/{n:043}/").status_code for n in range(MOST_MISSES)}
        assert statuses == {404}
        assert Client().get("/remiss/svar/nope/").status_code == 429
    assert visit(world, "get", "/remiss/svar/nope/").status_code == 404


def test_who_posts_without_end_is_told_to_wait(world: World, referral: Referral) -> None:
    url = url_of(asked(referral, "outside"))
    with time_machine.travel(world.now, tick=False):
        statuses = {Client().post(url, {"what": "answer"}).status_code for _ in range(MOST_POSTS)}
        assert statuses == {422}
        assert Client().post(url, {"what": "answer"}).status_code == 429
        assert Client().get(url).status_code == 200


def test_an_extension_can_be_asked_after_the_date_while_the_referral_is_open(
    world: World, case: Case, referral: Referral
) -> None:
    world.now += dt.timedelta(days=40)
    outside = asked(referral, "outside")
    ask_extension(
        recipient_id=outside.pk,
        actor=None,
        digest=outside.token_digest,
        wanted_until=(world.now + dt.timedelta(days=5)).date(),
        reason="Sent möte.",
        now=world.tick(),
    )
    assert outside.extensions.count() == 1
