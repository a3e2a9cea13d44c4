"""What a proposal may change, where it stands today, and how it is written there."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from privacy.evidence.recipients import Recipient

from .. import ending, wording
from ..joint_control import DUTIES, arrangement_with
from ..models import Arrangement, Partner

OF_RECIPIENT = ("name", "contact_email", "privacy_url")
OF_PARTNER = ("purpose", "attributes", "reasons", "needed", "offers")
# Who has which duty (Art. 26), and where people turn with questions about both.
OF_ARRANGEMENT = (*DUTIES, "contact")
# Of each permission that stands, without a row in between.
TAKE_OUT = {
    "postgresql": """
        UPDATE consents_partnergrant SET attributes = attributes - %(name)s::text
        WHERE partner_id = %(partner)s AND revoked_at IS NULL AND attributes ? %(name)s""",
    "sqlite": """
        UPDATE consents_partnergrant
        SET attributes = (SELECT json_group_array(value) FROM json_each(attributes) WHERE value <> %(name)s)
        WHERE partner_id = %(partner)s AND revoked_at IS NULL AND EXISTS (SELECT 1 FROM json_each(attributes) WHERE value = %(name)s)""",
}
OF_PROGRAM = ("redirect_uris", "post_logout_redirect_uris", "backchannel_logout_uri", "brings_from")


def of_organisation(partner: Partner | None) -> dict:
    """Name of a field -> what stands there; of a new organisation nothing does, but for the standard arrangement."""
    partner = partner or Partner(recipient=Recipient(), attributes=[])
    rows = (partner.recipient, OF_RECIPIENT), (partner, OF_PARTNER), (arrangement_with(partner), OF_ARRANGEMENT)
    return {name: getattr(row, name) for row, names in rows for name in names}


def of_program(application) -> dict:
    return {name: getattr(application, name) for name in OF_PROGRAM}


def write_program(application, changes: dict) -> None:
    _set(application, changes, OF_PROGRAM)


@transaction.atomic
def write_organisation(partner: Partner, changes: dict, *, keeps_meaning=False) -> wording.Otherwise:
    """What members agreed to in other words counts no more, but where ours judged that they say the same. What it says otherwise now."""
    # First, so that who says yes at this moment comes before, or reads the new words (tests/test_consents_wording.py).
    wording.hold(partner)
    before = wording.as_it_stands(partner)
    _change(partner.recipient, changes, OF_RECIPIENT)
    _set(partner, changes, OF_PARTNER)
    if "offers" in changes and not keeps_meaning:
        ending.end_contact(partner)
    for name in set(before.attributes).difference(partner.attributes):
        _give_no_more(partner, name)
    wording.keep_change(before, partner, keeps_meaning=keeps_meaning)
    _agree(partner, changes)
    # Last: another name locks it against whoever tells it anything, as one who withdraws does with her permission locked.
    _set(partner.recipient, changes, OF_RECIPIENT)
    return wording.otherwise(before, wording.as_it_stands(partner))


def _give_no_more(partner, name):
    """Who allowed a field that is asked no longer has not allowed it for what it may be asked for later (Art. 7)."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_OUT[connection.vendor], {"name": name, "partner": partner.pk})


def new_partner(changes: dict) -> Partner:
    """Not yet seen by anybody; members decide for themselves whether they trust it with anything."""
    said = of_organisation(None) | changes
    recipient = Recipient.objects.create(kind=Recipient.Kind.CONTROLLER, **{name: said[name] for name in OF_RECIPIENT})
    partner = Partner.objects.create(recipient=recipient, slug=_free_slug(recipient.name), **{name: said[name] for name in OF_PARTNER})
    wording.keep(partner)
    _agree(partner, changes)
    return partner


def _set(row, changes, names):
    if changed := _change(row, changes, names):
        row.save(update_fields=changed)


def _change(row, changes, names) -> list[str]:
    """In memory; the names of what changed."""
    changed = [name for name in names if name in changes]
    for name in changed:
        setattr(row, name, changes[name])
    return changed


def _agree(partner, changes):
    """A row for who agreed otherwise than by the standard, with the day."""
    agreed = {name: changes[name] for name in OF_ARRANGEMENT if name in changes}
    if agreed:
        Arrangement.objects.update_or_create(partner=partner, defaults=agreed | {"agreed_on": timezone.localdate()})


def _free_slug(name) -> str:
    base = slugify(name)[:40] or "partner"
    taken = set(Partner.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken)
