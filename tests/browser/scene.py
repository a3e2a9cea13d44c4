"""The demonstration's platform, a while later: what its people asked and allowed, so that every page has something to show."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts import consent
from accounts.models import Member
from config.demo import people, seed, size
from consents import offers, permissions, releases
from consents.models import Partner, PartnerGrant
from privacy.casework import at_once, by_hand, cases, weighing
from privacy.casework.registers import authorities, processors
from privacy.datamap import RefusalGround, Right
from privacy.days import today
from privacy.evidence.recipients import Recipient
from privacy.evidence.residue import ResidueScan
from privacy.rights import holds, retention
from privacy.rights.restriction import Restriction
from privacy.rights.statements import Place, Statement
from tests import breached, makers, partner_side
from tests.drills.site import wait_until
from usage import publishing

from . import acts, meeting, moderating, partnering, transfers

MEMBERS, VIEWS = 12, 1500
AN, BO, DAAN, CARLA = people.cast_addresses()
# A teacher who leaves.
ELS = people.address_of("Els", "Claes")


@dataclass(frozen=True)
class Scene:
    """Numbers and keys that the addresses of pages hold."""

    member: str
    ready: str
    expired: str
    held: str
    waiting: str
    refused: str
    erasure: str
    token: str
    other: str
    conversation: str
    feedback: int
    material: int
    removed: int
    own: int
    comment: str
    folder: int
    favourite: str
    provider: str
    hold: UUID
    erased: str
    left: str
    letter: str
    disputed: str
    said: int
    restriction: int
    breach: str
    authority: str
    processor: int
    warned: str
    banned: int
    went: UUID
    going: UUID
    came: UUID
    objecting: str
    program: int
    proposal: int


def furnish(site) -> None:
    """The demonstration's people and what they left, before the doors open."""
    site.do(seed.seed, size.of(MEMBERS, VIEWS), seed=1, bar=acts.no_bar)


def play(site) -> Scene:
    """Once per site, its worker running."""
    site.do(acts.appoint, DAAN)
    site.do(_let_leave)
    site.do(_decide_on_partners)
    site.do(_correct_town)
    site.do(_show_photo)
    met = site.do(meeting.meet, AN, CARLA, DAAN) | site.do(moderating.moderate, CARLA, DAAN)
    met |= site.do(partnering.speak, CARLA, DAAN)
    site.do(partnering.end, CARLA, by=DAAN)
    site.do(partnering.say_otherwise, CARLA)
    asked = {"ready": site.do(acts.asks, AN), "expired": site.do(acts.asks, BO), "held": site.do(acts.asks, CARLA)}
    for ref in asked.values():
        wait_until(lambda ref=ref: site.do(acts.is_closed, ref), what="an archive is ready")
    site.do(acts.archive_has_expired, asked["expired"])
    site.do(acts.was_recovered, CARLA)
    asked |= {"refused": site.do(_refuse, CARLA), "waiting": site.do(_ask_for_later, CARLA)}
    asked |= {"erasure": site.do(acts.asks, BO, Right.ERASURE, days_ago=3)}
    asked |= site.do(_share) | site.do(transfers.move, AN)
    asked |= {
        "letter": site.do(_write_letter),
        **site.do(_dispute),
        **site.do(_hold_back),
        "left": site.do(_leave_a_copy),
        **site.do(_go_wrong),
    }
    site.do(_live_through_a_night)
    wait_until(lambda: site.do(acts.is_closed, asked["erased"]), what="an erasure is answered")
    wait_until(lambda: site.do(_something_is_left, asked["left"]), what="a copy is found")
    token = site.mail_to(AN, asked["ready"]).link("/not-me/").strip("/").rpartition("/")[2]
    return Scene(member=str(site.do(_key_of, AN)), token=token, provider=site.do(_provider), **asked, **met)


def _write_letter():
    """Somebody asked by letter; Carla entered it, so that Daan may decide."""
    member = makers.make_member("Griet", last_name="Maes", email=people.address_of("Griet", "Maes"))
    makers.make_comment(member)
    how = {"channel": "letter", "identified_by": "id_card", "received_at": timezone.now() - timedelta(days=4)}
    actor = Member.objects.get(email=CARLA).subject_id
    return by_hand.enter(member.subject, **how, mandate="written", reason="brief van 24 november", actor_ref=actor).ref


def _dispute():
    """A teacher says that her address is not right, so that its use rests."""
    member = makers.make_member("Ilse", last_name="Jacobs", email=people.address_of("Ilse", "Jacobs"))
    asked = weighing.dispute(member.subject, Place("accounts.Member", str(member.pk), "email"), "Dit adres is niet van mij.")
    said = Statement.objects.get(request_ref=asked.ref)
    return {"disputed": asked.ref, "said": said.pk, "restriction": Restriction.objects.get(request_ref=asked.ref).pk}


def _hold_back():
    """Of An something, should she leave; of a member who left something was set aside, and others wrote about him."""
    an, bo, carla, daan = (Member.objects.get(email=email) for email in (AN, BO, CARLA, DAAN))
    rik = makers.make_member("Rik", last_name="Aerts", email=people.address_of("Rik", "Aerts"))
    theirs = makers.make_comment(rik, makers.make_resource("Kommagetallen"))
    makers.make_comment(carla, theirs.resource, "Bedankt, Rik Aerts.")
    makers.make_message(bo, an, f"Vraag het aan {rik.email}, die gaf er les over.")
    on = today()
    terms = {"ground": "legal_claims", "why": "Er loopt een geschil over auteursrecht.", "actor_ref": daan.subject_id}
    terms |= {"until": on + timedelta(days=165), "review_on": on + timedelta(days=90)}
    holds.place(an.subject, "usage.Publication", **terms)
    placed = holds.place(rik.subject, "usage.Comment", **terms)
    return {"hold": placed.ref, "erased": _erase_today(rik)}


def _go_wrong():
    """Yesterday a list went astray; and a court asks for Bo's data, which Carla entered, so that Daan may decide."""
    bo, carla = (Member.objects.get(email=email).subject for email in (BO, CARLA))
    breach = breached.make_breach(hours_ago=26, risk="high", by=carla.pk)
    said = {"authority": "Arbeidsrechtbank Gent", "contact": "griffie@gerecht.example", "legal_ground": "Art. 877 Ger.W."}
    said |= {"asked": "Wanneer er werd ingelogd.", "received_on": today()}
    works_for_us = {
        "kind": "processor",
        "category": "hosting",
        "contact_email": "hulp@host.example",
        "privacy_url": "https://host.example/",
    }
    processor = processors.record(Recipient(name="Hosting NV", **works_for_us), actor_ref=carla.pk)
    return {"breach": breach.ref, "authority": authorities.note(bo, **said, actor_ref=carla.pk).ref, "processor": processor.pk}


def _leave_a_copy():
    """Somebody exported members to a file, which no table knows."""
    lut = makers.make_member("Lut", last_name="Goossens", email=people.address_of("Lut", "Goossens"))
    default_storage.save("exports/leden-2025.csv", ContentFile(f"{lut.email};9000 Gent\n".encode()))
    return _erase_today(lut)


def _erase_today(member):
    request = cases.submit(Right.ERASURE, subject=member.subject, identified_by="password")
    cases.approve(request, subject=member.subject, grace=timedelta(0))
    return request.ref


def _something_is_left(ref):
    return ResidueScan.objects.filter(request_ref=ref, remains__gt=0).exists()


def _live_through_a_night():
    """Some values go by themselves; the others wait for the next night."""
    resource, carla = makers.make_resource("Tafels"), Member.objects.get(email=CARLA)
    for day in range(30):
        makers.make_view(carla, resource, viewed_at=timezone.now() - timedelta(days=91 + day))
    retention.apply(timezone.now(), at_most=18)


def _provider():
    """Where members can sign in too."""
    return settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["provider_id"]


def _key_of(email):
    return Member.objects.get(email=email).pk


def _let_leave():
    els = makers.make_member("Els", last_name="Claes", email=ELS, password=people.PASSWORD)
    makers.make_comment(els)


def _decide_on_partners():
    """An allows one, stopped another, and never met the third, which has a program; both of them received something."""
    an = Member.objects.get(email=AN)
    PartnerGrant.objects.filter(member=an).delete()
    allowed, stopped = (Partner.objects.get(slug=slug) for slug in ("quizkast", "leesburcht"))
    for partner in (allowed, stopped):
        grant = permissions.give(an, partner, partner.attributes, text_version="2026-11", language="nl")
        releases.release(partner, an)
    offers.allow(grant, text_version="2026-12", language="nl")
    permissions.withdraw(grant)
    releases.release(allowed, an)
    partner_side.make_application(Partner.objects.get(slug="edupartner"))


def _correct_town():
    an = Member.objects.get(email=AN)
    at_once.correct(an.subject, {("accounts.Member", an.pk): {"town": "9000 Gent"}}, identified_by="password")


def _show_photo():
    consent.show_photo(Member.objects.get(email=AN), makers.make_picture())


def _ask_for_later(email):
    """Received, and nobody took it up."""
    subject = Member.objects.get(email=email).subject
    return cases.submit(Right.PORTABILITY, subject=subject, identified_by="password").ref


def _share():
    """Bo shared something that people speak of, and took something back; An shared and kept something."""
    an, bo, carla = (Member.objects.get(email=email) for email in (AN, BO, CARLA))
    material = makers.make_publication(bo, makers.make_resource("Breuken optellen", tags=["breuken"]), text="Een les.").resource
    question = makers.make_comment(carla, material, "Is er een verbetersleutel?")
    hers = makers.make_comment(an, material, "Op de laatste bladzijde.")
    type(hers).objects.filter(pk=hers.pk).update(reply_to=question.pk)
    for member, value in ((an, 4), (bo, 5), (carla, 3)):
        makers.make_score(member, material, value)
    removed = makers.make_publication(bo, makers.make_resource("Weg"))
    makers.make_comment(carla, removed.resource)
    publishing.withdraw(removed)
    kept = makers.make_favourite(an, material, note="korter maken")
    return {
        "material": material.pk,
        "removed": removed.resource_id,
        "own": makers.make_publication(an, makers.make_resource("Kaartlezen"), text="Een les.").resource_id,
        "comment": str(hers.pk),
        "folder": kept.folder_id,
        "favourite": str(kept.pk),
    }


def _refuse(email):
    """After three weeks."""
    subject, received_at = Member.objects.get(email=email).subject, timezone.now() - timedelta(days=21)
    asked = cases.submit(Right.OBJECTION, subject=subject, identified_by="password", received_at=received_at)
    reasons = "We hebben de gegevens nodig zolang het geschil over de rekening loopt."
    cases.refuse(asked, ground=RefusalGround.EXCEPTION, reasons=reasons, actor_ref="dpo")
    return asked.ref
