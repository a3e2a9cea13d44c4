"""The platform in a browser, and a partner's site beside it: who can sign in, where mails land, until Ctrl-C."""

import time
import urllib.error
import urllib.request

from django.conf import settings

from . import archives, people, sample, terminal
from .children import Ended, start_server

# Seconds that a server may take to answer for the first time, also on a machine that is busy.
PATIENCE = 90


def begin(children, chosen) -> None:
    """Both sites answer, and the partner's hears of the platform's events."""
    start_server(children, chosen.port)
    sample.start(children, chosen.sample_port)
    for port in (chosen.port, chosen.sample_port):
        _wait_for(sample.address(port), children)
    sample.wait_for_stream(children, chosen.sample_port)
    terminal.fact("sites", f"{settings.SITE} and {sample.address(chosen.sample_port)}", f"the second is {sample.NAME}, a partner")


def until_stopped(children, chosen) -> None:
    """Ctrl-C is how this ends; Ended where a process stops by itself."""
    terminal.title("Open", f"{sample.address(chosen.port)}/")
    for (first_name, last_name, _gender, _is_staff), what_for in people.CAST.items():
        terminal.fact("sign in as", people.address_of(first_name, last_name), what_for)
    terminal.fact("password", people.PASSWORD, "of every account here")
    terminal.fact("a partner", f"{sample.address(chosen.sample_port)}/", "sign in there with any of these, then stop it here")
    terminal.fact("mails", f"{archives.shown(settings.EMAIL_FILE_PATH)}, one file each")
    terminal.fact("stop", "Ctrl-C")
    try:
        while True:
            children.refuse_ended()
            time.sleep(0.5)
    except KeyboardInterrupt:
        terminal.say()


def _wait_for(address, children):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        children.refuse_ended()
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise Ended(f"nothing answers at {address}")
