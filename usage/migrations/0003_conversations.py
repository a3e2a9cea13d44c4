"""What two members wrote to each other gets one random number, the same for both directions."""

import uuid

from django.db import migrations, models
from django.db.models import Q


def number_conversations(apps, schema_editor):
    """A pair at a time, so that it can be broken off and run again; a message whose other end is gone is a conversation by itself."""
    messages = apps.get_model("usage", "Message")._base_manager
    while first := messages.filter(conversation=None).first():
        messages.filter(_same_pair(first), conversation=None).update(conversation=uuid.uuid4())


def _same_pair(message):
    if message.sender_id is None or message.recipient_id is None:
        return Q(pk=message.pk)
    there = Q(sender=message.sender_id, recipient=message.recipient_id)
    return there | Q(sender=message.recipient_id, recipient=message.sender_id)


class Migration(migrations.Migration):

    dependencies = [("usage", "0002_platform")]

    operations = [
        migrations.RunPython(number_conversations, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="message",
            name="conversation",
            field=models.UUIDField(
                db_index=True,
                default=uuid.uuid4,
                help_text="Random; what two members write to each other has the same.",
                verbose_name="conversation",
            ),
        ),
    ]
