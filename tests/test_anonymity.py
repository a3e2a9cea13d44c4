"""What the report says about what stays."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import models
from django.utils import timezone

from privacy.datamap import detach, hollow, person, provided, registry
from privacy.evidence import anonymity
from privacy.evidence.crowds import Unmixed
from privacy.rights import shuffling
from usage.models import Comment, Score

from .beside import declared, key_to, make_table
from .makers import make_comment, make_member, make_resource, make_score
from .properties.acts import treat_rows

pytestmark = pytest.mark.django_db


def of(table):
    return next(each for each in anonymity.report() if each.table == table)


def gone(people, resource):
    for number in range(people):
        member = make_member(f"Lid{number}")
        make_score(member, resource, 4)
        treat_rows(member.subject, [Score])


def test_rows_that_wait_are_pseudonymous():
    """G-41."""
    gone(11, make_resource())

    assert (of("usage.Score").verdict, of("usage.Score").waiting) == ("pseudonymous", 11)


def test_mixed_rows_of_enough_people_are_anonymous(an):
    resource = make_resource()
    gone(11, resource)
    make_score(an, resource, 1)

    shuffling.apply(timezone.now())

    found = of("usage.Score")
    assert (found.verdict, found.rows, found.people, found.waiting) == ("anonymous", 11, 11, 0)
    assert (found.smallest, found.small, found.looks) == (11, 0, ("resource", "value"))


def test_rows_in_small_groups_are_counted(an):
    gone(11, make_resource())
    make_score(an, value=1)
    treat_rows(an.subject, [Score])

    assert (of("usage.Score").smallest, of("usage.Score").small) == (1, 1)


def test_words_that_stay_are_never_called_anonymous(an):
    make_comment(an)
    treat_rows(an.subject, [Comment])
    Unmixed.objects.all().delete()

    assert (of("usage.Comment").verdict, of("usage.Comment").words) == ("pseudonymous", ("text",))
    assert of("usage.Message").verdict == "another's"


def test_hollow_rows_are_pseudonymous(an):
    """D-1."""
    model = make_table("Bill", member=key_to(), name=models.CharField(max_length=40))
    with declared(model, hollow, member=person(erase=detach), name=provided()):
        model.objects.create(member=None, name="(erased)")

        assert (of("beside.Bill").verdict, of("beside.Bill").rows) == ("pseudonymous", 1)


def test_every_table_in_which_something_stays_is_reported():
    stays = {m.label() for m in registry.maps.values() if m.row.name in {"anonymised", "shared", "chosen", "hollow"}}
    counts = {m.row.statistic._meta.label for m in registry.maps.values() if m.row.name == "counted"}

    assert {each.table for each in anonymity.report()} == stays | counts


def test_the_page_says_what_the_data_map_says():
    page = (Path(__file__).resolve().parent.parent / "docs" / "anonymity.md").read_text(encoding="utf-8")

    written = page.partition("<!-- begin -->\n")[2].partition("<!-- end -->")[0]

    assert written.splitlines() == list(anonymity.declared())


@pytest.mark.parametrize("format", ["text", "json"])
def test_the_command_prints_every_table(format):
    printed = StringIO()

    call_command("report_anonymity", format=format, stdout=printed)

    assert all(each.table in printed.getvalue() for each in anonymity.report())
    assert format == "text" or json.loads(printed.getvalue())[0]["verdict"]
