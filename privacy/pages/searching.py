"""What a person seeks in a table: kept in her session, since an address is written down in places that she cannot see."""

import re
from collections.abc import Iterator
from itertools import chain

from django.db import connections, models
from django.db.models import Q, QuerySet

from ..datamap import Role, registry
from ..datamap.maps import DataMap
from .codes import is_code
from .columns import Column

SESSION_KEY = "privacy.sought"
# Characters.
LONGEST = 200
# Steps from the table: what a row points at, and what that points at (a partner, and its name).
FAR = 2
TEXTS = (models.CharField, models.TextField, models.GenericIPAddressField)


def sought_in(request, data_map: type[DataMap]) -> str:
    """The term, or "" where she seeks nothing."""
    return request.session.get(SESSION_KEY, {}).get(data_map.label(), "")


def seek(request, data_map: type[DataMap], term: str) -> None:
    """Empty text ends the search."""
    terms = {**request.session.get(SESSION_KEY, {}), data_map.label(): term.strip()[:LONGEST]}
    request.session[SESSION_KEY] = {label: text for label, text in terms.items() if text}


def titles(columns: list[Column]) -> list[str]:
    """Of the columns in which a search looks."""
    return [column.title for column in columns if any(True for _place in _places(column))]


def matching(rows: QuerySet, columns: list[Column], term: str) -> QuerySet:
    """Rows that say this in a text, in what they point at, or by the name of a choice; capitals do not matter, every sign means itself."""
    if "\0" in term:  # PostgreSQL can neither hold one nor be asked for one
        return rows.none()
    found = Q(pk__in=[])
    for place, names in chain.from_iterable(map(_places, columns)):
        found |= _says(place, term, connections[rows.db].vendor) if names is None else _is_named(place, names, term)
    return rows.filter(found)


def _places(column) -> Iterator[tuple[str, dict | None]]:
    """Paths to texts, with the names of the choices where they are codes of a field. Who somebody else is cannot be sought (Art. 15(4))."""
    if column.is_somebody:
        return
    if column.path:
        yield from ((place, None) for place in _texts_at_the_end(column.field, column.path))
    elif column.field.flatchoices:
        yield column.name, dict(column.field.flatchoices)
    elif isinstance(column.field, TEXTS) and not is_code(column.field):
        yield column.name, None


def _texts_at_the_end(field, path):
    model = field.related_model
    for name in path[1:]:
        model = model._meta.get_field(name).related_model
    return _texts(model, "__".join(path), FAR)


def _texts(model, path, far) -> Iterator[str]:
    """Of a table that is declared only what access hands out; of one without personal data all, and what it points at in turn."""
    data_map = registry.map_of(model)
    if data_map:
        said = [data_map.field(line) for line in data_map.accessible_lines() if line.role not in {Role.PERSON, Role.NOT_PERSONAL}]
        yield from (f"{path}__{field.name}" for field in said if isinstance(field, TEXTS))
        return
    for field in model._meta.concrete_fields:
        if isinstance(field, TEXTS):
            yield f"{path}__{field.name}"
        elif far > 1 and field.is_relation and field.related_model in registry.exempt:
            yield from _texts(field.related_model, f"{path}__{field.name}", far - 1)


def _says(place, term, vendor) -> Q:
    """SQLite's own comparison knows no capitals but A to Z (test_capitals_with_accents_do_not_matter)."""
    return Q(**{f"{place}__iregex": re.escape(term)} if vendor == "sqlite" else {f"{place}__icontains": term})


def _is_named(place, names, term) -> Q:
    return Q(**{f"{place}__in": [code for code, name in names.items() if term.lower() in str(name).lower()]})
