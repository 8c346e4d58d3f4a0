"""What the mails about a referral say: to those who are asked, in the house and outside it, and to the coordinator.

One who was asked may see nothing else of the case: their letters are written from the referral alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import ReferralExtension, ReferralRecipient, Stance
from notifications.letters import Letter, day_in_words, is_past, on_one_line
from notifications.models import Kind
from workflows import referral_words

if TYPE_CHECKING:
    from notifications.wording import Writing


def recipient_of(writing: Writing) -> ReferralRecipient:
    """The one who was asked, with the referral."""
    message = writing.message
    pk = message.case_event.data["recipient"] if message.item is None else message.item.data["recipient"]
    found = ReferralRecipient.objects.select_related("referral__sent_by__organisation").get(pk=pk)
    found.referral.case = message.about_case
    return found


def _address(writing: Writing, recipient: ReferralRecipient) -> str:
    """Where the button leads: by the link as it is now for somebody outside, else to their task or their page."""
    message = writing.message
    if message.outsider is not None:
        path = reverse("referral-link", args=[recipient.token])
    elif message.item is not None and message.item.open:
        path = reverse("work-item", args=[message.item.pk])
    else:
        path = reverse("referral-own", args=[recipient.pk])
    return str(settings.SAMVERKA_BASE_URL).rstrip("/") + path


def _letter(
    writing: Writing,
    recipient: ReferralRecipient,
    *,
    subject: str,
    heading: str,
    lead: list[str],
    button: str,
) -> Letter:
    referral, case = recipient.referral, writing.message.about_case
    if writing.message.outsider is not None:
        why = _("Du får det här mejlet för att %(name)s har skickat remissen till den här adressen.") % {
            "name": referral.sent_by.name
        }
    else:
        why = _("Du får det här mejlet för att du svarar för %(name)s i remissen.") % {"name": recipient.name}
    return Letter(
        subject=on_one_line(subject),
        number=case.number,
        title=referral.title,
        heading=heading,
        lead=lead,
        why=why,
        button=button,
        url=_address(writing, recipient),
        facts=[
            (_("Remissinstans"), recipient.name),
            (_("Samarbete"), case.partnership.label),
            (_("Avsändare"), referral.sent_by.name),
        ],
        answer_at=_("Det här är ett automatiskt mejl från Samverka. Svar på det läses inte; svara på sidan."),
    )


# To those who are asked


def asked(writing: Writing) -> Letter:
    """A referral to answer, and the reminder of one; with a new link, where the old one was replaced."""
    recipient = recipient_of(writing)
    referral, kind = recipient.referral, writing.message.kind
    due = day_in_words(recipient.due_on)
    subject = referral_words.subject(referral.title, recipient.due_on)
    first: list[str] = []
    heading = _("Remiss")
    if kind == Kind.REMINDER:
        subject = _("Påminnelse: %(subject)s") % {"subject": subject}
        heading = _("Påminnelse om remiss")
        first = [_("Vi har inte fått något svar från er än.")]
    elif kind == Kind.REFERRAL_LINK:
        heading = _("Ny länk till remissen")
        first = [_("Här är en ny länk. Den ni hade tidigare gäller inte längre.")]
    lead = [
        *first,
        referral_words.asks(referral.sent_by, writing.message.about_case, recipient.name),
        referral_words.may_abstain(),
    ]
    if writing.message.outsider is not None:
        lead.append(referral_words.by_link())
    letter = _letter(
        writing, recipient, subject=subject, heading=heading, lead=lead, button=_("Läs och besvara remissen")
    )
    letter.overdue = is_past(recipient.due_on, writing.now)
    letter.due = (_("Skulle ha besvarats %(due)s") if letter.overdue else _("Senast %(due)s")) % {"due": due}
    letter.add_quote(_("Det här vill vi ha synpunkter på"), referral.text)
    return letter


def no_longer_asked(writing: Writing) -> Letter:
    """The referral was closed, or its case ended, before they answered."""
    recipient = recipient_of(writing)
    return _letter(
        writing,
        recipient,
        subject=_("Remissen är stängd: %(title)s") % {"title": recipient.referral.title},
        heading=_("Remissen är stängd"),
        lead=[_("Remissen tar inte emot fler svar. Ni behöver inte göra något.")],
        button=_("Se remissen"),
    )


def closed(writing: Writing) -> Letter:
    """Thanks to those who answered."""
    recipient = recipient_of(writing)
    if recipient.status == ReferralRecipient.Status.DECLINED:
        thanks = _("Tack för att ni hörde av er om remissen.")
    else:
        thanks = _("Tack för ert svar på remissen.")
    return _letter(
        writing,
        recipient,
        subject=_("Remissen är stängd: %(title)s") % {"title": recipient.referral.title},
        heading=_("Remissen är stängd"),
        lead=[thanks, _("Svaren sammanställs nu. Ni får veta när det är klart.")],
        button=_("Se ert svar"),
    )


def compiled(writing: Writing) -> Letter:
    """The compilation is there: how the views were met."""
    recipient = recipient_of(writing)
    letter = _letter(
        writing,
        recipient,
        subject=_("Remissen är sammanställd: %(title)s") % {"title": recipient.referral.title},
        heading=_("Remissen är sammanställd"),
        lead=[_("Svaren är sammanställda. På sidan ser ni hur era synpunkter har mötts.")],
        button=_("Läs sammanställningen"),
    )
    letter.add_quote(_("Sammanfattning"), recipient.referral.summary)
    return letter


def extension_decided(writing: Writing) -> Letter:
    """More time, or not."""
    recipient = recipient_of(writing)
    data = writing.message.case_event.data
    extension = ReferralExtension.objects.get(pk=data["extension"])
    if extension.granted_until is not None:
        heading = _("Ni har fått längre svarstid")
        lead = _("Ni kan svara på remissen till och med %(day)s.") % {
            "day": day_in_words(extension.granted_until)
        }
    else:
        heading = _("Ni har inte fått längre svarstid")
        lead = _("Svar på remissen behövs fortfarande senast %(day)s.") % {
            "day": day_in_words(recipient.due_on)
        }
    letter = _letter(
        writing,
        recipient,
        subject=_("%(heading)s: %(title)s") % {"heading": heading, "title": recipient.referral.title},
        heading=heading,
        lead=[lead],
        button=_("Läs och besvara remissen"),
    )
    letter.add_quote(_("Meddelande"), extension.message)
    return letter


# To the coordinator


def _to_coordinator(writing: Writing, *, subject: str, heading: str, lead: list[str], button: str) -> Letter:
    letter = writing.letter(
        subject=subject,
        heading=heading,
        lead=lead,
        why=_("Du får det här mejlet för att du är handläggare i samarbetet."),
        button=button,
    )
    letter.url += "#remiss"
    return letter


def answer_came(writing: Writing) -> Letter:
    """An answer, or a corrected one."""
    event, case = writing.message.case_event, writing.message.about_case
    data = event.data
    corrected = event.kind == "referral_answer_corrected"
    heading = (_("Ändrat remissvar från %(name)s") if corrected else _("Remissvar från %(name)s")) % {
        "name": data["name"]
    }
    lead = [
        _("%(stance)s. Svaret är lämnat av %(by)s.")
        % {"stance": Stance(data["stance"]).label, "by": data["by"]}
    ]
    if data["late"]:
        lead.append(_("Svaret kom efter svarstiden."))
    waiting = ReferralRecipient.objects.filter(
        referral=data["referral"], status=ReferralRecipient.Status.WAITING
    ).count()
    if waiting:
        lead.append(
            ngettext(
                "%(n)s remissinstans har inte svarat än.",
                "%(n)s remissinstanser har inte svarat än.",
                waiting,
            )
            % {"n": waiting}
        )
    return _to_coordinator(
        writing,
        subject=_("%(heading)s: %(title)s") % {"heading": heading, "title": case.title},
        heading=heading,
        lead=lead,
        button=_("Läs svaret"),
    )


def extension_asked(writing: Writing) -> Letter:
    """Somebody asks for more time."""
    event, case = writing.message.case_event, writing.message.about_case
    extension = ReferralExtension.objects.select_related("recipient").get(pk=event.data["extension"])
    recipient = extension.recipient
    heading = _("%(name)s ber om längre svarstid") % {"name": recipient.name}
    letter = _to_coordinator(
        writing,
        subject=_("%(heading)s: %(title)s") % {"heading": heading, "title": case.title},
        heading=heading,
        lead=[
            _("Svarstiden går ut %(due)s. De ber om tid till %(wanted)s.")
            % {
                "due": day_in_words(recipient.due_on),
                "wanted": day_in_words(extension.wanted_until),
            }
        ],
        button=_("Ge besked"),
    )
    path = reverse("case-referral-recipient", args=[case.pk, recipient.pk])
    letter.url = str(settings.SAMVERKA_BASE_URL).rstrip("/") + path
    letter.add_quote(_("Skäl"), extension.reason)
    return letter
