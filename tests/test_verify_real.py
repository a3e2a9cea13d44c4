"""What the product writes, its own check lets pass; and what was done to it afterwards, it finds."""

import io
import zipfile

import pytest

from privacy.evidence.signing import public_keys, rotate
from privacy.rights.portability import Kind, Scope
from privacy.verify import Code, State, keys_of, verify

from .archives import HOSTILE, archive_of
from .makers import make_comment, make_favourite, make_publication, make_resource, make_search, make_view
from .signed_archives import zipped

SEARCH = "data/usage_search.json"


@pytest.fixture
def busy(an):
    """An, who left something everywhere, in words that have broken tables before."""
    material = make_publication(an, make_resource("Breuken"), text=HOSTILE).resource
    make_view(an, material)
    make_comment(an, material, HOSTILE)
    make_favourite(an, material, note=HOSTILE)
    for words in ('"', '""\r\n', "\n\n\n", ";", HOSTILE):
        make_search(an, words[:100])
    return an


def checked(raw):
    return verify(io.BytesIO(raw), keys_of(public_keys()))


def unpacked(archive):
    with zipfile.ZipFile(io.BytesIO(archive.raw)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_real_archive_passes(busy):
    archive = archive_of(busy)

    verdict = checked(archive.raw)

    assert (verdict.faults, verdict.state) == ([], State.SIGNED)
    assert (verdict.rows, verdict.files) == (archive.manifest["rows"], len(archive.names) - 2)


def test_what_may_go_to_another_platform_passes_too(busy):
    portable = archive_of(busy, scope=Scope(Kind.PORTABLE))

    verdict = checked(portable.raw)

    assert (verdict.faults, verdict.state) == ([], State.SIGNED)


def test_it_passes_after_the_key_was_changed(busy):
    raw = archive_of(busy).raw

    rotate()

    assert checked(raw).state == State.SIGNED


def test_a_row_taken_out_of_a_real_archive_is_found(busy):
    files = unpacked(archive_of(busy))
    _first, _comma, rest = files[SEARCH].removeprefix(b"[\n").partition(b",\n")

    verdict = checked(zipped({**files, SEARCH: b"[\n" + rest}))

    assert [str(fault) for fault in verdict.faults] == [f"{SEARCH}: 4 rows, 5 in the manifest"]


def test_any_file_left_out_of_a_real_archive_is_found(busy):
    files = unpacked(archive_of(busy))

    for name in files:
        verdict = checked(zipped({other: raw for other, raw in files.items() if other != name}))
        assert [(fault.code, fault.file) for fault in verdict.faults] == [(Code.MISSING, name)]
