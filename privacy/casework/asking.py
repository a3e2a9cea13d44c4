"""Asking us to stop or to pause a use of data (Art. 18, 21), or asking or telling us something: the request and the person's own words."""

from django.db import transaction
from django.dispatch import Signal

from ..datamap import LawfulBasis, Right, registry
from ..datamap.activity import Activity
from ..errors import RequestAlreadyOpen, RequestNotApproved
from ..evidence import replay
from ..rights import statements
from . import cases, clock

# Which uses a request is about: `request` and `activities`, in the transaction of the act, before its line in the replay ledger.
about_uses = Signal()
# A use on one of these can be objected to (Art. 21(1)).
OPEN_TO_OBJECTION = {LawfulBasis.LEGITIMATE_INTERESTS, LawfulBasis.PUBLIC_TASK}


def activities_for(right: Right) -> list[Activity]:
    """The activities this right can be about: all, or for an objection those on such a basis."""
    activities = registry.activities()
    if right != Right.OBJECTION:
        return activities
    return [activity for activity in activities if may_object_to(activity)]


def may_object_to(activity: Activity) -> bool:
    return not OPEN_TO_OBJECTION.isdisjoint(activity.lawful_bases)


def ask(right: Right, *, subject, activities, text="", ground="", identified_by=""):
    """Waits for the data protection officer; no reason is demanded (G-29). RequestAlreadyOpen as in `cases.submit`."""
    with transaction.atomic():
        request = cases.submit(right, subject=subject, identified_by=identified_by)
        add(request, subject=subject, activities=activities, text=text, ground=ground)
    return request


def joined(right: Right, *, subject, **how):
    """The open request of this kind, which stays open until the caller's transaction ends; where it was closed meanwhile, a new one.

    Otherwise as `cases.submit`.
    """
    try:
        return cases.submit(right, subject=subject, **how)
    except RequestAlreadyOpen as already:
        request = already.request
    try:
        clock.hold_open(request)
    except RequestNotApproved:
        return joined(right, subject=subject, **how)
    return request


@transaction.atomic
def add(request, *, subject, activities, text="", ground="") -> None:
    """More uses that an open request is about."""
    keep(request, subject, activities, text, ground)
    replay.note("asked", subject_ref=subject.ref, about=list(activities), because=ground, **request.facts)


def keep(request, subject, activities, text="", ground="") -> None:
    statements.keep_words(subject, activities, text, request_ref=request.ref, ground=ground)
    about_uses.send(sender=type(request), request=request, activities=list(activities))


def tell(right: Right, *, subject, text, identified_by=""):
    """A question, or a complaint (Art. 12(1), 77), in her words; one of ours answers. RequestAlreadyOpen as in `cases.submit`."""
    with transaction.atomic():
        request = cases.submit(right, subject=subject, identified_by=identified_by)
        statements.keep_words(subject, [right], text, request_ref=request.ref)
    return request
