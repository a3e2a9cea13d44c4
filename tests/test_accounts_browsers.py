"""A sign-in from a browser that we do not know is told of; the browser keeps a number, we a digest of it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone

from accounts import browsers, user_agents
from accounts.models import KnownBrowser
from accounts.tasks import forget_old
from privacy.casework import cases
from privacy.datamap import Right
from privacy.models import TrailEntry

from .makers import PASSWORD, make_member

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(django_capture_on_commit_callbacks):
    """The subjects' first words of what is mailed because of it."""

    def by(browser, member, **fields):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            browser.post("/account/login/", {"login": member.email, "password": PASSWORD} | fields)
        assert browser.session["_auth_user_id"] == str(member.pk)
        return list(mail.outbox)

    return by


@pytest.fixture
def an(an):
    """She reads English and signed in before, in a browser that is not used here."""
    an.language, an.last_login = "en", timezone.now() - timedelta(days=2)
    an.save()
    return an


def new_browser(user_agent=FIREFOX):
    return Client(headers={"user-agent": user_agent}, REMOTE_ADDR="192.0.2.44")


def sign_out(browser):
    browser.post("/account/logout/")


def test_a_sign_in_from_an_unknown_browser_is_told_at_her_main_address(an, sign_in):
    (letter,) = sign_in(new_browser(), an)

    assert (letter.to, letter.subject) == ([an.email], "Somebody signed in from a new browser")
    assert "Browser: Firefox (Windows)" in letter.body
    assert "/account/password/reset/" in letter.body
    assert "192.0.2" not in letter.body


def test_the_same_browser_is_known_from_then_on(an, sign_in):
    browser = new_browser()
    sign_in(browser, an)
    sign_out(browser)

    assert sign_in(browser, an) == []
    assert TrailEntry.objects.filter(event="account.new_browser").count() == 1


def test_the_first_sign_in_after_a_sign_up_is_told_to_nobody_and_the_second_browser_is(sign_in):
    """This app has to stand before django.contrib.auth: afterwards everybody signed in before."""
    els = make_member("Els")

    assert sign_in(new_browser(), els) == []
    assert len(sign_in(new_browser(), els)) == 1


def test_two_members_who_share_a_browser_do_not_know_each_others(an, bo, sign_in):
    bo.last_login = timezone.now()
    bo.save()
    shared = new_browser()
    sign_in(shared, an)
    sign_out(shared)

    assert [letter.to for letter in sign_in(shared, bo)] == [[bo.email]]
    assert KnownBrowser.objects.values("digest").distinct().count() == 2


@pytest.mark.parametrize("cookie", ["", "verzonnen", "verzonnen:1vPkQ8:abc", "x" * 4000, "\xf0\x9f:\xa6:\x8a"])
def test_a_number_that_we_did_not_write_is_none(an, sign_in, cookie):
    browser = new_browser()
    browser.cookies[browsers.COOKIE] = cookie

    assert len(sign_in(browser, an)) == 1


def test_a_number_of_another_purpose_is_none(an, sign_in):
    browser = new_browser()
    sign_in(browser, an)
    number = browser.cookies[browsers.COOKIE].value.partition(":")[0]
    thief = new_browser()
    thief.cookies[browsers.COOKIE] = TimestampSigner(salt="another").sign(number)

    assert len(sign_in(thief, an)) == 1


def test_the_cookie_is_closed_to_scripts_and_other_sites_and_lasts_400_days(an, sign_in, settings):
    settings.SESSION_COOKIE_SECURE = True
    browser = new_browser()

    sign_in(browser, an)

    cookie = browser.cookies[browsers.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["max-age"]) == (True, "Lax", True, 400 * 24 * 3600)


def test_nobody_who_did_not_sign_in_gets_the_cookie(client, an):
    client.get("/account/login/")
    client.post("/account/login/", {"login": an.email, "password": "verkeerd"})

    assert browsers.COOKIE not in client.cookies


def test_the_table_does_not_hold_the_number(an, sign_in):
    browser = new_browser()
    sign_in(browser, an)

    number = browser.cookies[browsers.COOKIE].value.partition(":")[0]

    row = KnownBrowser.objects.values().get()
    assert len(number) > 30
    assert number not in str(row)
    assert row["browser"] == "Firefox (Windows)"


def test_every_way_of_signing_in_counts(an):
    """Django's own signal, without allauth and without a page of ours."""
    Client().force_login(an)

    assert KnownBrowser.objects.filter(member=an).exists()
    assert TrailEntry.objects.filter(event="account.new_browser", subject_ref=an.subject_id).exists()


def test_who_asked_for_erasure_is_recognised_too(an, sign_in):
    browser = new_browser()
    sign_in(browser, an)
    cases.approve(cases.submit(Right.ERASURE, subject=an.subject), subject=an.subject)

    assert sign_in(browser, an) == []


def test_a_browser_that_was_not_used_for_400_days_is_forgotten(an, bo):
    for member, days in ((an, 401), (bo, 399)):
        KnownBrowser.objects.create(member=member, digest=member.pk.hex, last_seen_at=timezone.now() - timedelta(days=days))

    forget_old()

    assert list(KnownBrowser.objects.values_list("member", flat=True)) == [bo.pk]


def test_signing_in_again_keeps_a_browser_known(an, sign_in):
    browser = new_browser()
    sign_in(browser, an)
    KnownBrowser.objects.update(last_seen_at=timezone.now() - timedelta(days=399))
    sign_in(browser, an)

    forget_old()

    assert KnownBrowser.objects.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, "Firefox (Windows)"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15", "Safari (macOS)"),
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome (Android)"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge (Windows)"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) CriOS/140.0 Mobile/15E148 Safari/604.1", "Chrome (iPhone)"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", "Chrome (ChromeOS)"),
        ("curl/8.5.0", ""),
        ("<script>alert(1)</script> Klik hier: https://kwaad.example", ""),
        ("x" * 100_000 + "Firefox/1", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_our_words_alone(said, words):
    assert user_agents.in_words(said) == words
