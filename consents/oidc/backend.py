"""What the OAuth library learns of a web request."""

from oauth2_provider.oauth2_backends import OAuthLibCore

from .validator import SIGNED_IN_USER


class Backend(OAuthLibCore):
    def extract_headers(self, request):
        """With who is signed in, so that silent renewal can be answered; the name cannot come from outside: no header has a dot in it."""
        headers = super().extract_headers(request)
        user = getattr(request, "user", None)
        headers[SIGNED_IN_USER] = user if user is not None and user.is_authenticated else None
        return headers
