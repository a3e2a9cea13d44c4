import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0024_outside'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_us', models.BooleanField(help_text='Whether we wrote it, or the person.', verbose_name='from us')),
                ('text', models.TextField(blank=True, help_text='In words; empty once its time after the answer has passed.', max_length=5000, verbose_name='message')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When it was written.', verbose_name='written')),
                ('by', models.CharField(blank=True, help_text='Reference or role of who wrote it.', max_length=60, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'message about a request',
                'verbose_name_plural': 'messages about requests',
                'ordering': ['pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='agendaitem',
            name='privacy_agenda_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='letter',
            name='privacy_letter_once_per_kind',
        ),
        migrations.AddField(
            model_name='letter',
            name='by_post',
            field=models.BooleanField(default=False, help_text='It goes on paper, and not by e-mail.', verbose_name='by post'),
        ),
        migrations.AddField(
            model_name='letter',
            name='posted_at',
            field=models.DateTimeField(blank=True, help_text='When one of us put it in the post.', null=True, verbose_name='posted'),
        ),
        migrations.AddField(
            model_name='letter',
            name='returned_at',
            field=models.DateTimeField(blank=True, help_text='When we learned that it did not arrive.', null=True, verbose_name='came back'),
        ),
        migrations.AddField(
            model_name='letter',
            name='returned_because',
            field=models.CharField(blank=True, help_text='As a code, such as 5.1.1.', max_length=20, verbose_name='why it came back'),
        ),
        migrations.AlterField(
            model_name='agendaitem',
            name='kind',
            field=models.CharField(choices=[('decide', 'decide on a request'), ('second_person', 'look at what a colleague entered'), ('identify', 'find out who asks'), ('compelling_grounds', 'weigh an objection'), ('verify_accuracy', 'look whether data are right'), ('bounced', 'an answer of ours came back'), ('not_reached', 'somebody was not reached'), ('lift', 'end a restriction'), ('breach', 'a breach to report'), ('review_setting', 'look at a setting again'), ('post', 'put a letter in the post'), ('message', 'answer a message')], help_text='What has to be done.', max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='letter',
            name='kind',
            field=models.CharField(choices=[('acknowledgement', 'acknowledgement'), ('answer', 'answer'), ('refusal', 'refusal'), ('cancelled', 'taken back'), ('overtaken', 'overtaken by an erasure'), ('fetched', 'your archive was fetched'), ('disowned', 'it was not you'), ('accepted', 'accepted'), ('extension', 'more time'), ('paused', 'we miss something'), ('partly', 'done in part'), ('message', 'a message waits for you'), ('nothing_held', 'we hold nothing')], help_text='What it says.', max_length=20, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['decide', 'second_person', 'identify', 'compelling_grounds', 'verify_accuracy', 'bounced', 'not_reached', 'lift', 'breach', 'review_setting', 'post', 'message'])), name='privacy_agenda_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['fetched', 'paused', 'message']), _negated=True), fields=('request', 'kind'), name='privacy_letter_once_per_kind'),
        ),
        migrations.AddField(
            model_name='message',
            name='request',
            field=models.ForeignKey(help_text='What it is about.', on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='privacy.datasubjectrequest', verbose_name='request'),
        ),
    ]
