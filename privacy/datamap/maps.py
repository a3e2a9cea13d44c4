"""The data map: per model one line for each column, and all that the installed apps declared so."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from .activity import Activity
from .lines import Line
from .rows import RowFate, hollow
from .treatments import Treatment, detach, stand_in
from .vocabulary import LawfulBasis, Role


class DataMap:
    """Subclass once per model: `class ScoreMap(DataMap, model=Score, activity=USAGE, row=anonymised)`, one line per column."""

    model: type[models.Model]
    activity: Activity
    row: RowFate
    lines: dict[str, Line]
    # What an archive that somebody brings may fill in here; a record type of which nothing may come says why (privacy.rights.taking_in).
    arrives: tuple[str, ...] = ()
    stays: str = ""
    # For the probe (E010): two values for a column whose check constraint it cannot guess, one per row.
    examples: dict[str, tuple] = {}
    # What a safe copy of the database gets in a column, where the rule for its kind (privacy.datamap.likenesses) does not fit.
    in_copies: dict[str, Treatment] = {}
    # Whether a safe copy has these rows at all; None: not where a secret lets somebody in.
    copied: bool | None = None
    # What its rows are in the W3C's Data Privacy Vocabulary.
    term: str
    # Rows that stay without their person are mixed: the column whose rows stay together in their order, and the key to a row of another
    # table that was made together with each of these (privacy.rights.shuffling).
    together: str = ""
    made_with: str = ""

    def __init_subclass__(
        cls, *, model, activity, row, called="", term="dpv:PersonalData", arrives=(), stays="", together="", made_with="", into=None
    ):
        """`called` is what people read for the rows of a model that is not ours; `into` is a registry of one's own, for tests.

        `arrives` names the columns that an archive may bring, `stays` says why it brings none: a portable record type has one of the two.
        """
        declared = {name: line for name, line in vars(cls).items() if isinstance(line, Line)}
        for name in declared:
            delattr(cls, name)  # a column may be called `title` (test_a_column_may_have_the_name_of_a_method)
        cls.model, cls.activity, cls.row, cls._called = model._meta.concrete_model, activity, row, called
        cls.term = term
        cls.arrives, cls.stays = tuple(arrives), stays
        cls.together, cls.made_with = together, made_with
        cls.lines = {name: cls._completed(replace(line, name=name)) for name, line in declared.items()}
        (into or registry).add(cls)

    @classmethod
    def _completed(cls, line):
        """`hollow` rows get a stand-in in every personal column, and lose the link to the person."""
        if cls.row == hollow and line.is_personal and line.erase is None:
            return replace(line, erase=detach if line.role == Role.PERSON else stand_in)
        return line

    @classmethod
    def label(cls) -> str:
        return cls.model._meta.label

    @classmethod
    def heading(cls) -> str:
        """What a person reads above the rows."""
        return cls._called or cls.model._meta.verbose_name_plural

    @classmethod
    def field(cls, line: Line) -> models.Field:
        return cls.model._meta.get_field(line.name)

    @classmethod
    def title(cls, line: Line) -> str:
        """What a person reads above the column."""
        return line.label or cls.field(line).verbose_name

    @classmethod
    def person_lines(cls) -> list[Line]:
        return [line for line in cls.lines.values() if line.role == Role.PERSON]

    @classmethod
    def personal_lines(cls) -> list[Line]:
        return [line for line in cls.lines.values() if line.is_personal]

    @classmethod
    def moments(cls) -> list[Line]:
        """The columns that say when something about a row happened: the one that says when it was made first.

        That is the first that is never empty, else the first.
        """
        lines = [line for line in cls.personal_lines() if isinstance(cls.field(line), models.DateTimeField) and not line.is_secret]
        return sorted(lines, key=lambda line: cls.field(line).null)

    @classmethod
    def accessible_lines(cls) -> list[Line]:
        """What access hands out: every line but secrets (Art. 15)."""
        return [line for line in cls.lines.values() if not line.is_secret]

    @classmethod
    def portable_lines(cls) -> list[Line]:
        """Provided or observed, on consent or contract (Art. 20(1))."""
        return [line for line in cls.lines.values() if cls.is_portable(line)]

    @classmethod
    def is_portable(cls, line: Line) -> bool:
        portable_bases = {LawfulBasis.CONSENT, LawfulBasis.CONTRACT}
        return line.role in {Role.PROVIDED, Role.OBSERVED} and bool(portable_bases & set(cls.bases(line)))

    @classmethod
    def rectifiable_lines(cls) -> list[Line]:
        return [line for line in cls.lines.values() if line.rectify]

    @classmethod
    def bases(cls, line: Line) -> tuple[LawfulBasis, ...]:
        return (line.basis,) if line.basis else tuple(cls.activity.lawful_bases)

    @classmethod
    def rests_on_consent_alone(cls, line: Line) -> bool:
        """Withdrawing that consent erases the line; the link to the person goes with the row."""
        return line.is_personal and line.role != Role.PERSON and set(cls.bases(line)) == {LawfulBasis.CONSENT}

    @classmethod
    def owned_by(cls, person_line: Line) -> list[Line]:
        """The personal lines that go with one person of the row: all of them where the row has one person."""
        only_one = len(cls.person_lines()) == 1
        return [line for line in cls.personal_lines() if line.role != Role.PERSON and (only_one or line.belongs_to == person_line.name)]


class Registry:
    """All that the installed apps declared."""

    def __init__(self):
        self.maps: dict[type[models.Model], type[DataMap]] = {}
        self.exempt: dict[type[models.Model], str] = {}
        # The columns by which people, and other installations, know a row of a table without personal data.
        self.known_by: dict[type[models.Model], tuple[str, ...]] = {}
        # What a person reads of such a row; without it, what the row calls itself.
        self.called: dict[type[models.Model], str] = {}
        # Tables without personal data whose rows a safe copy has no use for.
        self.not_copied: set[type[models.Model]] = set()
        self.roots: dict[type[models.Model], str] = {}
        self.elsewhere: list[HeldElsewhere] = []
        self.infrastructure: dict[str, str] = {}
        # How a `by=` line finds a person; privacy.subjects.matcher fills it.
        self.matchers: dict[str, Callable] = {}
        # Of these, the ways that are the same for everybody but for the person's keys.
        self.for_anyone: set[str] = set()
        # What was declared when the order of erasure was last worked out, and that order.
        self._in_order: tuple[tuple, list] = (), []

    def add(self, data_map: type[DataMap]) -> None:
        self._refuse_twice(data_map.model)
        self.maps[data_map.model] = data_map

    def add_exempt(self, model, because: str, known_by: tuple[str, ...] = (), called: str = "") -> None:
        self._refuse_twice(model._meta.concrete_model)
        self.exempt[model._meta.concrete_model] = because
        self.known_by[model._meta.concrete_model] = known_by
        if called or known_by:
            self.called[model._meta.concrete_model] = called or known_by[0]

    def _refuse_twice(self, model):
        if model in self.maps or model in self.exempt:
            raise ImproperlyConfigured(f"{model._meta.label} is declared twice in the data map.")

    def map_of(self, model) -> type[DataMap] | None:
        return self.maps.get(model._meta.concrete_model)

    def labelled(self, label: str) -> type[DataMap] | None:
        """The map of "app.Model"."""
        return next((data_map for data_map in self.maps.values() if data_map.label() == label), None)

    def root_of(self, kind: str) -> type[models.Model]:
        return next(model for model, name in self.roots.items() if name == kind)

    def activities(self) -> list[Activity]:
        return list(dict.fromkeys(data_map.activity for data_map in self.maps.values()))

    def in_erasure_order(self) -> Iterator[type[DataMap]]:
        """Rows that point at others come before those they point at, so that no key is left dangling.

        What is found by a value comes first: her addresses lie in rows that go too (test_what_is_found_by_address_goes_before_the_address).
        """
        declared = tuple(self.maps.values())
        if self._in_order[0] != declared:
            seen = set()
            found = sorted(self.maps, key=self._is_found_by_value, reverse=True)
            self._in_order = declared, [each for model in found for each in self._after_what_points_at(model, seen)]
        yield from self._in_order[1]

    def _is_found_by_value(self, model) -> bool:
        is_subject = any(points_at(root, model) for root in self.roots)
        return not is_subject and any(line.by for line in self.maps[model].person_lines())

    def _after_what_points_at(self, model, seen) -> Iterator[type[DataMap]]:
        if model in seen:
            return
        seen.add(model)
        for other in self.maps:
            if points_at(other, model):
                yield from self._after_what_points_at(other, seen)
        yield self.maps[model]

    def version(self) -> str:
        """SHA-256 over every declaration: a request remembers under which it was made."""
        lines = sorted(_words(data_map, line) for data_map in self.maps.values() for line in data_map.lines.values())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @contextmanager
    def replaced(self, data_map: type[DataMap]):
        """For tests: this map stands in for the one of its model, in its place."""
        before = self.maps.get(data_map.model)
        self.maps[data_map.model] = data_map
        try:
            yield data_map
        finally:
            if before is None:
                del self.maps[data_map.model]
            else:
                self.maps[data_map.model] = before


@dataclass(frozen=True)
class HeldElsewhere:
    """Personal data outside the database: a log, a mail server, a cache."""

    name: str
    activity: Activity
    what: str
    erased_by: str


def _words(data_map: type[DataMap], line: Line) -> str:
    erase = line.erase and line.erase.name
    return f"{data_map.label()} {data_map.row.name} {line.name} {line.role} {erase} {line.via} {line.by} {line.belongs_to}"


@cache
def points_at(model, target) -> bool:
    return any(field.is_relation and field.concrete and field.related_model is target for field in model._meta.local_fields)


registry = Registry()


def no_personal_data(
    model, *, because: str, known_by: tuple[str, ...] = (), called: str = "", copied: bool = True, into: Registry | None = None
) -> None:
    """This table says nothing about a person, for this reason.

    `known_by`: the columns by which a row is known elsewhere, what people call it first. An archive explains by them what a person's rows
    point at, and an import finds the row again. `called`: the column, or the way to one, by which people call it, where that is not the
    first of these: "recipient__name". `copied`: False where its rows make no sense in a safe copy (privacy.rights.staging).
    """
    (into or registry).add_exempt(model, because, known_by, called)
    if not copied:
        (into or registry).not_copied.add(model._meta.concrete_model)


def held_elsewhere(name: str, *, activity: Activity, what: str, erased_by: str) -> None:
    registry.elsewhere.append(HeldElsewhere(name, activity, what, erased_by))


def infrastructure_table(name: str, *, because: str) -> None:
    """A table without a model."""
    registry.infrastructure[name] = because
