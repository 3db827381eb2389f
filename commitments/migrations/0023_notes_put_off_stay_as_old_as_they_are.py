"""A day that could not be worked out keeps its note as old as it is: its readers see how old."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0022_reports_on_a_schedule"),
    ]

    operations = [
        migrations.AddField(
            model_name="figurenote",
            name="put_off_until",
            field=models.DateTimeField(null=True),
        ),
    ]
