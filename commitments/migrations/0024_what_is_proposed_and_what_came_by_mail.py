"""Drafts that wait to be accepted, and what became of the mails that reached us.

New tables alone: nothing that stands is touched.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0023_notes_put_off_stay_as_old_as_they_are"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("taken", "Taken"),
                            ("dropped", "Dropped"),
                            ("quarantined", "Quarantined"),
                        ],
                        max_length=11,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("mails", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "count of mails",
                "verbose_name_plural": "counts of mails",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("on", "outcome", "reason"), name="one_count_of_a_kind_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuarantinedMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="quarantined_at")],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=20)),
                ("source_key", models.CharField(max_length=64)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("chat", "Chat"),
                            ("email", "E-mail"),
                            ("social", "Social media"),
                            ("post", "Post"),
                            ("in_person", "In person"),
                            ("other", "Other"),
                        ],
                        default="email",
                        max_length=10,
                    ),
                ),
                ("said_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "Accepted"),
                            ("dismissed", "Dismissed"),
                            ("expired", "Expired"),
                        ],
                        max_length=9,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "commitment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestion",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="commitments.customer",
                    ),
                ),
                (
                    "for_whom",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="commitments.kind",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestions",
                        to="commitments.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SuggestionText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=150)),
                ("email", models.CharField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("wording", models.CharField(blank=True, max_length=500)),
                ("due_said", models.CharField(blank=True, max_length=200)),
                ("said", models.TextField(blank=True)),
                ("case", models.CharField(blank=True, max_length=120)),
                ("case_url", models.CharField(blank=True, max_length=500)),
                (
                    "suggestion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="text",
                        to="commitments.suggestion",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("outcome", "")),
                fields=["team", "for_whom", "said_at"],
                name="suggestion_waits_for",
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("outcome", "")),
                fields=["expires_at"],
                name="suggestion_expires",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.UniqueConstraint(
                fields=("source", "source_key"), name="proposed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("settled_at", None)),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True), ("settled_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="a_suggestion_is_settled_with_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("commitment__isnull", False), ("outcome", "accepted")),
                    models.Q(
                        models.Q(("outcome", "accepted"), _negated=True), ("commitment", None)
                    ),
                    _connector="OR",
                ),
                name="what_is_accepted_is_a_promise",
            ),
        ),
    ]
