"""What random people propose."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from cases.models import Goal, InitiativeKind, Partnership
from cases.values.vague_date import VagueDate
from workflows.demo.chooser import Chooser
from workflows.proposals import Funding, ProposalContent, Responsible

_TITLES = (
    "Examensarbeten i verksamheten",
    "Gemensam forskningsansökan",
    "Gästföreläsningar",
    "Utbildning för medarbetare",
    "Öppna data för forskning",
    "Praktik i förvaltningen",
)
_STARTS = (
    "Hösten 2021",
    "Oktober 2021",
    "Våren 2022. Pilot genomförs hösten 2022.",
    "så snart som möjligt",
    "",
)
_REPORTING = ("Fortlöpande.", "Våren 2030", "Årligen", "Varje halvår", "Hösten 2022", "", "När det passar")


def random_content(partnership: Partnership, chooser: Chooser) -> ProposalContent:
    """A proposal that can be submitted."""
    areas = list(partnership.areas.order_by("order"))
    parties = list(partnership.parties.order_by("party_rows__order"))
    goals = list(Goal.objects.order_by("number"))
    kind = chooser.pick(list(InitiativeKind))
    return ProposalContent(
        title=chooser.pick(_TITLES),
        kind=kind.value,
        area=chooser.pick(areas) if areas else None,
        description="Parterna prövar arbetsformen under ett år och utvärderar den tillsammans.",
        goals=tuple({goal.pk: goal for goal in (chooser.pick(goals), chooser.pick(goals))}.values())
        if goals
        else (),
        start=VagueDate.parse(chooser.pick(_STARTS)),
        reporting_words=chooser.pick(_REPORTING),
        purpose="Att dela kunskap mellan organisationerna.",
        terms="Vardera parten bär sina kostnader.",
        benefit="Båda parter får tillgång till den andras erfarenhet.",
        responsible=tuple(Responsible(party.short_name, party) for party in parties),
        funding=(Funding("Egna medel", Decimal("250000.00"), dt.date(2022, 1, 1).year),)
        if chooser.chance(3)
        else (),
    )
