"""The case's history in sentences: one entry in :data:`TELLINGS` for every kind of event.

Who did it and when stand beside the sentence, so that it says only what happened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.models import (
    CaseEvent,
    DecisionOutcome,
    DeliberationOutcome,
    EndState,
    Organisation,
    Person,
    Report,
    ReviewOutcome,
    Stage,
    Stance,
    StatementKind,
    VoteChoice,
)
from cases.models.preparation import Position
from workflows.flows import title_of_step
from workflows.views.presenters.days import day_text

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """What the keys in the events stand for."""

    people: Mapping[int, Person]
    parties: Mapping[int, Organisation]

    def person(self, key: int | None) -> str:
        found = self.people.get(key) if key is not None else None
        return found.name if found is not None else _("okänd person")

    def party(self, key: int | None) -> str:
        found = self.parties.get(key) if key is not None else None
        return found.short_name if found is not None else _("en part")


@dataclass(frozen=True)
class Telling:
    """How a kind of event is told: its icon, its sentence, and the name of the datum that stands below it."""

    icon: str
    text: Callable[[Names, Data], str]
    detail: str = ""


def _plain(icon: str, text: Promise, detail: str = "") -> Telling:
    return Telling(icon, lambda names, data: str(text), detail)


def _step(data: Data) -> str:
    return title_of_step(data["step"])


def _day(text: str) -> str:
    return day_text(dt.date.fromisoformat(text))


def _opened(names: Names, data: Data) -> str:
    number = len(data["items"])
    if number > 1:
        return _("Steget ”%(step)s” väntar nu på %(n)s, senast %(due)s") % {
            "n": number,
            "step": _step(data),
            "due": _day(data["due"]),
        }
    return _("Nästa steg: ”%(step)s”, senast %(due)s") % {"step": _step(data), "due": _day(data["due"])}


def _whose(names: Names, data: Data) -> str:
    """Which of the tasks of a step: the person's whose it is, or the party's."""
    if data["person"] is not None:
        return _("”%(step)s” (%(whose)s)") % {"step": _step(data), "whose": names.person(data["person"])}
    if data["party"] is not None:
        return _("”%(step)s” (%(whose)s)") % {"step": _step(data), "whose": names.party(data["party"])}
    return _("”%(step)s”") % {"step": _step(data)}


def _escalated(names: Names, data: Data) -> str:
    words = {"step": _whose(names, data), "due": _day(data["due"])}
    helpers = [names.person(key) for key in data["helpers"]]
    if not helpers:
        return _("Steget %(step)s är försenat, det skulle ha varit klart %(due)s") % words
    return _("Steget %(step)s är försenat, det skulle ha varit klart %(due)s. Det meddelades %(people)s") % {
        **words,
        "people": get_text_list(helpers, _("och")),
    }


def _screened(names: Names, data: Data) -> str:
    match data["outcome"]:
        case "accept":
            return _("Förslaget togs upp")
        case "return":
            return _("Förslaget lämnades tillbaka för komplettering")
        case _:
            return _("Förslaget avvisades")


def _vote(names: Names, data: Data) -> str:
    if "choice" not in data:
        return _("%(member)s har röstat") % {"member": names.person(data["member"])}
    return _("%(member)s: %(choice)s") % {
        "member": names.person(data["member"]),
        "choice": VoteChoice(data["choice"]).label,
    }


def _vote_changed(names: Names, data: Data) -> str:
    if "choice" not in data:
        return _("%(member)s ändrade sin röst") % {"member": names.person(data["member"])}
    return _("%(member)s ändrade sin röst från %(before)s till %(choice)s") % {
        "member": names.person(data["member"]),
        "before": VoteChoice(data["before"]["choice"]).label,
        "choice": VoteChoice(data["choice"]).label,
    }


def _paragraph(data: Data) -> str:
    return _("§ %(n)s") % {"n": data["paragraph"]}


def _concluded(names: Names, data: Data) -> str:
    words = {
        "outcome": DeliberationOutcome(data["outcome"]).label,
        "for": data["votes_for"] + data.get("votes_amended", 0),
        "against": data["votes_against"],
        "abstained": data["abstained"],
    }
    if data.get("acclaimed"):
        return _("Överläggningen avgjordes genom acklamation: %(outcome)s") % words
    if data["casting_vote"]:
        return (
            _(
                "Överläggningen avgjordes med ordförandens utslagsröst: %(outcome)s (%(for)s för, %(against)s emot)"
            )
            % words
        )
    return (
        _("Överläggningen avgjordes: %(outcome)s (%(for)s för, %(against)s emot, %(abstained)s avstod)")
        % words
    )


def _decided(names: Names, data: Data) -> str:
    words = {
        "party": names.party(data["party"]),
        "step": data["title"],
        "outcome": DecisionOutcome(data["outcome"]).label,
    }
    if data["tabled_until"]:
        return _("%(party)s, %(step)s: %(outcome)s till %(day)s") % {
            **words,
            "day": _day(data["tabled_until"]),
        }
    return _("%(party)s, %(step)s: %(outcome)s") % words


def _reviewed(names: Names, data: Data) -> str:
    return _("%(party)s om avtalets version %(version)s: %(outcome)s") % {
        "party": names.party(data["party"]),
        "version": data["version"],
        "outcome": ReviewOutcome(data["outcome"]).label,
    }


def _resumed(names: Names, data: Data) -> str:
    days = data["rested_working_days"]
    return ngettext(
        "Ärendet återupptogs efter %(n)s arbetsdag", "Ärendet återupptogs efter %(n)s arbetsdagar", days
    ) % {"n": days}


def _waiting(names: Names, data: Data) -> str:
    until = day_text(dt.datetime.fromisoformat(data["until"]).date())
    return _("%(step)s: väntar till %(day)s") % {"step": _step(data), "day": until}


def _voting_closed(names: Names, data: Data) -> str:
    missing = data["missing"]
    return ngettext(
        "Röstningen stängdes. %(n)s ledamot hade inte röstat",
        "Röstningen stängdes. %(n)s ledamöter hade inte röstat",
        missing,
    ) % {"n": missing}


def _document(names: Names, data: Data) -> str:
    if data["version"] > 1:
        return _("Handlingen ”%(title)s” kom i version %(version)s") % {
            "title": data["title"],
            "version": data["version"],
        }
    return _("Handlingen ”%(title)s” lades till") % {"title": data["title"]}


def _handed_back(names: Names, data: Data) -> str:
    words = {
        "step": _step(data),
        "name": names.person(data["before"]),
        "to": names.person(data["to"]) if data["to"] is not None else "",
    }
    if data["to"] is not None:
        return _("Steget ”%(step)s” gick från %(name)s till %(to)s, eftersom uppdraget har upphört") % words
    if data["reason"] == "inactive":
        return _("Steget ”%(step)s” gick tillbaka till rollen, eftersom %(name)s har slutat") % words
    return _("Steget ”%(step)s” gick tillbaka till rollen, eftersom %(name)s inte längre har den") % words


def _referral_sent(names: Names, data: Data) -> str:
    number = len(data["recipients"])
    return ngettext(
        "Ärendet skickades på remiss till %(n)s instans, svar senast %(due)s",
        "Ärendet skickades på remiss till %(n)s instanser, svar senast %(due)s",
        number,
    ) % {"n": number, "due": _day(data["due"])}


def _referral_answered(names: Names, data: Data) -> str:
    words = {"name": data["name"], "stance": Stance(data["stance"]).label, "by": data["by"]}
    if data["late"]:
        return _("Remissvar efter svarstiden från %(name)s: %(stance)s. Lämnat av %(by)s") % words
    return _("Remissvar från %(name)s: %(stance)s. Lämnat av %(by)s") % words


def _referral_corrected(names: Names, data: Data) -> str:
    return _("Remissvaret från %(name)s ändrades av %(by)s: %(stance)s") % {
        "name": data["name"],
        "by": data["by"],
        "stance": Stance(data["stance"]).label,
    }


def _referral_closed(names: Names, data: Data) -> str:
    return _("Remissen stängdes: %(answered)s svar, %(declined)s avstod och %(missing)s svarade inte") % {
        "answered": data["answered"],
        "declined": data["declined"],
        "missing": data["missing"],
    }


def _extension_decided(names: Names, data: Data) -> str:
    if data["granted"]:
        return _("%(name)s fick längre svarstid, till %(day)s") % {
            "name": data["name"],
            "day": _day(data["until"]),
        }
    return _("%(name)s fick inte längre svarstid") % {"name": data["name"]}


#: Every kind of event that the house writes. A test finds the kinds in the code and asks that each is here.
TELLINGS: dict[str, Telling] = {
    "draft_created": _plain("edit", gettext_lazy("Förslaget påbörjades")),
    "draft_saved": _plain("edit", gettext_lazy("Utkastet ändrades")),
    "submitted": _plain("send", gettext_lazy("Förslaget lämnades in")),
    "stage_entered": Telling(
        "arrow-right",
        lambda names, data: _("Ärendet gick in i skedet ”%(stage)s”") % {"stage": Stage(data["stage"]).label},
    ),
    "steps_opened": Telling("tasks", _opened),
    "steps_cancelled": Telling(
        "cross", lambda names, data: _("Steget ”%(step)s” behövdes inte längre") % {"step": _step(data)}
    ),
    "screened": Telling("eye", _screened, "reasons"),
    "completed_by_proposer": _plain("edit", gettext_lazy("Förslaget kompletterades"), "message"),
    "registered": Telling(
        "archive",
        lambda names, data: (
            _("%(party)s registrerade ärendet: %(number)s")
            % {"party": names.party(data["organisation"]), "number": data["number"]}
        ),
    ),
    "statement_made": Telling(
        "people",
        lambda names, data: (
            _("%(party)s: %(position)s")
            % {"party": names.party(data["party"]), "position": Position(data["position"]).label}
        ),
    ),
    "memo_written": Telling(
        "document",
        lambda names, data: (
            _("Beredningsunderlaget skrevs, version %(version)s") % {"version": data["version"]}
        ),
    ),
    "reporter_named": Telling(
        "person",
        lambda names, data: _("%(name)s ansvarar för uppföljningen") % {"name": names.person(data["person"])},
    ),
    "deliberation_opened": Telling(
        "vote",
        lambda names, data: (
            ngettext(
                "Överläggningen öppnades, %(n)s ledamot kallades",
                "Överläggningen öppnades, %(n)s ledamöter kallades",
                data["members"],
            )
            % {"n": data["members"]}
        ),
    ),
    "vote_cast": Telling("vote", _vote, "reasons"),
    "vote_changed": Telling("vote", _vote_changed, "reasons"),
    "vote_withdrawn": Telling(
        "vote",
        lambda names, data: (
            _("%(member)s: rösten togs bort på grund av jäv") % {"member": names.person(data["member"])}
        ),
    ),
    "conflict_declared": Telling(
        "scale",
        lambda names, data: _("%(name)s anmälde jäv") % {"name": names.person(data["person"])},
    ),
    "deputy_called": Telling(
        "person",
        lambda names, data: (
            _("%(name)s kallades som ersättare för %(member)s")
            % {"name": names.person(data["to"]), "member": names.person(data["member"])}
        ),
    ),
    "extract_dispatched": Telling(
        "send", lambda names, data: _("%(title)s expedierades") % {"title": data["title"]}
    ),
    "deliberation_left": _plain("pause", gettext_lazy("Mötet hann inte avgöra ärendet")),
    "statement_recorded": Telling(
        "comment", lambda names, data: str(StatementKind(data["statement"]).label), "text"
    ),
    "delegated_decision_reported": Telling(
        "archive",
        lambda names, data: (
            _("Delegationsbeslutet anmäldes till nämnden, %(paragraph)s") % {"paragraph": _paragraph(data)}
        ),
    ),
    "voting_closed": Telling("vote", _voting_closed),
    "deliberation_concluded": Telling("scale", _concluded, "reasons"),
    "waiting": Telling("clock", _waiting),
    "round_begun": Telling(
        "refresh", lambda names, data: _("Omgång %(n)s i beredningen började") % {"n": data["round"]}
    ),
    "agreement_need_decided": Telling(
        "sign",
        lambda names, data: _("Särskilt avtal behövs") if data["needed"] else _("Särskilt avtal behövs inte"),
        "reason",
    ),
    "agreement_drafted": Telling(
        "sign",
        lambda names, data: _("Avtalet upprättades, version %(version)s") % {"version": data["version"]},
        "note",
    ),
    "agreement_reviewed": Telling("sign", _reviewed, "comment"),
    "agreement_signed": Telling(
        "sign",
        lambda names, data: (
            _("%(party)s undertecknade avtalets version %(version)s")
            % {"party": names.party(data["party"]), "version": data["version"]}
        ),
    ),
    "agreement_refused": Telling(
        "sign",
        lambda names, data: (
            _("%(party)s undertecknade inte avtalets version %(version)s")
            % {"party": names.party(data["party"]), "version": data["version"]}
        ),
        "reason",
    ),
    "agreement_in_force": _plain("sign", gettext_lazy("Alla parter har undertecknat: avtalet gäller")),
    "party_decided": Telling("scale", _decided, "text"),
    "chain_step_decided": Telling("scale", _decided, "text"),
    "reported": Telling(
        "chart",
        lambda names, data: (
            _("Rapport %(n)s lämnades: %(status)s")
            % {"n": data["number"], "status": Report.Status(data["status"]).label}
        ),
    ),
    "closing_reported": _plain("chart", gettext_lazy("Slutrapporten lämnades")),
    "closed": Telling(
        "archive",
        lambda names, data: _("Ärendet avslutades: %(end)s") % {"end": EndState(data["end_state"]).label},
    ),
    "withdrawn": _plain("undo", gettext_lazy("Förslaget återkallades"), "reason"),
    "cancelled": _plain("danger", gettext_lazy("Ärendet avbröts"), "reason"),
    "held": _plain("pause", gettext_lazy("Ärendet lades vilande"), "reason"),
    "resumed": Telling("refresh", _resumed),
    "question_asked": _plain("comment", gettext_lazy("En fråga ställdes till initiativtagaren"), "text"),
    "question_answered": _plain("comment", gettext_lazy("Frågan besvarades")),
    "reassigned": Telling(
        "person",
        lambda names, data: (
            _("Steget ”%(step)s” gavs till %(name)s")
            % {"step": _step(data), "name": names.person(data["to"])}
        ),
        "reason",
    ),
    "reminded": Telling(
        "mail", lambda names, data: _("Påminnelse om steget ”%(step)s”") % {"step": _step(data)}
    ),
    "reminded_automatically": Telling(
        "mail",
        lambda names, data: (
            _("Påminnelse om steget %(step)s, senast %(due)s")
            % {"step": _whose(names, data), "due": _day(data["due"])}
        ),
    ),
    "escalated": Telling("warning", _escalated),
    "claimed": Telling(
        "person",
        lambda names, data: (
            _("%(name)s tog uppgiften ”%(step)s”") % {"name": names.person(data["to"]), "step": _step(data)}
        ),
    ),
    "released": Telling(
        "person",
        lambda names, data: (
            _("%(name)s lämnade tillbaka uppgiften ”%(step)s”")
            % {"name": names.person(data["before"]), "step": _step(data)}
        ),
    ),
    "handed_over": Telling(
        "person",
        lambda names, data: (
            _("Uppgiften ”%(step)s” lämnades över till %(name)s")
            % {"step": _step(data), "name": names.person(data["to"])}
        ),
    ),
    "handed_back": Telling("undo", _handed_back),
    "role_empty": Telling(
        "warning",
        lambda names, data: (
            _("Ingen har längre den roll som steget ”%(step)s” väntar på") % {"step": _step(data)}
        ),
    ),
    "seat_empty": Telling(
        "warning",
        lambda names, data: (
            _("%(name)s är inte längre ledamot, och ingen ersättare kan rösta i stället")
            % {"name": names.person(data["member"])}
        ),
    ),
    "commented": _plain("comment", gettext_lazy("En kommentar skrevs")),
    "document_added": Telling("document", _document),
    "referral_sent": Telling("send", _referral_sent, "title"),
    "referral_answered": Telling("comment", _referral_answered),
    "referral_answer_corrected": Telling("edit", _referral_corrected),
    "referral_closed": Telling("archive", _referral_closed),
    "referral_compiled": _plain("document", gettext_lazy("Remissen sammanställdes")),
    "referral_link_renewed": Telling(
        "link", lambda names, data: _("En ny länk skickades till %(name)s") % {"name": data["name"]}
    ),
    "extension_asked": Telling(
        "clock",
        lambda names, data: (
            _("%(name)s bad om svarstid till %(day)s") % {"name": data["name"], "day": _day(data["until"])}
        ),
        "reason",
    ),
    "extension_decided": Telling("clock", _extension_decided),
}


@dataclass(frozen=True)
class Told:
    """An event as the timeline component shows it."""

    icon: str
    text: str
    detail: str
    at: dt.datetime
    actor: str
    on_behalf_of: str
    internal_to: str


def tell(event: CaseEvent, names: Names) -> Told:
    """The event in words. Raises KeyError for a kind that nobody has given words."""
    telling = TELLINGS[event.kind]
    return Told(
        icon=telling.icon,
        text=telling.text(names, event.data),
        detail=str(event.data.get(telling.detail) or "") if telling.detail else "",
        at=event.at,
        actor=event.actor.name if event.actor is not None else "",
        on_behalf_of=event.on_behalf_of.name if event.on_behalf_of is not None else "",
        internal_to=event.internal_to.label if event.internal_to is not None else "",
    )


def tell_all(events: Iterable[CaseEvent], names: Names) -> list[Told]:
    """The events in words, in the order given."""
    return [tell(event, names) for event in events]
