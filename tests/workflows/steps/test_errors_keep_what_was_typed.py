"""A form that is wrong comes back with everything typed, the error at its field, and nothing done."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import PartyStatement
from tests.workflows.steps.site import Site, errors_of, reach, typed, url_of
from tests.world import World
from workflows.models import WorkItem

REQUIRED = {
    "screen": {"outcome"},
    "complete": {"title", "kind"},
    "statement": {"position", "need", "benefit"},
    "prepare": {"matter", "preparation", "related_check", "proposed_decision"},
    "vote": {"choice"},
    "conclude": {"outcome"},
    "agreement_need": {"needed", "reason"},
    "draft_agreement": {"object_text", "terms", "period_words"},
    "review_agreement": {"outcome"},
    "decide": {"text", "outcome"},
    "sign": {"decision", "checksum"},
    "report": {"status", "result"},
    "closing_report": {"result"},
    "answer": {"answer"},
}
#: What is typed, and the field that it makes wrong.
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("screen", {"outcome": "return"}, "reasons"),
    ("screen", {"outcome": "decline", "reasons": " \u200b "}, "reasons"),
    ("screen", {"outcome": "approve"}, "outcome"),
    ("vote", {"choice": "recused"}, "reasons"),
    ("conclude", {"outcome": "prepare_again"}, "reasons"),
    ("conclude", {"outcome": "decline", "reasons": "Nej."}, "outcome"),
    ("conclude", {"outcome": "table", "reasons": "Senare."}, "tabled_until"),
    ("conclude", {"outcome": "table", "reasons": "Senare.", "tabled_until": "2020-01-01"}, "tabled_until"),
    ("conclude", {"outcome": "table", "reasons": "Senare.", "tabled_until": "i vår"}, "tabled_until"),
    ("review_agreement", {"outcome": "changes"}, "comment"),
    ("decide", {"outcome": "refer_back"}, "reasons"),
    ("decide", {"outcome": "table", "reasons": "Senare."}, "tabled_until"),
    ("decide", {"outcome": "table", "reasons": "Senare.", "tabled_until": "2020-01-01"}, "tabled_until"),
    ("decide", {"outcome": "refer_back", "reasons": "Mer.", "refer_back_to": "nowhere"}, "refer_back_to"),
    ("sign", {"read": None}, "read"),
    ("sign", {"decision": "refuse"}, "refusal_reason"),
    ("report", {"status": "deviates"}, "deviation"),
    ("complete", {"description": ""}, "description"),
    ("complete", {"area": ""}, "area"),
    ("complete", {"responsible_0_unit": ""}, "__all__"),
    ("complete", {"area": "999999"}, "area"),
    ("prepare", {"reporter": "999999"}, "reporter"),
    ("prepare", {"reporter": "1 OR 1=1"}, "reporter"),
]
TOO_LONG = [
    ("screen", "reasons", 4_001),
    ("statement", "need", 20_001),
    ("prepare", "matter", 20_001),
    ("vote", "reasons", 4_001),
    ("agreement_need", "reason", 4_001),
    ("draft_agreement", "terms", 20_001),
    ("draft_agreement", "period_words", 201),
    ("decide", "text", 20_001),
    ("report", "result", 20_001),
    ("closing_report", "lessons", 20_001),
    ("answer", "answer", 20_001),
    ("complete", "title", 201),
    ("complete", "start", 201),
    ("complete", "responsible_0_unit", 201),
]


@pytest.mark.parametrize("step", REQUIRED)
def test_an_empty_form_names_every_field_that_must_be_filled_in(world: World, site: Site, step: str) -> None:
    item = reach(world, step)
    page = site.post(world.holder_of(item), url_of(item))
    assert page.status_code == 422
    assert set(errors_of(page)) == REQUIRED[step]
    assert WorkItem.objects.get(pk=item.pk).open


@pytest.mark.parametrize(("step", "changes", "field"), WRONG)
def test_what_is_wrong_is_said_at_its_field(
    world: World, site: Site, step: str, changes: dict[str, Any], field: str
) -> None:
    item = reach(world, step)
    page = site.post(world.holder_of(item), url_of(item), typed(item, **changes))
    assert page.status_code == 422
    assert set(errors_of(page)) == {field}
    assert "fel-rubrik" in page.content.decode()
    assert WorkItem.objects.get(pk=item.pk).open


@pytest.mark.parametrize(("step", "field", "length"), TOO_LONG)
def test_what_is_too_long_is_not_cut_but_refused(
    world: World, site: Site, step: str, field: str, length: int
) -> None:
    item = reach(world, step)
    text = "å" * length
    page = site.post(world.holder_of(item), url_of(item), typed(item, **{field: text}))
    assert page.status_code == 422
    assert set(errors_of(page)) == {field}
    assert text in page.content.decode()


def test_what_was_typed_stays_and_markup_in_it_is_only_text(world: World, site: Site) -> None:
    item = reach(world, "statement")
    page = site.post(
        world.holder_of(item),
        url_of(item),
        typed(
            item,
            position=None,
            need='<script>alert("x")</script>',
            resources='"><img src=x onerror=alert(1)>',
        ),
    )
    html = page.content.decode()
    assert page.status_code == 422
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in html
    assert "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;" in html
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_markup_that_was_saved_is_only_text_to_the_next_one(world: World, site: Site) -> None:
    item = reach(world, "statement")
    site.post(world.holder_of(item), url_of(item), typed(item, need="<b onmouseover=alert(1)>Behov</b>"))
    world.advance(item.case, to="prepare")
    prepare = world.open_items(item.case, "prepare")[0]
    html = site.get("coordinator", url_of(prepare)).content.decode()
    assert "&lt;b onmouseover=alert(1)&gt;Behov&lt;/b&gt;" in html
    assert "<b onmouseover" not in html


def test_what_cannot_be_seen_is_removed_before_it_is_kept(world: World, site: Site) -> None:
    item = reach(world, "statement")
    hidden = "\u202eKontakt\u200b med\u2066 stu\u00addenter.\u202c\x00"
    answer = site.post(world.holder_of(item), url_of(item), typed(item, need=hidden))
    assert answer.status_code == 302
    assert PartyStatement.objects.get(case=item.case).need == "Kontakt med studenter."


def test_only_invisible_characters_are_nothing_at_all(world: World, site: Site) -> None:
    item = reach(world, "answer")
    page = site.post("proposer", url_of(item), {"answer": "\u200b\u202e \u2060"})
    assert errors_of(page) == {"answer": ["Skriv ett svar."]}


def test_the_error_summary_leads_to_the_field(world: World, site: Site) -> None:
    item = reach(world, "agreement_need")
    html = site.post("coordinator", url_of(item), {"needed": "no"}).content.decode()
    assert '<a href="#id_reason">' in html
    assert 'aria-invalid="true"' in html
    assert "<title>Fel:" in " ".join(html.split())


def test_a_form_without_its_token_is_refused(world: World) -> None:
    from django.test import Client

    item = reach(world, "answer")
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.person("proposer"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(url_of(item), {"answer": "Tolv."}).status_code == 403
    assert WorkItem.objects.get(pk=item.pk).open
