"""Anyone: the person of a statement that is worked out before it is known about whom it will be."""

from functools import cache

from django.db import connection, models
from django.db.models import Expression

from .datamap import registry
from .datamap.maps import DataMap
from .sql import Open
from .subjects import Subject, last_model


class Key(Expression):
    """The place of a person's key in a table of people."""

    def __init__(self, model: type[models.Model]):
        super().__init__(output_field=model._meta.pk)
        self.model = model

    def as_sql(self, compiler, connection):
        return "%s", [Open(self.model._meta.label)]


class Anyone(Key):
    """Stands in for a Subject of this kind, wherever conditions ask for nothing but keys."""

    def __init__(self, kind: str):
        super().__init__(Subject)
        self.kind = kind

    @property
    def ref(self):
        return self

    def key_of(self, model):
        """As `Subject.key_of`."""
        if model is Subject:
            return self
        return Key(model) if registry.roots.get(model) == self.kind else None


@cache
def is_for_anyone(data_map: type[DataMap]) -> bool:
    """Whether the rows of a person in this table are found by nothing but keys."""
    return all(not line.by or _asks_for_keys(data_map, line) for line in data_map.person_lines())


def _asks_for_keys(data_map, line):
    """A reference that is kept as anything but a UUID is written in its own way."""
    if line.by != "subject_ref":
        return line.by in registry.for_anyone
    *way, column = (line.via or line.name).split("__")
    model = last_model(data_map.model, "__".join(way)) if way else data_map.model
    return isinstance(model._meta.get_field(column), models.UUIDField)


def keys_of(subject: Subject) -> dict[str, object]:
    """What the places stand for, once she is known."""
    people = subject, subject.root
    return {person._meta.concrete_model._meta.label: person._meta.pk.get_db_prep_value(person.pk, connection) for person in people}
