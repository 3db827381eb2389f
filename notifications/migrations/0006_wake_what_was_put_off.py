"""Reminders that were put off come back when the customer writes: they are found by promise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0005_find_a_persons_messages"),
    ]

    operations = [
        migrations.AddIndex(
            "inboxitem",
            models.Index(
                fields=["about"],
                condition=models.Q(show_at__isnull=False),
                name="inbox_put_off",
            ),
        ),
    ]
