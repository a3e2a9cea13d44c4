"""A safe copy: whatever stood in whichever column of whichever table, nothing of anybody is in it, and it still works."""

import pytest
from django.db import connection

from privacy.datamap import registry
from privacy.datamap.copying import is_copied
from privacy.models import Subject
from privacy.subjects import rows_concerning
from tests import safe_copies

from .filler import fill
from .traces import files_with, hits, snapshot

pytestmark = pytest.mark.django_db(transaction=True)

# What only the code writes, and is needed to read the rest: each named, so that a new one is seen here.
WORDS_OF_THE_CODE = {
    ("accounts_profileconsentevent", "text_version"),
    ("consents_consentevent", "text_version"),
    ("privacy_datasubjectrequest", "identified_by"),
    ("privacy_datasubjectrequest", "language"),
    ("privacy_datasubjectrequest", "map_version"),
    ("privacy_datasubjectrequest", "scope"),
    ("privacy_disclosure", "basis"),
    ("privacy_notice", "event"),
    ("privacy_noticeattempt", "answer"),
    ("privacy_noticeattempt", "way"),
    ("privacy_rectification", "field"),
    ("privacy_restriction", "activity"),
    ("privacy_statement", "about"),
    ("privacy_step", "name"),
    ("privacy_step", "problem"),
    ("privacy_trailentry", "event"),
    ("usage_publication", "file_type"),
}


@pytest.fixture
def people(settings):
    """An and Bo, with a row in every table."""
    filled = fill("An", 27), fill("Bo", 12)
    safe_copies.mark(settings)
    yield filled
    safe_copies.forget()


def counts():
    return {table: len(rows) for table, rows in snapshot().items() if table != "inzage_copy_mark"}


def emptied():
    models = [*registry.maps, *registry.exempt]
    return {model._meta.db_table for model in models if not is_copied(model, registry)}


def test_nothing_of_anybody_is_left_in_any_column(people):
    """Days move back at random, so that An's may come to lie where Bo's was before."""
    an, bo = people

    safe_copies.make_safe()

    assert hits(an.marks | bo.marks - {bo.day.isoformat()}) - WORDS_OF_THE_CODE == set()


def test_every_word_of_the_code_is_needed(people):
    """A column that is named above without cause would hide a leak."""
    an, bo = people

    safe_copies.make_safe()

    assert WORDS_OF_THE_CODE - hits(an.marks | bo.marks) == set()


def test_nothing_of_anybody_is_left_in_any_file(people):
    an, bo = people
    assert files_with(an.marks)

    safe_copies.make_safe()

    assert files_with(an.marks | bo.marks) == []


def test_every_table_keeps_its_rows_but_those_that_let_somebody_in(people):
    before = counts()

    safe_copies.make_safe()

    assert counts() == {table: 0 if table in emptied() else rows for table, rows in before.items()}


def test_every_key_still_leads_somewhere(people):
    safe_copies.make_safe()

    connection.check_constraints()


def test_what_concerned_one_person_still_does(people):
    """Also by references without a key: to her requests, to what the trail says of her."""
    an, _bo = people
    before = concerned(an.subject)

    safe_copies.make_safe()

    assert before in map(concerned, Subject.objects.all())


def concerned(subject):
    """Rows per table that concern this person, where the rows are copied; addresses of bans are matched by their digest."""
    maps = [data_map for data_map in registry.maps.values() if is_copied(data_map.model, registry) and data_map.label() != "accounts.Ban"]
    return {data_map.label(): rows_concerning(data_map, subject).count() for data_map in maps}
