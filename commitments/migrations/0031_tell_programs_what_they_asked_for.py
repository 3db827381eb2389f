"""A program says which kinds of happenings it is told of, and of which teams."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0030_files_to_be_imported"),
        ("notifications", "0008_tell_programs_in_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kinds", models.JSONField()),
                ("every_team", models.BooleanField()),
                (
                    "endpoint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscription",
                        to="notifications.endpoint",
                    ),
                ),
                (
                    "teams",
                    models.ManyToManyField(blank=True, related_name="+", to="commitments.team"),
                ),
            ],
        ),
    ]
