"""``manage.py add_person``: somebody who may sign in, and optionally a role that they hold."""

from __future__ import annotations

import datetime as dt
import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.errors import InvalidInput
from cases.models import Body, FocusArea, Organisation, Partnership, Person, Role
from cases.roles import Scope, give_role


class Command(BaseCommand):
    help = (
        "Adds a person, or finds them by their address, and gives them a role. A new person has no password yet and "
        "chooses one through the page for forgotten passwords."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", help="needed for a new person")
        parser.add_argument("--title", default="")
        parser.add_argument("--organisation", help="the slug of where they work")
        parser.add_argument("--language", choices=Person.Language.values, default=Person.Language.SWEDISH)
        parser.add_argument("--role", choices=Role.values)
        parser.add_argument(
            "--at",
            help="where the role is held: organisation:SLUG, body:SLUG or partnership:SLUG; nothing for administrator",
        )
        parser.add_argument("--area", help="the slug of a contact person's area, as PARTNERSHIP/AREA")
        parser.add_argument(
            "--represents", help="the slug of the party that a member of a joint body sits for"
        )
        parser.add_argument("--deputy-for", help="the address of whom they stand in for")
        parser.add_argument(
            "--from", dest="valid_from", type=dt.date.fromisoformat, help="first day, default today"
        )
        parser.add_argument("--until", dest="valid_until", type=dt.date.fromisoformat, help="last day")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        person = self._person(options)
        if options["role"]:
            self._give(person, options)

    def _person(self, options: dict[str, Any]) -> Person:
        email = options["email"].strip().lower()
        person = Person.objects.filter(email=email).first()
        if person is not None:
            return person
        if not options["name"]:
            raise CommandError("Nobody has that address. Give --name for a new person.")
        person = Person.objects.create_user(
            email,
            # Django sends its reset mail only to those who have a password: nobody ever learns this one.
            secrets.token_urlsafe(32),
            name=options["name"],
            title=options["title"],
            language=options["language"],
            organisation=_found(Organisation, options["organisation"]) if options["organisation"] else None,
        )
        self.stdout.write(f"added {person.email}")
        return person

    def _give(self, person: Person, options: dict[str, Any]) -> None:
        area: FocusArea | None = None
        if options["area"]:
            partnership, _slash, slug = options["area"].partition("/")
            area = FocusArea.objects.filter(partnership__slug=partnership, slug=slug).first()
            if area is None:
                raise CommandError(f"--area: there is no {options['area']!r}")
        deputy_for = Person.objects.filter(email=(options["deputy_for"] or "").lower()).first()
        if options["deputy_for"] and deputy_for is None:
            raise CommandError(f"--deputy-for: nobody has the address {options['deputy_for']!r}")
        try:
            with transaction.atomic():
                holding = give_role(
                    person=person,
                    role=Role(options["role"]),
                    scope=_scope(options["at"]),
                    valid_from=options["valid_from"] or timezone.localdate(),
                    valid_until=options["valid_until"],
                    area=area,
                    represents=_found(Organisation, options["represents"]) if options["represents"] else None,
                    deputy_for=deputy_for,
                )
        except InvalidInput as error:
            raise CommandError(
                f"--role {options['role']} --at {options['at']}: the role cannot be held there"
            ) from error
        except IntegrityError as error:
            raise CommandError(
                "The person holds that role from that day already, or the dates are not in order."
            ) from error
        self.stdout.write(f"{person.email} holds {holding.key} from {holding.valid_from}")


def _found(model: Any, slug: str) -> Any:
    row = model.objects.filter(slug=slug).first()
    if row is None:
        raise CommandError(f"there is no {model._meta.model_name} {slug!r}")
    return row


def _scope(at: str | None) -> Scope:
    if at is None:
        return None
    kind, _colon, slug = at.partition(":")
    models: dict[str, Any] = {"organisation": Organisation, "body": Body, "partnership": Partnership}
    if kind not in models:
        raise CommandError("--at: organisation:SLUG, body:SLUG or partnership:SLUG")
    found: Scope = _found(models[kind], slug)
    return found
