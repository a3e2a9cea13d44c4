"""What was done to data at somebody's request, or may not be done to them for now."""

from django.utils.translation import gettext_lazy as _

from ..datamap import DataMap, KeepGround, as_it_is, deleted, kept, not_personal, observed, person, provided, secret
from ..models import HeldRecord, Hold, Rectification, Restriction, Statement
from .activity import RIGHTS, accountable


class RectificationMap(DataMap, model=Rectification, activity=RIGHTS, row=accountable):
    in_copies = {"field": as_it_is}

    id = not_personal(_("row number"))
    subject_ref = person(by="subject_ref")
    request_ref = observed()
    field = observed()
    actor_ref = observed(actor=True)
    at = observed()


class StatementMap(DataMap, model=Statement, activity=RIGHTS, row=deleted):
    in_copies = {"about": as_it_is}

    id = not_personal(_("row number"))
    subject_ref = person(by="subject_ref")
    request_ref = observed()
    about = provided()
    row_key = provided()
    ground = provided()
    text = provided()
    made_at = observed()


class RestrictionMap(DataMap, model=Restriction, activity=RIGHTS, row=accountable):
    in_copies = {"activity": as_it_is}

    id = not_personal(_("row number"))
    subject_ref = person(by="subject_ref")
    request_ref = observed()
    activity = observed()
    ground = observed()
    begun_at = observed()
    begun_by = observed(actor=True)
    upheld_at = observed()
    announced_at = observed()
    told_at = observed()
    lifted_at = observed()
    lifted_by = observed(actor=True)
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))


class HoldMap(DataMap, model=Hold, activity=RIGHTS, row=deleted):
    copied = False

    ref = not_personal(_("number of the hold"))
    subject_ref = person(by="subject_ref")
    record = observed()
    row_key = observed()
    ground = observed()
    why = observed()
    until = observed()
    review_on = observed()
    placed_by = observed(actor=True)
    placed_at = observed()
    reminded_on = not_personal(_("when the data protection officer was reminded"))


class HeldRecordMap(DataMap, model=HeldRecord, activity=RIGHTS, row=kept(KeepGround.LEGAL_CLAIMS, _("until the last day of the hold"))):
    copied = False

    id = not_personal(_("row number"))
    hold_ref = observed()
    request_ref = observed()
    subject_ref = person(by="subject_ref")
    part = not_personal(_("which part of the hold it is"))
    record = observed()
    rows = observed()
    ground = observed()
    why = observed()
    until = observed()
    review_on = observed()
    placed_by = observed(actor=True)
    placed_at = observed()
    held_at = observed()
    reminded_on = not_personal(_("when the data protection officer was reminded"))
    sealed = secret()
