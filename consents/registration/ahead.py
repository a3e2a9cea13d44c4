"""Before other words of a partner count: who will be asked anew stands still in batches, so that no lock is held for a million members."""

from django.utils import timezone

from privacy.rights.pace import pace

from .. import ending, wording


def stand_still(partner, changes: dict) -> None:
    """Whole batches, each committed by itself; what is left, and who says yes meanwhile, comes with the change (`fields`).

    They wait some seconds longer than the words alone would ask. Killed in the middle, those who stand still do so until ours
    agree once more, or she says yes again.
    """
    concerned = wording.agreed_to_else(wording.as_it_stands(partner), wording.proposed(partner, changes))
    since = timezone.now()
    for first, last in _batches(concerned):
        concerned.filter(pk__gt=first, pk__lte=last).update(asks_anew_since=since)
    if "offers" in changes:
        for _first, last in _batches(ending.who_may_be_contacted(partner)):
            ending.end_contact(partner, last=last)


def _batches(grants):
    """(key before its first, key of its last) of each whole batch, as long as there are some."""
    rows, first = pace().at_once, 0
    while ends := grants.filter(pk__gt=first).order_by("pk").values_list("pk", flat=True)[rows - 1 : rows]:
        yield first, ends[0]
        first = ends[0]
