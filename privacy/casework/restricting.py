"""Restrictions beside the requests that they came with: begun, told of before they end, and ended (Art. 18)."""

from datetime import timedelta

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from ..conf import setting
from ..datamap import RestrictionGround, Right
from ..days import day_of, today
from ..errors import AlreadyRestricted, NotForPost, OwnDecision
from ..evidence import replay, trail
from ..rights import restriction
from ..rights.erasure import erasure_step
from ..rights.restriction import Restriction
from ..subjects import Subject, addresses_of
from . import agenda, four_eyes, letters, mailing
from .requests import DataSubjectRequest

Status, Channel = DataSubjectRequest.Status, DataSubjectRequest.Channel
# Erasures that nobody of ours weighs first: she is hidden in the act itself, or goes on with what she asked by our form.
NOT_WEIGHED = (Channel.SELF_SERVICE, Channel.FORM, Channel.COMMAND, Channel.DEMO, Channel.RETENTION)
# What holds while a request is looked at, and ends with it; the fifth ground ends without a letter of its own (K-15).
WHILE_OPEN = (RestrictionGround.OBJECTION, RestrictionGround.ACCURACY)
# Letters per round: the next round takes the rest.
ROUND = 200


def begin(request, subject: Subject, uses, *, ground: str, actor_ref) -> list[Restriction]:
    """By the desk, or with what she asked; in one transaction with its line in the replay ledger. OwnDecision about oneself.

    AlreadyRestricted where nothing is new and nothing came over, RestrictionIncomplete, UnknownPerson.
    """
    four_eyes.refuse_own(request, str(actor_ref))
    with transaction.atomic():
        before = of(request)
        rows = restriction.begin(subject, uses, ground=ground, request_ref=request.ref, actor_ref=actor_ref)
        _take_over(request, Restriction.objects.in_force().of(subject.pk).filter(ground=ground, activity__in=uses))
        if of(request) == before:
            raise AlreadyRestricted
        note(rows)
    return rows


def _take_over(request, rows) -> None:
    """What came with an earlier request goes with this one from now on, unless somebody still has to answer that one."""
    rows.exclude(request_ref__in=DataSubjectRequest.objects.open().values("ref")).update(request_ref=request.ref)


def note(rows: list[Restriction]) -> None:
    """The line by which they begin again on a backup: the last statement of the act. Rows of one act, if any."""
    if rows:
        about = {"request_ref": rows[0].request_ref, "about": [row.activity for row in rows], "because": rows[0].ground}
        replay.note("restricted", subject_ref=rows[0].subject_ref, by=rows[0].begun_by, since=rows[0].begun_at, **about)


def of(request) -> list[Restriction]:
    """In force, and came with this request."""
    return list(Restriction.objects.in_force().filter(request_ref=request.ref).order_by("pk"))


def note_received(request, subject: Subject) -> None:
    """While we look at an erasure that came by letter, her data are only kept (K-15). The last statement of the act."""
    if request.right == Right.ERASURE and request.is_open and request.channel not in NOT_WEIGHED and not replay.under_way():
        note(restriction.begin(subject, [""], ground=RestrictionGround.ERASURE, request_ref=request.ref, actor_ref=request.actor_ref))


def note_closed(request) -> None:
    """Decided otherwise than she asked, or taken back: our own promise ends now, a restriction of the law after a letter."""
    promised = [row for row in of(request) if row.ground in restriction.NEEDS_NO_NOTICE]
    restriction.end(promised)
    if request.status in {Status.REFUSED, Status.CANCELLED, Status.OVERTAKEN}:
        announce_rest(request)


def announce_rest(request) -> None:
    """What was on hold while we looked, and did not stop for good."""
    announce([row for row in of(request) if row.ground in WHILE_OPEN and not row.upheld_at])


@transaction.atomic
def announce(rows, *, actor_ref="") -> None:
    """It is decided that they end: the letter goes out, and the agenda says when somebody may end them. OwnDecision about oneself.

    After a restore only the agenda says so: what she was told then is not known.
    """
    _refuse_own(rows, actor_ref)
    if not replay.under_way():
        restriction.announce(rows, actor_ref=actor_ref)
    may_end_on = today() + timedelta(days=setting("LIFT_NOTICE_DAYS"))
    for ref in {row.request_ref for row in rows if row.request_ref}:
        agenda.note(agenda.Kind.LIFT, ref, may_end_on)


@transaction.atomic
def told_by_post(row: Restriction, *, actor_ref, now=None) -> None:
    """Our letter went by post today, and somebody says so, on record. NotForPost, OwnDecision."""
    _refuse_own([row], actor_ref)
    row.refresh_from_db()
    if not waits_for_post(row) or not _note_told(_of_one_letter(row), now or timezone.now()):
        raise NotForPost
    trail.record("letter.posted", subject_ref=row.subject_ref, actor_ref=actor_ref, request_ref=row.request_ref)


def waits_for_post(row: Restriction) -> bool:
    """Its end was announced and not told, and no mail tells it: she has no address, or none took it in 7 days."""
    if row.announced_at is None or row.told_at is not None:
        return False
    subject = Subject.objects.filter(pk=row.subject_ref).first()
    return row.announced_at <= _latest() or subject is None or not addresses_of(subject)


@transaction.atomic
def lift(row: Restriction, *, actor_ref, now=None) -> None:
    """NotTold, RestrictionNotFound, OwnDecision."""
    _refuse_own([row], actor_ref)
    restriction.lift(row, actor_ref=actor_ref, now=now)
    _settle(row.request_ref, actor_ref)
    replay.note("restriction_lifted", subject_ref=row.subject_ref, about=row.activity, because=row.ground)


def _settle(request_ref, actor_ref):
    """Nothing of this request waits for its end any more."""
    if request_ref and not _ends_something(request_ref):
        agenda.settle(agenda.Kind.LIFT, request_ref, actor_ref)


@receiver(restriction.stays, dispatch_uid="privacy.restricting.stays")
def _forget_end(request_ref, **_sent):
    """Asked again, or stopped for good: nobody has to end it."""
    if not _ends_something(request_ref):
        agenda.AgendaItem.objects.end(request_ref, agenda.Kind.LIFT)


def _ends_something(request_ref) -> bool:
    return Restriction.objects.in_force().filter(request_ref=request_ref, announced_at__isnull=False).exists()


def _refuse_own(rows, actor_ref):
    if actor_ref and any(str(row.subject_ref) == str(actor_ref) for row in rows):
        raise OwnDecision


def send_due() -> int:
    """Letters that say that a restriction ends, the oldest first; how many went out. After 7 days in vain the desk sees that none did."""
    due = Restriction.objects.to_tell().filter(announced_at__gt=_latest()).free().order_by("pk")[:ROUND]
    return sum(_send(row) for row in due)


def _latest():
    return timezone.now() - letters.GIVE_UP_AFTER


def _send(row) -> bool:
    """One letter for all that end with one request: the first of them carries it."""
    subject = Subject.objects.filter(pk=row.subject_ref).first()
    together = _of_one_letter(row)
    if subject is None or together.first() != row or not row.take() or row.told_at:
        return False
    uses = [each.use for each in together]
    words = {"uses": uses, "restriction": row, "days": setting("LIFT_NOTICE_DAYS")}
    if not mailing.write_to(row, subject, "privacy/letters/lifting", f"lifting.{row.pk}.{int(row.announced_at.timestamp())}", **words):
        return False
    _note_told(together, timezone.now())
    return True


def _of_one_letter(row):
    return Restriction.objects.to_tell().filter(subject_ref=row.subject_ref, request_ref=row.request_ref).order_by("pk")


def _note_told(rows, now) -> int:
    refs = set(rows.values_list("request_ref", flat=True))
    told = rows.update(told_at=now)
    for ref in refs - {""}:
        agenda.note(agenda.Kind.LIFT, ref, day_of(now) + timedelta(days=setting("LIFT_NOTICE_DAYS")))
    return told


@erasure_step("end restrictions", order=90)
def _end_restrictions(work) -> None:
    """Nobody goes back from here on: what she asked for last is that nothing is kept."""
    with work.batch():
        rows = Restriction.objects.in_force().of(work.request.subject_ref)
        for ref in set(rows.values_list("request_ref", flat=True)):
            agenda.AgendaItem.objects.end(ref, agenda.Kind.LIFT)
        work.count("privacy.Restriction ended", restriction.end(list(rows), quietly=True))
        work.finish()
