"""What an archive says of itself: its files, what each column means, and why we hold it (Art. 15(1))."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ..conf import setting
from ..datamap import Right, Role, registry
from ..datamap.activity import Activity
from ..datamap.lines import Line
from ..datamap.maps import DataMap
from ..evidence.recipients import Notice, Received, Recipient, received
from . import codes, values
from .caption import caption, full_moment
from .portability import Scope, is_hers

FORMAT = "inzage-archive"
# Raised when a reader of the old one would go wrong (docs/archive.md).
VERSION = 2


def name_of(model) -> str:
    """usage_resourceview: fixed by the declarations, never by what a person wrote."""
    return f"{model._meta.app_label}_{model._meta.model_name}"


@dataclass(frozen=True)
class File:
    """One file of the archive, before compression. `rows` is None where it has none."""

    name: str
    size: int
    sha256: str
    rows: int | None = None

    def as_dict(self) -> dict:
        return {"name": self.name, "bytes": self.size, "sha256": self.sha256, "rows": self.rows}


@dataclass
class Part:
    """One record type: what was written, as of when. `file` is None where there were no rows."""

    data_map: type[DataMap]
    lines: list[Line]
    file: File | None = None
    rows: int = 0
    expected: int = 0
    as_of: datetime | None = None
    # Column -> how often it was masked, and why.
    masked: Counter = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return name_of(self.data_map.model)

    @property
    def moment(self) -> str:
        """The column among these that says when a row was made; "" where there is none."""
        there = {line.name for line in self.lines}
        return next((line.name for line in self.data_map.moments() if line.name in there), "")

    @property
    def is_portable(self) -> bool:
        return self.data_map.row.name != "kept" and any(map(self.data_map.is_portable, self.lines))

    @property
    def schema_file(self) -> str:
        return f"schema/{self.name}.json"

    @property
    def sheet_file(self) -> str:
        return f"csv/{self.name}.csv"

    def schema(self) -> dict:
        """JSON Schema of the part's file."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": str(self.data_map.heading()),
            "type": "array",
            "items": {
                "type": "object",
                "properties": {line.name: self._column_schema(line) for line in self.lines},
                "required": [line.name for line in self.lines],
                "additionalProperties": False,
            },
        }

    def as_dict(self) -> dict:
        activity = self.data_map.activity
        return {
            "record": self.data_map.label(),
            "title": self.data_map.heading(),
            "file": self.file and self.file.name,
            "schema": self.schema_file if self.file else None,
            "csv": self.sheet_file if self.file else None,
            "expected": self.expected,
            "rows": self.rows,
            "bytes": self.file.size if self.file else 0,
            "sha256": self.file and self.file.sha256,
            "as_of": moment(self.as_of),
            "moment": self.moment,
            "activity": activity.slug,
            "purpose": activity.purpose,
            "bases": list(activity.lawful_bases),
            "source": activity.source,
            "portable": self.is_portable,
            "after_erasure": self.data_map.row.label,
            "columns": [self._column(line) for line in self.lines],
            "left_out": [left_out(self.data_map, line) for line in self.data_map.lines.values() if line.is_secret],
            "masked": self.redactions(),
        }

    def redactions(self) -> list[dict]:
        return [{"column": column, "count": count, "reason": self.reasons[column]} for column, count in self.masked.items() if count]

    def _column_schema(self, line):
        several = line.actor or (len(self.data_map.person_lines()) > 1 and (line.role == Role.PERSON or bool(line.belongs_to)))
        described = {"title": str(label(self.data_map, line)), "description": description(self.data_map, line)}
        return {**described, **values.schema_of(self.data_map.field(line), nullable=several)}

    def _column(self, line):
        column = self.data_map.field(line)
        return {
            "name": line.name,
            "label": label(self.data_map, line),
            "description": description(self.data_map, line),
            "role": line.role,
            "bases": list(self.data_map.bases(line)),
            "portable": self.data_map.is_portable(line),
            "codes": codes.meanings_of(column),
            "references": name_of(column.related_model) if column.is_relation and leads_on(column.related_model) else None,
        }


@dataclass
class Manifest:
    """The archive's last file, `manifest.json`."""

    subject_ref: str
    scope: Scope
    language: str
    made_at: datetime = field(default_factory=timezone.now)
    parts: list[Part] = field(default_factory=list)
    references: list[dict] = field(default_factory=list)
    stored_files: list[dict] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)

    @property
    def confirmation(self) -> str | None:
        """That there is nothing, said by us: the signature covers it (Art. 15(1))."""
        if self.rows:
            return None
        words = {"controller": setting("CONTROLLER")["name"], "when": full_moment(self.made_at), "scope": caption(self.scope)}
        return _("%(controller)s confirms: we hold nothing about you of what was asked. Asked: %(scope)s. Looked up: %(when)s.") % words

    def as_dict(self) -> dict:
        activities = dict.fromkeys(part.data_map.activity for part in self.parts)
        return {
            "format": FORMAT,
            "version": VERSION,
            "issuer": setting("SITE").rstrip("/"),
            "scope": {name: moment(value) if isinstance(value, datetime) else value for name, value in self.scope.as_dict().items()},
            "subject": str(self.subject_ref),
            "made_at": moment(self.made_at),
            "language": self.language,
            "controller": setting("CONTROLLER"),
            "dpo": setting("DPO"),
            "authority": setting("AUTHORITY"),
            "rights": [{"right": right, "label": right.label} for right in Right],
            "recipients": recipients(self.subject_ref),
            "activities": [described(activity) for activity in activities],
            "held_elsewhere": [{"name": held.name, "what": held.what, "activity": held.activity.slug} for held in registry.elsewhere],
            "rows": self.rows,
            "holds_data": bool(self.rows),
            "confirmation": self.confirmation,
            "parts": [part.as_dict() for part in self.parts],
            "references": self.references,
            "stored_files": self.stored_files,
            **self.listing(),
        }

    def listing(self) -> dict:
        """What is still to come where the rest is said already: each file is listed once it was written."""
        return {"files": [file.as_dict() for file in self.files]}


def leads_on(model) -> bool:
    """Whether an archive says more of the row that a key names: in a file under references/, or among her own."""
    model = model._meta.concrete_model
    return model in registry.exempt or is_hers(model)


def recipients(subject_ref) -> list[dict]:
    """By name, whoever received her data or was told of a change to them (Art. 15(1)(c), C-154/21)."""
    got, told = received(subject_ref), Notice.objects.filter(subject_ref=subject_ref)
    known = Recipient.objects.filter(Q(pk__in=got) | Q(pk__in=told.values("recipient")))
    return [_recipient(recipient, got[recipient.pk]) for recipient in known.order_by("name")]


def _recipient(recipient: Recipient, got: Received) -> dict:
    return {
        "key": recipient.pk,
        "name": recipient.name,
        "kind": recipient.get_kind_display(),
        "contact": recipient.contact_email,
        "privacy_url": recipient.privacy_url,
        "first_at": moment(got.first_at),
        "last_at": moment(got.last_at),
        "attributes": sorted(got.attributes),
        "labels": list(map(_title_of, sorted(got.attributes))),
    }


def _title_of(attribute: str) -> str:
    """What people call a record type, or a column of the row that stands for them; one that is gone keeps the name it had."""
    whole = registry.labelled(attribute)
    if whole:  # what an authority got
        return whole.heading()
    maps = (registry.map_of(root) for root in registry.roots)
    return next((data_map.title(data_map.lines[attribute]) for data_map in maps if attribute in data_map.lines), attribute)


def label(data_map, line):
    return line.label or data_map.field(line).verbose_name


def description(data_map, line) -> str:
    """What the column says; for one that is not personal also why not."""
    return " ".join(str(sentence) for sentence in (data_map.field(line).help_text, line.reason) if sentence)


def left_out(data_map, line) -> dict:
    return {"column": line.name, "label": label(data_map, line), "reason": line.role.label}


def described(activity: Activity) -> dict:
    return {
        "slug": activity.slug,
        "title": activity.heading,
        "purpose": activity.purpose,
        "bases": {basis: basis.label for basis in activity.lawful_bases},
        "persons": activity.persons,
        "recipients": list(activity.recipients),
        "retention": activity.retention,
        "source": activity.source,
        "transfers": activity.transfers,
        "decisions": activity.decisions,
    }


def moment(at: datetime | None) -> str | None:
    return values.utc_text(at).strip('"') if at else None
