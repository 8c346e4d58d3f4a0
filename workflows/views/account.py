"""The person's own: signing in and out, language, absence, roles; and what every service has to tell of itself."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import path
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.errors import InvalidInput
from cases.models import Person, Role, RoleHolding
from cases.models.roles import person_key
from workflows import policy
from workflows.delegation import given_and_received, set_absence
from workflows.forms.profile import ProfileForm
from workflows.middleware import SignedInRequest
from workflows.models import WorkItem
from workflows.policy import PersonAction
from workflows.views.delegations import tell
from workflows.views.errors import answers_domain_errors, put_errors_on, status_of
from workflows.views.presenters.roles import (
    delegations_table,
    deputies_of,
    role_at,
    roles_around,
    roles_table,
)

Item = dict[str, Any]
#: The backend that a person chosen in the demonstration is signed in with.
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def may_sign_in_by_choosing() -> bool:
    """Whether this is a demonstration, where the invented people can be chosen without a password."""
    return settings.SAMVERKA_MODE == "demo" and settings.SAMVERKA_DEMO_SIGN_IN


# Signing in and out


def demo_people() -> list[Item]:
    """The invented people: first those who have something to do, with how much, then everybody by role.

    A group is ``role_label``, ``people`` and whether it is ``open``; a person has ``tasks``, how many wait for them.
    """
    rows = list(
        RoleHolding.objects.current(timezone.localdate())
        .filter(person__invented=True, person__is_active=True, case__isnull=True)
        .select_related("person__organisation")
        .order_by("person__name")
    )
    waiting = Counter(WorkItem.objects.open().values_list("holder_key", flat=True))
    people = {person.pk: person for person in Person.objects.filter(invented=True, is_active=True)
              .select_related("organisation").order_by("name")}  # fmt: skip
    tasks = Counter({pk: waiting[person_key(pk)] for pk in people})
    by_role: dict[str, dict[int, Person]] = {}
    for row in rows:
        tasks[row.person_id] += waiting[row.key]
        by_role.setdefault(row.role, {})[row.person_id] = row.person
    told = {pk for group in by_role.values() for pk in group}
    loose = [person for pk, person in people.items() if pk not in told]
    busy = [person for pk, person in people.items() if tasks[pk]]
    groups = [(str(role.label), list(by_role[role].values())) for role in Role if role in by_role]
    groups.insert(0, (str(Role.PROPOSER.label), loose))
    groups.insert(0, (_("Har något att göra just nu"), busy))
    return [
        {
            "role_label": label,
            "people": [{"person": person, "tasks": tasks[person.pk]} for person in group],
            "open": number == 0,
        }
        for number, (label, group) in enumerate(groups)
        if group
    ]


class _Unprocessable:
    """A form that comes back with errors says so in its status, as on every other page."""

    def form_invalid(self, form: Any) -> HttpResponse:
        view: Any = self
        answer: HttpResponse = view.render_to_response(view.get_context_data(form=form), status=422)
        return answer


class SignIn(_Unprocessable, auth.LoginView):
    """By address and password; in a demonstration also by choosing somebody."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = demo_people() if may_sign_in_by_choosing() else []
        return {**super().get_context_data(**kwargs), "demo_people": people}


def _next_page(request: HttpRequest) -> str:
    """Where the form asked to go afterwards, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return str(resolve_url(settings.LOGIN_REDIRECT_URL))


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the invented people. Exists in a demonstration only."""
    if not may_sign_in_by_choosing():
        raise Http404
    key = request.POST.get("person", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 16):
        raise Http404
    person = Person.objects.filter(pk=int(key), invented=True, is_active=True).first()
    if person is None:
        raise Http404
    login(request, person, backend=_BACKEND)
    return redirect(_next_page(request))


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Choose the language: remembered for the person, and in the browser for who has not signed in."""
    language = request.POST.get("language", "")
    answer = redirect(_next_page(request))
    if language in Person.Language.values:
        person = request.user
        if isinstance(person, Person) and person.language != language:
            Person.objects.filter(pk=person.pk).update(language=language)
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
            httponly=True,
        )
    return answer


class ChangePassword(_Unprocessable, auth.PasswordChangeView):
    """A new password for who knows the old one."""

    template_name = "registration/password_change_form.html"


class AskForNewPassword(_Unprocessable, auth.PasswordResetView):
    """A link by mail, for who has forgotten the password."""

    template_name = "registration/password_reset_form.html"
    email_template_name = "registration/password_reset_email.html"
    subject_template_name = "registration/password_reset_subject.txt"


class ChooseNewPassword(_Unprocessable, auth.PasswordResetConfirmView):
    """The page that the link leads to."""

    template_name = "registration/password_reset_confirm.html"


# The profile


@answers_domain_errors
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    """Language, absence and delegation, which the person keeps; name, address and roles, which they see."""
    person = Person.objects.select_related("organisation").get(pk=request.user.pk)
    request.user.organisation = person.organisation  # the frame shows it, too
    today = timezone.localdate()
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid() and _save(request, form):
        translation.activate(person.language)
        messages.success(request, _("Profilen är sparad."))
        return redirect("profile")
    rows = roles_around(person, on=today)
    labels = {row.key: role_at(row) for row in rows}
    given, received = given_and_received(person, on=today)
    context = {
        "form": form,
        "facts": [
            {"label": _("Namn"), "text": request.user.name},
            {"label": _("Befattning"), "text": person.title},
            {"label": _("Organisation"), "text": person.organisation.label if person.organisation else ""},
            {"label": _("E-postadress"), "text": person.email},
        ],
        "roles": roles_table(rows, person),
        "deputies": deputies_of(rows, person, on=today),
        "given": delegations_table(given, labels, given=True),
        "received": delegations_table(received, labels, given=False),
        "for_anybody": policy.may_for_anybody(request.access, PersonAction.DELEGATE),
    }
    return render(request, "workflows/account/profile.html", context, status=status_of(form))


def _save(request: SignedInRequest, form: ProfileForm) -> bool:
    """Save the profile, and let the stand-in who was chosen act meanwhile: both or neither."""
    given = form.cleaned_data
    to: Person | None = given.get("to")
    try:
        with transaction.atomic():
            done = set_absence(
                actor=request.user,
                absent_from=given["absent_from"],
                absent_until=given["absent_until"],
                to=to,
                now=timezone.now(),
            )
            form.save()
    except InvalidInput as error:
        put_errors_on(form, error)
        return False
    if to is not None and done is not None:
        tell(request, to.name, done)
    return True


# What the service tells of itself


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "workflows/account/accessibility.html")


def _own(view: type[Any], template: str) -> Any:
    return view.as_view(template_name=f"registration/{template}.html")


urlpatterns = [
    path("logga-in/", SignIn.as_view(), name="sign-in"),
    path("logga-ut/", auth.LogoutView.as_view(), name="sign-out"),
    path("logga-in/demo/", demo_sign_in, name="demo-sign-in"),
    path("konto/", profile, name="profile"),
    path("konto/sprak/", set_language, name="set-language"),
    path("konto/losenord/", ChangePassword.as_view(), name="password_change"),
    path(
        "konto/losenord/klart/",
        _own(auth.PasswordChangeDoneView, "password_change_done"),
        name="password_change_done",
    ),
    path("logga-in/glomt/", AskForNewPassword.as_view(), name="password_reset"),
    path(
        "logga-in/glomt/skickat/",
        _own(auth.PasswordResetDoneView, "password_reset_done"),
        name="password_reset_done",
    ),
    path("logga-in/nytt/<uidb64>/<token>/", ChooseNewPassword.as_view(), name="password_reset_confirm"),
    path(
        "logga-in/nytt/klart/",
        _own(auth.PasswordResetCompleteView, "password_reset_complete"),
        name="password_reset_complete",
    ),
    path("tillganglighet/", accessibility, name="accessibility"),
]
