"""How fast a long reading goes: it rests as it works, and says that it lives."""

import time
from collections.abc import Callable

from ..conf import setting


class Breather:
    """`renew` is called several times per lease."""

    def __init__(self, renew: Callable[[], None] = lambda: None):
        self._renew = renew
        self._began = self._renewed = time.monotonic()

    def rest(self) -> None:
        """Between two pieces of work: as long as PRIVACY["RESIDUE_PAUSE"] says for what was done since the last rest."""
        time.sleep((time.monotonic() - self._began) * setting("RESIDUE_PAUSE"))
        self._began = time.monotonic()
        if self._began - self._renewed > setting("LEASE_SECONDS") / 6:
            self._renew()
            self._renewed = self._began
