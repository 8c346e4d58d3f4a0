"""The pages as people meet them: real requests, at the world's own time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import time_machine
from django.test import Client

from cases.models import Case
from tests.world import World
from workflows.case_acts import ask_proposer
from workflows.models import WorkItem
from workflows.referral_acts import close_referral
from workflows.referral_sending import Recipient
from workflows.steps.screen import ScreenOutcome

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

#: What a person types in each step's form when everything is right; the decisive field can be changed.
TYPED: dict[str, dict[str, Any]] = {
    "screen": {"outcome": "accept"},
    "complete": {
        "title": "Reversed mentorship",
        "kind": "project",
        "description": "Studenter är mentorer.",
        "responsible_rows": "2",
        "funding_rows": "1",
        "responsible_0_unit": "Kårservice",
        "message": "Nu står det vem som ansvarar.",
    },
    "register": {},
    "statement": {
        "position": "support",
        "need": "Kontakt med studenter.",
        "benefit": "Lättare att rekrytera.",
    },
    "prepare": {
        "matter": "Studenter blir mentorer.",
        "preparation": "Kontaktpersonerna har hörts.",
        "related_check": "Inget annat samarbete berörs.",
        "proposed_decision": "Rådet tillstyrker förslaget.",
    },
    "vote": {"choice": "for"},
    "conclude": {"outcome": "recommend"},
    "agreement_need": {"needed": "yes", "reason": "Pengar flyttas mellan parterna."},
    "draft_agreement": {
        "object_text": "Mentorskap.",
        "terms": "Var och en bär sitt.",
        "period_words": "2022-2024",
    },
    "review_agreement": {"outcome": "cleared"},
    "decide": {"outcome": "approve", "text": "Förslaget bifalls."},
    "sign": {"decision": "sign", "read": "on"},
    "report": {"status": "on_track", "result": "Piloten är genomförd."},
    "closing_report": {"result": "Modellen används.", "confirmed": "1"},
    "answer": {"answer": "Tolv studenter."},
    "referral_answer": {"stance": "supports", "text": "Börja i liten skala."},
    "compile_referral": {"summary": "Remissinstanserna är positiva.", "view_rows": "0", "confirmed": "1"},
}
STEPS = sorted(TYPED)


class Site:
    """A browser without scripts, for one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def _client(self, by: str | None) -> Client:
        client = Client()
        if by is not None:
            client.force_login(self.world.person(by), backend="django.contrib.auth.backends.ModelBackend")
        return client

    def get(self, by: str | None, url: str) -> Response:
        with time_machine.travel(self.world.tick(), tick=False):
            return self._client(by).get(url)

    def post(self, by: str | None, url: str, data: dict[str, Any] | None = None) -> Response:
        with time_machine.travel(self.world.tick(), tick=False):
            return self._client(by).post(url, data or {})

    def follow(self, by: str, url: str, data: dict[str, Any]) -> Response:
        """Post, and go where the answer leads."""
        with time_machine.travel(self.world.tick(), tick=False):
            return self._client(by).post(url, data, follow=True)


def url_of(item: WorkItem) -> str:
    return f"/uppgifter/{item.pk}/"


def reach(world: World, step: str) -> WorkItem:
    """An open task of the step, in a case that came there in the usual way."""
    case: Case = world.submitted()
    if step == "complete":
        world.act(case, "screen", outcome=ScreenOutcome.RETURN, reasons="Vem ansvarar?")
    elif step == "answer":
        ask_proposer(case_id=case.pk, actor=world.person("coordinator"), text="Hur många?", now=world.tick())
    elif step == "referral_answer":
        world.refer(case, Recipient(body=world.board))
    elif step == "compile_referral":
        world.refer(case, Recipient(body=world.board))
        close_referral(case_id=case.pk, actor=world.person("coordinator"), now=world.tick())
    elif step == "closing_report":
        world.advance(case, to="report")
        world.act(case, "report", status="done")
    else:
        world.advance(case, to=step)
    return world.open_items(case, step)[0]


def typed(item: WorkItem, **changes: Any) -> dict[str, Any]:
    """What is usually typed in the item's form, with the changes; a change to None leaves the field out."""
    fields = TYPED[item.step] | changes
    if item.step == "complete":
        fields = {"area": str(item.case.area_id)} | fields
    if item.step == "sign":
        fields = {"checksum": item.case.agreement.versions.latest("number").checksum} | fields
    return {name: value for name, value in fields.items() if value is not None}


def errors_of(page: Response) -> dict[str, list[str]]:
    """The page's form errors by field."""
    return {name: [str(text) for text in texts] for name, texts in page.context["form"].errors.items()}
