"""Files in an archive that other programs open: host apps register how they are made."""

from collections.abc import Callable, Iterable, Iterator

from ..subjects import Subject

Maker = Callable[[Subject], Iterable[bytes] | None]

makers: dict[str, tuple[str, Maker]] = {}


def archive_format(name: str, *, record: str):
    """Register a maker of `formats/<name>` ("favourites.html"), asked where rows of `record` ("usage.Favourite") are in an archive.

    The maker takes a Subject and gives the file in pieces, in the language of the moment; None where there is nothing to write.
    """

    def register(maker: Maker) -> Maker:
        makers[name] = record, maker
        return maker

    return register


def formats_of(subject: Subject, records: Iterable[str]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Name and pieces of every file whose record type is among these."""
    wanted = set(records)
    for name, (record, maker) in sorted(makers.items()):
        pieces = maker(subject) if record in wanted else None
        if pieces is not None:
            yield f"formats/{name}", pieces
