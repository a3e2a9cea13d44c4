"""Searching in a table: what she seeks stays out of every address, and every sign means itself."""

import pytest
from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client
from django.urls import reverse

from privacy.datamap import deleted, person, provided, shared

from .beside import declared, key_to, make_table
from .makers import make_comment, make_favourite, make_folder, make_grant, make_message, make_resource, make_view
from .reading import words_of
from .signing_in import browser_of

VIEWS, COMMENTS = ("usage", "usage.ResourceView"), ("publication", "usage.Comment")


def place(table) -> str:
    return reverse("privacy:table", args=table)


def seek(browser, term, table=COMMENTS) -> str:
    answer = browser.post(place(table), {"sought": term})
    assert (answer.status_code, answer["Location"]) == (302, place(table))
    answer = browser.get(place(table))
    assert answer.status_code == 200
    return words_of(answer.content.decode())


@pytest.fixture
def browser(an):
    return browser_of(an)


def test_a_search_shows_the_rows_that_say_it_and_how_many(browser, an):
    make_comment(an, text="Breuken op de getallenas")
    make_comment(an, text="Kloklezen")

    words = seek(browser, "getallen")

    assert "1 rij met je zoekterm." in words
    assert "Breuken op" in words
    assert "Kloklezen" not in words


def test_a_search_without_hits_says_so(browser, an):
    make_comment(an)

    words = seek(browser, "xyzzy")

    assert "Geen enkele rij heeft je zoekterm." in words
    assert "Stop met zoeken" in words


@pytest.mark.parametrize("term", ["ÉÉN", "één", "Één", " één "])
def test_capitals_with_accents_do_not_matter(term, browser, an):
    make_comment(an, text="Slechts één keer")

    assert "1 rij met" in seek(browser, term)


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'", '"', "*", ".", "(", "[a-z]", "^", "$", "\\d", "--", ";", "<b>", "{{", "\\%"])
def test_every_sign_means_itself(sign, browser, an):
    make_comment(an, text=f"voor {sign} na")
    make_comment(an, text="geen enkel teken maar wel abc 123")

    assert "1 rij met" in seek(browser, f"r {sign} n")
    assert "1 rij met" in seek(browser, sign)


@pytest.mark.parametrize("term", ["\0", "a\0b", "\ud7ff", "\u202e", "\r\n", "\t"])
def test_odd_signs_find_nothing_and_break_nothing(term, browser, an):
    make_comment(an, text="ab")

    words = seek(browser, term)

    assert "Geen enkele rij" in words or "1 rij, de nieuwste eerst." in words


def test_a_term_is_cut_after_two_hundred_characters(browser, an):
    make_comment(an, text="a" * 200)

    assert "1 rij met" in seek(browser, "a" * 10_000)


def test_what_a_row_points_at_is_searched(browser, an):
    make_view(an, make_resource("Sinterklaas in zes talen"))
    make_view(an, make_resource("Bosbiotoop"))

    assert "1 rij met" in seek(browser, "zes TALEN", VIEWS)


def test_a_partner_is_found_by_its_name(browser, an, edupartner):
    """Its name is that of the recipient it points at in turn."""
    edupartner.recipient.name = "Leesburcht"
    edupartner.recipient.save()
    make_grant(an, edupartner)

    assert "1 rij met" in seek(browser, "leesb", ("permissions", "consents.PartnerGrant"))


def test_a_folder_is_found_by_its_name(browser, an):
    make_favourite(an, folder=make_folder(an, "Voor dinsdag"))

    assert "1 rij met" in seek(browser, "dinsdag", ("usage", "usage.Favourite"))


def test_a_choice_is_found_by_what_people_read(browser):
    assert "1 rij met" in seek(browser, "vrouw", ("account", "accounts.Member"))
    assert "Geen enkele rij" in seek(browser, "female", ("account", "accounts.Member"))


def test_an_address_of_the_network_is_found(browser, an):
    make_view(an, ip_address="192.0.2.44")
    make_view(an, ip_address="198.51.100.1")

    assert "1 rij met" in seek(browser, "2.0.2.", VIEWS)


def test_nobody_elses_rows_are_found(browser, an, bo):
    make_comment(an, text="woord")
    make_comment(bo, text="woord")

    assert "1 rij met" in seek(browser, "woord")


def test_who_else_is_in_a_row_cannot_be_found_out(browser, an, bo):
    """G-27: neither by name and address, nor by a column with the address itself."""
    make_message(an, bo)
    class_ = make_table("Mail", sender=models.EmailField(), recipient=models.EmailField(), text=models.TextField())
    class_.objects.create(sender=an.email, recipient=bo.email, text="Dag")
    lines = {"sender": person(by="email", label="van"), "recipient": person(by="email", label="aan")}

    assert "Geen enkele rij" in seek(browser, "Janssens", ("usage", "usage.Message"))
    with declared(class_, shared, **lines, text=provided(belongs_to="sender", label="tekst")):
        assert "Geen enkele rij" in seek(browser, "janssens", ("usage", "beside.Mail"))
        assert "1 rij met" in seek(browser, "dag", ("usage", "beside.Mail"))


def test_what_she_seeks_is_in_no_address(browser, an):
    """T-31: addresses are written down in logs and histories."""
    make_comment(an, text="geheim woord")
    answer = browser.post(place(COMMENTS), {"sought": "geheim"}, follow=True)

    page = answer.content.decode()

    assert all("geheim" not in there for there, _status in answer.redirect_chain)
    assert 'value="geheim"' in page
    assert "?sought" not in page


def test_a_term_in_the_address_is_not_followed(browser, an):
    make_comment(an)

    assert "1 rij, de nieuwste eerst." in words_of(browser.get(place(COMMENTS) + "?sought=xyzzy").content.decode())


def test_searching_stops_with_the_button_and_with_an_empty_field(browser, an):
    make_comment(an, text="woord")
    for end in ({"stop": "1", "sought": "xyzzy"}, {"sought": "  "}, {}):
        seek(browser, "xyzzy")

        browser.post(place(COMMENTS), end)

        assert "1 rij, de nieuwste eerst." in words_of(browser.get(place(COMMENTS)).content.decode())


def test_each_table_has_its_own_search(browser, an):
    make_comment(an)
    make_view(an)
    seek(browser, "xyzzy")

    assert "1 rij, de nieuwste eerst." in words_of(browser.get(place(VIEWS)).content.decode())
    assert "Geen enkele rij" in words_of(browser.get(place(COMMENTS)).content.decode())


def test_a_search_ends_with_the_session(browser, an):
    make_comment(an)
    seek(browser, "xyzzy")
    browser.post(reverse("account_logout"))

    again = browser_of(an)

    assert "1 rij, de nieuwste eerst." in words_of(again.get(place(COMMENTS)).content.decode())
    assert all("privacy.sought" not in session.get_decoded() for session in Session.objects.all())


def test_pages_of_a_search_stay_within_it(browser, an):
    for number in range(60):
        make_comment(an, text=f"woord {number}" if number < 55 else "anders")
    seek(browser, "woord")

    words = words_of(browser.get(place(COMMENTS) + "?page=2").content.decode())

    assert "55 rijen met je zoekterm." in words
    assert "Pagina 2 van 2" in words


def test_the_term_is_shown_escaped(browser):
    page = browser.post(place(COMMENTS), {"sought": '"><script>alert(1)</script>'}, follow=True).content.decode()

    assert "<script>alert" not in page
    assert "&quot;&gt;&lt;script&gt;" in page


def test_a_table_without_text_has_no_search(browser, an):
    class_ = make_table("Count", member=key_to(), times=models.IntegerField())
    class_.objects.create(member=an, times=4)

    with declared(class_, deleted, member=person(), times=provided(label="keren")):
        page = browser.get(place(("usage", "beside.Count"))).content.decode()

    assert 'name="sought"' not in page


def test_a_search_from_another_site_is_refused(an):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(an)

    assert browser.post(place(COMMENTS), {"sought": "woord"}).status_code == 403


def test_a_search_without_a_session_leads_to_signing_in(client, an):
    answer = client.post(place(COMMENTS), {"sought": "woord"})

    assert answer.status_code == 302
    assert "woord" not in answer["Location"]
