"""Libraries meet files that somebody broke on purpose."""

from contextlib import contextmanager

from ..errors import FileBroken, FileRefused


@contextmanager
def somebody_elses_file():
    """Parsers answer a broken file with whatever their code runs into; all of it means that we cannot read it."""
    try:
        yield
    except FileRefused:
        raise
    except (Exception, RecursionError):
        raise FileBroken from None
