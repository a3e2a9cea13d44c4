"""What a search after an erasure found, as the desk reads it: by whose text it stands in, what needs a decision first."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..evidence.judging import map_of_table
from ..evidence.residue import Kind, ResidueFinding, ResidueScan

# Kind -> chip, icon, and what it asks of who reads it.
KINDS = {
    Kind.REMAINS: ("bad", "alert", _("This has to go. Take it away where it stands; the search is repeated by itself.")),
    Kind.UNREAD: ("wait", "alert", _("We could not read it, so we do not know. Let somebody read it who may, then search again.")),
    Kind.ANOTHERS: ("wait", "user", _("Somebody else wrote it. You judge whether it may stay; we do not change it.")),
    Kind.NAME: ("wait", "user", _("The name stands here, or somebody else has the same one. You judge; we do not change it.")),
    Kind.KEPT: ("ok", "lock", _("It stays, with the ground that the person was told.")),
}
PLACES = {
    "file storage": _("stored files"),
    "store": _("files of the engine"),
    "broker": _("messages to the worker"),
    "outbox": _("mail that went out"),
    "log": _("logs"),
}


@dataclass(frozen=True)
class Searched:
    """One search; its findings are read once."""

    scan: ResidueScan

    @cached_property
    def groups(self) -> list[dict]:
        found: dict[str, list] = {kind: [] for kind in KINDS}
        for finding in self.scan.findings.all():
            found[finding.kind].append({"title": _title(finding), "finding": finding, "keys": finding.keys})
        return [_group(kind, places) for kind, places in found.items() if places]


def _group(kind, places):
    chip, icon, sentence = KINDS[kind]
    return {"kind": Kind(kind), "chip": chip, "icon": icon, "sentence": sentence, "places": places, "is_settled": kind == Kind.KEPT}


def _title(finding: ResidueFinding) -> str:
    """Table and column as people call them; of what nobody declared, nothing."""
    table, _dot, column = finding.place.rpartition(".")
    data_map = map_of_table(table)
    line = data_map and next((line for line in data_map.lines.values() if data_map.field(line).column == column), None)
    return capfirst(f"{data_map.heading()}: {data_map.title(line)}" if line else PLACES.get(finding.place, ""))
