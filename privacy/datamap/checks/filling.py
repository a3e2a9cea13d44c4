"""Made-up rows with every column filled, as alike as their constraints allow, for the probe."""

import itertools
import secrets
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from ..constraints import checks, leaves, must_differ, uniques
from ..treatments import TEXT, Province

# Both in one month, which `month` makes equal.
DAYS = (datetime(2020, 3, 10, 9, 41, 27, tzinfo=UTC), datetime(2020, 3, 20, 17, 2, 53, tzinfo=UTC))
EARLIER_AND_LATER = (timedelta(days=-400), timedelta(days=400))
# Random numbers up to here fit every integer column, and those of 16 bits.
HIGHEST, SMALL_HIGHEST = 2_000_000_000, 32_000
SMALL = (models.SmallIntegerField, models.PositiveSmallIntegerField, models.SmallAutoField)
VARIATIONS_AT_MOST = 400
STEP = {"gt": 1, "lt": -1}


def rows(model, treatments: dict, *, examples: dict, fixed: tuple[dict, dict], all_differ=False) -> list[models.Model]:
    """Two rows that differ in the columns to be treated, which alone may make them the same, and where they otherwise could not stand."""
    differing = columns_that_differ(model, treatments, all_differ)
    pair = ({}, {})
    for field in fillable(model):
        values = examples.get(field.name) or _two_values(field, treatments.get(field.name), field.name in differing)
        for row, value_of_row, given in zip(pair, values, fixed, strict=True):
            row[field.attname] = given.get(field.name, value_of_row)
    return [model(**values) for values in pair]


def fillable(model) -> list[models.Field]:
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def columns_that_differ(model, treatments, all_differ) -> set[str]:
    if all_differ:
        return {field.name for field in fillable(model)}
    untouched = [unique for unique in uniques(model) if not unique.depends_on & set(treatments)]
    return set(treatments).union(*(unique.columns for unique in untouched))


def _two_values(field, treatment, differ):
    first, second = value(field, 0, treatment), value(field, 1, treatment)
    return (first, second) if differ else (first, first)


def value(field, which: int, treatment=None):
    """What could stand in this column; `which` is 0 or 1."""
    if field.is_relation:
        return value(field.target_field, which)
    if field.flatchoices:
        return _of(field.flatchoices, which)[0]
    if isinstance(treatment, Province):
        return f"90{which}0 {secrets.token_hex(4)}"[: field.max_length]
    for kind, make in MAKERS.items():
        if isinstance(field, kind):
            return make(field, which)
    return field.get_default()


def _of(values, which):
    return values[which % len(values)]


def _integer(field, which):
    high = min([SMALL_HIGHEST if isinstance(field, SMALL) else HIGHEST, *_limits(field, MaxValueValidator)])
    low = min(high, max([1, *_limits(field, MinValueValidator)]))
    return low + secrets.randbelow(high - low + 1) if must_differ(field) else min(low + which, high)


def _decimal(field, which):
    low = max([Decimal(0), *map(Decimal, _limits(field, MinValueValidator))])
    return low + Decimal(1 + which).scaleb(-(field.decimal_places or 0))


def _limits(field, kind):
    """What validators of this kind allow; those of the database's own range too."""
    limits = [validator.limit_value for validator in field.validators if isinstance(validator, kind)]
    return [limit() if callable(limit) else limit for limit in limits]


def _text(field, which):
    return secrets.token_hex(16)[: field.max_length]


def _address(field, which):
    return f"2001:db8::{which + 1}" if field.protocol.lower() == "ipv6" else f"192.0.2.{which + 1}"


# The first class that fits counts.
MAKERS = {
    models.BooleanField: lambda field, which: which == 0,
    models.IntegerField: _integer,
    models.DecimalField: _decimal,
    models.FloatField: lambda field, which: max([1.0, *_limits(field, MinValueValidator)]) + which,
    models.DateTimeField: lambda field, which: DAYS[which],
    models.DateField: lambda field, which: DAYS[which].date(),
    models.TimeField: lambda field, which: time(9 + which),
    models.DurationField: lambda field, which: timedelta(minutes=1 + which),
    models.UUIDField: lambda field, which: uuid.uuid4(),
    models.GenericIPAddressField: _address,
    models.JSONField: lambda field, which: {"probe": which},
    models.BinaryField: lambda field, which: secrets.token_bytes(8),
    models.EmailField: lambda field, which: f"{secrets.token_hex(8)}@probe.invalid",
    models.URLField: lambda field, which: f"https://probe.invalid/{secrets.token_hex(8)}",
    (*TEXT, models.FileField): _text,
}


def scenarios(model, treatments: dict) -> Iterator[dict]:
    """Values of other columns that make a narrowed unique constraint apply; without them the treatment could pass it by."""
    yield {}
    for condition in (unique.condition for unique in uniques(model) if unique.condition is not None):
        found = {column: _meeting(lookup, operand)[:1] for column, lookup, operand in leaves(condition) if column not in treatments}
        met = {column: values[0] for column, values in found.items() if values}
        if met:
            yield met


def attempts(model, scenario: dict) -> Iterator[dict]:
    """Ways to fill two rows, the likeliest first; random values are drawn anew for each."""
    both = (scenario, scenario)
    yield from [{"fixed": both}, {"fixed": both}, {"fixed": both, "all_differ": True}, {"fixed": both, "all_differ": True}]
    for varied in variations(model):
        yield {"fixed": (scenario | varied, scenario | varied)}
    if scenario:  # there may be only one such row at a time
        yield {"fixed": (scenario, {}), "all_differ": True}


def variations(model) -> Iterator[dict]:
    """Values to try in columns that check constraints bind: alone, then by two."""
    bound = {}
    for column, lookup, operand in itertools.chain.from_iterable(map(leaves, checks(model))):
        bound.setdefault(column, []).extend(_meeting(lookup, operand))
    fields = [field for field in fillable(model) if field.name in bound and not must_differ(field)]
    single = [(field.name, tried) for field in fields for tried in [*bound[field.name], *_others(field)]]
    pairs = (dict(pair) for pair in itertools.combinations(single, 2) if pair[0][0] != pair[1][0])
    yield from itertools.islice(itertools.chain(({name: tried} for name, tried in single), pairs), VARIATIONS_AT_MOST)


def _meeting(lookup, operand) -> list:
    """Values for which the comparison holds."""
    if hasattr(operand, "resolve_expression"):
        return []
    if lookup == "isnull":
        return [None] if operand else []
    if lookup in {"in", "range"}:
        return list(operand)
    return [operand + STEP[lookup]] if lookup in STEP and isinstance(operand, int) else [operand]


def _others(field) -> list:
    """Other values that a check constraint may want: nothing, the default, the other choices, an earlier or later day."""
    others = [None] if field.null else []
    others += [field.get_default()] if field.has_default() else []
    others += [choice for choice, _label in field.flatchoices]
    if isinstance(field, models.DateField):
        others += [value(field, 0) + shift for shift in EARLIER_AND_LATER]
    if isinstance(field, models.BooleanField):
        others += [False]
    if isinstance(field, models.IntegerField):
        others += [0, 5, 10, 100]
    return others + ([""] if isinstance(field, TEXT) else [])
