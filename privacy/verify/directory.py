"""The directory at the end of a ZIP: how much there is, before anything of it is unpacked (T-11)."""

import os
import struct
import zipfile
from typing import BinaryIO

from .bounds import DENSE_FROM, DIRECTORY_BYTES, Bounds
from .broken_off import broken_off
from .packed import BEGIN
from .verdict import Code, Fault, Refused

END, END_BYTES = b"PK\x05\x06", 22
NO_COMMENT = b"\0\0"


class Directory:
    """`members` as they are listed, and `begin`, where the list begins. Refused where this is no ZIP, or more than we read."""

    def __init__(self, file: BinaryIO, bounds: Bounds):
        _refuse_what_has_no_end(file, bounds)
        try:
            with zipfile.ZipFile(_InSmallBites(file, bounds.files * DIRECTORY_BYTES)) as archive:
                self.members, self.begin = archive.infolist(), archive.start_dir
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError):
            raise Refused(Fault(Code.NOT_A_ZIP)) from None
        _refuse_too_much(self.members, bounds)


class _InSmallBites:
    """zipfile reads the whole list at once, however long the file says it is: here it gets no more than the bound."""

    def __init__(self, file, most):
        self._file, self._most = file, max(most, END_BYTES)
        self.seek, self.tell = file.seek, file.tell

    def read(self, size=-1):
        if size > self._most:
            raise Refused(Fault(Code.TOO_MANY_FILES))
        return self._file.read(self._most if size < 0 else size)


def _refuse_what_has_no_end(file, bounds):
    """The end stands in the last bytes, without a comment: a program that looks for it elsewhere would see other files."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - END_BYTES, 0))
    tail = file.read(END_BYTES)
    if len(tail) == END_BYTES and tail.startswith(END) and tail.endswith(NO_COMMENT):
        return
    file.seek(0)
    raise Refused(broken_off(file, bounds) if file.read(len(BEGIN)) == BEGIN else Fault(Code.NOT_A_ZIP))


def _refuse_too_much(members, bounds):
    size = sum(member.file_size for member in members)
    if len(members) > bounds.files:
        raise Refused(Fault(Code.TOO_MANY_FILES, found=len(members), expected=bounds.files, unit="files"))
    if size > bounds.size:
        raise Refused(Fault(Code.TOO_LARGE, found=size, expected=bounds.size, unit="bytes"))
    for member in members:
        most = max(DENSE_FROM, bounds.ratio * member.compress_size)
        if member.file_size > most:
            raise Refused(Fault(Code.TOO_DENSE, member.orig_filename, member.file_size, most, "bytes"))
