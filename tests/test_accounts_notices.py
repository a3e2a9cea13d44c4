"""Who changes how somebody signs in is told of: by mail, in her language, at an address that the change did not take away (T-08)."""

import logging
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from privacy.models import TrailEntry
from privacy.pages.timeline import Timeline

from .makers import PASSWORD
from .signing_in import browser_of

SECOND, NEW_PASSWORD = "an@thuis.example", "vijf gele paraplu's"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
PASSWORDS = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
pytestmark = pytest.mark.django_db


@pytest.fixture
def an(an):
    """She reads English, and visits our pages in Dutch."""
    an.language = "en"
    an.save()
    EmailAddress.objects.create(user=an, email=SECOND, verified=True)
    return an


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """The mail that goes out once what it tells is certain."""

    def after(act):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return [message for message in mail.outbox if "confirm-email/" not in message.body]

    return after


def post(member, path, **fields):
    browser = browser_of(member, REMOTE_ADDR="192.0.2.44", headers={"user-agent": FIREFOX})
    return lambda: browser.post(path, fields)


def change(member, **fields):
    return post(member, "/account/email/", **fields)


def change_password(member):
    return post(member, "/account/password/change/", oldpassword=PASSWORD, **PASSWORDS)


def set_first_password(member):
    browser = browser_of(member)
    member.set_unusable_password()
    member.save()
    browser.force_login(member)
    return lambda: browser.post("/account/password/set/", PASSWORDS)


def reset_password(member):
    Client().post("/account/password/reset/", {"email": member.email})
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body).group()
    browser = Client()
    form = browser.get(link).url
    return lambda: browser.post(form, PASSWORDS)


MAIN = "an.peeters@school.example"
# What was done -> the act, words of the mail, and who gets it.
ACTS = {
    "main address changed": (lambda an: change(an, action_primary="", email=SECOND), "another main address", [MAIN]),
    "address added": (lambda an: change(an, action_add="", email="x@thuis.example"), "x@thuis.example", [MAIN]),
    "address removed": (lambda an: change(an, action_remove="", email=SECOND), f"{SECOND} was removed", [MAIN, SECOND]),
    "password changed": (change_password, "The password of your account was changed", [MAIN]),
    "password set": (set_first_password, "had no password", [MAIN]),
    "password reset": (reset_password, "opened our mailed link", [MAIN]),
}


@pytest.mark.parametrize("what", ACTS)
def test_a_change_is_told_at_the_right_address(an, told, what):
    act_of, words, addresses = ACTS[what]

    letters = told(act_of(an))

    assert sorted(address for letter in letters for address in letter.to) == sorted(addresses)
    assert [words in f"{letter.subject}\n{letter.body}" for letter in letters] == [True] * len(addresses)


@pytest.mark.parametrize("what", ACTS)
def test_a_notice_says_when_and_what_to_do_and_no_network_address(an, told, what):
    letters = told(ACTS[what][0](an))

    for letter in letters:
        assert re.search(r"When: \w+\.? \d+, \d{4}, (\d|noon|midnight)", letter.body)
        assert "http://127.0.0.1:8000/account/password/reset/" in letter.body
        assert "info@platform.example" in letter.body
        assert not re.search(r"192\.0\.2|testserver", letter.body)


def test_a_notice_names_the_browser_in_words(an, told):
    (letter,) = told(change_password(an))

    assert "Browser: Firefox (Windows)" in letter.body
    assert "Gecko" not in letter.body


@pytest.mark.parametrize(("language", "greeting"), [("nl", "Dit is een bericht van Platform."), ("en", "Hello from Platform!")])
def test_a_notice_is_written_in_her_language_and_not_in_that_of_the_page(an, told, language, greeting):
    an.language = language
    an.save()

    (letter,) = told(change(an, action_primary="", email=SECOND))

    assert letter.body.startswith(greeting)


def test_the_notice_to_the_old_address_does_not_say_which_is_the_new_one(an, told):
    """Whoever reads there today need not learn where she went."""
    (letter,) = told(change(an, action_primary="", email=SECOND))

    assert SECOND not in letter.body


def test_an_address_that_nobody_confirmed_is_not_told_that_it_was_removed(an, told):
    EmailAddress.objects.create(user=an, email="vreemd@elders.example")

    (letter,) = told(change(an, action_remove="", email="vreemd@elders.example"))

    assert letter.to == [an.email]


def test_adding_tells_the_same_whoever_has_the_address(an, bo, told):
    """T-17."""
    of_another, of_nobody = (told(change(an, action_add="", email=email)) for email in (bo.email, "niemand@elders.example"))

    assert of_another[0].body.replace(bo.email, "") == of_nobody[0].body.replace("niemand@elders.example", "")


def test_an_act_that_was_refused_is_told_to_nobody(an, told):
    assert told(change(an, action_remove="", email=an.email)) == []
    assert told(post(an, "/account/password/change/", oldpassword="verkeerd", **PASSWORDS)) == []


def test_a_mail_server_that_refuses_does_not_undo_the_change_and_its_words_are_not_logged(an, told, monkeypatch, caplog):
    def refuse(message):
        raise ConnectionRefusedError(f"550 {message.to}")

    act = change_password(an)
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    with caplog.at_level(logging.ERROR):
        told(act)

    an.refresh_from_db()
    assert an.check_password(NEW_PASSWORD)
    assert "account/email/password_changed was not sent: ConnectionRefusedError" in caplog.text
    assert an.email not in caplog.text


@pytest.mark.parametrize(
    ("what", "event"),
    [
        ("main address changed", "account.address_changed"),
        ("address added", "account.address_added"),
        ("address removed", "account.address_removed"),
        ("password changed", "account.password_changed"),
        ("password set", "account.password_set"),
        ("password reset", "account.password_reset"),
    ],
)
def test_a_change_stands_once_in_the_trail_by_its_name_and_in_her_timeline(an, bo, told, what, event):
    told(ACTS[what][0](an))

    entries = TrailEntry.objects.filter(event__startswith="account.").exclude(event="account.new_browser")
    assert [(entry.event, entry.subject_ref, entry.reason) for entry in entries] == [(event, an.subject_id, "")]
    assert [entry.at for entry in Timeline(an.subject)[0:5] if timezone.now() - entry.at < timedelta(minutes=1)]
    assert list(Timeline(bo.subject)[0:5]) == []
