"""What happened, in one clause without a full stop: headings of progress, and why a task ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import (
    CaseEvent,
    DecisionOutcome,
    Deliberation,
    DeliberationOutcome,
    EndState,
    Organisation,
    Stage,
)
from notifications.letters import day_in_words

Text = str | Promise

_DELIBERATED: dict[str, Text] = {
    DeliberationOutcome.RECOMMEND: gettext_lazy("%(body)s tillstyrker förslaget"),
    DeliberationOutcome.RECOMMEND_AMENDED: gettext_lazy("%(body)s tillstyrker förslaget med ändring"),
    DeliberationOutcome.DECLINE: gettext_lazy("%(body)s avstyrker förslaget"),
    DeliberationOutcome.TABLE: gettext_lazy("%(body)s har bordlagt ärendet till %(date)s"),
    DeliberationOutcome.PREPARE_AGAIN: gettext_lazy("%(body)s har återremitterat ärendet till beredningen"),
    DeliberationOutcome.REFER_BACK: gettext_lazy("%(body)s har återremitterat ärendet till initiativtagaren"),
    DeliberationOutcome.HEAR_AGAIN: gettext_lazy(
        "%(body)s har återremitterat ärendet till parternas kontaktpersoner"
    ),
    DeliberationOutcome.NOTE: gettext_lazy("%(body)s har lagt ärendet till handlingarna"),
}
_DECIDED: dict[str, Text] = {
    DecisionOutcome.APPROVE: gettext_lazy("%(party)s bifaller förslaget"),
    DecisionOutcome.APPROVE_AMENDED: gettext_lazy("%(party)s bifaller förslaget med ändring"),
    DecisionOutcome.REJECT: gettext_lazy("%(party)s avslår förslaget"),
    DecisionOutcome.NOTE: gettext_lazy("%(party)s har lagt förslaget till handlingarna"),
    DecisionOutcome.REFER_BACK: gettext_lazy("%(party)s har återremitterat ärendet till beredningen"),
}
_ENDED: dict[str, Text] = {
    EndState.COMPLETED: gettext_lazy("Verksamheten är genomförd och ärendet avslutat"),
    EndState.DECLINED: gettext_lazy("Förslaget har avvisats i beredningen"),
    EndState.REJECTED: gettext_lazy("Förslaget har avslagits"),
    EndState.WITHDRAWN: gettext_lazy("Förslaget har återkallats"),
    EndState.CANCELLED: gettext_lazy("Ärendet har avbrutits"),
    EndState.NOTED: gettext_lazy("Ärendet har lagts till handlingarna"),
}
_ENTERED: dict[str, Text] = {
    Stage.DIALOGUE: gettext_lazy("Förslaget är åter i dialog mellan parterna"),
    Stage.PREPARATION: gettext_lazy("Styrgruppen bereder förslaget"),
    Stage.AGREEMENT: gettext_lazy("Frågan om särskilt avtal bereds"),
    Stage.APPROVAL: gettext_lazy("Parterna fattar nu sina beslut"),
    Stage.FOLLOW_UP: gettext_lazy("Förslaget är godkänt och verksamheten följs upp"),
}


def _body_of(event: CaseEvent) -> str:
    # Events of before bodies met do not name the deliberation.
    known = event.data.get("deliberation")
    which = {"concluded_at": event.at} if known is None else {"pk": known}
    deliberation = Deliberation.objects.filter(case=event.case_id, **which).select_related("body").first()
    return deliberation.body.label if deliberation is not None else _("Styrgruppen")


def _party_of(event: CaseEvent) -> str:
    return Organisation.objects.get(pk=event.data["party"]).label


def _actor_of(event: CaseEvent) -> str:
    return event.actor.name if event.actor is not None else _("Systemet")


def _deliberated(event: CaseEvent) -> str:
    tabled = event.data.get("tabled_until")
    date = day_in_words(dt.date.fromisoformat(tabled)) if tabled else ""
    return str(_DELIBERATED[event.data["outcome"]]) % {"body": _body_of(event), "date": date}


def _decided(event: CaseEvent) -> str:
    return str(_DECIDED[event.data["outcome"]]) % {"party": _party_of(event)}


def _screened(event: CaseEvent) -> str:
    return (
        _("Förslaget tas inte upp")
        if event.data["outcome"] == "decline"
        else _("Förslaget behöver kompletteras")
    )


_HEADLINES: dict[str, Callable[[CaseEvent], str]] = {
    "screened": _screened,
    "deliberation_concluded": _deliberated,
    "party_decided": _decided,
    "stage_entered": lambda event: str(_ENTERED[event.data["stage"]]),
    "closed": lambda event: str(_ENDED[event.data["end_state"]]),
    "withdrawn": lambda event: _("%(name)s har återkallat förslaget") % {"name": _actor_of(event)},
    "cancelled": lambda event: _("%(name)s har avbrutit ärendet") % {"name": _actor_of(event)},
    "referral_closed": lambda event: _("Remissen har stängts"),
    "voting_closed": lambda event: _("%(name)s har stängt omröstningen") % {"name": _actor_of(event)},
    "agreement_refused": lambda event: (
        _("%(party)s har avstått från att underteckna avtalet") % {"party": _party_of(event)}
    ),
}


def headline(event: CaseEvent) -> str:
    """What the event came to, in the active language."""
    return _HEADLINES[event.kind](event)
