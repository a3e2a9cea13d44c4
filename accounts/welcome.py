"""Who may come in by an address: the database is asked the same of everybody (T-02, T-17)."""

from allauth.account.utils import has_verified_email

from .bans import is_kept_out
from .models import Member


def welcome_at(address: str) -> list[tuple[Member, bool]]:
    """Each who may, and whether she confirmed it; nobody whom a ban keeps out."""
    found = [member for member in Member.objects.known_by(address) if member.is_active]
    asked_about = found or [Member(email=address)]
    told = [(member, has_verified_email(member, address), is_kept_out(member)) for member in asked_about]
    return [(member, is_confirmed) for member, is_confirmed, is_out in told if member in found and not is_out]
