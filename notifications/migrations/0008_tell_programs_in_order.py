"""What programs asked for goes out in order, is found by its program, and needs no person.

Built while others go on writing; it may be stopped half-way and begun again.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

AddIndexBesideWriters = import_module(
    "notifications.migrations.0005_find_a_persons_messages"
).AddIndexBesideWriters


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("notifications", "0007_say_what_grew_too_old"),
    ]

    operations = [
        AddIndexBesideWriters(
            "delivery",
            models.Index(
                fields=["address", "about", "event_id"],
                condition=Q(template="webhook_event", attempt_at__isnull=False),
                name="delivery_in_line",
            ),
        ),
        AddIndexBesideWriters(
            "delivery",
            models.Index(
                fields=["address", "enqueued_at", "id"],
                condition=Q(channel="webhook"),
                name="delivery_to_a_program",
            ),
        ),
        AddIndexBesideWriters(
            "delivery",
            models.Index(
                fields=["settled_at"],
                condition=Q(
                    Q(state__in=["failed", "uncertain"]) | Q(state="expired", audience="customer"),
                    ~Q(template="webhook_event"),
                    attended_at__isnull=True,
                ),
                name="delivery_needs_somebody",
            ),
        ),
        migrations.RemoveIndex("delivery", "delivery_needs_a_person"),
    ]
