"""What opens an account goes when it should, also where two ways in meet: codes, links, connections and browsers (T-08, T-28, T-29)."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.bans import ban

from .factors import code_of, give_app
from .going_elsewhere import go
from .makers import PASSWORD
from .signing_in import browser_of
from .test_accounts_codes import asked, is_in, mailed_code, type_code

pytestmark = pytest.mark.django_db
SECOND, ELS = "an@thuis.example", "els@school.example"
CHOSEN = "een heel ander wachtwoord"


@pytest.fixture
def second(an):
    return an.emailaddress_set.create(email=SECOND, verified=True)


def reset_link(email):
    Client().post("/account/password/reset/", {"email": email})
    return re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body)[0]


def choose_password(link):
    browser = Client()
    page = browser.get(link, follow=True)
    browser.post(page.request["PATH_INFO"], {"password1": CHOSEN, "password2": CHOSEN})


def test_a_code_dies_with_the_address_that_it_was_mailed_to(an, second):
    """Whoever added it for a while gets no new link by its code either."""
    browser = asked(SECOND)
    second.remove()

    type_code(browser, mailed_code())

    assert (is_in(browser), len(mail.outbox), an.emailaddress_set.filter(email=SECOND).exists()) == (False, 1, False)


def test_a_link_to_choose_a_password_dies_with_the_address_that_it_was_mailed_to(an, second):
    link = reset_link(SECOND)
    second.remove()

    choose_password(link)

    an.refresh_from_db()
    assert an.check_password(PASSWORD)


@pytest.mark.parametrize("email", ["an.peeters@school.example", SECOND])
def test_a_link_works_as_long_as_its_address_is_hers(an, second, email):
    choose_password(reset_link(email))

    an.refresh_from_db()
    assert an.check_password(CHOSEN)


def test_who_made_an_account_with_anothers_address_keeps_no_way_in_once_its_owner_chose_a_password(stand_in):
    """T-29: also where she confirms it afterwards."""
    stand_in.person = {"sub": "elders", "email": ELS, "email_verified": False}
    go()
    choose_password(reset_link(ELS))
    EmailAddress.objects.filter(email=ELS).update(verified=True)

    stranger = Client()
    go(stranger)

    assert (is_in(stranger), SocialAccount.objects.exists()) == (False, False)


def test_who_confirmed_her_address_keeps_her_other_ways_in(an):
    SocialAccount.objects.create(user=an, provider="elders", uid="an-1")

    choose_password(reset_link(an.email))

    assert SocialAccount.objects.filter(user=an).exists()


def test_a_name_says_nothing_in_a_mail_to_an_address_that_nobody_confirmed():
    """T-28: whoever signs up chooses the name and the mailbox, so could write to anybody."""
    name = {"first_name": "Win een iPhone op", "last_name": "https://elders.example/x"}

    Client().post("/account/signup/", {"email": ELS, "password1": PASSWORD, "password2": PASSWORD} | name)

    assert (len(mail.outbox), "elders" in mail.outbox[0].body, "/account/confirm-email/" in mail.outbox[0].body) == (1, False, True)


@pytest.fixture
def signed_in_before(an):
    an.last_login = timezone.now() - timedelta(days=2)
    an.save()
    return an


def held(browser):
    return browser.get("/my-privacy/download/").context["held_until"]


def test_a_mailed_code_in_a_new_browser_holds_archives_back(signed_in_before):
    """T-08: else whoever reads her mail would ask for a code instead of a new password."""
    browser = asked(signed_in_before.email)
    type_code(browser, mailed_code())

    assert held(browser) > timezone.now() + timedelta(hours=23)


def test_in_a_browser_that_she_signed_in_with_before_it_holds_nothing(signed_in_before):
    browser = browser_of(signed_in_before)
    browser.post("/account/logout/")
    browser.post("/account/login/code/", {"email": signed_in_before.email})
    type_code(browser, mailed_code())

    assert (is_in(browser), held(browser)) == (True, None)


def test_nor_with_her_second_step_beside_it(signed_in_before):
    key = give_app(signed_in_before)
    browser = asked(signed_in_before.email)
    type_code(browser, mailed_code())
    browser.post("/account/2fa/authenticate/", {"code": code_of(key)})

    assert (is_in(browser), held(browser)) == (True, None)


def test_what_waits_for_a_code_is_forgotten_after_a_day(an):
    """Its session holds the address, and nothing leads from her to it."""
    assert asked(an.email).session.get_expiry_age() == 24 * 60 * 60


def test_who_typed_the_code_stays_signed_in_as_long_as_anybody(an):
    browser = asked(an.email)
    type_code(browser, mailed_code())

    assert browser.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


@pytest.mark.parametrize("path", ["/account/login/code/", "/account/password/reset/", "/account/signup/"])
@pytest.mark.parametrize(("banned", "typed"), [(SECOND, "an.peeters@school.example"), ("an.peeters@school.example", SECOND)])
def test_who_is_kept_out_by_one_address_reads_why_at_each(an, second, path, banned, typed):
    """And not that she has no account, or has one already."""
    ban(banned, breach="Sold addresses of colleagues.", notices="On 3 March and on 2 April.")

    Client(headers={"accept-language": "en"}).post(path, {"email": typed, "password1": CHOSEN, "password2": CHOSEN})

    assert [(letter.to, letter.subject) for letter in mail.outbox] == [([typed], "This e-mail address cannot be used here")]


def test_also_where_neither_is_her_main_address(an, second):
    an.emailaddress_set.create(email="an@elders.example", verified=True)
    ban("an@elders.example", breach="Sold addresses of colleagues.", notices="On 3 March and on 2 April.")

    asked(SECOND, headers={"accept-language": "en"})

    assert mail.outbox[-1].subject == "This e-mail address cannot be used here"


def test_a_ban_while_her_code_is_on_its_way_is_answered_by_the_same_letter(an, second):
    browser = asked(an.email, headers={"accept-language": "en"})
    code = mailed_code()
    ban(SECOND, breach="Sold addresses of colleagues.", notices="On 3 March and on 2 April.")

    type_code(browser, code)

    assert (is_in(browser), mail.outbox[-1].subject) == (False, "This e-mail address cannot be used here")
