"""How a check speaks: the message states the defect, the hint states the repair."""

from collections.abc import Iterable, Iterator

from django.core.checks import Error, Warning

from ..maps import DataMap, Registry


def error(number: int, about, defect: str, repair: str) -> Error:
    return Error(defect, hint=repair, obj=about, id=f"privacy.E{number:03}")


def warning(number: int, about, defect: str, repair: str) -> Warning:
    return Warning(defect, hint=repair, obj=about, id=f"privacy.W{number:03}")


def maps_of(models: Iterable[type], registry: Registry) -> Iterator[type[DataMap]]:
    return (registry.maps[model] for model in models if model in registry.maps)


def columns_of(model) -> dict:
    """Name -> field of each column that this table itself has; a child's inherited columns stand in its parent's map."""
    return {field.name: field for field in model._meta.local_concrete_fields}


def lines_with_column(data_map: type[DataMap]) -> list:
    """(line, field) of each line that has a column; the others are E003."""
    columns = columns_of(data_map.model)
    return [(line, columns[line.name]) for line in data_map.lines.values() if line.name in columns]


def is_empty(text) -> bool:
    return not str(text).strip()
