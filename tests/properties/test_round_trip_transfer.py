"""Property 3, by direct transfer: as a member's browser and the workers of two sites do it, and equal there to what it was here."""

import io
import json
import re
import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import requests
from django.core.management import call_command

from privacy.datamap import registry
from privacy.rights.normal import normal_form
from tests.drills.site import running_site, wait_until

from . import moving
from .test_round_trip_import import exported

pytestmark = [pytest.mark.worker, pytest.mark.long, pytest.mark.django_db]


def address_of(door) -> str:
    return f"http://127.0.0.1:{door.getsockname()[1]}"


class Browser:
    """An, signed in at one site; sites on one machine would share their cookies."""

    def __init__(self, site, address):
        self.address, self._session = address, requests.Session()
        self._session.cookies.set("sessionid", site.do(moving.sign_in))

    def get(self, path):
        return self._session.get(self.address + path, allow_redirects=False, timeout=90)

    def post(self, path, **form):
        """The form of this page; where it leads."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path).text)[1]
        answer = self._session.post(self.address + path, {"csrfmiddlewaretoken": token, **form}, allow_redirects=False, timeout=90)
        return answer.headers["Location"]


def path_of(address):
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """(her archive here, her transfer as each side tells it, her archive there)."""
    folder, near = tmp_path_factory.mktemp("transfer"), {"INZAGE_PARTNERS_ON_LOOPBACK": "1", "INZAGE_SWEEP_SECONDS": "1"}
    with ExitStack() as leaving:
        doors = [leaving.enter_context(socket.create_server(("127.0.0.1", 0))) for _side in range(2)]
        here_at, there_at = map(address_of, doors)
        here = leaving.enter_context(running_site(INZAGE_SITE=here_at, **near))
        trusted = json.dumps({here_at: here.do(moving.keys)})
        there = leaving.enter_context(running_site(INZAGE_SITE=there_at, INZAGE_TRUSTED_ISSUERS=trusted, **near))
        here.do(moving.live_here)
        there.do(moving.settle, here.do(moving.catalogue))
        secret = there.do(moving.register_sender, here_at)
        here.do(moving.register_receiver, there_at, secret)
        for site, door in zip((here, there), doors, strict=True):
            site.do(call_command, "collectstatic", interactive=False, verbosity=0)
            site.start_web(door)
            leaving.enter_context(site.working())
        transfer = path_of(go_there_and_back(Browser(here, here_at), Browser(there, there_at)))
        browser = Browser(here, here_at)
        wait_until(lambda: browser.get(f"{transfer}receipt/").ok, what="the receipt", seconds=90, every=0.5)
        told = here.do(moving.how_it_went), there.do(moving.how_it_came)
        return exported(here, folder / "here.zip"), told, exported(there, folder / "there.zip")


def go_there_and_back(here, there):
    for browser in (here, there):
        wait_until(lambda browser=browser: browser.get("/elsewhere/").status_code == 200, what=f"{browser.address} answers", every=0.5)
    asking = path_of(here.post("/elsewhere/to/ginds/"))
    take = [data_map.label() for data_map in registry.maps.values() if data_map.arrives]
    return here.get(path_of(there.post(asking, answer="yes", take=take))).headers["Location"]


def test_what_went_there_is_there_what_it_was_here(moved):
    """All but the columns of her account that wait for another consent of hers there."""
    sent, _told, received = moved

    here, there = normal_form(io.BytesIO(sent)), normal_form(io.BytesIO(received))

    account = "accounts.Member"
    assert {record: rows for record, rows in there.items() if record != account} == {
        record: rows for record, rows in here.items() if record != account
    }


def test_both_sides_keep_the_same_receipt_and_no_token(moved):
    _sent, (went, came), _received = moved

    assert (went["state"], came["state"], went["problem"]) == ("done", "done", "")
    assert went["receipt"] == came["receipt"]
    assert went["token"] == 0
    assert went["disclosed"] == 1


def test_the_receipt_counts_what_was_sent(moved):
    _sent, (went, _came), _received = moved

    for each in json.loads(went["receipt"])["taken"]:
        assert each["new"] == each["sent"] > 0, each
