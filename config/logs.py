"""What a line of the log may hold: which page and which kind of error, where in our code; never a value that a person gave."""

import logging
import traceback


class WithoutValues(logging.Formatter):
    """A database names the address that is there twice, and an address of a page may hold the key of a mail: both stay out."""

    def format(self, record):
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            written = {path, path.encode("unicode_escape").decode()}  # as it came, and as Django writes it
            record.args = tuple(page_of(request) if argument in written else argument for argument in record.args)
        return super().format(record)

    def formatException(self, exc_info):
        """The frames and the kind of error, without its message; causes too, as a chain of kinds."""
        frames = "".join(traceback.format_tb(exc_info[2]))
        return f"{frames}{' <- '.join(kinds(exc_info[1]))}"


def page_of(request) -> str:
    """The pattern of the address instead of what was filled in."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "an address of no page"


def kinds(error):
    """The error and what it came from."""
    while error is not None:
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        error = error.__cause__ or error.__context__
