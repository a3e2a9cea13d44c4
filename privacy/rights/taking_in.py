"""Taking in what a person brings from another installation, or brings back (Art. 20(2), on the side that receives).

Only what the data map says arrives; nothing is overwritten that she did not tick; a second time changes nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from ..datamap import registry
from ..datamap.maps import DataMap
from ..errors import AccountNotOpen, WhileRestricted
from ..evidence import remarks, trail
from ..subjects import Subject
from . import fitting
from .arrivals import Fate, Made, Piece, Reference, finishers, makers
from .comparing import Known, Present, in_groups
from .opening import Brought
from .own_row import Offer, offers, take_offers

# Rows that are looked at together, and written in one statement.
AT_ONCE = 500

NOT_HERE = _("it points at something that we do not have, or have more than once")
NOT_ALONG = _("it belongs to something that did not come along")
INCOMPLETE = _("something is missing in it")
NOT_SAVED = _("our database refused it")
NO_ROOM = _("This kind of data has no place here.")


@dataclass
class Category:
    """One record type of the archive, and what becomes of its rows. `stays` says why none of it comes."""

    label: str
    title: str
    brought: int
    data_map: type[DataMap] | None = None
    stays: str = ""
    new: int = 0
    here: int = 0
    conflicts: int = 0
    refused: Counter = field(default_factory=Counter)

    @property
    def is_for_all_to_read(self) -> bool:
        """What she published: it is published anew, so she says so herself."""
        return self.data_map is not None and self.data_map.row.name == "chosen"

    def note(self, made: Made) -> None:
        if made.fate == Fate.REFUSED:
            self.refused[str(made.sentence)] += 1
        else:
            counter = {Fate.NEW: "new", Fate.HERE: "here", Fate.CONFLICT: "conflicts"}[made.fate]
            setattr(self, counter, getattr(self, counter) + 1)


@dataclass
class Report:
    """What an archive would do, or did: its record types, and the columns of her own row that need a word of hers."""

    issuer: str
    made_at: str
    categories: list[Category]
    offers: list[Offer]

    @property
    def new(self) -> int:
        return sum(category.new for category in self.categories)

    @property
    def taken(self) -> list[Category]:
        return [category for category in self.categories if not category.stays]

    @property
    def left(self) -> list[Category]:
        return [category for category in self.categories if category.stays and category.brought]


def look(subject: Subject, brought: Brought) -> Report:
    """What taking it in would do; nothing changes."""
    return _Act(subject, brought, ticked=None).report()


def take_in(subject: Subject, brought: Brought, ticked: Collection[str], *, actor_ref: str, reason="", given_by="") -> Report:
    """Do it for the record types ("usage.Folder") and columns of her own row ("accounts.Member.town") that she ticked.

    Each record type is one transaction; broken off, it is begun again with the same archive. AccountNotOpen once she asked for erasure.
    """
    with transaction.atomic():
        hold(subject)
        remarks.write(trail.record("arrival.taken_in", subject_ref=subject.ref, actor_ref=actor_ref), reason, given_by=given_by)
    return _Act(subject, brought, ticked=set(ticked), actor_ref=actor_ref).report()


def hold(subject: Subject) -> None:
    """Lock the person until the transaction ends: neither an erasure nor the same archive once more comes in between.

    AccountNotOpen; WhileRestricted while something of hers may only be kept.
    """
    held = Subject.objects.select_for_update(no_key=True).filter(pk=subject.pk, hidden_at=None).first()
    if held is None:
        raise AccountNotOpen
    if held.restricted_at is not None:
        raise WhileRestricted


class _ToBeMade:
    """Stands for the key of a row that would be new, while nothing is written."""


class _Act:
    """One archive of one person, looked at (`ticked` is None) or taken in."""

    def __init__(self, subject, brought, *, ticked, actor_ref=""):
        self.subject, self.brought, self.ticked, self.actor_ref = subject, brought, ticked, actor_ref
        self.known = Known(brought)
        # Of each record type that others point at: key in the archive -> key here.
        self.own: dict[type[models.Model], dict[str, Any]] = {}

    def report(self) -> Report:
        """Her own row first: what she publishes is signed with the name that it has then."""
        own = self._offers()
        self.subject = type(self.subject).objects.get(pk=self.subject.pk)
        categories = [self._category(data_map) for data_map in _in_order()]
        shown = [category for category in categories if category is not None] + self._unknown()
        return Report(self.brought.issuer, str(self.brought.manifest.get("made_at", "")), shown, own)

    def _offers(self):
        if self.ticked is None:
            return offers(self.subject, self.brought)
        with transaction.atomic():
            hold(self.subject)
            return take_offers(self.subject, self.brought, self.ticked, actor_ref=self.actor_ref)

    def _unknown(self):
        """Record types that we have no table for, by the names that the archive gives them."""
        parts = [part for part in self.brought.manifest["parts"] if registry.labelled(part["record"]) is None and part["rows"]]
        return [Category(part["record"], str(part.get("title") or part["record"])[:200], part["rows"], stays=NO_ROOM) for part in parts]

    def _category(self, data_map) -> Category | None:
        part = self.brought.parts.get(data_map.label())
        if part is None or data_map.model in registry.roots:
            return None
        category = Category(data_map.label(), str(data_map.heading()), part["rows"], data_map)
        if not data_map.arrives:
            category.stays = data_map.stays or NO_ROOM
        elif part["rows"]:
            self._take(data_map, category)
        return category

    def _take(self, data_map, category):
        really = self.ticked is not None and data_map.label() in self.ticked
        with self._held() if really else nullcontext():
            arriving = _Arriving(self, data_map, really)
            for rows in in_groups(self.brought.rows(data_map.label()), AT_ONCE):
                for made in arriving.take(rows):
                    category.note(made)

    @contextmanager
    def _held(self):
        with transaction.atomic():
            hold(self.subject)
            yield


def _in_order() -> Iterator[type[DataMap]]:
    """What hosts make first, since other rows may point at it; then what is pointed at before what points."""
    maps = list(registry.in_erasure_order())[::-1]
    yield from sorted(maps, key=lambda data_map: data_map.label() not in makers)


class _Arriving:
    """The rows of one record type on their way in."""

    def __init__(self, act: _Act, data_map: type[DataMap], really: bool):
        self.act, self.data_map, self.really = act, data_map, really
        self.label, self.model = data_map.label(), data_map.model
        self.maker, self.finish = makers.get(self.label), finishers.get(self.label)
        self.present = None if self.maker else Present(data_map, act.subject)
        self.files = act.brought.stored_files(self.label)
        self.fields = {name: self.model._meta.get_field(name) for name in data_map.arrives}
        self.keys = act.own.setdefault(self.model, {})

    def take(self, rows: list[dict]) -> Iterator[Made]:
        """What becomes of each; those that are new are written together."""
        waiting = []
        for row in rows:
            try:
                columns = self._fitted(row)
                made = self._made_by_host(row, columns) if self.maker else self._compared(row, columns)
            except fitting.Unfit as refusal:
                made = Made(Fate.REFUSED, refusal.sentence)
            if made.fate == Fate.NEW and self.really and not self.maker:
                waiting.append((row, columns))
            else:
                yield made
        yield from self._written(waiting)

    def _fitted(self, row) -> dict[str, Any]:
        """The values of the columns that may arrive, in their order; references as keys here."""
        if not self.fields.keys() <= row.keys():
            raise fitting.Unfit(INCOMPLETE)
        return {name: self._value(field, row[name]) for name, field in self.fields.items()}

    def _value(self, field, value):
        if isinstance(field, models.FileField) or not field.is_relation:
            return fitting.fitted(field, value)
        if isinstance(value, dict | list | bool | float):
            raise fitting.Unfit(fitting.OTHER_KIND)
        if field.related_model in registry.maps:
            return self._own_key(field, value)
        reference = self.act.known.find(field.related_model, value)
        return reference if self.maker else self._key_here(reference)

    def _own_key(self, field, value):
        """A row of hers that came along or was here; else the row is nobody's."""
        key = self.act.own.get(field.related_model, {}).get(str(value))
        if key is None or (self.really and key is _ToBeMade):
            raise fitting.Unfit(NOT_ALONG)
        return key

    def _key_here(self, reference: Reference):
        if reference.here is None:
            raise fitting.Unfit(NOT_HERE)
        return reference.here

    def _made_by_host(self, row, columns) -> Made:
        made = self.maker(self.act.subject, Piece(columns, row, lambda column: self._file(row, column)), self.really)
        for name, here in made.stands_for.items():
            self._learn(name, columns[name], here)
        return made

    def _learn(self, name, reference, here):
        """Material that would be made stands for itself while she looks; what she did not tick is whatever else has its words here."""
        if here is None and self.act.ticked is None:
            here = _ToBeMade
        if here is not None:
            self.act.known.learn(self.fields[name].related_model, reference, here)

    def _file(self, row, column) -> bytes | None:
        name = self.files.get((column, str(row.get(self.model._meta.pk.name))))
        return self.act.brought.read(name) if name else None

    def _compared(self, row, columns) -> Made:
        if _ToBeMade in columns.values():
            self._remember(row, _ToBeMade)
            return Made(Fate.NEW)
        here = self.present.take(columns)
        if here is not None:
            self._remember(row, here)
            return Made(Fate.HERE)
        if self.present.excludes(columns):
            return Made(Fate.CONFLICT)
        self.present.add(columns)
        if not self.really:
            self._remember(row, _ToBeMade)
        return Made(Fate.NEW)

    def _remember(self, row, key):
        """Under the number that the row had there."""
        number = row.get(self.model._meta.pk.name)
        if isinstance(number, str | int):
            self.keys[str(number)] = key

    def _written(self, waiting) -> Iterator[Made]:
        """In one statement; where the database refuses one of them, each by itself."""
        built = [(row, self._built(row, columns)) for row, columns in waiting]
        try:
            with transaction.atomic():
                self.model._base_manager.bulk_create([instance for _row, instance in built])
        except IntegrityError:
            built = [(row, instance) for row, instance in built if self._is_saved(instance)]
        for row, instance in built:
            self._remember(row, instance.pk)
            yield Made(Fate.NEW)
        yield from [Made(Fate.REFUSED, NOT_SAVED)] * (len(waiting) - len(built))

    def _is_saved(self, instance) -> bool:
        try:
            with transaction.atomic():
                self.model._base_manager.bulk_create([instance])
        except IntegrityError:
            return False
        return True

    def _built(self, row, columns):
        """A row of hers, whoever the archive says; its key is drawn here."""
        by_column = {self.fields[name].attname: value for name, value in columns.items()}
        instance = self.model(**by_column)
        for line in self.data_map.person_lines():
            if not line.via:
                setattr(instance, line.name, self.act.subject.root)
        if self.finish:
            self.finish(self.act.subject, instance, row)
        return instance
