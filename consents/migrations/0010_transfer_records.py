import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('consents', '0009_wording'),
    ]

    operations = [
        migrations.AlterField(
            model_name='consentevent',
            name='asked',
            field=models.JSONField(blank=True, default=list, help_text='Names of those that were offered to choose from.', verbose_name='asked'),
        ),
        migrations.AlterField(
            model_name='consentevent',
            name='attributes',
            field=models.JSONField(help_text='Names of the account fields concerned; of an archive, of the kinds of data that may come.', verbose_name='attributes'),
        ),
        migrations.AlterField(
            model_name='consentevent',
            name='purpose',
            field=models.CharField(choices=[('use', 'use of its tool'), ('contact', 'being contacted with offers'), ('bring', 'bringing an archive here')], default='use', help_text='For what; each is a consent of its own.', max_length=10, verbose_name='purpose'),
        ),
        migrations.CreateModel(
            name='FetchLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveIntegerField(default=0, help_text='How often we tried to send it.', verbose_name='attempts')),
                ('held_until', models.DateTimeField(blank=True, help_text='Until then one worker is sending it, or it rests after a failure.', null=True, verbose_name='held until')),
                ('fetched_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When it did.', verbose_name='fetched')),
                ('sent_at', models.DateTimeField(blank=True, help_text='When it went out.', null=True, verbose_name='sent')),
                ('member', models.ForeignKey(help_text='Whose data.', on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='member')),
                ('partner', models.ForeignKey(help_text='Whose program fetched them.', on_delete=django.db.models.deletion.PROTECT, to='consents.partner', verbose_name='partner')),
            ],
            options={
                'verbose_name': "letter about a partner's fetch",
                'verbose_name_plural': "letters about partners' fetches",
            },
        ),
    ]
