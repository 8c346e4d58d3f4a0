"""Those who were asked, and what they do, in short."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from cases.models import Referral, ReferralAnswer, ReferralRecipient, Stance
from tests.world import World
from workflows.models import WorkItem
from workflows.steps.referral import Answer, answer_as_recipient


def asked(referral: Referral, kind: str) -> ReferralRecipient:
    """The recipient of the kind, fresh."""
    return referral.recipients.get(kind=kind)


def task_of(recipient: ReferralRecipient) -> WorkItem:
    """The task that the recipient's answer is."""
    task: WorkItem = WorkItem.objects.get(step="referral_answer", data__recipient=recipient.pk)
    return task


def answer(**changes: Any) -> Answer:
    """An answer by somebody outside."""
    return Answer(**({"stance": Stance.OPPOSES, "text": "För dyrt.", "name": "Kim Kår"} | changes))


def answer_outside(world: World, referral: Referral, *, after: int = 0, **changes: Any) -> ReferralAnswer:
    """The one outside answers by their link."""
    outside = asked(referral, "outside")
    return answer_as_recipient(
        recipient_id=outside.pk,
        actor=None,
        digest=outside.token_digest,
        after=after,
        answer=answer(**changes),
        now=world.tick(),
    )


def text_file(name: str = "yttrande.txt", content: bytes = b"Vi har synpunkter.\n") -> ContentFile[bytes]:
    """A file that is taken in."""
    return ContentFile(content, name)


def status_read(answer: Any) -> int:
    """The status of a page or a file, the latter read to its end."""
    if answer.streaming:
        list(answer.streaming_content)
    return int(answer.status_code)
