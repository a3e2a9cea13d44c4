"""What the worker does: shells that take a number, wake up and look in the database."""

import logging
from functools import wraps

from celery import shared_task
from django.dispatch import receiver
from django.utils import timezone

from .casework import (
    absences,
    alerts,
    bounces,
    cases,
    correspondents,
    expiry,
    housekeeping,
    identity_changes,
    letters,
    mailing,
    outside,
    pausing,
    reporting,
    restricting,
    reviews,
    settings,
    unused,
)
from .casework.cases import DataSubjectRequest
from .casework.registers import authorities, breach_letters, breaching
from .errors import PrivacyError
from .evidence import replay, residue, seals, statistics
from .rights import access, holds, retention, shuffling, waiting
from .steps import Run, ready
from .waking import wake_worker

log = logging.getLogger("privacy")

# Requests woken per sweep, the oldest first: the next sweep takes the rest.
ROUND = 50
# A sweep's message is of no use once later sweeps sent it again.
EXPIRES_SECONDS = 60


def on_current_database(task):
    """Nothing is done, sent or told on a database that comes from a backup, until the ledger was replayed."""

    @wraps(task)
    def careful(*args):
        if _is_current():
            task(*args)
        else:
            log.error("%s waits: the database is older than the replay ledger (manage.py replay_ledger)", task.__name__)

    return careful


def _is_current() -> bool:
    try:
        replay.settle()
    except PrivacyError as refusal:
        log.error("the replay ledger: %s", refusal)
    return not replay.is_behind()


@shared_task(name="privacy.run")
@on_current_database
def run(request_id: int) -> None:
    """Carry out one request. The sweep tries again; only a refusal of ours may be logged in words, others may hold personal data."""
    request = DataSubjectRequest.objects.get(pk=request_id)
    try:
        if request.is_open and request.run.not_before <= timezone.now():
            cases.run(request)
    except PrivacyError as refusal:
        log.error("request %s stopped: %s", request.ref, refusal)
    except Exception as error:
        log.error("request %s stopped at an error: %s", request.ref, type(error).__name__)
    mailing.send_due()


@shared_task(name="privacy.sweep")
@on_current_database
def sweep() -> None:
    """Find what a lost message or a killed worker left behind, seal the trail, and write out what was changed on the desk."""
    for request_id in Run.objects.due(timezone.now()).order_by("not_before").values_list("request_id", flat=True)[:ROUND]:
        run.apply_async([request_id], expires=EXPIRES_SECONDS)
    if residue.is_due(timezone.now()):
        search.apply_async(expires=EXPIRES_SECONDS)
    mailing.deliver_notices()
    mailing.send_due()
    unused.send_due()
    outside.send_due()
    identity_changes.send_due()
    outside.forget(timezone.now())
    restricting.send_due()
    breach_letters.send_due()
    access.expire(timezone.now())
    waiting.expire(timezone.now())
    seals.seal(now=timezone.now())
    settings.write_out()


@shared_task(name="privacy.search")
@on_current_database
def search() -> None:
    """One pass through everything, for every erasure that waits; also for one whose recipients were not reached yet."""
    residue.look()


@shared_task(name="privacy.nightly")
@on_current_database
def nightly() -> None:
    """What time brings: expired values, unused accounts, rows to mix, closed months, old requests and their words, keys nobody needs.

    One that fails stops none of the others.
    """
    values = retention.note_cut_off, retention.apply, unused.carry_on, shuffling.apply, statistics.close_due
    records = expiry.forget, correspondents.forget, housekeeping.forget_words, holds.expire
    left = letters.destroy_forgotten_keys, expiry.forget_identifiers
    told = bounces.note_given_up, reviews.remind, alerts.send, alerts.forget, absences.forget
    registers = authorities.tell_after_secrecy, authorities.forget, breach_letters.forget, breaching.note_open
    accounts = settings.note_reviews, reporting.report
    for act in (pausing.move_on, *values, *records, *left, *registers, *accounts, *told):
        try:
            act(now=timezone.now())
        except Exception as error:
            log.error("%s.%s stopped at an error: %s", act.__module__, act.__name__, type(error).__name__)


@receiver(ready)
def _wake(sender, request, **kwargs):
    wake_worker(run.name, request.pk)
