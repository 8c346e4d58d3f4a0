"""What each step asks of the person, and what its button says."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflows.models import WorkItem
from workflows.policy import Action


@dataclass(frozen=True)
class Ask:
    """The sentence may name ``%(party)s``, for whom the task is done, and ``%(name)s``, who asked."""

    sentence: Promise | str
    button: Promise | str


ASKS: dict[Action, Ask] = {
    Action.SCREEN: Ask(
        _("Ett förslag väntar på granskning. Avgör om det ska tas upp."), _("Granska förslaget")
    ),
    Action.COMPLETE: Ask(
        _("Förslaget behöver kompletteras innan det kan gå vidare."), _("Komplettera förslaget")
    ),
    Action.REGISTER: Ask(_("Ärendet ska registreras i diariet hos %(party)s."), _("Registrera ärendet")),
    Action.STATEMENT: Ask(
        _("Ett förslag har tagits upp. Beskriv vilket behov och vilken nytta det har för %(party)s."),
        _("Ange behov och nytta"),
    ),
    Action.PREPARE: Ask(
        _("Ärendet är klart att beredas. Skriv underlaget till styrgruppen."), _("Bered underlaget")
    ),
    Action.VOTE: Ask(_("Förslaget är öppet för omröstning. Läs underlaget och rösta."), _("Läs och rösta")),
    Action.AT_MEETING: Ask(
        _("Ärendet är klart för möte. Sätt upp det på dagordningen."), _("Sätt upp på dagordningen")
    ),
    Action.CONCLUDE: Ask(
        _("Omröstningen är avslutad. Avgör vad överläggningen har kommit fram till."),
        _("Avgör överläggningen"),
    ),
    Action.AGREEMENT_NEED: Ask(
        _("Styrgruppen tillstyrker förslaget. Avgör om ett särskilt avtal behövs, och skriv skälet."),
        _("Avgör avtalsfrågan"),
    ),
    Action.DRAFT_AGREEMENT: Ask(
        _("Ett särskilt avtal ska upprättas. Skriv avtalets nästa lydelse."), _("Upprätta avtalet")
    ),
    Action.REVIEW_AGREEMENT: Ask(
        _("En lydelse av avtalet är klar att granskas för %(party)s."), _("Granska avtalet")
    ),
    Action.DECIDE: Ask(
        _("Ärendet har kommit till detta steg i beslutsordningen hos %(party)s."), _("Läs och besluta")
    ),
    Action.SIGN: Ask(_("Avtalet är klart att undertecknas för %(party)s."), _("Läs och underteckna")),
    Action.REPORT: Ask(_("Det är dags att rapportera hur verksamheten går."), _("Skriv rapporten")),
    Action.CLOSING_REPORT: Ask(
        _("Verksamheten har avslutats. Skriv slutrapporten, så att ärendet kan stängas."),
        _("Skriv slutrapporten"),
    ),
    Action.REFERRAL_ANSWER: Ask(_("Ni är ombedda att lämna synpunkter i en remiss."), _("Besvara remissen")),
    Action.COMPILE_REFERRAL: Ask(
        _("Remissen är stängd. Sammanfatta svaren och ange hur varje synpunkt har mötts."),
        _("Sammanställ remissen"),
    ),
    Action.ANSWER: Ask(_("%(name)s har ställt en fråga om förslaget."), _("Besvara frågan")),
}


def ask_of(item: WorkItem) -> Ask:
    """What the task asks. A decision that a body makes at its meeting is first a matter for the agenda."""
    if item.step == Action.DECIDE and item.data.get("at_meeting"):
        return ASKS[Action.AT_MEETING]
    return ASKS[Action(item.step)]
