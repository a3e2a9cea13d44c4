"""Photo, several social networks, suggestions, and the record of what a member agreed to show."""

import accounts.links
import accounts.models
import django.utils.timezone
from django.db import migrations, models

from privacy.evidence.growing import RefuseChanges


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_known_browsers_and_security_events'),
        ('privacy', '0002_growing_tables'),
    ]

    operations = [
        migrations.RenameField('member', 'social_network', 'social_networks'),
        migrations.CreateModel(
            name='ProfileConsentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_ref', models.UUIDField(db_index=True, help_text='Reference of the person concerned.', verbose_name='person')),
                ('request_ref', models.CharField(blank=True, help_text='Number of the request by which it was given, where there is one.', max_length=20, verbose_name='request')),
                ('kind', models.CharField(choices=[('given', 'given'), ('withdrawn', 'withdrawn')], help_text='Given or withdrawn.', max_length=10, verbose_name='kind')),
                ('attributes', models.JSONField(help_text='Names of the account fields concerned.', verbose_name='attributes')),
                ('text_version', models.CharField(help_text='Which text was shown.', max_length=20, verbose_name='version of the text')),
                ('language', models.CharField(help_text='In which it was shown.', max_length=2, verbose_name='language')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, help_text='The moment.', verbose_name='when')),
            ],
            options={
                'verbose_name': 'consent to show',
                'verbose_name_plural': 'consents to show',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='member',
            name='photo',
            field=models.FileField(blank=True, db_index=True, help_text='Optional. Everybody can see it, until you take it back.', upload_to='', verbose_name='photo'),
        ),
        migrations.AddField(
            model_name='member',
            name='recommendations',
            field=models.BooleanField(default=True, help_text='Whether we suggest material from what you viewed and kept.', verbose_name='suggestions'),
        ),
        migrations.AlterField(
            model_name='member',
            name='about_me',
            field=models.TextField(blank=True, help_text='Optional. Everybody can read it, until you take it back.', max_length=2000, verbose_name='about me'),
        ),
        migrations.AlterField(
            model_name='member',
            name='birth_date',
            field=models.DateField(blank=True, help_text='Shown to nobody.', null=True, validators=[accounts.models.is_past], verbose_name='birth date'),
        ),
        migrations.AlterField(
            model_name='member',
            name='gender',
            field=models.CharField(blank=True, choices=[('female', 'woman'), ('male', 'man'), ('other', 'other')], help_text='As you wish; shown to nobody.', max_length=10, verbose_name='gender'),
        ),
        migrations.AlterField(
            model_name='member',
            name='social_networks',
            field=accounts.links.LinksField(blank=True, help_text='Optional. One address on each line, at most five. Everybody can read them, until you take them back.', verbose_name='social networks'),
        ),
        migrations.AlterField(
            model_name='member',
            name='website',
            field=models.URLField(blank=True, help_text='Optional. Everybody can read it, until you take it back.', verbose_name='website'),
        ),
        RefuseChanges('accounts_profileconsentevent'),
    ]
