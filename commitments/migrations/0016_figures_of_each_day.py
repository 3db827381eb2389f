"""Figures of each day, rolled up, and what they count that was worked out anew for every reader.

All days there are get a note, so that they are worked out by the job that does so, while everybody
goes on. What was kept before has no length yet: `manage.py rebuild_reports` works it out.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Of check-ins that have been sent, the answer counts for the promise that went worst. Whether one
# that was late had been told is not known any more.
_COUNTED = """
update commitments_checkinitem
set counts_as = (
    select case outcome when 'late' then 'late_told' else outcome end
    from commitments_commitment
    where commitments_commitment.id = commitment_id
)
where id in (
    select id
    from (
        select item.id, row_number() over (
            partition by item.check_in_id
            order by case outcome when 'late' then 0 when 'moved' then 1 else 2 end, item.id
        ) as place
        from commitments_checkinitem as item
        join commitments_checkin on commitments_checkin.id = item.check_in_id
        join commitments_commitment on commitments_commitment.id = item.commitment_id
        where sent_at is not null and outcome in ('on_time', 'moved', 'late')
    ) as placed
    where place = 1
)
"""

_NOTES_POSTGRESQL = """
insert into commitments_figurenote (team_id, day, at)
select distinct team_id, (first_due_at at time zone due_zone)::date, now()
from commitments_commitment
union all
select team_id, (first_due_at at time zone due_zone)::date, due_at
from commitments_commitment
where status = 'open' and due_at >= now()
union all
select team_id, (first_due_at at time zone due_zone)::date, untold_due_at
from commitments_commitment
where status in ('open', 'waiting') and untold_due_at >= now()
"""

_NOTES_SQLITE = """
insert into commitments_figurenote (team_id, day, at)
select distinct team_id, django_datetime_cast_date(first_due_at, due_zone, 'UTC'),
    strftime('%Y-%m-%d %H:%M:%f', 'now')
from commitments_commitment
union all
select team_id, django_datetime_cast_date(first_due_at, due_zone, 'UTC'), due_at
from commitments_commitment
where status = 'open' and due_at >= strftime('%Y-%m-%d %H:%M:%f', 'now')
union all
select team_id, django_datetime_cast_date(first_due_at, due_zone, 'UTC'), untold_due_at
from commitments_commitment
where status in ('open', 'waiting') and untold_due_at >= strftime('%Y-%m-%d %H:%M:%f', 'now')
"""


def count_what_there_is(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(_COUNTED, params=None)
    schema_editor.execute(_NOTES_POSTGRESQL if is_postgresql else _NOTES_SQLITE, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0015_find_open_promises_of_a_policy"),
    ]

    operations = [
        migrations.AddField(
            model_name="checkinitem",
            name="counts_as",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="commitment",
            name="closed_in_silence",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="commitment",
            name="took_minutes",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="FigureDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("counted_at", models.DateTimeField(null=True)),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commitments.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("team", "day"), name="one_cell_per_team_and_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FigureNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commitments.team",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="figure_note_due")],
            },
        ),
        migrations.CreateModel(
            name="KeptFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("on_time", models.PositiveIntegerField()),
                ("moved", models.PositiveIntegerField()),
                ("late", models.PositiveIntegerField()),
                ("broken", models.PositiveIntegerField()),
                ("overdue", models.PositiveIntegerField()),
                ("pending", models.PositiveIntegerField()),
                ("released", models.PositiveIntegerField()),
                ("void", models.PositiveIntegerField()),
                ("attempted", models.PositiveIntegerField()),
                (
                    "kind",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commitments.kind",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commitments.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("team", "day", "kind", "owner"), name="one_kept_figure_per_owner"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LastingFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("rung", models.PositiveSmallIntegerField()),
                ("n", models.PositiveIntegerField()),
                (
                    "kind",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commitments.kind",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commitments.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("team", "day", "kind", "rung"), name="one_lasting_figure_per_rung"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RatedFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("happened", models.CharField(max_length=12)),
                ("rating", models.PositiveSmallIntegerField()),
                ("n", models.PositiveIntegerField()),
                (
                    "kind",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commitments.kind",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commitments.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("team", "day", "kind", "owner", "happened", "rating"),
                        name="one_rated_figure_per_rating",
                    )
                ],
            },
        ),
        migrations.RunPython(count_what_there_is, migrations.RunPython.noop, elidable=True),
    ]
