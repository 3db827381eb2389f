"""A customer who was entered twice points at the one who stays.

A column that is empty everywhere: no row is read or written for it.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0032_events_of_the_erased"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="commitments.customer",
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
                    ("erased", "Erased"),
                    ("customer_merged", "Customer Merged"),
                    ("case_told", "Case Told"),
                ],
                max_length=20,
            ),
        ),
    ]
