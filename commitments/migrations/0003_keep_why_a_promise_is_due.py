"""Beside each due time, the steps that lead to it; promises made before have none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0002_events_are_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="due_steps",
            # The database knows the default too: processes of the version before go on writing rows.
            field=models.JSONField(
                blank=True,
                default=list,
                db_default=models.Value([], output_field=models.JSONField()),
            ),
        ),
    ]
