"""On PostgreSQL the database itself refuses changes to consent events."""

from django.db import migrations

from privacy.evidence.growing import RefuseChanges


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_initial"), ("privacy", "0002_growing_tables")]

    operations = [RefuseChanges("consents_consentevent")]
