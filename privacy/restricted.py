"""Whose data are only kept for the time being, and for which use: as a condition, and with a gate for what we write (Art. 18)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, models, transaction
from django.db.models import Q

from .datamap.activity import Activity
from .datamap.lines import Line
from .datamap.maps import DataMap, registry

# In the place of a use: all of them.
EVERY_USE = "*"
# What the triggers on PostgreSQL look at; it ends with the transaction (guard_postgresql.py).
SETTING = "privacy.ours"

_ours: ContextVar[bool] = ContextVar("whether it is we who write what a restriction keeps as it is", default=False)


def written(uses) -> str:
    """Slugs of activities as a Subject remembers them, each between spaces: " account usage "; nothing where there are none."""
    return f" {' '.join(sorted({use or EVERY_USE for use in uses}))} " if uses else ""


def covers(uses: str, use: str) -> bool:
    """Whether this use is among those that a Subject remembers; by itself, or with all."""
    return f" {use} " in uses or f" {EVERY_USE} " in uses


def stopping(path: str, use: str) -> Q:
    """Of rows from which `path` ("member__subject__") leads to a person: this use of her data is restricted."""
    either = Q(**{f"{path}restricted_uses__contains": f" {EVERY_USE} "}) | Q(**{f"{path}restricted_uses__contains": f" {use} "})
    return Q(**{f"{path}restricted_at__isnull": False}) & either


def use_of(data_map: type[DataMap] | None) -> Activity | None:
    """Which use the rows of this table are for; None where it goes on whatever is restricted (Art. 18(2))."""
    return data_map.activity if data_map and not data_map.activity.goes_on else None


def last_model(model, path: str):
    """Where a path of relations ends: `folder__member` from Favourite ends at Member."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model._meta.concrete_model


def ways(data_map: type[DataMap]) -> Iterator[tuple[Line, str]]:
    """The `person` lines by which a key leads to a person, each with the path from a row to her Subject."""
    for line in data_map.person_lines():
        path = line.via or line.name
        if line.by:
            continue
        last = last_model(data_map.model, path)
        if last in registry.roots:
            yield line, f"{path}__subject__"
        elif data_map.model in registry.roots:
            yield line, f"{path}__"


def rows_restricted(data_map: type[DataMap]) -> Q:
    """Rows of people for whom the use of this table is restricted."""
    found, use = Q(pk__in=[]), use_of(data_map)
    for _line, path in ways(data_map) if use else ():
        found |= stopping(path, use.slug)
    return found


@contextmanager
def changed_by_us():
    """In here we write what a restriction keeps as it is: a correction that ends the dispute, a copy that is made unrecognisable."""
    if _ours.get():
        yield
        return
    with transaction.atomic():
        token = _ours.set(True)
        try:
            _tell_database("on")
            yield
            _tell_database("")  # after an error the transaction's end does it
        finally:
            _ours.reset(token)


def is_ours() -> bool:
    return _ours.get()


def _tell_database(value):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, value])


def restrictable(model: type[models.Model]) -> bool:
    """Ours to guard: a root, or a table whose default manager is a UsableManager. Third parties' tables are how people sign in."""
    return model in registry.roots or getattr(model._default_manager, "leaves_out_hidden", False)
