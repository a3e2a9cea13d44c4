"""Who writes to us without an account: a reference of her own to answer to, and what we hold at her address (Art. 15(1))."""

from datetime import datetime
from typing import NamedTuple

from ..datamap import registry
from ..datamap.maps import DataMap
from ..subjects import CORRESPONDENT, Subject, rows_concerning
from . import follow_up
from .requests import DataSubjectRequest


class Held(NamedTuple):
    """Rows of one table that her address leads to."""

    data_map: type[DataMap]
    rows: int


def open_requests_at(address: str):
    """Of who has no account: at the address that a member had before, nothing of hers is joined."""
    return follow_up.open_requests_at(address).filter(subject_ref__in=Subject.objects.filter(kind=CORRESPONDENT).values("ref"))


def subject_at(address: str) -> Subject:
    """The one who has an open request from this address, else a new one: a reference lives no longer than its requests."""
    ref = open_requests_at(address).values_list("subject_ref", flat=True).first()
    subject = Subject.objects.get(ref=ref) if ref else Subject.objects.create(kind=CORRESPONDENT)
    subject.answered_from = (address,)
    return subject


def held_of(subject: Subject) -> list[Held]:
    """The tables that an address leads into, and how many rows there hers leads to; one that was never confirmed leads nowhere."""
    found = (Held(data_map, rows_concerning(data_map, subject).count()) for data_map in registry.maps.values() if _is_by_value(data_map))
    return [held for held in found if held.rows]


def _is_by_value(data_map) -> bool:
    return any(line.by and line.by not in registry.for_anyone for line in data_map.person_lines())


def forget(now: datetime) -> None:
    """References of which no request is left."""
    gone = Subject.objects.filter(kind=CORRESPONDENT, created_at__lt=now).exclude(ref__in=DataSubjectRequest.objects.values("subject_ref"))
    gone._raw_delete(gone.db)
