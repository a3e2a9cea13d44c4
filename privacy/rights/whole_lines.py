"""Whole lines out of blocks that end anywhere."""

from collections.abc import Iterable, Iterator


class WholeLines:
    """Puts blocks together, and gives what is whole of them once that is `at_least` so many bytes."""

    def __init__(self, *, at_least: int = 0):
        self._at_least, self._blocks, self._size = at_least, [], 0

    def add(self, block: bytes) -> bytes:
        """Lines that became whole, without the end of the last; b"" where nothing has to be looked at yet."""
        self._blocks.append(block)
        self._size += len(block)
        if self._size < self._at_least:
            return b""
        whole, _end, begun = b"".join(self._blocks).rpartition(b"\n")
        self._blocks, self._size = [begun], len(begun)
        return whole

    def rest(self) -> bytes:
        """Once no block follows."""
        return b"".join(self._blocks).removesuffix(b"\n")


def lines_of(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Each line without its end; none of them is empty."""
    gathered = WholeLines()
    for block in blocks:
        yield from _split(gathered.add(block))
    yield from _split(gathered.rest())


def _split(text: bytes) -> list[bytes]:
    return text.split(b"\n") if text else []
