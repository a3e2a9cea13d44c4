"""What an erasure does here, for a data protection officer: when, to what, and what is not erased; from the data map and the steps."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..casework.cases import in_order
from ..conf import setting
from ..datamap import registry
from ..datamap.maps import DataMap
from ..rights.erasure import CHOICES, plan
from . import wording


def as_markdown() -> str:
    """In the language of the moment."""
    parts = [
        (_("What happens when"), _table([_("When"), _("What happens")], moments())),
        (_("Step by step"), "\n".join(f"{number}. {said}" for number, said in enumerate(steps(), 1))),
        (_("What becomes of the data"), _table([_("Data"), _("What becomes of them"), _("What stays in them, and why")], fates())),
        (_("What is kept whole"), _table([_("Data"), _("On which ground"), _("Until when")], kept())),
        (_("What lies outside the database"), _table([_("Where"), _("What"), _("What erases it")], elsewhere())),
    ]
    return "\n".join(f"### {title}\n\n{text}\n" for title, text in parts)


def moments() -> Iterator[tuple[str, str]]:
    """In days from the request, as the settings say."""
    grace, months = setting("ERASURE_GRACE_DAYS"), _("a month after the request at the latest")
    yield _("at once"), _("Nobody sees the person any more: name, pages and publications are hidden, sessions and partners' access end.")
    yield _("for %(days)s days") % {"days": grace}, _("The person can go back with one click; everything is visible again.")
    yield _("after %(days)s days") % {"days": grace}, _("A worker erases, step by step; what it began it ends.")
    yield _("up to 7 days more"), _("Recipients are told; who cannot be reached is noted with the proof of it.")
    yield months, _("The person gets the answer: what went, what stays and why, with a signed certificate of it.")
    backups = {"days": setting("BACKUP_DAYS")}
    yield _("%(days)s days after the erasure") % backups, _("The last backup that may still hold the data expires.")


def steps() -> Iterator[str]:
    """In the words that the person reads."""
    return (wording.step(definition.name) for definition in in_order(plan))


def fates() -> Iterator[tuple[str, str, str]]:
    for data_map in _by_title():
        if data_map.row.name != "kept":
            yield _title(data_map), _fate(data_map), "; ".join(_stays(data_map))


def kept() -> Iterator[tuple[str, str, str]]:
    for data_map in _by_title():
        if data_map.row.name == "kept":
            yield _title(data_map), str(data_map.row.ground.label), str(data_map.row.until)


def elsewhere() -> Iterator[tuple[str, str, str]]:
    return ((capfirst(str(held.name)), str(held.what), str(held.erased_by)) for held in registry.elsewhere)


def _by_title() -> list[type[DataMap]]:
    return sorted(registry.maps.values(), key=_title)


def _title(data_map) -> str:
    return capfirst(str(data_map.heading()))


def _fate(data_map) -> str:
    if data_map.row.name == "chosen":
        return "{}: {}".format(data_map.row.label, ", ".join(map(str, CHOICES.values())))
    return str(data_map.row.label)


def _stays(data_map) -> Iterator[str]:
    """Columns that keep their value, each with its reason; those with the same reason together."""
    reasons: dict[str, list[str]] = {}
    for line in data_map.lines.values():
        if line.keeps:
            reasons.setdefault(str(line.erase.reason), []).append(str(data_map.title(line)))
    return (f"{', '.join(titles)} ({reason})" for reason, titles in reasons.items())


def _table(head, rows) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| {} |".format(" | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line)) for line in lines)
