"""What was withdrawn after the backup from which the database was put back is withdrawn again, and its partners hear it once more.

Whether the first message left is not known, and to hear it twice costs nothing.
"""

from django.contrib.auth import get_user_model
from django.db import transaction

from privacy.evidence.replay import replayed

from . import ending, offers, permissions, wording
from .models import ConsentEvent, IncomingTransfer, Partner, PartnerGrant, WantsNoOffers
from .transfer import coming

Method = ConsentEvent.Method


@replayed("withdrawal")
@transaction.atomic
def withdraw_again(line) -> None:
    for grant in _standing_then(line):
        permissions.end(grant, method=Method.PAGE, request_ref=line.facts["request_ref"])


@replayed("all_withdrawn")
@transaction.atomic
def withdraw_all_again(line) -> None:
    withdraw_again(line)


@replayed("narrowed")
@transaction.atomic
def narrow_again(line) -> None:
    for partner in Partner.objects.filter(slug=line.facts["partner"]):
        wording.hold(partner)
    for grant in _standing_then(line):
        agreed = permissions.last_given(grant)
        permissions.narrow(grant, line.facts["attributes"], text_version=agreed.text_version, language=agreed.language)


@replayed("contact_withdrawn")
@transaction.atomic
def withdraw_contact_again(line) -> None:
    for grant in _standing_then(line):
        if grant.contact_allowed_at and grant.contact_allowed_at <= line.at:
            offers.end(grant, method=Method.PAGE, request_ref=line.facts["request_ref"])


@replayed("offers_refused")
@transaction.atomic
def refuse_offers_again(line) -> None:
    member = _hold(line)
    if member is not None and not offers.objection_of(member):
        offers.keep(member, request_ref=line.facts["request_ref"], at=line.at)


@replayed("offers_welcome")
@transaction.atomic
def welcome_offers_again(line) -> None:
    member = _hold(line)
    if member is not None:
        WantsNoOffers._base_manager.filter(member=member, objected_at__lte=line.at).delete()


@replayed("arrival_stopped")
@transaction.atomic
def stop_arrivals_again(line) -> None:
    """What she lets come again later is another yes, and stays."""
    member = _hold(line)
    if member is not None:
        hers = IncomingTransfer.including_hidden.filter(member=member, allowed_at__lte=line.at)
        for transfer in hers.select_related("member", "application"):
            coming.stop(transfer, by_her=line.facts.get("by_her", True))


@replayed("says_else")
@transaction.atomic
def ask_anew_again(line) -> None:
    """The words of the backup are not those that the partner says any more, and who answers no to the new ones has to be left alone."""
    said = wording.Otherwise(line.facts["purpose"], line.facts["attributes"], line.facts["offers"])
    then = PartnerGrant.including_hidden.not_withdrawn().filter(partner__slug=line.facts["partner"], granted_at__lte=line.at)
    said.among(then.filter(asks_anew_since=None)).update(asks_anew_since=line.at)
    if said.offers:
        for partner in Partner.objects.filter(slug=line.facts["partner"]):
            ending.end_contact(partner)


def _hold(line):
    """The member, locked; None where the backup does not know her, or not any more."""
    member = get_user_model()._base_manager.filter(subject=line.subject_ref).first()
    return member if member is not None and permissions.hold(member) is not None else None


def _standing_then(line):
    """Of the partner of the line, or of all. What she allowed later is another consent, and stays."""
    member = _hold(line)
    if member is None:
        return []
    of_partner = {"partner__slug": line.facts["partner"]} if "partner" in line.facts else {}
    return list(permissions.standing_of(member).filter(granted_at__lte=line.at, **of_partner))
