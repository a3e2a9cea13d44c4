"""Two servers: a teacher signs in at a partner's site with her account here, stops it here, and the partner is cut off and knows why."""

import os
import socket
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from config.demo import sample
from tests.drills.site import ROOT, wait_until
from tests.makers import PASSWORD

from . import acts, walk
from .actors import Mouse
from .clean import assert_clean

EMAIL = "lieselotte.partners@school.example"
REVOKED = "/secevent/authorisation-revoked"


@pytest.fixture(scope="module")
def partner(site):
    """Where the sample partner is, a process of its own that hears of the platform's events."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    known = sample.environment(port, site.do(sample.register, sample.address(port)), site.address)
    with (site.site.folder / "sample.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sample_partner"], cwd=ROOT / "docs", env=os.environ | known, stdout=log, stderr=log
        )
    try:
        wait_until(lambda: site.do(sample.has_stream, sample.address(port)), what="the partner has a stream", every=0.2)
        yield sample.address(port)
    finally:
        process.kill()
        process.wait()


def part(page, name):
    return page.locator(f"section[aria-labelledby={name}]")


@pytest.mark.slow
def test_a_permission_that_ends_is_dead_at_the_partner_who_hears_it_and_confirms(site, scene, partner, open_window):
    """K-10, Art. 7(3), Art. 19."""
    site.do(acts.arrives, EMAIL, first_name="Lieselotte", town="9000 Gent")
    window = open_window()
    there, here = Mouse(window), Mouse(window)

    _sign_in(there, partner)
    _stop(here)

    _is_cut_off(there, partner)
    _reads_that_it_confirmed(here)


def _sign_in(there, partner):
    there.visit(partner)
    there.press("^Aanmelden met je account")
    walk.fill_in(there, EMAIL, PASSWORD)
    there.is_on(f"Mag {sample.NAME} dit over jou weten")
    there.tick("^Voornaam: Lieselotte")
    there.press("^Toestaan$")
    there.is_on("^Dag, Lieselotte$")
    expect(part(there.page, "known")).not_to_contain_text("Gent")
    there.press("^Vraag het opnieuw$")
    expect(part(there.page, "asked").get_by_text("200 gekregen")).to_have_count(2)
    assert_clean(there.watch)


def _stop(here):
    here.visit("/permissions/")
    here.press("^Stop toegang", of=sample.NAME)
    here.sees(f"{sample.NAME} heeft geen toegang meer")
    assert here.clicks == walk.CLICKS_TO_STOP


def _is_cut_off(there, partner):
    heard = part(there.page, "heard").locator("li").filter(has_text="beëindigde haar machtiging")

    def has_heard():
        there.visit(partner)
        return heard.count()

    wait_until(has_heard, what="the partner hears it", every=0.2)
    expect(part(there.page, "known")).to_have_count(0)
    expect(part(there.page, "asked").locator("li").first).to_contain_text("401 geweigerd")
    heard.get_by_text("Het bericht").click()
    expect(heard.locator("pre")).to_contain_text(REVOKED)
    assert_clean(there.watch)


def _reads_that_it_confirmed(here):
    told = here.page.get_by_role("main").locator("article").filter(has_text=sample.NAME)

    def is_confirmed():
        here.visit("/permissions/")
        return told.get_by_text("bevestigd").count()

    wait_until(is_confirmed, what="our page says that it confirmed", every=0.2)


@pytest.mark.slow
def test_who_allowed_it_before_signs_in_here_and_is_straight_back_there(site, scene, partner, open_window):
    """The form of our sign-in page leads on to the partner, which a policy for content could refuse."""
    email = f"again.{EMAIL}"
    site.do(acts.arrives, email, first_name="Lieselotte")
    site.do(acts.allows, email, sample.SLUG)
    she = Mouse(open_window())

    she.visit(partner)
    she.press("^Aanmelden met je account")
    walk.fill_in(she, email, PASSWORD)

    she.is_on("^Dag, Lieselotte$")
