"""A schedule says which report it is, on which day of the week, and whose figures it told of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0021_count_what_is_open_from_an_index"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="schedule", name="one_schedule_each"),
        migrations.AddField(
            model_name="schedule",
            name="asks",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="schedule",
            name="weekday",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="schedule",
            name="told_of",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="schedule",
            name="what",
            field=models.CharField(
                choices=[
                    ("housekeeping", "Forget once-only keys that have run out"),
                    ("digest", "What is ahead of somebody today"),
                    ("weekly", "What a manager needs to know of the week"),
                    ("report", "A report that somebody asked for"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.UniqueConstraint(
                fields=("what", "whose", "asks"), name="one_schedule_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday", None), ("weekday__lt", 7), _connector="OR"),
                name="a_week_has_seven_days",
            ),
        ),
    ]
