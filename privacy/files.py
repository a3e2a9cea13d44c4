"""Files of ours outside the database: whole or not at all, and for their owner alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def create(path: Path) -> Iterator[BinaryIO]:
    """A new file (mode 0600), on disk when the block ends well, gone when not; FileExistsError where there is one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def rename(part: Path, path: Path) -> None:
    """The new name is on disk when this returns, so that no row promises a file that a power failure took."""
    os.replace(part, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
