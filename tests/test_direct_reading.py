"""An archive that comes file by file: each act reads no more than it needs, and an end is known in whatever order it counts."""

import json
from unittest import mock

import pytest

from consents.models import IncomingTransfer
from consents.transfer import api, coming, expecting, storing
from privacy.pages.places import place_for
from privacy.rights import handing_over, opening

from . import transferring
from .test_direct_receiver import take_in
from .transferring import Sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(settings, an):
    transferring.trust_elsewhere(settings)
    return Sender(transferring.token_for(transferring.make_sender(), an), transferring.archive_of(an))


def counted(monkeypatch, module, name):
    """How often it is called."""
    watched = mock.Mock(wraps=getattr(module, name))
    monkeypatch.setattr(module, name, watched)
    return watched


def test_the_manifest_is_read_when_it_begins_and_when_it_is_taken_in_alone(sender, monkeypatch):
    read = counted(monkeypatch, opening, "manifest_in")

    sender.begin()
    begun = read.call_count
    sender.put_all()
    sender.status()
    sender.end()
    sender.status()

    assert (begun, read.call_count) == (1, 1)
    assert take_in(sender).state == "done"


def test_a_piece_looks_at_no_other_file(sender, monkeypatch):
    sender.begin()
    listed = counted(monkeypatch, storing, "received")

    sender.put_all()

    assert listed.call_count == 0


def test_of_one_file_the_pieces_count_up_to_the_first_gap(sender):
    sender.begin()
    for offset, plain in ((0, b"0123"), (4, b"45"), (9, b"9")):
        storing.keep_piece(sender.ref, 1, offset, plain)
    storing.keep_piece(sender.ref, 11, 0, b"another")

    assert [storing.received_of(sender.ref, number) for number in (1, 11, 2)] == [6, 7, 0]
    assert storing.received(sender.ref) == {1: 6, 11: 7}


def test_what_is_to_come_lies_sealed_and_goes_with_the_rest(sender, settings, django_capture_on_commit_callbacks):
    sender.begin()
    raw = (settings.PRIVACY["STORE"] / "arriving" / sender.ref / storing.WANTED).read_bytes()

    with django_capture_on_commit_callbacks(execute=True):
        coming.stop(IncomingTransfer.objects.get())

    assert b"usage_folder" not in raw
    assert not (settings.PRIVACY["STORE"] / "arriving" / sender.ref).exists()


def test_a_place_is_taken_once_the_body_is_there(sender, monkeypatch):
    """Who sends slowly keeps nobody out."""
    taken, json_of = [], api._json
    monkeypatch.setattr(api, "place_for", lambda *work, **of: taken.append("place") or place_for(*work, **of))
    monkeypatch.setattr(api, "_json", lambda request, most: taken.append("body") or json_of(request, most))

    assert sender.begin().status_code == 201
    assert taken == ["body", "place"]


def test_without_a_place_it_is_asked_to_come_back(sender, monkeypatch):
    monkeypatch.setattr(api, "BEGINNING_AT_ONCE", 0)

    answer = sender.begin()

    assert (answer.status_code, answer.json()["type"], answer["Retry-After"]) == (429, "#too-often", "5")
    assert IncomingTransfer.objects.get().state == "allowed"


def test_the_order_in_which_files_are_counted_is_the_senders_own(sender):
    sender.begin()
    sender.put_all()
    sender.wanted.reverse()

    assert sender.end().status_code == 202


@pytest.mark.parametrize(
    "files",
    [
        None,
        "all",
        {},
        [],
        [None],
        [[]],
        [{"name": []}],
        [1, "x", {}],
        [{"name": "data/usage_folder.json", "bytes": 1, "sha256": "0" * 64}],
    ],
)
def test_files_that_are_none_are_not_those_that_are_wanted(sender, files):
    sender.begin()
    sender.put_all()

    answer = sender.end(files=files)

    assert (answer.status_code, answer.json()["type"]) == (422, "#not-as-signed")


def test_a_file_that_is_counted_twice_is_not_counted_right(sender):
    sender.begin()
    sender.put_all()
    sender.wanted.append(sender.wanted[0])

    assert sender.end().status_code == 422


EXPECTED = expecting.Expected("0" * 64, [handing_over.Listed("a.json", 1, "1" * 64, 1)], [], 1)
COUNTED = {"manifest_sha256": "0" * 64, "bytes": 1, "rows": 1, "files": [{"name": "a.json", "bytes": 1, "sha256": "1" * 64}]}


def test_true_is_no_number():
    assert EXPECTED.is_counted_by(COUNTED)
    assert not EXPECTED.is_counted_by(COUNTED | {"rows": True})


@pytest.mark.parametrize("name", COUNTED)
def test_how_deep_a_list_goes_is_not_looked_at(name):
    """What was read in a shallow place may go too deep for another."""
    deep = []
    for _level in range(2000):
        deep = [deep]

    assert not EXPECTED.is_counted_by(COUNTED | {name: deep})


def test_stopped_in_the_middle_of_its_end_it_says_so(sender, monkeypatch):
    """Between the look at the files and the moment at which it would be taken in."""
    sender.begin()
    sender.put_all()
    told = expecting.Expected.told

    def meanwhile(self, here):
        coming.stop(IncomingTransfer.objects.get())
        return told(self, here)

    monkeypatch.setattr(expecting.Expected, "told", meanwhile)
    answer = sender.end()

    assert (answer.status_code, answer.json()["type"]) == (401, "#consent")


def test_every_state_that_is_told_is_one_of_the_contract(sender):
    contract = {"begun", "complete", "taking_in", "done", "refused"}
    told = [sender.begin().json()["state"]]
    sender.put_all()
    told += [sender.status().json()["state"], sender.end().json()["state"]]
    take_in(sender)

    assert {*told, sender.status().json()["state"]} <= contract
    assert json.loads(sender.status().content)["wanted"] == []
