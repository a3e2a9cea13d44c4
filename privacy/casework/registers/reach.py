"""Whom a breach reaches and how much of them: read from the data map for the uses it touched, never typed (Art. 33(3)(a), 34(1))."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from ...datamap import registry
from ...datamap.maps import DataMap
from ...evidence.recipients import Disclosure, Recipient
from ...subjects import NOTHING, Subject, condition, path_to_ref
from .breaches import BreachPhase


@dataclass(frozen=True)
class Reach:
    """Everybody with data in these activities; only the named ones where there are any. Hidden and restricted people count too."""

    activities: tuple[str, ...]
    refs: tuple = ()

    def people(self) -> QuerySet[Subject]:
        if self.refs:
            return Subject.objects.filter(pk__in=self.refs)
        found = Q(NOTHING)
        for data_map in self._maps():
            for path in _paths(data_map):
                found |= Q(pk__in=data_map.model._base_manager.filter(**{f"{path}__isnull": False}).values(path))
        return Subject.objects.filter(found)

    def persons(self) -> int:
        return self.people().count()

    def records(self) -> int:
        """Rows that concern somebody; where one is found by an address, all of the table, unless people are named."""
        people = list(self.people()) if self.refs else []
        rows = (_of_these(data_map, people) if self.refs else _of_somebody(data_map) for data_map in self._maps())
        return sum(each.count() for each in rows)

    def recipients(self) -> QuerySet[Recipient]:
        """Whoever received data of these people; an authority is told in its own way."""
        got = Disclosure.objects.filter(recipient=OuterRef("pk"), subject_ref__in=self.people().values("pk"))
        return Recipient.objects.exclude(kind=Recipient.Kind.AUTHORITY).filter(Exists(got)).order_by("name")

    def _maps(self) -> list[type[DataMap]]:
        return [data_map for data_map in registry.maps.values() if data_map.activity.slug in self.activities and data_map.person_lines()]


def of(phase: BreachPhase) -> Reach:
    return Reach(tuple(phase.activities), tuple(phase.named.order_by("pk").values_list("subject_ref", flat=True)))


def _paths(data_map) -> list[str]:
    return [path for line in data_map.person_lines() if (path := path_to_ref(data_map, line))]


def _of_somebody(data_map):
    paths, rows = _paths(data_map), data_map.model._base_manager.all()
    if len(paths) < len(data_map.person_lines()):
        return rows
    somebody = Q(NOTHING)
    for path in paths:
        somebody |= Q(**{f"{path}__isnull": False})
    return rows.filter(somebody)


def _of_these(data_map, people: list[Subject]):
    """Of these people, in one statement; a row of two of them counts once."""
    refs, these = [subject.pk for subject in people], Q(NOTHING)
    for line in data_map.person_lines():
        if path := path_to_ref(data_map, line):
            these |= Q(**{f"{path}__in": refs})
        else:
            for subject in people:
                these |= condition(data_map, line, subject)
    return data_map.model._base_manager.filter(these)
