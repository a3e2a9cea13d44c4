"""How we knew who asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from privacy.casework import cases, identity
from privacy.casework.identity import Method
from privacy.datamap import Right
from privacy.errors import IdentityNotShown
from privacy.models import IdentityCheck, TrailEntry


@pytest.fixture
def request_of_an(an):
    return cases.submit(Right.OBJECTION, subject=an.subject)


def test_a_look_is_a_row_and_an_entry_with_its_way(request_of_an, daan):
    """G-15, G-16: a code, a moment and who looked."""
    identity.note(request_of_an, Method.STORED_ADDRESS, passed=True, actor_ref=daan.subject.ref)

    check, entry = request_of_an.identity_checks.get(), TrailEntry.objects.get(event="objection.identified")
    assert (check.method, check.passed, check.by) == ("stored_address", True, str(daan.subject.ref))
    assert (entry.reason, entry.actor_ref) == ("stored_address", str(daan.subject.ref))


@pytest.mark.parametrize(
    ("seconds", "method", "passed", "looks"),
    [
        (0, "stored_address", False, 1),
        (59, "stored_address", False, 1),
        (61, "stored_address", False, 2),
        (0, "called_back", False, 2),
        (0, "stored_address", True, 2),
    ],
)
def test_a_second_click_is_no_second_look(request_of_an, seconds, method, passed, looks):
    """G-16: two looks that failed refuse somebody."""
    now = timezone.now()
    identity.note(request_of_an, Method.STORED_ADDRESS, passed=False, actor_ref="dpo", now=now)

    identity.note(request_of_an, Method(method), passed=passed, actor_ref="dpo", now=now + timedelta(seconds=seconds))

    assert request_of_an.identity_checks.count() == looks
    assert TrailEntry.objects.filter(event__endswith="identified").count() == looks


def test_what_somebody_showed_has_no_place():
    """G-15, T-04: no file, and no free text in which a document could be described."""
    columns = IdentityCheck._meta.local_concrete_fields

    assert not [column for column in columns if isinstance(column, (models.FileField, models.TextField, models.BinaryField))]


def test_the_database_knows_no_other_way(request_of_an):
    """T-04."""
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityCheck.objects.create(request=request_of_an, method="copy_of_passport", passed=True)


def test_the_ways_are_ordered_from_strong_to_weak():
    """T-03."""
    assert list(Method) == ["factor", "signed_in", "stored_address", "in_person", "called_back", "id_seen"]
    assert Method.ID_SEEN.is_weaker_than(Method.FACTOR)
    assert not Method.FACTOR.is_weaker_than("factor")


def test_it_is_not_accepted_after_a_look_that_failed_until_one_that_did_not(an, request_of_an):
    identity.note(request_of_an, Method.STORED_ADDRESS, passed=False, actor_ref="dpo")
    with pytest.raises(IdentityNotShown):
        cases.approve(request_of_an, subject=an.subject)

    identity.note(request_of_an, Method.SIGNED_IN, passed=True, actor_ref="dpo")
    cases.approve(request_of_an, subject=an.subject)

    assert request_of_an.status == "approved"
