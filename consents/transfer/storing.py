"""What came of a transfer, until it is taken in: pieces, each sealed under a key that goes with the transfer."""

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag

from privacy import keys
from privacy.conf import store
from privacy.errors import ArchiveDamaged, KeyDestroyed
from privacy.files import create, rename

# Of privacy.keys.
KEYS = "arriving"
MANIFEST, WANTED = "manifest", "wanted"
# What sealing adds to a piece.
OVERHEAD = keys.NONCE_BYTES + 16


def _folder(ref) -> Path:
    return store(KEYS, str(ref))


def _bound(ref, name: str) -> bytes:
    return f"{KEYS} {ref} {name}".encode()


def _write(ref, name: str, plain: bytes) -> None:
    """Whole or not at all; the same once more takes its place."""
    keys.make(str(ref), KEYS)
    path = _folder(ref) / name
    part = path.with_name(f"{name}.{secrets.token_hex(4)}.part")
    with create(part) as file:
        file.write(keys.encrypt(str(ref), plain, _bound(ref, name), KEYS))
    rename(part, path)


def _read(ref, name: str) -> bytes:
    try:
        return keys.decrypt(str(ref), (_folder(ref) / name).read_bytes(), _bound(ref, name), KEYS)
    except (FileNotFoundError, InvalidTag, KeyDestroyed, ValueError):
        raise ArchiveDamaged from None


def keep_manifest(ref, raw: bytes, line: str) -> None:
    _write(ref, MANIFEST, json.dumps([raw.decode(), line]).encode())


def manifest(ref) -> tuple[bytes, str]:
    """The exact bytes, and their signature; ArchiveDamaged where they are gone."""
    raw, line = json.loads(_read(ref, MANIFEST))
    return raw.encode(), line


def keep_wanted(ref, said: dict) -> None:
    """What of it is to come, so that no later act has to read the manifest for it."""
    _write(ref, WANTED, json.dumps(said).encode())


def wanted(ref) -> dict:
    """ArchiveDamaged where it is gone."""
    return json.loads(_read(ref, WANTED))


def keep_piece(ref, number: int, offset: int, plain: bytes) -> None:
    """Of the file with this number among those that are wanted."""
    _write(ref, f"{number}.{offset}", plain)


def received(ref) -> dict[int, int]:
    """Number of a file -> bytes of it that are here, without a gap."""
    pieces: dict[int, dict[int, int]] = {}
    for path in _folder(ref).iterdir():
        number, _dot, offset = path.name.partition(".")
        if number.isdecimal() and offset.isdecimal():
            pieces.setdefault(int(number), {})[int(offset)] = path.stat().st_size - OVERHEAD
    return {number: _length(its) for number, its in pieces.items()}


def _length(its: dict[int, int]) -> int:
    end = 0
    while its.get(end):
        end += its[end]
    return end


def received_of(ref, number: int) -> int:
    """As `received`, of one file: however many others there are, none is looked at."""
    end = 0
    while size := _size(_folder(ref) / f"{number}.{end}"):
        end += size
    return end


def _size(path) -> int:
    try:
        return path.stat().st_size - OVERHEAD
    except FileNotFoundError:
        return 0


def blocks(ref, number: int) -> Iterator[bytes]:
    """A file from its beginning to where it is here."""
    at = 0
    while (_folder(ref) / f"{number}.{at}").exists():
        plain = _read(ref, f"{number}.{at}")
        if not plain:
            return
        yield plain
        at += len(plain)


def drop(ref, number: int) -> None:
    """A file that turned out to be another one: it has to come again."""
    for path in _folder(ref).glob(f"{number}.*"):
        path.unlink(missing_ok=True)


def destroy(ref) -> None:
    """First the key: from then on nobody reads the rest, not even from a backup."""
    keys.destroy(str(ref), KEYS)
    shutil.rmtree(store(KEYS) / str(ref), ignore_errors=True)


def forgotten(before: datetime) -> Iterator[str]:
    """Numbers of transfers of which something lies here for longer than any may last."""
    for path in store(KEYS).iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                yield path.name
