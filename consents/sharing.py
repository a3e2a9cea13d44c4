"""What one partner got of a person: each field with its first and last time, and every release (Art. 15(1)(c), K-10)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min

from privacy.evidence.recipients import Disclosure, Span

from .attributes import title_of


@dataclass
class SharedField(Span):
    """Of one account field, all releases together."""

    name: str

    @property
    def title(self) -> str:
        return title_of(self.name)


@dataclass(frozen=True)
class Release:
    """One moment, and what was handed over."""

    at: datetime
    titles: list[str]


def shared_fields(subject, partner) -> list[SharedField]:
    """One statement: releases are many, those that differ are few. Most often first."""
    alike = _releases(subject, partner).order_by().values_list("attributes").annotate(Count("pk"), Min("at"), Max("at"))
    fields: dict[str, SharedField] = {}
    for names, *release in alike:
        for name in names:
            fields.setdefault(name, SharedField(name)).widen(*release)
    return sorted(fields.values(), key=lambda each: (-each.times, each.title))


class Releases:
    """Newest first; a list of which a page is read, for django.core.paginator."""

    def __init__(self, subject, partner):
        self._rows = _releases(subject, partner).order_by("-at", "-pk")

    def count(self) -> int:
        return self._rows.count()

    def __getitem__(self, window: slice) -> list[Release]:
        rows = self._rows.values_list("at", "attributes")[window]
        return [Release(at, sorted(title_of(name) for name in names)) for at, names in rows]


def _releases(subject, partner):
    return Disclosure.objects.filter(subject_ref=subject.ref, recipient=partner.recipient_id)
