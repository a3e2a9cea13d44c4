"""What colleagues at the desk keep of people: breaches, authorities, and who of us does what."""

from django.utils.translation import gettext_lazy as _

from ..datamap import DataMap, deleted, not_personal, observed, person
from ..models import Absence, AffectedPerson, Assignment, AuthorityRequest, BreachLetter
from .activity import RIGHTS, accountable, logged


class AffectedPersonMap(DataMap, model=AffectedPerson, activity=RIGHTS, row=logged):
    copied = False

    id = not_personal(_("row number"))
    phase = observed()
    subject_ref = person(by="subject_ref")


class BreachLetterMap(DataMap, model=BreachLetter, activity=RIGHTS, row=accountable):
    copied = False

    id = not_personal(_("row number"))
    notice = observed()
    subject_ref = person(by="subject_ref")
    state = observed()
    written_at = observed()
    settled_at = observed()
    attempts = not_personal(_("how often we tried to send it"))
    held_until = not_personal(_("until when a worker holds it"))


class AuthorityRequestMap(DataMap, model=AuthorityRequest, activity=RIGHTS, row=accountable):
    """Not in her copies while the law forbids to tell her (Art. 23)."""

    copied = False

    id = not_personal(_("row number"))
    ref = observed()
    authority = observed()
    subject_ref = person(by="told_of_authority")
    legal_ground = observed()
    asked = observed()
    received_on = observed()
    noted_at = observed()
    noted_by = observed(actor=True)
    secret_until = observed()
    secrecy_ground = observed()
    outcome = observed()
    attributes = observed()
    answered_at = observed()
    answered_by = observed(actor=True)
    told_at = observed()


class AssignmentMap(DataMap, model=Assignment, activity=RIGHTS, row=deleted):
    copied = False

    id = not_personal(_("row number"))
    item = not_personal(_("what has to be done, which names nobody"))
    colleague_ref = person(by="subject_ref")
    assigned_at = observed()


class AbsenceMap(DataMap, model=Absence, activity=RIGHTS, row=deleted):
    """Goes with either of the two: where nobody stands in, the alerts reach the officer's own mailbox."""

    copied = False

    id = not_personal(_("row number"))
    subject_ref = person(by="subject_ref")
    stand_in_ref = person(by="subject_ref")
    begins_on = observed(belongs_to="subject_ref")
    ends_on = observed(belongs_to="subject_ref")
    noted_at = observed(belongs_to="subject_ref")
