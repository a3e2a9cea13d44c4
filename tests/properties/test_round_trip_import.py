"""Property 3, elsewhere: what she takes to another installation is there what it was here, and what does not go is declared."""

import io
import json

import pytest
from django.core.management import call_command

from privacy.datamap import registry
from privacy.rights.normal import normal_form
from privacy.rights.portability import Scope
from tests.drills.site import running_site

from . import moving

pytestmark = [pytest.mark.worker, pytest.mark.long, pytest.mark.django_db]

HERE, THERE = "https://here.example", "https://there.example"
ON_RECORD = ("--actor=daan", "--reason=a move")


def exported(site, path) -> bytes:
    site.do(call_command, "export_subject", moving.AN, f"--to={path}", "--scope=portable", *ON_RECORD)
    return path.read_bytes()


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """(her archive here, what taking it in came to there, what a second time came to, her archive there)."""
    folder = tmp_path_factory.mktemp("moving")
    with running_site(INZAGE_SITE=HERE) as here:
        here.do(moving.live_here)
        brought = exported(here, folder / "here.zip")
        catalogue, keys = here.do(moving.catalogue), here.do(moving.keys)
    with running_site(INZAGE_SITE=THERE, INZAGE_TRUSTED_ISSUERS=json.dumps({HERE: keys})) as there:
        there.do(moving.settle, catalogue)
        came, again = there.do(moving.bring, brought), there.do(moving.bring, brought)
        return brought, came, again, exported(there, folder / "there.zip")


def test_what_she_takes_along_is_there_what_it_was_here(moved):
    """G-60: another database, other keys, other people; equal after the published normalisation."""
    brought, _came, _again, taken_along = moved

    here, there = normal_form(io.BytesIO(brought)), normal_form(io.BytesIO(taken_along))

    assert there == here
    assert all(here[record] for record in here)


def test_everything_that_may_arrive_did(moved):
    _brought, came, _again, _taken_along = moved

    assert {label for label, counts in came["came"].items() if counts[0]} == {
        data_map.label() for data_map in registry.maps.values() if data_map.arrives and data_map.model not in registry.roots
    }
    assert not [label for label, counts in came["came"].items() if any(counts[1:])]
    assert came["problems"] == []


def test_what_did_not_go_is_what_the_data_map_says_stays(moved):
    _brought, came, _again, _taken_along = moved

    declared = {data_map.label() for data_map, _lines in Scope.PORTABLE.parts() if data_map.stays}

    assert came["stays"] == declared


def test_a_second_time_brings_nothing(moved):
    _brought, _came, again, _taken_along = moved

    assert not [label for label, counts in again["came"].items() if counts[0] or any(counts[2:])]
