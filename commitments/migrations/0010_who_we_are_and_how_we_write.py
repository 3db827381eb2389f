"""Who we are to customers, our own wording of their mails, and who wants them after all."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0009_read_a_day_quickly"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="mails_wanted_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Asked on the phone for mails about promises, after all.",
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="Brand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("email", models.CharField(blank=True, max_length=254)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("shows_name", models.BooleanField(db_default=True, default=True)),
                ("shows_steps", models.BooleanField(db_default=True, default=True)),
                ("logo", models.BinaryField(blank=True, null=True)),
                (
                    "logo_type",
                    models.CharField(blank=True, db_default="", default="", max_length=4),
                ),
                (
                    "logo_mark",
                    models.CharField(blank=True, db_default="", default="", max_length=16),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="brand_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("logo__isnull", True), ("logo_mark", ""), ("logo_type", "")),
                            models.Q(
                                ("logo__isnull", False),
                                models.Q(("logo_type", ""), _negated=True),
                                models.Q(("logo_mark", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="brand_logo_has_type_and_mark",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("template", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=12)),
                ("number", models.PositiveIntegerField()),
                ("is_standard", models.BooleanField(default=False)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("heading", models.CharField(blank=True, max_length=120)),
                ("body", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("template", "language", "number"), name="one_text_per_number"
                    )
                ],
            },
        ),
    ]
