"""The worker: it wakes up, looks in the database, and loses nothing."""

import logging
import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from privacy import tasks, waking
from privacy.casework import cases
from privacy.casework.cases import DataSubjectRequest
from privacy.conf import store
from privacy.datamap import Right
from privacy.evidence import trail
from privacy.evidence.trail import TrailSeal
from privacy.models import Subject
from privacy.rights import retention
from privacy.steps import Run

from .makers import make_member, make_view

LONG_AGO = timedelta(days=100)


def approved(member, grace=timedelta(0)):
    request = cases.submit(Right.ERASURE, subject=member.subject)
    cases.approve(request, subject=member.subject, grace=grace)
    return request


@pytest.fixture
def in_hand(monkeypatch):
    """What the sweep hands to a worker is done at once, in this process."""
    monkeypatch.setattr(tasks.run, "apply_async", lambda arguments, **_options: tasks.run(*arguments))


def test_a_message_carries_out_what_is_due_and_sends_its_letters(an):
    request = approved(an)

    tasks.run(request.pk)

    assert DataSubjectRequest.objects.get().status == "fulfilled"
    assert len(mail.outbox) == 2


def test_a_message_that_comes_too_early_only_sends_the_acknowledgement(an):
    """G-10: within a minute."""
    request = approved(an, grace=timedelta(days=14))

    tasks.run(request.pk)

    assert DataSubjectRequest.objects.get().status == "approved"
    assert len(mail.outbox) == 1


def test_a_message_that_comes_twice_changes_nothing(an):
    """T-10: late acknowledgement delivers a message again."""
    request = approved(an)
    tasks.run(request.pk)

    tasks.run(request.pk)

    assert len(mail.outbox) == 2


def test_the_sweep_finds_what_no_message_told(an, in_hand):
    """The broker was dead, or the message was lost."""
    approved(an)

    tasks.sweep()

    assert not Subject.objects.exists()


def test_the_sweep_leaves_alone_what_waits_what_is_held_and_what_is_done(an, bo, in_hand):
    approved(an, grace=timedelta(days=1))
    held = approved(bo)
    held.run.claim()
    cases.run(approved(make_member("Els")))

    tasks.sweep()

    assert set(DataSubjectRequest.objects.values_list("status", flat=True)) == {"approved", "fulfilled"}
    assert Subject.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_loses_nothing_and_is_no_error_for_the_person(an, monkeypatch, caplog):
    """The request is accepted; the sweep finds it."""

    def refuse(*_arguments, **_options):
        raise ConnectionRefusedError(f"amqp://user:secret@broker/{an.email}")

    monkeypatch.setattr(waking.current_app, "send_task", refuse)

    request = approved(an)

    assert Run.objects.due(timezone.now()).get().request == request
    assert "the broker did not take privacy.run" in caplog.text
    assert "ConnectionRefusedError" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_woken_after_the_commit_with_a_number_only(an, monkeypatch):
    """T-26: no personal data in the queue."""
    woken = []
    monkeypatch.setattr(waking.current_app, "send_task", lambda *arguments, **options: woken.append((arguments, options)))

    request = approved(an)

    assert woken == [(("privacy.run", (request.pk,)), {"retry": False})]


def test_an_error_is_logged_by_its_kind_alone(an, monkeypatch, caplog):
    """T-32."""
    caplog.set_level(logging.DEBUG)
    request = approved(an)

    def fail(*_arguments, **_options):
        raise LookupError(an.email)

    monkeypatch.setattr(cases, "run", fail)

    tasks.run(request.pk)

    assert f"request {request.ref} stopped at an error: LookupError" in caplog.text
    assert an.email not in caplog.text


def test_a_refusal_of_ours_is_logged_in_words(an, monkeypatch, caplog):
    """It holds nothing personal, and names the table that somebody has to declare."""
    request = approved(an)
    monkeypatch.setattr("privacy.rights.references.table_found", lambda *_looks: "diary")

    tasks.run(request.pk)

    assert "diary" in caplog.text
    assert request.ref in caplog.text


def test_the_sweep_seals_the_trail(db):
    trail.TrailEntry.objects.bulk_create([trail.TrailEntry(event="test.happened", at=datetime(2026, 1, 1, tzinfo=UTC))])

    tasks.sweep()

    assert TrailSeal.objects.count() == 1


def test_the_night_takes_what_expired_and_forgets_keys(an):
    view = make_view(an, viewed_at=timezone.now() - LONG_AGO)
    key = store("keys") / "OLD.key"
    key.touch()
    os.utime(key, (0, 0))

    tasks.nightly()

    view.refresh_from_db()
    assert view.ip_address is None
    assert not key.exists()


def test_one_failure_at_night_stops_nothing_else(monkeypatch, caplog):
    done = []

    def fail(*, now):
        raise LookupError("an@school.example")

    for module, name in ((retention, "apply"), (tasks.statistics, "close_due")):
        fail.__name__ = name
        monkeypatch.setattr(module, name, fail)
    monkeypatch.setattr(tasks.expiry, "forget", lambda *, now: done.append("forgotten"))
    monkeypatch.setattr(tasks.letters, "destroy_forgotten_keys", lambda *, now: done.append("keys"))

    tasks.nightly()

    assert done == ["forgotten", "keys"]
    assert caplog.text.count("LookupError") == 2
    assert "school.example" not in caplog.text
