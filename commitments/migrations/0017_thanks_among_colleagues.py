"""Thanks among colleagues, and the event of those that are shared.

The kinds of events are choices alone: no table is touched for the new one.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [
    *("made", "updated", "moved", "waited", "resumed", "reassigned", "acknowledged"),
    *("help_asked", "fulfilled", "released", "abandoned", "voided", "reopened", "undone"),
    *("breached", "step_taken", "passed_over", "coalesced", "asked_again", "update_missed"),
    *("nudged", "decision_asked", "message_sent", "message_not_sent", "message_bounced"),
    *("replanned", "call_tried", "check_in_planned", "check_in_held", "check_in_dropped"),
    *("check_in_answered", "customer_wrote", "other_time_asked", "confirmed", "disputed"),
    *("customer_answered", "mails_stopped", "link_renewed", "thanked"),
]
LABELS = {"passed_over": "Step Passed Over", "coalesced": "Step Coalesced"}


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0016_figures_of_each_day"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    (kind, LABELS.get(kind) or kind.replace("_", " ").title()) for kind in KINDS
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Thanks",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.CharField(max_length=1000)),
                ("shared", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="thanks",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="thanks_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="thanks_received",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("receiver")), _negated=True),
                        name="thanks_go_to_somebody_else",
                    ),
                    models.UniqueConstraint(
                        fields=["commitment", "giver", "receiver"],
                        name="thanked_once_for_a_promise",
                    ),
                ],
            },
        ),
    ]
