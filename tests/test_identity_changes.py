"""Moving down to a weaker way to see who asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from privacy.casework import cases, confirming, identity, identity_changes, outside
from privacy.casework.identity import Method
from privacy.datamap import Right
from privacy.errors import IdentityNotShown, MethodTooWeak, OwnDecision, RequestNotApproved, SecondPersonNeeded
from privacy.models import IdentityChange, OutsideRequest, TrailEntry

from .makers import make_member
from .races import at_once, needs_threads


@pytest.fixture
def els(db):
    """A second person of the desk."""
    return make_member("Els", is_staff=True)


@pytest.fixture
def asked(an):
    """An erasure by the form; An can no longer sign in."""
    outside.ask(Right.ERASURE, an.email, language="nl", network="192.0.2.7", now=timezone.now())
    return confirming.confirm(OutsideRequest.objects.get(), now=timezone.now()).request


def propose(asked, actor, method=Method.CALLED_BACK):
    return identity_changes.propose(asked, method, "no_address", actor_ref=actor.subject.ref)


def moved_down(asked, daan, els):
    change = propose(asked, daan)
    identity_changes.agree(change, actor_ref=els.subject.ref)
    identity_changes.send_due()
    change.refresh_from_db()
    return change


@pytest.mark.parametrize("method", [Method.IN_PERSON, Method.CALLED_BACK, Method.ID_SEEN])
def test_a_weaker_way_counts_for_nothing_by_itself(asked, daan, method):
    """T-03."""
    with pytest.raises(MethodTooWeak):
        identity.note(asked, method, passed=True, actor_ref=daan.subject.ref)

    identity.note(asked, method, passed=False, actor_ref=daan.subject.ref)
    assert asked.identity_checks.filter(passed=False).exists()


def test_the_officer_alone_moves_nothing_down(asked, daan):
    """T-03: DPO alone cannot."""
    change = propose(asked, daan)
    identity_changes.send_due()

    with pytest.raises(SecondPersonNeeded):
        identity_changes.agree(change, actor_ref=daan.subject.ref)
    for actor in ("", "operator"):
        with pytest.raises(SecondPersonNeeded):
            identity_changes.agree(change, actor_ref=actor)

    change.refresh_from_db()
    assert change.opens_at is None
    assert identity.weakest(asked, timezone.now() + timedelta(days=99)) == Method.STORED_ADDRESS


def test_nor_does_who_it_is_about(asked, an, daan):
    change = propose(asked, daan)

    with pytest.raises(OwnDecision):
        identity_changes.agree(change, actor_ref=an.subject.ref)


def test_two_move_down_and_then_we_wait_seven_days(asked, an, daan, els):
    """T-03: counted from the later of agreement and letters."""
    change, now = moved_down(asked, daan, els), timezone.now()

    assert not change.is_open(now + timedelta(days=6, hours=23))
    with pytest.raises(MethodTooWeak):
        identity.note(asked, Method.CALLED_BACK, passed=True, actor_ref=daan.subject.ref, now=now + timedelta(days=6))
    identity.note(asked, Method.CALLED_BACK, passed=True, actor_ref=daan.subject.ref, now=now + timedelta(days=7, minutes=1))

    with pytest.raises(MethodTooWeak):
        identity.note(asked, Method.ID_SEEN, passed=True, actor_ref=daan.subject.ref, now=now + timedelta(days=8))
    cases.approve(asked, subject=an.subject, actor_ref=daan.subject.ref)
    assert asked.status == "approved"


def test_every_address_that_we_know_gets_a_letter(asked, an, daan, els, mailoutbox):
    """T-03: notice to all known contacts, with the way to stop it."""
    an.emailaddress_set.create(email="an.thuis@elders.example", verified=True)
    an.emailaddress_set.create(email="nooit@elders.example", verified=False)

    moved_down(asked, daan, els)

    assert sorted(message.to[0] for message in mailoutbox) == sorted([an.email, "an.thuis@elders.example"])
    assert all("/not-me/" in message.body for message in mailoutbox)


def test_who_says_that_it_was_not_she_stops_it(asked, an, daan, els):
    change = moved_down(asked, daan, els)

    cases.stop(asked)

    with pytest.raises((RequestNotApproved, IdentityNotShown)):
        cases.approve(asked, subject=an.subject, actor_ref=daan.subject.ref)
    with pytest.raises(RequestNotApproved):
        identity_changes.agree(change, actor_ref=els.subject.ref)


def test_while_one_letter_did_not_go_out_the_wait_has_not_begun(asked, daan, els, monkeypatch):
    change = propose(asked, daan)
    identity_changes.agree(change, actor_ref=els.subject.ref)
    monkeypatch.setattr("privacy.conf.send_message", lambda message: 1 / 0)

    assert identity_changes.send_due() == 0

    change.refresh_from_db()
    assert change.opens_at is None


def test_it_is_on_record_who_did_what(asked, daan, els):
    moved_down(asked, daan, els)

    entries = TrailEntry.objects.filter(request_ref=asked.ref, event__contains=".identity_").order_by("pk")
    said = [(entry.event, entry.actor_ref, entry.reason) for entry in entries]
    assert said == [
        ("erasure.identity_lowered", str(daan.subject.ref), "called_back"),
        ("erasure.identity_agreed", str(els.subject.ref), "called_back"),
    ]


def test_it_is_proposed_once_and_for_an_open_request(asked, daan):
    propose(asked, daan)
    with pytest.raises(RequestNotApproved):
        propose(asked, daan)

    cases.stop(asked)
    with pytest.raises(RequestNotApproved):
        propose(asked, daan, Method.ID_SEEN)


@pytest.mark.parametrize("given", [{"method": "stored_address"}, {"method": "passport"}, {"agreed_by": "same", "asked_by": "same"}])
def test_the_database_knows_no_way_up_no_document_and_no_single_hand(asked, given):
    """T-03, T-04."""
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityChange.objects.create(request=asked, **{"method": "id_seen", "why": "cannot", "asked_by": "x"} | given)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_agree_at_once_one_is_on_record():
    needs_threads()
    an, daan, els, bo = (make_member(name) for name in ("An", "Daan", "Els", "Bo"))
    change = propose(cases.submit(Right.OBJECTION, subject=an.subject), daan)

    at_once(*[lambda each=each: identity_changes.agree(change, actor_ref=each.subject.ref) for each in (els, bo)])

    assert TrailEntry.objects.filter(event="objection.identity_agreed").count() == 1


def test_after_a_failed_look_it_is_not_accepted(asked, an, daan):
    """G-16."""
    identity.note(asked, Method.CALLED_BACK, passed=False, actor_ref=daan.subject.ref)

    with pytest.raises(IdentityNotShown):
        cases.approve(asked, subject=an.subject, actor_ref=daan.subject.ref)
