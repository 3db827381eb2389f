"""Kinds with a value, and the reasons for values that are not usual."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def mark_usual_kinds(apps, schema_editor):  # noqa: ARG001 - as Django calls it
    """Of the kinds that everybody starts out with, and of one that many add."""
    kinds = apps.get_model("commitments", "Kind").objects
    kinds.filter(code__in=["refund", "credit", "goodwill"]).update(has_value=True)


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0018_reviews_and_what_they_decide"),
    ]

    operations = [
        migrations.AddField(
            model_name="kind",
            name="has_value",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunPython(mark_usual_kinds, migrations.RunPython.noop),
        migrations.CreateModel(
            name="ValueReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.CharField(max_length=300)),
                ("low", models.DecimalField(decimal_places=2, max_digits=12)),
                ("median", models.DecimalField(decimal_places=2, max_digits=12)),
                ("high", models.DecimalField(decimal_places=2, max_digits=12)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "commitment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="value_reason",
                        to="commitments.commitment",
                    ),
                ),
            ],
        ),
    ]
