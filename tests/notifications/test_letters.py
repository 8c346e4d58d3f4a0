"""What the mails say: every kind and every step, in both languages."""

import datetime as dt
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case, DecisionOutcome, DeliberationOutcome, Person, Role, RoleHolding, Stance
from notifications.asks import ASKS
from notifications.compose import compose, load
from notifications.models import MEETING_KINDS, DropReason, Kind, Message
from tests.notifications.post import deliver, expand, forget
from tests.world import FIRST_DAY, World, build_world
from workflows.case_acts import add_comment, ask_proposer, cancel, hold, reassign, remind, resume, withdraw
from workflows.hand_over import hand_back_ended
from workflows.inbox import claim
from workflows.models import WorkItem
from workflows.policy import STEP_ACTIONS
from workflows.referral_acts import close_referral, decide_extension, renew_link
from workflows.roles import make_inactive
from workflows.steps.referral import Answer, answer_as_recipient, ask_extension
from workflows.steps.screen import ScreenOutcome
from workflows.timers import fire_due_timers

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def mail_to(world: World, name: str, **which: Any) -> EmailMultiAlternatives:
    """The mail of the person's newest message."""
    message = Message.objects.filter(recipient=world.person(name), **which).latest("pk")
    mail = compose(load(message.pk), world.now)
    assert not isinstance(mail, DropReason), mail
    return mail


def html_of(mail: EmailMultiAlternatives) -> str:
    ((content, kind),) = mail.alternatives
    assert kind == "text/html"
    return str(content)


class Page(HTMLParser):
    """What a mail's HTML would fetch, run and link to, and the text that is shown."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.languages: list[str] = []
        self.text = ""
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(tag)
        self._hidden = tag in ("style", "title")
        if "src" in values or tag == "link":
            self.fetched.append(str(values))
        if "url(" in (values.get("style") or ""):
            self.fetched.append(str(values["style"]))
        if tag == "a":
            self.links.append(values["href"] or "")
        if tag == "html":
            self.languages.append(values.get("lang") or "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data


_LEFTOVERS = re.compile(r"%\(|%s|\{\{|\{%|None|\bTrue\b|\bFalse\b|<bound|object at 0x")


def assert_well_written(mail: EmailMultiAlternatives, language: str, base_url: str) -> None:
    html = html_of(mail)
    page = Page(html)
    body = str(mail.body)
    for words in (str(mail.subject), body, page.text):
        assert not _LEFTOVERS.search(words), words
    assert "\n" not in mail.subject
    assert len(mail.subject) < 320
    assert page.languages == [language]
    assert page.fetched == []
    assert "script" not in page.tags
    assert "@media (prefers-color-scheme: dark)" in html
    assert "style=" in html
    assert len(page.links) == 1
    assert page.links[0].startswith(base_url + "/")
    assert page.links[0] in body
    assert len(html.encode()) < 90_000  # what is longer is cut by a large mail provider


class Reader:
    """Composes every message as it comes, and remembers what was seen."""

    def __init__(self, world: World, language: str, base_url: str) -> None:
        Person.objects.update(language=language)
        self.world, self.language, self.base_url = world, language, base_url
        self.kinds: set[str] = set()
        self.steps: set[str] = set()
        self.news: set[str] = set()

    def read(self) -> None:
        expand(self.world.now)
        for message in Message.objects.filter(status="queued").select_related("item", "event"):
            mail = compose(load(message.pk), self.world.now)
            if isinstance(mail, DropReason):
                continue
            assert_well_written(mail, self.language, self.base_url)
            self.kinds.add(message.kind)
            if message.kind == Kind.TASK and message.item is not None:
                self.steps.add(message.item.step)
            if message.kind == Kind.PROGRESS:
                told = message.case_event.data
                self.news.add(
                    f"{message.case_event.kind}:{told.get('outcome') or told.get('end_state') or told.get('stage')}"
                )
        forget()

    def until(self, case: Case, step: str) -> None:
        """Let everybody do the usual until the step is open, reading the post after every act."""
        self.read()
        for _ in range(60):
            if self.world.open_items(case, step):
                return
            items = self.world.open_items(case)
            if items:
                self.world.do(items[0], by=self.world.holder_of(items[0]))
            else:
                self.world.wait_for_timer(case)
            self.read()
        raise AssertionError(step)

    def act(self, case: Case, step: str, **choices: Any) -> None:
        self.world.act(case, step, **choices)
        self.read()


def referred(reader: Reader) -> None:
    """A referral to people in the house and outside it, with everything that mails are sent of."""
    world, coordinator = reader.world, reader.world.person("coordinator")
    case = world.submitted()
    referral = world.refer(case)
    referral.recipients.update(language=reader.language)
    reader.read()
    outside, personal = referral.recipients.get(kind="outside"), referral.recipients.get(kind="person")
    asks: dict[str, Any] = {"wanted_until": referral.due_on + dt.timedelta(days=7), "reason": "Vi är få."}
    digest = outside.token_digest
    ask_extension(recipient_id=outside.pk, actor=None, digest=digest, now=world.tick(), **asks)
    ask_extension(recipient_id=personal.pk, actor=world.person("outsider"), now=world.tick(), **asks)
    reader.read()
    decides: dict[str, Any] = {"case_id": case.pk, "actor": coordinator}
    decide_extension(
        recipient_id=outside.pk, granted=True, until=asks["wanted_until"], now=world.tick(), **decides
    )
    decide_extension(
        recipient_id=personal.pk, granted=False, message="Det brådskar.", now=world.tick(), **decides
    )
    renew_link(recipient_id=outside.pk, now=world.tick(), **decides)
    reader.read()
    digest = referral.recipients.get(kind="outside").token_digest
    answer_as_recipient(
        recipient_id=outside.pk,
        actor=None,
        digest=digest,
        after=0,
        answer=Answer(stance=Stance.OPPOSES, text="För dyrt.", name="Kim Kår"),
        now=world.tick(),
    )
    reader.act(case, "referral_answer", by="outsider")
    close_referral(case_id=case.pk, actor=coordinator, now=world.tick())
    reader.read()
    reader.act(case, "compile_referral")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_mail_is_whole_in_both_languages(world: World, language: str, settings: Any) -> None:
    reader = Reader(world, language, settings.SAMVERKA_BASE_URL)
    person = world.person
    tabled = (world.now + dt.timedelta(days=200)).date()

    case = world.submitted()
    reader.read()
    reader.act(case, "screen", outcome=ScreenOutcome.RETURN, reasons="Beskriv målgruppen.")
    reader.act(case, "complete")
    ask_proposer(case_id=case.pk, actor=person("reg-lk"), text="Hur många?", now=world.tick())
    reader.read()
    reader.act(case, "answer")
    add_comment(case_id=case.pk, actor=person("reg-lk"), text="Tack!", now=world.tick())
    reader.read()
    reader.until(case, "statement")
    item = world.open_items(case, "statement")[0]
    remind(case_id=case.pk, item_id=item.pk, actor=person("coordinator"), now=world.tick())
    for days in (0, 12):
        world.now = max(world.now, WorkItem.objects.get(pk=item.pk).timer_at or world.now) + dt.timedelta(
            days=days
        )
        assert fire_due_timers(world.now) == len(world.open_items(case))
        reader.read()
    reader.until(case, "vote")
    world.add_person("mem-lk-2", "lk", language=language)
    world.give("mem-lk-2", Role.STEERING_MEMBER, world.council, represents=world.organisations["lk"])
    reassign(
        case_id=case.pk,
        item_id=world.item_of(case, "vote", "mem-lk").pk,
        actor=person("coordinator"),
        to=person("mem-lk-2"),
        reason="Semester.",
        now=world.tick(),
    )
    for outcome in (
        DeliberationOutcome.TABLE,
        DeliberationOutcome.PREPARE_AGAIN,
        DeliberationOutcome.REFER_BACK,
    ):
        reader.until(case, "conclude")
        reader.act(case, "conclude", outcome=outcome, reasons="Mer underlag.", tabled_until=tabled)
    reader.until(case, "review_agreement")
    reader.act(case, "review_agreement", outcome="changes", comment="Förtydliga villkoren.")
    reader.until(case, "decide")
    reader.act(case, "decide", by="decider-liu", outcome=DecisionOutcome.REFER_BACK, reasons="Oklart.")
    reader.until(case, "report")
    reader.act(case, "report", status="done")
    reader.act(case, "closing_report")

    declined = world.submitted()
    reader.act(declined, "screen", outcome=ScreenOutcome.DECLINE, reasons="Utanför samarbetet.")
    voted_down = world.submitted()
    reader.until(voted_down, "vote")
    for _member in range(4):
        reader.act(voted_down, "vote", choice="against")
    reader.act(voted_down, "conclude", outcome=DeliberationOutcome.DECLINE, reasons="Nej.")
    rejected = world.submitted()
    reader.until(rejected, "decide")
    reader.act(rejected, "decide", by="decider-liu", outcome=DecisionOutcome.REJECT, reasons="Nej.")
    broken_off = world.submitted()
    cancel(case_id=broken_off.pk, actor=person("coordinator"), reason="Dubblett.", now=world.tick())
    reader.read()
    taken_back = world.submitted()
    withdraw(case_id=taken_back.pk, actor=person("proposer"), reason="", now=world.tick())
    reader.read()
    unattended = world.submitted()
    reader.until(unattended, "prepare")
    Person.objects.filter(pk__in=[world.people_ids["mem-lk"]]).update(absent_from=world.now.date())
    reader.act(unattended, "prepare")
    make_inactive(person=person("mem-liu"), now=world.tick())
    reader.read()
    reader.until(unattended, "conclude")
    claim(item_id=world.open_items(unattended)[0].pk, actor=person("chair"), now=world.tick())
    make_inactive(person=person("chair"), now=world.tick())
    reader.read()

    referred(reader)
    # Meetings, and what comes of them, have tests of their own: tests/notifications/meetings.
    assert reader.kinds == set(Kind.values) - set(MEETING_KINDS) - {Kind.EXTRACT}
    assert reader.steps == {str(step) for step in STEP_ACTIONS} - {"at_meeting"}
    assert reader.news >= {
        "screened:decline",
        "deliberation_concluded:recommend",
        "deliberation_concluded:decline",
        "deliberation_concluded:table",
        "deliberation_concluded:prepare_again",
        "party_decided:approve",
        "party_decided:reject",
        "party_decided:refer_back",
        "stage_entered:preparation",
        "closed:completed",
        "closed:cancelled",
    }


def test_every_step_has_its_words() -> None:
    assert set(ASKS) == set(STEP_ACTIONS)


def test_a_call_to_vote_says_what_is_asked_by_when_and_what_is_proposed(world: World, settings: Any) -> None:
    case = world.submitted()
    world.advance(case, to="vote")
    expand(world.now)
    mail = mail_to(world, "mem-lk")
    item = world.item_of(case, "vote", "mem-lk")
    assert item.due_on is not None
    body = str(mail.body)
    assert mail.subject == "Rösta senast måndag 20 september 2021: Reversed mentorship"
    assert "Senast måndag 20 september 2021" in body
    assert "Samverkansrådet tillstyrker förslaget." in body
    assert "Petra Proposer, Linköpings kommun" in body
    assert "Beredning i styrgrupp" in body
    assert "Du får det här mejlet för att uppgiften är din." in body
    assert settings.SAMVERKA_BASE_URL + reverse("work-item", args=[item.pk]) in body
    assert mail.to == ["Mem-Lk <mem-lk@linkoping.example>"]


def test_the_recipients_language_decides(world: World) -> None:
    Person.objects.filter(pk=world.people_ids["mem-lk"]).update(language="en")
    case = world.submitted()
    world.advance(case, to="vote")
    expand(world.now)
    english, swedish = mail_to(world, "mem-lk"), mail_to(world, "mem-liu")
    assert "Monday 20 September 2021" in english.subject
    assert "måndag 20 september 2021" in swedish.subject
    assert '<html lang="en"' in html_of(english)
    assert '<html lang="sv"' in html_of(swedish)


def test_the_language_is_the_one_at_sending(world: World, mailoutbox: list[EmailMessage]) -> None:
    world.submitted()
    expand(world.now)
    Person.objects.filter(pk=world.people_ids["coordinator"]).update(language="en")
    deliver(world.now)
    assert "Monday" in mailoutbox[0].subject
    assert Message.objects.get().language == "en"


def test_a_deputy_reads_whom_they_stand_in_for(world: World) -> None:
    world.add_person("stand-in", "lk", full_name="Dag Deputy")
    world.give("stand-in", Role.STEERING_MEMBER, world.council, deputy_for=world.person("mem-lk"))
    world.give("stand-in", Role.REGISTRAR, world.organisations["lk"], deputy_for=world.person("reg-lk"))
    case = world.submitted()
    world.act(case, "screen")
    expand(world.now)
    assert "för att du ersätter Reg-Lk i rollen registrator." in str(mail_to(world, "stand-in").body)
    world.advance(case, to="vote")
    expand(world.now)
    assert "för att du är ersättare för Mem-Lk, som har uppgiften." in str(mail_to(world, "stand-in").body)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mem-lk", "Uppgiften väntar på Mem-Lk, som är frånvarande och inte har någon ersättare på plats."),
        ("chair", "Uppgiften väntar på rollen ordförande, och alla som har den är frånvarande."),
    ],
)
def test_a_coordinator_reads_why_nobody_does_the_task(world: World, name: str, words: str) -> None:
    case = world.submitted()
    world.advance(case, to="vote" if name == "mem-lk" else "conclude")
    forget()
    Person.objects.filter(pk=world.people_ids[name]).update(absent_from=world.now.date())
    hold(case_id=case.pk, actor=world.person("clerk-lk"), reason="Paus.", now=world.tick())
    resume(case_id=case.pk, actor=world.person("clerk-lk"), now=world.tick())
    expand(world.now)
    mail = mail_to(world, "coordinator", kind=Kind.UNATTENDED)
    assert words in str(mail.body)
    assert mail.subject.startswith("Ingen kan göra uppgiften: ")


def test_a_deputy_who_was_given_a_vote_reads_whose_it_is(world: World) -> None:
    world.add_person("stand-in", "lk", full_name="Dag Deputy")
    world.give("stand-in", Role.STEERING_MEMBER, world.council, deputy_for=world.person("mem-lk"))
    case = world.submitted()
    world.advance(case, to="vote")
    RoleHolding.objects.filter(person=world.person("mem-lk")).update(valid_until=FIRST_DAY)
    hand_back_ended(world.tick())
    expand(world.now)
    body = str(mail_to(world, "stand-in", event__kind="handed_back").body)
    assert "för att du ersätter Mem-Lk i rollen ledamot." in body


def test_an_overdue_task_is_reminded_of_as_overdue(world: World) -> None:
    case = world.submitted()
    item = world.open_items(case)[0]
    world.tick(days=30)
    chair = world.person("chair")
    remind(case_id=case.pk, item_id=item.pk, actor=chair, now=world.tick())
    expand(world.now)
    mail = mail_to(world, "coordinator", kind=Kind.REMINDER)
    assert mail.subject.startswith("Påminnelse: Granska förslaget senast ")
    assert "Skulle ha varit klar måndag 13 september 2021" in str(mail.body)
    assert "Carin Chair påminner om en uppgift som väntar på dig." in str(mail.body)


def test_a_partys_own_amended_decision_is_shown_to_its_next_step(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="clerk-lk", text="Kommunstyrelsen avsätter 100 000 kronor.")
    expand(world.now)
    assert "avsätter 100 000 kronor" in str(mail_to(world, "board-lk").body)
    assert "avsätter" not in str(mail_to(world, "decider-liu").body)


def test_a_returned_proposal_says_what_is_missing(world: World) -> None:
    case = world.submitted()
    world.act(case, "screen", outcome=ScreenOutcome.RETURN, reasons="Beskriv målgruppen.")
    expand(world.now)
    assert "Beskriv målgruppen." in str(mail_to(world, "proposer").body)


def test_a_task_that_died_says_why(world: World) -> None:
    case = world.submitted()
    expand(world.now)
    withdraw(case_id=case.pk, actor=world.person("proposer"), reason="Vi gör om det.", now=world.tick())
    expand(world.now)
    mail = mail_to(world, "coordinator", kind=Kind.TASK_ENDED)
    assert mail.subject == "Uppgiften har upphört: Granska förslaget: Reversed mentorship"
    assert "Petra Proposer har återkallat förslaget." in str(mail.body)
    assert "Vi gör om det." in str(mail.body)


def test_when_one_party_says_no_the_others_read_which(world: World) -> None:
    case = world.submitted()
    world.advance(case, to="decide")
    world.act(case, "decide", by="decider-liu", outcome=DecisionOutcome.REJECT, reasons="Resurser saknas.")
    expand(world.now)
    body = str(mail_to(world, "clerk-lk", kind=Kind.TASK_ENDED).body)
    assert "Linköpings universitet avslår förslaget." in body
    assert "Resurser saknas." in body


def test_what_people_wrote_is_text_and_never_markup(world: World) -> None:
    case = world.submitted(title="<script>alert(1)</script> & mer")
    expand(world.now)
    html = html_of(mail_to(world, "coordinator"))
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; mer" in html
    assert "<script>alert(1)</script> & mer" in str(mail_to(world, "coordinator").body)
    assert case.pk


def test_a_title_cannot_add_a_header(world: World, mailoutbox: list[EmailMessage]) -> None:
    world.submitted(title="Ett\r\nBcc: alla@example.com\r\nförslag")
    expand(world.now)
    deliver(world.now)
    assert mailoutbox[0].subject.endswith("Ett Bcc: alla@example.com förslag")
    assert mailoutbox[0].message()["Bcc"] is None


def test_a_long_text_is_shortened(world: World) -> None:
    case = world.submitted()
    add_comment(case_id=case.pk, actor=world.person("reg-lk"), text="ord " * 5000, now=world.tick())
    expand(world.now)
    body = str(mail_to(world, "proposer", kind=Kind.COMMENT).body)
    assert len(body) < 3000
    assert "…" in body


def test_a_mail_names_only_its_row_to_the_provider(world: World) -> None:
    world.submitted()
    expand(world.now)
    mail = mail_to(world, "coordinator")
    assert mail.tags == ["task"]  # type: ignore[attr-defined]
    assert mail.metadata == {"message": Message.objects.get().pk}  # type: ignore[attr-defined]


def test_writing_a_mail_costs_a_constant_number_of_statements(world: World) -> None:
    def cost(case: Case) -> int:
        expand(world.now)
        message = Message.objects.get(recipient=world.person("mem-lk"), case=case, kind=Kind.TASK)
        with CaptureQueriesContext(connection) as captured:
            compose(load(message.pk), world.now)
        return len(captured)

    first = world.submitted()
    world.advance(first, to="vote")
    few = cost(first)
    for _ in range(3):
        case = world.submitted()
        world.advance(case, to="vote")
    assert cost(case) == few <= 5
