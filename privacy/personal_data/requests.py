"""What is asked, who asked it, and what came of it."""

from django.utils.translation import gettext_lazy as _

from ..datamap import DataMap, as_it_is, deleted, not_personal, observed, person, provided, secret
from ..models import (
    Archive,
    DataSubjectRequest,
    Extension,
    FollowUp,
    Identification,
    IdentityChange,
    IdentityCheck,
    Mandate,
    Pause,
    Subject,
)
from .activity import RIGHTS, accountable


class SubjectMap(DataMap, model=Subject, activity=RIGHTS, row=deleted, called=_("references to people")):
    in_copies = {"kind": as_it_is, "restricted_uses": as_it_is}

    ref = person(by="subject_ref")
    kind = observed()
    created_at = observed()
    hidden_at = observed()
    restricted_at = observed()
    restricted_uses = observed()


class RequestMap(DataMap, model=DataSubjectRequest, activity=RIGHTS, row=accountable):
    in_copies = {"scope": as_it_is, "identified_by": as_it_is, "language": as_it_is}

    id = not_personal(_("row number"))
    ref = observed()
    right = provided()
    subject_ref = person(by="subject_ref")
    status = observed()
    channel = observed()
    identified_by = observed()
    actor_ref = observed(actor=True)
    received_at = observed()
    due_on = observed()
    extended_at = observed()
    paused_days = observed()
    approved_at = observed()
    closed_at = observed()
    refusal_ground = observed()
    refusal_reasons = observed()
    refusal_evidence = observed()
    refused_about = observed()
    choices = provided()
    erasure_ground = provided()
    scope = provided()
    map_version = not_personal(_("says which declarations were in force"))
    language = observed()
    sealed_address = secret()


class IdentificationMap(DataMap, model=Identification, activity=RIGHTS, row=deleted):
    subject_ref = person(by="subject_ref")
    tries = observed()
    tried_at = observed()
    codes = observed()
    code_sent_at = observed()
    code_digest = secret()


class IdentityCheckMap(DataMap, model=IdentityCheck, activity=RIGHTS, row=accountable):
    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    method = observed()
    passed = observed()
    at = observed()
    by = observed(actor=True)


class ExtensionMap(DataMap, model=Extension, activity=RIGHTS, row=accountable):
    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    reason = observed()
    words = observed()
    granted_at = observed()
    in_time_until = observed()
    due_on = observed()
    by = observed(actor=True)


class PauseMap(DataMap, model=Pause, activity=RIGHTS, row=accountable):
    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    reason = observed()
    begun_at = observed()
    ended_at = observed()
    moves_deadline = observed()
    by = observed(actor=True)


class IdentityChangeMap(DataMap, model=IdentityChange, activity=RIGHTS, row=accountable):
    copied = False  # its two hands would become one there

    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    method = observed()
    why = observed()
    asked_at = observed()
    asked_by = observed(actor=True)
    agreed_at = observed()
    agreed_by = observed(actor=True)
    told_at = observed()
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))


class MandateMap(DataMap, model=Mandate, activity=RIGHTS, row=accountable):
    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    kind = observed()
    noted_at = observed()
    seen_at = observed()
    by = observed(actor=True)


class FollowUpMap(DataMap, model=FollowUp, activity=RIGHTS, row=deleted):
    copied = False

    id = not_personal(_("row number"))
    request = person(via="request__subject_ref", by="subject_ref")
    code_digest = secret()
    address_digest = secret()
    wanted_at = observed()
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))


class ArchiveMap(DataMap, model=Archive, activity=RIGHTS, row=deleted):
    id = not_personal(_("row number"))
    request = not_personal(_("number of the request"))
    subject_ref = person(by="subject_ref")
    sha256 = observed()
    size = observed()
    rows = observed()
    seconds = not_personal(_("how long it took to make"))
    wrapped_key = secret()
    ready_at = observed()
    expires_at = observed()
    destroyed_at = observed()
