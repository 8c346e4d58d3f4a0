"""A signature is on the text that was shown, and on nothing else (U8, U10)."""

from __future__ import annotations

from cases.models import Signature
from tests.workflows.steps.site import Site, errors_of, reach, typed, url_of
from tests.world import World


def test_the_page_shows_the_whole_text_and_its_checksum(world: World, site: Site) -> None:
    item = reach(world, "sign")
    version = item.case.agreement.versions.get()
    html = site.get("sign-lk", url_of(item)).content.decode()
    assert version.object_text in html
    assert version.terms in html
    assert f"SHA-256 {version.checksum}" in html
    assert f'name="checksum" value="{version.checksum}"' in html


def test_the_signature_keeps_the_checksum_that_was_shown(world: World, site: Site) -> None:
    item = reach(world, "sign")
    assert site.post("sign-lk", url_of(item), typed(item)).status_code == 302
    signature = Signature.objects.get(party=world.organisations["lk"])
    assert signature.signed
    assert signature.checksum == item.case.agreement.versions.get().checksum


def test_another_text_than_the_one_shown_is_not_signed(world: World, site: Site) -> None:
    item = reach(world, "sign")
    page = site.post("sign-lk", url_of(item), typed(item, checksum="0" * 64))
    current = item.case.agreement.versions.get().checksum
    html = page.content.decode()
    assert page.status_code == 422
    assert set(errors_of(page)) == {"checksum"}
    assert "Avtalet har ändrats sedan du öppnade det." in html
    assert f'name="checksum" value="{current}"' in html
    assert not page.context["form"]["read"].value()
    assert not Signature.objects.exists()


def test_a_refusal_is_recorded_with_its_reason_and_sends_the_agreement_back(world: World, site: Site) -> None:
    item = reach(world, "sign")
    data = typed(item, decision="refuse", read=None, refusal_reason="Fel part.", confirmed="1")
    assert site.post("sign-lk", url_of(item), data).status_code == 302
    assert Signature.objects.get().refusal_reason == "Fel part."
    html = site.get("coordinator", url_of(world.open_items(item.case, "draft_agreement")[0])).content.decode()
    assert "Fel part." in html
