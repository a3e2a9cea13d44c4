"""Finds a person for who acts on her behalf: by the address with which she signs in, or by her reference."""

from uuid import UUID

from django.contrib.auth import get_user_model

from ..conf import hook
from ..errors import UnknownPerson
from ..subjects import Subject


def subject_with(email: str) -> Subject:
    """The person who signs in with this address, in any case; UnknownPerson where there is none, or two and neither spells it so."""
    member = get_user_model()
    column, address = member.get_email_field_name(), email.strip()
    if not address.isprintable():  # a NUL or half a character, which no database takes
        raise UnknownPerson
    found = list(member._base_manager.filter(**{f"{column}__iexact": address}).select_related("subject"))
    spelled_so = [person for person in found if getattr(person, column) == address] or found
    if len(spelled_so) != 1:
        raise UnknownPerson
    return spelled_so[0].subject


def signs_in_with(address: str) -> Subject | None:
    """PRIVACY["PERSON_AT"] where the host has no way of its own: an address that was never confirmed finds nobody (T-29)."""
    try:
        return None if _reference(address) else subject_known_as(address)
    except UnknownPerson:
        return None


def somebody_signs_in_with(address: str) -> bool:
    """PRIVACY["IS_OF_ACCOUNT"] where the host has no way of its own: confirmed or not."""
    member = get_user_model()
    return address.isprintable() and member._base_manager.filter(**{f"{member.get_email_field_name()}__iexact": address}).exists()


def subject_known_as(words: str) -> Subject:
    """By her reference, or by an address that she confirmed; UnknownPerson for anything else, so that a slip finds nobody (T-18)."""
    ref = _reference(words)
    if ref:
        found = Subject.objects.filter(ref=ref).first()
        if found is None:
            raise UnknownPerson
        return found
    subject = subject_with(words)
    if words.strip().casefold() not in {address.casefold() for address in hook("ADDRESSES")(subject)}:
        raise UnknownPerson
    return subject


def _reference(words) -> UUID | None:
    try:
        return UUID(words.strip())
    except ValueError:
        return None
