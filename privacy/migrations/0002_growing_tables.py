"""On PostgreSQL the database itself refuses changes to tables that only grow."""

from django.db import migrations

from privacy.evidence.growing import RefuseChanges


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]

    operations = [
        RefuseChanges("privacy_trailentry"),
        RefuseChanges("privacy_trailseal"),
        RefuseChanges("privacy_sealedentry"),
        RefuseChanges("privacy_disclosure"),
    ]
