"""The files of an archive, one after the other; the manifest fills as they go, and comes last with its signature (docs/archive.md)."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from tempfile import SpooledTemporaryFile

from ..conf import store
from ..evidence import signing
from ..subjects import Subject
from . import spreadsheet, viewer
from .collecting import Collected, Collecting, with_rows
from .formats import formats_of
from .manifest import File, Manifest, Part
from .newest import Newest
from .pointing import Described, keys_said, rows_pointed_at, tables_pointed_at
from .processing import processing, redactions
from .report import write_report
from .spool import PARTS
from .stored_files import files_of
from .vocabulary import context

# What of one record type is shown at most: on the reading page; of those the report knows these, and prints so many.
SHOWN_ROWS, SHOWN_BYTES = 2000, 2 * 1024 * 1024
KNOWN_ROWS, KNOWN_BYTES = 200, 64 * 1024
PRINTED_ROWS = 50
# A report is larger only where somebody holds much of everything; then it lies on disk for a moment, without a name.
REPORT_IN_MEMORY = 4 * 1024 * 1024
BLOCK = 128 * 1024

Member = tuple[str, Iterable[bytes]]
encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


class Contents:
    """Of one person's archive; to be gone through once, each file to its end before the next."""

    def __init__(self, manifest: Manifest, subject: Subject, collecting: Collecting):
        self.manifest, self.subject, self.collecting = manifest, subject, collecting
        self._known: dict[str, list[dict]] = {}
        # Per table that rows point at: keys that are shown, as JSON has them, and what they are called.
        self._shown_keys, self._titles = defaultdict(set), {}
        self._said: dict = {}

    def members(self) -> Iterator[Member]:
        yield from self._parts()
        yield from self._references()
        yield from self._stored_files()
        held = [part.data_map.label() for part in self.manifest.parts if part.rows]
        for name, blocks in formats_of(self.subject, self.manifest.scope, held):
            yield self._listed(name, blocks)
        yield from self._about()
        written = b"".join(document(self._said | self.manifest.listing()))
        yield "manifest.json", [written]
        yield "manifest.sig", [f"{signing.sign(written)}\n".encode()]

    def _listed(self, name: str, blocks: Iterable[bytes], rows: Callable[[], int | None] = lambda: None) -> Member:
        """The manifest learns of the file when it was written to its end; then `rows` says how many it has."""
        return name, self._tallied(name, blocks, rows)

    def _tallied(self, name, blocks, rows):
        digest, size = hashlib.sha256(), 0
        for block in gathered(blocks):
            digest.update(block)
            size += len(block)
            yield block
        self.manifest.files.append(File(name, size, digest.hexdigest(), rows()))

    def _parts(self):
        """A record type without rows has no file: it stands in the manifest alone."""
        scope = self.manifest.scope
        self.manifest.parts = [Part(data_map, lines) for data_map, lines in scope.parts()]
        for part in with_rows(self.manifest.parts, self.subject, scope):
            collected = self.collecting.collect(part)
            first = next(collected.records, None)
            if first is not None:
                yield from self._part(collected, chain([first], collected.records))

    def _part(self, collected: Collected, records: Iterator[bytes]):
        part = collected.part
        latest = Newest(part.moment, rows=SHOWN_ROWS, size=SHOWN_BYTES)
        yield self._listed(f"data/{part.name}.json", array(latest.watched(records)), lambda: part.rows)
        part.file = self.manifest.files[-1]
        yield self._listed(part.schema_file, document(part.schema()))
        head = spreadsheet.head([str(part.data_map.title(line)) for line in part.lines], self.manifest.language)
        yield self._listed(part.sheet_file, chain([head], collected.sheet.blocks()), lambda: part.rows)
        shown = latest.lines()
        yield self._listed(f"viewer/data/{part.name}.js", viewer.shard(part.name, shown))
        self._remember(part, shown)

    def _remember(self, part, shown):
        """For the report, and which of the rows that these point at are to be called by a name."""
        self._known[part.name] = json.loads(b"[%s]" % b",".join(_first(shown, KNOWN_ROWS, KNOWN_BYTES)))
        for model, columns in tables_pointed_at([part]).items():
            for _part, name in columns:
                self._shown_keys[model].update(keys_said(name, shown))

    def _references(self):
        named = []
        for model, columns in tables_pointed_at(part for part in self.manifest.parts if part.rows).items():
            rows = rows_pointed_at(model, columns, self.subject, self.manifest.scope)
            described = Described(model, rows, self._shown_keys[model], fast=self.collecting.fast)
            file = f"references/{described.name}.json"
            yield self._listed(file, array(described.blocks()), described.counted)
            self.manifest.references.append(described.as_dict(file))
            self._titles[described.name] = described.titles
            named.append(viewer.titles(described.name, described.titles))
        if named:
            yield self._listed("viewer/data/references.js", chain.from_iterable(named))

    def _stored_files(self):
        for part in self.manifest.parts:
            for stored in files_of(part, self.subject, self.manifest.scope) if part.rows else ():
                blocks = stored.blocks()
                if blocks is not None:
                    yield self._listed(stored.name, blocks)
                self.manifest.stored_files.append(stored.as_dict(stored.name if blocks is not None else None))

    def _about(self):
        """From here on the manifest says nothing new but the files that are still to come."""
        self._said = plain(self.manifest.as_dict())
        told, masked = processing(self.manifest), redactions(self.manifest)
        yield self._listed("processing.json", document(told))
        yield self._listed("redactions.json", document(masked))
        yield self._listed("context.jsonld", document(context(self.manifest)))
        yield self._listed("report.pdf", self._report())
        for name, content in viewer.pages(self._said, plain(told), plain(masked)):
            yield self._listed(name, [content])

    def _report(self):
        with SpooledTemporaryFile(REPORT_IN_MEMORY, dir=store(PARTS)) as file:
            write_report(self._said, self._known, self._titles, file, most=PRINTED_ROWS)
            file.seek(0)
            while block := file.read(BLOCK):
                yield block


def plain(content: dict) -> dict:
    """As who reads the file gets it."""
    return json.loads(encode(content))


def document(content: dict) -> list[bytes]:
    """One entry per line, and one item of a list: neat enough to read, and without `indent`, which takes ten times as long."""
    entries = (f"{encode(key)}: {_items(value) if isinstance(value, list) else encode(value)}" for key, value in content.items())
    return ["{{\n{}\n}}\n".format(",\n".join(entries)).encode()]


def _items(items):
    return "[\n{}\n]".format(",\n".join(map(encode, items))) if items else "[]"


def array(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines as a JSON array, one object per line. The last line's end is held back, since only then it is known that none follows."""
    yield b"[\n"
    held = b""
    for block in blocks:
        if block:
            piece = held + block
            held = piece[-1:]
            yield piece[:-1].replace(b"\n", b",\n")
    yield b"\n]\n"


def gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same in pieces of at least a block, but for the last: to pack a piece costs the more, the more pieces there are."""
    held, size = [], 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= BLOCK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _first(lines: list[bytes], rows: int, size: int) -> Iterator[bytes]:
    """The first, as many as fit; one at least."""
    held = 0
    for nth, line in enumerate(lines[:rows]):
        held += len(line)
        if nth and held > size:
            return
        yield line
