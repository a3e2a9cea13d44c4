"""What people ask of a drilled site besides an erasure, and how it stands afterwards."""

from datetime import timedelta

from accounts import bans
from consents import permissions
from consents.models import PartnerGrant
from privacy.casework import asking, cases
from privacy.casework.cases import DataSubjectRequest
from privacy.datamap import Right
from privacy.subjects import Subject
from tests.properties.traces import snapshot

from .acts import carry_on


def erase(subject_ref, choices=None):
    """Asked, carried out, everybody told."""
    subject = Subject.objects.get(ref=subject_ref)
    request = cases.submit(Right.ERASURE, subject=subject, identified_by="password", choices=choices)
    cases.approve(request, subject=subject, grace=timedelta(0))
    carry_on(request.pk)
    carry_on(request.pk)
    return request.ref


def withdraw(subject_ref):
    for grant in PartnerGrant.objects.filter(member__subject=subject_ref):
        permissions.withdraw(grant)


def ban(address):
    bans.ban(address, breach="Spam aan alle leden.", notices="Twee keer verwittigd.")


def object_and_pause(subject_ref):
    subject = Subject.objects.get(ref=subject_ref)
    for right in (Right.OBJECTION, Right.RESTRICTION):
        asking.ask(right, subject=subject, activities=[asking.activities_for(right)[0].slug])


def hide_and_take_back(subject_ref):
    """An erasure that waits, and one that she took back after the backup."""
    subject = Subject.objects.get(ref=subject_ref)
    cases.cancel(DataSubjectRequest.objects.about(subject).open_one(Right.ERASURE))


def standing(subject_ref) -> dict:
    """What a replay has to bring back of somebody who stays."""
    subject = Subject.objects.get(ref=subject_ref)
    requests = DataSubjectRequest.objects.about(subject).exclude(right=Right.WITHDRAWAL)
    return {
        "hidden": subject.hidden_at is not None,
        "partners": PartnerGrant.including_hidden.filter(member__subject=subject, revoked_at=None).count(),
        "banned": bans.is_banned(subject.root.email),
        "asked": sorted(requests.values_list("right", "status")),
    }


def everything():
    """Every value of every row, but of the tables that say when who looked."""
    return snapshot()
