"""The clock stands still while we miss who asks, or what."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from privacy import tasks
from privacy.casework import by_hand, cases, clock, deadlines, identity, letter_text, pausing
from privacy.casework.identity import Method
from privacy.casework.pausing import Pause, Reason
from privacy.datamap import Right
from privacy.errors import AlreadyPaused, NoDoubt, NothingToWaitFor, NotPaused, OwnDecision, RequestNotApproved, StillPaused
from privacy.models import AgendaItem, DataSubjectRequest, IdentityCheck, TrailEntry

from . import races

NOW = datetime(2026, 6, 10, 10, tzinfo=UTC)


def asked(member, received_at=NOW, right=Right.OBJECTION, **options):
    return cases.submit(right, subject=member.subject, received_at=received_at, **options)


def by_mail(member, received_at=NOW, right=Right.OBJECTION):
    return asked(member, received_at, right, channel="mail", actor_ref="operator")


def pause(request, reason=Reason.SPECIFY, now=NOW, actor_ref="dpo"):
    return pausing.pause(request, reason=reason, actor_ref=actor_ref, now=now)


def resume(request, now):
    pausing.resume(request, actor_ref="dpo", now=now)


def in_days(days, *, hours=0):
    return NOW + timedelta(days=days, hours=hours)


def test_a_pause_is_a_row_a_letter_and_an_entry(an, daan):
    """G-06: start, reason and who."""
    request = by_mail(an)

    begun = pause(request, Reason.IDENTITY, actor_ref=daan.subject.ref)

    entry = TrailEntry.objects.get(event="objection.paused")
    assert (begun.reason, begun.begun_at, begun.ended_at, begun.moves_deadline) == ("identity", NOW, None, True)
    assert begun.by == str(daan.subject.ref)
    assert (entry.reason, entry.actor_ref) == ("identity", str(daan.subject.ref))
    assert list(request.letters.order_by("pk").values_list("kind", flat=True)) == ["acknowledgement", "paused"]
    assert "identify" in AgendaItem.objects.open().values_list("kind", flat=True)


def test_its_days_come_after_the_last_day_and_what_was_without_it_stays_to_be_seen(an):
    """G-06."""
    request = asked(an)
    was_due = request.due_on
    pause(request)

    resume(request, in_days(7))

    assert request.paused_days == 7
    assert request.due_on == deadlines.due_on(date(2026, 6, 10), paused_days=7) == date(2026, 7, 17)
    assert request.answer_by == date(2026, 7, 17)
    assert request.unpaused_due_on == was_due == date(2026, 7, 10)
    assert AgendaItem.objects.open().get(kind="decide").due_on == request.due_on


@pytest.mark.parametrize(("days", "moves"), [(0, True), (3, True), (4, False), (20, False)])
def test_asked_late_it_moves_no_deadline(an, days, moves):
    """G-06, T-05: within three days of receipt."""
    request = asked(an)
    was_due = request.due_on

    begun = pause(request, now=in_days(days))
    resume(request, in_days(days + 10))

    assert begun.moves_deadline is moves
    assert (request.due_on > was_due, request.paused_days) == (moves, 10 if moves else 0)


def test_how_soon_is_a_setting(an, settings):
    """G-06."""
    settings.PRIVACY = {**settings.PRIVACY, "PAUSE_WITHIN_DAYS": 0}

    assert pause(asked(an), now=in_days(1)).moves_deadline is False


@pytest.mark.parametrize(
    ("begun", "ended", "days"),
    [
        (datetime(2026, 6, 10, 21, 59, tzinfo=UTC), datetime(2026, 6, 10, 22, 1, tzinfo=UTC), 1),  # midnight in Brussels between them
        (datetime(2026, 6, 10, 22, 1, tzinfo=UTC), datetime(2026, 6, 11, 21, 59, tzinfo=UTC), 0),
        (datetime(2026, 3, 28, 22, 30, tzinfo=UTC), datetime(2026, 3, 29, 22, 30, tzinfo=UTC), 2),  # a day of 23 hours
        (datetime(2025, 10, 25, 22, 30, tzinfo=UTC), datetime(2025, 10, 26, 22, 30, tzinfo=UTC), 0),  # a day of 25 hours
    ],
)
def test_its_days_are_days_in_brussels_also_where_the_clocks_change(begun, ended, days):
    """G-03, G-06."""
    assert Pause(begun_at=begun, ended_at=ended).days(date(2030, 1, 1)) == days


def test_each_night_the_last_day_of_what_stands_still_is_a_day_further(an, bo):
    """T-05."""
    waiting, running = asked(an), asked(bo)
    pause(waiting)
    was_due = waiting.due_on

    for night in (1, 2, 2):
        pausing.move_on(in_days(night))

    waiting.refresh_from_db()
    running.refresh_from_db()
    assert (waiting.paused_days, running.paused_days) == (2, 0)
    assert (waiting.due_on, running.due_on) == (deadlines.due_on(date(2026, 6, 10), paused_days=2), was_due)


def test_the_nightly_round_moves_it(an):
    request = asked(an, timezone.now())
    pausing.pause(request, reason="specify", actor_ref="dpo", now=timezone.now())
    Pause.objects.update(begun_at=timezone.now() - timedelta(days=2))

    tasks.nightly()

    request.refresh_from_db()
    assert request.paused_days == 2


def test_days_that_do_not_count_move_nothing_at_night(an):
    request = asked(an)
    pause(request, now=in_days(9))

    pausing.move_on(in_days(30))

    request.refresh_from_db()
    assert request.due_on == request.unpaused_due_on


def test_who_was_signed_in_is_never_asked_who_it_is(an):
    """G-13."""
    request = asked(an)

    assert pausing.reasons_for(request) == [Reason.SPECIFY]
    with pytest.raises(NoDoubt):
        pause(request, Reason.IDENTITY)

    assert not Pause.objects.exists()


def test_once_it_is_shown_who_asks_the_clock_goes_on(an, daan):
    """G-06, G-13."""
    request = by_mail(an, timezone.now())
    pausing.pause(request, reason=Reason.IDENTITY, actor_ref=daan.subject.ref)

    identity.note(request, Method.STORED_ADDRESS, passed=True, actor_ref=daan.subject.ref)

    assert request.pauses.get().ended_at is not None
    assert TrailEntry.objects.filter(event="objection.resumed", reason="identity").count() == 1
    assert "identify" not in AgendaItem.objects.open().values_list("kind", flat=True)


def test_a_look_that_failed_lets_the_clock_stand_still(an):
    request = by_mail(an)
    pause(request, Reason.IDENTITY)

    identity.note(request, Method.CALLED_BACK, passed=False, actor_ref="dpo")

    assert request.pauses.open().exists()


def test_while_we_wait_for_her_nothing_is_accepted_or_answered(an):
    request = asked(an)
    pause(request)

    with pytest.raises(StillPaused):
        cases.approve(request, subject=an.subject)

    resume(request, in_days(1))
    cases.approve(request, subject=an.subject)
    assert request.status == "approved"


def test_accepted_and_then_paused_it_is_not_answered(an):
    request = asked(an)
    cases.approve(request, subject=an.subject)
    pause(request)

    with pytest.raises(StillPaused):
        cases.fulfil(request, actor_ref="dpo")


@pytest.mark.parametrize(
    "end", [cases.cancel, cases.stop, lambda request: cases.refuse(request, ground="unfounded", reasons="x", actor_ref="dpo")]
)
def test_however_it_ends_we_wait_no_more(an, end):
    request = asked(an)
    pause(request)

    end(request)

    assert not Pause.objects.open().exists()


def test_one_at_a_time_and_each_with_a_letter(an):
    """G-06."""
    request = asked(an)
    pause(request)
    with pytest.raises(AlreadyPaused):
        pause(request, now=in_days(1))
    resume(request, in_days(2))

    pause(request, now=in_days(3))

    assert request.pauses.count() == request.letters.filter(kind="paused").count() == 2


def test_the_database_too_knows_one_at_a_time_and_no_other_reason(an):
    request = asked(an)
    pause(request)
    wrong = [{"reason": "specify"}, {"reason": "busy", "ended_at": NOW}, {"reason": "specify", "ended_at": NOW - timedelta(seconds=1)}]

    for given in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Pause.objects.create(request=request, begun_at=NOW, moves_deadline=True, **given)


def test_what_a_worker_has_waits_for_nobody(an):
    request = asked(an, right=Right.ACCESS)
    cases.approve(request, subject=an.subject)

    with pytest.raises(NothingToWaitFor):
        pause(request)


def test_a_letter_that_asks_for_erasure_waits_until_we_know_who_wrote(an, daan):
    how = {"channel": "letter", "identified_by": "known_address", "received_at": NOW, "reason": "brief"}
    request = by_hand.enter(an.subject, actor_ref=daan.subject.ref, **how)

    pause(request, Reason.IDENTITY)

    assert request.pauses.open().exists()


def test_what_runs_cannot_go_on_and_what_is_closed_cannot_stand_still(an):
    request = asked(an)
    with pytest.raises(NotPaused):
        resume(request, NOW)
    cases.cancel(request)

    with pytest.raises(RequestNotApproved):
        pause(request)


def test_nobody_stops_the_clock_of_her_own_request(daan):
    """T-18."""
    with pytest.raises(OwnDecision):
        pause(asked(daan), actor_ref=daan.subject.ref)


def test_a_last_day_that_falls_on_a_holiday_moves_after_the_days_of_a_pause(an):
    """G-02, G-06: 14 July and 7 days is the national holiday."""
    request = asked(an, datetime(2026, 6, 14, 10, tzinfo=UTC))
    pause(request, now=datetime(2026, 6, 14, 10, tzinfo=UTC))

    assert clock.due_on(request, date(2026, 6, 21)) == date(2026, 7, 22)


def test_going_on_is_a_letter_that_says_until_when(an):
    """G-06."""
    request = asked(an)
    pause(request)
    pausing.resume(request, now=in_days(9))

    letter = request.letters.get(kind="resumed")
    assert "gaan verder" in letter_text.of(letter).title
    assert "19 juli 2026" in letter_text.of(letter).text


@pytest.mark.parametrize("looks", [[], [False], [True, False]])
def test_going_on_without_a_look_that_passed_does_not_say_that_it_was_she(an, looks):
    """G-13: who asks is still to be found out."""
    request = by_mail(an, timezone.now())
    pausing.pause(request, reason=Reason.IDENTITY, actor_ref="dpo")
    IdentityCheck.objects.bulk_create([IdentityCheck(request=request, method=Method.CALLED_BACK, passed=passed) for passed in looks])

    pausing.resume(request, actor_ref="dpo")

    text = letter_text.of(request.letters.get(kind="resumed")).text
    assert ("De tijd loopt weer" in text, "We weten nu" in text) == (True, False)
    assert "identify" in AgendaItem.objects.open().values_list("kind", flat=True)


def test_a_look_that_passed_is_said_when_we_go_on_whatever_comes_after(an):
    request = by_mail(an, timezone.now())
    pausing.pause(request, reason=Reason.IDENTITY, actor_ref="dpo")
    identity.note(request, Method.STORED_ADDRESS, passed=True, actor_ref="dpo")

    identity.note(request, Method.CALLED_BACK, passed=False, actor_ref="dpo")

    assert "We weten nu dat jij het was" in letter_text.of(request.letters.get(kind="resumed")).text


def test_a_letter_says_what_was_missed_then(an):
    request = by_mail(an)
    pause(request, Reason.SPECIFY)
    pausing.resume(request, now=in_days(3))
    pause(request, Reason.IDENTITY, now=in_days(4))

    first, second = request.letters.filter(kind="paused").order_by("pk")

    assert "wat je wil" in letter_text.of(first).text
    assert "wat je wil" not in letter_text.of(second).text


def test_who_has_no_address_for_mail_is_asked_on_paper(an):
    """G-08."""
    request = asked(an)
    request.channel, request.sealed_address = DataSubjectRequest.Channel.LETTER, b""
    request.save()
    pause(request)
    pausing.resume(request, now=in_days(3))

    assert set(request.letters.exclude(kind="acknowledgement").values_list("kind", "by_post")) == {("paused", True), ("resumed", True)}
    assert AgendaItem.objects.open().filter(kind="post").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_stop_the_clock_at_once_one_does(an):
    races.needs_threads()
    request = asked(an)

    results = races.at_once(*[lambda: pause(DataSubjectRequest.objects.get(pk=request.pk))] * 2)

    assert sorted(type(result).__name__ for result in results) == ["AlreadyPaused", "Pause"]
    assert request.letters.filter(kind="paused").count() == 1
