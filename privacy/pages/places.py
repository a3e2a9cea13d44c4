"""Heavy work for anybody who asks: only so much of it at once on this machine, whoever asks and in whichever process."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from ..conf import store


@contextmanager
def place_for(work: str, *, places: int) -> Iterator[bool]:
    """Whether a place is free; it is given back when the block ends, and by a process that dies."""
    for number in range(places):
        with (store("places") / f"{work}-{number}").open("wb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield True
            return
    yield False
