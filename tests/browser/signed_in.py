"""Signing in once for several windows, by the real page."""

import time
from dataclasses import dataclass, field

from playwright.sync_api import Browser

from . import program
from .actors import Mouse
from .site import OpenSite
from .walk import sign_in

# Less than PRIVACY["STEP_UP_SECONDS"], after which a page may ask again who it is.
FRESH_SECONDS = 200


@dataclass
class SignedIn:
    """What a browser keeps of each, and since when."""

    chromium: Browser
    site: OpenSite
    kept: dict[str, tuple] = field(default_factory=dict)

    def __call__(self, email: str):
        if not email:
            return None
        since, state = self.kept.get(email, (0, None))
        if time.monotonic() - since > FRESH_SECONDS or state is None:
            state = self.anew(email)
            self.kept[email] = time.monotonic(), state
        return state

    def anew(self, email: str):
        """In a session of its own."""
        with program.window(self.chromium, self.site.address) as window:
            sign_in(Mouse(window), email)
            return window.storage_state()
