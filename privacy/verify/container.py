"""The ZIP itself, read with suspicion: no name that leads elsewhere, no bytes between the files, no more unpacked than it says (T-11)."""

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from stat import S_IFMT, S_IFREG
from typing import BinaryIO

from .bounds import Bounds
from .directory import Directory
from .packed import CHECKS, NOTHING, SIZES_FOLLOW, Broken, adds_only_sizes, header_at, inflated, pieces
from .verdict import Code, Fault

# Fixed words and names from declarations: nothing hidden, absolute, above, on a drive or with a meaning to a shell.
SAFE_NAME = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", re.ASCII)
LONGEST_NAME = 255
ENCRYPTED = 0x1
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class Container:
    """The files of a ZIP; what is strange about it stands in `faults`. Refused where it is none, or more than we read."""

    def __init__(self, file: BinaryIO, bounds: Bounds):
        self._file, self._directory = file, Directory(file, bounds)
        self._members = {member.orig_filename: member for member in self._directory.members}
        self.faults = [*_twice(self._directory.members), *filter(None, map(_objection, self._directory.members)), *self._between()]

    def __contains__(self, name: str) -> bool:
        return name in self._members

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def size(self, name: str) -> int:
        return self._members[name].file_size

    def blocks(self, name: str) -> Iterator[bytes]:
        """The contents; Broken where they are damaged, after what could still be read."""
        member, check, size = self._members[name], 0, 0
        self._file.seek(self._contents_of(member))
        packed = pieces(self._file, member.compress_size)
        for block in inflated(packed) if member.compress_type == zipfile.ZIP_DEFLATED else packed:
            check, size = zlib.crc32(block, check), size + len(block)
            if size > member.file_size:
                raise Broken
            yield block
        if (check, size) != (member.CRC, member.file_size):
            raise Broken

    def _contents_of(self, member) -> int:
        """Where they begin, after a header that has to say the same as the directory: some programs read the one, some the other."""
        header = header_at(self._file, member.header_offset)
        if header is None or not _agree(header, member):
            raise Broken
        return self._file.tell()

    def _between(self) -> Iterator[Fault]:
        """Files follow one another without a gap from the first byte on, and the directory follows the last."""
        end, allowed = 0, NOTHING
        for member in sorted(self._directory.members, key=lambda member: member.header_offset):
            try:
                contents = self._contents_of(member)
            except Broken:
                yield Fault(Code.DAMAGED, member.orig_filename)
                return
            if member.header_offset - end not in allowed:
                yield Fault(Code.HIDDEN_BYTES, member.orig_filename)
            end, allowed = contents + member.compress_size, CHECKS if member.flag_bits & SIZES_FOLLOW else NOTHING
        if self._directory.begin - end not in allowed:
            yield Fault(Code.HIDDEN_BYTES, "the directory of the ZIP")


def _agree(header, member) -> bool:
    sizes = header.sizes if not header.flags & SIZES_FOLLOW else _sizes(member)
    said = (header.name, header.flags, header.method, sizes)
    known = (member.orig_filename.encode(errors="replace"), member.flag_bits, member.compress_type, _sizes(member))
    return said == known and adds_only_sizes(header.extra)


def _sizes(member):
    return member.CRC, member.compress_size, member.file_size


def _twice(members) -> Iterator[Fault]:
    """Also where only a file system without capitals would let one take the place of the other."""
    names = Counter(member.orig_filename.casefold() for member in members)
    return (Fault(Code.TWICE, name) for name, count in names.items() if count > 1)


def _objection(member) -> Fault | None:
    name, mode = member.orig_filename, S_IFMT(member.external_attr >> 16)
    if not SAFE_NAME.fullmatch(name.removesuffix("/")) or len(name) > LONGEST_NAME:
        return Fault(Code.UNSAFE_NAME, name)
    is_plain = mode in {0, S_IFREG} and not member.flag_bits & ENCRYPTED and member.compress_type in METHODS
    if name.endswith("/") or not is_plain or not adds_only_sizes(member.extra):
        return Fault(Code.NOT_A_FILE, name)
    return None
