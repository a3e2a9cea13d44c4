"""Watching a page: what the browser complained of, what it fetched, which dialogs opened."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page

# A refusal by the Content-Security-Policy becomes a line on the console.
TELL_REFUSALS = "addEventListener('securitypolicyviolation', event => console.error('CSP', event.violatedDirective, event.blockedURI))"
COMPLAINTS = {"error", "warning"}
# The browser's line about the page itself, when that is an error page.
ITS_OWN_STATUS = "Failed to load resource"


@dataclass
class Watch:
    """Everything since the page was opened."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    fetched: list = field(default_factory=list)

    def __post_init__(self):
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._dialog)
        self.page.on("requestfinished", lambda request: self.fetched.append(request))

    def _console(self, message):
        of_itself = message.text.startswith(ITS_OWN_STATUS) and message.location["url"] == self.page.url
        if message.type in COMPLAINTS and not of_itself:
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def _dialog(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def begin_anew(self) -> None:
        """As a new window would."""
        for seen in (self.complaints, self.dialogs, self.fetched):
            seen.clear()

    def bytes_fetched(self) -> int:
        """As they came over the wire, without pictures and without the pages that led here."""
        pages = [request for request in self.fetched if request.resource_type == "document"]
        others = [request for request in self.fetched if request.resource_type not in {"document", "image"}]
        counted = [*pages[-1:], *others]
        return sum(request.sizes()["responseBodySize"] for request in counted)


def watched_page(window: BrowserContext) -> Watch:
    window.add_init_script(TELL_REFUSALS)
    return Watch(window.new_page())
