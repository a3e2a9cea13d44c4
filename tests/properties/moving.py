"""A person moves: what happens at each of two installations, in a process of its own."""

import io

from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts import photos
from accounts.models import Member
from consents.models import IncomingTransfer, OutgoingTransfer, Receiver
from privacy.evidence import signing
from privacy.evidence.recipients import Disclosure
from privacy.rights.opening import opened
from privacy.rights.taking_in import look, take_in
from tests import makers, partner_side
from usage.models import Comment, Publication, Resource

from .filler import fill

AN = "zqan7@school.example"
LESSON = "Een les over kaarten, mét hoogtelijnen."


def live_here() -> None:
    """An has a row in every declared table, and more than one where that is usual; her material and photo are what they would be."""
    member = fill("An", 11).member
    picture = photos.store(makers.make_picture())
    Member.objects.filter(pk=member.pk).update(photo=picture, social_networks="https://social.example/@an", birth_date="1985-04-12")
    member.refresh_from_db()
    EmailAddress.objects.filter(user=member).update(email=AN, verified=True)
    _publish(member)
    _use(member)


def _publish(member):
    name, path = member.get_full_name(), default_storage.save("resources/les", ContentFile(LESSON.encode()))
    said = {"shown_name": name, "file": path, "file_name": "les.txt", "file_type": "txt", "file_size": len(LESSON.encode())}
    Publication.objects.filter(author=member).update(**said)
    Resource.objects.filter(publication__author=member).update(title="Kaartlezen")
    Comment.objects.filter(author=member).update(shown_name=name)


def _use(member):
    """Two folders of one name, the same material in both, material of her own, moments to the microsecond."""
    breuken, hers = makers.make_resource("Breuken"), Resource.objects.get(title="Kaartlezen")
    for note in ("eerst dit", "\U0001f600 \u202e <b>dan</b> dat"):
        folder = makers.make_folder(member, "Voor maandag")
        makers.make_favourite(member, breuken, folder=folder, note=note)
        makers.make_favourite(member, hers, folder=folder)
        makers.make_view(member, breuken)
        makers.make_search(member, "breuken optellen")
        makers.make_download(member, hers)
        makers.make_comment(member, breuken, f"Bruikbaar: {note}")
    makers.make_score(member, breuken, 5)


def catalogue() -> list[dict]:
    """What everybody finds here, but for what An published."""
    return list(Resource.objects.exclude(publication__author__email=AN).values("title", "subject_taught", "level"))


def settle(resources: list[dict]) -> None:
    """Another installation: the same material under other keys, other people, and An with an empty account."""
    for number in range(7):
        makers.make_resource(f"Iets anders {number}")
    bo = makers.make_member("Bo")
    for words in reversed(resources):
        makers.make_favourite(bo, Resource.objects.create(**words), folder=makers.make_folder(bo, "van Bo"))
    an = Member.objects.create_user(AN, makers.PASSWORD)
    EmailAddress.objects.create(user=an, email=AN, verified=True, primary=True)


def keys() -> dict:
    return signing.public_keys()


def bring(raw: bytes) -> dict:
    """Taken in with every box ticked; per record type what came of it, and why what stayed did."""
    subject = Member.objects.get(email=AN).subject
    with opened(io.BytesIO(raw), subject) as brought:
        seen = look(subject, brought)
        ticked = {each.label for each in seen.taken} | {offer.name for offer in seen.offers} | {offer.label for offer in seen.offers}
        done = take_in(subject, brought, ticked, actor_ref=str(subject.ref))
    came = {each.label: (each.new, each.here, each.conflicts, each.refused.total()) for each in done.taken}
    return {"came": came, "stays": {each.label for each in done.left}, "problems": [offer.name for offer in done.offers if offer.problem]}


def sign_in() -> str:
    """An's session, in a browser of hers."""
    browser = Client()
    browser.force_login(Member.objects.get(email=AN))
    return browser.cookies["sessionid"].value


def register_sender(address: str) -> str:
    """There: the program of the site that brings; its secret."""
    back = f"{address}{reverse('transfer:back')}"
    partner_side.make_application(makers.make_partner("hier", attributes=[]), brings_from=address, redirect_uris=back)
    return partner_side.SECRET


def register_receiver(address: str, secret: str) -> None:
    """Here: the site that takes in."""
    recipient = makers.make_partner("ginds").recipient
    receiver = Receiver(slug="ginds", recipient=recipient, issuer=address, client_id="hier")
    receiver.secret = secret
    receiver.save()


def how_it_went() -> dict:
    went = OutgoingTransfer.objects.get(member__email=AN, receiver__slug="ginds")
    disclosed = Disclosure.objects.filter(recipient=went.receiver.recipient, attributes=["data.portable"]).count()
    told = {"state": went.state, "problem": went.problem, "receipt": went.receipt}
    return told | {"token": len(bytes(went.sealed_token)), "disclosed": disclosed}


def how_it_came() -> dict:
    return IncomingTransfer.objects.filter(member__email=AN).values("state", "receipt").get()
