"""The sample partner beside the site (docs/sample_partner): registered, started, and used by a teacher until she stops it."""

import html
import re
import secrets
from dataclasses import dataclass, field

import requests
from django.conf import settings
from django.urls import reverse

from consents.models import Partner, PartnerApplication, PartnerGrant, Stream
from privacy.datamap import Right
from privacy.evidence.recipients import Notice

from . import partners, people, terminal, words
from .waiting import Failed, moments, told

SLUG, NAME, _PURPOSE, FIELDS = words.SAMPLE
DOCS = settings.BASE_DIR / "docs"
# Seconds in which a page has to come.
PATIENCE = 30


def address(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def register(where: str) -> str:
    """The partner and its program at this address; its new secret, which nobody else is told."""
    partner = Partner.objects.filter(slug=SLUG).first() or partners.make(*words.SAMPLE)
    program = PartnerApplication.objects.filter(client_id=SLUG).first() or PartnerApplication(client_id=SLUG, partner=partner)
    secret = secrets.token_urlsafe(48)
    program.name, program.client_secret = NAME, secret
    program.redirect_uris, program.backchannel_logout_uri = f"{where}/back", f"{where}/signed-out"
    program.client_type, program.algorithm = program.CLIENT_CONFIDENTIAL, program.RS256_ALGORITHM
    program.authorization_grant_type = program.GRANT_AUTHORIZATION_CODE
    program.save()
    return secret


def environment(port: int, secret: str, platform: str) -> dict[str, str]:
    """How it learns who it is, and where the platform is."""
    return {"PORT": str(port), "ADDRESS": address(port), "PLATFORM": platform, "CLIENT_ID": SLUG, "CLIENT_SECRET": secret}


def start(children, port: int):
    known = environment(port, register(address(port)), settings.SITE)
    return children.start("sample partner", "sample_partner", folder=DOCS, **known)


def wait_for_stream(children, port: int) -> None:
    """It asks the platform for its events once both answer."""
    for _moment in moments(children, f"the stream of {NAME}"):
        if has_stream(address(port)):
            return


def has_stream(where: str) -> bool:
    return Stream.objects.filter(application__client_id=SLUG, endpoint_url=f"{where}/events").exists()


@dataclass
class Browser:
    """Hers, without a screen: it follows the redirects between the two sites and fills in their forms."""

    partner: str
    session: requests.Session = field(default_factory=requests.Session)
    unseen: dict[str, str] = field(default_factory=dict)

    def get(self, where):
        return self._shown(self.session.get(where, timeout=PATIENCE, headers={"Accept-Language": "en"}))

    def send(self, where, **form):
        """A form of the page that was shown last, with what it holds unseen."""
        return self._shown(self.session.post(where, self.unseen | form, timeout=PATIENCE, headers={"Accept-Language": "en"}))

    def _shown(self, answer):
        answer.raise_for_status()
        shown = answer.text.partition("<main")[2] or answer.text
        self.unseen = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w*)"', shown))
        return answer

    def known(self) -> dict[str, str]:
        """What the partner's page says that it knows."""
        page = self.get(f"{self.partner}/").text
        return {_words(title): _words(value) for title, value in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)}

    def lines(self, part) -> list[str]:
        """What it asked ("asked") or heard ("heard"), the newest first."""
        section = re.search(rf'<section aria-labelledby="{part}">(.*?)</section>', self.get(f"{self.partner}/").text, re.DOTALL)[1]
        return [
            _words(re.sub(r"<details>.*?</details>", "", line, flags=re.DOTALL))
            for line in re.findall(r"<li>(.*?)</li>", section, re.DOTALL)
        ]


def _words(markup) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def visit(walk) -> None:
    """The real way: there, to our sign-in page, to the question, back; then one click here."""
    browser = Browser(address(walk.sample_port))
    asked = _sign_in(browser, walk.member)
    terminal.fact("sign-in", f"{browser.partner} sends her to {settings.SITE}", "code with PKCE; who she is comes back signed")
    browser.send(asked.url, answer="yes", attributes=FIELDS)
    known = browser.known()
    terminal.fact("it knows", ", ".join(f"{title}: {value}" for title, value in known.items()), "each on record here, by name")
    heard = len(browser.lines("heard"))
    _stop(browser)
    _show_end(browser, walk, heard)
    if walk.member.first_name not in known.values() or browser.known():
        raise Failed(f"{NAME} knew nothing, or still knows her")


def _sign_in(browser, member):
    """The page on which she is asked."""
    page = browser.get(f"{browser.partner}/sign-in")
    return browser.send(page.url, login=member.email, password=people.PASSWORD)


def _stop(browser):
    browser.get(settings.SITE + reverse("consents:permissions"))
    browser.send(settings.SITE + reverse("consents:withdraw", args=[SLUG]))
    browser.get(f"{browser.partner}/")


def _show_end(browser, walk, heard_before):
    grant = PartnerGrant.including_hidden.get(member=walk.member, partner__slug=SLUG)
    terminal.fact("stopped", f"with one click at {grant.revoked_at.astimezone():%H:%M:%S}")
    notice, *_others = told(walk.latest(Right.WITHDRAWAL), walk.children)
    for _moment in moments(walk.children, f"{NAME} hears it"):
        if len(browser.lines("heard")) > heard_before:
            break
    terminal.fact("it asks", browser.lines("asked")[0], "its next call, with the token that worked a moment ago")
    for line in reversed(browser.lines("heard")[: -heard_before or None]):
        terminal.fact("it hears", line)
    terminal.fact("we say", f"{notice.recipient}: {notice.event}, {notice.get_state_display()}", "it answered 202 to the signed event")
    if notice.state != Notice.State.ACKNOWLEDGED:
        raise Failed(f"{NAME} confirmed nothing")
