"""One Chromium and one site for the browser tests of a process; each test has windows and people of its own.

Scope is the package, not the session: while Playwright runs, its event loop keeps Django in this process from the database.
"""

from contextlib import suppress

import pytest
from django.db import connection
from playwright.sync_api import Error

pytest.register_assert_rewrite("tests.browser.clean", "tests.browser.actors", "tests.browser.walk")

from tests import openid  # noqa: E402

from . import moderating, program  # noqa: E402 - after the line above, so that a failed assert there is told in full
from . import scene as scenes  # noqa: E402
from .looking import Lookers  # noqa: E402
from .signed_in import SignedIn  # noqa: E402
from .site import open_site  # noqa: E402


def pytest_collection_modifyitems(items):
    """They ask the same of the pages whatever the database; the drills run processes on SQLite too."""
    for item in items:
        if item.path.is_relative_to(__file__.rpartition("/")[0]):
            item.add_marker(pytest.mark.worker)
            item.add_marker(
                pytest.mark.skipif(connection.vendor != "postgresql", reason="browser tests run on PostgreSQL, as production does")
            )


@pytest.fixture(scope="package")
def chromium():
    with program.started() as browser:
        yield browser


@pytest.fixture(scope="package")
def elsewhere():
    """A provider that members can sign in at."""
    with openid.running() as stand_in:
        yield stand_in


@pytest.fixture(scope="package")
def site(elsewhere):
    with open_site(fill=scenes.furnish, **openid.environment(elsewhere), **moderating.environment()) as site:
        yield site


@pytest.fixture(scope="package")
def scene(site):
    return scenes.play(site)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """A test that fails tells what its windows showed."""
    report = yield
    if report.when == "call" and report.failed:
        looking = [item.funcargs["watch"].page] if "watch" in item.funcargs else []
        for page in [*looking, *(page for window in item.funcargs.get("windows", []) for page in window.pages)]:
            with suppress(Error):  # one that hangs or crashed tells nothing
                report.sections.append((f"window at {page.url}", page.locator("body").aria_snapshot()))
    return report


@pytest.fixture
def windows():
    """Those that this test opened."""
    opened = []
    yield opened
    for window in opened:
        window.close()


@pytest.fixture
def open_window(chromium, site, windows):
    """A function that opens a window on the site; all of them close with the test."""

    def open_one(address=site.address, **options):
        windows.append(program.window(chromium, address, **options))
        return windows[-1]

    return open_one


@pytest.fixture(scope="package")
def signed_in(chromium, site):
    """A function that gives what a browser keeps of somebody who signed in lately; of nobody, nothing."""
    return SignedIn(chromium, site)


@pytest.fixture(scope="package")
def lookers(chromium, site, signed_in):
    lookers = Lookers(chromium, site, signed_in)
    yield lookers
    lookers.close()
