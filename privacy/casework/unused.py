"""Accounts that nobody uses, from the first warning to an ordinary request for erasure (Art. 5(1)(e), 17(1)(a))."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ..conf import setting
from ..datamap import ErasureGround, Right
from ..days import day_of, today
from ..evidence import trail
from ..rights import inactivity
from ..rights.holds import Hold
from ..rights.inactivity import ApprovedRule, Rule, UnusedAccount
from ..rights.nights import RetentionRun
from ..subjects import Subject
from . import cases, mailing, states
from .requests import DataSubjectRequest

log = logging.getLogger("privacy")

# Who of ours warns and erases, as requests and trail name it.
RETENTION = "retention"
# Warnings per round: the next round takes the rest.
ROUND = 200


def people(kind: str) -> QuerySet[Subject]:
    """Whose account may go when nobody uses it: nobody who waits for an answer, had its use restricted, or of whom something is held."""
    paused = Q(right=Right.RESTRICTION, status__in=states.DONE)
    waits = DataSubjectRequest.objects.filter(Q(status__in=DataSubjectRequest.OPEN) | paused, subject_ref=OuterRef("pk"))
    held = Hold._base_manager.filter(subject_ref=OuterRef("pk"))
    return inactivity.people(kind).filter(~Exists(waits), ~Exists(held))


def proposals(rule: Rule, now) -> QuerySet[Subject]:
    """Who would get a first warning now, each with `last_seen_at`; nothing changes."""
    return inactivity.proposals(rule, people(rule.kind), day_of(now))


def approve(rule: Rule, *, actor_ref) -> None:
    """The data protection officer looked at the list: from now on the rule is applied."""
    with transaction.atomic():
        if inactivity.approve(rule):
            trail.record("retention.approved", actor_ref=actor_ref, reason=f"{rule.kind}.{rule.months}")


def withdraw(rule: Rule, *, actor_ref) -> None:
    with transaction.atomic():
        if inactivity.withdraw(rule.kind):
            trail.record("retention.withdrawn", actor_ref=actor_ref, reason=f"{rule.kind}.{rule.months}")


def carry_on(now, *, at_most: int | None = None) -> None:
    """One night: who came back is left alone, who is next is warned, whose last day has passed is erased; at most so many of each."""
    at_most = setting("INACTIVE_PER_NIGHT") if at_most is None else at_most
    for rule in inactivity.rules():
        if inactivity.in_force(rule):
            run = RetentionRun.objects.create(what=RetentionRun.What.ACCOUNTS, started_at=now)
            _warn(run, rule, now, at_most)
            _erase(run, rule, now, at_most)
            run.finish(left=proposals(rule, now).count())


def _hold(rule: Rule) -> ApprovedRule | None:
    """Whoever withdraws the approval waits for us, or we find it gone."""
    approval = inactivity.in_force(rule)
    return approval and ApprovedRule.objects.select_for_update().filter(pk=approval.pk, withdrawn_at=None).first()


def _warn(run, rule, now, at_most):
    with transaction.atomic():
        approval = _hold(rule)
        if approval is None:
            return
        found = people(rule.kind)
        run.count(f"{rule.kind} used again", inactivity.stop_where_used(approval, found))
        inactivity.try_again(approval, now=now)
        run.count(f"{rule.kind} warned again", inactivity.move_on(approval, now=now))
        run.count(f"{rule.kind} warned", inactivity.propose(approval, rule, found, now=now, at_most=at_most))


def over(rule: Rule, now) -> QuerySet[UnusedAccount]:
    """Whose last day has passed, the earliest first."""
    approval = inactivity.in_force(rule)
    found = UnusedAccount.objects.over(approval, day_of(now)) if approval else UnusedAccount.objects.none()
    return found.order_by("ends_on", "pk")


def _erase(run, rule, now, at_most):
    """One that fails stops none of the others, and is tried again the next night."""
    for row in over(rule, now)[:at_most]:
        try:
            _begin_erasure(run, rule, row, now)
        except Exception as error:  # whatever it is, the others wait for nothing; its words may hold personal data
            log.error("unused account %s was not erased: %s", row.pk, type(error).__name__)


@transaction.atomic
def _begin_erasure(run, rule, row, now):
    """Row, request and hiding are one transaction: of two workers one finds the row, and who came back a moment ago stays."""
    if _hold(rule) is None or not UnusedAccount.objects.filter(pk=row.pk, ends_on__lt=day_of(now)).delete()[0]:
        return
    subject = _still_unused(rule.kind, row)
    if subject is None:
        run.count(f"{rule.kind} used again", 1)
        return
    how = {"channel": cases.Channel.RETENTION, "identified_by": RETENTION, "actor_ref": RETENTION}
    request = cases.submit(Right.ERASURE, subject=subject, ground=ErasureGround.NO_LONGER_NECESSARY, **how)
    run.count(f"{rule.kind} erased", 1)
    grace = None if row.grace_days is None else timedelta(days=row.grace_days)  # as the last warning said
    cases.approve(request, subject=subject, grace=grace)  # its line in the replay ledger comes last


def _still_unused(kind, row) -> Subject | None:
    return people(kind).filter(pk=row.subject_ref, last_seen_at__lte=row.unused_since).first()


def send_due() -> int:
    """Send warnings that are due, the oldest first; how many went out."""
    due = UnusedAccount.objects.to_send(timezone.now()).free().select_related("approval").order_by("written_at", "pk")[:ROUND]
    return sum(_send(row) for row in due)


def _send(row) -> bool:
    """Only to who is still away. It names her last day, which is moved where the mail goes out late."""
    subject = _still_unused(row.approval.kind, row)
    if subject is None:
        row.delete()
        return False
    if not row.take() or row.sent_at:
        return False
    row.postpone(today())
    row.grace_days = setting("ERASURE_GRACE_DAYS")
    if not mailing.warn(row, subject):
        return False
    if UnusedAccount.objects.filter(pk=row.pk).update(sent_at=timezone.now(), grace_days=row.grace_days):
        trail.record("retention.warned", subject_ref=row.subject_ref, actor_ref=RETENTION, reason=str(row.days))
    return True


@dataclass(frozen=True)
class Notice:
    """What a person who was warned reads: since when, until when, and whether she came back meanwhile."""

    since: datetime
    until: date
    is_back: bool


def notice_for(subject) -> Notice | None:
    row = UnusedAccount.objects.of_rules_in_force().about(subject).select_related("approval").first()
    return row and Notice(row.unused_since, row.ends_on, is_back=_still_unused(row.approval.kind, row) is None)
