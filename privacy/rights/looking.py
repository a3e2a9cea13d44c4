"""What an erasure looks for once it is done: noted and sealed before the rows go, searched for afterwards (evidence/residue.py)."""

from django.utils import timezone

from ..errors import ResidueFound
from ..evidence import residue, sealing, trail
from ..steps import NotYet, Work
from .erasure import erasure_step
from .identifying import identifiers_of


@erasure_step(residue.SEALED_STEP, order=450)
def _seal(work: Work) -> None:
    if work.subject is not None:
        sealing.keep(work.request.ref, identifiers_of(work.subject, work.request.choices, renew=work.run.renew))


@erasure_step(residue.LOOKED_STEP, order=920)
def _look(work: Work) -> None:
    """ResidueFound while something remains: a later attempt looks again. Done at once where there is nothing to look for any more."""
    ref = work.request.ref
    if sealing.open_again(ref) is not None:
        _cover(work, ref)
    scan = residue.ResidueScan.objects.filter(request_ref=ref).first()
    if scan is not None and scan.remains and not scan.settled_at:
        raise ResidueFound(scan.findings.filter(kind=residue.REMAINS).values_list("place", flat=True))
    with work.batch():
        trail.record("erasure.searched", subject_ref=work.request.subject_ref, request_ref=ref, reason=_reason(scan))
        work.finish()
    sealing.destroy(ref)


def _reason(scan):
    """Why the trail has no search that found nothing."""
    if scan is None:
        return "not_searched"
    return "settled_by_hand" if scan.settled_at else ""


def _cover(work, ref):
    """NotYet until a pass covered this request; what was found stands until the next one is due."""
    if residue.is_due(timezone.now()):
        residue.look(renew=work.run.renew)
    scan = residue.ResidueScan.objects.filter(request_ref=ref).first()
    if ref in residue.waiting() and not (scan and scan.remains):
        raise NotYet
