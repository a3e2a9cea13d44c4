"""The platform in a browser: who can sign in, where mails land, until Ctrl-C."""

import time
import urllib.error
import urllib.request

from django.conf import settings

from . import archives, people, terminal
from .children import Ended, start_server

# Seconds that the web server may take to answer for the first time, also on a machine that is busy.
PATIENCE = 90


def until_stopped(children, port: int) -> None:
    """Ctrl-C is how this ends; Ended where a process stops by itself."""
    address = f"http://127.0.0.1:{port}/"
    start_server(children, port)
    _wait_for(address, children)
    terminal.title("Open", address)
    for (first_name, last_name, _gender, _is_staff), what_for in people.CAST.items():
        terminal.fact("sign in as", people.address_of(first_name, last_name), what_for)
    terminal.fact("password", people.PASSWORD, "of every account here")
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
