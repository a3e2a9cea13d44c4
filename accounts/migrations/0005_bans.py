"""Notices of moderators, and a ban that is told, reviewed and objected to; its address sealed to the custodian."""

import accounts.misconduct.models
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_ways_in_that_hold'),
    ]

    operations = [
        migrations.AddField(
            model_name='ban',
            name='attempts',
            field=models.PositiveIntegerField(default=0, help_text='How often we tried to send it.', verbose_name='attempts'),
        ),
        migrations.AddField(
            model_name='ban',
            name='held_until',
            field=models.DateTimeField(blank=True, help_text='Until then one worker is sending it, or it rests after a failure.', null=True, verbose_name='held until'),
        ),
        migrations.AddField(
            model_name='ban',
            name='kept_because',
            field=models.TextField(blank=True, help_text='Why the last review left it standing.', max_length=2000, verbose_name='kept because'),
        ),
        migrations.AddField(
            model_name='ban',
            name='objection_ref',
            field=models.CharField(blank=True, help_text='Number of the request that objects to it.', max_length=20, verbose_name='objection'),
        ),
        migrations.AddField(
            model_name='ban',
            name='review_on',
            field=models.DateField(db_index=True, default=accounts.misconduct.models.in_a_year, help_text='When we look again whether it may stay.', verbose_name='to review on'),
        ),
        migrations.AddField(
            model_name='ban',
            name='sealed_address',
            field=models.BinaryField(blank=True, default=b'', help_text='Only the custodian can open it, with a key that we do not have.', max_length=1000, verbose_name='address, sealed'),
        ),
        migrations.AddField(
            model_name='ban',
            name='sealed_to',
            field=models.CharField(blank=True, help_text='Which key of the custodian opens it; empty where there was none.', max_length=16, verbose_name='sealed to'),
        ),
        migrations.AddField(
            model_name='ban',
            name='subject_ref',
            field=models.UUIDField(blank=True, db_index=True, help_text='Reference of the member it was; leads to nobody once she is erased.', null=True, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='ban',
            name='told_at',
            field=models.DateTimeField(blank=True, help_text='When our mail about it went out.', null=True, verbose_name='mailed'),
        ),
        migrations.AddField(
            model_name='ban',
            name='withheld',
            field=models.CharField(blank=True, choices=[('', 'no'), ('others', 'it would harm somebody else (Art. 15(4))'), ('investigation', 'an authority investigates and asked us (Art. 23)')], help_text="On which ground the copy of the person's data leaves this out; empty: it does not.", max_length=20, verbose_name='withheld'),
        ),
        migrations.AlterField(
            model_name='ban',
            name='notices',
            field=models.TextField(help_text='When the person was told to follow the rules, and did not.', max_length=20000, verbose_name='repeated notices'),
        ),
        migrations.CreateModel(
            name='FormalNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveIntegerField(default=0, help_text='How often we tried to send it.', verbose_name='attempts')),
                ('held_until', models.DateTimeField(blank=True, help_text='Until then one worker is sending it, or it rests after a failure.', null=True, verbose_name='held until')),
                ('text', models.TextField(help_text='What happened, and what has to change.', max_length=2000, verbose_name='what it says')),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When a moderator wrote it.', verbose_name='given')),
                ('given_by', models.CharField(help_text='Reference of the moderator.', max_length=60, verbose_name='given by')),
                ('told_at', models.DateTimeField(blank=True, help_text='When our mail about it went out.', null=True, verbose_name='mailed')),
                ('member', models.ForeignKey(help_text='Who got the notice.', on_delete=django.db.models.deletion.CASCADE, related_name='formal_notices', to=settings.AUTH_USER_MODEL, verbose_name='member')),
            ],
            options={
                'verbose_name': 'notice of a moderator',
                'verbose_name_plural': 'notices of moderators',
                'ordering': ['given_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='accounts_formal_notice_says_something')],
            },
        ),
    ]
