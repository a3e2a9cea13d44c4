import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0022_registers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveIntegerField(default=0, help_text='How often we tried to send it.', verbose_name='attempts')),
                ('held_until', models.DateTimeField(blank=True, help_text='Until then one worker is sending it, or it rests after a failure.', null=True, verbose_name='held until')),
                ('subject_ref', models.UUIDField(db_index=True, help_text='Reference of the person concerned.', verbose_name='person')),
                ('request_ref', models.CharField(blank=True, db_index=True, help_text='Number of the request that it came with.', max_length=20, verbose_name='request')),
                ('activity', models.CharField(blank=True, help_text='Which use of data is on hold; empty for all of them.', max_length=100, verbose_name='use')),
                ('ground', models.CharField(choices=[('accuracy', 'the person says the data are not right'), ('unlawful', 'the use is unlawful, and the person wants no erasure'), ('legal_claims', 'the person needs the data for a legal claim'), ('objection', 'an objection is being looked at'), ('erasure', 'a request for erasure is being looked at')], help_text='Why data may only be kept, as a code.', max_length=20, verbose_name='ground')),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now, help_text='Since when data are only kept.', verbose_name='since')),
                ('begun_by', models.CharField(blank=True, help_text='Reference or role of who began it.', max_length=60, verbose_name='begun by')),
                ('upheld_at', models.DateTimeField(blank=True, help_text='When the objection was found right: this use has stopped for good.', null=True, verbose_name='for good')),
                ('announced_at', models.DateTimeField(blank=True, help_text='When it was decided that it ends, and the letter about it was written.', null=True, verbose_name='end decided')),
                ('told_at', models.DateTimeField(blank=True, help_text='When the letter went out that says it will end.', null=True, verbose_name='told')),
                ('lifted_at', models.DateTimeField(blank=True, help_text='When it ended.', null=True, verbose_name='ended')),
                ('lifted_by', models.CharField(blank=True, help_text='Reference or role of who ended it.', max_length=60, verbose_name='ended by')),
            ],
            options={
                'verbose_name': 'restriction',
                'verbose_name_plural': 'restrictions',
            },
        ),
        migrations.AddField(
            model_name='subject',
            name='restricted_at',
            field=models.DateTimeField(blank=True, help_text='Since when we only keep data, for at least one use of them.', null=True, verbose_name='restricted since'),
        ),
        migrations.AddField(
            model_name='subject',
            name='restricted_uses',
            field=models.TextField(blank=True, help_text='Which uses of data are on hold, as codes; an asterisk for all.', verbose_name='uses that are on hold'),
        ),
        migrations.AlterField(
            model_name='datasubjectrequest',
            name='refusal_ground',
            field=models.CharField(blank=True, choices=[('identity', 'we could not establish who asks'), ('unfounded', 'manifestly unfounded'), ('excessive', 'excessive, in particular repeated'), ('exception', 'an exception of the regulation applies'), ('not_controller', 'we are not the controller of these data'), ('rights_of_others', 'it would harm the rights of others'), ('compelling', 'compelling grounds of ours weigh more than the objection')], help_text='Why it was refused, as a code.', max_length=20, verbose_name='ground of refusal'),
        ),
        migrations.AddIndex(
            model_name='subject',
            index=models.Index(condition=models.Q(('restricted_at', None), _negated=True), fields=['restricted_at'], name='privacy_subject_restricted'),
        ),
        migrations.AddIndex(
            model_name='restriction',
            index=models.Index(condition=models.Q(('lifted_at', None)), fields=['begun_at', 'id'], name='privacy_restrictions_in_order'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('subject_ref', 'activity', 'ground'), name='privacy_restriction_once_per_ground'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.CheckConstraint(condition=models.Q(('ground__in', ['accuracy', 'unlawful', 'legal_claims', 'objection', 'erasure'])), name='privacy_restriction_has_a_ground'),
        ),
    ]
