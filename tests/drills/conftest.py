"""One site for all drills of a process; each starts the workers it needs, and lets in people of its own."""

import pytest

from .site import running_site

pytest.register_assert_rewrite("tests.drills.outcomes")


@pytest.fixture(scope="session")
def site():
    with running_site() as site:
        yield site
