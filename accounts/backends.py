"""Whether an address and a password let somebody in: one way through it, whoever asks (T-02, T-17)."""

from allauth.account import auth_backends
from allauth.account.utils import has_verified_email

from .bans import is_kept_out
from .models import Member


class AuthenticationBackend(auth_backends.AuthenticationBackend):
    """A stranger, a wrong password, an unconfirmed and a banned address get the same answer, after the same questions to the database."""

    def authenticate(self, request, **credentials):
        """An unconfirmed account is left at the request: its owner gets a new link (accounts.adapter)."""
        member, address = super().authenticate(request, **credentials), credentials.get("email") or ""
        asked_about = member or Member(email=address)
        is_out, is_confirmed = is_kept_out(asked_about), has_verified_email(asked_about, address)
        if member and not is_out and not is_confirmed:
            request.unconfirmed = member
        return member if is_confirmed and not is_out else None

    def _authenticate_by_email(self, email, password):
        """Of those who only wrote the address down, one at most is tried: more hashing would tell that nobody holds it."""
        holders, waiting = list(Member.objects.known_by(email)), list(Member.objects.filter(emailaddress__email=email)[:1])
        for member in holders or waiting:
            if self._check_password(member, password):
                return member
        return None
