"""What a proposal's form can be filled with: the areas, goals, organisations and units there are. Five statements."""

from __future__ import annotations

from dataclasses import dataclass

from cases.models import FocusArea, Goal, Organisation, Partnership, Unit


@dataclass(frozen=True)
class ProposalChoices:
    """The choices of one partnership, fetched once for the whole form."""

    areas: dict[int, FocusArea]
    goals: dict[int, Goal]
    overarching: frozenset[int]
    parties: dict[int, Organisation]
    others: dict[int, Organisation]
    units: tuple[Unit, ...]

    def organisation(self, pk: int | None) -> Organisation | None:
        """The organisation, party or not."""
        return None if pk is None else self.parties.get(pk) or self.others.get(pk)

    def unit(self, organisation: Organisation | None, name: str) -> Unit | None:
        """The organisation's unit of that name, whatever its capitals."""
        if organisation is None:
            return None
        wanted = name.casefold()
        return next(
            (
                unit
                for unit in self.units
                if unit.organisation_id == organisation.pk and unit.name.casefold() == wanted
            ),
            None,
        )


def choices_for(partnership: Partnership) -> ProposalChoices:
    """What there is to choose from in the partnership."""
    goals = {goal.pk: goal for goal in Goal.objects.all()}
    order = list(partnership.party_rows.order_by("order").values_list("organisation_id", flat=True))
    organisations = {organisation.pk: organisation for organisation in Organisation.objects.order_by("name")}
    return ProposalChoices(
        areas={area.pk: area for area in partnership.areas.order_by("order", "pk")},
        goals=goals,
        overarching=frozenset(partnership.overarching_goals.values_list("pk", flat=True)),
        parties={pk: organisations[pk] for pk in order},
        others={pk: organisation for pk, organisation in organisations.items() if pk not in order},
        units=tuple(Unit.objects.order_by("name")),
    )
