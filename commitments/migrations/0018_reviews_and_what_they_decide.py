"""Incident reviews, their promises and decisions; kinds of what a team promises itself."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def reference(to, **fields):
    fields = {"on_delete": django.db.models.deletion.PROTECT} | fields
    return models.ForeignKey(to=to, **fields)


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0017_thanks_among_colleagues"),
    ]

    operations = [
        migrations.AddField(
            model_name="kind",
            name="for_customers",
            field=models.BooleanField(default=True, db_default=True),
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", key()),
                ("title", models.CharField(max_length=150)),
                ("happened", models.CharField(max_length=4000)),
                ("why", models.CharField(blank=True, max_length=4000)),
                ("begun_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "begun_by",
                    reference(settings.AUTH_USER_MODEL, related_name="+", db_index=False),
                ),
                ("team", reference("commitments.team", related_name="reviews")),
            ],
        ),
        migrations.CreateModel(
            name="ReviewedPromise",
            fields=[
                ("id", key()),
                (
                    "commitment",
                    reference("commitments.commitment", related_name="looked_at_in"),
                ),
                (
                    "review",
                    reference(
                        "commitments.review",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="looked_at",
                        db_index=False,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["review", "commitment"], name="a_promise_is_once_in_a_review"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="review",
            name="promises",
            field=models.ManyToManyField(
                related_name="reviews",
                through="commitments.ReviewedPromise",
                to="commitments.commitment",
            ),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", key()),
                (
                    "commitment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="commitments.commitment",
                    ),
                ),
                ("review", reference("commitments.review", related_name="decisions")),
            ],
        ),
    ]
