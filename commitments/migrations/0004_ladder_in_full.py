"""What a step can do, promises put under another version, and what a second breach says."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0003_keep_old_words_and_why_it_is_due"),
    ]

    operations = [
        migrations.CreateModel(
            name="Replan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("done_upto", models.BigIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="absence",
            name="note",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="commitment",
            name="breached_again",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="step",
            name="hands_to",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="The promise changes hands to the first of this audience who is on duty.",
                max_length=40,
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="pierces_quiet",
            field=models.BooleanField(
                db_default=False, default=False, help_text="Is sent in quiet hours too."
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="repeat_cap",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="How often it is said again, at most."
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="repeat_every",
            field=models.PositiveIntegerField(
                blank=True, help_text="Seconds, counted as the offset is counted.", null=True
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="words",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Approved words for the customer: why it is late, in plain words.",
                max_length=500,
            ),
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
                    ("check_in_planned", "Check In Planned"),
                    ("check_in_held", "Check In Held"),
                    ("check_in_dropped", "Check In Dropped"),
                    ("check_in_answered", "Check In Answered"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="schedule",
            name="what",
            field=models.CharField(
                choices=[
                    ("housekeeping", "Forget once-only keys that have run out"),
                    ("digest", "What is ahead of somebody today"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="audience",
            field=models.JSONField(
                default=list,
                help_text="owner, deputy, lead, manager, customer, person:ID, role:ROLE, webhook:ID.",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("repeat_every", None), ("repeat_every__gt", 0), _connector="OR"
                ),
                name="step_repeats_later",
            ),
        ),
        migrations.AddField(
            model_name="replan",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="replan",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replans",
                to="commitments.policyversion",
            ),
        ),
        migrations.AddIndex(
            model_name="replan",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)),
                fields=["next_at"],
                name="replan_clock",
            ),
        ),
        migrations.AddConstraint(
            model_name="replan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at__isnull", False), ("next_at", None)),
                    models.Q(("finished_at", None), ("next_at__isnull", False)),
                    _connector="OR",
                ),
                name="replan_has_a_clock_until_it_is_finished",
            ),
        ),
    ]
