"""Holds, done again on a database that was put back from a backup, before the erasures that would take away what they hold.

A hold stands in the ledger sealed under its own key, which goes when it ends: its line then says nothing any more.
"""

import json
from base64 import b64decode
from datetime import date

from django.core import serializers
from django.db import transaction

from ..datamap import registry
from ..errors import KeyDestroyed
from ..evidence.ledger import Line, outside
from ..evidence.replay import replayed
from ..subjects import Subject
from . import held_keys, holds
from .holds import Hold
from .renumbering import is_renumbered


@replayed("hold")
@transaction.atomic
def hold_again(line) -> None:
    """As it was placed, with the days to which it was prolonged since. Not of a row that was made after the backup.

    A row that a night numbered anew is in the backup by a number that nobody knows: all of its kind are held, until somebody looks.
    """
    later = _later(line)
    ref, subject = line.facts["ref"], Subject.objects.filter(ref=line.subject_ref).first()
    if subject is None or any(other.event == "hold_ended" for other in later) or holds.is_there(ref):
        return
    if not held_keys.exists(ref):
        raise KeyDestroyed
    row = held_keys.unseal(ref, b64decode(line.facts["sealed"]), name=holds.TERMS)
    hold: Hold = next(serializers.deserialize("python", json.loads(row))).object
    for prolonged in later:
        hold.until, hold.review_on = _days(prolonged)
    if hold.row_key and not hold.rows(subject).exists() and is_renumbered(registry.labelled(hold.record).model):
        hold.row_key = ""
    is_held = Hold.objects.of(subject).filter(record=hold.record, row_key=hold.row_key).exists()
    if not is_held and (not hold.row_key or hold.rows(subject).exists()):
        hold.save(force_insert=True)


@replayed("hold_prolonged")
@transaction.atomic
def prolong_again(line) -> None:
    until, review_on = _days(line)
    holds.set_days(line.facts["ref"], until=until, review_on=review_on)


@replayed("hold_ended")
@transaction.atomic
def end_again(line) -> None:
    holds.destroy(line.facts["ref"])


def _later(line) -> list[Line]:
    """What became of this hold."""
    events = {"hold_prolonged", "hold_ended"}
    return [other for other in outside().lines(after=line.number) if other.event in events and other.facts["ref"] == line.facts["ref"]]


def _days(line) -> tuple[date, date]:
    return date.fromisoformat(line.facts["until"]), date.fromisoformat(line.facts["review_on"])
