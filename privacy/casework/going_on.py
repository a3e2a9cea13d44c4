"""An erasure that was asked by our form waits until its person goes on with it, signed in: a mail alone erases nobody (T-06)."""

from django.db import transaction

from ..datamap import ErasureGround, Right
from ..errors import PreviewOutdated, RequestNotApproved, UnknownGround
from ..rights import erasure
from ..rights.preview import preview
from ..subjects import CORRESPONDENT, Subject
from . import identity
from .identity import Method
from .requests import DataSubjectRequest


def is_waiting(request: DataSubjectRequest) -> bool:
    """Who has no account has nothing to go on with: that is answered at the desk."""
    if request.right != Right.ERASURE or request.channel != request.Channel.FORM or request.status != request.Status.RECEIVED:
        return False
    return not Subject.objects.filter(ref=request.subject_ref, kind=CORRESPONDENT).exists()


def waiting(subject: Subject) -> DataSubjectRequest | None:
    opened = DataSubjectRequest.objects.about(subject).open_one(Right.ERASURE)
    return opened if opened and is_waiting(opened) else None


@transaction.atomic
def go_on(request: DataSubjectRequest, *, subject: Subject, identified_by: str, choices, ground: str, seen: str) -> None:
    """She is signed in and confirmed what she saw: the same request, with its own day of receipt (G-01), and her choices of now.

    UnknownChoice, UnknownGround and PreviewOutdated as `cases.submit`; RequestNotApproved where another was first.
    """
    erasure.check_choices(choices)
    if ground and ground not in ErasureGround.values:
        raise UnknownGround
    if preview(subject, choices).fingerprint != seen:
        raise PreviewOutdated
    said = {"choices": choices, "erasure_ground": ground or ErasureGround.NO_LONGER_NECESSARY, "identified_by": identified_by}
    rows = DataSubjectRequest.objects.filter(pk=request.pk, status=request.Status.RECEIVED)
    if not rows.update(**said):
        raise RequestNotApproved
    request.refresh_from_db()
    identity.note(request, Method.SIGNED_IN, passed=True, actor_ref=subject.ref)
