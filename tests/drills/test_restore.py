"""A backup is put back over what people asked since: nobody is served before all of it is done again (DESIGN D-6)."""

from contextlib import contextmanager
from subprocess import CalledProcessError
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from privacy.datamap import Right

from . import acts, asking
from .backups import Backup
from .site import running_site, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.long]


@pytest.fixture
def site():
    """Of its own: what is put back takes everybody's acts with it."""
    with running_site() as site:
        yield site


@pytest.fixture
def people(site):
    return {name: site.do(acts.welcome, name) for name in ("Xandrine", "Bo", "Daan", "Carla", "Eva")}


def test_what_was_asked_since_the_backup_is_done_again_before_anybody_is_served(site, people):
    address, waiting = site.do(acts.address_of, people["Xandrine"]), site.do(acts.ask_with_grace, people["Eva"])
    backup = Backup.of(site, "backup")
    untouched = site.do(acts.rows_of, people["Carla"])
    ask_all(site, people)
    stands, mails = how_all_stand(site, people), site.mails()

    with serving(site) as status:
        put_back(site, backup)
        assert site.do(acts.exists, people["Xandrine"])
        wait_until(lambda: status() == 503, what="nobody is served")
        site.manage("replay_ledger")
        wait_until(lambda: status() == 200, what="everybody is served")

    assert not site.do(acts.exists, people["Xandrine"])
    assert [mark for mark in (address, "xandrine") if mark in backup.text().lower()] == []
    assert how_all_stand(site, people) == stands
    assert site.do(acts.rows_of, people["Carla"]) == untouched
    assert site.do(acts.status, waiting) == "cancelled"
    assert_nothing_is_left_to_do(site, mails)


def ask_all(site, people):
    site.do(asking.erase, people["Xandrine"])
    site.do(asking.withdraw, people["Bo"])
    site.do(asking.object_and_pause, people["Bo"])
    site.do(asking.ban, site.do(acts.address_of, people["Daan"]))
    site.do(asking.hide_and_take_back, people["Eva"])


def how_all_stand(site, people):
    return {name: site.do(asking.standing, ref) for name, ref in people.items() if name != "Xandrine"}


def assert_nothing_is_left_to_do(site, mails):
    """Once more it changes nothing; nobody but Bo's partner hears a word twice."""
    before = site.do(asking.everything)
    site.manage("replay_ledger")
    site.manage("check", "--database", "default")

    assert site.do(asking.everything) == before
    assert set(site.mails()) == set(mails)


def test_of_two_backups_the_older_one_has_more_to_do_again(site, people):
    older = Backup.of(site, "older")
    site.do(asking.withdraw, people["Bo"])
    newer = Backup.of(site, "newer")
    site.do(asking.erase, people["Xandrine"])
    stands = how_all_stand(site, people)

    for backup in (newer, older, newer):
        put_back(site, backup)
        with pytest.raises(CalledProcessError) as stopped:
            site.manage("check", "--database", "default")
        assert b"privacy.E021" in stopped.value.stderr
        site.manage("replay_ledger")
        site.manage("check", "--database", "default")
        assert not site.do(acts.exists, people["Xandrine"])
        assert how_all_stand(site, people) == stands


def test_a_backup_from_the_middle_of_an_erasure_is_erased_to_the_end(site, people):
    """Taken between the line in the ledger and the rows: the worker of the backup goes on, with or without a replay."""
    request = site.do(acts.ask, Right.ERASURE, people["Xandrine"], unheard=True)
    backup = Backup.of(site, "backup")
    site.do(acts.carry_on, request)
    put_back(site, backup)

    site.manage("replay_ledger")
    with site.working():
        wait_until(lambda: site.do(acts.at_rest, request), what="the worker has nothing left to do")

    assert not site.do(acts.exists, people["Xandrine"])
    assert site.do(acts.status, request) == "fulfilled"


def put_back(site, backup):
    site.do(acts.let_go)
    backup.put_back()


@contextmanager
def serving(site):
    """A function that asks the start page for its status."""
    port = site.start_web()

    def status():
        try:
            return urlopen(f"http://127.0.0.1:{port}/", timeout=30).status
        except HTTPError as refused:
            return refused.code

    try:
        wait_until(lambda: status() == 200, what="the site answers")
        yield status
    finally:
        site.stop("web")
