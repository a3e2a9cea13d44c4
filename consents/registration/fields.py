"""What a proposal may change, where it stands today, and how it is written there."""

from django.utils.text import slugify

from privacy.evidence.recipients import Recipient

from ..models import Partner

OF_RECIPIENT = ("name", "contact_email", "privacy_url")
OF_PARTNER = ("purpose", "attributes", "reasons", "needed")
OF_PROGRAM = ("redirect_uris", "post_logout_redirect_uris")
# Of an organisation as a whole, in the order in which people read them.
OF_ORGANISATION = (*OF_RECIPIENT, *OF_PARTNER)


def of_organisation(partner: Partner | None) -> dict:
    """Name of a field -> what stands there; of a new organisation nothing does."""
    if partner is None:
        return dict.fromkeys(OF_RECIPIENT, "") | {"purpose": "", "attributes": [], "reasons": {}, "needed": []}
    recipient = {name: getattr(partner.recipient, name) for name in OF_RECIPIENT}
    return recipient | {name: getattr(partner, name) for name in OF_PARTNER}


def of_program(application) -> dict:
    return {name: getattr(application, name) for name in OF_PROGRAM}


def write_program(application, changes: dict) -> None:
    _set(application, changes, OF_PROGRAM)


def write_organisation(partner: Partner, changes: dict) -> None:
    _set(partner.recipient, changes, OF_RECIPIENT)
    _set(partner, changes, OF_PARTNER)


def new_partner(changes: dict) -> Partner:
    """Not yet seen by anybody; members decide for themselves whether they trust it with anything."""
    said = of_organisation(None) | changes
    recipient = Recipient.objects.create(kind=Recipient.Kind.CONTROLLER, **{name: said[name] for name in OF_RECIPIENT})
    return Partner.objects.create(recipient=recipient, slug=_free_slug(recipient.name), **{name: said[name] for name in OF_PARTNER})


def _set(row, changes, names):
    changed = [name for name in names if name in changes]
    for name in changed:
        setattr(row, name, changes[name])
    if changed:
        row.save(update_fields=changed)


def _free_slug(name) -> str:
    base = slugify(name)[:40] or "partner"
    taken = set(Partner.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken)
