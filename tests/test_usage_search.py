"""Finding material: by subject, by level, by words; and never by the name of who is hidden or gone."""

from datetime import timedelta

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from privacy.rights import erasure
from usage import listing, publishing, search
from usage.models import Publication, Resource, Search

from .makers import make_publication, make_resource
from .properties.acts import erase
from .reading import questions, words_of
from .signing_in import browser_of

ENGLISH = {"accept-language": "en"}
LIST, SEARCH = "usage:resources", "usage:search"
only_on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="ranks and stems are PostgreSQL's")


@pytest.fixture
def visitor(db):
    return Client(headers=ENGLISH)


def found(browser, words, **narrowed) -> str:
    """What the page says after a search."""
    answer = browser.post(reverse(SEARCH), {"words": words, **narrowed}, follow=True)
    assert answer.status_code == 200
    return words_of(answer.content.decode())


def titles(words) -> list[str]:
    return [resource.title for resource in listing.on_offer(words=words)]


def test_the_newest_comes_first_and_what_was_removed_never(visitor, an):
    make_publication(an, make_resource("Eerst"))
    gone = make_publication(an, make_resource("Weg"))
    make_publication(an, make_resource("Laatst"))
    publishing.withdraw(gone)

    page = words_of(visitor.get(reverse(LIST)).content.decode())

    assert page.index("Laatst") < page.index("Eerst")
    assert "Weg" not in page
    assert "removed resource" not in page


def test_it_is_narrowed_by_subject_and_level_on_every_page(an, visitor):
    for number in range(30):
        make_publication(an, make_resource(f"Som {number}", subject_taught="wiskunde", level="primary"))
    make_publication(an, make_resource("Kaart", subject_taught="aardrijkskunde", level="primary"))
    make_publication(an, make_resource("Later", subject_taught="wiskunde", level="third"))

    page = visitor.get(reverse(LIST), {"subject": "wiskunde", "level": "primary", "page": "2"}).content.decode()

    assert "30 pieces of material" in page
    assert "Kaart" not in page
    assert "?subject=wiskunde&amp;level=primary&amp;page=1" in page


@pytest.mark.parametrize("asked", ["", "0", "-5", "x", "9" * 5_000, "²"])
@pytest.mark.parametrize("name", ["page", "subject", "level"])
def test_what_cannot_be_asked_for_gives_a_normal_page(an, visitor, name, asked):
    make_publication(an, make_resource("Breuken"))

    answer = visitor.get(reverse(LIST), {name: asked})

    assert "Breuken" in answer.content.decode()


def test_a_list_of_many_asks_as_much_as_one_of_few(an, visitor):
    make_publication(an)
    few = questions(visitor, reverse(LIST))
    for _each in range(20):
        make_publication(an)

    assert questions(visitor, reverse(LIST)) == few


@pytest.mark.parametrize("words", ["breuken", "BREUKEN", "lagere", "wiskunde", "instap", "Peeters", "breuken peeters", "poëzie"])
def test_each_of_its_words_finds_it(an, words):
    make_publication(an, make_resource("Breuken vergelijken", tags=["lagere school", "poëzie"]), "Met een instap.")
    make_publication(an, make_resource("Kaartlezen", subject_taught="aardrijkskunde"), shown_name="")

    assert titles(words) == ["Breuken vergelijken"]


@only_on_postgresql
@pytest.mark.parametrize("words", ["breuk", "de breuk", '"breuken vergelijken"', "breuken -kaart", "kaas or breuken"])
def test_words_are_meant_as_on_other_sites(an, words):
    make_publication(an, make_resource("Breuken vergelijken"))

    assert titles(words) == ["Breuken vergelijken"]


@only_on_postgresql
@pytest.mark.parametrize("words", ["-breuken", "de", '"vergelijken breuken"'])
def test_words_that_say_nothing_find_nothing(an, words):
    make_publication(an, make_resource("Breuken vergelijken"))

    assert titles(words) == []


@only_on_postgresql
def test_of_very_much_that_fits_the_newest_is_ranked(an, monkeypatch):
    """So that one word of a visitor never reads through everything."""
    monkeypatch.setattr(search, "MOST_RANKED", 2)
    for number, title in enumerate(["Breuken oud", "Breuken nieuw", "Breuken nieuwst"]):
        make_publication(an, make_resource(title), published_at=timezone.now() - timedelta(days=9 - number))

    assert sorted(titles("breuken")) == ["Breuken nieuw", "Breuken nieuwst"]


@only_on_postgresql
def test_a_title_weighs_more_than_a_description(an):
    make_publication(an, make_resource("Kaartlezen"), "Breuken komen ook aan bod.")
    make_publication(an, make_resource("Breuken"), "Een les.")
    make_publication(an, make_resource("Dansen"), "Met breuken.")

    assert titles("breuken")[0] == "Breuken"


@only_on_postgresql
@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (Resource.objects.annotate(words=search.WORDS_OF_RESOURCE), "usage_resource_words"),
        (Publication.objects.annotate(words=search.WORDS_OF_PUBLICATION), "usage_publication_words"),
    ],
)
def test_the_indexes_of_the_migration_serve_the_search(db, rows, index):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert index in rows.filter(words=SearchQuery("breuken", config=search.CONFIG)).order_by().explain()


def test_a_name_that_is_not_shown_finds_nothing(an):
    make_publication(an, shown_name="")

    assert titles("Peeters") == []


def test_a_hidden_members_name_finds_nothing_and_is_nowhere(an, visitor):
    """K-14."""
    make_publication(an, make_resource("Breuken"))
    erasure.hide(an.subject)

    assert titles("Peeters") == []
    assert titles("breuken peeters") == []
    assert titles("Breuken") == ["Breuken"]
    assert "Peeters" not in visitor.get(reverse(LIST)).content.decode()


def test_an_erased_members_name_finds_nothing(an):
    """G-41."""
    make_publication(an, make_resource("Breuken"))

    erase(an.subject)

    assert titles("Peeters") == []
    assert titles("Breuken") == ["Breuken"]


def test_a_name_that_stays_by_choice_still_finds(an):
    """G-42."""
    make_publication(an, make_resource("Breuken"))

    erase(an.subject, {"resources": "name_stays"})

    assert titles("Peeters") == ["Breuken"]


def test_what_an_erased_member_removed_is_not_found_by_any_word(an):
    make_publication(an, make_resource("Breuken", tags=["noemers"]), "Met een instap.")

    erase(an.subject, {"resources": "remove"})

    assert [titles(words) for words in ("Breuken", "noemers", "instap", "Peeters", "wiskunde")] == [[]] * 5


def test_the_words_of_a_search_stay_out_of_the_address(visitor, an):
    """T-32: people type names."""
    make_publication(an, make_resource("Breuken"))

    answer = visitor.post(reverse(SEARCH), {"words": "Peeters", "level": "", "subject": "wiskunde"})

    assert answer.url == reverse(LIST) + "?subject=wiskunde"
    assert "Found for “Peeters”" in visitor.get(answer.url).content.decode()


def test_a_search_ends_when_its_words_do(visitor, an):
    make_publication(an, make_resource("Breuken"))
    found(visitor, "kaas")

    page = found(visitor, "")

    assert "Breuken" in page
    assert "Found for" not in page


HOSTILE = [
    *["'", "%", "_", "\\", ":*&|!", "<->", "((", '"', "- - -", "' OR 1=1--", "nul\0teken"],
    *["x" * 100_000, "👩🏽‍🏫", "\u202eשלום\u202c", "<script>alert(1)</script>"],  # noqa: RUF001 - Hebrew
]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_any_words_give_a_normal_page(an, visitor, words):
    make_publication(an, make_resource("Breuken"))

    page = visitor.post(reverse(SEARCH), {"words": words}, follow=True)

    assert page.status_code == 200
    assert b"<script>alert" not in page.content


@pytest.mark.parametrize("words", ["100%", "a_b", "it's", "ÉCOLE"])
def test_every_sign_means_itself(an, words):
    make_publication(an, make_resource(f"Over {words} in de klas"))
    make_publication(an, make_resource("Over 100 keer, axb en its"))

    assert f"Over {words} in de klas" in titles(words.lower())


def test_a_members_search_is_noted_once_and_not_per_page(an):
    browser = browser_of(an, headers=ENGLISH)

    found(browser, "  De BREUKEN ")
    found(browser, "De BREUKEN")
    browser.get(reverse(LIST), {"page": "2"})
    found(browser, "")

    assert [(one.member, one.words) for one in Search.objects.all()] == [(an, "de breuken")]
    assert reverse("usage:history", args=["searched"]) in browser.get(reverse(LIST)).content.decode()


def test_words_that_grow_in_lower_case_are_cut(an):
    found(browser_of(an, headers=ENGLISH), "İ" * 100)

    assert len(Search.objects.get().words) == 100


def test_a_visitors_search_is_not_noted(visitor):
    found(visitor, "breuken")

    assert not Search.objects.exists()


def test_the_front_page_shows_what_is_new(visitor, an):
    make_publication(an, make_resource("Breuken"))

    page = words_of(visitor.get(reverse("start")).content.decode())

    assert "Teachers share 1 piece of material here." in page
    assert "Breuken" in page
    assert "Make an account" in page


def test_the_menu_of_the_platform_and_of_privacy_lead_to_each_other(an):
    browser = browser_of(an, headers=ENGLISH)

    platform, privacy = (browser.get(reverse(name)).content.decode() for name in ("usage:resources", "privacy:overview"))

    assert f'href="{reverse("privacy:overview")}"' in platform
    assert f'href="{reverse("usage:folders")}"' in platform
    assert f'class="logo" href="{reverse("start")}"' in privacy
