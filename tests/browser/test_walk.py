"""A teacher exercises every right: with a mouse, by keyboard alone, and without JavaScript. The data protection officer sees it."""

import pytest

from tests.makers import PASSWORD

from . import acts, walk
from .actors import ACTORS, Mouse
from .scene import DAAN

# No word of it occurs in a page.
FIRST_NAME, LAST_NAME = "Anneleentje", "Vandevoordehulst"


@pytest.fixture
def daan(open_window, scene):
    he = Mouse(open_window())
    walk.sign_in(he, DAAN)
    return he


# The whole story by mouse in each run; by keyboard and without JavaScript with the long tests.
@pytest.mark.parametrize("how", ["mouse", *(pytest.param(how, marks=pytest.mark.long) for how in ACTORS if how != "mouse")])
def test_a_teacher_exercises_every_right(how, site, daan, open_window, tmp_path):
    """G-47, G-52: sign up, look, take, correct, withdraw, delete, go back, delete for good."""
    she, email = ACTORS[how](open_window(**ACTORS[how].options)), f"{how}.{LAST_NAME.lower()}@school.example"

    walk.sign_up(she, site, email, FIRST_NAME, LAST_NAME)
    site.do(acts.furnish, email)
    walk.sign_in(she, email, PASSWORD)
    walk.look(she)
    walk.take_archive(she, site, email, tmp_path)
    walk.correct(she, site, email)
    walk.withdraw(she, site, email)
    walk.delete(she)
    walk.see_that_she_is_hidden(she, email)
    walk.take_back(she)
    walk.delete(she)
    number = site.do(acts.requests_of, site.do(acts.subject_of, email), "erasure")[-1][0]
    walk.see_at_the_desk(daan, number, names=[email, FIRST_NAME, LAST_NAME])
    walk.be_erased(she, site, email)
