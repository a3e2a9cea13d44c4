"""A request that came by letter or mail: one of ours enters it, another accepts it, and it goes the way of every request (T-06, T-18)."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..datamap import Right
from ..errors import OwnRequest, SecondPersonNeeded, UnknownPerson
from ..evidence import trail
from ..subjects import Subject
from . import cases
from .requests import DataSubjectRequest


class Shown(models.TextChoices):
    """How we knew that it was she who wrote (Art. 12(6))."""

    ID_CARD = "id_card", _("saw an identity card")
    IN_PERSON = "in_person", _("came to us, and is known")
    CALLED_BACK = "called_back", _("called back on a number that we knew")
    KNOWN_ADDRESS = "known_address", _("answered to a confirmed address")


def enter(
    subject: Subject, *, channel: str, identified_by: str, received_at: datetime, reason: str, actor_ref, choices=None
) -> DataSubjectRequest:
    """Waits for a second person (`cases.approve`); nothing is hidden yet. OwnRequest about oneself, else as `cases.submit`."""
    if channel not in DataSubjectRequest.BY_HAND or identified_by not in Shown.values or not reason.strip():
        raise ValueError("By hand: a channel of BY_HAND, a way of Shown, and a reason.")
    if not trail.is_reference(str(actor_ref)):
        raise SecondPersonNeeded
    if str(actor_ref) == str(subject.ref):
        raise OwnRequest
    how = {"channel": channel, "identified_by": identified_by, "received_at": received_at, "actor_ref": actor_ref}
    return cases.submit(Right.ERASURE, subject=subject, **how, words=reason, choices=choices)


def waits_for_second(request: DataSubjectRequest) -> bool:
    return request.is_by_hand and request.right == Right.ERASURE and request.status == request.Status.RECEIVED


def subject_of(request: DataSubjectRequest) -> Subject:
    """UnknownPerson once she was erased otherwise."""
    subject = cases.subject_of(request)
    if subject is None:
        raise UnknownPerson
    return subject
