"""What an act did, read from its ledger for letters and pages: counts and reasons, never values."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..datamap import registry
from ..evidence.recipients import Notice
from ..rights.holds import HeldRecord, title_of
from ..rights.preview import Category, is_fate
from ..rights.rectification import Rectification
from ..rights.statements import Statement

State = Notice.State


@dataclass(frozen=True)
class Kept:
    """What stays of one activity, with its ground and end."""

    title: str
    rows: int
    reason: str
    until: str


@dataclass(frozen=True)
class Outcome:
    """`treated`: one Category per table and fate; `told`, `being_told` and `not_reached`: recipients by name.

    `corrected`: a value was; `stated`: what she wrote then still stands beside a value.
    """

    treated: list[Category]
    kept: list[Kept]
    told: list[str]
    being_told: list[str]
    not_reached: list[str]
    corrected: bool = False
    stated: bool = False


def of(request) -> Outcome:
    found = list(categories(request))
    return Outcome(
        treated=[category for category in found if category.fate != "kept"],
        kept=[*_by_activity([category for category in found if category.fate == "kept"]), *_held(request)],
        told=_recipients(request, State.DELIVERED, State.ACKNOWLEDGED),
        being_told=_recipients(request, State.QUEUED),
        not_reached=_recipients(request, State.IMPOSSIBLE),
        corrected=Rectification.objects.filter(subject_ref=request.subject_ref, request_ref=request.ref).exists(),
        stated=Statement.objects.beside_values().filter(request_ref=request.ref).exists(),
    )


def uses(slugs) -> list[str]:
    """By their titles; one that is declared no longer by its code."""
    titles = {activity.slug: str(activity.heading) for activity in registry.activities()}
    return [titles.get(slug, slug) for slug in slugs]


def _recipients(request, *states) -> list[str]:
    return sorted(Notice.objects.filter(request_ref=request.ref, state__in=states).values_list("recipient__name", flat=True))


def categories(request) -> Iterator[Category]:
    """From the counts in the ledger: "usage.Score anonymised": 3, added up where several steps treated rows of one table alike.

    Steps may count other things too, such as what was handed out.
    """
    counts = Counter()
    for step in request.run.steps.all() if hasattr(request, "run") else ():
        counts.update(step.counts)
    for what, rows in counts.items():
        label, _space, fate = what.partition(" ")
        data_map = registry.labelled(label)
        if data_map and is_fate(fate):
            yield Category(data_map, fate, rows)


def _held(request) -> list[Kept]:
    """What was set aside and is still there: one entry per hold."""
    records = HeldRecord.objects.filter(request_ref=request.ref).defer("sealed").order_by("hold_ref", "part")
    return [_of_hold(list(parts)) for _ref, parts in groupby(records, key=lambda record: record.hold_ref)]


def _of_hold(parts) -> Kept:
    held, rows = parts[0], sum(part.rows for part in parts)
    reason = _("set aside, sealed: %(ground)s. %(why)s") % {"ground": held.get_ground_display(), "why": held.why.rstrip(". ")}
    until = _("until %(day)s") % {"day": date_format(held.until, "DATE_FORMAT")}
    return Kept(title_of(held.record), rows, reason, until)


def _by_activity(kept: list[Category]) -> list[Kept]:
    rows = Counter()
    for category in kept:
        rows[category.data_map.activity.heading, category.reason, category.until] += category.rows
    return [Kept(title, count, reason, until) for (title, reason, until), count in rows.items()]
