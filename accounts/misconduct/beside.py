"""Which bans somebody of ours may see, and those that the desk names beside a request of the same person."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from privacy.pages.people import DESK

from ..models import Ban
from .roles import CUSTODIAN, has


def seen_by(user) -> QuerySet[Ban]:
    """The custodian keeps the list; our officer has no business with what nobody objects to."""
    listed = Ban.objects.order_by("review_on", "pk").defer("sealed_address")
    if has(user, CUSTODIAN):
        return listed
    return listed.exclude(objection_ref="") if has(user, DESK) else listed.none()


def bans_beside(user, asked) -> list[tuple[str, str]]:
    """One link: the bans of a person stand and fall together."""
    of_this_person = Q(subject_ref=asked.subject_ref) | Q(objection_ref=asked.ref)
    found = seen_by(user).filter(of_this_person).values_list("pk", flat=True).first()
    return [(_("a ban of this person"), reverse("misconduct:one", args=[found]))] if found else []
