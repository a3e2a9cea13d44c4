"""Files in an archive that other programs open: host apps register how they are made."""

from collections.abc import Callable, Iterable, Iterator

from django.db.models import QuerySet

from ..datamap import registry
from ..subjects import Subject
from .portability import Scope

Maker = Callable[[Subject, QuerySet], Iterable[bytes] | None]

makers: dict[str, tuple[str, Maker]] = {}


def archive_format(name: str, *, record: str):
    """Register a maker of `formats/<name>` ("favourites.html"), asked where rows of `record` ("usage.Favourite") are in an archive.

    The maker takes a Subject and her rows of this record that are in the archive, and gives the file in pieces, in the language of the
    moment; None where there is nothing to write.
    """

    def register(maker: Maker) -> Maker:
        makers[name] = record, maker
        return maker

    return register


def formats_of(subject: Subject, scope: Scope, records: Iterable[str]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Name and pieces of every file whose record type is among these."""
    wanted = set(records)
    for name, (record, maker) in sorted(makers.items()):
        pieces = maker(subject, scope.rows(registry.labelled(record), subject)) if record in wanted else None
        if pieces is not None:
            yield f"formats/{name}", pieces
