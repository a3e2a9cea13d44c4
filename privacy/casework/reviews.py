"""Reminds the data protection officer, by mail, of holds that are to be looked at again: their codes, and nobody's name."""

from datetime import datetime, timedelta

from django.db import transaction

from ..days import day_of
from ..rights import holds
from ..rights.holds import HeldRecord, Hold
from . import officer

# What is not looked at is said again.
AGAIN = timedelta(days=7)


def remind(now: datetime) -> None:
    """One mail for all that are due; none where nobody is named in PRIVACY["DPO"]. A mail that fails is tried the next night."""
    on = day_of(now)
    with transaction.atomic():
        due, to = _due(on), officer.addresses(on)
        if not due or not to:
            return
        for model in (Hold, HeldRecord):
            model.objects.due_for_review(on).update(reminded_on=on)
        officer.write("review", to, due=due)


def _due(on) -> list[tuple[str, str]]:
    """(code, last day), each hold once."""
    due = {}
    for model, key in ((Hold, "pk"), (HeldRecord, "hold_ref")):
        rows = model.objects.due_for_review(on).exclude(reminded_on__gt=on - AGAIN)
        due |= dict(rows.select_for_update().values_list(key, "until"))
    return sorted((holds.code_of(ref), until) for ref, until in due.items())
