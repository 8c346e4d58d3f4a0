"""Numbered paragraphs (§) of a body's minutes: without gaps in a body and year, also when many meetings end at once."""

from __future__ import annotations

from cases.models import AgendaItem, Body, ParagraphCounter


def next_paragraph(body: Body, year: int) -> int:
    """Take the next number. The counter's row stays locked until the transaction ends, so a rollback leaves no gap."""
    counter = ParagraphCounter.objects.select_for_update().filter(body=body, year=year).first()
    if counter is None:
        ParagraphCounter.objects.bulk_create(
            [ParagraphCounter(body=body, year=year, last=0)], ignore_conflicts=True
        )
        counter = ParagraphCounter.objects.select_for_update().get(body=body, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def number_item(item: AgendaItem) -> None:
    """Give the item its paragraph in the year of its meeting, in memory."""
    item.year = item.meeting.day.year
    item.paragraph = next_paragraph(item.meeting.body, item.year)
