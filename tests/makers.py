"""The people and things that tests speak of, each made by one plain function."""

from datetime import date
from io import BytesIO

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts.models import Member
from consents import offers, permissions, wording
from consents.models import Partner
from privacy.models import Recipient
from usage.models import (
    Comment,
    Download,
    Favourite,
    Feedback,
    Folder,
    Follow,
    Message,
    Publication,
    Resource,
    ResourceView,
    Score,
    Search,
    SignIn,
)

PASSWORD = "een goed wachtwoord"


def desk_permissions():
    """Of the data protection officer: to read the desk, to enter and to decide there, and to look back."""
    named = ["view_datasubjectrequest", "change_datasubjectrequest", "add_datasubjectrequest", "view_trailentry"]
    return Permission.objects.filter(content_type__app_label="privacy", codename__in=named)


def make_member(first_name="An", *, last_name="Peeters", email="", verified=True, password=PASSWORD, **fields):
    """A member with every field of her profile filled, each value her own."""
    email = email or f"{first_name}.{last_name}@school.example".replace(" ", "").lower()
    name = first_name.lower()
    profile = {
        "town": "9000 Gent",
        "gender": Member.Gender.FEMALE,
        "birth_date": date(1985, 4, 12),
        "occupation": f"geeft wiskunde, zegt {name}",
        "about_me": f"Over {name}: ik deel graag lesmateriaal.",
        "website": f"https://{name}.example/",
        "social_networks": f"https://social.example/@{name}",
    }
    member = Member.objects.create_user(email, password, first_name=first_name, last_name=last_name, **profile | fields)
    EmailAddress.objects.create(user=member, email=member.email, verified=verified, primary=True)
    return member


def make_picture(size=(400, 400), kind="WEBP", *, mode="RGB", colour="teal", **options) -> bytes:
    """A file that shows one colour."""
    written = BytesIO()
    Image.new(mode, size, colour).save(written, kind, **options)
    return written.getvalue()


def make_resource(title="Breuken", *, subject_taught="wiskunde", **fields):
    return Resource.objects.create(title=title, subject_taught=subject_taught, **fields)


def make_publication(author, resource=None, description="Een les van vijftig minuten.", *, text="", **fields):
    """Published under the author's name; with `text` it has a file that holds it."""
    publication = Publication(
        author=author, resource=resource or make_resource(), description=description, **{"shown_name": author.get_full_name()} | fields
    )
    if text:
        publication.file.save("les.txt", ContentFile(text.encode()), save=False)
        publication.file_name, publication.file_type, publication.file_size = "les.txt", "txt", len(text.encode())
    publication.save()
    return publication


def make_view(member, resource=None, *, viewed_at=None, ip_address="192.0.2.7"):
    return ResourceView.objects.create(
        member=member, resource=resource or make_resource(), viewed_at=viewed_at or timezone.now(), ip_address=ip_address
    )


def make_download(member, resource=None):
    return Download.objects.create(member=member, resource=resource or make_resource())


def make_search(member, words="breuken"):
    return Search.objects.create(member=member, words=words)


def make_sign_in(member, *, way="password", ip_address="192.0.2.7"):
    return SignIn.objects.create(member=member, way=way, ip_address=ip_address)


def make_follow(follower, followed):
    return Follow.objects.create(follower=follower, followed=followed)


def make_feedback(email, text="Waar vind ik mijn map?", *, answered_at=None):
    return Feedback.objects.create(email=email, text=text, answered_at=answered_at)


def make_score(member, resource=None, value=4, *, given_at=None):
    return Score.objects.create(member=member, resource=resource or make_resource(), value=value, given_at=given_at or timezone.now())


def make_folder(member, name="Voor maandag"):
    return Folder.objects.create(member=member, name=name)


def make_favourite(member, resource=None, *, folder=None, note="", added_at=None):
    return Favourite.objects.create(
        folder=folder or make_folder(member), resource=resource or make_resource(), note=note, added_at=added_at or timezone.now()
    )


def make_message(sender, recipient, text="Dag collega", *, sent_at=None, read_at=None, **fields):
    return Message.objects.create(
        sender=sender, recipient=recipient, text=text, sent_at=sent_at or timezone.now(), read_at=read_at, **fields
    )


def make_comment(author, resource=None, text="Heel bruikbaar.", *, published_at=None):
    """Published under the author's name, as a page would."""
    return Comment.objects.create(
        author=author,
        shown_name=author.get_full_name(),
        resource=resource or make_resource(),
        text=text,
        published_at=published_at or timezone.now(),
    )


def make_partner(slug="edupartner", *, attributes=("first_name", "email"), is_published=True):
    recipient = Recipient.objects.create(
        name=slug.capitalize(),
        kind=Recipient.Kind.CONTROLLER,
        contact_email=f"privacy@{slug}.example",
        privacy_url=f"https://{slug}.example/privacy",
    )
    partner = Partner(recipient=recipient, slug=slug, purpose="Laat leerlingen oefenen.", attributes=list(attributes))
    partner.published_at = timezone.now() if is_published else None
    partner.save()
    wording.keep(partner)
    return partner


def make_grant(member, partner, attributes=("first_name",), *, text_version="2025-01", language="nl"):
    return permissions.give(member, partner, list(attributes), text_version=text_version, language=language)


def make_contact(member, partner):
    """A permission whose partner may also contact her with offers."""
    partner.offers = "Nieuwe pakketten aanbieden."
    partner.save()
    wording.keep(partner)
    return offers.allow(make_grant(member, partner), text_version="2025-01", language="nl")


def allow(member, *codenames) -> None:
    """Permissions of the engine, beside those that the member has."""
    member.user_permissions.add(*Permission.objects.filter(content_type__app_label="privacy", codename__in=codenames))
