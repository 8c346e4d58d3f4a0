"""Letting somebody act in one's stead, and ending it; an administrator does it for anybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.errors import AlreadyDone, InvalidInput, NotFound
from cases.models import Case, Delegation, Person
from workflows import policy
from workflows.delegation import Delegated, delegate, end_delegation, receivers, roles_to_delegate
from workflows.forms.delegation import DelegateForm, WhoseForm
from workflows.middleware import SignedInRequest
from workflows.policy import PersonAction
from workflows.views.errors import answers_domain_errors, put_errors_on, status_of
from workflows.views.presenters.roles import period_text, role_at

Item = dict[str, Any]

#: How many rows the administrator's list shows.
LIST_ROWS = 200


def tell(request: SignedInRequest, name: str, done: Delegated) -> None:
    """Say that it is done, and in which of the cases that the reader sees the stand-in may not act."""
    messages.success(request, _("%(name)s är nu utsedd till ersättare.") % {"name": name})
    seen = Case.objects.visible_to(request.access).filter(pk__in=done.not_in_cases).order_by("pk")
    numbers = ", ".join(case.number for case in seen) if done.not_in_cases else ""
    if numbers:
        text = _(
            "%(name)s har ett jäv eller ett eget förslag i %(cases)s och kan inte göra dina uppgifter där."
        )
        messages.warning(request, text % {"name": name, "cases": numbers})


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def delegate_own(request: SignedInRequest) -> HttpResponse:
    """Let somebody act in one's own stead."""
    return _delegate(request, request.user, back=reverse("profile"))


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def delegate_for(request: SignedInRequest, *, person_id: int) -> HttpResponse:
    """Let somebody act in another person's stead."""
    policy.require_for_person(request.access, PersonAction.DELEGATE, person_id)
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise NotFound()
    return _delegate(request, person, back=reverse("delegations"))


def _way_here(person: Person, reader: Person, here: str) -> list[Item]:
    """From one's own profile, or from everybody's delegations."""
    own = person.pk == reader.pk
    label, name = (_("Min profil"), "profile") if own else (_("Delegeringar"), "delegations")
    return [{"label": label, "url": reverse(name)}, {"label": here}]


def _delegate(request: SignedInRequest, person: Person, *, back: str) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    first, last = person.absent_from, person.absent_until
    rows = roles_to_delegate(person, first=today, last=today + dt.timedelta(days=366)).select_related(
        "organisation", "body", "partnership", "case", "area"
    )
    form = DelegateForm(
        request.POST if request.method == "POST" else None,
        people=receivers(person, on=today),
        roles=dict.fromkeys((row.key, role_at(row)) for row in rows.order_by("valid_from", "pk")),
        initial={"extent": "all", "valid_from": max(first or today, today), "valid_until": last},
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            done = delegate(
                actor=request.user,
                person=person,
                to=given["to"],
                roles=form.chosen_roles,
                valid_from=given["valid_from"],
                valid_until=given["valid_until"],
                reason=given["reason"],
                now=now,
            )
        except InvalidInput as error:
            put_errors_on(form, error)
        except AlreadyDone as error:
            messages.info(request, str(error.message))
            return redirect(back)
        else:
            tell(request, given["to"].name, done)
            return redirect(back)
    context = {
        "form": form,
        "person": person,
        "own": person.pk == request.user.pk,
        "back": back,
        "breadcrumbs": _way_here(person, request.user, _("Delegera")),
    }
    return render(request, "workflows/account/delegate.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@answers_domain_errors
def end(request: SignedInRequest, *, delegation_id: int) -> HttpResponse:
    """GET says what follows, POST ends the delegation."""
    row = Delegation.objects.select_related("person", "to").filter(pk=delegation_id).first()
    if row is None:
        raise NotFound()
    policy.require_for_person(request.access, PersonAction.END_DELEGATION, row.person_id)
    back = reverse("profile" if row.person_id == request.user.pk else "delegations")
    if request.method == "POST":
        end_delegation(delegation_id=delegation_id, actor=request.user, now=timezone.now())
        messages.success(request, _("%(name)s är inte längre ersättare.") % {"name": row.to.name})
        return redirect(back)
    if row.ended_at is not None or row.valid_until < timezone.localdate():
        raise AlreadyDone(_("Delegeringen är redan avslutad."))
    context = {
        "row": row,
        "period": period_text(row.valid_from, row.valid_until),
        "back": back,
        "breadcrumbs": _way_here(row.person, request.user, _("Avsluta delegeringen")),
    }
    return render(request, "workflows/account/end_delegation.html", context)


@require_http_methods(["GET", "HEAD"])
@answers_domain_errors
def list_all(request: SignedInRequest) -> HttpResponse:
    """Every delegation that lasts or is to come, for who may delegate for anybody."""
    policy.require_for_person(request.access, PersonAction.DELEGATE, 0)
    form = WhoseForm(
        request.GET if "person" in request.GET else None,
        people=Person.objects.filter(is_active=True).select_related("organisation").order_by("name", "pk"),
    )
    if form.is_valid():
        return redirect("delegate-for", form.cleaned_data["person"].pk)
    rows = (
        Delegation.objects.standing()
        .filter(valid_until__gte=timezone.localdate())
        .select_related("person__organisation", "to", "created_by")
        .order_by("valid_until", "person__name", "pk")[:LIST_ROWS]
    )
    context = {"form": form, "table": _table(rows)}
    return render(request, "workflows/account/delegations.html", context, status=status_of(form))


def _table(rows: Iterable[Delegation]) -> Item | None:
    who, to, what, period, act = _("Person"), _("Ersättare"), _("Gäller"), _("Period"), _("Åtgärd")
    shown = [
        {
            "cells": [
                {"label": who, "text": row.person.name, "sub": str(row.person.organisation or "")},
                {"label": to, "text": row.to.name, "sub": row.reason},
                {"label": what, "text": _("Alla roller") if row.all_roles else _("En roll")},
                {"label": period, "text": period_text(row.valid_from, row.valid_until)},
                {
                    "label": act,
                    "text": _("Avsluta delegeringen till %(name)s") % {"name": row.to.name},
                    "url": reverse("delegation-end", args=[row.pk]),
                },
            ]
        }
        for row in rows
    ]
    labels = (who, to, what, period, act)
    return {"columns": [{"label": label} for label in labels], "rows": shown} if shown else None


urlpatterns = [
    path("konto/delegera/", delegate_own, name="delegate"),
    path("delegeringar/", list_all, name="delegations"),
    path("delegeringar/<int:delegation_id>/avsluta/", end, name="delegation-end"),
    path("personer/<int:person_id>/delegera/", delegate_for, name="delegate-for"),
]
