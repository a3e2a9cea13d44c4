"""More time to answer: once, in the first month, told at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format

from privacy.casework import cases, deadlines, extending, mailing, pausing
from privacy.casework.extending import Extension, Reason
from privacy.datamap import Right
from privacy.days import day_of, start_of
from privacy.errors import AlreadyExtended, ExtensionIncomplete, OwnDecision, RequestNotApproved, TooLateToExtend
from privacy.models import AgendaItem, TrailEntry

from . import races
from .makers import make_member
from .test_deadlines import VECTORS

WORDS = "Je vraagt gegevens uit drie systemen, die we elk apart moeten doorzoeken."


def asked(member, received_at=None, right=Right.OBJECTION):
    return cases.submit(right, subject=member.subject, received_at=received_at)


def extend(request, *, reason=Reason.COMPLEX, words=WORDS, actor_ref="dpo", now=None):
    return extending.extend(request, reason=reason, words=words, actor_ref=actor_ref, now=now)


def received_on(day) -> datetime:
    return start_of(date.fromisoformat(day)) + timedelta(hours=12)


@pytest.mark.parametrize("vector", VECTORS, ids=[received for received, *_rest in VECTORS])
def test_it_is_due_as_the_table_says(an, vector):
    """G-04: from receipt, and not from the first deadline. Those to come count as received today."""
    received, _raw, _due, raw, due = vector
    request = asked(an)
    request.received_at = received_on(received)
    request.save()

    granted = extend(request, now=request.received_at)

    assert (granted.due_on, request.due_on, request.answer_by) == (date.fromisoformat(due),) * 2 + (date.fromisoformat(raw),)


def test_letter_entry_agenda_and_new_day_come_together(an, daan):
    """G-04, G-05, G-08."""
    request = asked(an)

    granted = extend(request, reason=Reason.NUMEROUS, actor_ref=daan.subject.ref)

    entry = TrailEntry.objects.get(event="objection.extended")
    assert (granted.reason, granted.words, granted.by) == ("numerous", WORDS, str(daan.subject.ref))
    assert (entry.reason, entry.actor_ref) == ("numerous", str(daan.subject.ref))
    assert list(request.letters.order_by("pk").values_list("kind", flat=True)) == ["acknowledgement", "extension"]
    assert AgendaItem.objects.get(kind="decide").due_on == request.due_on == deadlines.due_on(day_of(request.received_at), extended=True)


@translation.override("en")
def test_the_letter_tells_reason_words_and_new_day(db, mailoutbox):
    """G-04, G-07, G-08: another letter than a refusal."""
    an = make_member("An", language="en")
    request = asked(an)
    mailing.send_due()

    extend(request)
    mailing.send_due()

    body = mailoutbox[-1].body
    assert [words for words in (WORDS, "complex", date_format(request.answer_by)) if words not in body] == []


def test_without_its_letter_it_is_not_extended(an, monkeypatch):
    """G-04: one transaction."""
    request = asked(an)
    monkeypatch.setattr(extending.letters, "write", lambda *_args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        extend(request)

    request.refresh_from_db()
    assert not Extension.objects.exists()
    assert not request.is_extended


@pytest.mark.parametrize(
    ("now", "is_late"),
    [
        (datetime(2026, 3, 30, 21, 59, 59, tzinfo=UTC), False),  # summer time began the day before: 23:59:59 in Brussels
        (datetime(2026, 3, 30, 22, 0, tzinfo=UTC), True),
    ],
)
def test_it_takes_until_midnight_in_brussels_also_after_the_clocks_changed(an, now, is_late):
    """G-03, G-04: received on 28 February, due on Saturday 28 March, and so on Monday 30."""
    request = asked(an, datetime(2026, 2, 28, 12, tzinfo=UTC))
    assert request.due_on == date(2026, 3, 30)

    if is_late:
        with pytest.raises(TooLateToExtend):
            extend(request, now=now)
    else:
        assert extend(request, now=now).due_on == date(2026, 5, 28)


@pytest.mark.parametrize(("hour", "is_late"), [(22, False), (23, True)])
def test_midnight_is_an_hour_later_in_utc_once_winter_began(an, hour, is_late):
    """G-03: asked in summer time, due in winter time."""
    request = asked(an, datetime(2025, 10, 12, 12, tzinfo=UTC))
    assert request.due_on == date(2025, 11, 12)

    assert extending.may_extend(request, datetime(2025, 11, 12, hour, 30, tzinfo=UTC)) is not is_late


def test_the_model_too_refuses_it_after_the_first_month(an):
    """G-04."""
    request = asked(an)
    late = {"granted_at": timezone.now(), "in_time_until": timezone.now() - timedelta(seconds=1), "due_on": request.due_on}

    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(request=request, reason="complex", words=WORDS, **late)


def test_it_is_possible_once(an):
    """G-04."""
    request = asked(an)
    granted = extend(request)

    with pytest.raises(AlreadyExtended):
        extend(request)
    granted.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        granted.save(force_insert=True)

    assert request.extensions.count() == 1


@pytest.mark.parametrize(("reason", "words"), [("complex", " \n"), ("", WORDS), ("much_work", WORDS), ("large", WORDS)])
def test_it_takes_a_reason_of_the_law_and_words(an, reason, words):
    """G-05: much work, or a large organisation, is none."""
    request = asked(an)

    with pytest.raises(ExtensionIncomplete):
        extend(request, reason=reason, words=words)

    assert not Extension.objects.exists()


def test_the_database_knows_no_other_reason(an):
    """G-05."""
    now = timezone.now()
    given = {"granted_at": now, "in_time_until": now + timedelta(days=1), "due_on": now.date()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(request=asked(an), reason="large", **given)


@pytest.mark.parametrize("end", [cases.cancel, lambda request: cases.refuse(request, ground="unfounded", reasons="x", actor_ref="dpo")])
def test_what_is_closed_gets_no_more_time(an, end):
    request = asked(an)
    stale = type(request).objects.get(pk=request.pk)
    end(request)

    with pytest.raises(RequestNotApproved):
        extend(stale)


def test_nobody_takes_time_for_her_own_request(daan):
    """T-18."""
    request = asked(daan)

    with pytest.raises(OwnDecision):
        extend(request, actor_ref=daan.subject.ref)


def test_what_a_pause_added_stays_when_it_is_extended(an):
    """G-04, G-06."""
    now = timezone.now()
    request = cases.submit(Right.OBJECTION, subject=an.subject, received_at=now - timedelta(days=20))
    pausing.pause(request, reason="specify", actor_ref="dpo", now=now - timedelta(days=18))
    pausing.resume(request, actor_ref="dpo", now=now - timedelta(days=8))

    extend(request, now=now)

    assert request.paused_days == 10
    assert request.due_on == deadlines.due_on(day_of(request.received_at), extended=True, paused_days=10)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_extend_at_once_one_does(an):
    races.needs_threads()
    request = asked(an)

    results = races.at_once(*[lambda: extend(type(request).objects.get(pk=request.pk))] * 2)

    assert sorted(type(result).__name__ for result in results) == ["AlreadyExtended", "Extension"]
    assert request.letters.filter(kind="extension").count() == 1
