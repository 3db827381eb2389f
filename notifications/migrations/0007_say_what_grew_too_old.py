"""A customer's mail that grew too old needs a person; those of the past are left as they were.

Nobody was told of them in their day, and nothing is to be done about them now. It may be stopped
half-way and begun again.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.models import F, Q

AddIndexBesideWriters = import_module(
    "notifications.migrations.0005_find_a_persons_messages"
).AddIndexBesideWriters


def leave_the_past(apps, schema_editor):
    deliveries = apps.get_model("notifications", "Delivery").objects
    never_said = deliveries.filter(state="expired", audience="customer", attended_at=None)
    never_said.update(attended_at=F("settled_at"))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("notifications", "0006_wake_what_was_put_off"),
    ]

    operations = [
        migrations.RunPython(leave_the_past, migrations.RunPython.noop),
        AddIndexBesideWriters(
            "delivery",
            models.Index(
                fields=["settled_at"],
                condition=Q(
                    Q(state__in=["failed", "uncertain"]) | Q(state="expired", audience="customer"),
                    attended_at__isnull=True,
                ),
                name="delivery_needs_a_person",
            ),
        ),
        migrations.RemoveIndex("delivery", "delivery_attention"),
    ]
