"""The old words that an undo needs, and beside each due time the steps that lead to it.

The database knows both defaults too: processes of the version before go on writing rows. Promises
made before have no steps, and none are invented.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0002_events_are_append_only"),
    ]

    operations = [
        migrations.AlterModelOptions(name="apitoken", options={"verbose_name": "API token"}),
        migrations.AlterModelOptions(
            name="openinghours",
            options={
                "ordering": ["weekday", "opens"],
                "verbose_name": "opening hours",
                "verbose_name_plural": "opening hours",
            },
        ),
        migrations.AddField(
            model_name="eventtext",
            name="before",
            field=models.JSONField(
                default=dict,
                db_default=models.Value({}, output_field=models.JSONField()),
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="due_steps",
            field=models.JSONField(
                blank=True,
                default=list,
                db_default=models.Value([], output_field=models.JSONField()),
            ),
        ),
    ]
