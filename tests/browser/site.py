"""The site that a browser test looks at: web server, worker and clock as in production, on a database of their own."""

import socket
from contextlib import contextmanager
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from django.core.management import call_command

from tests.drills.site import Site, running_site, wait_until

from .mailbox import Mail, mails_to


class OpenSite:
    """A drilled site with its doors open."""

    def __init__(self, site: Site, door: socket.socket):
        self.site, self.do = site, site.do
        self.address = f"http://127.0.0.1:{site.start_web(door)}"

    def mails_to(self, address: str) -> list[Mail]:
        return mails_to(self.site.folder / "var/mail", address)

    def mail_to(self, address: str, about: str) -> Mail:
        """The newest with these words in its subject, once it has come."""
        found = wait_until(lambda: [mail for mail in self.mails_to(address) if about in mail.subject], what=f"a mail about {about}")
        return found[-1]

    def answers(self) -> bool:
        try:
            with urlopen(self.address, timeout=5):
                return True
        except (HTTPError, URLError, ConnectionError, TimeoutError):
            return False


@contextmanager
def open_site(*, fill=lambda site: None, **environment: str):
    """Fresh and migrated, with these settings; `fill` comes before anybody looks. It knows its own address, which partners are told."""
    door = socket.create_server(("127.0.0.1", 0))
    known = {"INZAGE_SITE": f"http://127.0.0.1:{door.getsockname()[1]}", "INZAGE_PARTNERS_ON_LOOPBACK": "1"}
    with door, running_site(**known, **environment) as site:
        site.do(call_command, "collectstatic", interactive=False, verbosity=0)
        fill(site)
        with site.working():
            opened = OpenSite(site, door)
            wait_until(opened.answers, what="the site answers")
            yield opened
