"""Sign-up, sign-in, password reset and one more address answer alike for new, known and banned addresses."""

import re

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client

from accounts.bans import ban
from accounts.models import Member

from .answers import TOKEN, answers
from .makers import PASSWORD, make_member

pytestmark = pytest.mark.django_db

NEW, KNOWN, BANNED = "nieuw@school.example", "an.peeters@school.example", "carl@elders.example"
# The banned address as a browser, a keyboard or somebody with a plan would send it.
DISGUISED = ["CARL@Elders.Example", "  carl@elders.example ", "carl@\uff45lders.example"]


@pytest.fixture(autouse=True)
def known_and_banned(an):
    ban(BANNED, breach="Sold addresses of colleagues.", notices="On 3 March and on 2 April.")


def sign_up(address, password="vijf gele paraplu's"):
    return answers("/account/signup/", {"email": address, "password1": password, "password2": password}, about=address)


@pytest.mark.parametrize("address", [KNOWN, BANNED, *DISGUISED])
def test_sign_up_looks_the_same_as_with_a_new_address(address):
    """T-17, T-02."""
    expected = sign_up(NEW)

    seen = sign_up(address)

    assert seen == expected
    assert [status for status, headers, page in seen[0]] == [302, 200]


@pytest.mark.parametrize("address", [KNOWN, BANNED])
def test_a_program_that_signs_up_reads_the_same_too(address):
    """T-17: allauth answers a request for JSON in JSON."""
    expected = sign_up_by_program(NEW)

    assert sign_up_by_program(address) == expected


def sign_up_by_program(address):
    fields = {"email": address, "password1": PASSWORD, "password2": PASSWORD}
    response = Client(headers={"accept": "application/json"}).post("/account/signup/", fields)
    answer = response.json()
    answer["html"] = re.sub(TOKEN, "", answer["html"])
    return response.status_code, str(answer).replace(address, "ADDRESS")


@pytest.mark.parametrize("disguise", ["{}@elders\u3002example", "{}@elders.example.", "\uff43{}@elders.example", "{}\u200b@elders.example"])
def test_a_disguise_that_is_no_address_is_refused_for_everybody(disguise):
    """T-17: the form looks at the spelling alone."""
    banned, unknown = disguise.format("carl"), disguise.format("nobody")

    seen = sign_up(banned)

    assert seen[0][0][2].replace(banned, "") == sign_up(unknown)[0][0][2].replace(unknown, "")
    assert [status for status, headers, page in seen[0]] == [200]


@pytest.mark.parametrize("address", [BANNED, *DISGUISED])
def test_a_banned_address_gets_no_account(address):
    """T-16."""
    sign_up(address)

    assert not Member.objects.filter(email__startswith="carl").exists()


@pytest.mark.parametrize(
    ("address", "template"),
    [
        (NEW, "account/email/email_confirmation_signup_message.txt"),
        (KNOWN, "account/email/account_already_exists_message.txt"),
        (BANNED, "account/email/refused_message.txt"),
    ],
)
def test_only_the_owner_of_the_mailbox_reads_what_became_of_a_sign_up(address, template):
    sign_up(address)

    assert [message.to for message in mail.outbox] == [[address]]
    assert mark_of(template) in mail.outbox[0].body


def mark_of(template):
    """Words that only this letter has."""
    return {"email_confirmation_signup": "confirm-email/", "account_already_exists": "password/reset/", "refused": "dpo@platform.example"}[
        template.removeprefix("account/email/").removesuffix("_message.txt")
    ]


@pytest.mark.parametrize("address", [KNOWN, BANNED])
def test_sign_up_takes_the_same_work_whether_or_not_it_makes_an_account(address, settings):
    """T-02: hashing a password is what takes the time."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    CountedHasher.hashed = 0

    sign_up(NEW)
    for_a_new_account, CountedHasher.hashed = CountedHasher.hashed, 0
    sign_up(address)

    assert CountedHasher.hashed == for_a_new_account == 1


class CountedHasher(MD5PasswordHasher):
    hashed = 0

    def encode(self, password, salt):
        type(self).hashed += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("address", [KNOWN, BANNED])
def test_signing_in_after_a_sign_up_does_not_tell_whether_it_made_an_account(address):
    """T-02: not at the first try, and not by how many tries there are."""
    password = "vijf gele paraplu's"
    for each in (NEW, address):
        sign_up(each, password)

    expected = [sign_in(NEW, password, place="192.0.2.1") for _ in range(7)]
    seen = [sign_in(address, password, place="192.0.2.2") for _ in range(7)]

    assert seen == expected


def sign_in(address, password, *, place="192.0.2.1"):
    return answers("/account/login/", {"login": address, "password": password}, about=address, client=Client(REMOTE_ADDR=place))


def test_who_signs_in_before_confirming_gets_the_link_again(client):
    member = make_member("Els", verified=False)

    sign_in(member.email, PASSWORD)

    assert [message.to for message in mail.outbox] == [[member.email]]
    assert "confirm-email/" in mail.outbox[0].body


@pytest.mark.parametrize("address", [KNOWN, BANNED, *DISGUISED])
def test_password_reset_looks_the_same_as_with_an_unknown_address(address):
    """T-02."""
    expected = answers("/account/password/reset/", {"email": NEW}, about=NEW)

    seen = answers("/account/password/reset/", {"email": address}, about=address)

    assert seen == expected


def test_a_reset_link_goes_to_the_address_on_record_and_not_to_a_look_alike(an):
    """T-01: a wide letter leads to the same account, so it must lead to the same mailbox."""
    answers("/account/password/reset/", {"email": "an.peeters@\uff53chool.example"}, about=KNOWN)

    assert [message.to for message in mail.outbox] == [[an.email]]


def test_a_reset_link_never_goes_to_an_address_that_is_not_confirmed_yet(an):
    """An mistyped: the stranger with that address must not get into her account."""
    EmailAddress.objects.create(user=an, email="vreemd@elders.example")

    answers("/account/password/reset/", {"email": "vreemd@elders.example"}, about="vreemd@elders.example")

    assert "password/reset/key/" not in mail.outbox[0].body


@pytest.mark.parametrize("address", ["bo.janssens@school.example", BANNED])
def test_adding_an_address_looks_the_same_as_adding_a_new_one(address, an, bo):
    """T-17."""
    expected = add_address(an, NEW)
    an.emailaddress_set.filter(verified=False).delete()

    seen = add_address(an, address)

    assert seen == expected
    assert an.emailaddress_set.filter(email=address, verified=False).exists()


def add_address(member, address):
    client = Client()
    client.post("/account/login/", {"login": member.email, "password": PASSWORD})
    client.get("/")  # the greeting after signing in
    return answers("/account/email/", {"action_add": "", "email": address}, about=address, client=client)


def test_a_banned_address_gets_no_link_to_confirm_that_it_is_hers(an):
    """Its owner reads why, whoever tried."""
    add_address(an, BANNED)

    letters = [message for message in mail.outbox if message.to == [BANNED]]
    assert ["confirm-email/" in letter.body for letter in letters] == [False]


def test_a_link_sent_before_the_ban_no_longer_confirms(an):
    """The last line."""
    pending = EmailAddress.objects.create(user=an, email="later@elders.example")
    ban("later@elders.example", breach="Sold addresses.", notices="Twice.")

    Client().post(f"/account/confirm-email/{EmailConfirmationHMAC(pending).key}/")

    pending.refresh_from_db()
    an.refresh_from_db()
    assert (pending.verified, an.email) == (False, KNOWN)


def test_an_address_that_another_account_was_made_with_is_not_taken_over(an):
    """T-29: somebody signed up with it and never confirmed; the answer is a page, not an error."""
    make_member("Vreemd", email="wil.ik@school.example", verified=False)
    pending = EmailAddress.objects.create(user=an, email="wil.ik@school.example")

    response = Client().post(f"/account/confirm-email/{EmailConfirmationHMAC(pending).key}/")

    pending.refresh_from_db()
    an.refresh_from_db()
    assert (response.status_code, pending.verified, an.email) == (302, False, KNOWN)
