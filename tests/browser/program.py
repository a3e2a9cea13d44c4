"""Which Chromium the tests use, and how it is started; one that is missing fails every test and is never downloaded."""

import subprocess
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

FIND = Path(__file__).resolve().parents[2] / "bin" / "browser"
# It runs as root in a container, draws on no screen and calls nobody.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# How a teacher in Flanders looks at it.
HERE = {"locale": "nl", "timezone_id": "Europe/Brussels"}
# Milliseconds; far more than a page takes on a slow machine.
PATIENCE = 20_000


class NoChromium(Exception):
    """The message says what to install."""


def path() -> str:
    """Of the program; NoChromium where there is none."""
    found = subprocess.run([FIND, "find"], capture_output=True, text=True)
    if found.returncode:
        raise NoChromium(found.stderr.strip())
    return found.stdout.strip()


@contextmanager
def started():
    program = path()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


def window(browser: Browser, base_url: str, **options):
    """A window of its own: no cookies, nothing in its cache."""
    context = browser.new_context(base_url=base_url, **HERE | {"viewport": {"width": 1280, "height": 900}} | options)
    context.set_default_timeout(PATIENCE)
    return context
