"""``manage.py verify_history`` finds every kind of tampering with a history, by case and event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from cases.models import Case, CaseEvent
from notifications.models import OutboxEntry
from tests.world import build_world

pytestmark = pytest.mark.django_db


def event(case: Case, seq: int) -> CaseEvent:
    return CaseEvent.objects.get(case=case, seq=seq)


def change(case: Case, **values: object) -> None:
    CaseEvent.objects.filter(case=case, seq=3).update(**values)


def remove(case: Case, seq: int) -> None:
    """Remove an event and what was derived from it, as somebody with the database in their hands could."""
    OutboxEntry.objects.filter(event=event(case, seq)).delete()
    event(case, seq).delete()


def cut_off_the_end(case: Case) -> None:
    remove(case, case.event_count)


def cut_off_the_end_and_the_count(case: Case) -> None:
    cut_off_the_end(case)
    Case.objects.filter(pk=case.pk).update(event_count=F("event_count") - 1)


def add_at_the_end(case: Case) -> None:
    last = event(case, case.event_count)
    CaseEvent.objects.create(
        case=case, seq=last.seq + 1, kind="commented", actor=last.actor, at=last.at, data={}, hash="0" * 64
    )


def change_places(case: Case) -> None:
    for old, new in ((2, 900), (3, 2), (900, 3)):
        CaseEvent.objects.filter(case=case, seq=old).update(seq=new)


def change_the_head(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(event_head="f" * 64)


def test_untouched_histories_verify(capsys: pytest.CaptureFixture[str]) -> None:
    world = build_world()
    world.finish(world.submitted())
    call_command("verify_history")
    assert "1 cases" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("tamper", "seq"),
    [
        (lambda case: change(case, data={"outcome": "accept"}), 3),
        (lambda case: change(case, kind="commented"), 3),
        (lambda case: change(case, at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)), 3),
        (lambda case: change(case, actor=None), 3),
        (lambda case: change(case, on_behalf_of=case.created_by), 3),
        (lambda case: change(case, internal_to=case.partnership.parties.first()), 3),
        (lambda case: change(case, hash="a" * 64), 3),
        (lambda case: remove(case, 3), 3),
        (lambda case: remove(case, 1), 1),
        (change_places, 2),
        (cut_off_the_end, None),
        (cut_off_the_end_and_the_count, None),
        (add_at_the_end, None),
        (change_the_head, None),
    ],
    ids=["data", "kind", "time", "actor", "deputy", "internal", "hash", "gap", "no beginning", "order", "end", "end and count",
         "added", "head"],
)  # fmt: skip
def test_tampering_is_found_and_named(tamper: Callable[[Case], object], seq: int | None) -> None:
    world = build_world()
    untouched, touched = world.submitted(), world.submitted()
    world.act(touched, "screen")
    touched.refresh_from_db()
    tamper(touched)
    with pytest.raises(CommandError) as caught:
        call_command("verify_history")
    message = str(caught.value)
    assert f"case {touched.pk}, event {seq or ''}" in message
    assert f"case {untouched.pk}," not in message
    assert caught.value.returncode == 1


def test_one_case_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    world = build_world()
    broken, whole = world.submitted(), world.submitted()
    change_the_head(broken)
    call_command("verify_history", str(whole.pk))
    assert "1 cases" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no such case: 999999"):
        call_command("verify_history", "999999")
