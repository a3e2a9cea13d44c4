"""How often an erasure goes to the database for the steps on rows."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import erasing

from .makers import make_comment, make_favourite, make_message, make_score, make_view
from .properties.acts import erase


def trips(member, other, *, rows):
    """For a member with so many rows of each kind."""
    for _row in range(rows):
        make_message(member, other)
        for make in (make_score, make_view, make_comment, make_favourite):
            make(member)
    erased = erasing.Erased()
    with CaptureQueriesContext(connection), erasing.watched(erased):
        erase(member.subject)
    return erased.round_trips


def test_an_ordinary_member_takes_twelve_trips_however_many_rows(an, bo, daan):
    """PERFORMANCE, erasure. SQLite takes one statement at a time, and is never far."""
    few, many = trips(an, daan, rows=1), trips(bo, daan, rows=30)

    assert few == many
    assert few <= 12 or connection.vendor == "sqlite"
