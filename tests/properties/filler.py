"""Fills every column of every declared table for one person, with values that can be found again."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from accounts import bans
from privacy.datamap import registry
from privacy.models import Subject

PASSWORD = "een goed wachtwoord"


@dataclass
class Filled:
    """One person: her marks, and her row in every declared table."""

    name: str
    number: int
    rows: dict = field(default_factory=dict)
    marks: set = field(default_factory=set)

    def __post_init__(self):
        self.word = f"zq{self.name}7".lower()
        self.email = f"{self.word}@school.example"
        self.ip = f"203.0.113.{self.number}"
        self.moment = datetime(2019, 3, self.number, 4, 5, 6, 123457, tzinfo=UTC)
        self.day = date(1971, 2, self.number)
        self.marks |= {self.word, self.ip, f"{self.moment:%Y-%m-%d %H:%M:%S.%f}", self.day.isoformat()}

    @property
    def member(self):
        return next(self.rows[root] for root in registry.roots)

    @property
    def subject(self):
        return self.member.subject

    def mark_uuid(self):
        drawn = uuid.uuid4()
        self.marks |= {str(drawn), drawn.hex}
        return drawn


def fill(name: str, number: int) -> Filled:
    """A person with one row in every declared table; `number` (2-28) makes her address and moments her own."""
    filled = Filled(name, number)
    last_erased_first = list(registry.in_erasure_order())[::-1]
    for data_map in sorted(last_erased_first, key=lambda data_map: data_map.model not in registry.roots):
        if data_map.model is not Subject:
            filled.rows[data_map.model] = _rows(data_map, filled)
    filled.rows[Subject] = filled.subject
    filled.marks |= {str(filled.subject.ref), filled.subject.ref.hex}
    Subject.objects.filter(pk=filled.subject.pk).update(created_at=filled.moment)
    return filled


def _rows(data_map, filled):
    """One row; where a row has two persons, one for each of her places, with a stranger in the other."""
    ends = [line.name for line in data_map.person_lines()]
    if len(ends) == 1:
        return _row(data_map.model, filled, data_map)
    rows = [_row(data_map.model, filled, data_map, **_of_a_stranger(data_map, but=end)) for end in ends]
    return rows.pop()


def _row(model, filled, data_map=None, **given):
    columns = {column.name: _value(column, filled, data_map) for column in model._meta.local_concrete_fields if not _is_left(column, model)}
    row = model._base_manager.create(**columns | given)
    if clocks := _clocks_of(model):
        model._base_manager.filter(pk=row.pk).update(**dict.fromkeys(clocks, filled.moment))
    return row


def _clocks_of(model):
    """Columns that write the present moment by themselves, whatever they are given."""
    columns = model._meta.local_concrete_fields
    return [column.name for column in columns if getattr(column, "auto_now", False) or getattr(column, "auto_now_add", False)]


def _of_a_stranger(data_map, but):
    """The other places of a row, and the columns that go with them."""
    others = [line for line in data_map.person_lines() if line.name != but]
    columns = [data_map.field(line) for other in others for line in data_map.owned_by(other)]
    return {other.name: _key_of(_stranger(), other) for other in others} | {
        column.name: _own_value(column, Filled("vreemde", 3)) for column in columns
    }


def _key_of(member, line):
    """As the column holds a person."""
    return member.subject_id if line.by == "subject_ref" else member


def _stranger():
    """Somebody who is never erased."""
    member = next(iter(registry.roots))
    return member._base_manager.filter(email="vreemde@school.example").first() or member._base_manager.create(
        email="vreemde@school.example"
    )


def _is_left(column, model):
    """What the database, the model or the root's first save fills in."""
    is_drawn = column.primary_key and column.has_default() and registry.map_of(model) is None
    return (
        isinstance(column, models.AutoField)
        or is_drawn
        or (column.is_relation and column.related_model is Subject and model in registry.roots)
    )


def _value(column, filled, data_map):
    if column.is_relation and data_map and data_map.lines[column.name].of_same_person:
        return filled.rows.get(column.related_model)
    if column.is_relation and column.null and data_map is None:
        return None  # of nobody, and whether it may be filled hangs on the rest of the row
    if column.is_relation:
        return filled.rows.get(column.related_model) or _neutral(column.related_model, is_own=column.unique)
    if data_map and data_map.lines[column.name].by:
        return _matching_value(data_map.lines[column.name].by, filled)
    if isinstance(column, models.UUIDField) and data_map and data_map.row.stays and not data_map.lines[column.name].is_personal:
        return column.get_default()  # random by itself, and stays with the row
    return _own_value(column, filled)


def _neutral(model, is_own):
    """A row of a table without personal data; one serves all that need none of their own."""
    return (not is_own and model._base_manager.first()) or _row(model, Filled("niemand", 2))


def _matching_value(by, filled):
    values = {
        "subject_ref": lambda: filled.subject.ref,
        "told_of_authority": lambda: filled.subject.ref,
        "email": lambda: filled.email,
        "session_key": lambda: f"{filled.word}sessie",
        "ban_digest": lambda: list(bans.digests(filled.email).values())[-1],
    }
    return values[by]()


def _own_value(column, filled):
    if column.choices:
        return column.choices[0][0]
    if column.name == "session_key":
        return f"{filled.word}sessie"
    if column.name == "agreed_by":  # another than who proposed it
        return f"{filled.word}b"
    if column.name == "in_time_until":  # after the moment of the act beside it
        return filled.moment + timedelta(days=1)
    for kind, make in VALUES.items():
        if isinstance(column, kind):
            return make(filled, column)
    raise NotImplementedError(f"no value for {column}")


def _stored(filled):
    """A file whose contents are hers; its name says nothing, as names of ours do."""
    return default_storage.save(uuid.uuid4().hex, ContentFile(f"Van {filled.word}."))


# Narrower kinds first: an EmailField is a CharField too.
VALUES = {
    models.EmailField: lambda filled, column: filled.email,
    models.URLField: lambda filled, column: f"https://{filled.word}.example/",
    models.SlugField: lambda filled, column: filled.word,
    models.FileField: lambda filled, column: _stored(filled),
    models.UUIDField: lambda filled, column: filled.mark_uuid(),
    models.GenericIPAddressField: lambda filled, column: filled.ip,
    models.CharField: lambda filled, column: filled.word[: column.max_length],
    models.TextField: lambda filled, column: f"Tekst van {filled.word}.",
    models.DateTimeField: lambda filled, column: filled.moment,
    models.DateField: lambda filled, column: filled.day,
    models.BooleanField: lambda filled, column: True,
    models.IntegerField: lambda filled, column: filled.number if column.unique else 3,
    models.FloatField: lambda filled, column: 3.5,
    models.JSONField: lambda filled, column: [filled.word],
    models.BinaryField: lambda filled, column: filled.word.encode(),
}
