"""How we knew who asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.models import Member
from privacy import tasks
from privacy.casework import cases, identity
from privacy.casework.identity import Method
from privacy.datamap import Right
from privacy.errors import IdentityNotShown
from privacy.models import AgendaItem, DataSubjectRequest, IdentityCheck, Run, TrailEntry

from . import races
from .makers import make_member
from .test_by_hand import entered


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


@pytest.fixture
def erasure_by_letter(an, daan):
    """Accepted by a second person; the days to go back have passed."""
    request = entered(an, daan)
    cases.approve(request, subject=an.subject, actor_ref=make_member("Els").subject.ref, grace=timedelta(0))
    return request


def not_she(request):
    identity.note(request, Method.CALLED_BACK, passed=False, actor_ref="dpo")


def test_a_look_that_fails_in_the_days_to_go_back_keeps_who_was_to_be_erased(an, erasure_by_letter):
    """T-01: whenever we see that somebody else wrote."""
    not_she(erasure_by_letter)

    with pytest.raises(IdentityNotShown):
        cases.run(erasure_by_letter)

    assert Member.objects.filter(pk=an.pk).exists()
    assert DataSubjectRequest.objects.open().get().status == "approved"
    assert AgendaItem.objects.open().get(kind="identify").request_ref == erasure_by_letter.ref


def test_a_worker_leaves_it_waiting_until_it_is_shown(an, erasure_by_letter):
    not_she(erasure_by_letter)

    tasks.run(erasure_by_letter.pk)

    assert not Run.objects.due(timezone.now()).exists()
    identity.note(erasure_by_letter, Method.STORED_ADDRESS, passed=True, actor_ref="dpo")
    assert Run.objects.due(timezone.now() + timedelta(hours=2)).exists()
    assert not AgendaItem.objects.open().filter(kind="identify").exists()
    cases.run(erasure_by_letter)
    erasure_by_letter.refresh_from_db()
    assert erasure_by_letter.status == "running"


def test_an_accepted_letter_is_not_answered_with_yes_after_a_look_that_failed(an, daan):
    request = entered(an, daan, right=Right.OBJECTION)
    cases.approve(request, subject=an.subject, actor_ref=make_member("Els").subject.ref)
    not_she(request)

    with pytest.raises(IdentityNotShown):
        cases.fulfil(request, actor_ref="dpo")

    cases.refuse(request, ground="unfounded", reasons="Zij was het niet.", actor_ref="dpo")
    assert not AgendaItem.objects.open().exists()


def test_of_what_is_closed_nobody_has_to_find_out_more(an, request_of_an):
    cases.cancel(request_of_an)

    not_she(request_of_an)

    assert not AgendaItem.objects.open().exists()


@pytest.mark.skipif(not connection.features.has_select_for_update_nowait, reason="needs locks of rows")
@pytest.mark.django_db(transaction=True)
def test_who_accepts_waits_for_who_looks(an):
    """Of a look that fails and an acceptance at the same moment one counts after the other."""
    request = cases.submit(Right.OBJECTION, subject=an.subject)

    with transaction.atomic():
        not_she(request)
        accepting = races.start(lambda: cases.approve(DataSubjectRequest.objects.get(pk=request.pk), subject=an.subject))
        races.let_it_reach_the_lock()

    assert isinstance(races.outcome(accepting), IdentityNotShown)
