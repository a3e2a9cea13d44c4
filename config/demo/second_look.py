"""Everything is searched for one person once more, by none of the engine's code (privacy.evidence.residue): two that agree are worth more.

Tables and files are read as they lie, not through the data map; sessions and the database's own files too.
"""

import base64
import hashlib
import json
import os
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from consents.models import PartnerGrant
from privacy.datamap import registry
from privacy.evidence.ledger import outside

from .file_search import search, times_in

# Column types in which a name, an address or a reference fits, as introspection calls them.
HOLDS_TEXT = {"BinaryField", "CharField", "GenericIPAddressField", "JSONField", "TextField", "UUIDField"}
# Seconds between two tries to empty the write-ahead log.
LOOK_AGAIN = 0.1
# What went out to people lies here; it is theirs.
MAIL = "mail"

ADDRESS, MEMBER, SUBS, NAME, SUBJECT = "e-mail address", "member number", "names at partners", "full name", "reference"
NOTES = {
    ADDRESS: "as text, SHA-256 and base64",
    MEMBER: "the key of her account",
    SUBS: "under which partners knew her",
    NAME: "first and last name together",
    SUBJECT: "anywhere but in what is kept as evidence",
}


@dataclass
class Found:
    """`cells`: (what, table) -> cells that hold it; `files`: (what, file) -> how often."""

    cells: Counter = field(default_factory=Counter)
    files: Counter = field(default_factory=Counter)
    tables_read: int = 0
    files_read: int = 0

    def times(self, what) -> int:
        return sum(times for (name, _place), times in [*self.cells.items(), *self.files.items()] if name == what)


def identifiers_of(member) -> dict[str, list[str]]:
    """What is hers alone -> the forms in which it may be written. To be asked before she is erased."""
    subs = PartnerGrant.including_hidden.filter(member=member).values_list("sub", flat=True)
    return {
        ADDRESS: _forms_of_text(member.email),
        MEMBER: _forms_of_uuid(member.pk),
        SUBS: [form for sub in subs for form in _forms_of_uuid(sub)],
        NAME: [str(member)],
        SUBJECT: _forms_of_uuid(member.subject_id),
    }


def _forms_of_text(text):
    return [text, hashlib.sha256(text.encode()).hexdigest(), base64.b64encode(text.encode()).decode().rstrip("=")]


def _forms_of_uuid(value: uuid.UUID):
    return [str(value), value.hex]


def look(identifiers: dict[str, list[str]], *, progress) -> Found:
    """Read every table, session and file once. `progress` takes how many were read."""
    found = Found()
    for table in tables():
        found.cells.update(_in_table(table, identifiers))
        found.tables_read += 1
        progress(1)
    found.cells.update(_in_sessions(identifiers))
    written = [str(file.relative_to(settings.VAR)) for file in files()]
    found.files.update(search(settings.VAR, written, identifiers, progress=progress))
    found.files_read += len(written)
    return found


def tables() -> list[str]:
    return connection.introspection.table_names()


def files() -> list[Path]:
    """Everything this installation wrote, the database's own files among it, but for the mail that went out."""
    return [file for file in settings.VAR.rglob("*") if file.is_file() and file.relative_to(settings.VAR).parts[0] != MAIL]


def rewrite() -> bool:
    """SQLite's file, free space and write-ahead log anew: a value that was overwritten may linger there until then (VACUUM)."""
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        while _is_busy(cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")):
            time.sleep(LOOK_AGAIN)
    return True


def _is_busy(checkpoint) -> bool:
    """Somebody reads or writes, so that the log stays as it was; no reader of ours takes long."""
    return bool(checkpoint.fetchone()[0])


def _in_table(table, identifiers) -> Counter:
    """One statement: for each form of each identifier, in how many cells it stands."""
    quoted = connection.ops.quote_name(table)
    forms = [(what, form) for what, written in identifiers.items() for form in written]
    with connection.cursor() as cursor:
        columns = _text_columns(cursor, table)
        if not columns:
            return Counter()
        sums = ", ".join(f"SUM({' + '.join(columns)})" for _form in forms)
        patterns = [f"%{connection.ops.prep_for_like_query(form.lower())}%" for _what, form in forms for _column in columns]
        cursor.execute(f"SELECT {sums} FROM {quoted}", patterns)  # noqa: S608 - names from introspection, quoted
        counts = cursor.fetchone()
    return _summed(((what, table), times) for (what, _form), times in zip(forms, counts, strict=True))


def _text_columns(cursor, table) -> list[str]:
    """Per column that can hold text: an expression that is 1 where a pattern fits and 0 where it does not."""
    introspection = connection.introspection
    expressions = []
    for column in introspection.get_table_description(cursor, table):
        kind = introspection.get_field_type(column.type_code, column)
        if (kind[0] if isinstance(kind, tuple) else kind) in HOLDS_TEXT:
            expressions.append(_fits(connection.ops.quote_name(column.name), kind))
    return expressions


def _fits(column, kind):
    as_text = f"encode({column}, 'escape')" if kind == "BinaryField" and connection.vendor == "postgresql" else f"CAST({column} AS text)"
    return f"CASE WHEN lower({as_text}) LIKE %s ESCAPE '\\' THEN 1 ELSE 0 END"


def _in_sessions(identifiers) -> Counter:
    """A session is compressed, so that no search through the table would find anything."""
    held = [json.dumps(session.get_decoded()).encode() for session in Session.objects.all()]
    return _summed(((what, "sessions, unpacked"), times_in(data, forms)) for data in held for what, forms in identifiers.items())


def _summed(counted) -> Counter:
    total = Counter()
    for where, times in counted:
        if times:
            total[where] += times
    return total


def split(found: Found) -> tuple[Counter, dict[str, dict[str, int]]]:
    """What may stay: her reference in rows that are kept as evidence (table -> times). What may not: identifier -> place -> times."""
    evidence = tables_of_evidence()
    kept, left = Counter(), {}
    for (what, place), times in [*found.cells.items(), *found.files.items()]:
        if what == SUBJECT and place in evidence:
            kept[place] += times
        elif not (what == SUBJECT and (_is_database(place) or place == _ledger())):
            left.setdefault(what, {})[place] = times
    return kept, left


def _ledger() -> str:
    """The file outside the database that keeps an erasure done after a restore: it knows people by reference alone."""
    return os.path.relpath(outside().path, settings.VAR)


def tables_of_evidence() -> dict[str, str]:
    """Tables whose rows are kept and know a person by reference alone -> what they are called."""
    kept = (data_map.model._meta for data_map in registry.maps.values() if data_map.row.name == "kept")
    return {meta.db_table: str(meta.verbose_name_plural) for meta in kept}


def _is_database(place) -> bool:
    """The files in which the kept rows lie."""
    return connection.vendor == "sqlite" and place.startswith(Path(connection.settings_dict["NAME"]).name)
