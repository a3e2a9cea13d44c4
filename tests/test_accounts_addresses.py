"""Several addresses in one account: added, confirmed, made the main one, removed; whatever is typed, clicked twice or at once."""

import re

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.bans import ban
from accounts.mailboxes import one_at_a_time
from accounts.models import Member

from .makers import PASSWORD, make_member
from .races import at_once, let_it_reach_the_lock, needs_threads, outcome, start
from .reading import questions, words_of
from .signing_in import browser_of
from .test_step_up import age_proof

PAGE = "/account/email/"
ENGLISH = {"accept-language": "en"}
SECOND = "an@thuis.example"
NO_ADDRESSES = [
    *("", "a\0b@school.example", "x" * 100_000, f"{'x' * 100_000}@school.example"),
    *("<script>alert(1)</script>@x", "\u202eelpmaxe@x", "\U0001f98a"),
]
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(an):
    return browser_of(an, headers=ENGLISH)


@pytest.fixture
def second(an):
    """Another address that she confirmed."""
    return make_address(an)


def make_address(member, email=SECOND, *, verified=True):
    return EmailAddress.objects.create(user=member, email=email, verified=verified)


def act(browser, name, email):
    """What she reads after a button of the page."""
    answer = browser.post(PAGE, {name: "", "email": email}, follow=True)
    assert answer.status_code == 200
    return words_of(answer.content.decode())


def listed(member):
    return list(member.emailaddress_set.order_by("pk").values_list("email", "verified", "primary"))


def main_address(member):
    return Member.objects.get(pk=member.pk).email


def test_the_page_says_the_state_of_each_address(an, second, browser):
    make_address(an, "wacht@school.example", verified=False)

    text = words_of(browser.get(PAGE).content.decode())

    states = [an.email, "Your main address", SECOND, "Confirmed", "wacht@school.example", "Waits for its link"]
    assert [text.find(state) for state in states] == sorted(text.find(state) for state in states)
    assert -1 not in [text.find(state) for state in states]


def test_the_page_asks_the_database_as_much_for_five_addresses_as_for_one(an, browser):
    for_one = questions(browser, PAGE)
    for number in range(4):
        make_address(an, f"{number}@thuis.example", verified=bool(number % 2))

    assert questions(browser, PAGE) == for_one


@pytest.mark.parametrize("act_of_hers", ["action_add", "action_send", "action_primary", "action_remove"])
def test_an_old_proof_does_not_change_an_address(an, second, browser, act_of_hers):
    """T-07, T-08."""
    age_proof(browser, 301)
    before = listed(an)

    answer = browser.post(PAGE, {act_of_hers: "", "email": SECOND if act_of_hers != "action_add" else "x@thuis.example"})

    assert answer.url.startswith("/my-privacy/is-it-you/")
    assert (listed(an), main_address(an)) == (before, an.email)


def test_an_added_address_waits_for_its_link(an, browser):
    act(browser, "action_add", " An@THUIS.example ")

    assert (SECOND, False, False) in listed(an)
    assert [message.to for message in mail.outbox] == [[SECOND]]
    assert "confirm-email/" in mail.outbox[0].body


def test_a_link_confirms_an_address_and_leaves_the_main_address_as_it_is(an, browser):
    act(browser, "action_add", SECOND)
    link = re.search(r"/account/confirm-email/\S+", mail.outbox[0].body).group()

    Client().post(link)

    assert listed(an) == [(an.email, True, True), (SECOND, True, False)]
    assert main_address(an) == an.email


def test_a_confirmed_address_signs_in(an, second):
    assert sign_in(SECOND).status_code == 302


def test_an_unconfirmed_address_does_not_sign_in_and_gets_its_own_link_again(an):
    make_address(an, verified=False)

    assert sign_in(SECOND).status_code == 200
    assert [message.to for message in mail.outbox] == [[SECOND]]


def sign_in(email):
    return Client().post("/account/login/", {"login": email, "password": PASSWORD})


def test_a_reset_link_goes_to_the_confirmed_address_that_was_typed(an, second):
    Client().post("/account/password/reset/", {"email": "AN@thuis.example"})

    assert [(message.to, "password/reset/key/" in message.body) for message in mail.outbox] == [([SECOND], True)]


@pytest.mark.parametrize("change_of_hers", [("action_remove", SECOND), ("action_primary", SECOND)], ids=lambda change: change[0])
def test_a_reset_link_dies_with_the_address_that_it_was_mailed_to(an, second, browser, change_of_hers):
    """T-08: whoever still reads a mailbox that she gave up."""
    Client().post("/account/password/reset/", {"email": SECOND})
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body).group()

    act(browser, *change_of_hers)

    assert Client().get(link).status_code == 200
    assert "password/reset/" in Client().get(link).content.decode()


def test_a_code_opens_nothing_once_its_address_is_removed(an, second, browser):
    """T-08: nor is that address written down again, with a link mailed to it."""
    stranger = Client()
    stranger.post("/account/login/code/", {"email": SECOND})
    code = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", mail.outbox[-1].body).group()
    act(browser, "action_remove", SECOND)
    mail.outbox.clear()

    answer = stranger.post("/account/login/code/confirm/", {"code": code})

    assert (answer.status_code, mail.outbox) == (200, [])
    assert listed(an) == [(an.email, True, True)]


def test_who_wrote_a_strangers_address_down_keeps_nobody_out(an):
    """An mistyped: the owner of that address makes an account, and resets its password, as everybody does."""
    make_address(an, "vreemd@elders.example", verified=False)
    fields = {"email": "vreemd@elders.example", "password1": "vijf gele paraplu's", "password2": "vijf gele paraplu's"}

    Client().post("/account/signup/", fields)
    Client().post("/account/password/reset/", {"email": "vreemd@elders.example"})

    assert Member.objects.filter(email="vreemd@elders.example").exists()
    assert ["confirm-email/" in mail.outbox[0].body, "password/reset/key/" in mail.outbox[1].body, len(mail.outbox)] == [True, True, 2]


def test_the_main_address_follows_her_choice(an, second, browser):
    text = act(browser, "action_primary", SECOND)

    assert main_address(an) == SECOND
    assert listed(an) == [("an.peeters@school.example", True, False), (SECOND, True, True)]
    assert "Your main address" in text


def test_an_unconfirmed_address_does_not_become_the_main_address(an, browser):
    make_address(an, verified=False)

    act(browser, "action_primary", SECOND)

    assert (main_address(an), listed(an)[1]) == (an.email, (SECOND, False, False))


def test_not_even_where_no_address_is_confirmed(an, browser):
    """allauth would let her."""
    make_address(an, verified=False)
    an.emailaddress_set.update(verified=False)

    act(browser, "action_primary", SECOND)

    assert main_address(an) == an.email


def test_an_address_that_another_account_was_made_with_meanwhile_does_not_become_hers(an, second, browser):
    """Its sign-up and her confirmation crossed; the answer is a page, not an error."""
    make_member("Vreemd", email=SECOND, verified=False)

    act(browser, "action_primary", SECOND)

    assert main_address(an) == an.email


def test_an_address_is_removed_and_the_main_one_is_not(an, second, browser):
    act(browser, "action_remove", SECOND)
    text = act(browser, "action_remove", an.email)

    assert listed(an) == [(an.email, True, True)]
    assert f"You cannot remove your primary email address ({an.email})" in text


@pytest.mark.parametrize("name", ["action_send", "action_primary", "action_remove"])
@pytest.mark.parametrize("email", ["bo.janssens@school.example", *NO_ADDRESSES])
def test_what_is_not_hers_is_left_alone(an, bo, browser, name, email):
    act(browser, name, email)

    assert (listed(an), listed(bo)) == ([(an.email, True, True)], [(bo.email, True, True)])
    assert mail.outbox == []


@pytest.mark.parametrize("email", NO_ADDRESSES)
def test_what_is_no_address_is_refused_in_words(an, browser, email):
    text = act(browser, "action_add", email)

    assert "This is not right yet" in text
    assert len(listed(an)) == 1


def test_the_second_of_two_clicks_changes_nothing_and_says_so(an, second, browser):
    act(browser, "action_remove", SECOND)

    text = act(browser, "action_remove", SECOND)

    assert "Nothing was changed" in text


def test_an_account_holds_five_addresses(an, browser):
    for number in range(4):
        make_address(an, f"{number}@thuis.example", verified=False)

    text = act(browser, "action_add", "zes@thuis.example")

    assert len(listed(an)) == 5
    assert "An account holds at most 5 addresses" in text


@pytest.mark.django_db(transaction=True)
def test_of_many_windows_at_once_no_more_than_five_are_added(an):
    needs_threads()
    browsers = [browser_of(an) for _ in range(6)]

    at_once(*(lambda b=b, n=n: b.post(PAGE, {"action_add": "", "email": f"{n}@thuis.example"}) for n, b in enumerate(browsers)))

    assert len(listed(an)) == 5


@pytest.mark.django_db(transaction=True)
def test_an_act_waits_for_the_one_before_and_sees_what_that_did(an):
    """Else her letters would go to an address that is no longer hers."""
    needs_threads()
    address, window = make_address(an), browser_of(an)

    with one_at_a_time(an):
        second_act = start(lambda: window.post(PAGE, {"action_primary": "", "email": SECOND}))
        let_it_reach_the_lock()
        address.remove()

    assert outcome(second_act).status_code == 302
    assert (main_address(an), listed(an)) == (an.email, [(an.email, True, True)])


@pytest.mark.django_db(transaction=True)
def test_of_two_addresses_made_main_at_once_one_is(an):
    needs_threads()
    addresses = [make_address(an, f"{number}@thuis.example").email for number in range(2)]
    browsers = [browser_of(an), browser_of(an)]

    at_once(*(lambda b=b, e=e: b.post(PAGE, {"action_primary": "", "email": e}) for b, e in zip(browsers, addresses, strict=True)))

    assert [email for email, _verified, primary in listed(an) if primary] == [main_address(an)]
    assert main_address(an) in addresses


def test_the_link_is_mailed_again_only_after_a_while_and_the_page_says_so(an, browser):
    cache.clear()
    make_address(an, verified=False)
    act(browser, "action_send", SECOND)

    text = act(browser, "action_send", SECOND)

    assert [message.to for message in mail.outbox] == [[SECOND]]
    assert "less than three minutes ago" in text


def test_a_confirmed_address_gets_no_link_again(an, second, browser):
    act(browser, "action_send", SECOND)

    assert mail.outbox == []


def test_a_banned_address_is_listed_and_gets_no_link(an, browser):
    """T-17: as every other, so that the page does not tell."""
    ban(SECOND, breach="Sold addresses.", notices="Twice.")

    text = act(browser, "action_add", SECOND)

    assert f"Confirmation email sent to {SECOND}" in text
    assert (SECOND, False, False) in listed(an)
    assert [(message.to, "confirm-email/" in message.body) for message in mail.outbox] == [([SECOND], False)]


def test_an_address_that_another_account_confirmed_is_not_confirmed_twice(an, bo):
    pending = make_address(an, bo.email, verified=False)

    response = Client().post(f"/account/confirm-email/{EmailConfirmationHMAC(pending).key}/")

    assert response.status_code == 302
    assert listed(an)[1] == (bo.email, False, False)
