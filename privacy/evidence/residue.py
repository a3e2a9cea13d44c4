"""After an erasure everything is read once more: is anything of the person left, and where (DESIGN D-9, G-41)?

One pass serves every erasure that waits. What is hers alone must stand nowhere but in what is kept or another's; her name is counted and
listed, since others have it too and may write it.
"""

import fcntl
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import keys
from ..conf import setting, store
from ..errors import KeyDestroyed
from ..steps import Step
from . import sealing
from .identifiers import Identifiers
from .judging import ANOTHERS, KEPT, NAME, REMAINS, UNREAD, kind_of_cell, kind_of_file, map_of_table, owner_columns
from .needles import Search, codes_of, words_of
from .places import all_files
from .resting import Breather
from .tables import Reading, all_tables

SEALED_STEP, CLEANED_STEP, LOOKED_STEP = "seal what to look for", "clean up tables", "look for what is left"
# Of one finding, the rows that the data protection officer can go and see.
KEYS_AT_MOST = 20
KEYS = "findings"


class Kind(models.TextChoices):
    REMAINS = REMAINS, _("left behind")
    KEPT = KEPT, _("in what is kept")
    ANOTHERS = ANOTHERS, _("in another's text")
    NAME = NAME, _("the name")
    UNREAD = UNREAD, _("not read")


class ResidueScan(models.Model):
    """The last time that everything was searched for what is left of one erased person: counts, and nothing of hers."""

    request_ref = models.CharField(_("request"), max_length=20, unique=True, help_text=_("Number of the request."))
    scanned_at = models.DateTimeField(_("searched"), help_text=_("When the search began."))
    places = models.PositiveIntegerField(_("places"), help_text=_("How many tables and files were read."))
    rows = models.PositiveBigIntegerField(_("rows"), help_text=_("How many rows were read."))
    remains = models.PositiveIntegerField(_("left behind"), help_text=_("In how many cells and files something of the person is left."))
    listed = models.PositiveIntegerField(_("listed"), help_text=_("How many hits are in what is kept, or in a text of somebody else."))
    names = models.PositiveIntegerField(_("names"), help_text=_("In how many cells and files the person's name stands."))

    settled_at = models.DateTimeField(
        _("settled"), null=True, blank=True, help_text=_("When an operator said that what was left is gone, too late to search again.")
    )

    class Meta:
        verbose_name = _("residue scan")
        verbose_name_plural = _("residue scans")

    def __str__(self):
        return f"scan {self.request_ref}"

    @property
    def unread(self) -> int:
        """How many tables and files refused us."""
        return sum(self.findings.filter(kind=UNREAD).values_list("hits", flat=True))


class ResidueFinding(models.Model):
    """One place in which something stood; in which rows is sealed, for the data protection officer, for a time."""

    scan = models.ForeignKey(
        ResidueScan, on_delete=models.CASCADE, related_name="findings", verbose_name=_("scan"), help_text=_("The search it belongs to.")
    )
    place = models.CharField(_("place"), max_length=200, help_text=_("Table and column, or the name of a place outside the database."))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, help_text=_("Whose text it stands in."))
    hits = models.PositiveIntegerField(_("hits"), help_text=_("In how many cells or files."))
    sealed_keys = models.BinaryField(_("rows"), blank=True, help_text=_("Keys of some of the rows, sealed."))

    class Meta:
        verbose_name = _("residue finding")
        verbose_name_plural = _("residue findings")
        ordering = ["kind", "place"]
        constraints = [models.UniqueConstraint(fields=["scan", "place", "kind"], name="privacy_finding_once_per_place")]

    def __str__(self):
        return f"{self.kind} {self.place}"

    @property
    def keys(self) -> list[str]:
        """None of them once their time has passed."""
        try:
            return json.loads(keys.unseal(self.scan.request_ref, self.sealed_keys, KEYS)) if self.sealed_keys else []
        except KeyDestroyed:
            return []


@dataclass
class Found:
    """What one pass found of one person."""

    hits: Counter = field(default_factory=Counter)
    keys: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, place: str, kind: str, key: str) -> None:
        self.hits[place, kind] += 1
        if len(self.keys[place, kind]) < KEYS_AT_MOST:
            self.keys[place, kind].append(key)

    def times(self, *kinds: str) -> int:
        return sum(hits for (_place, kind), hits in self.hits.items() if kind in kinds)


@dataclass
class Pass:
    """Everything read once, for many: request -> what was found."""

    began_at: object = field(default_factory=timezone.now)
    places: int = 0
    rows: int = 0
    found: dict[str, Found] = field(default_factory=lambda: defaultdict(Found))

    def leave_unread(self, sought: Iterable[str], place: str, key: str) -> None:
        """Whatever stands there, nobody looked: it is on everybody's list, and no place that was read."""
        for ref in sought:
            self.found[ref].note(place, UNREAD, key)


def scan(sought: dict[str, Identifiers], *, renew: Callable[[], None] = lambda: None) -> Pass:
    """Read every table and file for these; nothing is written but in caches, whose entries about them are removed by key."""
    reading, search, pace = Pass(), Search(_sought(sought)), Breather(renew)
    for table in all_tables():
        if not table.is_readable:
            reading.leave_unread(sought, table.name, "")
        elif table.columns:
            _in_table(reading, table, search, pace)
    for file in all_files():
        try:
            _in_file(reading, file, search)
        except OSError:  # of the system's, for one: it stops no search, and somebody who may read it has to know
            reading.leave_unread(sought, file.place, file.name)
        pace.rest()
    return reading


def _sought(sought) -> Iterator[tuple]:
    """A thing is a request, and whether it is the name that is looked for."""
    for ref, identifiers in sought.items():
        for value in identifiers.unique:
            yield (ref, False), words_of(value), True
            yield (ref, False), codes_of(value), False
        for name in identifiers.names:
            yield (ref, True), words_of(name), True


def _in_table(reading, table, search, pace):
    data_map, is_cache = map_of_table(table.name), table.name in _cache_tables()
    lines, to_forget = Reading(table, search, pace, owner_columns(data_map)), []
    for row in lines.found():
        if is_cache:
            to_forget.append(row.key)
            continue
        for column, cell in row.cells.items():
            for ref, is_name in search.found(cell):
                kind = NAME if is_name else kind_of_cell(data_map, column, row.filled)
                reading.found[ref].note(f"{table.name}.{column}", kind, row.key)
    _forget_in_cache(table, to_forget)
    reading.places += 1
    reading.rows += lines.rows


def _in_file(reading, file, search):
    things = set()
    try:
        for blocks in file.blocks():
            things |= set(search.read(blocks))
        reading.places += 1
    finally:
        for ref, is_name in things:
            reading.found[ref].note(file.place, NAME if is_name else kind_of_file(file), file.name)


def _cache_tables() -> set[str]:
    backends = [caches[alias] for alias in settings.CACHES]
    return {backend._table for backend in backends if isinstance(backend, DatabaseCache)}


def _forget_in_cache(table, to_forget):
    """An entry may go at any time, and its key is what names her (D-9).

    Once the table was read: a statement on a connection that still copies out never returns (test_a_large_cache_is_read_to_its_end).
    """
    with connection.cursor() as cursor:
        for key in to_forget:
            cursor.execute(f"DELETE FROM {table.quoted} WHERE cache_key = %s", [key])  # noqa: S608 - a name from introspection, quoted


def look(*, renew: Callable[[], None] = lambda: None) -> Pass | None:
    """One pass for every erasure that waits, written down; None where another worker is at it, or nobody waits."""
    with _alone() as is_alone:
        sought = {ref: sealing.open_again(ref) for ref in waiting()} if is_alone else {}
        sought = {ref: identifiers for ref, identifiers in sought.items() if identifiers is not None}
        if not sought:
            return None
        reading = scan(sought, renew=renew)
        for ref in sought:
            write(ref, reading)
    return reading


@contextmanager
def _alone() -> Iterator[bool]:
    """One pass at a time on this machine; two on two machines read twice and say the same."""
    with (store("locks") / "residue").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def waiting() -> dict[str, object]:
    """Number of an erasure that no pass covered yet, and that can be searched for -> since when it waits."""
    since = {ref: at for ref, at in _cleaned().items() if sealing.is_kept(ref)}
    scans = {scan.request_ref: scan for scan in ResidueScan.objects.filter(request_ref__in=since)}
    return {ref: _since(at, scans.get(ref)) for ref, at in since.items() if not _covers(scans.get(ref), at)}


def _cleaned() -> dict[str, object]:
    """Number of an erasure whose rows are treated -> since when."""
    cleaned = Step.objects.filter(name=CLEANED_STEP, finished_at__isnull=False, run__finished_at=None)
    return dict(cleaned.values_list("run__request__ref", "finished_at"))


def _since(at, scan):
    return max(at, scan.scanned_at) if scan else at


def _covers(scan, at) -> bool:
    """It began after the rows were treated, and found nothing that remains."""
    return scan is not None and scan.scanned_at >= at and not scan.remains


def is_due(now) -> bool:
    """Somebody has waited PRIVACY["RESIDUE_PASS_MINUTES"] for others to share a pass with."""
    return any(at <= now - timedelta(minutes=setting("RESIDUE_PASS_MINUTES")) for at in waiting().values())


@transaction.atomic
def write(ref: str, reading: Pass) -> ResidueScan:
    """What a pass found of one person takes the place of what an earlier one did."""
    found = reading.found[ref]
    counts = {"remains": found.times(REMAINS), "listed": found.times(KEPT, ANOTHERS), "names": found.times(NAME)}
    facts = {"scanned_at": reading.began_at, "places": reading.places, "rows": reading.rows, **counts}
    written, is_first = ResidueScan.objects.update_or_create(request_ref=ref, defaults=facts)
    if not is_first:
        written.findings.all().delete()
    if found.hits:
        keys.make(ref, KEYS)
    ResidueFinding.objects.bulk_create(
        [
            ResidueFinding(
                scan=written,
                place=place[:200],
                kind=kind,
                hits=hits,
                sealed_keys=keys.seal(ref, json.dumps(found.keys[place, kind]), KEYS),
            )
            for (place, kind), hits in found.hits.items()
        ]
    )
    return written


def settle(ref: str) -> bool:
    """What was left is gone, says who took it away; only where nobody can search again, since what to look for was destroyed."""
    if sealing.open_again(ref) is not None:
        return False
    return bool(ResidueScan.objects.filter(request_ref=ref, remains__gt=0, settled_at=None).update(settled_at=timezone.now()))


def forget(now, open_refs: set[str]) -> None:
    """What to look for, and in which rows something was found, once nobody needs it."""
    sealing.forget(now, open_refs, _cleaned())
    for ref in keys.made_before(now - timedelta(days=setting("RESIDUE_KEYS_DAYS")), KEYS):
        ResidueFinding.objects.filter(scan__request_ref=ref).update(sealed_keys=b"")
        keys.destroy(ref, KEYS)
