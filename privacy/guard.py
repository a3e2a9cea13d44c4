"""What is refused while a person's data are only kept: every change of what is hers, by whatever way a program writes it (Art. 18(2)).

On PostgreSQL triggers refuse it too, whoever writes (guard_postgresql.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.db.models.signals import pre_save

from . import restricted
from .datamap.lines import Line
from .datamap.maps import DataMap, registry
from .errors import WhileRestricted


@dataclass(frozen=True)
class Guarded:
    """What of a row is one person's, and how the row leads to her."""

    line: Line
    path: str
    columns: frozenset[str]
    stopped: Q


def guarded(data_map: type[DataMap] | None) -> list[Guarded]:
    """Nothing of a use that goes on, nor of a place in a row of another person in which nothing else is hers (Art. 18(2))."""
    use = restricted.use_of(data_map)
    if use is None or not restricted.restrictable(data_map.model):
        return []
    found = []
    for line, path in restricted.ways(data_map):
        hers = {each.name for each in data_map.owned_by(line) if not each.is_secret and not each.signs_in}
        if hers:
            found.append(Guarded(line, path, frozenset({line.name, *hers}), restricted.stopping(path, use.slug)))
    return found


class GuardedQuerySet(models.QuerySet):
    """Refuses what would change a restricted person's data (WhileRestricted)."""

    refuses_restricted = True  # what the check E023 looks for

    def update(self, **values):
        _refuse(self, _names(self.model, values))
        return super().update(**values)

    def delete(self):
        _refuse(self, None)
        return super().delete()

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        _refuse_new(self.model, objs)
        return super().bulk_create(objs, *args, **kwargs)

    update.alters_data = delete.alters_data = bulk_create.alters_data = True
    delete.queryset_only = True


def _names(model, values) -> set[str]:
    """As the data map calls these columns, whether given as `member` or as `member_id`."""
    names = set()
    for name in values:
        try:
            names.add(model._meta.get_field(name).name)
        except FieldDoesNotExist:  # Django says so itself
            continue
    return names


def _refuse(rows, names: set[str] | None):
    """`names`: the columns that change; None where the rows go. One question where they can be somebody's, and none in an empty set."""
    stopped = Q(pk__in=[])
    for each in () if restricted.is_ours() else guarded(registry.map_of(rows.model)):
        if names is None or each.columns & names:
            stopped |= each.stopped
    if stopped == Q(pk__in=[]):
        return
    asked = rows.order_by().filter(stopped)
    asked.query.select_for_update = False  # PostgreSQL locks no row behind the joins
    if asked.exists():
        raise WhileRestricted


def _refuse_new(model, objs: Iterable):
    """New rows of somebody whose data may only be kept."""
    if restricted.is_ours() or model in registry.roots:
        return
    for each in guarded(registry.map_of(model)):
        first, rest = _first_step(model, each)
        keys = {getattr(row, first.attname) for row in objs} - {None}
        if keys and first.related_model._base_manager.filter(_stopped_from(rest, model), pk__in=keys).exists():
            raise WhileRestricted


def _first_step(model, each: Guarded):
    """The key in the row, and the path from there to the person's Subject."""
    name, _dots, rest = each.path.partition("__")
    return model._meta.get_field(name), rest


def _stopped_from(rest, model) -> Q:
    return restricted.stopping(rest, registry.map_of(model).activity.slug)


def watch() -> None:
    """Once every map is declared."""
    for data_map in registry.maps.values():
        if guarded(data_map):
            pre_save.connect(_refuse_save, sender=data_map.model, dispatch_uid=f"privacy.guard.{data_map.label()}")


def _refuse_save(sender, instance, raw=False, update_fields=None, **kwargs):
    if raw or restricted.is_ours():
        return
    if instance._state.adding:
        _refuse_new(sender, [instance])
        return
    for each in guarded(registry.map_of(sender)):
        columns = each.columns if update_fields is None else each.columns & _names(sender, update_fields)
        if columns and _is_changed(sender, instance, each, columns):
            raise WhileRestricted


def _is_changed(sender, instance, each, columns) -> bool:
    """What is hers in the row differs from what stands there, or it becomes hers; saved as it was, it may be."""
    before = sender._base_manager.filter(pk=instance.pk).values(*columns, inzage_stopped=each.stopped).first()
    if before is None:
        return False
    changed = {name for name in columns if _differs(sender._meta.get_field(name), before[name], instance)}
    if each.line.name in changed:
        _refuse_new(sender, [instance])
    return before["inzage_stopped"] and bool(changed)


def _differs(field, before, instance) -> bool:
    now = getattr(instance, field.attname)
    return hasattr(now, "resolve_expression") or field.get_prep_value(before) != field.get_prep_value(now)
