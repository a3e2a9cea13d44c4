"""A banned address is refused on every way in, and no way in tells who is banned or who has an account (T-16, T-17, T-02)."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.bans import ban
from accounts.models import Member

from .answers import answers, measured, seen_from
from .factors import code_of, give_app
from .going_elsewhere import come_back, go, place_of, press, say
from .makers import PASSWORD, make_member
from .signing_in import browser_of
from .test_accounts_second_factor import challenge, with_passkey

pytestmark = pytest.mark.django_db
GROUNDS = {"breach": "Sold addresses of colleagues.", "notices": "On 3 March and on 2 April."}
# Of equal length, so that no page is longer by an address.
NEW, KNOWN, WAITING, BANNED, LEFT = (f"{name}@school.example" for name in ("nieuw", "kenny", "wacht", "banny", "verre"))
AN = "an.peeters@school.example"
CODE = r"\b[A-Z]{4}-[A-Z]{4}\b"
EVERYBODY = [NEW, KNOWN, WAITING, BANNED, LEFT]


@pytest.fixture(autouse=True)
def people(an):
    """One confirmed, one not yet, one banned who still has an account, and one banned who left."""
    make_member("Kenny", email=KNOWN)
    make_member("Wachter", email=WAITING, verified=False)
    make_member("Banny", email=BANNED)
    for address in (BANNED, LEFT):
        ban(address, **GROUNDS)


def sign_up(address, client):
    return answers("/account/signup/", {"email": address, "password1": PASSWORD, "password2": PASSWORD}, about=address, client=client)


def password(address, client):
    """The right one, but for who would be let in by it; and for who would be sent a new link."""
    typed = "een ander wachtwoord" if address in {KNOWN, WAITING} else PASSWORD
    return answers("/account/login/", {"login": address, "password": typed}, about=address, client=client)


def code(address, client):
    return answers("/account/login/code/", {"email": address}, about=address, client=client)


def reset(address, client):
    return answers("/account/password/reset/", {"email": address}, about=address, client=client)


def add_address(address, client):
    """By somebody who is signed in."""
    return answers("/account/email/", {"action_add": "", "email": address}, about=address, client=client)


WAYS = [sign_up, password, code, reset, add_address]
# Where a new address makes an account, it takes the questions that make it.
MAKES_AN_ACCOUNT = {sign_up}
# The page on which a code is typed reads whose it is from the session; nobody's takes no reading.
ONE_MORE = {(code, KNOWN)}


@pytest.mark.parametrize("address", EVERYBODY[1:])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_way_in_shows_and_costs_the_same_whoever_asks(way, address):
    """T-17, T-02."""
    expected, few = trying(way, NEW)

    seen, questions = trying(way, address)

    assert seen == expected
    assert questions == few + ((way, address) in ONE_MORE) or way in MAKES_AN_ACCOUNT


@pytest.mark.parametrize("address", [WAITING, BANNED, LEFT])
def test_a_sign_up_that_makes_no_account_costs_the_same_whoever_asks(address):
    """T-17."""
    assert trying(sign_up, address) == trying(sign_up, KNOWN)


def trying(way, address):
    """With a cache as empty as for the one before, and nothing that waits."""
    cache.clear()
    EmailAddress.objects.filter(user__email=AN, verified=False).delete()
    client = Client()
    if way is add_address:
        client.post("/account/login/", {"login": AN, "password": PASSWORD})
    client.get("/")
    return measured(lambda: way(address, client))


def at_provider(stand_in, address, is_verified):
    cache.clear()
    client = Client()
    stand_in.person = {"sub": address, "email": address, "email_verified": is_verified}
    back = say(place_of(press(client)))
    return measured(lambda: seen_from(client, come_back(client, back), address))


@pytest.mark.parametrize("address", EVERYBODY[1:])
def test_an_unconfirmed_address_from_elsewhere_shows_the_same_whoever_has_it(address, stand_in):
    """T-17: signing up by it too looks as it does with a new one."""
    expected, _questions = at_provider(stand_in, NEW, is_verified=False)

    assert at_provider(stand_in, address, is_verified=False)[0] == expected


@pytest.mark.parametrize("is_verified", [True, False])
@pytest.mark.parametrize("address", [BANNED, LEFT])
def test_a_banned_address_from_elsewhere_is_answered_as_one_in_use(address, is_verified, stand_in):
    """T-17: no more questions to the database, and no fewer."""
    assert at_provider(stand_in, address, is_verified) == at_provider(stand_in, KNOWN, is_verified)


@pytest.mark.parametrize("address", [KNOWN, WAITING, BANNED, LEFT])
@pytest.mark.parametrize("way", [sign_up, password, code, reset], ids=lambda way: way.__name__)
def test_every_way_hashes_as_often_whoever_asks(way, address, settings):
    """T-02: hashing is what takes the time."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    Member.objects.get(email=KNOWN)
    counted = []
    for each in (NEW, address):
        CountedHasher.hashed = 0
        trying(way, each)
        counted.append(CountedHasher.hashed)

    assert counted[0] == counted[1]


class CountedHasher(MD5PasswordHasher):
    hashed = 0

    def encode(self, password, salt):
        type(self).hashed += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("way", [*WAYS, "social"], ids=lambda way: getattr(way, "__name__", way))
@pytest.mark.parametrize("address", [BANNED, LEFT])
def test_nobody_gets_in_by_a_banned_address(way, address, stand_in):
    """T-16."""
    members, sessions = Member.objects.count(), UserSession.objects.filter(user__email=address)

    if way == "social":
        at_provider(stand_in, address, is_verified=True)
    else:
        trying(way, address)

    assert not sessions.exists()
    assert Member.objects.count() == members


@pytest.mark.parametrize("way", [sign_up, code, reset, add_address], ids=lambda way: way.__name__)
@pytest.mark.parametrize("address", [BANNED, LEFT])
def test_its_owner_alone_reads_why_and_gets_no_link_and_no_code(way, address):
    trying(way, address)

    assert [message.to for message in mail.outbox] == [[address]]
    assert "dpo@platform.example" in mail.outbox[0].body
    assert not re.search(rf"confirm-email/|password/reset/key|{CODE}", mail.outbox[0].body)


def test_a_ban_ends_the_sessions_of_who_is_signed_in(an, bo):
    """D-3: in whatever spelling it is given."""
    els = make_member("Els", email="els.claes@gmail.com")
    browser, bos = browser_of(els), browser_of(bo)

    ban("ELSCLAES+weg@googlemail.com", **GROUNDS)

    assert not browser.get("/").context["user"].is_authenticated
    assert bos.get("/").context["user"].is_authenticated


def test_a_ban_stops_who_has_a_code_in_her_hands(an):
    """T-16: it was mailed before."""
    client = Client()
    code(an.email, client)
    mailed = re.search(CODE, mail.outbox[-1].body)[0]
    ban(an.email, **GROUNDS)

    client.post("/account/login/code/confirm/", {"code": mailed})

    assert "_auth_user_id" not in client.session


def test_a_mailed_code_signs_in_who_is_not_banned(an):
    """Else the test above would say nothing."""
    client = Client()
    code(an.email, client)
    mailed = re.search(CODE, mail.outbox[-1].body)[0]

    client.post("/account/login/code/confirm/", {"code": mailed})

    assert client.session["_auth_user_id"] == str(an.pk)


def test_a_code_does_not_open_an_account_that_a_stranger_made(an):
    """T-29: his password would go on opening it."""
    code(WAITING, Client())

    assert not re.search(CODE, mail.outbox[-1].body)


@pytest.mark.parametrize("banned", ["second@elders.example", "SECOND@elders.example"])
def test_any_address_that_she_confirmed_keeps_her_out(banned, an):
    """T-16: not only the one she signs in with."""
    an.emailaddress_set.create(email="second@elders.example", verified=True)
    ban(banned, **GROUNDS)

    client = Client()
    client.post("/account/login/", {"login": an.email, "password": PASSWORD})

    assert "_auth_user_id" not in client.session


def test_a_banned_address_that_only_waits_at_an_account_keeps_nobody_out(an):
    """Else anybody could be kept out by a slip of the pen."""
    EmailAddress.objects.create(user=an, email=LEFT)

    assert browser_of(an).get("/").context["user"].is_authenticated


def test_a_member_who_connected_another_place_does_not_get_in_by_it_after_a_ban(an, stand_in):
    """T-16: whatever address that place names today."""
    browser = browser_of(an)
    go(browser, process="connect")
    ban(an.email, **GROUNDS)
    stand_in.person |= {"email": "heel.anders@school.example"}

    client = Client()
    go(client)

    assert "_auth_user_id" not in client.session
    assert mail.outbox[-1].to == [an.email]


def test_a_passkey_does_not_let_a_banned_member_in(an):
    """T-16."""
    _browser, passkey = with_passkey(an)
    ban(an.email, **GROUNDS)
    browser = Client(SERVER_NAME="localhost")

    answer = browser.post("/account/2fa/webauthn/login/", {"credential": passkey.answer(challenge(browser))})

    assert (answer.url, "_auth_user_id" in browser.session) == ("/account/confirm-email/", False)


def test_the_second_step_does_not_let_in_who_was_banned_before_it(an):
    """T-16."""
    key, browser = give_app(an), Client()
    browser.post("/account/login/", {"login": an.email, "password": PASSWORD})
    ban(an.email, **GROUNDS)

    browser.post("/account/2fa/authenticate/", {"code": code_of(key)})

    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("way", [sign_up, code, reset], ids=lambda way: way.__name__)
def test_whose_other_address_is_banned_reads_so_at_each_of_hers(way, an):
    """Else we would write that she has no account, or how to get back into it."""
    an.emailaddress_set.create(email="an@thuis.example", verified=True)
    ban("an@thuis.example", **GROUNDS)
    mail.outbox.clear()

    way(an.email.upper() if way is reset else an.email, Client())

    (letter,) = mail.outbox
    assert [address.lower() for address in letter.to] == [an.email]
    assert "dpo@platform.example" in letter.body
    assert "/account/" not in letter.body


def test_whose_address_another_banned_person_only_wrote_down_is_not_refused(an):
    Member.objects.get(email=BANNED).emailaddress_set.create(email=an.email)

    code(an.email, Client())

    assert re.search(CODE, mail.outbox[-1].body)
