"""How a restriction stands, in words: on hold, waiting for our letter, waiting for its days, for good."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..casework import restricting
from ..casework.requests import DataSubjectRequest
from ..days import today
from ..rights.restriction import NEEDS_NO_NOTICE, Restriction
from .moments import day


@dataclass(frozen=True)
class OnHold:
    """One row; names nobody."""

    row: Restriction
    has_request: bool = False

    @property
    def is_told(self) -> bool:
        return self.row.told_at is not None

    @property
    def may_announce(self) -> bool:
        """Not decided yet; our own promise needs no letter (K-15)."""
        return self.row.announced_at is None and self.row.ground not in NEEDS_NO_NOTICE

    @property
    def may_post(self) -> bool:
        return restricting.waits_for_post(self.row)

    @property
    def may_lift(self) -> bool:
        return self.row.ground in NEEDS_NO_NOTICE or (self.is_told and self.row.may_end_on <= today())

    @property
    def chip(self) -> dict:
        if self.row.announced_at is None:
            kind, icon, text = ("ok", "check", _("stopped for good")) if self.row.upheld_at else ("wait", "pause", _("on hold"))
        elif not self.is_told:
            kind, icon, text = "bad", "alert", _("our letter has not gone out")
        elif self.may_lift:
            kind, icon, text = "info", "check", _("may end now")
        else:
            kind, icon, text = "wait", "clock", _("may end from %(day)s on") % {"day": day(self.row.may_end_on)}
        return {"kind": kind, "icon": icon, "text": text}


def on_hold(rows) -> list[OnHold]:
    """One question for whether their requests are still there."""
    rows = list(rows)
    there = set(DataSubjectRequest.objects.filter(ref__in={row.request_ref for row in rows}).values_list("ref", flat=True))
    return [OnHold(row, row.request_ref in there) for row in rows]
