"""What waits for a person of ours."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from privacy.casework import agenda, at_once, by_hand, cases, expiry
from privacy.casework.agenda import Kind
from privacy.datamap import RefusalGround, Right
from privacy.evidence import replay
from privacy.models import AgendaItem, DataSubjectRequest, TrailEntry

from .ledgers import lost
from .makers import make_member

pytestmark = pytest.mark.django_db

migration = import_module("privacy.migrations.0020_contract")
DAY = date(2026, 12, 1)


def asked(member, right=Right.RESTRICTION, **options):
    return cases.submit(right, subject=member.subject, **options)


def entered(member, actor, **given):
    how = {"channel": "letter", "identified_by": "id_card", "received_at": timezone.now(), "reason": "brief"}
    return by_hand.enter(member.subject, actor_ref=actor.subject.ref, **how | given)


def waiting(request):
    return list(AgendaItem.objects.open().filter(request_ref=request.ref).values_list("kind", flat=True))


def test_what_no_worker_carries_out_waits_for_a_decision(an):
    request = asked(an)

    item = AgendaItem.objects.get()
    assert (item.request_ref, item.kind, item.due_on) == (request.ref, "decide", request.due_on)


def test_each_right_is_answered_by_steps_or_by_us():
    assert set(Right) - set(cases.PLANS) == agenda.ANSWERED_BY_US


def test_what_a_worker_carries_out_and_what_is_done_at_once_waits_for_nobody(an):
    asked(an, Right.ACCESS)
    asked(an, Right.ERASURE)
    at_once.objected(an.subject)

    assert not AgendaItem.objects.exists()


def _answer(request, an):
    cases.approve(request, subject=an.subject)
    assert "decide" in waiting(request)
    cases.fulfil(request, actor_ref="dpo")


def _refuse(request, _an):
    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons="Omdat.", actor_ref="dpo")


def _erase(_request, an):
    erasure = asked(an, Right.ERASURE)
    cases.approve(erasure, subject=an.subject, grace=timedelta(0))
    cases.run(erasure)


@pytest.mark.parametrize(
    "close", [_answer, _refuse, lambda request, _an: cases.cancel(request), lambda request, _an: cases.stop(request), _erase]
)
def test_however_a_request_ends_it_waits_no_more(an, close):
    request = asked(an)
    agenda.note(Kind.IDENTIFY, request.ref, DAY)

    close(request, an)

    assert waiting(request) == []
    assert not TrailEntry.objects.filter(event="desk.settled").exists()


def test_what_its_end_does_not_settle_goes_on_waiting(an, bo):
    request, other = asked(an), asked(bo)
    agenda.note(Kind.BOUNCED, request.ref, DAY)

    cases.cancel(request)

    assert (waiting(request), waiting(other)) == (["bounced"], ["decide"])


def test_what_was_entered_by_hand_waits_for_a_second_person(an, daan):
    request = entered(an, daan)
    assert waiting(request) == ["second_person"]

    cases.approve(request, subject=an.subject, actor_ref=make_member("Carla").subject.ref)

    assert waiting(request) == []


def test_an_objection_is_weighed_however_it_came(an, bo, daan):
    """G-36: signed in, by our form, and by letter once a second person accepted it."""
    by_form, by_letter = asked(an, Right.OBJECTION, channel="form"), entered(bo, daan, right=Right.OBJECTION)
    assert (set(waiting(by_form)), waiting(by_letter)) == ({"decide", "compelling_grounds"}, ["second_person"])

    cases.approve(by_letter, subject=bo.subject, actor_ref=make_member("Carla").subject.ref)

    assert set(waiting(by_letter)) == {"decide", "compelling_grounds"}


def test_noted_twice_it_waits_once_until_the_day_said_last():
    for day in (DAY, DAY + timedelta(days=9)):
        agenda.note(Kind.LIFT, "ABC", day)

    assert AgendaItem.objects.get().due_on == DAY + timedelta(days=9)


def test_the_database_too_knows_one_of_a_kind_and_no_other_kinds():
    agenda.note(Kind.LIFT, "ABC", DAY)

    for kind in ("lift", "anything"):
        with pytest.raises(IntegrityError), transaction.atomic():
            AgendaItem.objects.create(request_ref="ABC", kind=kind, due_on=DAY)


def test_of_two_who_settle_it_the_first_is_on_record(daan):
    agenda.note(Kind.NOT_REACHED, "ABC", DAY)

    assert agenda.settle(Kind.NOT_REACHED, "ABC", daan.subject.ref) is True
    assert agenda.settle(Kind.NOT_REACHED, "ABC", "dpo") is False

    entry = TrailEntry.objects.get(event="desk.settled")
    assert (entry.actor_ref, entry.request_ref, entry.reason, entry.subject_ref) == (str(daan.subject.ref), "ABC", "not_reached", None)


def test_what_is_settled_can_come_again():
    agenda.note(Kind.BOUNCED, "ABC", DAY)
    agenda.settle(Kind.BOUNCED, "ABC", "dpo")

    agenda.note(Kind.BOUNCED, "ABC", DAY)

    assert AgendaItem.objects.open().count() == 1


def test_after_a_restore_it_waits_again(an):
    with lost():
        request = asked(an)
        replay.note("asked", subject_ref=an.subject.ref, about=[], because="", **request.facts)

    replay.replay()

    assert waiting(request) == ["decide"]


def test_what_was_open_before_there_was_an_agenda_stands_on_it(an, bo, daan):
    expected = {(asked(an).ref, "decide"), (entered(bo, daan).ref, "second_person")}
    asked(an, Right.ACCESS)
    cases.cancel(asked(an, Right.COMPLAINT))
    AgendaItem.objects.all().delete()

    for _again in range(2):
        migration.note_what_waits(apps, None)

    assert set(AgendaItem.objects.values_list("request_ref", "kind")) == expected


def test_what_was_done_goes_after_five_years(an):
    """G-67."""
    cases.cancel(asked(an))
    still_open = asked(an)

    expiry.forget(timezone.now() + timedelta(days=5 * 366))

    assert AgendaItem.objects.get().request_ref == still_open.ref == DataSubjectRequest.objects.get().ref
