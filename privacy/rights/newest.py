"""The newest of many lines: what a person sees of a table that is too large to read."""

import re
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush


def newest(blocks: Iterable[bytes], moment: str, *, rows: int, size: int) -> list[bytes]:
    """Of blocks of JSON lines at most so many, of at most `size` bytes together unless one alone is larger, the newest first.

    Newest by the column `moment`; the last ones where there is none. A value that looks like that column cannot mislead: its quotes would
    be escaped, but for a JSON column with the same key, which changes the choice and never what a line says.
    """
    said = re.compile(rb'"%s": ?"([^"\\]*)"' % re.escape(moment.encode())) if moment else None
    kept, held = [], 0
    for number, line in enumerate(each(blocks)):
        found = said.search(line) if said else None
        key = found[1] if found else b""
        if len(kept) == rows and kept and key < kept[0][0]:
            continue
        heappush(kept, (key, number, line))
        held += len(line)
        while len(kept) > rows or (held > size and len(kept) > 1):
            held -= len(heappop(kept)[2])
    return [line for _moment, _number, line in sorted(kept, reverse=True)]


def each(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines one by one, wherever a block ends. Not splitlines(), which would also cut at other control characters."""
    begun = b""
    for block in blocks:
        *lines, begun = (begun + block).split(b"\n")
        yield from lines
    if begun:
        yield begun
