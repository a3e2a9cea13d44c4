"""What was read of each record type outlives its worker."""

import pytest

from privacy.conf import store
from privacy.rights import collecting, vault
from privacy.rights.archive import write_archive
from privacy.rights.portability import Scope
from privacy.rights.spool import SMALL, Spool, writing
from tests.archives import Opened, WriteOnly
from tests.makers import make_resource
from usage.models import ResourceView, Search

LARGE = b"x" * (SMALL + 1)


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def spool(folder):
    return Spool(folder, vault.new_key(), b"An")


def next_attempt(spool):
    return Spool(spool.folder, spool._key, b"An", attempt=spool.attempt + 1)


def test_what_is_small_never_reaches_the_disk(spool):
    held = spool.held("part.records")
    with writing(held):
        held.write(b"little")

    spool.keep("part", {"rows": 1}, held)

    assert b"".join(held.blocks()) == b"little"
    assert list(spool.folder.iterdir()) == []


def test_what_is_large_lies_sealed_and_is_taken_up_again(spool):
    records, sheet = spool.held("part.records"), spool.held("part.sheet")
    with writing(records, sheet):
        records.write(LARGE)
        sheet.write(b"little")
    spool.keep("part", {"rows": 3}, records, sheet)

    receipt, files = next_attempt(spool).kept("part", "records", "sheet")

    assert receipt == {"rows": 3}
    assert [b"".join(file.blocks()) for file in files] == [LARGE, b"little"]
    assert all(LARGE not in path.read_bytes() for path in spool.folder.iterdir())


def break_off(held):
    with writing(held):
        held.write(LARGE)
        raise OSError("full")


def test_what_was_not_finished_is_not_taken_up(spool):
    with pytest.raises(OSError, match="full"):
        break_off(spool.held("part.records"))

    assert next_attempt(spool).kept("part", "records") is None
    assert list(spool.folder.iterdir()) == []


@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_what_was_damaged_is_not_taken_up(spool, harm):
    held = spool.held("part.records")
    with writing(held):
        held.write(LARGE)
    spool.keep("part", {"rows": 3}, held)
    raw = held.path.read_bytes()

    held.path.write_bytes({"cut": raw[:-1], "changed": raw[:-1] + bytes([raw[-1] ^ 1]), "gone": b""}[harm])

    assert next_attempt(spool).kept("part", "records") is None


def test_another_persons_parts_are_not_taken_up(spool):
    held = spool.held("part.records")
    with writing(held):
        held.write(LARGE)
    spool.keep("part", {"rows": 3}, held)

    assert Spool(spool.folder, spool._key, b"Bo", attempt=1).kept("part", "records") is None


@pytest.mark.django_db
def test_after_a_kill_only_what_was_not_finished_is_read_again(an, folder, monkeypatch):
    """Each record type keeps the moment at which it was read."""
    resource, key = make_resource(), vault.new_key()
    ResourceView.objects.bulk_create([ResourceView(member=an, resource=resource) for _ in range(2_000)])
    Search.objects.bulk_create([Search(member=an, words="breuken") for _ in range(2_000)])
    read, done = collecting.Extract, []

    def killed(part, *about, **options):
        if part.data_map.label() == "usage.Search":
            raise KeyboardInterrupt
        done.append(part.data_map.label())
        return read(part, *about, **options)

    monkeypatch.setattr(collecting, "Extract", killed)
    with pytest.raises(KeyboardInterrupt):
        write_archive(an.subject, WriteOnly(), spool=Spool(folder, key, b"An", attempt=1))
    again = []

    def counted(part, *about, **options):
        again.append(part.data_map.label())
        return read(part, *about, **options)

    monkeypatch.setattr(collecting, "Extract", counted)
    file = WriteOnly()

    write_archive(an.subject, file, spool=Spool(folder, key, b"An", attempt=2))

    archive = Opened(file.raw())
    assert "usage.ResourceView" in done
    assert "usage.ResourceView" not in again
    assert "usage.Search" in again
    assert len(archive.rows("usage.ResourceView")) == len(archive.rows("usage.Search")) == 2_000
    assert archive.parts["usage.ResourceView"]["as_of"] < archive.parts["usage.Search"]["as_of"]


@pytest.mark.django_db
def test_an_archive_in_one_go_leaves_nothing(an):
    write_archive(an.subject, WriteOnly(), scope=Scope.EVERYTHING)

    assert list(store("parts").iterdir()) == []
