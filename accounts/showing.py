"""What others may see of a member: some fields everybody, some signed-in members, the rest nobody."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst

from . import photos

# Rest on her consent (accounts/consent.py); the photo, which does too, has an address instead of words.
TO_EVERYBODY = ("about_me", "website", "social_networks")
TO_MEMBERS = ("town", "occupation")
LINKS = {"website", "social_networks"}


@dataclass(frozen=True)
class Fact:
    """One thing she says of herself: `text`, or `links` to other sites."""

    name: str
    title: str
    text: str = ""
    links: tuple[str, ...] = ()


def facts(member, names) -> list[Fact]:
    return [_fact(member, name) for name in names if is_shown(member) and getattr(member, name)]


def is_shown(member) -> bool:
    return member.subject.is_usable_for("account", "showing")


def photo_url(member) -> str:
    if not member.photo or not is_shown(member):
        return ""
    return reverse("accounts:photo", args=[photos.key_of(member.photo.name)])


def _fact(member, name) -> Fact:
    title, value = capfirst(str(member._meta.get_field(name).verbose_name)), getattr(member, name)
    return Fact(name, title, links=tuple(value.split())) if name in LINKS else Fact(name, title, text=value)
