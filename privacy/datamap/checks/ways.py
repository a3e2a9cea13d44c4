"""Ways that lead to a person: E006, E007, E011, E014, E016, E018, E023."""

import re
from collections import deque
from pathlib import Path

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models as fields

from ..constraints import columns_of as columns_of_index
from ..maps import DataMap, Line, Registry
from ..maps import registry as declared
from ..vocabulary import Role
from .messages import columns_of, error, lines_with_column, maps_of

# What a column that holds somebody's key is called, beside the names of the roots.
PERSON_NAMES = {"user", "subject", "person"}
KEY_NAMES = "id|pk|ref|key|uuid"
HOLDS_TEXT = (fields.CharField, fields.TextField)
HOLDS_KEY = (fields.IntegerField, fields.UUIDField)
# Rows that may go with their person, and then leave a key to them dangling.
GO = {"deleted", "counted", "chosen", "shared"}


def roots_of(registry: Registry) -> set[type]:
    """Tables with one row per person."""
    return {model._meta.concrete_model for model in registry.roots} | {apps.get_model("privacy", "Subject")}


def target_of(field) -> type | None:
    """The table that this column points at."""
    model = field.related_model if field.concrete and field.is_relation else None
    return model._meta.concrete_model if isinstance(model, type) else None


def path_to(model, roots: set[type]) -> str:
    """The shortest path of foreign keys to a root, as `folder__member`; empty where there is none."""
    pending, seen = deque([(model, "")]), {model}
    while pending:
        current, path = pending.popleft()
        for field in current._meta.local_concrete_fields:
            target = target_of(field)
            if target in roots:
                return path + field.name
            if target is not None and target not in seen:
                seen.add(target)
                pending.append((target, f"{path}{field.name}__"))
    return ""


def missing_person_lines(models, registry):
    roots = roots_of(registry)
    for model in models:
        data_map = registry.map_of(model)
        if (data_map and data_map.person_lines()) or not (data_map or model in registry.exempt):
            continue
        path = path_to(model, roots)
        if path:
            first = path.partition("__")[0]
            line = "person()" if first == path else f'person(via="{path}")'
            yield error(
                6, model, f"It leads to a person along `{path}`, and has no person line.", f"Write {first} = {line} in its DataMap."
            )


def person_lines_that_lead_nowhere(models, registry):
    roots = roots_of(registry)
    for data_map in maps_of(models, registry):
        for line, _field in lines_with_column(data_map):
            why = _way_fault(data_map, line, registry, roots) if line.role == Role.PERSON else ""
            if why:
                repair = "Point it at a root (subject_root), follow a path with via=, or match a value with by= and a registered matcher."
                yield error(7, data_map.model, f"Person line `{line.name}` leads to no person: {why}.", repair)


def _way_fault(data_map: type[DataMap], line: Line, registry, roots) -> str:
    path = line.via or line.name
    if path.partition("__")[0] != line.name:
        return f"the path `{path}` does not begin with its own column"
    try:
        *_way, last = _fields_along(data_map.model, path)
    except FieldDoesNotExist:
        return f"there is no path `{path}` of foreign keys"
    if not last.concrete:
        return f"`{path}` ends at no column"
    if line.by:
        return "" if line.by in registry.matchers else f"no matcher is called `{line.by}`"
    if target_of(last) not in roots:
        return f"`{path}` ends at no root"
    return "" if last.target_field.primary_key else f"`{path}` points at `{last.target_field.name}`, not at the primary key"


def _fields_along(model, path):
    for name in path.split("__"):
        if model is None:
            raise FieldDoesNotExist
        field = model._meta.get_field(name)
        yield field
        model = target_of(field)


def undeclared_references(models, registry):
    """Whatever its on_delete, with or without a constraint in the database: erasure would not find it, or fail on it."""
    roots = roots_of(registry)
    names = _key_names(registry)
    for model in models:
        data_map = registry.map_of(model)
        if data_map is None and model not in registry.exempt:
            continue
        lines = data_map.lines if data_map else {}
        generic = {field.fk_field for field in model._meta.private_fields if hasattr(field, "fk_field")}
        for name, field in columns_of(model).items():
            role = lines[name].role if name in lines else Role.NOT_PERSONAL
            why = _reference(field, role, roots, generic, names)
            if why:
                repair = f"Write {name} = person(), or person(by=...) with a matcher; or rename a column that holds no key of a person."
                yield error(11, model, f"`{name}` can hold a person's key ({why}) and is no person line.", repair)


def _reference(field, role, roots, generic, names) -> str:
    """What kind of reference this is; empty where it is none, or declared."""
    if role != Role.PERSON and target_of(field) in roots:
        return f"it points at {target_of(field)._meta.label}"
    if role != Role.NOT_PERSONAL or field.is_relation:
        return ""
    if field.name in generic:
        return "a generic foreign key points at any table"
    exact, with_suffix = names
    by_name = with_suffix.search(field.name) and isinstance(field, HOLDS_TEXT + HOLDS_KEY)
    return "by its name" if by_name or (exact.search(field.name) and isinstance(field, HOLDS_KEY)) else ""


def keys_that_would_dangle(models, registry):
    """A key to a row that goes with its person, in a row that her erasure does not find, would stop it for ever. E006, E007 come first."""
    roots = roots_of(registry)
    for model in models:
        data_map = registry.map_of(model)
        has_person = bool(data_map and data_map.person_lines())
        if not has_person and (path_to(model, roots) or not (data_map or model in registry.exempt)):
            continue
        for name, field in columns_of(model).items():
            goes = registry.maps.get(target_of(field))
            if goes and goes.model not in roots and goes.row.name in GO and not _follows(data_map, name, goes, registry):
                defect = f"`{name}` points at {goes.label()}, whose rows go with their person, and is no person line along it."
                yield error(18, model, defect, f"Write {_person_along(name, goes)} in its DataMap.")


def _follows(data_map, name, goes, registry) -> bool:
    """This key's line finds a row by one of the ways in which the row that it points at is found."""
    ways = {(f"{name}__{other.via or other.name}", other.by) for other in goes.person_lines()}
    line = data_map.lines.get(name) if data_map else None
    if line is None or line.role != Role.PERSON:
        return not ways or bool(line and line.of_same_person)
    return (line.via, line.by) in ways or bool(_way_fault(data_map, line, registry, roots_of(registry)))


def _person_along(name, goes) -> str:
    line = goes.person_lines()[0]
    by = f', by="{line.by}"' if line.by else ""
    return f'{name} = person(via="{name}__{line.via or line.name}"{by})'


def _key_names(registry) -> tuple[re.Pattern, re.Pattern]:
    names = PERSON_NAMES | set(registry.roots.values()) | {model._meta.model_name for model in registry.roots}
    either = "|".join(sorted(map(re.escape, names)))
    return re.compile(rf"^({either})$"), re.compile(rf"(^|_)({either})_?({KEY_NAMES})$")


def unindexed_person_lines(models, registry):
    for data_map in maps_of(models, registry):
        indexed = _indexed(data_map.model)
        for line, _field in lines_with_column(data_map):
            if line.role == Role.PERSON and line.name not in indexed:
                repair = "Write db_index=True, or an index or unique constraint without condition that begins with it."
                yield error(
                    14, data_map.model, f"Person line `{line.name}` has no index: every request would read the whole table.", repair
                )


def _indexed(model) -> set[str]:
    """Columns with which an index over all rows begins."""
    own = {field.name for field in model._meta.local_concrete_fields if field.db_index or field.unique}
    together = {columns[0] for columns in model._meta.unique_together}
    unique = [constraint for constraint in model._meta.constraints if isinstance(constraint, fields.UniqueConstraint)]
    whole = [columns_of_index(index) for index in [*model._meta.indexes, *unique] if index.condition is None]
    return own | together | {columns[0] for columns in whole if columns}


def managers_that_show_hidden_people(models, registry):
    roots = roots_of(registry)
    for data_map in maps_of(models, registry):
        model, led = data_map.model, any(not line.by for line in data_map.person_lines())
        if not led or model in roots or model._meta.auto_created or _is_third_party(model):
            continue
        if not getattr(model._default_manager, "leaves_out_hidden", False):
            defect = "Its default manager shows rows of people who asked to be erased."
            yield error(16, model, defect, "Write objects = UsableManager() (privacy.subjects) as its first manager.")


def managers_that_let_restricted_data_change(models, registry):
    """Every default manager beside the one of the engine: what it leaves out, what it refuses, and what a root offers pages."""
    for data_map in maps_of(models, registry):
        model, manager = data_map.model, data_map.model._default_manager
        is_root = model in registry.roots
        if not is_root and not getattr(manager, "leaves_out_hidden", False):
            continue
        if not getattr(manager.all(), "refuses_restricted", False):
            defect = "Its default manager changes data of people who had them restricted."
            base = "RootQuerySet" if is_root else "UsableManager.from_queryset"
            yield error(23, model, defect, f"Make its querysets from {base} (privacy.subjects).")
        elif is_root and not hasattr(manager, "usable"):
            yield error(23, model, "It offers pages no way to leave out restricted people.", "Give its manager usable() (RootQuerySet).")
        elif registry is declared and not is_root and not _leaves_out_restricted(model, data_map):
            defect = "Its default manager shows rows of people who had their use restricted."
            yield error(23, model, defect, "Call super().get_queryset() in its manager (UsableManager).")


def _leaves_out_restricted(model, data_map) -> bool:
    """Shared and published rows stay, and rows of a use that goes on; of any other the query asks the person."""
    stays = data_map.row.name in {"shared", "chosen"} or data_map.activity.goes_on
    return bool(stays) or "restricted_uses" in str(model._default_manager.all().query)


def _is_third_party(model) -> bool:
    config = model._meta.app_config
    return config is not None and bool({"site-packages", "dist-packages"} & set(Path(config.path).parts))


CHECKS = [
    missing_person_lines,
    person_lines_that_lead_nowhere,
    undeclared_references,
    keys_that_would_dangle,
    unindexed_person_lines,
    managers_that_show_hidden_people,
    managers_that_let_restricted_data_change,
]
