"""How large an archive will be and how long it takes, before it is made."""

import pytest
from django.utils import timezone

from privacy.casework import cases
from privacy.datamap import Right
from privacy.models import Archive
from privacy.pages.download import Choice
from privacy.rights import estimate
from privacy.rights.access import Scope

from .archives import archive_of
from .makers import make_member, make_view

pytestmark = pytest.mark.django_db


def made_before(rows, size, seconds):
    """An archive that this installation made."""
    request = cases.submit(Right.ACCESS, subject=make_member(f"Lid{Archive.objects.count()}").subject)
    Archive.objects.create(
        request=request, subject_ref=request.subject_ref, rows=rows, size=size, seconds=seconds, expires_at=timezone.now()
    )


@pytest.mark.parametrize("scope", [Scope.EVERYTHING, Scope.PORTABLE])
def test_as_many_rows_are_expected_as_are_written(an, scope):
    for _ in range(3):
        make_view(an)

    assert estimate.expected_rows(an.subject, scope) == archive_of(an, scope=scope).manifest["rows"]
    assert estimate.of_each(an.subject)[scope].rows == estimate.expected_rows(an.subject, scope)


def test_two_statements_for_both(an, django_assert_num_queries):
    estimate.of_each(an.subject)

    with django_assert_num_queries(6):  # four say who she is: her row, her account, and twice her addresses
        estimate.of_each(type(an.subject).objects.get(pk=an.subject.pk))


def test_with_few_archives_the_constants_hold():
    made_before(rows=999, size=10**9, seconds=10**6)

    assert estimate.rates() == estimate.Rates()


def test_what_was_made_here_before_says_more():
    made_before(rows=1_000, size=estimate.BASE_BYTES + 100_000, seconds=estimate.BASE_SECONDS + 2)
    made_before(rows=1_000, size=estimate.BASE_BYTES + 300_000, seconds=estimate.BASE_SECONDS + 6)

    known = estimate.rates()

    assert (known.bytes_per_row, known.seconds_per_row) == (200, 0.004)
    assert (known.bytes(10), known.seconds(1_000)) == (estimate.BASE_BYTES + 2_000, 5)


def test_only_the_last_archives_count(monkeypatch):
    monkeypatch.setattr(estimate, "RECENT", 1)
    made_before(rows=10_000, size=10**9, seconds=10**6)
    made_before(rows=1_000, size=estimate.BASE_BYTES + 7_000, seconds=1.0)

    assert estimate.rates() == estimate.Rates(bytes_per_row=7, seconds_per_row=0)


@pytest.mark.parametrize(("expected", "said"), [(1, 10_240), (20_000, 20_480), (1_023_000, 1_023_000 - 1_023_000 % 10_240 + 10_240)])
def test_a_size_is_rounded_up_to_what_can_be_known(expected, said):
    assert Choice(Scope.EVERYTHING, estimate.Estimate(1, expected, 1)).size == said


def test_a_megabyte_and_more_is_rounded_up_to_a_tenth():
    assert Choice(Scope.EVERYTHING, estimate.Estimate(1, 1_046_000, 1)).size == 1024 * 1024
    assert Choice(Scope.EVERYTHING, estimate.Estimate(1, 1_048_577, 1)).size == round(1.1 * 1024 * 1024)


@pytest.mark.parametrize(("seconds", "said"), [(1, "minder dan een minuut"), (60, "minder dan een minuut"), (61, "ongeveer 2 minuten")])
def test_a_time_is_said_in_minutes_rounded_up(seconds, said):
    assert Choice(Scope.EVERYTHING, estimate.Estimate(1, 1, seconds)).time == said
