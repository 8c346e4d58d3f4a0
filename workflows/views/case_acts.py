"""Acts on a case beside its steps: one page each, that says what will follow and asks for what the act needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases.errors import AlreadyDone, InvalidInput, NotFound
from cases.models import Case, Person
from workflows import case_acts, policy
from workflows.forms.case_acts import (
    AskForm,
    CancelForm,
    HoldForm,
    NothingForm,
    ReassignForm,
    WithdrawForm,
)
from workflows.middleware import SignedInRequest
from workflows.models import WorkItem
from workflows.policy import Action
from workflows.queries import stand_ins_of
from workflows.steps.vote import close_voting
from workflows.views.announce import announce
from workflows.views.errors import answers_domain_errors, find_case, find_item, put_errors_on, status_of
from workflows.views.presenters.absence import absence_note


@dataclass(frozen=True)
class CaseAct:
    """One act: its right, its words, what is filled in, and the domain function that does it."""

    action: Action
    title: Promise
    consequences: tuple[Promise, ...]
    submit: Promise
    done: Promise
    do: Callable[..., Any]
    form: type[forms.Form] = NothingForm
    danger: bool = False


_WITHDRAW = CaseAct(
    Action.WITHDRAW,
    gettext_lazy("Återkalla förslaget"),
    (
        gettext_lazy("Ärendet avslutas som återkallat."),
        gettext_lazy("Alla öppna uppgifter tas bort, och de som hade dem får veta det."),
        gettext_lazy("Det som är registrerat finns kvar i diariet."),
        gettext_lazy("Det går inte att ångra. Du kan lämna ett nytt förslag."),
    ),
    gettext_lazy("Återkalla förslaget"),
    gettext_lazy("Förslaget är återkallat."),
    case_acts.withdraw,
    WithdrawForm,
    danger=True,
)
_HOLD = CaseAct(
    Action.HOLD,
    gettext_lazy("Lägg ärendet vilande"),
    (
        gettext_lazy("Ingen kan göra något steg i ärendet förrän det återupptas."),
        gettext_lazy(
            "Inga tidsgränser löper under tiden. När ärendet återupptas har alla lika många arbetsdagar kvar som nu."
        ),
    ),
    gettext_lazy("Lägg vilande"),
    gettext_lazy("Ärendet är vilande."),
    case_acts.hold,
    HoldForm,
)
_RESUME = CaseAct(
    Action.RESUME,
    gettext_lazy("Återuppta ärendet"),
    (
        gettext_lazy("Uppgifterna öppnas igen, och de som har dem får veta det."),
        gettext_lazy("Alla har lika många arbetsdagar kvar som när ärendet lades vilande."),
    ),
    gettext_lazy("Återuppta ärendet"),
    gettext_lazy("Ärendet är återupptaget."),
    case_acts.resume,
)
_CANCEL = CaseAct(
    Action.CANCEL,
    gettext_lazy("Avbryt ärendet"),
    (
        gettext_lazy("Ärendet avslutas som avbrutet. Skälet ses av alla som ser ärendet."),
        gettext_lazy("Alla öppna uppgifter tas bort, och de som hade dem får veta det."),
        gettext_lazy("Det går inte att ångra."),
    ),
    gettext_lazy("Avbryt ärendet"),
    gettext_lazy("Ärendet är avbrutet."),
    case_acts.cancel,
    CancelForm,
    danger=True,
)
_ASK = CaseAct(
    Action.ASK,
    gettext_lazy("Fråga initiativtagaren"),
    (gettext_lazy("Initiativtagaren får en uppgift att svara. Ärendet går vidare under tiden."),),
    gettext_lazy("Ställ frågan"),
    gettext_lazy("Frågan är ställd."),
    case_acts.ask_proposer,
    AskForm,
)
_CLOSE_VOTING = CaseAct(
    Action.CLOSE_VOTING,
    gettext_lazy("Stäng röstningen"),
    (
        gettext_lazy("De ledamöter som inte har röstat kan inte rösta längre i den här överläggningen."),
        gettext_lazy("Det går bara om tillräckligt många har röstat för att rådet ska vara beslutfört."),
        gettext_lazy("Du får sedan avgöra överläggningen."),
    ),
    gettext_lazy("Stäng röstningen"),
    gettext_lazy("Röstningen är stängd."),
    close_voting,
)


def _page(request: SignedInRequest, act: CaseAct, case: Case, form: forms.Form, **more: Any) -> HttpResponse:
    context = {"act": act, "case": case, "form": form, "cancel_url": reverse("case", args=[case.pk]), **more}
    return render(request, "workflows/acts/confirm.html", context, status=status_of(form))


def _confirm_and_do(request: SignedInRequest, act: CaseAct, case_id: int) -> HttpResponse:
    case = find_case(request.access, case_id)
    if request.method != "POST":
        policy.require(request.access, act.action, case)
        return _page(request, act, case, act.form())
    form = act.form(request.POST)
    if form.is_valid():
        try:
            act.do(case_id=case_id, actor=request.user, now=timezone.now(), **form.cleaned_data)
        except InvalidInput as error:
            put_errors_on(form, error)
        else:
            announce(request, str(act.done), case_id)
            return redirect("case", case_id)
    return _page(request, act, case, form)


def case_act_view(act: CaseAct) -> Callable[..., HttpResponseBase]:
    """The page of an act."""

    def view(request: SignedInRequest, *, case_id: int) -> HttpResponse:
        return _confirm_and_do(request, act, case_id)

    view.__doc__ = f"{act.action.value}: GET says what follows, POST does it."
    return require_http_methods(["GET", "HEAD", "POST"])(answers_domain_errors(view))


withdraw_case = case_act_view(_WITHDRAW)
hold_case = case_act_view(_HOLD)
resume_case = case_act_view(_RESUME)
cancel_case = case_act_view(_CANCEL)
ask_about_case = case_act_view(_ASK)
close_case_voting = case_act_view(_CLOSE_VOTING)


_REASSIGN = CaseAct(
    Action.REASSIGN,
    gettext_lazy("Lämna över uppgiften"),
    (gettext_lazy("Den som tar över får veta det. Skälet ses av dem som ser steget."),),
    gettext_lazy("Lämna över"),
    gettext_lazy("Uppgiften är överlämnad."),
    case_acts.reassign,
    ReassignForm,
)
_REMIND = CaseAct(
    Action.REMIND,
    gettext_lazy("Skicka en påminnelse"),
    (
        gettext_lazy("De som kan göra uppgiften får ett meddelande nu."),
        gettext_lazy("Det går att påminna om samma uppgift en gång om dygnet."),
    ),
    gettext_lazy("Skicka påminnelsen"),
    gettext_lazy("Påminnelsen är skickad."),
    case_acts.remind,
)


def _item_of_case(request: SignedInRequest, case_id: int, item_id: int) -> tuple[Case, WorkItem]:
    """The case and its open step. Raises NotFound, AlreadyDone."""
    case = find_case(request.access, case_id)
    item = find_item(request.access, item_id)
    if item.case_id != case.pk or not request.access.sees_internal(item.internal_to_id):
        raise NotFound()
    if item.finished is not None:
        raise AlreadyDone()
    return case, item


def _stand_in_note(item: WorkItem, stand_ins: list[Person], now: dt.datetime) -> str:
    """Whether the one whom the task waits for is away, and who could do it instead."""
    away = absence_note([item.owner], [], timezone.localdate(now)) if item.owner is not None else ""
    if stand_ins:
        names = ", ".join(person.name for person in stand_ins)
        told = _("Ersättare som är på plats: %(names)s.") % {"names": names}
    else:
        told = _("Ingen ersättare är på plats.") if away else ""
    return f"{away} {told}".strip()


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def reassign_item(request: SignedInRequest, *, case_id: int, item_id: int) -> HttpResponse:
    """Give an open task to a named person."""
    case, item = _item_of_case(request, case_id, item_id)
    policy.require(request.access, Action.REASSIGN, case)
    now = timezone.now()
    people = case_acts.eligible_for(item, on=timezone.localdate(now)).exclude(pk=item.owner_id)
    stand_ins = stand_ins_of(item, today=timezone.localdate(now))
    initial = {"to": stand_ins[0].pk} if stand_ins else {}
    form = ReassignForm(request.POST if request.method == "POST" else None, people=people, initial=initial)
    if form.is_valid():
        try:
            case_acts.reassign(
                case_id=case_id, item_id=item_id, actor=request.user, now=now, **form.cleaned_data
            )
        except InvalidInput as error:
            put_errors_on(form, error)
        else:
            given = _("%(name)s har nu uppgiften ”%(step)s”.") % {
                "name": form.cleaned_data["to"].name,
                "step": item.title,
            }
            announce(request, given, case_id)
            return redirect("case", case_id)
    return _page(request, _REASSIGN, case, form, item=item, note=_stand_in_note(item, stand_ins, now))


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def remind_of_item(request: SignedInRequest, *, case_id: int, item_id: int) -> HttpResponse:
    """Remind those whom an open task waits for."""
    case, item = _item_of_case(request, case_id, item_id)
    policy.require(request.access, Action.REMIND, case)
    if request.method != "POST":
        now = timezone.now()
        note = _stand_in_note(item, stand_ins_of(item, today=timezone.localdate(now)), now)
        return _page(request, _REMIND, case, NothingForm(), item=item, note=note)
    case_acts.remind(case_id=case_id, item_id=item_id, actor=request.user, now=timezone.now())
    announce(request, str(_REMIND.done), case_id)
    return redirect("case", case_id)
