"""Who is told that an account was corrected."""

import pytest

from consents import permissions
from consents.releases import release
from privacy.casework import at_once
from privacy.errors import NothingToCorrect
from privacy.evidence.recipients import PORTABLE
from privacy.models import Disclosure, Notice

from .makers import make_grant, make_partner


def correct(member, **values):
    return at_once.correct(member.subject, {("accounts.Member", member.pk): values})


def notices():
    return Notice.objects.filter(event="rectification")


def test_a_partner_is_told_which_field_was_corrected_and_not_its_value(an, edupartner):
    """G-48, G-32."""
    grant = make_grant(an, edupartner, ["first_name", "email"])

    request = correct(an, first_name="Anna", town="8000 Brugge")

    notice = notices().get()
    assert (notice.recipient, notice.request_ref, notice.known_as) == (edupartner.recipient, request.ref, str(grant.sub))
    assert notice.attributes == ["first_name"]


def test_who_took_all_that_she_may_take_along_is_told_by_field(an, edupartner):
    """Art. 19."""
    Disclosure.objects.create(recipient=edupartner.recipient, subject_ref=an.subject_id, attributes=[PORTABLE], basis="legal_obligation")

    correct(an, first_name="Anna")

    assert notices().get().attributes == ["first_name"]


def test_a_partner_that_does_not_hold_the_field_is_not_told(an, edupartner):
    make_grant(an, edupartner, ["email"])

    correct(an, first_name="Anna")

    assert not notices().exists()


@pytest.mark.parametrize(("received", "told"), [(True, 1), (False, 0)])
def test_after_a_withdrawal_only_a_partner_that_received_something_is_told(an, edupartner, received, told):
    """G-48."""
    grant = make_grant(an, edupartner)
    if received:
        release(edupartner, an)
    permissions.withdraw(grant)

    correct(an, first_name="Anna")

    assert notices().count() == told


def test_every_partner_with_the_field_is_told_and_only_about_an(an, bo, edupartner):
    for partner in (edupartner, make_partner("toetspartner")):
        make_grant(an, partner)
    make_grant(bo, edupartner)

    correct(an, first_name="Anna")

    assert notices().count() == 2
    assert {notice.subject_ref for notice in notices()} == {an.subject.ref}


def test_nothing_corrected_is_nothing_told(an, edupartner):
    make_grant(an, edupartner)

    with pytest.raises(NothingToCorrect):
        correct(an, first_name=an.first_name)

    assert not notices().exists()


def test_a_partner_that_received_the_field_is_told_after_the_permission_was_narrowed(an, edupartner):
    """G-48: what counts is what it holds, not what it may ask today."""
    make_grant(an, edupartner, ["first_name", "email"])
    release(edupartner, an)
    grant = make_grant(an, edupartner, ["email"])

    correct(an, first_name="Anna")

    notice = notices().get()
    assert (notice.recipient, notice.known_as, notice.attributes) == (edupartner.recipient, str(grant.sub), ["first_name"])


def test_a_recipient_without_a_permission_is_told_once_per_request(an, bo):
    """G-48: a processor, say; it knows her by no name of ours."""
    processor, bos = make_partner("post").recipient, make_partner("krant").recipient
    for member, recipient in ((an, processor), (an, processor), (bo, bos)):
        Disclosure.objects.create(recipient=recipient, subject_ref=member.subject.ref, attributes=["town"], basis="contract")

    request = correct(an, town="8000 Brugge")
    correct(an, first_name="Anna")

    notice = notices().get()
    assert (notice.recipient, notice.request_ref, notice.known_as, notice.attributes) == (processor, request.ref, "", ["town"])
