"""A person says that it was not she who asked: what can be stopped stops, and whoever is signed in as her is out (T-07, T-15)."""

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from .. import keys
from ..conf import hook
from ..errors import KeyDestroyed
from ..evidence import trail
from ..evidence.trail import TrailEntry
from ..rights import access
from . import cases, letters, receiving
from .requests import DataSubjectRequest

# Sent with `request` in the transaction that stops it: what the host sends on its behalf stops too.
disowned = Signal()


def disown(request) -> None:
    """Stop the request, destroy its archive, end her sessions, note it and write to her. Said twice, it is done once."""
    with transaction.atomic():
        cases.hold(request)
        request.refresh_from_db()
        if is_disowned(request):
            return
        cases.stop(request)
        _destroy_archive(request)
        subject = cases.subject_of(request)
        if subject is not None and subject.has_root:
            hook("SESSIONS")(subject)
        disowned.send(sender=DataSubjectRequest, request=request)
        trail.record(_event(request), subject_ref=request.subject_ref, request_ref=request.ref)
        if _can_answer(request, subject):
            letters.write(request, letters.Kind.DISOWNED)


def is_disowned(request) -> bool:
    said = TrailEntry.objects.filter(subject_ref=request.subject_ref, request_ref=request.ref, event=_event(request))
    return said.exists()


def _event(request) -> str:
    return f"{request.right}.disowned"


def _destroy_archive(request):
    """Also what a worker keeps of one that is being made."""
    access.remove_spool(request.ref)
    for archive in access.Archive.objects.filter(request=request, destroyed_at=None).select_related("request"):
        access.destroy(archive, timezone.now())


def _can_answer(request, subject) -> bool:
    """To the address that she had when it was asked; where its key is gone, to that of today. To nobody once she is erased."""
    try:
        keys.unseal(request.ref, request.sealed_address)
    except KeyDestroyed:
        if subject is None:
            return False
        receiving.seal_address(request, subject)
    return True
