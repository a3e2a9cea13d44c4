"""Partners, who allowed them what, and what they received: in bulk, as `permissions.give` and `releases.release` would leave it."""

from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import uuid4

from django.utils import timezone

from accounts.models import Member
from consents import wording
from consents.attributes import releasable
from consents.models import ConsentEvent, Partner, PartnerGrant
from privacy.datamap import LawfulBasis
from privacy.evidence.recipients import Disclosure
from privacy.evidence.trail import TrailEntry
from privacy.models import Recipient

from . import loading, words
from .people import Teacher
from .traces import moments

TEXT_VERSION = "2025-1"


class Allowed(NamedTuple):
    """That a teacher allowed a partner all it may ask, and when it asked for it since."""

    at: datetime
    teacher: Teacher
    partner: Partner
    released_at: list[datetime]


def write(teachers, *, random, progress) -> None:
    partners = [make(*of) for of in words.PARTNERS]
    progress(2 * len(partners))
    write_allowed(sorted(_allowed(teachers, partners, random), key=lambda allowed: allowed.at), progress=progress)


def make(slug, name, purpose, attributes) -> Partner:
    recipient = Recipient.objects.create(
        name=name,
        kind=Recipient.Kind.CONTROLLER,
        contact_email=f"privacy@{slug}.example",
        privacy_url=f"https://{slug}.example/privacy",
    )
    said = {"reasons": words.REASONS.get(slug, {}), "offers": words.OFFERS.get(slug, "")}
    partner = Partner.objects.create(
        recipient=recipient, slug=slug, purpose=purpose, attributes=attributes, published_at=timezone.now(), **said
    )
    wording.keep(partner)
    return partner


def _allowed(teachers, partners, random):
    """Most use one or two tools."""
    for teacher in teachers:
        for partner in random.sample(partners, random.choice([0, 1, 1, 2, 2])):
            at = moments.some_time_ago(random)
            yield Allowed(at, teacher, partner, [moments.later(at, random, hours=500) for _nth in range(random.randint(1, 2))])


def write_allowed(allowed: list[Allowed], *, progress) -> None:
    """The oldest first, as they would have been written."""
    _load(PartnerGrant, _grant, allowed, progress)
    _load(ConsentEvent, _event, allowed, progress)
    _load(TrailEntry, _entry, allowed, progress)
    releases = sorted(((at, each) for each in allowed for at in each.released_at), key=lambda release: release[0])
    _load(Disclosure, _disclosure, releases, progress)


def _load(model, of, things, progress):
    """`of` gives the fields of one row."""
    if things:
        loading.load(model, list(of(things[0])), (tuple(of(each).values()) for each in things), progress=progress)


def _grant(allowed):
    partner = allowed.partner
    return {"member": allowed.teacher.pk, "partner": partner.pk, "sub": uuid4(), "attributes": partner.attributes, "granted_at": allowed.at}


def _event(allowed):
    return {
        "subject_ref": allowed.teacher.subject,
        "partner": allowed.partner.pk,
        "kind": ConsentEvent.Kind.GIVEN,
        "attributes": allowed.partner.attributes,
        "asked": sorted(allowed.partner.attributes),
        "text_version": TEXT_VERSION,
        "language": Member.Language.DUTCH,
        "method": ConsentEvent.Method.DEMO,
        "at": allowed.at,
    }


def _entry(allowed):
    ref = allowed.teacher.subject
    return {"event": f"consent.{ConsentEvent.Kind.GIVEN}", "subject_ref": ref, "actor_ref": str(ref), "at": allowed.at}


def _disclosure(release):
    at, allowed = release
    return {
        "recipient": allowed.partner.recipient_id,
        "subject_ref": allowed.teacher.subject,
        "attributes": _releasable(allowed.partner),
        "basis": LawfulBasis.CONSENT,
        "at": at,
    }


@cache
def _releasable(partner) -> list[str]:
    """Asked for, and a field that may be handed out at all. None is one that an invented teacher leaves empty."""
    names = set(releasable())
    return [name for name in partner.attributes if name in names]
