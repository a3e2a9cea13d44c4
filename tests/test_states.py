"""The state machine of a request: what it allows, and that the documentation draws it as it is."""

import os
from itertools import product
from pathlib import Path

import pytest

from privacy.casework import states
from privacy.casework.states import OPEN, TRANSITIONS, Status
from privacy.errors import RequestNotApproved

from . import drawn_states
from .test_agenda import asked

DOCS = Path(__file__).resolve().parents[1] / "docs"
PICTURE, PAGE = DOCS / "request-states.svg", DOCS / "requests.md"
BEGIN, END = "<!-- states -->\n", "<!-- /states -->"


def test_the_picture_is_of_this_state_machine():
    """To draw it anew: WRITE_DOCS=1 python -m pytest tests/test_states.py"""
    if os.environ.get("WRITE_DOCS"):
        PICTURE.write_text(drawn_states.picture(), encoding="utf-8")

    assert PICTURE.read_text(encoding="utf-8") == drawn_states.picture()


def test_the_table_beside_it_says_the_same():
    if os.environ.get("WRITE_DOCS"):
        before, begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(before + begin + drawn_states.table() + END + rest.partition(END)[2], encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0] == drawn_states.table()


def test_every_move_is_in_the_picture():
    """Between two that are open only from one to the next, which it has room for; a dot for each other move."""
    moves = {(begin, end) for begin, after in TRANSITIONS.items() for end in after}
    in_a_row = {move for move in moves if move[1] in TRANSITIONS}

    assert in_a_row <= set(zip(drawn_states.opens(), drawn_states.opens()[1:], strict=False))
    assert drawn_states.picture().count("<circle") == len(moves - in_a_row)


def test_what_leads_somewhere_is_open_and_the_rest_is_closed():
    assert set(drawn_states.opens()) == set(OPEN)


@pytest.mark.django_db
@pytest.mark.parametrize(("begin", "end"), [*product(Status, Status)])
def test_a_request_moves_as_the_table_says_and_no_other_way(an, begin, end):
    request = asked(an)
    no = {"refusal_ground": "exception", "refusal_reasons": "Omdat."}
    type(request).objects.update(status=begin, **no)
    request.refresh_from_db()

    if end in TRANSITIONS.get(begin, ()):
        states.move(request, end)
    else:
        with pytest.raises(RequestNotApproved):
            states.move(request, end)

    request.refresh_from_db()
    assert request.status == (end if end in TRANSITIONS.get(begin, ()) else begin)
