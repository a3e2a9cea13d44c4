"""The holds that run, as the desk reads them: what waits for an erasure, and what one set aside."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Sum

from ..datamap import KeepGround
from ..days import today
from ..rights import holds
from ..rights.holds import HeldRecord, Hold

TERMS = ("subject_ref", "record", "ground", "why", "until", "review_on", "placed_at", "request_ref", "rows", "parts")


@dataclass(frozen=True)
class Standing:
    """One hold that runs; with `parts`, what it set aside."""

    ref: UUID
    subject_ref: UUID
    record: str
    ground: str
    why: str
    until: date
    review_on: date
    placed_at: object
    request_ref: str = ""
    rows: int = 0
    parts: int = 0

    @property
    def code(self) -> str:
        return holds.code_of(self.ref)

    @property
    def title(self) -> str:
        return holds.title_of(self.record)

    @property
    def ground_in_words(self) -> str:
        return KeepGround(self.ground).label

    @property
    def is_due(self) -> bool:
        return self.review_on <= today()


def standing(**only) -> list[Standing]:
    """Two statements, however many there are; what is to be looked at first comes first."""
    placed = Hold.objects.filter(**{"pk" if name == "ref" else name: value for name, value in only.items()})
    kept = HeldRecord.objects.filter(**{"hold_ref" if name == "ref" else name: value for name, value in only.items()})
    grouped = kept.order_by().values(*TERMS[:-2], ref=F("hold_ref")).annotate(rows=Sum("rows"), parts=Count("pk"))
    found = [*placed.values("ref", *TERMS[:-3]), *grouped]
    return sorted((Standing(**terms) for terms in found), key=lambda hold: (hold.review_on, str(hold.ref)))
