"""A conflict of interest stood only among the votes; now it stands for itself, in the cases that are still open."""

from django.db import migrations


def write_conflicts(apps, schema_editor):
    Vote = apps.get_model("cases", "Vote")
    Conflict = apps.get_model("cases", "Conflict")
    votes = (
        Vote.objects.filter(choice="recused")
        .exclude(deliberation__case__status="closed")
        .select_related("deliberation")
        .order_by("pk")
    )
    Conflict.objects.bulk_create(
        [
            Conflict(
                case_id=vote.deliberation.case_id,
                body_id=vote.deliberation.body_id,
                person_id=vote.cast_by_id,
                reason=vote.reasons,
                declared_at=vote.cast_at,
            )
            for vote in votes
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_meetings_referrals_delegation")]

    operations = [migrations.RunPython(write_conflicts, migrations.RunPython.noop)]
