"""What people write in the demonstration and the simulation: plain Swedish about the case at hand."""

from __future__ import annotations

from cases.models import Case, Memo, Organisation

_RESULTS = (
    "Arbetet fortgår. Parternas representanter har haft avstämningsmöten och planen hålls.",
    "De moment som planerats för perioden är genomförda. Erfarenheterna har samlats in och delats mellan parterna.",
    "Fler verksamheter hos båda parter deltar nu. Formerna för samarbetet har satt sig.",
    "Perioden har använts till uppföljning av det som gjorts hittills och till planering av nästa steg.",
    "En gemensam genomgång har hållits. Resultaten används i parternas ordinarie verksamhet.",
    "Medverkande från båda parter är nöjda med utfallet. Spridning av resultaten har påbörjats.",
)
_NEXT = (
    "Fortsätta enligt plan.",
    "Planera nästa termin tillsammans med den andra parten.",
    "Sammanställa erfarenheterna inför nästa möte.",
    "Bjuda in fler verksamheter.",
)


def summary(case: Case) -> str:
    """What the case is about, in the proposal's own words."""
    proposal = case.proposal
    return "\n\n".join(part for part in (proposal.description, proposal.current_status) if part)


def _area(case: Case) -> str:
    return case.area.name if case.area is not None else case.partnership.name


def statement(case: Case, party: Organisation) -> dict[str, str]:
    """A party's need and benefit."""
    proposal = case.proposal
    return {
        "need": proposal.need
        or f"{party.name} har behov av fördjupad samverkan inom området {_area(case)}. Förslaget svarar mot det behovet.",
        "benefit": proposal.benefit
        or f"Arbetet ger {party.name} ny kunskap och bättre kontakter med den andra parten i frågor som rör «{case.title}».",
        "resources": "Arbetet ryms inom befintlig budget och bemanning.",
    }


def memo(case: Case) -> dict[str, str]:
    """The preparation memo."""
    numbers = ", ".join(case.registry_numbers.values_list("text", flat=True))
    heard = ", ".join(case.statements.filter(round=case.round).values_list("party__name", flat=True))
    return {
        "matter": f"{case.title}.\n\n{summary(case)}",
        "preparation": (
            f"Ärendet är registrerat som {numbers}. "
            f"Ställningstaganden har lämnats av: {heard or 'parterna i en tidigare omgång'}."
        ),
        "views": f"Förslaget ligger i linje med området {_area(case)} och med parternas avsikter med samarbetet.",
        "related_check": "Avstämning är gjord mot parternas andra samarbeten. Inget av dem omfattar samma arbete.",
        "proposed_decision": f"Parterna genomför «{case.title}» inom ramen för samarbetet.",
    }


def agreement(case: Case, version: int) -> dict[str, str]:
    """A draft of the separate agreement."""
    parties = " och ".join(
        case.partnership.parties.order_by("party_rows__order").values_list("name", flat=True)
    )
    return {
        "object_text": f"{parties} avtalar om genomförandet av «{case.title}».",
        "terms": "Parterna bär sina egna kostnader. Resultaten får användas fritt av parterna. Vardera parten utser en ansvarig.",
        "confidentiality": (
            "Uppgifter som en part får del av hos den andra och som omfattas av sekretess enligt 19 kap. 1 § offentlighets- och "
            "sekretesslagen (2009:400) får inte föras vidare utan den partens medgivande."
        ),
        "period_words": f"Från undertecknandet och tre år framåt, version {version}",
        "change_note": "Lydelsen är omarbetad efter parternas synpunkter." if version > 1 else "",
    }


def decision_text(case: Case, party: Organisation) -> str:
    """The text to decide on: as the chain's last step left it, else from the memo."""
    before = case.decisions.filter(party=party, round=case.round).order_by("-pk").first()
    if before is not None:
        return before.text
    memos = Memo.objects.filter(case=case).order_by("-version").first()
    proposed = memos.proposed_decision if memos is not None else f"Parterna genomför «{case.title}»."
    return f"{party.name} beslutar för sin del: {proposed}"


_AMENDMENT = "Genomförandet utvärderas efter ett år."


def amended(text: str) -> str:
    """Another wording than the one given: with the evaluation, or without it where it stands there already."""
    if text.endswith(_AMENDMENT):
        return text.removesuffix(_AMENDMENT).strip() or "Förslaget genomförs."
    return f"{text} {_AMENDMENT}".strip()


def result(number: int) -> str:
    """What the report with this number tells."""
    return _RESULTS[(number - 1) % len(_RESULTS)]


def next_steps(number: int) -> str:
    """What the report with this number says comes next."""
    return _NEXT[(number - 1) % len(_NEXT)]
