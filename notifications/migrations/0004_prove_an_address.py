"""The code that is sent to an address, to see that it reaches its person."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0003_what_the_auditor_found'),
    ]

    operations = [
        migrations.AddField(
            model_name='contactpoint',
            name='code_digest',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='code_sent_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='code_tries',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
