"""What the custodian does with the list: look up, read an address, review each year, lift; every look stands in the trail (T-17)."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.evidence import trail
from privacy.evidence.trail import TrailEntry

from .. import bans
from ..errors import BanLifted, CustodianKeyWrong, NothingSealed
from ..models import Ban
from ..replaying import in_one_line, note_terms
from . import sealing
from .models import in_a_year

# What the year's figures count, in the order of the page.
COUNTED = {
    "ban.added": _("addresses listed"),
    "ban.looked_up": _("looked up"),
    "ban.address_read": _("addresses read"),
    "ban.kept": _("kept after a review"),
    "ban.lifted": _("lifted"),
}


class ReadReason(models.TextChoices):
    """Why somebody reads an address: a coded word, since reasons in words would name people in the trail."""

    OBJECTION = "objection", _("the person objects")
    REVIEW = "review", _("the yearly review")
    MISTAKE = "mistake", _("it may be the wrong person")
    AUTHORITY = "authority", _("an authority or court asks")


class LiftReason(models.TextChoices):
    OBJECTION = "objection", _("the objection is right")
    TIME = "time", _("it is no longer necessary")
    MISTAKE = "mistake", _("it was a mistake")


def look_up(address: str, *, by) -> Ban | None:
    """AddressInvalid on what is none. Noted whatever is found, without the address."""
    ban = bans.found(address)
    _note("ban.looked_up", ban, by)
    return ban


def note_look(ban: Ban, *, by) -> None:
    _note("ban.seen", ban, by)


def read_address(ban: Ban, *, key_file: bytes, passphrase: str, reason: str, by) -> str:
    """Noted before it is shown, and noted where the key was wrong; key and passphrase are kept nowhere."""
    if not ban.sealed_address:
        raise NothingSealed
    try:
        address = sealing.unseal(ban.sealed_address, ban.digest, sealing.read_private(key_file, passphrase))
    except CustodianKeyWrong:
        _note("ban.wrong_key", ban, by)
        raise
    _note("ban.address_read", ban, by, reason)
    return address


@transaction.atomic
def keep(ban: Ban, because: str, *, by) -> None:
    """Reviewed, and left for another year."""
    _change("ban.kept", ban, by, kept_because=because, review_on=in_a_year())


@transaction.atomic
def withhold(ban: Ban, ground: str, *, by) -> None:
    """From the copy of her data, on this ground; "" ends that."""
    _change("ban.withheld" if ground else "ban.told_again", ban, by, ground, withheld=ground)


def _change(event, ban, by, reason="", **terms):
    changed = ban.change(**terms)
    if not changed:
        raise BanLifted
    _note(event, ban, by, reason)
    note_terms(changed, **terms)


@transaction.atomic
def lift(ban: Ban, reason: str, *, by) -> None:
    """Every address of this person; the rows go, and with them what they said."""
    with in_one_line():
        gone = [bans.unban(each) for each in ban.of_same_person().select_for_update()]
        if not any(gone):
            raise BanLifted
        _note("ban.lifted", ban, by, reason)


def figures(year: int) -> list[tuple[str, int]]:
    """What was done with the list in this year."""
    of_the_year = TrailEntry.objects.filter(event__in=COUNTED, at__year=year).order_by().values_list("event")
    counts = dict(of_the_year.annotate(models.Count("pk")))
    return [(words, counts.get(event, 0)) for event, words in COUNTED.items()]


def this_year() -> int:
    return timezone.localdate().year


def _note(event, ban, by, reason=""):
    trail.record(event, subject_ref=ban.subject_ref if ban else None, actor_ref=by.ref, reason=reason)
