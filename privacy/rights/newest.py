"""The newest of many lines: what a person sees of a table that is too large to read."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count

from .whole_lines import WholeLines

Lines = list[bytes]
# So much is looked at in one go: to choose takes about as long for many lines as for few.
LOOK_BYTES = 1024 * 1024


class Newest:
    """Of lines that pass by at most so many, of at most `size` bytes together unless one alone is larger.

    Newest by the column `moment`; the last ones where there is none. A value that looks like that column cannot mislead: its quotes would
    be escaped, but for a JSON column with the same key, which changes the choice and never what a line says.
    """

    def __init__(self, moment: str, *, rows: int, size: int):
        self._moments, self._rows, self._size = _moments(moment), rows, size
        self._numbers, self._kept, self._oldest = count(), [], b""

    def watched(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The same blocks of JSON lines, wherever a block ends; what was missed is asked for with `lines()`."""
        passed = WholeLines(at_least=LOOK_BYTES)
        for block in blocks:
            yield block
            self._look(passed.add(block))
        self._look(passed.rest())

    def lines(self) -> Lines:
        """The newest first."""
        return [line for _moment, _number, line in self._kept]

    def _look(self, whole):
        if not whole:
            return
        lines = whole.split(b"\n")
        dated = zip(self._moments(whole, lines), self._numbers, lines, strict=False)
        self._kept += [each for each in dated if each[0] >= self._oldest]
        self._kept.sort(reverse=True)
        fitting = _fitting(self._kept, self._rows, self._size)
        if fitting < len(self._kept):
            del self._kept[fitting:]
            self._oldest = self._kept[-1][0]


def _moments(column: str) -> Callable[[bytes, Lines], list[bytes]]:
    """A function that finds the moment of each line of a text; b"" where it has none."""
    if not column:
        return lambda whole, lines: [b""] * len(lines)
    said = re.compile(rb'"%s": ?"([^"\\]*)"' % re.escape(column.encode()))

    def moments(whole, lines):
        found = said.findall(whole)
        return found if len(found) == len(lines) else [match[1] if (match := said.search(line)) else b"" for line in lines]

    return moments


def _fitting(kept, rows, size) -> int:
    """How many of the first fit; one at least."""
    held, sizes = 0, [len(line) for _moment, _number, line in kept[:rows]]
    if sum(sizes) <= size:
        return len(sizes)
    for nth, each in enumerate(sizes):
        held += each
        if nth and held > size:
            return nth
    return min(len(kept), rows)
