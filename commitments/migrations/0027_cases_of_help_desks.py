"""Help desks that tell us of promises, and the case that a case was merged into."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0026_find_customers_by_phone"),
    ]

    operations = [
        migrations.CreateModel(
            name="HelpDesk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("system", models.CharField(max_length=20)),
                ("address", models.URLField()),
                ("secrets", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                ("heard_at", models.DateTimeField(blank=True, null=True)),
                ("off_at", models.DateTimeField(blank=True, null=True)),
                (
                    "kind",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="commitments.kind",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="commitments.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("system", ""), _negated=True),
                        name="help_desk_is_some_system",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="conversation",
            name="continued_in",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="conversation",
            name="continued_url",
            field=models.URLField(blank=True, db_default="", default="", max_length=500),
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
                    ("customer_wrote", "Customer Wrote"),
                    ("other_time_asked", "Other Time Asked"),
                    ("confirmed", "Confirmed"),
                    ("disputed", "Disputed"),
                    ("customer_answered", "Customer Answered"),
                    ("mails_stopped", "Mails Stopped"),
                    ("link_renewed", "Link Renewed"),
                    ("thanked", "Thanked"),
                    ("case_told", "Case Told"),
                ],
                max_length=20,
            ),
        ),
    ]
