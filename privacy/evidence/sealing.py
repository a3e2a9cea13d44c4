"""What to look for after an erasure, sealed in a file outside the database: it waits for one pass, and for some days at most."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from .. import keys
from ..conf import setting, store
from ..errors import KeyDestroyed
from ..files import create, rename
from .identifiers import Identifiers

KIND = "identifiers"


def _path(ref: str) -> Path:
    return store(KIND) / f"{ref}.sealed"


def keep(ref: str, identifiers: Identifiers) -> None:
    """Whole or not at all; done again, it says the same."""
    keys.make(ref, KIND)
    part = _path(ref).with_suffix(".part")
    part.unlink(missing_ok=True)
    with create(part) as file:
        file.write(keys.seal(ref, identifiers.as_text(), KIND))
    rename(part, _path(ref))


def open_again(ref: str) -> Identifiers | None:
    """None once they were destroyed."""
    try:
        return Identifiers.of_text(keys.unseal(ref, _path(ref).read_bytes(), KIND))
    except (FileNotFoundError, KeyDestroyed):
        return None


def is_kept(ref: str) -> bool:
    """Whether what to look for can still be opened."""
    return _path(ref).exists() and keys.exists(ref, KIND)


def destroy(ref: str) -> None:
    """First the key: from then on nobody reads the file, not even from a backup of it."""
    keys.destroy(ref, KIND)
    _path(ref).unlink(missing_ok=True)


def waiting() -> Iterator[str]:
    """The requests for which something is sealed, or was while a worker was killed."""
    yield from {path.stem for folder in (store(KIND), store("keys", KIND)) for path in folder.iterdir()}


def forget(now, open_refs: set[str], searchable_since: dict[str, datetime]) -> None:
    """What is no longer needed, since its request ended in any way, and what waited PRIVACY["RESIDUE_SEALED_DAYS"] for a search.

    While her rows are there it stays, however long that takes: nothing else could say afterwards what to look for.
    """
    oldest = now - timedelta(days=setting("RESIDUE_SEALED_DAYS"))
    for ref in set(waiting()):
        if ref not in open_refs or searchable_since.get(ref, now) < oldest:
            destroy(ref)
