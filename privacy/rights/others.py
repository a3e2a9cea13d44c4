"""What of a row with two people is the other's, and so left out of her archive (Art. 15(4), 20(4))."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..datamap import Role
from ..datamap.lines import Line
from ..datamap.maps import DataMap
from ..subjects import Subject, condition
from .manifest import Part
from .portability import Kind, Scope

LEADS_TO_ANOTHER = _("It leads to somebody else, whose rights count too (Art. 15(4)).")
ANOTHERS = _("It is about somebody else alone, whose rights count too (Art. 15(4)).")
NOT_PROVIDED = _("Somebody else gave it: only what you gave yourself goes along to another platform (Art. 20(1), 20(4)).")
# Of somebody who signed in; anything else names a role (privacy.evidence.trail.is_reference).
REFERENCE = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


@dataclass(frozen=True)
class Mask:
    """`shown`: the rows in which the column is hers to see; in all others it is null, for this reason."""

    shown: Q
    reason: Promise


def masks(data_map: type[DataMap], lines: list[Line], subject: Subject, scope: Scope) -> dict[str, Mask]:
    """Column -> mask. Of a row with one person only who else did something has one."""
    people = {line.name: condition(data_map, line, subject) for line in data_map.person_lines()}
    found = {line.name: _acting(line, subject) or (_mask(line, people, scope) if len(people) > 1 else None) for line in lines}
    return {column: mask for column, mask in found.items() if mask}


def rows_shown(part: Part, column: str, subject: Subject, scope: Scope) -> QuerySet:
    """Her rows of which this column is hers to see."""
    rows = scope.rows(part.data_map, subject).order_by()
    mask = masks(part.data_map, part.lines, subject, scope).get(column)
    return rows.filter(mask.shown) if mask else rows


def _acting(line, subject) -> Mask | None:
    hers = Q(**{line.name: str(subject.ref)})
    return Mask(hers | ~Q(**{f"{line.name}__iregex": REFERENCE}), LEADS_TO_ANOTHER) if line.actor else None


def _mask(line, people, scope) -> Mask | None:
    if line.role == Role.PERSON:
        return Mask(people[line.name], LEADS_TO_ANOTHER)
    if not line.belongs_to:
        return None
    if line.private:
        return Mask(people[line.belongs_to], ANOTHERS)
    return Mask(people[line.belongs_to], NOT_PROVIDED) if scope.kind is Kind.PORTABLE else None
