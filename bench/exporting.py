"""Export: our JSON alone and the whole archive, the limit with the same compressor, the JSON compared line by line."""

import json
import tempfile
import time
import zipfile
import zlib
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import psycopg
from isal import isal_zlib

from privacy.conf import store
from privacy.files import create, rename
from privacy.rights import contents, vault
from privacy.rights.access import Tally, write_archive
from privacy.rights.archive import LEVEL
from privacy.rights.collecting import with_rows
from privacy.rights.contents import Contents
from privacy.rights.extract import Extract
from privacy.rights.manifest import Part
from privacy.rights.portability import Scope
from privacy.rights.spool import passing
from privacy.subjects import Subject

from . import limit, states
from .people import Person

RAW = -15


def archive(person: Person) -> Path:
    """All of it, as a worker leaves it: sealed, its digest taken, on disk under its name."""
    subject, key = Subject.objects.get(ref=person.subject), vault.new_key()
    path = store("archives") / f"{person.subject}.sealed"
    with passing() as spool, create(path.with_suffix(".part")) as file:
        sealing = vault.Writer(file, key, b"bench")
        write_archive(subject, Tally(sealing), spool=spool)
        sealing.finish()
    rename(path.with_suffix(".part"), path)
    return path


def rows_alone(person: Person) -> Path:
    """The archive with each row as JSON, for a spreadsheet and on the reading page, with digests and sealed; nothing else beside them."""
    with (
        patch.object(contents, "write_report"),
        patch.object(contents, "formats_of", return_value=()),
        patch.object(Contents, "_references", return_value=()),
    ):
        return archive(person)


def json_part(person: Person) -> None:
    """The same JSON without what an archive adds."""
    subject = Subject.objects.get(ref=person.subject)
    _compress(_our_lines(subject), isal_zlib.compressobj(level=LEVEL, wbits=RAW))


def _our_lines(subject):
    parts = [Part(data_map, lines) for data_map, lines in Scope.EVERYTHING.parts()]
    for part in with_rows(parts, subject, Scope.EVERYTHING):
        with closing(Extract(part, subject, Scope.EVERYTHING, "nl", sheet=False).blocks()) as blocks:
            yield from (block.records for block in blocks)


def by_hand(connection: psycopg.Connection, person: Person) -> None:
    _compress(limit.export(connection, person.keys), isal_zlib.compressobj(level=LEVEL, wbits=RAW))


def by_hand_with_zlib(connection: psycopg.Connection, person: Person) -> None:
    _compress(limit.export(connection, person.keys), zlib.compressobj(level=6, wbits=RAW))


def _compress(blocks, compressor):
    with tempfile.TemporaryFile() as file:
        for block in blocks:
            file.write(compressor.compress(block))
        file.write(compressor.flush())


def one_round(connection: psycopg.Connection, person: Person) -> dict[str, float]:
    """Seconds of each way."""
    return {
        "archive": timed(archive, person),
        "rows": timed(rows_alone, person),
        "json": timed(json_part, person),
        "limit": timed(by_hand, connection, person),
        "zlib": timed(by_hand_with_zlib, connection, person),
    }


def timed(act, *about) -> float:
    begin = time.perf_counter()
    act(*about)
    return time.perf_counter() - begin


def refuse_other_json(connection: psycopg.Connection, person: Person) -> None:
    """Differs where archive and limit do not say the same."""
    blocks = list(limit.export(connection, person.keys))
    by_hand = sorted(json.dumps(json.loads(line)) for block in blocks for line in block.splitlines())
    with tempfile.TemporaryFile() as file:
        write_archive(Subject.objects.get(ref=person.subject), file)
        handed_out = sorted(_records_of(file))
    if handed_out != by_hand:
        raise states.Differs("the JSON of archive and limit")


def _records_of(file):
    with zipfile.ZipFile(file) as opened:
        for name in opened.namelist():
            if name.startswith("data/"):
                yield from (json.dumps(record) for record in json.loads(opened.read(name)))
