"""Treatments tried on made-up rows in the database, in a transaction that is rolled back: E010, E012."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.checks import CheckMessage
from django.core.exceptions import FieldError
from django.db import DatabaseError, OperationalError, connections, models, router, transaction
from django.db.migrations.executor import MigrationExecutor

from ...errors import AppendOnly
from ..maps import DataMap
from . import filling
from .columns import leaves_one_constant, misfit
from .messages import columns_of, error, lines_with_column, maps_of

BREAKS = "Widen the constraint (nulls, a condition), choose a treatment that leaves different values, or another row fate."
UNFILLED = 'Say which values its constraints allow: examples = {"column": (one, another)} in its DataMap.'
MOVES = "Choose or write a treatment that leaves the same when it is applied again: a retry must change nothing."


class Unfillable(Exception):
    """No made-up row could be inserted; carries the database's last refusal."""


def check(models, registry, alias):
    """Tables that are not there, or lack a column of their model, are left out: they wait for `migrate`."""
    present = _tables(alias)
    for data_map in maps_of(models, registry):
        table = data_map.model._meta.db_table
        if table in present and router.allow_migrate_model(alias, data_map.model) and _is_current(data_map.model, alias):
            yield from {fault.msg: fault for fault in faults(data_map, alias)}.values()


def apps_waiting_for_migrate(alias) -> set[str]:
    """What the database refuses there today, it may allow once it is what the models say."""
    executor = MigrationExecutor(connections[alias])
    return {migration.app_label for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())}


def _tables(alias) -> set[str]:
    with connections[alias].cursor() as cursor:
        return set(connections[alias].introspection.table_names(cursor, include_views=True))


def _is_current(model, alias) -> bool:
    connection = connections[alias]
    with connection.cursor() as cursor:
        there = {column.name for column in connection.introspection.get_table_description(cursor, model._meta.db_table)}
    return {field.column for field in model._meta.local_concrete_fields} <= there


def faults(data_map: type[DataMap], alias) -> Iterator[CheckMessage]:
    for treatments in occasions(data_map):
        for scenario in filling.scenarios(data_map.model, treatments):
            yield from _try(data_map, treatments, scenario, alias)


def occasions(data_map: type[DataMap]) -> list[dict]:
    """Which columns are treated together: one person's, everybody's, a link alone where a name may stay, an expiring value alone."""
    changing = {line.name: line.erase for line, field in lines_with_column(data_map) if _changes(line, field)}
    persons = data_map.person_lines() if data_map.row.stays else []
    together = [[person, *data_map.owned_by(person)] for person in persons]
    together += [[line for lines in together for line in lines]]
    together += [[person] for person in persons if data_map.row.name == "chosen"]
    together += [[line] for line in data_map.lines.values() if line.expires or data_map.rests_on_consent_alone(line)]
    found = ({line.name: changing[line.name] for line in lines if line.name in changing} for lines in together)
    return list({tuple(treatments): treatments for treatments in found if treatments}.values())


def _changes(line, field) -> bool:
    """Treatments that E004 or E005 already refused are not tried."""
    return bool(line.erase) and not line.keeps and not misfit(line.erase, field) and not leaves_one_constant(line.erase, field)


def _try(data_map, treatments, scenario, alias):
    names = ", ".join(f"{name} ({treatment.name})" for name, treatment in treatments.items())
    with rolled_back(alias):
        try:
            rows = _inserted(data_map, treatments, scenario, alias)
        except Unfillable as refusal:
            yield error(10, data_map.model, f"No filled row could be inserted to try its treatments on: {refusal}.", UNFILLED)
            return
        try:
            first, again = _apply(data_map, rows, treatments), _apply(data_map, rows, treatments)
        except (DatabaseError, FieldError, AppendOnly) as refusal:
            yield error(10, data_map.model, f"Treating {names} is refused: {_first_line(refusal)}.", BREAKS)
            return
        for name in [name for name, treatment in treatments.items() if first[name] != again[name]]:
            yield error(12, data_map.model, f"`{treatments[name].name}` changes `{name}` again when it is repeated.", MOVES)


@contextmanager
def rolled_back(alias):
    with transaction.atomic(using=alias):
        yield
        transaction.set_rollback(True, using=alias)


def _inserted(data_map, treatments, scenario, alias) -> models.QuerySet:
    """The two rows, in the database as long as the transaction lasts. Foreign keys lead nowhere: they are only checked at its end."""
    model, manager = data_map.model, data_map.model._base_manager.using(alias)
    refusal = ""
    for way in filling.attempts(model, scenario):
        pair = filling.rows(model, treatments, examples=data_map.examples, **way)
        try:
            with transaction.atomic(using=alias):
                _check_at_once(model, alias)
                manager._insert(pair, fields=filling.fillable(model), using=alias, raw=True)
        except OperationalError:
            raise
        except DatabaseError as refused:
            refusal = _first_line(refused)
        else:
            return manager.filter(pk__in=[row.pk for row in pair])
    raise Unfillable(refusal)


def _check_at_once(model, alias):
    """Unique constraints that wait for the end of the transaction would never be seen to break."""
    deferred = [constraint.name for constraint in model._meta.constraints if getattr(constraint, "deferrable", None)]
    if deferred and connections[alias].vendor == "postgresql":
        with connections[alias].cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {', '.join(map(connections[alias].ops.quote_name, deferred))} IMMEDIATE")


def _apply(data_map, rows, treatments) -> dict:
    """What the treated columns hold afterwards; those that are random by design are left out."""
    fields = columns_of(data_map.model)
    with transaction.atomic(using=rows.db):
        rows.update(**{name: treatment.expression(fields[name]) for name, treatment in treatments.items()})
    in_order = rows.order_by("pk")
    compared = [name for name, treatment in treatments.items() if not treatment.is_random(fields[name])]
    return dict.fromkeys(treatments) | {name: list(in_order.values_list(name, flat=True)) for name in compared}


def _first_line(refusal) -> str:
    return str(refusal).strip().partition("\n")[0].rstrip(".")
