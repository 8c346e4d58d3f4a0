"""A meeting's agenda as one recipient may read it in a mail."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cases.access import Access
from cases.models import AgendaItem, Conflict, Meeting


def agenda_lines(meeting: Meeting, access: Access) -> list[str]:
    """The items' titles in their order, without those of cases that the person may not see. Two statements at most."""
    items = list(meeting.items.select_related("case").order_by("order", "pk"))
    hidden = [item for item in items if item.case is not None and not access.sees(item.case)]
    if not hidden:
        return [item.title for item in items]
    conflicts = set(
        Conflict.objects.filter(
            person_id=access.person_id, case__in=[item.case_id for item in hidden]
        ).values_list("case_id", flat=True)
    )
    return [_title(item, {row.pk for row in hidden}, conflicts) for item in items]


def _title(item: AgendaItem, hidden: set[int], conflicts: set[int]) -> str:
    if item.pk not in hidden:
        return item.title
    if item.case_id in conflicts:
        return _("Ärende som du har anmält jäv i")
    return _("Ärende som du inte har tillgång till")
