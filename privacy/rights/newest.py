"""The newest of many lines: what a person sees of a table that is too large to read."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count

Lines = list[bytes]


def newest(blocks: Iterable[bytes], moment: str, *, rows: int, size: int) -> Lines:
    """Of blocks of JSON lines at most so many, of at most `size` bytes together unless one alone is larger, the newest first.

    Newest by the column `moment`; the last ones where there is none. A value that looks like that column cannot mislead: its quotes would
    be escaped, but for a JSON column with the same key, which changes the choice and never what a line says.
    """
    moments, numbers, kept, oldest = _moments(moment), count(), [], b""
    for lines in in_lines(blocks):
        kept += [each for each in zip(moments(lines), numbers, lines, strict=False) if each[0] >= oldest]
        kept.sort(reverse=True)
        fitting = _fitting(kept, rows, size)
        if fitting < len(kept):
            del kept[fitting:]
            oldest = kept[-1][0]
    return [line for _moment, _number, line in kept]


def _moments(column: str) -> Callable[[Lines], list[bytes]]:
    """A function that finds the moment of each line; b"" where it has none."""
    if not column:
        return lambda lines: [b""] * len(lines)
    said = re.compile(rb'"%s": ?"([^"\\]*)"' % re.escape(column.encode()))

    def moments(lines):
        found = said.findall(b"\n".join(lines))
        return found if len(found) == len(lines) else [match[1] if (match := said.search(line)) else b"" for line in lines]

    return moments


def _fitting(kept, rows, size) -> int:
    """How many of the first fit; one at least."""
    held = 0
    for nth, (_moment, _number, line) in enumerate(kept[:rows]):
        held += len(line)
        if nth and held > size:
            return nth
    return min(len(kept), rows)


def in_lines(blocks: Iterable[bytes]) -> Iterator[Lines]:
    """Whole lines, as many as have come, wherever a block ends. Not splitlines(), which would also cut at other control characters."""
    begun = b""
    for block in blocks:
        *lines, begun = (begun + block).split(b"\n")
        if lines:
            yield lines
    if begun:
        yield [begun]
