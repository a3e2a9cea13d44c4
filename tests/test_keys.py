"""A key per request, outside the database: destroying it makes what it sealed unreadable."""

import os
import stat
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.utils import timezone

from privacy import keys
from privacy.conf import store
from privacy.errors import KeyDestroyed


@pytest.fixture
def made():
    keys.make("AAAA")
    return "AAAA"


def key_file(ref):
    return store("keys") / f"{ref}.key"


def test_what_a_key_sealed_it_opens(made):
    sealed = keys.seal(made, "an@school.example")

    assert keys.unseal(made, sealed) == "an@school.example"
    assert b"school" not in sealed


def test_the_same_text_is_sealed_differently_each_time(made):
    assert keys.seal(made, "an@school.example") != keys.seal(made, "an@school.example")


def test_after_its_key_is_destroyed_nothing_opens_it(made):
    sealed = keys.seal(made, "an@school.example")

    keys.destroy(made)

    with pytest.raises(KeyDestroyed):
        keys.unseal(made, sealed)
    with pytest.raises(KeyDestroyed):
        keys.seal(made, "again")


def test_what_one_request_sealed_another_does_not_open(made):
    """The number of the request is authenticated: not even under the same key."""
    sealed = keys.seal(made, "an@school.example")
    key_file("BBBB").write_bytes(key_file(made).read_bytes())

    with pytest.raises(InvalidTag):
        keys.unseal("BBBB", sealed)


def test_one_changed_bit_is_noticed(made):
    sealed = bytearray(keys.seal(made, "an@school.example"))
    sealed[-1] ^= 1

    with pytest.raises(InvalidTag):
        keys.unseal(made, bytes(sealed))


def test_only_the_owner_of_the_process_reads_a_key(made):
    assert stat.S_IMODE(key_file(made).stat().st_mode) == 0o600
    assert stat.S_IMODE(store("keys").stat().st_mode) == 0o700


def test_every_folder_on_the_way_is_closed_too(db):
    assert [stat.S_IMODE(store(*parts).stat().st_mode) for parts in (("keys", "partners"), ("keys",), ())] == [0o700] * 3


def test_a_key_that_exists_is_kept(made):
    sealed = keys.seal(made, "an@school.example")

    keys.make(made)

    assert keys.unseal(made, sealed) == "an@school.example"


def test_a_key_that_a_killed_worker_left_empty_is_replaced(monkeypatch):
    key_file("AAAA").touch()
    monkeypatch.setattr(keys, "rename", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        keys.make("AAAA")
    monkeypatch.undo()

    keys.make("AAAA")

    assert keys.unseal("AAAA", keys.seal("AAAA", "an@school.example")) == "an@school.example"
    assert [path.name for path in store("keys").iterdir() if path.is_file()] == ["AAAA.key"]


def test_destroying_twice_is_well(made):
    keys.destroy(made)
    keys.destroy(made)

    assert not key_file(made).exists()


def test_keys_are_found_by_their_age(made):
    now = timezone.now()
    keys.make("OLD")
    two_days_ago = (now - timedelta(days=2)).timestamp()
    os.utime(key_file("OLD"), (two_days_ago, two_days_ago))

    assert list(keys.made_before(now - timedelta(days=1))) == ["OLD"]
