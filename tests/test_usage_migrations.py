"""What a change of the tables makes of rows that are there."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from .makers import make_member

BEFORE, AFTER = ("usage", "0002_platform"), ("usage", "0003_conversations")


def migrate(*target):
    """The models as they are then."""
    executor = MigrationExecutor(connection)
    return executor.migrate([target]).apps


@pytest.fixture
def before(transactional_db):
    """The tables as they were; afterwards they are as they ought to be."""
    members = [make_member(name).pk for name in ("An", "Bo", "Els")]
    yield migrate(*BEFORE).get_model("usage", "Message"), members
    call_command("migrate", verbosity=0)


def test_old_messages_get_one_number_for_each_pair_in_both_directions(before):
    message, (an, bo, els) = before
    ends = [(an, bo), (bo, an), (an, els), (els, bo), (an, bo), (an, None), (None, an)]
    message._base_manager.bulk_create([message(sender_id=sender, recipient_id=recipient, text="Dag") for sender, recipient in ends])

    migrated = migrate(*AFTER).get_model("usage", "Message")

    numbers = list(migrated._base_manager.order_by("pk").values_list("conversation", flat=True))
    assert numbers[0] == numbers[1] == numbers[4]
    assert len({numbers[0], *numbers[2:4], *numbers[5:]}) == 5
    assert None not in numbers


def test_what_had_a_number_keeps_it(before):
    """It can be broken off and run again."""
    message, (an, bo, _els) = before
    message._base_manager.create(sender_id=an, recipient_id=bo, text="Dag")
    migrate(*AFTER)
    number = message._base_manager.get().conversation

    migrate(*BEFORE)
    migrated = migrate(*AFTER).get_model("usage", "Message")

    assert migrated._base_manager.get().conversation == number
