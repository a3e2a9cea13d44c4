"""Which grounds a no may have, per right, and what each of them has to show (Art. 12(2), 12(4), 12(5))."""

from datetime import timedelta

from ..datamap import RefusalGround, Right, registry
from ..days import day_of
from ..errors import ExcessNotShown, GroundNotOfRight, IdentityNotTried, PartNotNamed, RefusalIncomplete
from ..rights.statements import words_with
from . import pausing
from .requests import DataSubjectRequest
from .states import Status

# After this long asking again is never excessive (G-11).
A_YEAR = timedelta(days=365)
# Looks that failed, before anybody is refused for not being known (G-16).
LOOKS = 2
# Art. 12(5), who asks, and whether it is ours to do: of every right.
ALWAYS = (RefusalGround.IDENTITY, RefusalGround.UNFOUNDED, RefusalGround.EXCESSIVE, RefusalGround.NOT_CONTROLLER)
# Of a right beside these. Art. 16 has no exception of its own: data that are right cannot be put right, and that is all (G-31).
BESIDE = {
    Right.ACCESS: (RefusalGround.EXCEPTION, RefusalGround.RIGHTS_OF_OTHERS),
    Right.PORTABILITY: (RefusalGround.NOT_MET, RefusalGround.RIGHTS_OF_OTHERS),
    Right.RECTIFICATION: (RefusalGround.NOT_MET,),
    Right.ERASURE: (RefusalGround.NOT_MET, RefusalGround.EXCEPTION),
    Right.RESTRICTION: (RefusalGround.NOT_MET, RefusalGround.EXCEPTION),
    Right.OBJECTION: (RefusalGround.NOT_MET, RefusalGround.EXCEPTION, RefusalGround.COMPELLING),
    Right.WITHDRAWAL: (RefusalGround.NOT_MET,),
    Right.COMPLAINT: (RefusalGround.RIGHTS_OF_OTHERS,),
    Right.INFORMATION: (RefusalGround.RIGHTS_OF_OTHERS,),
}


def grounds_for(right: str) -> list[RefusalGround]:
    """In the order of the list."""
    known = {*ALWAYS, *BESIDE[Right(right)]}
    return [ground for ground in RefusalGround if ground in known]


def grounds_of(request) -> list[RefusalGround]:
    """Those of its right; nobody who was signed in is refused for who asks."""
    known = grounds_for(request.right)
    return [ground for ground in known if ground != RefusalGround.IDENTITY or pausing.may_be_doubted(request)]


def as_columns(request, ground: str, reasons: str, evidence: str = "") -> dict:
    """What the request keeps of a no, once it was checked (`check`)."""
    check(request, ground, reasons, evidence)
    shown = evidence.strip() if ground == RefusalGround.EXCESSIVE else ""
    return {"refusal_ground": RefusalGround(ground), "refusal_reasons": reasons, "refusal_evidence": shown}


def check(request, ground: str, reasons: str, evidence: str = "") -> None:
    """RefusalIncomplete without ground or reasons, GroundNotOfRight, ExcessNotShown, IdentityNotTried."""
    if ground not in RefusalGround.values or not reasons.strip():
        raise RefusalIncomplete
    if ground not in grounds_of(request):
        raise GroundNotOfRight
    if ground == RefusalGround.EXCESSIVE and not (is_repeated(request) and evidence.strip()):
        raise ExcessNotShown
    if ground == RefusalGround.IDENTITY and failed_looks(request) < LOOKS:
        raise IdentityNotTried


def earlier(request):
    """Of the same kind and person, the last one first; what ended without us does not count."""
    without_us = (Status.CANCELLED, Status.OVERTAKEN)
    same = DataSubjectRequest.objects.filter(subject_ref=request.subject_ref, right=request.right, received_at__lt=request.received_at)
    return same.exclude(pk=request.pk).exclude(status__in=without_us).order_by("-received_at")


def is_repeated(request) -> bool:
    """Whether the one before came within a year, in days of Brussels."""
    last = earlier(request).first()
    return last is not None and day_of(request.received_at) - day_of(last.received_at) <= A_YEAR


def failed_looks(request) -> int:
    """How often we looked who asks without it being shown, since it last was."""
    looks = request.identity_checks.order_by("pk")
    shown = looks.filter(passed=True).last()
    return looks.filter(passed=False, **({"pk__gt": shown.pk} if shown else {})).count()


def uses_of(request) -> list[str]:
    """Which uses of data it is about; what is said in words alone is about none."""
    uses = {activity.slug for activity in registry.activities()}
    return [said.about for said in words_with(request) if said.about in uses]


def check_part(request, about) -> None:
    """PartNotNamed: of a request about several uses it has to be said which are refused, and not all of them are."""
    uses, refused = set(uses_of(request)), set(about)
    if refused - uses or (len(uses) > 1 and not 0 < len(refused) < len(uses)) or (len(uses) == 1 and refused):
        raise PartNotNamed
