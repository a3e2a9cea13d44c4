"""What an archive that somebody brings may fill in: E020, W006."""

from django.db import models as fields

from ..vocabulary import Role
from .messages import columns_of, error, is_empty, maps_of, warning

# What a person can have given or done; who she is, and whether it is really she, no archive says.
MAY_ARRIVE = {Role.PROVIDED, Role.OBSERVED}


def columns_that_may_not_arrive(models, registry):
    """What opens an account is `secret` or leads to the person, and may never come with an archive."""
    for data_map in maps_of(models, registry):
        columns = columns_of(data_map.model)
        for name in data_map.arrives:
            defect, repair = _fault(data_map, columns.get(name), data_map.lines.get(name), registry)
            if defect:
                yield error(20, data_map.model, f"`{name}` cannot arrive: {defect}.", repair)
        if data_map.arrives and not _has_one_owner(data_map):
            repair = "Write stays=... with the reason: a row of two people, or one found by a value, is not hers to bring."
            yield error(20, data_map.model, "Its rows arrive, and no key says whose they become.", repair)


def _fault(data_map, column, line, registry):
    if column is None or line is None:
        return "no column and line has this name", "Correct the name in arrives=."
    leads = line.role == Role.PERSON and line.via
    if not leads and (line.role not in MAY_ARRIVE or line.is_secret):
        return "it is neither provided nor observed", "Leave it out of arrives=."
    if data_map.model in registry.roots and not (line.rectify or isinstance(column, fields.FileField)):
        return "a person may not correct it herself", "Leave it out of arrives=, or write rectify=True."
    if column.is_relation and not _is_found_here(column.related_model, registry):
        return "nothing says how its target is known here", "Write known_by=(...) with no_personal_data() of its target, or arrives= there."
    return "", ""


def _is_found_here(target, registry) -> bool:
    """By its words, or because it arrives too."""
    return bool(registry.known_by.get(target) or (target in registry.maps and registry.maps[target].arrives))


def _has_one_owner(data_map) -> bool:
    return len(data_map.person_lines()) == 1 and not data_map.person_lines()[0].by


def silent_about_arrival(models, registry):
    for data_map in maps_of(models, registry):
        is_portable = data_map.row.name != "kept" and data_map.portable_lines()
        if is_portable and bool(data_map.arrives) == (not is_empty(data_map.stays)):
            repair = (
                'Write arrives=("column", ...) for what may come in with an archive, or stays=_("...") with the reason why nothing may.'
            )
            yield warning(6, data_map.model, "Nothing says whether an archive may bring its rows.", repair)


CHECKS = [columns_that_may_not_arrive, silent_about_arrival]
