"""Export: ours as the worker writes it, the limit with the same compressor, the JSON compared line by line."""

import json
import tempfile
import time
import zipfile
import zlib
from contextlib import closing
from typing import BinaryIO

import psycopg
from isal import isal_zlib

from privacy.rights.access import write_archive
from privacy.rights.archive import LEVEL
from privacy.rights.extract import Extract
from privacy.rights.manifest import Part
from privacy.rights.portability import Scope
from privacy.subjects import Subject

from . import limit, states
from .people import Person

RAW = -15


def archive(person: Person, file: BinaryIO) -> None:
    """All of it: JSON, schemas, digests, manifest, ZIP."""
    write_archive(Subject.objects.get(ref=person.subject), file)


def json_part(person: Person, file: BinaryIO) -> None:
    """The same lines without what an archive adds."""
    _compress(_our_lines(Subject.objects.get(ref=person.subject)), file, isal_zlib.compressobj(level=LEVEL, wbits=RAW))


def _our_lines(subject):
    for data_map, lines in Scope.EVERYTHING.parts():
        with closing(Extract(Part(data_map, lines), subject, Scope.EVERYTHING, "nl").blocks()) as blocks:
            yield from (block.records for block in blocks)


def by_hand(connection: psycopg.Connection, person: Person, file: BinaryIO) -> None:
    _compress(limit.export(connection, person.keys), file, isal_zlib.compressobj(level=LEVEL, wbits=RAW))


def by_hand_with_zlib(connection: psycopg.Connection, person: Person, file: BinaryIO) -> None:
    _compress(limit.export(connection, person.keys), file, zlib.compressobj(level=6, wbits=RAW))


def _compress(blocks, file, compressor):
    for block in blocks:
        file.write(compressor.compress(block))
    file.write(compressor.flush())


def one_round(connection: psycopg.Connection, person: Person) -> dict[str, float]:
    """Seconds of each way."""
    return {
        "archive": _timed(archive, person),
        "json": _timed(json_part, person),
        "limit": _timed(by_hand, connection, person),
        "zlib": _timed(by_hand_with_zlib, connection, person),
    }


def _timed(act, *about) -> float:
    with tempfile.TemporaryFile() as file:
        begin = time.perf_counter()
        act(*about, file)
        return time.perf_counter() - begin


def refuse_other_json(connection: psycopg.Connection, person: Person) -> None:
    """Differs where archive and limit do not say the same."""
    blocks = list(limit.export(connection, person.keys))
    by_hand = sorted(json.dumps(json.loads(line)) for block in blocks for line in block.splitlines())
    with tempfile.TemporaryFile() as file:
        archive(person, file)
        handed_out = sorted(_records_of(file))
    if handed_out != by_hand:
        raise states.Differs("the JSON of archive and limit")


def _records_of(file):
    with zipfile.ZipFile(file) as opened:
        for name in opened.namelist():
            if name.startswith("data/"):
                yield from (json.dumps(record) for record in json.loads(opened.read(name)))
