"""A partner with very many members: who is asked anew stands still in batches, before the one transaction in which the words change."""

import pytest

from consents.errors import ApprovedAlready
from consents.models import ConsentEvent, PartnerGrant
from consents.registration import fields, proposing

from .makers import make_contact, make_grant, make_member
from .misconduct import make_colleague
from .paces import in_batches_of
from .wordings import LETTERS, SELLS, proposal_of, with_reasons

OFFERS = "Boeken aanbieden."


@pytest.fixture
def edupartner(edupartner):
    return with_reasons(edupartner)


@pytest.fixture
def colleagues(db):
    return [make_colleague(name, "partners").subject for name in ("Pia", "Rik")]


@pytest.fixture
def five(edupartner, monkeypatch):
    """Two batches, and one more."""
    in_batches_of(2, monkeypatch)
    return [make_member(name) for name in ("Ann", "Ben", "Cas", "Dirk", "Els")]


@pytest.fixture
def left(monkeypatch):
    """How many permissions, and how many consents to offers, the transaction of the change has to write."""
    write, found = fields.write_organisation, []

    def look(*args, **more):
        live = PartnerGrant.objects.live()
        found.append((live.count(), live.filter(contact_allowed_at__isnull=False).count()))
        return write(*args, **more)

    monkeypatch.setattr(fields, "write_organisation", look)
    return found


def test_whole_batches_stand_still_before_the_words_change(edupartner, five, colleagues, left):
    for member in five:
        make_grant(member, edupartner)

    proposing.approve(proposal_of(edupartner, purpose=SELLS), by=colleagues[0])

    assert left == [(1, 0)]
    assert not PartnerGrant.objects.live().exists()


def test_who_did_not_allow_the_field_is_in_no_batch(edupartner, five, colleagues, left):
    for member, name in zip(five, ["email", "first_name", "email", "first_name", "email"], strict=True):
        make_grant(member, edupartner, [name])

    proposing.approve(proposal_of(edupartner, reasons=LETTERS), by=colleagues[0])

    assert left == [(3, 0)]
    assert PartnerGrant.objects.live().count() == 2


def test_consents_to_other_offers_end_in_batches_too(edupartner, five, colleagues, left):
    for member in five:
        make_contact(member, edupartner)
    proposal = proposal_of(edupartner, offers=OFFERS)

    for colleague in colleagues:
        proposing.approve(proposal, by=colleague)

    assert left == [(5, 1)]
    assert not PartnerGrant.objects.filter(contact_allowed_at__isnull=False).exists()
    assert ConsentEvent.objects.filter(kind="withdrawn", purpose="contact").count() == 5


def test_nobody_stands_still_where_two_find_that_it_changes_no_meaning(edupartner, five, colleagues):
    for member in five:
        make_grant(member, edupartner)
    proposal = proposal_of(edupartner, purpose=SELLS)

    for colleague in colleagues:
        proposing.approve(proposal, by=colleague, keeps_meaning=True)

    assert PartnerGrant.objects.live().count() == 5


def test_who_agrees_twice_stands_nobody_still(edupartner, five, colleagues):
    for member in five:
        make_grant(member, edupartner)
    proposal = proposal_of(edupartner, purpose=SELLS, offers=OFFERS)
    proposing.approve(proposal, by=colleagues[0])

    with pytest.raises(ApprovedAlready):
        proposing.approve(proposal, by=colleagues[0])

    assert PartnerGrant.objects.live().count() == 5


def test_killed_between_the_batches_and_the_change_it_is_approved_once_more(edupartner, five, colleagues, monkeypatch):
    for member in five:
        make_grant(member, edupartner)
    proposal = proposal_of(edupartner, purpose=SELLS)
    with monkeypatch.context() as patched:
        patched.setattr(fields, "write_organisation", killed)
        with pytest.raises(SystemExit):
            proposing.approve(proposal, by=colleagues[0])
    assert PartnerGrant.objects.live().count() == 1

    decided = proposing.approve(proposal, by=colleagues[0])

    assert (decided.state, PartnerGrant.objects.live().exists()) == ("approved", False)


def killed(*args, **more):
    raise SystemExit
