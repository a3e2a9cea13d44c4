"""From the tables to a spool: each record type of a person is read once, in one statement, and never twice once it was read whole."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime

from django.utils import timezone

from ..errors import ArchiveIncomplete
from ..subjects import Subject
from .counting import count_each
from .extract import Extract
from .manifest import Part, moment
from .portability import Scope
from .spool import Held, Spool, writing

RECORDS, SHEET = "records", "sheet"
Report = Callable[[str, int], None]


def with_rows(parts: list[Part], subject: Subject, scope: Scope) -> list[Part]:
    """Those that she has rows of, counted in one statement; to put together a statement for each of the others would take longer.

    Of the others it is on record as of when she had none.
    """
    as_of = timezone.now()
    counted = count_each(scope.rows(part.data_map, subject) for part in parts)
    for part, rows in zip(parts, counted, strict=True):
        part.as_of = None if rows else as_of
    return [part for part in parts if part.as_of is None]


class Collected:
    """A record type: its rows as JSON lines, to be gone through once and to their end, then the same for a spreadsheet."""

    def __init__(self, part: Part, records: Iterator[bytes], sheet: Held):
        self.part, self.records, self.sheet = part, records, sheet


class Collecting:
    """One archive's worth of reading. `report` is told (what, rows) as it goes on; `close()` lets go of what was not read to its end."""

    def __init__(self, subject: Subject, scope: Scope, spool: Spool, language: str, *, report: Report, fast: bool | None):
        self.subject, self.scope, self.spool, self.language = subject, scope, spool, language
        self.report, self.fast, self._reading = report, fast, None

    def collect(self, part: Part) -> Collected:
        """What an earlier attempt read whole is taken as it is, with its own moment.

        Else the rows pass by while the database still writes them, so that neither waits for the other, and are spooled on the way.
        """
        return self._kept(part) or self._passing_by(part)

    def close(self) -> None:
        """The connection is free again, and nothing half is left on disk."""
        if self._reading:
            self._reading.close()

    def _kept(self, part):
        kept = self.spool.kept(part.name, RECORDS, SHEET)
        if kept is None:
            return None
        receipt, (records, sheet) = kept
        part.rows, part.expected, part.masked = receipt["rows"], receipt["expected"], Counter(receipt["masked"])
        part.reasons, part.as_of = receipt["reasons"], datetime.fromisoformat(receipt["as_of"])
        self.report(part.data_map.label(), part.rows)
        return Collected(part, records.blocks(), sheet)

    def _passing_by(self, part):
        records, sheet = self.spool.held(f"{part.name}.{RECORDS}"), self.spool.held(f"{part.name}.{SHEET}")
        self._reading = self._read(part, records, sheet)
        return Collected(part, self._reading, sheet)

    def _read(self, part, records, sheet):
        extract = Extract(part, self.subject, self.scope, self.language, fast=self.fast)
        with writing(records, sheet), closing(extract.blocks()) as blocks:
            for block in blocks:
                records.write(block.records)
                sheet.write(block.sheet)
                self.report(part.data_map.label(), block.rows)
                yield block.records
            if extract.rows != extract.expected:
                raise ArchiveIncomplete
        part.rows, part.expected, part.masked, part.as_of = extract.rows, extract.expected, extract.masked, extract.as_of
        part.reasons = {column: str(mask.reason) for column, mask in extract.masks.items()}
        self.spool.keep(part.name, _receipt(part), records, sheet)


def _receipt(part) -> dict:
    return {"rows": part.rows, "expected": part.expected, "masked": part.masked, "reasons": part.reasons, "as_of": moment(part.as_of)}
