"""One packed file in a ZIP: the header before it, its contents, what may follow."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BLOCK = 256 * 1024
HEADER = struct.Struct("<4s5H3L2H")
EXTRA, ZIP64 = struct.Struct("<HH"), 0x0001
BEGIN = b"PK\x03\x04"
SIZES_FOLLOW = 0x8
# After the contents: nothing; or check sum and sizes of 4 or 8 bytes, with or without a mark.
NOTHING, CHECKS = {0}, {12, 16, 20, 24}


class Broken(Exception):
    """The packed bytes do not unpack to what is said of them."""


@dataclass(frozen=True)
class Header:
    """`sizes` are check sum, packed and unpacked size; they mean nothing where `flags` says that they follow."""

    name: bytes
    flags: int
    method: int
    sizes: tuple[int, int, int]
    extra: bytes


def header_at(file: BinaryIO, place: int) -> Header | None:
    """Of the file that begins here, leaving the position at its contents; None where none begins."""
    file.seek(place)
    raw = file.read(HEADER.size)
    if len(raw) < HEADER.size or not raw.startswith(BEGIN):
        return None
    _mark, _version, flags, method, _time, _day, *sizes, name_length, extra_length = HEADER.unpack(raw)
    name, extra = file.read(name_length), file.read(extra_length)
    if len(name) < name_length or len(extra) < extra_length:
        return None
    return Header(name, flags, method, tuple(sizes), extra)


def adds_only_sizes(extra: bytes) -> bool:
    """Of what a header may carry besides, we know the sizes of large files alone: others give it another name, owner or kind."""
    while len(extra) >= EXTRA.size:
        kind, length = EXTRA.unpack_from(extra)
        if kind != ZIP64:
            return False
        extra = extra[EXTRA.size + length :]
    return not extra


def pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (piece := file.read(min(BLOCK, size))):
        size -= len(piece)
        yield piece


def inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """In blocks of bounded size, however much it is; Broken unless it ends where DEFLATE says that it ends."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in packed:
            while piece and not inflate.eof:
                yield inflate.decompress(piece, BLOCK)
                piece = inflate.unconsumed_tail
            if inflate.unused_data:
                raise Broken
        while not inflate.eof and (block := inflate.decompress(b"", BLOCK)):
            yield block
    except zlib.error:
        raise Broken from None
    if not inflate.eof or inflate.unused_data:
        raise Broken
