"""The profile on one page: every field, one act to change it, two windows, bad input, and what others see of it."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from accounts import consent, links
from accounts.models import Member
from accounts.profile import PARTS
from consents.attributes import releasable
from privacy.casework.requests import DataSubjectRequest
from privacy.datamap import Right, registry
from privacy.models import Notice, Rectification, Subject
from privacy.rights import erasure

from .makers import make_grant, make_picture
from .reading import questions, words_of
from .signing_in import browser_of

pytestmark = pytest.mark.django_db

PROFILE = "/profile/"
MEANWHILE = "Dit is intussen veranderd, in een ander venster."
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\u202eneppe\u202c", "👩‍🏫" * 5, "{{ 7*7 }}"]


def form_on(browser, part):
    return browser.get(PROFILE).context["forms"][part]


def filled_in(browser, part="account", **changed) -> dict:
    """What a browser sends from this form, with the values it was filled with, hidden ones too."""
    form = form_on(browser, part)
    carried = {form[name].html_initial_name: form.carried(name) or "" for name in form.fields}
    return {"part": part} | carried | {name: form.carried(name) or "" for name in form.fields} | changed


def send(browser, part="account", **changed):
    return browser.post(PROFILE, filled_in(browser, part, **changed), follow=True)


def errors(answer, part="account") -> dict:
    return answer.context["forms"][part].errors


def read(answer) -> str:
    return unescape(answer.content.decode())


def test_every_field_of_the_privacy_statement_stands_on_the_page(an):
    """K-3."""
    consent.show_photo(an, make_picture())
    page = browser_of(an).get(PROFILE)

    open_to_her = {line.name for line in registry.labelled("accounts.Member").rectifiable_lines()}
    assert {*PARTS["account"], *PARTS["shown"], "recommendations"} == open_to_her
    assert all(f'name="{name}"' in page.content.decode() for name in (*PARTS["account"], *PARTS["shown"], "photo"))
    assert all(value in read(page) for value in (an.first_name, an.town, an.occupation, an.about_me, an.website, an.social_networks))


def test_the_account_page_leads_to_it_first(an):
    page = browser_of(an).get("/account/").content.decode().partition("<main")[2]

    assert page.index(f'href="{PROFILE}"') < page.index('href="/account/')


def test_saving_is_a_correction_with_its_record_and_notice(an, edupartner):
    """Art. 16, Art. 19: the engine's own act, not a way around it."""
    make_grant(an, edupartner, ["first_name"])

    answer = send(browser_of(an), first_name="Anna")

    an.refresh_from_db()
    assert (an.first_name, answer.redirect_chain) == ("Anna", [(PROFILE, 302)])
    assert DataSubjectRequest.objects.get().right == Right.RECTIFICATION
    assert Rectification.objects.get().field == "accounts.Member.first_name"
    assert Notice.objects.get().attributes == ["first_name"]
    assert "Edupartner (voornaam)" in read(answer)


def test_each_field_of_the_account_can_be_changed(an):
    changed = {"last_name": "Claes", "town": "3000 Leuven", "gender": "other", "birth_date": "1990-01-02"}
    changed |= {"occupation": "x", "language": "fr"}

    send(browser_of(an), **changed)

    an.refresh_from_db()
    assert {name: str(getattr(an, name)) for name in changed} == changed


def test_a_form_that_changes_nothing_says_so(an):
    assert "Je hebt in dit venster niets veranderd." in read(send(browser_of(an)))
    assert "Je hebt in dit venster niets veranderd." in read(browser_of(an).post(PROFILE, {"part": "nergens"}))
    assert not DataSubjectRequest.objects.exists()


@pytest.mark.parametrize(("part", "name", "mine", "its"), [("account", "town", "Gent", "Leuven"), ("shown", "about_me", "Dag", "Hallo")])
def test_two_windows_do_not_overwrite_each_other_silently(an, part, name, mine, its):
    browser = browser_of(an)
    first, second = filled_in(browser, part, **{name: mine}), filled_in(browser, part, **{name: its})
    browser.post(PROFILE, second)

    answer = browser.post(PROFILE, first)

    an.refresh_from_db()
    assert getattr(an, name) == its
    assert MEANWHILE in read(answer)
    assert mine in read(answer)


def test_a_window_that_is_open_since_before_does_not_bring_back_what_was_taken_back(an):
    browser = browser_of(an)
    old = filled_in(browser, "shown", website="https://nieuw.example/")
    consent.withdraw(an, ["about_me"])

    browser.post(PROFILE, old)

    an.refresh_from_db()
    assert (an.about_me, an.website) == ("", "https://nieuw.example/")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("first_name", "x" * 101),
        ("last_name", "x" * 100_000),
        ("town", "a\0b"),
        ("gender", "anders"),
        ("birth_date", "gisteren"),
        ("birth_date", "0000-00-00"),
        ("language", "de"),
        ("language", ""),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_lost(an, name, value):
    answer = send(browser_of(an), **{"occupation": "nieuw beroep", name: value})

    assert (answer.status_code, list(errors(answer))) == (200, [name])
    assert 'aria-invalid="true"' in read(answer)
    assert "nieuw beroep" in read(answer)
    assert not DataSubjectRequest.objects.exists()


def test_a_birth_date_that_is_still_to_come_is_refused(an):
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert list(errors(send(browser_of(an), birth_date=tomorrow.isoformat()))) == ["birth_date"]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_is_text(an, text):
    browser = browser_of(an)
    send(browser, occupation=text)
    send(browser, "shown", about_me=text)

    page = browser.get(PROFILE).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    an.refresh_from_db()
    assert (an.occupation, an.about_me) == (text, text)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "ftp://an.example/", "//", "x" * 300, "x" * 100_000, "https://a b.example"]
)
def test_what_is_no_address_on_the_web_is_refused(an, address):
    assert list(errors(send(browser_of(an), "shown", social_networks=address), "shown")) == ["social_networks"]


def test_addresses_stand_on_lines_of_their_own_and_get_a_scheme(an):
    send(browser_of(an), "shown", social_networks=" an.example/@an\r\n\r\nhttps://b.example/an  an.example/@an ")

    an.refresh_from_db()
    assert an.social_networks == "https://an.example/@an\nhttps://b.example/an"


def test_five_addresses_and_no_more(an):
    browser = browser_of(an)
    several = [f"https://n{number}.example/an" for number in range(links.AT_MOST + 1)]

    assert list(errors(send(browser, "shown", social_networks="\n".join(several)), "shown")) == ["social_networks"]
    send(browser, "shown", social_networks="\n".join(several[: links.AT_MOST]))

    an.refresh_from_db()
    assert an.social_networks.splitlines() == several[: links.AT_MOST]


def test_the_same_addresses_with_the_line_breaks_of_a_browser_are_no_change(an):
    Member.objects.filter(pk=an.pk).update(social_networks="https://a.example/\nhttps://b.example/")

    answer = send(browser_of(an), "shown", social_networks="https://a.example/\r\nhttps://b.example/")

    assert "Je hebt in dit venster niets veranderd." in read(answer)


def test_a_browser_may_fill_in_what_it_knows(an):
    """WCAG 1.3.5."""
    page = browser_of(an).get(PROFILE).content.decode()

    assert all(f'autocomplete="{purpose}"' in page for purpose in ("given-name", "family-name", "bday", "sex", "url"))


def test_who_is_not_signed_in_is_asked_to(client):
    for answer in (client.get(PROFILE), client.post(PROFILE), client.post("/profile/photo/"), client.post("/profile/withdraw/")):
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")


def test_who_is_leaving_changes_nothing_any_more(an):
    browser = browser_of(an)
    sent = filled_in(browser, town="Leuven")
    Subject.objects.filter(pk=an.subject_id).update(hidden_at=timezone.now())

    assert browser.post(PROFILE, sent).status_code == 302

    an.refresh_from_db()
    assert an.town == "9000 Gent"


def test_the_page_asks_as_much_however_much_she_did(an):
    browser = browser_of(an)
    few = questions(browser, PROFILE)
    for number in range(5):
        send(browser, "shown", about_me=f"Versie {number}")
    browser.get(PROFILE)

    assert questions(browser, PROFILE) == few <= 10


# What others see.


def names(facts):
    return [fact.name for fact in facts]


def test_everybody_sees_the_optional_part_and_members_town_and_occupation(an):
    assert names(an.public_facts) == ["about_me", "website", "social_networks"]
    assert names(an.member_facts) == ["town", "occupation"]


def test_address_birth_date_and_gender_are_shown_to_nobody(an):
    told = str(an.public_facts + an.member_facts)

    assert not [value for value in (an.email, "1985", "female", an.last_name) if value in told]


def test_what_is_empty_is_not_shown(an):
    consent.withdraw(an)
    an.refresh_from_db()

    assert (an.public_facts, an.photo_url) == ([], "")


def test_nothing_of_her_is_shown_while_she_is_hidden(an):
    consent.show_photo(an, make_picture())
    erasure.hide(an.subject)
    hidden = Member.objects.get(pk=an.pk)

    assert (hidden.public_facts, hidden.member_facts, hidden.photo_url) == ([], [], "")


def test_links_are_told_one_by_one(an):
    an.social_networks = "https://a.example/\nhttps://b.example/"

    told = {fact.name: fact for fact in an.public_facts}

    assert told["social_networks"].links == ("https://a.example/", "https://b.example/")
    assert (told["website"].links, told["about_me"].text) == (("https://an.example/",), an.about_me)


def test_no_partner_can_ask_for_the_path_of_a_photo():
    assert "photo" not in releasable()
    assert "about_me" in releasable()


def test_a_photo_stands_among_her_data_by_its_path(an):
    """Art. 15."""
    consent.show_photo(an, make_picture())
    an.refresh_from_db()

    assert an.photo.name in words_of(browser_of(an).get("/my-privacy/data/account/accounts.Member/").content.decode())
