import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0026_settings_and_heads'),
    ]

    operations = [
        migrations.AddField(
            model_name='datasubjectrequest',
            name='extended_at',
            field=models.DateTimeField(blank=True, help_text='When we took two more months, and told the person why.', null=True, verbose_name='extended'),
        ),
        migrations.AddField(
            model_name='datasubjectrequest',
            name='paused_days',
            field=models.PositiveSmallIntegerField(default=0, help_text='How many days the time to answer stood still so far.', verbose_name='days on hold'),
        ),
        migrations.AddField(
            model_name='datasubjectrequest',
            name='refusal_evidence',
            field=models.TextField(blank=True, help_text='What shows that it is excessive; no personal data.', max_length=2000, verbose_name='what shows it'),
        ),
        migrations.AddField(
            model_name='datasubjectrequest',
            name='refused_about',
            field=models.JSONField(blank=True, default=list, help_text='Of a no in part: which uses of data it is about, as codes.', verbose_name='refused uses'),
        ),
        migrations.AlterField(
            model_name='datasubjectrequest',
            name='refusal_ground',
            field=models.CharField(blank=True, choices=[('identity', 'we could not establish who asks'), ('unfounded', 'manifestly unfounded'), ('excessive', 'excessive, in particular repeated'), ('exception', 'an exception of the regulation applies'), ('not_controller', 'we are not the controller of these data'), ('rights_of_others', 'it would harm the rights of others'), ('not_met', 'what this right asks for is not the case'), ('compelling', 'compelling grounds of ours weigh more than the objection')], help_text='Why it was refused, as a code.', max_length=20, verbose_name='ground of refusal'),
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('complex', 'the request is complex'), ('numerous', 'this person asked many things')], help_text='Why it takes longer, as a code.', max_length=20, verbose_name='reason')),
                ('words', models.TextField(blank=True, help_text='What makes it so here; the person reads it. No personal data.', max_length=1000, verbose_name='in words')),
                ('granted_at', models.DateTimeField(help_text='When we took more time, and wrote so.', verbose_name='extended')),
                ('in_time_until', models.DateTimeField(help_text='The end of the first month, in which it has to be told.', verbose_name='possible until')),
                ('due_on', models.DateField(help_text='Last day to answer, from then on.', verbose_name='answer due')),
                ('by', models.CharField(blank=True, help_text='Reference or role of who did it.', max_length=60, verbose_name='done by')),
                ('request', models.ForeignKey(help_text='Which request takes longer.', on_delete=django.db.models.deletion.CASCADE, related_name='extensions', to='privacy.datasubjectrequest', verbose_name='request')),
            ],
            options={
                'verbose_name': 'extension',
                'verbose_name_plural': 'extensions',
                'constraints': [models.UniqueConstraint(fields=('request',), name='privacy_extended_once'), models.CheckConstraint(condition=models.Q(('granted_at__lt', models.F('in_time_until'))), name='privacy_extended_within_the_first_month'), models.CheckConstraint(condition=models.Q(('reason__in', ['complex', 'numerous'])), name='privacy_extension_reason_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('identity', 'we need to know who asks'), ('specify', 'we need to know what exactly is asked')], help_text='What we miss, as a code.', max_length=20, verbose_name='reason')),
                ('begun_at', models.DateTimeField(help_text='When we asked for it.', verbose_name='begun')),
                ('ended_at', models.DateTimeField(blank=True, help_text='When we had it, or the request was closed.', null=True, verbose_name='ended')),
                ('moves_deadline', models.BooleanField(help_text='Whether we asked soon enough for the last day to move.', verbose_name='counts')),
                ('by', models.CharField(blank=True, help_text='Reference or role of who did it.', max_length=60, verbose_name='done by')),
                ('request', models.ForeignKey(help_text='Which request waits for the person.', on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='privacy.datasubjectrequest', verbose_name='request')),
            ],
            options={
                'verbose_name': 'time on hold',
                'verbose_name_plural': 'times on hold',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('request',), name='privacy_one_open_pause'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('begun_at')), _connector='OR'), name='privacy_pause_ends_after_it_began'), models.CheckConstraint(condition=models.Q(('reason__in', ['identity', 'specify'])), name='privacy_pause_reason_is_known')],
            },
        ),
    ]
