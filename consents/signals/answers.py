"""What a program answered, as a code of ours: words of others are not kept."""

import json
from collections.abc import Callable

from privacy.errors import PrivacyError

from ..errors import NotReached
from ..outgoing import Answer

# RFC 8935, 2.4, and SSF 1.0 for the test of a stream.
ERRORS = {"invalid_request", "invalid_key", "invalid_issuer", "invalid_audience", "authentication_failed", "access_denied", "invalid_state"}
# We may not bring anything here, whatever it is: nothing goes out until the program says so.
SHUT_OUT = {"401", "403", "400 authentication_failed", "400 access_denied"}


def of_call(call: Callable[[], Answer]) -> str:
    """What came of calling a program, as a code: also where nothing came back, its address leads to us by now, or a key is gone."""
    try:
        return code_of(call())
    except NotReached as problem:
        return problem.code
    except PrivacyError as refusal:
        return type(refusal).__name__


def code_of(answer: Answer) -> str:
    """`202`, `503`, `400 invalid_audience`."""
    said = error_in(_read(answer.body)) if answer.status == 400 else ""
    return f"{answer.status} {said}".strip()


def error_in(said) -> str:
    """The `err` of what was said, where the standard knows it."""
    error = said.get("err") if isinstance(said, dict) else None
    return error if isinstance(error, str) and error in ERRORS else ""


def _read(body):
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
