"""Four eyes: what somebody of ours does on a person's behalf is looked at by another (T-18)."""

from ..errors import OwnDecision, SecondPersonNeeded
from ..evidence import replay, trail


def needs_second(request) -> bool:
    """Whether somebody else than who entered it has to accept it."""
    return request.is_by_hand


def refuse_single_hand(request, actor_ref: str) -> None:
    """SecondPersonNeeded where who entered it for somebody else accepts it, or the person of whom it says that she asked."""
    if not needs_second(request) or replay.under_way():  # after a restore it is done again as it was accepted then
        return
    if not trail.is_reference(actor_ref) or actor_ref in {request.actor_ref, str(request.subject_ref)}:
        raise SecondPersonNeeded


def refuse_own(request, actor_ref: str) -> None:
    """OwnDecision where somebody of the desk decides about herself. Who entered a letter may refuse it: that changes nothing."""
    if actor_ref == str(request.subject_ref):
        raise OwnDecision
