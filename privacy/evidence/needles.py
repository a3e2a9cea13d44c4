"""How a value may be written, and a search for thousands of such forms in one reading (Aho and Corasick, 1975).

All is compared in lower case, of ASCII letters; what has other letters is looked for in capitals too.
"""

import base64
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import quote
from uuid import UUID

from ahocorasick_rs import BytesAhoCorasick

# Characters of the shortest text that can be told from others.
SHORTEST = 6
# Of base64 in the middle of something longer, the characters that its neighbours change.
UNSURE = (0, 2, 3)

# An address inside a longer one is another's: jan@school.example holds an@school.example. What stands before it may be written as in links,
# in JSON, or in a mail.
AROUND = 6
BEFORE = re.compile(rb"(?:\A|[^\w.+%-]|%[0-9a-f]{2}|=[0-9a-f]{2}|\\[nrtbf]|\\u[0-9a-f]{4})\Z")
AFTER = re.compile(rb"\Z|[^\w.-]|[.-](?:\Z|[^\w])")


def words_of(value: str) -> set[bytes]:
    """A text as it may stand between other words."""
    written = {value, value.lower(), value.upper()}
    written |= {quote(text) for text in written} | {json.dumps(text)[1:-1] for text in written}
    written |= {text.replace("\\", "\\\\") for text in written}
    return {text.encode().lower() for text in written}


def codes_of(value: str) -> set[bytes]:
    """What a text becomes: digests in hexadecimal, and base64 whatever stands beside it."""
    texts = {value, value.lower(), *_as_uuid(value)}
    codes = {hashlib.sha256(text.encode()).hexdigest() for text in texts} | _as_uuid(value)
    codes |= {encoded for text in texts for encoded in _in_base64(text.encode())}
    return {code.encode().lower() for code in codes}


def _as_uuid(value) -> set[str]:
    try:
        found = UUID(value)
    except ValueError:
        return set()
    return {str(found), found.hex}


def _in_base64(data: bytes) -> Iterator[str]:
    for lead in range(3):
        encoded = base64.b64encode(b"\0" * lead + data).decode().rstrip("=")
        sure = encoded[UNSURE[lead] : len(encoded) - bool((lead + len(data)) % 3)]
        yield from (sure, sure.replace("+", "-").replace("/", "_"))


class Search:
    """For many things at once: `add` them, then read. A thing is any key; what is found is a set of them."""

    def __init__(self, sought: Iterable[tuple[object, Iterable[bytes], bool]]):
        """Triples of thing, forms, and whether a form counts as a word only."""
        things = defaultdict(set)
        for thing, forms, is_word in sought:
            for form in forms:
                things[form, is_word].add(thing)
        self._things = list(things.items())
        self.longest = max((len(form) for form, _is_word in things), default=0)
        self._automaton = BytesAhoCorasick([form for form, _is_word in things]) if things else None

    def places(self, data: bytes) -> Iterator[int]:
        """Where something may be, in order; to be looked at by `found`."""
        matches = self._automaton.find_matches_as_indexes(data.lower()) if self._automaton else ()
        return (start for _number, start, _end in matches)

    def found(self, data: bytes, *, begins: bool = True, ends: bool = True) -> set:
        """The things in these bytes. `begins` and `ends` are False where more bytes come before or after."""
        data, things = data.lower(), set()
        for number, start, end in self._automaton.find_matches_as_indexes(data, overlapping=True) if self._automaton else ():
            (_form, is_word), owners = self._things[number]
            is_seen_whole = (begins or start >= AROUND) and (ends or end + 2 <= len(data))
            if not is_word or (is_seen_whole and _is_word(data, start, end)):
                things |= owners
        return things

    def read(self, blocks: Iterable[bytes]) -> set:
        """The things in a stream, also where they stand across two blocks."""
        things, before, is_first = set(), b"", True
        for block in blocks:
            data = before + block
            things |= self.found(data, begins=is_first, ends=False)
            keep = self.longest + AROUND + 2
            is_first = is_first and len(data) <= keep
            before = data[-keep:]
        return things | self.found(before, begins=is_first)


def _is_word(data, start, end) -> bool:
    return bool(BEFORE.search(data[max(0, start - AROUND) : start]) and AFTER.match(data[end : end + 2]))
