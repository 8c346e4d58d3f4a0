"""The work at hand: a step, who does it, and everything that they need to read beside the form.

Each part is fetched when a page first asks for it, with a fixed number of statements, so that a step costs what
it shows and no more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.access import Access, visible_documents
from cases.models import (
    Agreement,
    AgreementVersion,
    Case,
    Decision,
    Deliberation,
    DocumentVersion,
    Goal,
    Memo,
    Organisation,
    Partnership,
    PartyStatement,
    Person,
    Proposal,
    Question,
    Referral,
    RegistryNumber,
    Report,
    ResponsibleUnit,
    RoleHolding,
    Vote,
)
from workflows.deliberation import Tally, tally_of
from workflows.inbox import is_personal_by_nature
from workflows.models import WorkItem
from workflows.profile import BoundProfile, ChainStep, profile_of
from workflows.referral_queries import referrals_of
from workflows.views.presenters.content import money, proposal_items
from workflows.views.presenters.sections import document_items, memo_items
from workflows.wordings import Wording, wordings_of

#: How many related cases and partnerships are shown at the check against other collaborations (M7).
RELATED_SHOWN = 6


@dataclass
class Work:
    """One open step in one person's hands."""

    item: WorkItem
    person: Person
    access: Access
    now: dt.datetime
    on_behalf_of_id: int | None = None

    @property
    def case(self) -> Case:
        case: Case = self.item.case
        return case

    @property
    def today(self) -> dt.date:
        """The date in Sweden."""
        return timezone.localtime(self.now).date()

    @cached_property
    def profile(self) -> BoundProfile:
        """The rules that the running case began with."""
        return profile_of(self.item.process)

    # Who

    @cached_property
    def on_behalf_of(self) -> Person | None:
        """Whom the person stands in for, when as a deputy."""
        return Person.objects.filter(pk=self.on_behalf_of_id).first() if self.on_behalf_of_id else None

    @property
    def is_personal(self) -> bool:
        """Whether the task was one person's from the start, such as a vote."""
        return is_personal_by_nature(self.item)

    @property
    def is_claimed(self) -> bool:
        """Whether the person has taken a task that waited for a role, and can put it back."""
        return self.item.owner_id == self.person.pk and not self.is_personal

    @cached_property
    def others(self) -> list[Person]:
        """Who else holds the role that the task came by."""
        if self.is_personal:
            return []
        held = (
            RoleHolding.objects.current(self.today).filter(key=self.item.role_key).exclude(person=self.person)
        )
        people = Person.objects.filter(pk__in=held.values("person"), is_active=True)
        return list(people.select_related("organisation").order_by("name")[:20])

    # The proposal

    @property
    def proposal(self) -> Proposal:
        return self.case.proposal

    @cached_property
    def goals(self) -> list[Goal]:
        return list(Goal.objects.filter(proposals=self.case.pk))

    @cached_property
    def proposal_items(self) -> list[dict[str, Any]]:
        """The proposal's fields, as a definition list shows them."""
        responsible = models.Prefetch(
            "responsible_units", ResponsibleUnit.objects.select_related("organisation")
        )
        models.prefetch_related_objects([self.case], responsible, "funding")
        kind = {"label": _("Slag"), "text": self.proposal.get_kind_display()}
        area = {"label": _("Område"), "text": self.case.area.label if self.case.area is not None else ""}
        goals = {"label": _("Mål i Agenda 2030"), "texts": [str(goal) for goal in self.goals]}
        return [kind, area, *proposal_items(self.case), goals, *self._money_items]

    @property
    def _money_items(self) -> list[dict[str, Any]]:
        lines = [
            _("%(source)s %(year)s: %(amount)s")
            % {"source": line.source, "year": line.year, "amount": money(line)}
            for line in self.case.funding.all()
        ]
        return [{"label": _("Finansiering"), "texts": lines}] if lines else []

    @cached_property
    def registry_numbers(self) -> list[RegistryNumber]:
        return list(self.case.registry_numbers.select_related("organisation"))

    @cached_property
    def documents(self) -> list[dict[str, Any]]:
        """The newest versions of the documents that the person may see, as the document list shows them."""
        versions = models.Prefetch("versions", DocumentVersion.objects.select_related("uploaded_by"))
        rows = self.case.documents.select_related("internal_to").prefetch_related(versions)
        return document_items(self.case, visible_documents(self.access, rows), may_add=False)[0]

    @cached_property
    def questions(self) -> list[Question]:
        """Questions to the proposer, with their answers."""
        return list(self.case.questions.select_related("asked_by", "answered_by"))

    @cached_property
    def question(self) -> Question | None:
        """The question that an answer is asked for."""
        wanted = self.item.data.get("question")
        return next((question for question in self.questions if question.pk == wanted), None)

    # Dialogue and preparation

    @cached_property
    def statements(self) -> list[PartyStatement]:
        """What the parties have said, the newest round first."""
        rows = self.case.statements.select_related("party", "author__organisation")
        return list(rows.order_by("-round", "pk"))

    @cached_property
    def last_statement(self) -> PartyStatement | None:
        """What this step's party said in an earlier round."""
        return next((row for row in self.statements if row.party_id == self.item.party_id), None)

    @cached_property
    def _memos(self) -> list[Memo]:
        return list(self.case.memos.select_related("author__organisation").order_by("version"))

    @property
    def memo(self) -> Memo | None:
        """The newest memo."""
        return self._memos[-1] if self._memos else None

    @property
    def memo_items(self) -> list[dict[str, Any]]:
        """The newest memo's sections, as a definition list shows them."""
        return memo_items(self.memo) if self.memo is not None else []

    @cached_property
    def referrals(self) -> list[Referral]:
        """The case's referrals with their answers and what was made of them, the newest first (R2)."""
        return referrals_of(self.case)[::-1]

    @cached_property
    def parties(self) -> list[Organisation]:
        return list(
            Organisation.objects.filter(party_rows__partnership_id=self.case.partnership_id).order_by(
                "party_rows__order"
            )
        )

    @cached_property
    def people_at_parties(self) -> list[Person]:
        """Those who can be named responsible for the follow-up."""
        parties = [party.pk for party in self.parties]
        return list(
            Person.objects.filter(organisation__in=parties, is_active=True)
            .select_related("organisation")
            .order_by("name")
        )

    @cached_property
    def related_cases(self) -> list[Case]:
        """Running cases of the same area, or of a party's other partnerships, that the person may see (M7)."""
        near = models.Q(partnership__in=[row.pk for row in self.related_partnerships])
        if self.case.area_id is not None:
            near |= models.Q(area_id=self.case.area_id)
        cases = Case.objects.visible_to(self.access).open().filter(near).exclude(pk=self.case.pk)
        return list(
            cases.select_related("partnership", "area").order_by("-updated_at", "-pk")[:RELATED_SHOWN]
        )

    @cached_property
    def related_partnerships(self) -> list[Partnership]:
        """The parties' other partnerships (M7)."""
        mine = Partnership.objects.filter(parties__in=[party.pk for party in self.parties])
        return list(mine.exclude(pk=self.case.partnership_id).distinct().order_by("name")[:RELATED_SHOWN])

    @cached_property
    def deliberation(self) -> Deliberation | None:
        """The deliberation that a vote belongs to, else the newest one."""
        rows = self.case.deliberations.filter(party__isnull=True).select_related("body")
        wanted = self.item.data.get("deliberation")
        return rows.filter(pk=wanted).first() if wanted else rows.order_by("-number").first()

    @cached_property
    def tally(self) -> Tally | None:
        """How the votes stand."""
        if self.deliberation is None:
            return None
        return tally_of(self.deliberation, self.profile.rules.deliberation)

    @cached_property
    def _votes(self) -> list[Vote]:
        if self.deliberation is None:
            return []
        return list(self.deliberation.votes.select_related("member", "cast_by", "party"))

    @property
    def votes_hidden(self) -> bool:
        """Whether the ballot is closed to the person, who has not voted in it yet."""
        return self.deliberation is not None and not self.access.sees_votes(self.deliberation, self._votes)

    @property
    def votes(self) -> list[Vote]:
        """The votes so far, those that the person may see."""
        return [] if self.votes_hidden else self._votes

    @property
    def votes_cast(self) -> int:
        """How many have voted."""
        return len(self._votes)

    # Agreement

    @cached_property
    def agreement(self) -> Agreement | None:
        return Agreement.objects.filter(case=self.case).first()

    @cached_property
    def versions(self) -> list[AgreementVersion]:
        """The agreement's versions, newest first, with their reviews and signatures."""
        rows = AgreementVersion.objects.filter(agreement__case=self.case).select_related("author")
        rows = rows.prefetch_related(
            "reviews__party", "reviews__reviewer", "signatures__party", "signatures__signatory"
        )
        return list(rows.order_by("-number"))

    @property
    def version(self) -> AgreementVersion | None:
        """The newest version of the agreement."""
        return self.versions[0] if self.versions else None

    @property
    def version_before(self) -> AgreementVersion | None:
        """The version before the newest one."""
        return self.versions[1] if len(self.versions) > 1 else None

    # Decisions

    @property
    def chain(self) -> tuple[ChainStep, ...]:
        """The decision chain of the step's party."""
        return self.profile.chain(self.item.data["party"])

    @property
    def chain_step(self) -> ChainStep:
        """The step of the chain that this is."""
        step: ChainStep = self.chain[self.item.data["index"]]
        return step

    @cached_property
    def _decisions(self) -> list[Decision]:
        rows = self.case.decisions.select_related("party", "body", "decided_by", "on_behalf_of")
        shared = models.Q(is_final=True) | models.Q(party_id=self.item.party_id)
        return list(rows.filter(shared).order_by("-decided_at", "-pk"))

    @property
    def own_decisions(self) -> list[Decision]:
        """What the party's own chain has decided, newest first."""
        return [row for row in self._decisions if row.party_id == self.item.party_id]

    @property
    def own_proposals(self) -> list[Decision]:
        """What the earlier steps of the party's chain came to in this round, newest first."""
        return [row for row in self.own_decisions if row.round == self.case.round]

    @property
    def proposed_text(self) -> str:
        """The wording that now lies before the step: as the party's own chain has it, else as the body left it."""
        if self.own_proposals:
            return self.own_proposals[0].text
        return self._joint_wordings[-1].text if self._joint_wordings else ""

    @cached_property
    def _joint_deliberations(self) -> list[Deliberation]:
        return list(self.case.deliberations.filter(party__isnull=True).select_related("body"))

    @cached_property
    def _joint_wordings(self) -> list[Wording]:
        return wordings_of(self._memos, self._joint_deliberations, [])

    @cached_property
    def wordings(self) -> list[Wording]:
        """The wordings of the proposed decision so far, as far as the person's own party has written them."""
        return wordings_of(self._memos, self._joint_deliberations, self.own_decisions)

    @property
    def other_decisions(self) -> list[Decision]:
        """What other parties have decided for themselves in this round; their chains are their own."""
        return [
            row
            for row in self._decisions
            if row.party_id != self.item.party_id and row.round == self.case.round
        ]

    @property
    def final_decisions(self) -> list[Decision]:
        """What every party has decided for itself in this round."""
        return [row for row in self._decisions if row.is_final and row.round == self.case.round]

    # Follow-up

    @cached_property
    def reports(self) -> list[Report]:
        """What was reported, newest first."""
        return list(self.case.reports.select_related("author").order_by("-number"))

    @property
    def last_report(self) -> Report | None:
        return self.reports[0] if self.reports else None

    @property
    def report_due(self) -> dt.date | None:
        """The date in the schedule that the report is for."""
        due = self.item.data.get("due")
        return dt.date.fromisoformat(due) if due else None
