"""Small changes to XML that office programs wrote, without reading it into a tree: what we do not touch stays as it was."""

import html
import re

# The attributes of one tag, at most so many bytes: with a bound no file makes a search crawl (test_a_search_in_hostile_markup_is_quick).
INSIDE = rb"[^<>]{0,2000}"


def values(contents: bytes, pattern: bytes) -> set[str]:
    """What the one group of this pattern stands for, wherever it says something."""
    found = (html.unescape(value.decode("utf-8", "replace")).strip() for value in re.findall(pattern, contents))
    return {value for value in found if value}


def element(name: bytes) -> bytes:
    """A pattern for the words in an element."""
    return rb"<%b(?:\s%b)?>([^<]+)</%b>" % (name, INSIDE, name)


def attribute(name: bytes) -> bytes:
    return rb"""\s%b=["']([^"']+)["']""" % name


def without(parts: dict[str, bytes], name: str, pattern: bytes, put: bytes = b"") -> bool:
    """Whether something was taken out."""
    parts[name], times = re.subn(pattern, put, parts[name])
    return times > 0
