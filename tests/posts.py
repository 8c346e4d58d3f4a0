"""What a person fills in on each step's page, as the browser would post it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.test import Client

from tests.world import World
from workflows.models import WorkItem


def client_of(world: World, name: str) -> Client:
    """A browser in which the person has signed in."""
    client = Client()
    client.force_login(world.person(name), backend="django.contrib.auth.backends.ModelBackend")
    assert settings.SESSION_COOKIE_NAME in client.cookies
    return client


def usual_post(world: World, item: WorkItem) -> dict[str, Any]:
    """The usual answer on the page of the open task."""
    posts: dict[str, dict[str, Any]] = {
        "screen": {"outcome": "accept"},
        "complete": proposal_post(world) | {"message": "Nu med fler detaljer."},
        "register": {},
        "statement": {"position": "support", "need": "Studenter.", "benefit": "Rekrytering."},
        "prepare": {
            "matter": "Mentorskap.",
            "preparation": "Parterna har hörts.",
            "views": "Bra.",
            "related_check": "Inget berörs.",
            "proposed_decision": "Rådet tillstyrker.",
        },
        "vote": {"choice": "for"},
        "conclude": {"outcome": "recommend"},
        "agreement_need": {"needed": "yes", "reason": "Villkor behöver regleras."},
        "draft_agreement": {
            "object_text": "Mentorskap.",
            "terms": "Var bär sitt.",
            "period_words": "2022-2024",
        },
        "review_agreement": {"outcome": "cleared"},
        "decide": {"outcome": "approve", "text": "Bifall."},
        "sign": {"decision": "sign", "read": "on"},
        "report": {"status": "on_track", "result": "Piloten är gjord."},
        "closing_report": {"result": "Modellen används.", "lessons": "Börja i tid.", "confirmed": "1"},
        "answer": {"answer": "Tolv."},
        "referral_answer": {"stance": "supports", "text": "Börja i liten skala."},
        "compile_referral": {"summary": "Alla är positiva.", "view_rows": "0", "confirmed": "1"},
    }
    post = posts[item.step]
    if item.step == "sign":
        post = post | {"checksum": item.case.agreement.versions.latest("number").checksum}
    return post


def proposal_post(world: World, **changes: Any) -> dict[str, Any]:
    """A complete proposal on the proposal's form."""
    return {
        "title": "Reversed mentorship",
        "kind": "project",
        "area": world.area.pk,
        "description": "Studenter är mentorer.",
        "reporting_words": "Fortlöpande",
        "responsible_rows": "1",
        "responsible_0_organisation": world.organisations["lk"].pk,
        "responsible_0_unit": "Linköpings Science Park",
        "funding_rows": "1",
    } | changes
