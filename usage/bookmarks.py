"""A member's favourites as the file that browsers import: folders, titles, addresses and notes (Art. 20)."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from privacy.conf import setting
from privacy.rights.formats import archive_format
from privacy.subjects import Subject

CHUNK = 2_000
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
HEAD = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>{title}</TITLE>
<H1>{title}</H1>
<DL><p>
"""
FOLDER, FOLDER_END, FOOT = "    <DT><H3>{name}</H3>\n    <DL><p>\n", "    </DL><p>\n", "</DL><p>\n"
BOOKMARK = '        <DT><A HREF="{address}" ADD_DATE="{added}">{title}</A>\n'
NOTE = "        <DD>{note}\n"


@archive_format("favourites.html", record="usage.Favourite")
def favourites(subject: Subject, rows: QuerySet) -> Iterable[bytes] | None:
    """None without favourites, and without an address of the site to lead to. What was taken back has no page left to keep."""
    if not setting("SITE"):
        return None
    kept = _kept(rows)
    first = next(kept, None)
    return None if first is None else (said.encode("utf-8", "replace") for said in _file(chain([first], kept)))


class Kept(NamedTuple):
    """A favourite, in the folder that it lies in."""

    folder: int
    folder_name: str
    resource: int
    title: str
    added_at: datetime
    note: str


def _kept(rows) -> Iterator[Kept]:
    ordered = rows.filter(resource__removed_at=None).order_by("folder__name", "folder", "added_at", "pk")
    kept = ordered.values_list("folder", "folder__name", "resource", "resource__title", "added_at", "note")
    return (Kept(*row) for row in kept.iterator(chunk_size=CHUNK))


def _file(kept) -> Iterator[str]:
    yield HEAD.format(title=_text(_("Favourites")))
    before, after = _around_key()
    for (_folder, name), favourites in groupby(kept, key=itemgetter(0, 1)):
        yield FOLDER.format(name=_text(name))
        for favourite in favourites:
            address, added = f"{before}{favourite.resource}{after}", int(favourite.added_at.timestamp())
            note = NOTE.format(note=_text(favourite.note)) if favourite.note else ""
            yield BOOKMARK.format(address=address, added=added, title=_text(favourite.title)) + note
        yield FOLDER_END
    yield FOOT


def _around_key() -> tuple[str, str]:
    """The address of any resource, before its key and after it: to ask for each takes longer than all the rest."""
    before, _key, after = reverse("usage:resource", args=[0]).rpartition("0")
    return escape(setting("SITE").rstrip("/") + before), escape(after)


def _text(said) -> str:
    """On one line, since programs read this file line by line; nothing in it is markup or steers a terminal."""
    return escape(" ".join(CONTROL.sub(" ", str(said)).split()))
