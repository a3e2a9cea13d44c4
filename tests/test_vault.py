"""The sealed file: any part of it can be read, and nothing that was changed, cut off, reordered or made for another."""

import hashlib
import io
import tempfile
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.conf import store
from privacy.errors import ArchiveMixedUp, KeyDestroyed
from privacy.rights import vault
from privacy.rights.vault import PREFIX, TAG

KEY, NAME = bytes(range(32)), vault.name_of("ABCDEFGHJK", "an")
SMALL = 64  # bytes in a chunk, so that small files have many


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(vault, "CHUNK", SMALL)
    monkeypatch.setattr(vault, "SEALED", SMALL + TAG)


def sealed(content: bytes, *, key=KEY, name=NAME, pieces=50) -> bytes:
    file = io.BytesIO()
    writer = vault.Writer(file, key, name)
    for start in range(0, len(content), pieces):
        writer.write(content[start : start + pieces])
    writer.finish()
    return file.getvalue()


def reader(raw: bytes, *, key=KEY, name=NAME) -> vault.Reader:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the reader closes it
    file.write(raw)
    file.seek(0)
    return vault.Reader(file, key, name)


def chunks(raw):
    """Prefix and sealed chunks."""
    return [raw[:PREFIX], *(raw[start : start + SMALL + TAG] for start in range(PREFIX, len(raw), SMALL + TAG))]


CONTENT = bytes(range(256)) + b"the end"


@settings(deadline=None)
@given(st.binary(max_size=5 * SMALL), st.integers(1, 3 * SMALL))
def test_what_was_sealed_is_what_is_read(content, pieces):
    with reader(sealed(content, pieces=pieces)) as file:
        assert (file.size, file.read()) == (len(content), content)


@settings(deadline=None)
@given(st.binary(max_size=5 * SMALL), st.integers(0, 6 * SMALL), st.integers(0, 6 * SMALL))
def test_any_range_is_that_part_of_it(content, start, stop):
    with reader(sealed(content)) as file:
        assert b"".join(file.blocks(start, stop)) == content[start:stop]


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=4 * SMALL), st.data())
def test_one_flipped_bit_anywhere_is_refused(content, data):
    """T-10."""
    raw = bytearray(sealed(content))
    place = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[place // 8] ^= 1 << place % 8

    with pytest.raises(ArchiveMixedUp):
        reader(bytes(raw)).read()


@settings(deadline=None)
@given(st.binary(max_size=4 * SMALL), st.data())
def test_a_file_that_was_cut_off_is_refused_before_its_first_byte(content, data):
    raw = sealed(content)
    length = data.draw(st.integers(0, len(raw) - 1))

    with pytest.raises(ArchiveMixedUp):
        reader(raw[:length])


@pytest.mark.parametrize("whole", [1, 2, 3])
def test_a_file_cut_off_after_a_whole_chunk_is_refused_before_its_first_byte(whole):
    with pytest.raises(ArchiveMixedUp):
        reader(b"".join(chunks(sealed(CONTENT))[: 1 + whole]))


@pytest.mark.parametrize("size", [0, 1, SMALL - 1, SMALL, SMALL + 1, 2 * SMALL, 3 * SMALL - 1])
def test_around_the_border_of_a_chunk(size):
    content = b"x" * size

    raw = sealed(content)

    assert len(raw) == PREFIX + size + TAG * max(1, -(-size // SMALL))
    assert reader(raw).read() == content


def test_what_was_appended_is_refused():
    for more in (b"x", b"x" * TAG, b"x" * (SMALL + TAG), sealed(b"more")[PREFIX:]):
        with pytest.raises(ArchiveMixedUp):
            reader(sealed(CONTENT) + more)


def test_chunks_out_of_order_are_refused():
    prefix, first, second, *rest = chunks(sealed(CONTENT))

    with pytest.raises(ArchiveMixedUp):
        reader(b"".join([prefix, second, first, *rest])).read()


def test_a_chunk_that_was_left_out_is_refused():
    prefix, _first, *rest = chunks(sealed(CONTENT))

    with pytest.raises(ArchiveMixedUp):
        reader(b"".join([prefix, *rest])).read()


def test_a_chunk_of_another_file_under_the_same_key_is_refused():
    mine, other = chunks(sealed(CONTENT)), chunks(sealed(CONTENT))

    with pytest.raises(ArchiveMixedUp):
        reader(b"".join([mine[0], other[1], *mine[2:]])).read()


@pytest.mark.parametrize("name", [vault.name_of("ABCDEFGHJK", "bo"), vault.name_of("KJHGFEDCBA", "an")])
def test_the_file_of_another_person_or_request_is_refused(name):
    """T-10: even under the same key."""
    with pytest.raises(ArchiveMixedUp):
        reader(sealed(CONTENT), name=name)


def test_another_key_is_refused():
    with pytest.raises(ArchiveMixedUp):
        reader(sealed(CONTENT), key=vault.new_key())


def test_a_file_of_another_kind_is_refused():
    for raw in (b"", b"PK\x03\x04", b"\0" * 1000):
        with pytest.raises(ArchiveMixedUp):
            reader(raw)


def test_the_same_content_is_sealed_differently_each_time():
    assert sealed(CONTENT) != sealed(CONTENT)


def test_without_its_end_a_file_is_refused():
    """A worker died: there is no last chunk."""
    file = io.BytesIO()
    vault.Writer(file, KEY, NAME).write(CONTENT)

    with pytest.raises(ArchiveMixedUp):
        reader(file.getvalue())


def test_only_the_chunks_of_a_range_are_opened():
    """Damage elsewhere is met by who reads there."""
    raw = bytearray(sealed(CONTENT))
    raw[PREFIX] ^= 1

    file = reader(bytes(raw))

    assert b"".join(file.blocks(SMALL, 2 * SMALL)) == CONTENT[SMALL : 2 * SMALL]
    with pytest.raises(ArchiveMixedUp):
        next(file.blocks(0, 1))


def test_it_reads_as_a_file_does():
    file = io.BufferedReader(reader(sealed(CONTENT)))

    file.seek(-7, io.SEEK_END)
    assert file.read() == b"the end"
    file.seek(SMALL - 2)
    assert file.read(4) == CONTENT[SMALL - 2 : SMALL + 2]
    assert hashlib.file_digest(reader(sealed(CONTENT)), "sha256").digest() == hashlib.sha256(CONTENT).digest()


def test_memory_stays_flat_at_any_size(monkeypatch, tmp_path):
    monkeypatch.undo()
    block = bytes(64 * 1024)
    tracemalloc.start()

    with (tmp_path / "large").open("wb") as file:
        writer = vault.Writer(file, KEY, NAME)
        for _ in range(400):
            writer.write(block)
        writer.finish()
    read = sum(map(len, vault.Reader((tmp_path / "large").open("rb"), KEY, NAME).blocks()))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert read == 400 * len(block)
    assert peak < 6 * 1024 * 1024


def test_a_wrapped_key_is_unwrapped_until_it_is_destroyed(tmp_path, settings):
    settings.PRIVACY = {**settings.PRIVACY, "STORE": tmp_path}
    wrapped = vault.wrap("ABCDEFGHJK", KEY)

    assert vault.unwrap("ABCDEFGHJK", wrapped) == KEY
    assert KEY not in wrapped
    assert KEY not in (tmp_path / "keys/archives/ABCDEFGHJK.key").read_bytes()
    vault.destroy_key("ABCDEFGHJK")
    vault.destroy_key("ABCDEFGHJK")
    with pytest.raises(KeyDestroyed):
        vault.unwrap("ABCDEFGHJK", wrapped)


def test_a_key_wrapped_for_another_request_is_refused(tmp_path, settings):
    settings.PRIVACY = {**settings.PRIVACY, "STORE": tmp_path}
    wrapped, _other = vault.wrap("ABCDEFGHJK", KEY), vault.wrap("KJHGFEDCBA", KEY)

    for broken in (wrapped[:-1], b"", bytes(40)):
        with pytest.raises(ArchiveMixedUp):
            vault.unwrap("ABCDEFGHJK", broken)
    with pytest.raises(ArchiveMixedUp):
        vault.unwrap("KJHGFEDCBA", wrapped)


def test_wrapping_again_replaces_what_a_killed_worker_left(tmp_path, settings):
    settings.PRIVACY = {**settings.PRIVACY, "STORE": tmp_path}
    (store("keys", "archives") / "ABCDEFGHJK.part").write_bytes(b"half")
    vault.wrap("ABCDEFGHJK", vault.new_key())

    wrapped = vault.wrap("ABCDEFGHJK", KEY)

    assert vault.unwrap("ABCDEFGHJK", wrapped) == KEY
    assert [file.name for file in vault.key_files()] == ["ABCDEFGHJK.key"]
