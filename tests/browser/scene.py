"""The demonstration's platform, a while later: what its people asked and allowed, so that every page has something to show."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Member
from config.demo import people
from consents import permissions
from consents.models import Partner, PartnerGrant
from privacy.casework import cases
from privacy.datamap import Right
from tests.drills.site import wait_until

from . import acts

MEMBERS, VIEWS = "12", "1500"
AN, BO, DAAN, CARLA = people.cast_addresses()


@dataclass(frozen=True)
class Scene:
    """Numbers and keys that the addresses of pages hold."""

    member: str
    ready: str
    expired: str
    waiting: str
    erasure: str
    refused: str = ""


def furnish(site) -> None:
    """The demonstration's people and what they left, before the doors open."""
    site.manage("seed_demo", "--members", MEMBERS, "--views", VIEWS)


def play(site) -> Scene:
    """Once per site, its worker running."""
    site.do(acts.appoint, DAAN)
    site.do(_decide_on_partners)
    site.do(_correct_town)
    asked = {"ready": site.do(acts.asks, AN), "expired": site.do(acts.asks, CARLA)}
    for ref in asked.values():
        wait_until(lambda ref=ref: site.do(acts.is_closed, ref), what="an archive is ready")
    site.do(acts.archive_has_expired, asked["expired"])
    waiting, erasure = site.do(_ask_for_later, CARLA), site.do(acts.asks, BO, Right.ERASURE, days_ago=3)
    return Scene(member=str(site.do(_key_of, AN)), waiting=waiting, erasure=erasure, **asked)


def _key_of(email):
    return Member.objects.get(email=email).pk


def _decide_on_partners():
    """An allows one, stopped another, and never met the third."""
    an = Member.objects.get(email=AN)
    allowed, stopped, _unknown = Partner.objects.order_by("pk")
    for partner in (allowed, stopped):
        permissions.give(an, partner, partner.attributes, text_version="2026-11", language="nl")
    for grant in PartnerGrant.objects.filter(member=an).exclude(partner=allowed):
        permissions.withdraw(grant)


def _correct_town():
    an = Member.objects.get(email=AN)
    cases.correct(an.subject, {("accounts.Member", an.pk): {"town": "9000 Gent"}}, identified_by="password")


def _ask_for_later(email):
    """Received, and nobody took it up."""
    subject = Member.objects.get(email=email).subject
    return cases.submit(Right.PORTABILITY, subject=subject, identified_by="password", received_at=timezone.now()).ref
