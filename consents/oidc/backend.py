"""What the OAuth library learns of a web request."""

from oauth2_provider.oauth2_backends import OAuthLibCore

from .validator import SIGNED_IN_USER

# RFC 8628. The library looks for the device before it asks who wants to know.
OF_DEVICES = "urn:ietf:params:oauth:grant-type:device_code"


class Backend(OAuthLibCore):
    def __init__(self, server=None):
        """Without the flow for devices, which we do not offer: it is unknown, as any other."""
        super().__init__(server)
        self.server.grant_types.pop(OF_DEVICES, None)

    def extract_headers(self, request):
        """With who is signed in, so that silent renewal can be answered; the name cannot come from outside: no header has a dot in it."""
        headers = super().extract_headers(request)
        user = getattr(request, "user", None)
        headers[SIGNED_IN_USER] = user if user is not None and user.is_authenticated else None
        return headers
