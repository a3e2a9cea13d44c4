"""What an act did, read from its ledger for letters and pages: counts and reasons, never values."""

from collections import Counter
from dataclasses import dataclass

from ..datamap import registry
from ..evidence.recipients import Notice
from ..rights.preview import Category


@dataclass(frozen=True)
class Kept:
    """What stays for one purpose, with its ground and end."""

    purpose: str
    rows: int
    reason: str
    until: str


@dataclass(frozen=True)
class Outcome:
    """`treated`: one Category per table and fate; `told` and `not_reached`: recipients by name."""

    treated: list[Category]
    kept: list[Kept]
    told: list[str]
    not_reached: list[str]


def of(request) -> Outcome:
    categories = list(_categories(request))
    notices = Notice.objects.filter(request_ref=request.ref).select_related("recipient")
    unreached = Notice.State.IMPOSSIBLE
    return Outcome(
        treated=[category for category in categories if category.fate != "kept"],
        kept=_by_purpose([category for category in categories if category.fate == "kept"]),
        told=sorted(notice.recipient.name for notice in notices if notice.state != unreached),
        not_reached=sorted(notice.recipient.name for notice in notices if notice.state == unreached),
    )


def _categories(request):
    """From the counts in the ledger: "usage.Score anonymised": 3."""
    steps = request.run.steps.all() if hasattr(request, "run") else ()
    for step in steps:
        for what, rows in step.counts.items():
            label, _space, fate = what.partition(" ")
            if data_map := registry.labelled(label):
                yield Category(data_map, fate, rows)


def _by_purpose(kept: list[Category]) -> list[Kept]:
    rows = Counter()
    for category in kept:
        rows[category.data_map.activity.purpose, category.reason, category.until] += category.rows
    return [Kept(purpose, count, reason, until) for (purpose, reason, until), count in rows.items()]
