"""A request as it comes in: its row with its deadline, the address to answer to, and what the trail says of it (Art. 12(3))."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import keys
from ..conf import hook
from ..datamap import ErasureGround, Right, registry
from ..days import day_of
from ..errors import ReceivedInFuture, RequestAlreadyOpen, UnknownGround, UnknownPerson
from ..evidence import remarks, trail
from ..rights import erasure
from ..subjects import Subject, addresses_of
from . import agenda, deadlines, quota
from .requests import DataSubjectRequest


def receive(right, subject, *, channel, identified_by="", actor_ref="", received_at=None, choices=None, ground="", scope="", language=""):
    """Not in the database yet (`register`). ReceivedInFuture where the clock would start late (G-01)."""
    erasure.check_choices(choices or {})
    received_at = received_at or timezone.now()
    if received_at > timezone.now():
        raise ReceivedInFuture
    return DataSubjectRequest(
        right=right,
        subject_ref=subject.ref,
        channel=channel,
        identified_by=identified_by,
        actor_ref=str(actor_ref or subject.ref),
        received_at=received_at,
        due_on=deadlines.due_on(day_of(received_at)),
        choices=choices or {},
        erasure_ground=_erasure_ground(right, ground),
        scope=scope,
        map_version=registry.version(),
        language=language or hook("LANGUAGE")(subject),
    )


def _erasure_ground(right, ground) -> str:
    if ground and ground not in ErasureGround.values:
        raise UnknownGround
    return (ground or ErasureGround.NO_LONGER_NECESSARY) if right == Right.ERASURE else ""


def register(request, subject, words=""):
    """The row, the address to answer to, and the entry in the trail with `words` beside it.

    UnknownPerson once she was erased, which waits for us or we for it.
    """
    if not Subject.objects.select_for_update(no_key=True).filter(pk=subject.pk).exists():
        raise UnknownPerson
    quota.refuse_flood(request)
    _insert(request)
    seal_address(request, subject)
    agenda.note_received(request)
    remarks.write(record("submitted", request, request.actor_ref), words)


def register_again(request, subject):
    """One that stood in a part of the database that is lost: with its own number; whether she had a letter the caller knows."""
    _insert(request)
    seal_address(request, subject)
    agenda.note_received(request)
    record("registered_again", request, "operator")


def record(what, request, actor_ref, reason=""):
    """`what` is the second half of the event: erasure.submitted. The entry in the trail."""
    event = f"{request.right}.{what}"
    return trail.record(event, subject_ref=request.subject_ref, actor_ref=actor_ref, request_ref=request.ref, reason=reason)


def _insert(request):
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        refuse_second(request)
        raise


def refuse_second(request):
    """RequestAlreadyOpen, with the older one."""
    older = DataSubjectRequest.objects.filter(subject_ref=request.subject_ref).open_one(request.right, request.scope)
    if older:
        raise RequestAlreadyOpen(older) from None


def seal_address(request, subject):
    addresses = addresses_of(subject)
    if addresses:
        keys.make(request.ref)
        request.sealed_address = keys.seal(request.ref, addresses[0])
        request.save(update_fields=["sealed_address"])
