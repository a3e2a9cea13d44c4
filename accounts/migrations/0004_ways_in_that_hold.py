"""Three more moments after which archives wait."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_profile'),
    ]

    operations = [
        migrations.AlterField(
            model_name='securityevent',
            name='kind',
            field=models.CharField(choices=[('password_reset', 'password chosen by a mailed link'), ('password_set', 'first password chosen'), ('address_changed', 'another main address'), ('address_confirmed', 'one more address that signs in'), ('connected', 'one more place to sign in at'), ('factor_removed', 'second step of signing in removed'), ('mailed_code', 'signed in by a mailed code in a new browser')], help_text='What was changed.', max_length=20, verbose_name='what'),
        ),
    ]
