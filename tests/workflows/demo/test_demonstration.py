"""The demonstration as it is loaded: every stage and end, by acts of people who may, in working hours, numbered in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import models, transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from cases.files import inspect_upload
from cases.models import (
    Agreement,
    Case,
    CaseEvent,
    CaseStatus,
    Decision,
    DelegatedReport,
    Deliberation,
    DeliberationOutcome,
    DeputyCall,
    DocumentVersion,
    EndState,
    Meeting,
    MeetingStatus,
    MemberStatement,
    Person,
    Question,
    RegistryNumber,
    Report,
    Stage,
    StatementKind,
    Vote,
    VoteChoice,
)
from workflows.demo.directory import Directory
from workflows.demo.invariants import check_case, check_register
from workflows.demo.load import Loaded, load_demo
from workflows.demo.meeting_invariants import check_meetings
from workflows.demo.papers import pdf
from workflows.models import ProfileVersion, WorkItem
from workflows.profile import profile_of_version
from workflows.working_days import is_working_day

pytestmark = pytest.mark.django_db

TODAY = dt.datetime(2026, 11, 21, 16, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demonstration's documents lie."""
    return tmp_path_factory.mktemp("demonstration")


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker, files: Path) -> Iterator[Loaded]:
    """The demonstration, played once for the tests of this file and rolled back after them."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files), transaction.atomic():
        yield load_demo(now=TODAY)
        transaction.set_rollback(True)


def test_every_activity_of_the_plan_is_a_case(demo: Loaded) -> None:
    plan = Case.objects.filter(partnership__slug="lk-liu", created_at__year__lte=2024)
    assert plan.count() == 10
    assert set(plan.values_list("status", flat=True)) == {CaseStatus.CLOSED, CaseStatus.OPEN}
    klimat = plan.get(title__startswith="Klimatneutrala").proposal
    assert klimat.start_words == "Oktober 2021"
    assert klimat.council_task == "follow_project"
    assert klimat.reporting_kind == "continuous"


def test_cases_stand_in_every_stage_and_end_state(demo: Loaded) -> None:
    assert set(Case.objects.values_list("stage", flat=True)) == set(Stage.values)
    assert set(Case.objects.values_list("end_state", flat=True)) == {"", *EndState.values}
    assert set(Case.objects.values_list("status", flat=True)) == set(CaseStatus.values)


def test_what_must_hold_holds_of_every_case(demo: Loaded) -> None:
    directory = Directory()
    found = [violation for case_id in demo.cases for violation in check_case(case_id, directory, TODAY)]
    assert [str(violation) for violation in [*found, *check_register(), *check_meetings()]] == []


def test_people_act_in_working_hours_and_never_ahead_of_today(demo: Loaded) -> None:
    for event in CaseEvent.objects.exclude(actor=None).only("at", "kind"):
        local = timezone.localtime(event.at)
        assert is_working_day(local.date()), event.kind
        assert dt.time(8) <= local.time() < dt.time(17), event.kind
        assert event.at <= TODAY


def test_numbers_are_given_in_the_order_of_time(demo: Loaded) -> None:
    rows = RegistryNumber.objects.order_by("organisation", "year", "serial")
    last: dict[tuple[int, int], dt.datetime] = {}
    for row in rows:
        place = (row.organisation_id, row.year)
        assert last.get(place, row.registered_at) <= row.registered_at
        last[place] = row.registered_at
    assert RegistryNumber.objects.filter(text="Dnr 109-1/2014").exists()


def test_there_is_something_of_everything_to_look_at(demo: Loaded) -> None:
    kinds = set(CaseEvent.objects.values_list("kind", flat=True))
    assert {
        "held",
        "resumed",
        "withdrawn",
        "cancelled",
        "question_asked",
        "reminded",
        "reminded_automatically",
        "escalated",
        "claimed",
        "round_begun",
    } <= kinds
    assert Deliberation.objects.filter(casting_vote=True).exists()
    assert set(Deliberation.objects.values_list("outcome", flat=True)) == {
        "", *DeliberationOutcome.values,
    }  # fmt: skip
    assert set(Vote.objects.values_list("choice", flat=True)) == set(VoteChoice.values)
    assert Agreement.objects.filter(versions__reviews__outcome="changes").exists()
    assert Agreement.objects.filter(versions__signatures__signed=False).exists()
    assert Report.objects.filter(closing=True).exists()
    assert CaseEvent.objects.filter(on_behalf_of__isnull=False).exists()
    assert CaseEvent.objects.filter(internal_to__isnull=False).exists()
    assert Question.objects.filter(answered_at=None).count() == 2
    assert {version.content_type for version in DocumentVersion.objects.all()} == {
        "application/pdf",
        "text/csv",
        "text/plain",
    }
    assert WorkItem.objects.overdue(TODAY.date()).exists()
    assert Case.objects.filter(stage=Stage.DRAFT, created_by__language=Person.Language.ENGLISH).exists()


def test_bodies_meet_and_each_state_of_a_meeting_can_be_looked_at(demo: Loaded) -> None:
    assert set(Meeting.objects.values_list("status", flat=True)) == {
        "planned", "called", "closed", "posted", "cancelled",
    }  # fmt: skip
    council = Meeting.objects.filter(body__slug="samverkansradet")
    newest = council.get(status=MeetingStatus.CLOSED)
    assert newest.day < TODAY.date()
    assert [row.adjusted_at is not None for row in newest.adjusters.order_by("pk")] == [True, False]
    called = council.get(status=MeetingStatus.CALLED)
    assert TODAY.date() < called.day <= TODAY.date() + dt.timedelta(days=12)
    assert called.items.filter(case__isnull=False).count() >= 3
    assert called.seats.count() == 14
    assert council.get(status=MeetingStatus.PLANNED).day > called.day
    tabled = newest.items.get(outcome="table")
    assert tabled.tabled_to == called
    assert set(newest.items.exclude(case=None).values_list("outcome", flat=True)) >= {
        "recommend", "note", "hear_again", "table",
    }  # fmt: skip


def test_minutes_and_extracts_of_the_older_meetings_are_made(demo: Loaded) -> None:
    for meeting in Meeting.objects.filter(status=MeetingStatus.POSTED):
        assert meeting.minutes.filter(is_final=True).count() == 1
        assert not meeting.items.filter(case__isnull=False, dispatched_at=None).exists()


def test_members_decline_dissent_change_their_votes_and_step_aside(demo: Loaded) -> None:
    assert DeputyCall.objects.filter(response="accepted").exists()
    assert set(MemberStatement.objects.values_list("kind", flat=True)) == set(StatementKind.values)
    assert Vote.objects.exclude(changed_at=None).exists()
    stepped_in = Vote.objects.exclude(choice="recused").filter(
        deliberation__agenda_item__isnull=False, member__conflicts__case=models.F("deliberation__case")
    )
    assert stepped_in.exists()
    assert Deliberation.objects.filter(closed_ballot=True, voting_closed_at=None).exists()
    assert Deliberation.objects.filter(acclaimed=True).exists()
    assert Deliberation.objects.filter(party__isnull=False).exists()


def test_delegated_decisions_are_reported_or_wait_to_be(demo: Loaded) -> None:
    assert Decision.objects.filter(step_kind="delegate", is_final=True).exists()
    assert DelegatedReport.objects.exclude(reported_at=None).exists()
    assert DelegatedReport.objects.filter(reported_at=None).exists()


def test_every_rule_of_voting_stands_in_some_profile(demo: Loaded) -> None:
    rules = set()
    for version in ProfileVersion.objects.all():
        profile = profile_of_version(version).rules
        rules.add(profile.deliberation.rule)
        rules |= {s.deliberation.rule for chain in profile.chains.values() for s in chain if s.deliberation}
    assert rules == {"simple", "two_thirds", "unanimous", "each_party"}


def test_many_have_something_to_do_today(demo: Loaded) -> None:
    recent = TODAY.date() - dt.timedelta(days=45)
    items = WorkItem.objects.open().filter(due_on__gte=recent)
    assert items.values("case").distinct().count() >= 8
    assert len(set(items.values_list("role", flat=True))) >= 8
    assert items.filter(case__partnership__slug="stockholm-kth").count() >= 8


def test_files_are_what_their_names_say(demo: Loaded, files: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = files
    for version in DocumentVersion.objects.all():
        with version.file.open("rb") as stored:
            found = inspect_upload(version.filename, stored, max_bytes=1_000_000)
        assert (found.content_type, found.sha256) == (version.content_type, version.sha256)


def test_loading_again_finds_nothing_to_do(demo: Loaded, capsys: pytest.CaptureFixture[str]) -> None:
    before = (Case.objects.count(), CaseEvent.objects.count(), Person.objects.count())
    call_command("load_demo", on=TODAY.date() + dt.timedelta(days=30))
    assert "Nothing to do" in capsys.readouterr().out
    assert (Case.objects.count(), CaseEvent.objects.count(), Person.objects.count()) == before


def test_histories_of_the_demonstration_verify(demo: Loaded, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_history")
    assert "every chain holds" in capsys.readouterr().out


def test_a_written_pdf_breaks_its_lines_and_pages(tmp_path: Path) -> None:
    content = pdf(["Ärendet (åäö)", "ord " * 2000])
    assert (
        inspect_upload("a.pdf", ContentFile(content), max_bytes=1_000_000).content_type == "application/pdf"
    )
    assert content.count(b"/Type /Page ") > 1
    assert "(Ärendet \\(åäö\\)) Tj".encode("cp1252") in content
