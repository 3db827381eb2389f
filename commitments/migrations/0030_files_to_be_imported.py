"""Files of promises on their way in, and what there is to say of their rows.

New tables alone: nothing that stands is touched.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0029_calendar_feeds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("name", models.CharField(max_length=120)),
                ("size", models.PositiveIntegerField()),
                ("stored", models.CharField(blank=True, max_length=64)),
                ("sheet", models.CharField(blank=True, max_length=120)),
                ("columns", models.JSONField(default=dict)),
                ("choices", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("taken", "To be looked at"),
                            ("judging", "Being checked"),
                            ("judged", "Checked"),
                            ("making", "Being brought in"),
                            ("finished", "Brought in"),
                            ("refused", "Not brought in"),
                        ],
                        default="taken",
                        max_length=10,
                    ),
                ),
                ("says", models.CharField(blank=True, max_length=500)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("done_upto", models.PositiveIntegerField(default=0)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("good", models.PositiveIntegerField(default=0)),
                ("bad", models.PositiveIntegerField(default=0)),
                ("repeated", models.PositiveIntegerField(default=0)),
                ("already_there", models.PositiveIntegerField(default=0)),
                ("without_time", models.PositiveIntegerField(default=0)),
                ("not_understood", models.PositiveIntegerField(default=0)),
                ("customers", models.PositiveIntegerField(default=0)),
                ("made", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("forget_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commitments.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ImportRemark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("bad", "Left out"),
                            ("repeated", "There already"),
                            ("guessed", "At the usual time"),
                        ],
                        max_length=10,
                    ),
                ),
                ("says", models.CharField(max_length=500)),
                (
                    "of",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="commitments.import",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)),
                fields=["next_at"],
                name="import_clock",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_at__isnull", False), ("state__in", ("judging", "making"))),
                    models.Q(
                        ("next_at", None),
                        models.Q(("state__in", ("judging", "making")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="import_has_a_clock_while_it_is_worked_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="importremark",
            constraint=models.UniqueConstraint(
                fields=("of", "what", "line"), name="one_remark_of_a_line"
            ),
        ),
    ]
