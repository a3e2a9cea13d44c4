"""What a person must be told beside her data: `processing.json` (Art. 15(1)(a)-(h), 15(2))."""

from django.utils.translation import gettext as _

from ..conf import setting
from ..datamap import Right, Role
from ..datamap.register import time_limits
from ..subjects import Subject
from . import inactivity
from .manifest import Manifest, Part, recipients

# Member of each category -> where the regulation asks for it.
ARTICLES = {
    "purposes": "15(1)(a)",
    "categories": "15(1)(b)",
    "recipients": "15(1)(c)",
    "retention": "15(1)(d)",
    "rights": "15(1)(e)",
    "complaint": "15(1)(f)",
    "source": "15(1)(g)",
    "automated_decisions": "15(1)(h)",
    "transfers": "15(2)",
}


def processing(manifest: Manifest) -> dict:
    """No member of a category is empty (G-21). Recipients by name stand in the manifest too."""
    by_itself = _by_itself(manifest.subject_ref)
    return {
        "articles": ARTICLES,
        "language": manifest.language,
        "controller": setting("CONTROLLER"),
        "dpo": setting("DPO"),
        "recipients": recipients(manifest.subject_ref),
        "categories": [_category(part, by_itself) for part in manifest.parts],
    }


def _by_itself(subject_ref) -> str:
    """By the rule for accounts that nobody uses, of persons of her kind."""
    kind = Subject.objects.filter(ref=subject_ref).values_list("kind", flat=True).first()
    return inactivity.told(kind) if kind else ""


def _category(part: Part, by_itself: str) -> dict:
    activity = part.data_map.activity
    authority = setting("AUTHORITY")
    limits = [*time_limits(part.data_map), *([by_itself] if by_itself and _goes(part) else [])]
    return {
        "record": part.data_map.label(),
        "purposes": {"purpose": activity.purpose, "bases": {basis: basis.label for basis in activity.lawful_bases}},
        "categories": {"title": part.data_map.heading(), "columns": [part.data_map.title(line) for line in part.data_map.personal_lines()]},
        "recipients": [*activity.recipients, _("those named under recipients, each for what it received")],
        "retention": [activity.retention, part.data_map.row.label, *limits],
        "rights": {right: right.label for right in Right},
        "complaint": authority,
        "source": activity.source,
        "automated_decisions": {"decisions": activity.decisions, "derived": _derived(part)},
        "transfers": activity.transfers,
    }


def _goes(part) -> bool:
    """With the account; what is kept has an end of its own."""
    return part.data_map.row.name != "kept"


def _derived(part) -> list:
    """Columns that we worked out ourselves: profiling, where there are any."""
    return [part.data_map.title(line) for line in part.data_map.lines.values() if line.role == Role.INFERRED]


def redactions(manifest: Manifest) -> dict:
    """What of others was left out, where, how often and why: a refusal in part, never of the whole (Art. 15(4), G-27)."""
    return {"article": "15(4)", "redactions": [redaction for part in manifest.parts for redaction in _redactions(part)]}


def _redactions(part):
    named = {"record": part.data_map.label(), "title": part.data_map.heading()}
    return [named | masked for masked in part.redactions()]
