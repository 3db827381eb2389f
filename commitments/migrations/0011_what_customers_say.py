"""What customers say and send on their pages, and since when it waits for an answer."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0010_who_we_are_and_how_we_write"),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="customer_asked_at",
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
                    ("customer_wrote", "Customer Wrote"),
                    ("other_time_asked", "Other Time Asked"),
                    ("confirmed", "Confirmed"),
                    ("disputed", "Disputed"),
                    ("customer_answered", "Customer Answered"),
                    ("mails_stopped", "Mails Stopped"),
                    ("link_renewed", "Link Renewed"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stored", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachment",
                        to="commitments.event",
                    ),
                ),
            ],
        ),
    ]
