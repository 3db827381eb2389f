"""Calls that were tried, views that are kept, teams that are retired."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0005_climb_across_versions"),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="attempted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="team",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("made", "Made"),
                    ("updated", "Updated"),
                    ("moved", "Moved"),
                    ("waited", "Waited"),
                    ("resumed", "Resumed"),
                    ("reassigned", "Reassigned"),
                    ("acknowledged", "Acknowledged"),
                    ("help_asked", "Help Asked"),
                    ("fulfilled", "Fulfilled"),
                    ("released", "Released"),
                    ("abandoned", "Abandoned"),
                    ("voided", "Voided"),
                    ("reopened", "Reopened"),
                    ("undone", "Undone"),
                    ("breached", "Breached"),
                    ("step_taken", "Step Taken"),
                    ("passed_over", "Step Passed Over"),
                    ("coalesced", "Step Coalesced"),
                    ("asked_again", "Asked Again"),
                    ("update_missed", "Update Missed"),
                    ("nudged", "Nudged"),
                    ("decision_asked", "Decision Asked"),
                    ("message_sent", "Message Sent"),
                    ("message_not_sent", "Message Not Sent"),
                    ("message_bounced", "Message Bounced"),
                    ("replanned", "Replanned"),
                    ("call_tried", "Call Tried"),
                    ("check_in_planned", "Check In Planned"),
                    ("check_in_held", "Check In Held"),
                    ("check_in_dropped", "Check In Dropped"),
                    ("check_in_answered", "Check In Answered"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="CallAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("reached", "Reached them"),
                            ("no_answer", "No answer"),
                            ("voicemail", "Left a message"),
                            ("busy", "Busy"),
                            ("wrong_number", "Wrong number"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "caller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_attempts",
                        to="commitments.commitment",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(blank=True, max_length=1000)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "name"), name="one_view_per_name")
                ],
            },
        ),
    ]
