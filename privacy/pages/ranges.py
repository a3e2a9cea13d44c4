"""Which part of a file a browser asks for, to go on where a download broke off (RFC 9110, section 14)."""

import re

# One part; 19 digits are more than any file has bytes.
ONE = re.compile(r"bytes=[ \t]*(\d{0,19})-(\d{0,19})[ \t]*", re.ASCII | re.IGNORECASE)


class NotInFile(Exception):
    """The file ends before the part begins (416)."""


def part_of(header: str, size: int) -> range | None:
    """None for the whole file: no part asked, several at once, or words that make no sense, which the RFC lets us pass over."""
    asked = ONE.fullmatch(header.strip())
    if asked is None:
        return None
    first, last = asked.groups()
    if first:
        return _between(int(first), int(last) if last else None, size)
    return _last(int(last), size) if last else None


def _between(first, last, size):
    if last is not None and last < first:
        return None
    if first >= size:
        raise NotInFile
    return range(first, size if last is None else min(last + 1, size))


def _last(number, size):
    if not number or not size:
        raise NotInFile
    return range(max(0, size - number), size)
