"""A request that came by letter: one enters it, another accepts it, and it goes the way of every request."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Member
from privacy import tasks
from privacy.casework import by_hand, cases, identity, was_it_you
from privacy.casework.identity import Method
from privacy.casework.mailing import send_due
from privacy.datamap import RefusalGround, Right
from privacy.days import start_of, today
from privacy.errors import (
    IdentityNotShown,
    LastInRole,
    LinkUsed,
    OwnRequest,
    ReceivedInFuture,
    RequestAlreadyOpen,
    SecondPersonNeeded,
)
from privacy.evidence import replay
from privacy.models import AgendaItem, DataSubjectRequest, Remark, TrailEntry
from privacy.rights import holds
from privacy.steps import Run

from .ledgers import lost
from .makers import make_member


@pytest.fixture
def carla(db):
    return make_member("Carla", last_name="Maes")


def entered(member, actor, **given):
    how = {
        "channel": "letter",
        "identified_by": "id_card",
        "received_at": timezone.now() - timedelta(days=2),
        "reason": "brief van 3 maart",
    }
    return by_hand.enter(member.subject, actor_ref=actor.subject.ref, **how | given)


def test_it_waits_for_a_second_person_and_hides_nobody(an, daan):
    """T-06, T-18."""
    request = entered(an, daan)

    an.subject.refresh_from_db()
    assert (request.status, request.channel, request.identified_by) == ("received", "letter", "id_card")
    assert an.subject.hidden_at is None
    entry, remark = TrailEntry.objects.get(event="erasure.submitted"), Remark.objects.get()
    assert (entry.actor_ref, entry.reason) == (str(daan.subject.ref), "")
    assert (remark.entry_id, remark.subject_ref, remark.text) == (entry.pk, an.subject.ref, "brief van 3 maart")


def test_the_clock_runs_from_the_day_on_which_the_letter_came(an, daan):
    """G-01."""
    request = entered(an, daan, received_at=timezone.now() - timedelta(days=10))

    assert (request.due_on - timezone.now().date()).days < 25
    with pytest.raises(ReceivedInFuture):
        entered(make_member("Els"), daan, received_at=timezone.now() + timedelta(days=1))


def test_an_old_letter_is_answered_in_time(an, daan, carla):
    """G-02: who it is about has what is left of the month, but three days."""
    request = entered(an, daan, received_at=timezone.now() - timedelta(days=20), identified_by="known_address")

    cases.approve(request, subject=an.subject, actor_ref=carla.subject.ref)

    assert Run.objects.get(request=request).not_before == start_of(request.answer_by - timedelta(days=3))


@pytest.mark.parametrize(("days_old", "way", "days_left"), [(2, "id_card", 14), (35, "known_address", 1), (35, "id_card", 7)])
def test_there_is_time_to_go_back_and_more_where_we_saw_less(an, daan, days_old, way, days_left):
    """T-03: whom we know by less than a confirmed address gets seven days to say that it was somebody else."""
    now = timezone.now()
    request = entered(an, daan, received_at=now - timedelta(days=days_old), identified_by=way)

    assert cases.begins(request, now) == now + timedelta(days=days_left)


def test_who_entered_it_does_not_accept_it(an, daan):
    """T-18: four eyes."""
    request = entered(an, daan)

    for actor in (daan.subject.ref, "", "operator", an.subject.ref):
        with pytest.raises(SecondPersonNeeded):
            cases.approve(request, subject=an.subject, actor_ref=actor)

    request.refresh_from_db()
    assert request.status == "received"


def test_another_accepts_it_and_she_has_the_same_grace_and_letters(an, daan, carla, mailoutbox):
    request = entered(an, daan)

    cases.approve(request, subject=an.subject, actor_ref=carla.subject.ref)
    send_due()

    an.subject.refresh_from_db()
    assert an.subject.hidden_at
    assert request.run.not_before > timezone.now() + timedelta(days=13)
    assert [mail.to for mail in mailoutbox] == [[an.email]] * 2
    cases.cancel(request, actor_ref=an.subject.ref)
    an.subject.refresh_from_db()
    assert an.subject.hidden_at is None


def test_it_ends_as_every_erasure(an, daan, carla):
    request = entered(an, daan)
    cases.approve(request, subject=an.subject, actor_ref=carla.subject.ref, grace=timedelta(0))

    assert cases.run(request)

    assert not Member.objects.filter(pk=an.pk).exists()
    actors = set(TrailEntry.objects.filter(request_ref=request.ref).values_list("actor_ref", flat=True))
    assert {str(daan.subject.ref), str(carla.subject.ref)} <= actors


def test_it_can_be_refused_with_reasons(an, daan, carla):
    """G-16."""
    request = entered(an, daan)
    for method in (Method.STORED_ADDRESS, Method.CALLED_BACK):
        identity.note(request, method, passed=False, actor_ref=carla.subject.ref)

    cases.refuse(request, ground=RefusalGround.IDENTITY, reasons="De handtekening klopt niet.", actor_ref=str(carla.subject.ref))

    assert DataSubjectRequest.objects.get().status == "refused"


def test_nobody_enters_a_letter_of_her_own(daan):
    with pytest.raises(OwnRequest):
        entered(daan, daan)


def test_the_only_officer_is_not_erased_by_hand(daan, carla):
    with pytest.raises(LastInRole):
        entered(daan, carla)


def test_a_request_that_is_open_is_pointed_to(an, daan):
    """T-14."""
    first = entered(an, daan)

    with pytest.raises(RequestAlreadyOpen) as refusal:
        entered(an, daan)

    assert refusal.value.request == first


@pytest.mark.parametrize("given", [{"channel": "command"}, {"channel": "self_service"}, {"identified_by": "x"}, {"reason": " "}])
def test_what_is_not_by_hand_is_a_mistake_of_ours(an, daan, given):
    with pytest.raises(ValueError, match="By hand"):
        entered(an, daan, **given)


def test_a_hold_of_a_person_who_wrote_a_letter_holds_too(an, daan, carla):
    holds.place(
        an.subject,
        "accounts.Member",
        ground="legal_claims",
        why="Geschil.",
        until=today() + timedelta(days=9),
        review_on=today() + timedelta(days=5),
        actor_ref=daan.subject.ref,
    )
    request = entered(an, daan)
    cases.approve(request, subject=an.subject, actor_ref=carla.subject.ref, grace=timedelta(0))

    cases.run(request)

    assert holds.HeldRecord.objects.get().request_ref == request.ref


def test_after_a_restore_it_is_done_again_and_nobody_is_asked_twice(an, daan, carla, mailoutbox):
    with lost():
        request = entered(an, daan)
        cases.approve(request, subject=an.subject, actor_ref=carla.subject.ref, grace=timedelta(0))
        cases.run(request)
        send_due()
    mailoutbox.clear()

    replay.replay()
    tasks.sweep()

    assert not Member.objects.filter(pk=an.pk).exists()
    assert not [mail for mail in mailoutbox if mail.to == [an.email]]


@pytest.mark.parametrize("right", list(Right))
def test_of_every_right_a_letter_waits_for_a_second_person(an, daan, carla, right):
    """T-18, G-01: with the day on which it came."""
    came = timezone.now() - timedelta(days=6)
    request = entered(an, daan, right=right, received_at=came)
    with pytest.raises(SecondPersonNeeded):
        cases.approve(request, subject=an.subject, actor_ref=daan.subject.ref)

    cases.approve(request, subject=an.subject, actor_ref=carla.subject.ref)

    assert (request.status, request.received_at) == ("approved", came)
    assert hasattr(request, "run") == (right in cases.PLANS)


def test_the_letter_that_says_it_was_accepted_promises_no_erasure_of_another_right(an, daan, carla, mailoutbox):
    request = entered(an, daan, right=Right.OBJECTION)
    cases.approve(request, subject=an.subject, actor_ref=carla.subject.ref)
    send_due()

    assert len(mailoutbox) == 2
    assert not [message for message in mailoutbox if "wissen" in message.body]


def test_a_letter_of_nobody_knows_whom_is_answered_at_the_stored_address(an, daan, carla, mailoutbox):
    """T-01: what the letter says of itself proves nothing; who reads her mail does."""
    request = entered(an, daan, identified_by="not_yet")
    send_due()
    with pytest.raises(IdentityNotShown):
        cases.approve(request, subject=an.subject, actor_ref=carla.subject.ref)

    assert mailoutbox[0].to == [an.email]
    assert was_it_you.link_to(request).partition("/ask/")[1] in mailoutbox[0].body
    by_hand.it_was_me(by_hand.asked_by(was_it_you.LINK.token(request.ref)))
    cases.approve(request, subject=an.subject, actor_ref=carla.subject.ref)

    assert request.identity_checks.get().method == "stored_address"
    assert not AgendaItem.objects.open().filter(kind="identify").exists()


def test_the_link_of_a_letter_counts_once_and_while_it_is_open(an, daan):
    request = entered(an, daan, identified_by="not_yet")
    token = was_it_you.LINK.token(request.ref)
    by_hand.it_was_me(by_hand.asked_by(token))

    with pytest.raises(LinkUsed):
        by_hand.asked_by(token)
    with pytest.raises(LinkUsed):
        by_hand.it_was_me(request)


def test_a_letter_of_which_we_know_who_wrote_it_has_no_such_link(an, daan):
    assert was_it_you.link_to(entered(an, daan)) == ""
