"""Rows that lost their person are mixed with those of others who left, so that where they lie tells nobody whose they were (recital 26).

An erasure leaves a person's rows side by side. Each night they are taken out and put back in random order, together with so many rows of
others who left that of what then lies together hardly any is hers.
"""

import logging
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import Count, F, Min

from ..datamap.maps import DataMap
from ..errors import RowsFollow
from ..evidence import together
from ..evidence.crowds import Mixed, Unmixed, left_behind, tables
from ..evidence.statistics import PEOPLE_AT_LEAST
from . import cleaning, scattering

log = logging.getLogger("privacy")

# Days that anonymised rows wait until those of enough others came; as long as an erasure keeps what it has to look for.
WAIT_DAYS = 7
# Rows of others that are mixed in for each row: at most 1 of 21 that lie together is then hers, under the 5 points of the linkage test.
OTHERS_PER_ROW = 20
# Rows that are mixed in one transaction, with 20 times as many others; writers wait for it, a fraction of a second.
BATCH_ROWS = 500


def apply(now) -> int:
    """How many rows were mixed. A table in use, or with a listener, keeps its rows for the next night; the others go on.

    What lay in the old places is vacuumed away, as after an erasure: else it would show them until the database gets round to it.
    """
    mixed, changed = 0, set()
    together.take_apart()
    for data_map in tables():
        try:
            scattering.refuse_followers(data_map)
            if _find_company(data_map, now):
                changed.update(_tables_of(data_map))
            while rows := _mix(data_map):
                mixed += rows
                changed.update(_tables_of(data_map))
        except RowsFollow as refusal:
            log.error("%s was not mixed: %s", data_map.label(), refusal)
        except OperationalError as error:
            log.warning("%s was in use, its rows are mixed next night: %s", data_map.label(), type(error).__name__)
    cleaning.clean(changed)
    return mixed


def _tables_of(data_map) -> set[str]:
    return {model._meta.db_table for model in [*scattering.moved_by(data_map), Unmixed]}


@transaction.atomic
def _find_company(data_map, now) -> bool:
    """Rows of people with enough company are free to be mixed; anonymised rows that waited in vain go, and whether there were any."""
    Mixed.objects.get_or_create(table=data_map.label())
    crowd = Mixed.objects.select_for_update().get(table=data_map.label())
    waiting = _waiting(data_map)
    accompanied, has_deleted = set(waiting), False
    if data_map.row.name == "anonymised":
        accompanied = _accompanied(waiting, crowd.people, others=left_behind(data_map).count() - sum(waiting.values()))
        has_deleted = _delete_lonely(data_map, set(waiting) - accompanied, before=(now - timedelta(days=WAIT_DAYS)).date())
    Unmixed.objects.filter(table=data_map.label(), whose__in=accompanied).update(whose="")
    Mixed.objects.filter(pk=crowd.pk).update(people=F("people") + len(accompanied))
    return has_deleted


def _waiting(data_map) -> dict[str, int]:
    """Digest -> rows, of those whose erasure is through with this table."""
    found = Unmixed.objects.filter(table=data_map.label()).exclude(whose="").values_list("whose").annotate(rows=Count("pk"))
    attached = data_map.model._base_manager.exclude(pk__in=left_behind(data_map).values("pk"))
    return {whose: rows for whose, rows in found if not attached.filter(pk__in=Unmixed.keys(data_map, whose=whose)).exists()}


def _accompanied(rows_of: dict[str, int], people: int, *, others: int) -> set[str]:
    """Those of whom the others have at least as many rows; nobody, where the others are fewer than 10."""
    together, found = others + sum(rows_of.values()), set(rows_of)
    for whose, rows in sorted(rows_of.items(), key=lambda pair: -pair[1]):
        if rows > together - rows:
            found.discard(whose)
            together -= rows
    return found if people + len(found) > PEOPLE_AT_LEAST else set()


def _delete_lonely(data_map, lonely: set[str], *, before) -> bool:
    has_deleted = False
    for whose in lonely:
        noted = Unmixed.objects.filter(table=data_map.label(), whose=whose)
        if noted.aggregate(first=Min("noted_on"))["first"] <= before:
            rows = left_behind(data_map).filter(pk__in=Unmixed.keys(data_map, whose=whose))
            rows._raw_delete(rows.db)
            noted.delete()
            has_deleted = True
    return has_deleted


@transaction.atomic
def _mix(data_map: type[DataMap]) -> int:
    """One batch, with its others; how many rows need not wait any longer."""
    free = Unmixed.objects.filter(table=data_map.label(), whose="")
    waiting, batch = free.count(), list(free.order_by("?").values_list("pk", flat=True)[:BATCH_ROWS])
    if not batch:
        return 0
    others = left_behind(data_map).exclude(pk__in=Unmixed.keys(data_map, whose__gt=""))
    scattering.scatter(data_map, Unmixed.keys(data_map, pk__in=batch), others, at_most=OTHERS_PER_ROW * len(batch))
    free.filter(pk__in=batch).delete()
    return waiting - free.count()
