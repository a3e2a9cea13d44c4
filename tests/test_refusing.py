"""Which grounds a no may have, and what each has to show."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.casework import cases, identity, refusing
from privacy.casework.identity import Method
from privacy.casework.requests import DataSubjectRequest
from privacy.datamap import RefusalGround, Right
from privacy.errors import ExcessNotShown, GroundNotOfRight, IdentityNotTried, PartNotNamed, RefusalIncomplete

WORDS = "Je vroeg dit deze maand al vier keer, en er kwam niets bij."


def asked(member, right=Right.ACCESS, *, days_ago=0):
    return cases.submit(right, subject=member.subject, received_at=timezone.now() - timedelta(days=days_ago))


def answered(member, right=Right.ACCESS, *, days_ago):
    request = asked(member, right, days_ago=days_ago)
    cases.refuse(request, ground=RefusalGround.UNFOUNDED, reasons="x", actor_ref="dpo")
    return request


def refuse(request, ground, *, evidence=""):
    cases.refuse(request, ground=ground, reasons=WORDS, evidence=evidence, actor_ref="dpo")


def test_rectification_has_no_exception_of_its_own():
    """G-31: Art. 12(5), who asks, whose data they are, and that they are right."""
    assert set(refusing.grounds_for(Right.RECTIFICATION)) == {"identity", "unfounded", "excessive", "not_controller", "not_met"}


def test_every_right_has_its_list_and_every_ground_a_right():
    assert set(refusing.BESIDE) == set(Right)
    assert {ground for right in Right for ground in refusing.grounds_for(right)} == set(RefusalGround)


@pytest.mark.parametrize(
    ("right", "ground"),
    [
        (Right.RECTIFICATION, RefusalGround.EXCEPTION),
        (Right.RECTIFICATION, RefusalGround.RIGHTS_OF_OTHERS),
        (Right.ERASURE, RefusalGround.RIGHTS_OF_OTHERS),
        (Right.WITHDRAWAL, RefusalGround.EXCEPTION),
    ],
)
def test_a_ground_of_another_right_is_none(an, right, ground):
    """G-31."""
    request = asked(an, right)

    with pytest.raises(GroundNotOfRight):
        refuse(request, ground)

    request.refresh_from_db()
    assert request.status == "received"


@pytest.mark.parametrize(("days_ago", "is_refused"), [(1, True), (364, True), (365, True), (366, False), (800, False)])
def test_excessive_takes_an_earlier_request_of_at_most_a_year_before(an, days_ago, is_refused):
    """G-11: after a year it can never be excessive."""
    answered(an, days_ago=days_ago)
    request = asked(an)

    if is_refused:
        refuse(request, RefusalGround.EXCESSIVE, evidence="Vier keer in een maand.")
    else:
        with pytest.raises(ExcessNotShown):
            refuse(request, RefusalGround.EXCESSIVE, evidence="Vier keer in een maand.")

    assert (request.status == "refused") is is_refused


@pytest.mark.parametrize("evidence", ["", " \n"])
def test_excessive_takes_what_shows_it(an, evidence):
    """G-11: it is ours to prove."""
    answered(an, days_ago=3)

    with pytest.raises(ExcessNotShown):
        refuse(asked(an), RefusalGround.EXCESSIVE, evidence=evidence)


def test_what_shows_it_is_kept_with_the_request_and_not_in_the_letter(an):
    """G-11."""
    answered(an, days_ago=3)
    request = asked(an)

    refuse(request, RefusalGround.EXCESSIVE, evidence="Vier keer in een maand.")

    request.refresh_from_db()
    assert (request.refusal_evidence, request.refusal_reasons) == ("Vier keer in een maand.", WORDS)


def test_what_others_asked_or_what_was_taken_back_makes_nothing_excessive(an, bo):
    """G-11."""
    answered(bo, days_ago=2)
    answered(an, Right.OBJECTION, days_ago=2)
    cases.cancel(asked(an, days_ago=2))

    with pytest.raises(ExcessNotShown):
        refuse(asked(an), RefusalGround.EXCESSIVE, evidence="Steeds weer.")


def test_no_request_costs_anything():
    """G-11: there is no place for a fee."""
    columns = {field.name for field in DataSubjectRequest._meta.get_fields()}

    assert not [name for name in columns if {"fee", "price", "cost", "amount"} & set(name.split("_"))]


def looked(request, *results):
    """Each on another day."""
    for days, passed in enumerate(results):
        identity.note(request, Method.STORED_ADDRESS, passed=passed, actor_ref="dpo", now=timezone.now() + timedelta(days=days))


@pytest.mark.parametrize(
    ("looks", "may"), [((), False), ((False,), False), ((False, False), True), ((False, False, True), False), ((True, False, False), True)]
)
def test_nobody_is_refused_for_who_asks_before_two_looks_failed(an, looks, may):
    """G-16: and none succeeded since."""
    request = cases.submit(Right.ACCESS, subject=an.subject, channel="mail", actor_ref="operator")
    looked(request, *looks)

    if may:
        refuse(request, RefusalGround.IDENTITY)
    else:
        with pytest.raises(IdentityNotTried):
            refuse(request, RefusalGround.IDENTITY)

    assert (request.status == "refused") is may


def test_who_was_signed_in_is_not_refused_for_who_asks(an):
    """G-13: however often somebody looked."""
    request = asked(an)
    looked(request, False, False)

    with pytest.raises(GroundNotOfRight):
        refuse(request, RefusalGround.IDENTITY)


@pytest.mark.parametrize(("ground", "reasons"), [("", WORDS), ("exception", "  "), ("nonsense", WORDS)])
def test_a_no_in_part_needs_ground_and_reasons_too(an, ground, reasons):
    """G-07: a refusal in part counts as one."""
    request = asked(an, Right.OBJECTION)
    cases.approve(request, subject=an.subject)

    with pytest.raises(RefusalIncomplete):
        cases.refuse_in_part(request, ground=ground, reasons=reasons, actor_ref="dpo")

    request.refresh_from_db()
    assert request.status == "approved"


def test_of_a_request_without_uses_none_is_named(an):
    request = asked(an, Right.RECTIFICATION)

    refusing.check_part(request, [])
    with pytest.raises(PartNotNamed):
        refusing.check_part(request, ["usage"])
