"""Which step was said last, and what was seen to under an earlier version of the policy."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0004_ladder_in_full"),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="also_done",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], output_field=models.JSONField()),
                default=list,
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="last_step",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
    ]
