# The tables of the engine.

import django.db.models.deletion
import django.utils.timezone
import privacy.casework.requests
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='As the person knows it.', max_length=200, unique=True, verbose_name='name')),
                ('kind', models.CharField(choices=[('processor', 'processor, works for us under contract'), ('controller', 'independent controller'), ('authority', 'court or public authority')], help_text='What it is to us.', max_length=20, verbose_name='kind')),
                ('contact_email', models.EmailField(help_text='Where we write about erasure and correction.', max_length=254, verbose_name='contact')),
                ('privacy_url', models.URLField(help_text='Its own statement.', verbose_name='privacy statement')),
            ],
            options={
                'verbose_name': 'recipient',
                'verbose_name_plural': 'recipients',
            },
        ),
        migrations.CreateModel(
            name='Rectification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_ref', models.UUIDField(db_index=True, help_text='Reference of the person concerned.', verbose_name='person')),
                ('request_ref', models.CharField(help_text='Number of the request.', max_length=20, verbose_name='request')),
                ('field', models.CharField(help_text='Which field, as app.Model.column.', max_length=120, verbose_name='field')),
                ('actor_ref', models.CharField(help_text='Reference or role of who did it.', max_length=60, verbose_name='done by')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, help_text='The moment of the correction.', verbose_name='when')),
            ],
            options={
                'verbose_name': 'correction',
                'verbose_name_plural': 'corrections',
            },
        ),
        migrations.CreateModel(
            name='Subject',
            fields=[
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, help_text='Random; says nothing by itself.', primary_key=True, serialize=False, verbose_name='reference')),
                ('kind', models.CharField(help_text='Which kind of person: a member, a pupil, a visitor.', max_length=30, verbose_name='kind')),
                ('created_at', models.DateTimeField(auto_now_add=True, help_text='When we first held data of this person.', verbose_name='known since')),
                ('hidden_at', models.DateTimeField(blank=True, help_text='Set when the person asked for erasure: from then on nobody sees them.', null=True, verbose_name='hidden since')),
            ],
            options={
                'verbose_name': 'data subject',
                'verbose_name_plural': 'data subjects',
            },
        ),
        migrations.CreateModel(
            name='TrailEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(help_text='What was done, as a fixed word.', max_length=60, verbose_name='event')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, help_text='The moment it was done.', verbose_name='when')),
                ('subject_ref', models.UUIDField(blank=True, db_index=True, help_text='Reference of the person concerned.', null=True, verbose_name='person')),
                ('actor_ref', models.CharField(blank=True, help_text='Reference or role of who did it.', max_length=60, verbose_name='done by')),
                ('request_ref', models.CharField(blank=True, help_text='Number of the request it belongs to.', max_length=20, verbose_name='request')),
                ('reason', models.CharField(blank=True, help_text='A coded reason, where the act needs one.', max_length=60, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'trail entry',
                'verbose_name_plural': 'trail entries',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='TrailSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When the batch was closed.', verbose_name='sealed')),
                ('root', models.CharField(help_text='SHA-256 over the root before it and the digests of the batch.', max_length=64, verbose_name='root')),
                ('signature', models.CharField(help_text='HMAC-SHA-256 of the root under a key outside the database.', max_length=64, verbose_name='signature')),
            ],
            options={
                'verbose_name': 'trail seal',
                'verbose_name_plural': 'trail seals',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='DataSubjectRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=privacy.casework.requests.new_reference, editable=False, help_text='To quote when you write to us.', max_length=20, unique=True, verbose_name='number')),
                ('right', models.CharField(choices=[('access', 'access'), ('portability', 'portability'), ('rectification', 'rectification'), ('erasure', 'erasure'), ('restriction', 'restriction'), ('objection', 'objection'), ('withdrawal', 'withdrawal of consent'), ('complaint', 'complaint'), ('information', 'information')], help_text='What was asked.', max_length=20, verbose_name='right')),
                ('subject_ref', models.UUIDField(db_index=True, help_text='Reference of the person concerned.', verbose_name='person')),
                ('status', models.CharField(choices=[('received', 'received'), ('approved', 'accepted'), ('running', 'being carried out'), ('fulfilled', 'done'), ('refused', 'refused'), ('cancelled', 'cancelled'), ('overtaken', 'overtaken by an erasure')], default='received', help_text='How far it is.', max_length=20, verbose_name='status')),
                ('channel', models.CharField(choices=[('self_service', 'signed in'), ('command', 'by an operator'), ('demo', 'demonstration')], help_text='How it reached us.', max_length=20, verbose_name='channel')),
                ('identified_by', models.CharField(blank=True, help_text='How we knew who asks, as a code.', max_length=40, verbose_name='identified by')),
                ('actor_ref', models.CharField(blank=True, help_text='Reference or role of who entered it.', max_length=60, verbose_name='entered by')),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When it reached us.', verbose_name='received')),
                ('due_on', models.DateField(help_text='Last day to answer.', verbose_name='answer due')),
                ('approved_at', models.DateTimeField(blank=True, help_text='When it was accepted.', null=True, verbose_name='accepted')),
                ('closed_at', models.DateTimeField(blank=True, help_text='When it was answered.', null=True, verbose_name='closed')),
                ('refusal_ground', models.CharField(blank=True, choices=[('identity', 'we could not establish who asks'), ('unfounded', 'manifestly unfounded'), ('excessive', 'excessive, in particular repeated'), ('exception', 'an exception of the regulation applies'), ('not_controller', 'we are not the controller of these data'), ('rights_of_others', 'it would harm the rights of others')], help_text='Why it was refused, as a code.', max_length=20, verbose_name='ground of refusal')),
                ('refusal_reasons', models.TextField(blank=True, help_text='Why it was refused, in words; no personal data.', max_length=5000, verbose_name='reasons')),
                ('choices', models.JSONField(blank=True, default=dict, help_text='Per group of publications: former_member, name_stays or remove.', verbose_name='choices')),
                ('map_version', models.CharField(help_text='Which declarations were in force.', max_length=64, verbose_name='version of the data map')),
                ('language', models.CharField(help_text='In which we answer.', max_length=5, verbose_name='language')),
                ('sealed_address', models.BinaryField(blank=True, help_text="Sealed under the request's own key, which is destroyed when it closes.", verbose_name='answer to')),
            ],
            options={
                'verbose_name': 'request',
                'verbose_name_plural': 'requests',
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['received', 'approved', 'running'])), fields=('subject_ref', 'right'), name='privacy_one_open_request_per_right'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'refused'), _negated=True), models.Q(models.Q(('refusal_ground', ''), _negated=True), models.Q(('refusal_reasons', ''), _negated=True)), _connector='OR'), name='privacy_refusal_has_ground_and_reasons')],
            },
        ),
        migrations.CreateModel(
            name='Archive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_ref', models.UUIDField(db_index=True, help_text='Reference of the person concerned.', verbose_name='person')),
                ('sha256', models.CharField(help_text='Of the file.', max_length=64, verbose_name='SHA-256')),
                ('size', models.PositiveBigIntegerField(help_text='In bytes.', verbose_name='size')),
                ('ready_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When it could first be fetched.', verbose_name='ready')),
                ('expires_at', models.DateTimeField(help_text='When it is destroyed.', verbose_name='expires')),
                ('request', models.OneToOneField(help_text='What it answers.', on_delete=django.db.models.deletion.CASCADE, to='privacy.datasubjectrequest', verbose_name='request')),
            ],
            options={
                'verbose_name': 'archive',
                'verbose_name_plural': 'archives',
            },
        ),
        migrations.CreateModel(
            name='FileRemoval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request_ref', models.CharField(db_index=True, help_text='Number of the request.', max_length=20, verbose_name='request')),
                ('path', models.CharField(help_text='Where it lies in the file storage; this row goes with the file.', max_length=500, verbose_name='path')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When its column was emptied.', verbose_name='noted')),
            ],
            options={
                'verbose_name': 'file to remove',
                'verbose_name_plural': 'files to remove',
                'constraints': [models.UniqueConstraint(fields=('request_ref', 'path'), name='privacy_file_removal_once')],
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_ref', models.UUIDField(db_index=True, help_text='Reference of the person concerned.', verbose_name='person')),
                ('attributes', models.JSONField(help_text='Names of what was released.', verbose_name='attributes')),
                ('basis', models.CharField(help_text='Why it was allowed.', max_length=30, verbose_name='lawful basis')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, help_text='The moment of release.', verbose_name='when')),
                ('recipient', models.ForeignKey(help_text='Who received it.', on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='privacy.recipient', verbose_name='recipient')),
            ],
            options={
                'verbose_name': 'disclosure',
                'verbose_name_plural': 'disclosures',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now, help_text='When the act may begin: after the time to go back.', verbose_name='not before')),
                ('fence', models.PositiveIntegerField(default=0, help_text='How often a worker took this up.', verbose_name='attempt')),
                ('lease_until', models.DateTimeField(blank=True, help_text='Until then one worker holds it, or it rests after a failure.', null=True, verbose_name='held until')),
                ('finished_at', models.DateTimeField(blank=True, help_text='When the last step was done.', null=True, verbose_name='finished')),
                ('request', models.OneToOneField(help_text='What this act answers.', on_delete=django.db.models.deletion.CASCADE, to='privacy.datasubjectrequest', verbose_name='request')),
            ],
            options={
                'verbose_name': 'run',
                'verbose_name_plural': 'runs',
            },
        ),
        migrations.CreateModel(
            name='StatisticsClosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('statistic', models.CharField(help_text='Which statistic.', max_length=100, verbose_name='statistic')),
                ('span', models.CharField(choices=[('month', 'month'), ('year', 'year, over the months that were withheld')], help_text='A month or a year.', max_length=5, verbose_name='span')),
                ('begins_on', models.DateField(help_text='First day of the month or year.', verbose_name='from')),
                ('closed_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When it was made.', verbose_name='made')),
            ],
            options={
                'verbose_name': 'closed period',
                'verbose_name_plural': 'closed periods',
                'constraints': [models.UniqueConstraint(fields=('statistic', 'span', 'begins_on'), name='privacy_statistics_made_once')],
            },
        ),
        migrations.CreateModel(
            name='SealedEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_id', models.BigIntegerField(help_text='Number of the trail entry.', unique=True, verbose_name='entry')),
                ('digest', models.CharField(help_text='SHA-256 of the entry when it was sealed.', max_length=64, verbose_name='digest')),
                ('seal', models.ForeignKey(help_text='The batch.', on_delete=django.db.models.deletion.PROTECT, related_name='members', to='privacy.trailseal', verbose_name='seal')),
            ],
            options={
                'verbose_name': 'sealed entry',
                'verbose_name_plural': 'sealed entries',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveIntegerField(default=0, help_text='How often we tried to send it.', verbose_name='attempts')),
                ('held_until', models.DateTimeField(blank=True, help_text='Until then one worker is sending it, or it rests after a failure.', null=True, verbose_name='held until')),
                ('kind', models.CharField(choices=[('acknowledgement', 'acknowledgement'), ('answer', 'answer'), ('refusal', 'refusal'), ('cancelled', 'taken back'), ('overtaken', 'overtaken by an erasure')], help_text='What it says.', max_length=20, verbose_name='kind')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When the act happened.', verbose_name='written')),
                ('sent_at', models.DateTimeField(blank=True, help_text='When it went out.', null=True, verbose_name='sent')),
                ('request', models.ForeignKey(help_text='What it answers.', on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='privacy.datasubjectrequest', verbose_name='request')),
            ],
            options={
                'verbose_name': 'letter',
                'verbose_name_plural': 'letters',
                'constraints': [models.UniqueConstraint(fields=('request', 'kind'), name='privacy_letter_once_per_kind')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveIntegerField(default=0, help_text='How often we tried to send it.', verbose_name='attempts')),
                ('held_until', models.DateTimeField(blank=True, help_text='Until then one worker is sending it, or it rests after a failure.', null=True, verbose_name='held until')),
                ('subject_ref', models.UUIDField(db_index=True, help_text='Reference of the person concerned.', verbose_name='person')),
                ('request_ref', models.CharField(blank=True, db_index=True, help_text='Number of the request that caused it.', max_length=20, verbose_name='request')),
                ('event', models.CharField(help_text='What happened: erasure, rectification, withdrawal.', max_length=30, verbose_name='event')),
                ('known_as', models.CharField(blank=True, help_text='The name under which the recipient knows the person; emptied once told.', max_length=100, verbose_name='known as')),
                ('attributes', models.JSONField(default=list, help_text='Names of what changed.', verbose_name='attributes')),
                ('state', models.CharField(choices=[('queued', 'on its way'), ('delivered', 'delivered'), ('acknowledged', 'confirmed by the recipient'), ('impossible', 'not reached')], default='queued', help_text='How far it is.', max_length=20, verbose_name='state')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When the act happened.', verbose_name='created')),
                ('settled_at', models.DateTimeField(blank=True, help_text='When it was delivered, or given up.', null=True, verbose_name='settled')),
                ('recipient', models.ForeignKey(help_text='Who is told.', on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='privacy.recipient', verbose_name='recipient')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'constraints': [models.UniqueConstraint(condition=models.Q(('request_ref', ''), _negated=True), fields=('recipient', 'request_ref', 'event'), name='privacy_notice_once_per_request')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(help_text='Its place in the order.', verbose_name='position')),
                ('name', models.CharField(help_text='What is done.', max_length=100, verbose_name='name')),
                ('counts', models.JSONField(default=dict, help_text='How many rows of what were treated how; never a value.', verbose_name='counts')),
                ('attempts', models.PositiveIntegerField(default=0, help_text='How often it was begun.', verbose_name='attempts')),
                ('problem', models.CharField(blank=True, help_text='The kind of error that stopped it last; empty when all is well.', max_length=100, verbose_name='problem')),
                ('finished_at', models.DateTimeField(blank=True, help_text='When it was done.', null=True, verbose_name='finished')),
                ('run', models.ForeignKey(help_text='The act this step belongs to.', on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='privacy.run', verbose_name='run')),
            ],
            options={
                'verbose_name': 'step',
                'verbose_name_plural': 'steps',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('run', 'name'), name='privacy_step_once_per_run')],
            },
        ),
    ]
