"""A ZIP that lost its end, and with it the list of its files: walked from file to file, to say where it breaks off."""

import zipfile
import zlib
from typing import BinaryIO

from .bounds import Bounds
from .packed import BEGIN, BLOCK, CHECKS, NOTHING, header_at
from .rows import counter_of
from .verdict import Code, Fault


def broken_off(file: BinaryIO, bounds: Bounds) -> Fault:
    """In which file, and after how many rows."""
    walk = _Walk(file, bounds.size)
    for _file in range(bounds.files):
        if not walk.passes_a_file():
            break
    return Fault(Code.CUT_OFF, walk.name, walk.rows.count if walk.rows else None)


class _Walk:
    """`name` is the file it is in, `rows` what was counted there; it unpacks no more than `left` bytes in all."""

    def __init__(self, file, left):
        self._file, self._left, self._at = file, left, 0
        self.name, self.rows = "", None

    def passes_a_file(self) -> bool:
        header = header_at(self._file, self._at)
        if header is None:
            return False
        self.name = header.name.decode("ascii", "replace")
        self.rows = counter_of(self.name)
        return header.method == zipfile.ZIP_DEFLATED and self._reaches_the_end()

    def _reaches_the_end(self):
        inflate, begin, packed = zlib.decompressobj(-zlib.MAX_WBITS), self._file.tell(), 0
        try:
            while not inflate.eof and (piece := self._file.read(BLOCK)):
                packed += len(piece)
                self._unpack(inflate, piece)
        except (zlib.error, _Enough):
            return False
        self._at = self._next(begin + packed - len(inflate.unused_data))
        return inflate.eof

    def _unpack(self, inflate, piece):
        while piece and not inflate.eof:
            block = inflate.decompress(piece, BLOCK)
            piece, self._left = inflate.unconsumed_tail, self._left - len(block)
            if self.rows:
                self.rows.feed(block)
            if self._left < 0:
                raise _Enough

    def _next(self, end):
        """Past the check sum and sizes that may follow a file."""
        self._file.seek(end)
        after = self._file.read(max(CHECKS) + len(BEGIN))
        return end + next((size for size in sorted(NOTHING | CHECKS) if after[size:].startswith(BEGIN)), len(after))


class _Enough(Exception):
    pass
