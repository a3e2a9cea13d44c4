"""What an act did, read from its ledger for letters and pages: counts and reasons, never values."""

from dataclasses import dataclass

from django.apps import apps

from ..datamap import registry
from ..evidence.recipients import Notice
from ..rights.preview import Category


@dataclass(frozen=True)
class Outcome:
    """`categories`: what was treated; `kept`: what stays, with ground and end; `told` and `not_reached`: recipients by name."""

    categories: list[Category]
    kept: list[Category]
    told: list[str]
    not_reached: list[str]


def of(request) -> Outcome:
    notices = Notice.objects.filter(request_ref=request.ref).select_related("recipient")
    unreached = Notice.State.IMPOSSIBLE
    return Outcome(
        categories=list(_treated(request)),
        kept=list(_kept()) if request.right == "erasure" else [],
        told=sorted(notice.recipient.name for notice in notices if notice.state != unreached),
        not_reached=sorted(notice.recipient.name for notice in notices if notice.state == unreached),
    )


def _treated(request):
    """One Category per table and fate, from the counts in the ledger ("usage.Score anonymised": 3)."""
    steps = request.run.steps.all() if hasattr(request, "run") else ()
    for step in steps:
        for what, rows in step.counts.items():
            label, _space, fate = what.partition(" ")
            data_map = registry.maps.get(apps.all_models.get(label.split(".")[0], {}).get(label.split(".")[-1].lower()))
            if data_map is not None:
                yield Category(data_map, fate, rows)


def _kept():
    """Tables that stay by declaration; whether this person has rows there can no longer be asked."""
    return [Category(data_map, "kept", 0) for data_map in registry.maps.values() if data_map.row.name == "kept"]
