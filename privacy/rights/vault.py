"""An archive at rest: sealed chunk by chunk, so that any part of it can be read, and nothing but the whole, in its order.

AES-256-GCM after the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): a chunk's nonce is the file's random prefix, the
chunk's number and whether it is the last. docs/archive.md draws the file.
"""

import io
import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from ..conf import store
from ..errors import ArchiveMixedUp, KeyDestroyed
from ..files import create, rename

CHUNK = 1024 * 1024
TAG = 16
PREFIX = 7
SEALED = CHUNK + TAG


def new_key() -> bytes:
    """For one attempt at one file: no nonce is ever used twice under it."""
    return AESGCM.generate_key(bit_length=256)


def name_of(ref: str, subject_ref) -> bytes:
    """What every chunk is bound to: the request and the person it is about (T-10)."""
    return f"inzage-archive-2 {ref} {subject_ref}".encode()


class Writer:
    """Seals what is written to it; `finish()` marks the end, without which the file is refused."""

    def __init__(self, file: BinaryIO, key: bytes, name: bytes):
        self._file, self._cipher, self._name = file, AESGCM(key), name
        self._prefix, self._number, self._held = os.urandom(PREFIX), 0, bytearray()
        file.write(self._prefix)

    def write(self, block: bytes) -> None:
        """A chunk is held back until more comes: only the end knows which is the last."""
        self._held += block
        while len(self._held) > CHUNK:
            self._seal(self._held[:CHUNK], is_last=False)
            del self._held[:CHUNK]

    def finish(self) -> None:
        self._seal(self._held, is_last=True)

    def _seal(self, plain, *, is_last):
        self._file.write(self._cipher.encrypt(_nonce(self._prefix, self._number, is_last), plain, self._name))
        self._number += 1


class Reader(io.RawIOBase):
    """The file as it was before it was sealed; ArchiveMixedUp where it is another's, cut off or changed, its end looked at first."""

    def __init__(self, file: BinaryIO, key: bytes, name: bytes):
        self._file, self._cipher, self._name = file, AESGCM(key), name
        self._at, self._opened = 0, (None, b"")
        try:
            self._prefix = file.read(PREFIX)
            self._count, self.size = _layout(os.fstat(file.fileno()).st_size - PREFIX)
            self._chunk(self._count - 1)
        except ArchiveMixedUp:
            file.close()
            raise

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`, chunk by chunk; no other chunk is opened."""
        stop = self.size if stop is None else min(stop, self.size)
        for number in range(start // CHUNK, -(-stop // CHUNK)):
            first = number * CHUNK
            yield self._chunk(number)[max(start - first, 0) : stop - first]

    def _chunk(self, number):
        """The one opened last is kept, for who reads in small pieces."""
        if self._opened[0] != number:
            self._file.seek(PREFIX + number * SEALED)
            nonce = _nonce(self._prefix, number, number == self._count - 1)
            try:
                self._opened = number, self._cipher.decrypt(nonce, self._file.read(SEALED), self._name)
            except InvalidTag:
                raise ArchiveMixedUp from None
        return self._opened[1]

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=os.SEEK_SET):
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        return self._at

    def readinto(self, buffer):
        block = next(self.blocks(self._at, self._at + len(buffer)), b"")
        buffer[: len(block)] = block
        self._at += len(block)
        return len(block)

    def close(self):
        self._file.close()
        super().close()


def _nonce(prefix, number, is_last):
    return prefix + number.to_bytes(4, "big") + bytes([is_last])


def _layout(sealed: int) -> tuple[int, int]:
    """How many chunks, and how many bytes in them. Only the last may be short, and it is empty only in an empty file."""
    whole, rest = divmod(sealed, SEALED)
    if sealed < TAG or 0 < rest < TAG or (rest == TAG and whole):
        raise ArchiveMixedUp
    count = whole + bool(rest)
    return count, sealed - count * TAG


def _path(ref):
    return store("keys", "archives") / f"{ref}.key"


def wrap(ref: str, key: bytes) -> bytes:
    """`key` under a new one for this request, in a file outside the database; neither of the two opens anything by itself."""
    wrapping, part = new_key(), _path(ref).with_suffix(".part")
    part.unlink(missing_ok=True)
    with create(part) as file:
        file.write(wrapping)
    rename(part, _path(ref))
    return aes_key_wrap(wrapping, key)


def unwrap(ref: str, wrapped: bytes) -> bytes:
    """KeyDestroyed once it was; ArchiveMixedUp where one of the two is not what was made."""
    try:
        return aes_key_unwrap(_path(ref).read_bytes(), bytes(wrapped))
    except FileNotFoundError:
        raise KeyDestroyed from None
    except (InvalidUnwrap, ValueError):
        raise ArchiveMixedUp from None


def destroy_key(ref: str) -> None:
    """From now on nobody reads the file, not even from a backup of it."""
    _path(ref).unlink(missing_ok=True)


def key_files() -> Iterator:
    return store("keys", "archives").iterdir()
