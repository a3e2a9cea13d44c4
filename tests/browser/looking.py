"""Looking at one page after another in one window per person; but for what Chromium has compiled by then, each look is the first."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, CDPSession

from . import program
from .clean import appear
from .signed_in import SignedIn
from .site import OpenSite
from .watch import Watch, watched_page


@dataclass
class Lookers:
    """Opening a window, and compiling what looks for violations, takes longer than to look."""

    chromium: Browser
    site: OpenSite
    signed_in: SignedIn
    windows: dict[str, tuple[Watch, CDPSession]] = field(default_factory=dict)

    def __call__(self, email: str) -> Watch:
        """An empty page on a desk, with the cookies of who signed in lately and no others."""
        state = self.signed_in(email)
        watch, protocol = self.windows.get(email) or self._open(email)
        watch.page.goto("about:blank")
        appear(watch.page, 1280, "light")
        watch.page.context.clear_cookies()
        watch.page.context.add_cookies(state["cookies"] if state else [])
        _empty_caches(protocol)
        watch.begin_anew()
        return watch

    def _open(self, email):
        watch = watched_page(program.window(self.chromium, self.site.address))
        protocol = watch.page.context.new_cdp_session(watch.page)
        protocol.send("Network.enable")
        self.windows[email] = watch, protocol
        return self.windows[email]

    def close(self) -> None:
        for watch, _protocol in self.windows.values():
            watch.page.context.close()


def _empty_caches(protocol):
    """Of the browser and of the page; the latter forgets what it holds when it is told to hold nothing."""
    protocol.send("Network.clearBrowserCache")
    for is_disabled in (True, False):
        protocol.send("Network.setCacheDisabled", {"cacheDisabled": is_disabled})
