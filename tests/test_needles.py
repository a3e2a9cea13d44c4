"""A value is found however it is written, and not inside another's."""

import base64
import hashlib
from urllib.parse import quote
from uuid import UUID

import pytest

from privacy.evidence.needles import Search, codes_of, words_of

ADDRESS = "an.peeters@school.example"
REFERENCE = "0c8f9a52-7a8e-4c1d-9a2b-3f4e5d6c7b8a"


def search_for(*values):
    return Search([entry for value in values for entry in ((value, words_of(value), True), (value, codes_of(value), False))])


@pytest.mark.parametrize(
    "written",
    [
        ADDRESS,
        ADDRESS.upper(),
        f"mailto:{ADDRESS}",
        f"({ADDRESS}).",
        f"next={quote(ADDRESS)}&x=1",
        f"email%3A{ADDRESS}",
        rf"first line\n{ADDRESS}",
        hashlib.sha256(ADDRESS.encode()).hexdigest(),
        base64.b64encode(ADDRESS.encode()).decode().rstrip("="),
        base64.b64encode(f"x{ADDRESS}yz".encode()).decode(),
        base64.urlsafe_b64encode(f"??{ADDRESS}??".encode()).decode(),
    ],
)
def test_an_address_is_found_however_it_is_written(written):
    assert search_for(ADDRESS).found(written.encode()) == {ADDRESS}


@pytest.mark.parametrize("another", [f"j{ADDRESS}", f"jan.{ADDRESS}", f"x+{ADDRESS}", f"{ADDRESS}s", f"{ADDRESS}.be", f"{ADDRESS}-x"])
def test_an_address_inside_a_longer_one_is_anothers(another):
    assert search_for(ADDRESS).found(another.encode()) == set()


@pytest.mark.parametrize("written", [REFERENCE, UUID(REFERENCE).hex, REFERENCE.upper(), f"x{UUID(REFERENCE).hex}y"])
def test_a_reference_is_found_with_and_without_dashes(written):
    assert search_for(REFERENCE).found(written.encode()) == {REFERENCE}


@pytest.mark.parametrize("written", ["Zoë Élan", "ZOË ÉLAN", "zoë élan", r"Zo\u00eb \u00c9lan"])
def test_a_name_with_other_letters_is_found_in_capitals_and_in_json(written):
    assert search_for("Zoë Élan").found(written.encode()) == {"Zoë Élan"}


@pytest.mark.parametrize("another", ["Jan Peeters", "An Peetersen", "An  Peeters"])
def test_a_name_inside_a_longer_one_is_anothers(another):
    assert search_for("An Peeters").found(another.encode()) == set()


@pytest.mark.parametrize("size", [1, 7, 24, 25, 26, 1000])
def test_blocks_may_cut_through_anything(size):
    data = f"{'x' * 50} {ADDRESS} {'y' * 50} j{REFERENCE}".encode()
    blocks = [data[start : start + size] for start in range(0, len(data), size)]

    assert search_for(ADDRESS, REFERENCE).read(blocks) == {ADDRESS, REFERENCE}
    assert search_for(ADDRESS).read([b"x" * 50, b"j", ADDRESS.encode()]) == set()
    assert search_for(ADDRESS).read([ADDRESS.encode(), b".be"]) == set()


def test_nobody_is_found_where_nobody_is_looked_for():
    assert Search([]).read([ADDRESS.encode()]) == set()
