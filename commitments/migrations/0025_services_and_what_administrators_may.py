"""A program may act under a name of its own, and for an administrator."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0024_what_is_proposed_and_what_came_by_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_service",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_service", False),
                    models.Q(("is_staff", False), ("is_superuser", False)),
                    _connector="OR",
                ),
                name="a_service_is_no_administrator",
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("agent", "Agent"),
                    ("lead", "Lead"),
                    ("manager", "Manager"),
                    ("auditor", "Auditor"),
                    ("service", "Service"),
                ],
                default="agent",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="apitoken",
            name="scope",
            field=models.CharField(
                choices=[
                    ("read", "Read"),
                    ("write", "Read and write"),
                    ("admin", "Administer"),
                ],
                default="write",
                max_length=5,
            ),
        ),
    ]
