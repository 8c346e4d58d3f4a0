"""Steps that were open before steps had timers get theirs: what lies ahead of today, nothing of what has passed."""

from django.db import migrations
from django.utils import timezone

from workflows.clock import morning
from workflows.working_days import add_working_days


def set_timers(apps, schema_editor):
    WorkItem = apps.get_model("workflows", "WorkItem")
    today = timezone.localdate()
    items = []
    for item in (
        WorkItem.objects.filter(open=True, due_on__isnull=False)
        .select_related("process__profile_version")
        .iterator(chunk_size=500)
    ):
        rules = item.process.profile_version.data
        before, after = rules.get("remind_before_days", 2), rules.get("escalate_after_days", 3)
        remind_on = add_working_days(item.due_on, -before) if before else None
        escalate_on = add_working_days(item.due_on, after) if after else None
        if remind_on is not None and remind_on > today:
            item.timer, item.timer_at = "remind", morning(remind_on)
        elif escalate_on is not None and escalate_on > today:
            item.timer, item.timer_at = "escalate", morning(escalate_on)
        else:
            continue
        items.append(item)
    WorkItem.objects.bulk_update(items, ["timer", "timer_at"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("workflows", "0002_meetings_referrals_delegation")]

    operations = [migrations.RunPython(set_timers, migrations.RunPython.noop)]
