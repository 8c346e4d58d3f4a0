"""Loading profile files into the database: validated, bound to what they name, versioned."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import transaction

from cases.models import Body, Organisation, Partnership
from workflows.models import ProcessProfile, ProfileVersion
from workflows.profile import Ids, Profile, ProfileFault, checksum_of, parse_profile


def _bind_ids(profile: Profile, partnership: Partnership, filename: str) -> Ids:
    """What the profile's slugs stand for. Every fault is named with its slug."""
    organisations, bodies = profile.slugs()
    organisation_ids = dict(Organisation.objects.filter(slug__in=organisations).values_list("slug", "pk"))
    body_rows = {body.slug: body for body in Body.objects.filter(slug__in=bodies)}
    parties = dict(
        partnership.party_rows.order_by("order").values_list("organisation__slug", "organisation_id")
    )
    faults = [
        f"{filename}: no organisation {slug!r}" for slug in sorted(organisations - set(organisation_ids))
    ]
    faults += [f"{filename}: no body {slug!r}" for slug in sorted(bodies - set(body_rows))]
    faults += [
        f"{filename}: chains: {slug!r} is no party of {partnership.slug!r}"
        for slug in sorted(set(profile.chains) - set(parties))
    ]
    faults += [
        f"{filename}: chains: the party {slug!r} has no chain"
        for slug in sorted(set(parties) - set(profile.chains))
    ]
    steering = body_rows.get(profile.steering_body)
    if steering is not None and steering.partnership_id != partnership.pk:
        faults.append(f"{filename}: steering_body: {steering.slug!r} is no body of {partnership.slug!r}")
    for party, chain in profile.chains.items():
        for number, step in enumerate(chain, 1):
            body = body_rows.get(step.body or "")
            if body is not None and body.organisation_id != organisation_ids.get(party):
                faults.append(
                    f"{filename}: chains.{party}.{number}.body: {body.slug!r} is no body of {party!r}"
                )
            reported_to = body_rows.get(step.report_to or "")
            if reported_to is not None and reported_to.organisation_id != organisation_ids.get(party):
                faults.append(
                    f"{filename}: chains.{party}.{number}.report_to: {reported_to.slug!r} is no body of {party!r}"
                )
            if step.organisation is not None and step.organisation != party:
                faults.append(
                    f"{filename}: chains.{party}.{number}.organisation: the step is not of {party!r}"
                )
    if faults:
        raise ProfileFault(faults)
    return {
        "organisations": organisation_ids,
        "bodies": {slug: body.pk for slug, body in body_rows.items()},
        # In the order of the signed document, which a JSON object would not keep on PostgreSQL.
        "parties": list(parties.items()),
    }


@transaction.atomic
def load_profile(text: str, *, filename: str, now: dt.datetime) -> tuple[ProfileVersion, bool]:
    """Load a profile file. Returns the version and whether it is new: the same content makes no new version.

    Raises :class:`ProfileFault` naming file, line and field.
    """
    profile = parse_profile(text, filename=filename)
    partnership = Partnership.objects.filter(slug=profile.partnership).first()
    if partnership is None:
        raise ProfileFault([f"{filename}: partnership: no partnership {profile.partnership!r}"])
    ids = _bind_ids(profile, partnership, filename)
    row, _created = ProcessProfile.objects.select_for_update().get_or_create(
        partnership=partnership, defaults={"slug": profile.profile}
    )
    checksum = checksum_of(profile, ids)
    newest = row.versions.order_by("-number").first()
    if newest is not None and newest.checksum == checksum:
        return newest, False
    version = ProfileVersion.objects.create(
        profile=row,
        number=newest.number + 1 if newest is not None else 1,
        data=profile.model_dump(mode="json"),
        ids=ids,
        checksum=checksum,
        loaded_at=now,
    )
    return version, True


def load_profile_file(path: Path, *, now: dt.datetime) -> tuple[ProfileVersion, bool]:
    """Load a profile from a file; see :func:`load_profile`."""
    return load_profile(path.read_text(encoding="utf-8"), filename=path.name, now=now)
