"""Who asks for somebody else: that the mandate was seen stands on record before anything is done."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from privacy.casework import by_hand, cases, mailing, mandates
from privacy.datamap import Right
from privacy.errors import MandateMissing
from privacy.models import Mandate, TrailEntry

from .makers import make_member


@pytest.fixture
def asked(an, daan):
    """By the lawyer of An, in a letter that Daan entered."""
    how = {"channel": "letter", "identified_by": "known_address", "received_at": timezone.now() - timedelta(days=1), "reason": "brief"}
    return by_hand.enter(an.subject, right=Right.ACCESS, mandate="lawyer", actor_ref=daan.subject.ref, **how)


def test_nothing_is_disclosed_before_somebody_saw_it(an, asked):
    """G-18."""
    els = make_member("Els")
    with pytest.raises(MandateMissing):
        cases.approve(asked, subject=an.subject, actor_ref=els.subject.ref)

    assert mandates.see(asked, actor_ref=els.subject.ref)
    cases.approve(asked, subject=an.subject, actor_ref=els.subject.ref)

    assert asked.status == "approved"


def test_nor_answered(an, asked):
    """G-18: the other way to an end."""
    with pytest.raises(MandateMissing):
        cases.fulfil(asked, actor_ref="operator")


def test_who_saw_it_first_stands_on_record(asked, daan):
    """G-18, G-15: a code, a moment and who."""
    assert mandates.see(asked, actor_ref=daan.subject.ref)
    assert not mandates.see(asked, actor_ref="operator")

    mandate = Mandate.objects.get()
    assert (mandate.kind, mandate.by) == ("lawyer", str(daan.subject.ref))
    assert TrailEntry.objects.filter(event="access.mandate_seen", request_ref=asked.ref).count() == 1


def test_the_mandate_itself_has_no_place():
    """G-14, G-15, T-04."""
    kinds = (models.FileField, models.TextField, models.BinaryField)

    assert not [column for column in Mandate._meta.local_concrete_fields if isinstance(column, kinds)]


@pytest.mark.parametrize("given", [{"kind": "friend"}, {"by": "operator"}, {"seen_at": timezone.now()}])
def test_the_database_knows_no_other_kind_and_no_half_a_look(an, given):
    request = cases.submit(Right.OBJECTION, subject=an.subject)

    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.create(request=request, **{"kind": "lawyer"} | given)


def test_the_answer_goes_to_the_person(an, asked, mailoutbox):
    """G-18: who asks for her gets nothing from us."""
    mailing.send_due()

    assert [message.to for message in mailoutbox] == [[an.email]]
