"""A copy that is made safe and killed in the middle: run again, it ends as one that nobody disturbed (docs/staging.md)."""

import signal

import pytest
from django.db import connection

from . import acts, copies
from .backups import Backup
from .site import running_site, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.long]

# Written for long enough to be killed meanwhile.
VIEWS = {"sqlite": 120_000, "postgresql": 400_000}[connection.vendor]


@pytest.fixture
def site():
    """Of its own: everybody in it becomes somebody else."""
    with running_site() as site:
        yield site


def test_a_copy_whose_run_is_killed_is_made_safe_by_the_next(site):
    refs = [site.do(acts.welcome, "Xandrine", views=VIEWS), site.do(acts.welcome, "Bo")]
    marks = [site.do(acts.address_of, ref) for ref in refs] + [str(ref) for ref in refs] + ["xandrine"]
    backup = Backup.of(site, "backup")
    with copies.as_copy(site):
        site.manage("anonymise_database")
        undisturbed = site.do(copies.shape)
    put_back(site, backup)

    with copies.as_copy(site):
        running = site.start("copy", "django", "anonymise_database")
        wait_until(lambda: copies.is_in_the_middle(site), what="the largest table is being written")
        site.kill(running)
        assert running.returncode == -signal.SIGKILL
        copies.wait_until_alone(site)
        assert found(marks, backup), "killed too late to be in the middle"
        site.manage("anonymise_database")
        again = site.do(copies.shape)

    assert again == undisturbed
    assert found(marks, backup) == []


def found(marks, backup) -> list[str]:
    text = backup.text().lower()
    return [mark for mark in marks if mark in text]


def put_back(site, backup):
    site.do(acts.let_go)
    backup.put_back()
