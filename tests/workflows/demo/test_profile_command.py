"""``manage.py load_profile`` and ``show_policy``: faults by line and field, and the policy as a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.world import PROFILE, build_world
from workflows.models import ProfileVersion
from workflows.policy import RULES

pytestmark = pytest.mark.django_db


#: The step by which the university decides.
RECTOR = "kind: decide, role: decision_maker, organisation: liu"


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("role: coordinator", "role: koordinator", "chains.lk.1.role", "Input should be"),
        ("kind: prepare", "kind: bereda", "chains.lk.1.kind", "Input should be"),
        ("report_lead_days: 15", "deadlines: {besluta: 5}", "deadlines", "unknown step 'besluta'"),
        ("report_lead_days: 15", "deadlines: {vote: 0}", "deadlines.vote", "greater than or equal to 1"),
        ("report_lead_days: 15", "report_lead_day: 15", "report_lead_day", "Extra inputs"),
        ("report_lead_days: 15", "remind_before_days: 31", "remind_before_days", "less than or equal to 30"),
        ("report_lead_days: 15", "remind_before_days: två", "remind_before_days", "valid integer"),
        ("report_lead_days: 15", "escalate_after_days: -1", "escalate_after_days", "greater than or equal to 0"),
        ("report_lead_days: 15", "escalate_after_days: 61", "escalate_after_days", "less than or equal to 60"),
        ("report_lead_days: 15", "escalate_after_days: 2.5", "escalate_after_days", "valid integer"),
        ("may_refer_back_to: [tjansteskrivelse]", "may_refer_back_to: [ks]", "chains.lk.2.may_refer_back_to", "circle"),
        ("{quorum: 0.5, rule: simple}", "{quorum: 1.5, rule: simple}", "deliberation.quorum", "less than or equal to 1"),
        ('"02-15"', '"02-30"', "meetings", "no day of every year"),
        ("kind: decide, role: decision_maker, body", "kind: propose, role: decision_maker, body", "chains.lk.2", "the last step"),
        ("id: ks,", "id: tjansteskrivelse,", "chains.lk.2", "stands twice"),
        ("role: decision_maker, body: ks-lk", "role: signatory, body: ks-lk", "chains.lk.2", "cannot be held at a body"),
        ("role: decision_maker, organisation: liu", "role: decision_maker", "chains.liu.1", "either body or organisation"),
        ("rule: simple}", "rule: majority}", "deliberation.rule", "'simple', 'two_thirds', 'unanimous' or 'each_party'"),
        ("rule: simple}", "rule: simple, casting_vote: often}", "deliberation.casting_vote", "valid boolean"),
        ("rule: simple}", "rule: simple, procedure: mail}", "deliberation.procedure", "'written' or 'meeting'"),
        ("rule: simple}", "rule: simple, ballot: secret}", "deliberation.ballot", "'open' or 'closed'"),
        ("rule: simple}", "rule: simple, adjusters: 5}", "deliberation.adjusters", "less than or equal to 4"),
        ("rule: simple}", "rule: simple, adjusters: 0}", "deliberation.adjusters", "greater than or equal to 1"),
        ("rule: simple}", "rule: simple, posted_days: 90}", "deliberation.posted_days", "less than or equal to 60"),
        ("body: ks-lk,", "body: ks-lk, deliberation: {procedure: written},", "chains.lk.2", "deals with matters at a meeting"),
        ("body: ks-lk,", "body: ks-lk, deliberation: {quorum: 2},", "chains.lk.2.deliberation.quorum", "less than or equal to 1"),
        ("organisation: lk}", "organisation: lk, deliberation: {procedure: meeting}}", "chains.lk.1", "only a body that endorses"),
        (RECTOR, "kind: delegate, role: decision_maker, organisation: liu", "chains.liu.1", "report_to: names the body"),
        ("body: ks-lk,", "body: ks-lk, report_to: ks-lk,", "chains.lk.2", "and only that"),
        ("kind: prepare", "kind: delegate, report_to: ks-lk", "chains.lk.1", "the last step, and only the last"),
    ],
)  # fmt: skip
def test_a_fault_of_a_profile_names_its_line_and_field(
    tmp_path: Path, old: str, new: str, where: str, message: str
) -> None:
    build_world()
    assert old in PROFILE
    path = tmp_path / "profile.yaml"
    path.write_text(PROFILE.replace(old, new, 1), encoding="utf-8")
    line = PROFILE[: PROFILE.index(old)].count("\n") + 1
    with pytest.raises(CommandError) as caught:
        call_command("load_profile", path)
    fault = str(caught.value)
    assert where in fault
    assert message in fault
    number = int(fault.split(":")[1])
    # A step of a chain may run over two lines; a fault of the whole step is named with its first.
    assert line - 1 <= number <= line
    assert ProfileVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("body: ks-lk", "body: ks-liu", "no body 'ks-liu'"),
        ("steering_body: samverkansradet", "steering_body: ks-lk", "no body of 'lk-liu'"),
        ("partnership: lk-liu", "partnership: lk-kth", "no partnership 'lk-kth'"),
        ("  liu:\n", "  kth:\n", "the party 'liu' has no chain"),
        ("organisation: lk}", "organisation: liu}", "the step is not of 'lk'"),
        (RECTOR, RECTOR.replace("decide", "delegate, report_to: ks-lk", 1), "report_to: 'ks-lk' is no body of 'liu'"),
        (RECTOR, RECTOR.replace("decide", "delegate, report_to: rektor", 1), "no body 'rektor'"),
    ],
)  # fmt: skip
def test_a_profile_must_fit_the_partnership(tmp_path: Path, old: str, new: str, message: str) -> None:
    build_world()
    assert old in PROFILE
    path = tmp_path / "profile.yaml"
    path.write_text(PROFILE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        call_command("load_profile", path)
    assert message in str(caught.value)
    assert "profile.yaml" in str(caught.value)
    assert caught.value.returncode == 1


def test_a_profile_that_is_no_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text(PROFILE.replace("chains:", "chains: ]"), encoding="utf-8")
    with pytest.raises(
        CommandError, match=rf"profile\.yaml:{PROFILE[: PROFILE.index('chains:')].count(chr(10)) + 1}"
    ):
        call_command("load_profile", path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"missing\.yaml"):
        call_command("load_profile", tmp_path / "missing.yaml")


def test_a_new_version_is_told_and_the_same_again_is_not_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_world()
    path = tmp_path / "profile.yaml"
    path.write_text(PROFILE.replace("report_lead_days: 15", "report_lead_days: 20"), encoding="utf-8")
    call_command("load_profile", path)
    call_command("load_profile", path)
    assert capsys.readouterr().out.splitlines() == [
        "profile.yaml: lk-liu: version 2 loaded",
        "profile.yaml: lk-liu: unchanged, version 2",
    ]


def test_the_policy_is_printed_with_every_action(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("show_policy")
    printed = capsys.readouterr().out
    assert [action.value for action in RULES if f" {action.value} " not in printed] == []
    assert "steering_chair" in printed
