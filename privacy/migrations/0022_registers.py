import django.db.models.deletion
import django.utils.timezone
import privacy.casework.requests
from django.db import migrations, models

from privacy.evidence.growing import RefuseChanges


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0021_desk'),
    ]

    operations = [
        migrations.AddField(
            model_name='recipient',
            name='category',
            field=models.CharField(blank=True, choices=[('support', 'support with software and computers'), ('hosting', 'hosting'), ('security', 'security and backups'), ('logistics', 'logistics'), ('analytics', 'analytics')], help_text='What a processor does for us.', max_length=20, verbose_name='work'),
        ),
        migrations.AddField(
            model_name='recipient',
            name='contract_on',
            field=models.DateField(blank=True, help_text='The day of the written contract with a processor (Art. 28(3)).', null=True, verbose_name='contract'),
        ),
        migrations.AddField(
            model_name='recipient',
            name='dpo_email',
            field=models.EmailField(blank=True, help_text='Where we report a breach; empty: where we write about everything else.', max_length=254, verbose_name='data protection officer'),
        ),
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=privacy.casework.requests.new_reference, editable=False, help_text='To speak of it.', max_length=20, unique=True, verbose_name='number')),
                ('title', models.CharField(help_text='What happened, in a few words that name nobody.', max_length=100, verbose_name='title')),
                ('began_at', models.DateTimeField(blank=True, help_text='When it began, as far as we know.', null=True, verbose_name='began')),
                ('aware_at', models.DateTimeField(help_text='When we knew that there was a breach: the 72 hours run from then.', verbose_name='known to us')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When it was written down.', verbose_name='noted')),
            ],
            options={
                'verbose_name': 'breach',
                'verbose_name_plural': 'breaches',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.CheckConstraint(condition=models.Q(('aware_at__lte', models.F('noted_at'))), name='privacy_breach_noted_once_known')],
            },
        ),
        migrations.CreateModel(
            name='BreachPhase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(help_text='The first is 1.', verbose_name='phase')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, help_text='When we knew this.', verbose_name='when')),
                ('kinds', models.JSONField(help_text='Codes: confidentiality, integrity, availability.', verbose_name='what was harmed')),
                ('activities', models.JSONField(help_text='The uses of data that it reached, by their short names.', verbose_name='uses')),
                ('persons', models.PositiveIntegerField(help_text='How many it concerns, about: counted in these uses.', verbose_name='persons')),
                ('records', models.PositiveBigIntegerField(help_text='How many rows of theirs, about: counted in these uses.', verbose_name='records')),
                ('facts', models.TextField(help_text='What happened (Art. 33(3)(a)).', max_length=5000, verbose_name='facts')),
                ('contact', models.CharField(help_text='Who of us says more (Art. 33(3)(b)).', max_length=300, verbose_name='contact')),
                ('effects', models.TextField(help_text='What may follow for people (Art. 33(3)(c)).', max_length=5000, verbose_name='effects')),
                ('measures', models.TextField(help_text='What was done or will be, also against what may follow (Art. 33(3)(d)).', max_length=5000, verbose_name='measures')),
                ('risk', models.CharField(choices=[('none', 'unlikely'), ('some', 'there is a risk'), ('high', 'there is a high risk')], help_text='For the people concerned.', max_length=10, verbose_name='risk')),
                ('breach', models.ForeignKey(help_text='Which one it is about.', on_delete=django.db.models.deletion.PROTECT, related_name='phases', to='privacy.breach', verbose_name='breach')),
            ],
            options={
                'verbose_name': 'phase of a breach',
                'verbose_name_plural': 'phases of breaches',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='BreachNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to', models.CharField(choices=[('authority', 'the supervisory authority'), ('persons', 'the people concerned'), ('partner', 'a partner'), ('public', 'everybody, in public')], help_text='Who was told, or not.', max_length=10, verbose_name='to whom')),
                ('outcome', models.CharField(choices=[('told', 'told'), ('no_risk', 'the risk does not ask for it'), ('encrypted', 'nobody can read the data (Art. 34(3)(a))'), ('neutralised', 'the high risk is gone (Art. 34(3)(b))'), ('disproportionate', 'too much effort: told in public instead (Art. 34(3)(c))')], help_text='Told, or the exception.', max_length=20, verbose_name='outcome')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, help_text='When it was told, or decided.', verbose_name='when')),
                ('way', models.CharField(blank=True, choices=[('form', 'by the form on its site'), ('mail', 'by mail'), ('letter', 'by letter'), ('phone', 'by telephone, confirmed in writing'), ('site', 'on our site')], help_text='How it was told.', max_length=10, verbose_name='way')),
                ('reference', models.CharField(blank=True, help_text='The number that the authority gave it.', max_length=60, verbose_name='reference')),
                ('is_late', models.BooleanField(default=False, help_text='More than 72 hours after we knew.', verbose_name='late')),
                ('words', models.TextField(blank=True, help_text='Why it was late, why nobody has to be told, or what people were told.', max_length=5000, verbose_name='words')),
                ('effects', models.TextField(blank=True, help_text='What may follow, as people were told.', max_length=5000, verbose_name='effects')),
                ('measures', models.TextField(blank=True, help_text='What was done, as people were told.', max_length=5000, verbose_name='measures')),
                ('breach', models.ForeignKey(help_text='Which one it is about.', on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='privacy.breach', verbose_name='breach')),
                ('recipient', models.ForeignKey(blank=True, help_text='Which partner.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='breach_notices', to='privacy.recipient', verbose_name='recipient')),
                ('phase', models.ForeignKey(help_text='What was known and told.', on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='privacy.breachphase', verbose_name='phase')),
            ],
            options={
                'verbose_name': 'notice of a breach',
                'verbose_name_plural': 'notices of breaches',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='AffectedPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_ref', models.UUIDField(db_index=True, help_text='Reference of the person concerned.', verbose_name='person')),
                ('phase', models.ForeignKey(help_text='Since when we know it.', on_delete=django.db.models.deletion.PROTECT, related_name='named', to='privacy.breachphase', verbose_name='phase')),
            ],
            options={
                'verbose_name': 'person concerned by a breach',
                'verbose_name_plural': 'persons concerned by a breach',
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='AuthorityRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=privacy.casework.requests.new_reference, editable=False, help_text='To speak of it.', max_length=20, unique=True, verbose_name='number')),
                ('subject_ref', models.UUIDField(db_index=True, help_text='Reference of the person concerned.', verbose_name='person')),
                ('legal_ground', models.CharField(help_text='The law on which it asks, with its article.', max_length=200, verbose_name='legal ground')),
                ('asked', models.TextField(help_text='What it asked, in words that name nobody.', max_length=500, verbose_name='asked')),
                ('received_on', models.DateField(help_text='The day on which it reached us.', verbose_name='received')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When it was written down.', verbose_name='noted')),
                ('noted_by', models.CharField(help_text='Reference of who wrote it down.', max_length=60, verbose_name='noted by')),
                ('secret_until', models.DateField(blank=True, help_text='The last day on which the law forbids to tell.', null=True, verbose_name='secret until')),
                ('secrecy_ground', models.CharField(blank=True, help_text='The law that forbids to tell, with its article.', max_length=200, verbose_name='ground of secrecy')),
                ('outcome', models.CharField(blank=True, choices=[('handed_over', 'handed over'), ('refused', 'refused')], help_text='Handed over, or refused.', max_length=20, verbose_name='outcome')),
                ('attributes', models.JSONField(blank=True, default=list, help_text='Which kinds of data were handed over, never values.', verbose_name='data')),
                ('answered_at', models.DateTimeField(blank=True, help_text='When that was done.', null=True, verbose_name='answered')),
                ('answered_by', models.CharField(blank=True, help_text='Reference of who decided it.', max_length=60, verbose_name='answered by')),
                ('told_at', models.DateTimeField(blank=True, help_text='Since when the person can read it.', null=True, verbose_name='told')),
                ('authority', models.ForeignKey(help_text='Which court or authority.', on_delete=django.db.models.deletion.PROTECT, related_name='authority_requests', to='privacy.recipient', verbose_name='authority')),
            ],
            options={
                'verbose_name': 'request of an authority',
                'verbose_name_plural': 'requests of authorities',
                'constraints': [models.CheckConstraint(condition=models.Q(('secret_until__isnull', True), models.Q(('secrecy_ground', ''), _negated=True), _connector='OR'), name='privacy_authority_secrecy_has_ground'), models.CheckConstraint(condition=models.Q(('legal_ground', ''), _negated=True), name='privacy_authority_has_ground'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('outcome', '')), models.Q(('answered_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='privacy_authority_answer_is_whole')],
            },
        ),
        migrations.CreateModel(
            name='BreachLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveIntegerField(default=0, help_text='How often we tried to send it.', verbose_name='attempts')),
                ('held_until', models.DateTimeField(blank=True, help_text='Until then one worker is sending it, or it rests after a failure.', null=True, verbose_name='held until')),
                ('subject_ref', models.UUIDField(blank=True, db_index=True, help_text='Reference of the person concerned; empty for a partner.', null=True, verbose_name='person')),
                ('state', models.CharField(choices=[('queued', 'on its way'), ('sent', 'sent'), ('not_reached', 'not reached')], default='queued', help_text='How far it is.', max_length=20, verbose_name='state')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When it was decided to send it.', verbose_name='written')),
                ('settled_at', models.DateTimeField(blank=True, help_text='When it went out, or was given up.', null=True, verbose_name='settled')),
                ('notice', models.ForeignKey(help_text='What it says.', on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='privacy.breachnotice', verbose_name='notice')),
            ],
            options={
                'verbose_name': 'letter about a breach',
                'verbose_name_plural': 'letters about breaches',
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['id'], name='privacy_breach_letters_due')],
                'constraints': [models.UniqueConstraint(fields=('notice', 'subject_ref'), name='privacy_breach_letter_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='breachphase',
            constraint=models.UniqueConstraint(fields=('breach', 'number'), name='privacy_breach_phase_once'),
        ),
        migrations.AddConstraint(
            model_name='breachphase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('facts', ''), _negated=True), models.Q(('contact', ''), _negated=True), models.Q(('effects', ''), _negated=True), models.Q(('measures', ''), _negated=True)), name='privacy_breach_has_its_four_blocks'),
        ),
        migrations.AddConstraint(
            model_name='breachphase',
            constraint=models.CheckConstraint(condition=models.Q(('risk__in', ['none', 'some', 'high'])), name='privacy_breach_risk_is_known'),
        ),
        migrations.AddConstraint(
            model_name='breachnotice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('words', ''), _negated=True), models.Q(('is_late', False), ('outcome', 'told')), _connector='OR'), name='privacy_breach_silence_has_words'),
        ),
        migrations.AddConstraint(
            model_name='breachnotice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recipient__isnull', False), ('to', 'partner')), models.Q(models.Q(('to', 'partner'), _negated=True), ('recipient__isnull', True)), _connector='OR'), name='privacy_breach_partner_is_named'),
        ),
        migrations.AddConstraint(
            model_name='breachnotice',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['told', 'no_risk']), ('to', 'persons'), _connector='OR'), name='privacy_breach_exception_is_of_persons'),
        ),
        migrations.AddConstraint(
            model_name='breachnotice',
            constraint=models.UniqueConstraint(condition=models.Q(('to__in', ['authority', 'persons'])), fields=('phase', 'to'), name='privacy_breach_told_once'),
        ),
        migrations.AddConstraint(
            model_name='breachnotice',
            constraint=models.UniqueConstraint(condition=models.Q(('to', 'partner')), fields=('phase', 'recipient'), name='privacy_breach_partner_told_once'),
        ),
        migrations.AddConstraint(
            model_name='affectedperson',
            constraint=models.UniqueConstraint(fields=('phase', 'subject_ref'), name='privacy_affected_once'),
        ),
        RefuseChanges("privacy_breach"),
        RefuseChanges("privacy_breachphase"),
        RefuseChanges("privacy_breachnotice"),
        RefuseChanges("privacy_affectedperson"),
    ]
