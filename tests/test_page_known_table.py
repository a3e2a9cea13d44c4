"""Every row of a table, a page at a time: her own, readable, at a steady cost."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from privacy.casework import at_once
from privacy.datamap import deleted, not_personal, observed, person, provided, registry, secret
from privacy.evidence import trail
from privacy.rights.statements import Place
from usage.models import ResourceView

from .beside import declared, key_to, make_table
from .makers import make_comment, make_favourite, make_folder, make_grant, make_message, make_resource, make_score, make_view
from .reading import words_of
from .signing_in import browser_of

HOSTILE = [
    '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
    "a" * 10_000,
    "\u202eevil\u202c \x01\x1f\u2028",
    "{{ 7|add:7 }} {% now 'Y' %}",
]


def url(data_map, **query) -> str:
    path = reverse("privacy:table", args=[data_map.activity.slug, data_map.label()])
    return path + "".join(f"?{name}={value}" for name, value in query.items())


def read(browser, label, **query) -> str:
    answer = browser.get(url(registry.labelled(label), **query))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def browser(an):
    return browser_of(an)


def test_every_table_of_the_project_opens(browser, an, bo, edupartner):
    """G-23: all that is registered as hers can be read; empty or not."""
    make_grant(an, edupartner)
    make_message(an, bo)

    opened = {data_map.label(): browser.get(url(data_map)).status_code for data_map in registry.maps.values()}

    assert set(opened.values()) == {200}
    assert len(opened) > 20


def test_only_her_own_rows_are_there(browser, an, bo):
    make_view(an, make_resource("Van An"))
    make_view(bo, make_resource("Van Bo"))

    words = words_of(read(browser, "usage.ResourceView"))

    assert "Van An" in words
    assert "Van Bo" not in words
    assert "1 rij, de nieuwste eerst." in words


def test_each_value_of_a_row_has_its_heading_also_on_a_phone(browser, an):
    """G-24."""
    make_view(an, make_resource("Breuken"))

    page = read(browser, "usage.ResourceView")

    assert re.findall(r'<th scope="col"[^>]*>([^<]+)<', page) == ["Leermiddel", "Bekeken", "IP-adres"]
    assert re.findall(r'data-l="([^"]+)"', page) == ["Bekeken", "IP-adres"]
    assert re.search(r'<th scope="row"><bdi class="said">Breuken</bdi></th>', page)


def test_what_is_left_out_is_said(browser):
    """Row numbers and secrets; her own key would only repeat that the row is hers."""
    words = words_of(read(browser, "usersessions.UserSession"))

    assert "want het zegt niets over jou: rijnummer" in words
    assert "want het zegt alleen dat de rij van jou is: lid" in words
    assert "want het is geheim: sessie" in words


def test_no_secret_is_on_a_page(browser, an):
    """G-28: no hash of a password, no key of a session, not even the one by which we found the row."""
    key = browser.session.session_key

    pages = "".join(browser.get(url(data_map)).content.decode() for data_map in registry.maps.values())

    assert key not in pages
    assert an.password not in pages


def test_somebody_else_in_a_shared_row_is_masked_and_her_words_stay(browser, an, bo):
    """G-27: as in the archive."""
    make_message(bo, an, "Dag An, van mij")

    page = read(browser, "usage.Message")

    assert "een andere persoon jij Dag An, van mij" in words_of(page)
    assert not any(text in page for text in (str(bo.pk), bo.email, "Janssens"))


def test_an_end_that_was_emptied_is_empty_not_somebody(browser, an):
    make_message(None, an, "Van vroeger")

    words = words_of(read(browser, "usage.Message"))

    assert "leeg jij Van vroeger" in words


def test_an_officer_who_looked_is_another_person(browser, an, daan):
    """The reference of who opened her request is not hers to know."""
    trail.record("desk.opened", subject_ref=an.subject.ref, actor_ref=str(daan.subject.ref))

    page = read(browser, "privacy.TrailEntry")

    assert str(daan.subject.ref) not in page
    assert "een andere persoon" in words_of(page)


def test_an_expired_value_says_that_it_was_erased_and_one_that_never_was_says_empty(browser, an):
    make_view(an, viewed_at=timezone.now() - timedelta(days=91), ip_address=None)
    assert "gewist na 90 dagen" in words_of(read(browser, "usage.ResourceView"))

    ResourceView.objects.update(viewed_at=timezone.now() - timedelta(days=89))

    words = words_of(read(browser, "usage.ResourceView"))
    assert "gewist na" not in words
    assert "leeg" in words


def test_the_newest_comes_first_and_a_row_without_a_moment_last(browser, an):
    class_ = make_table("Mark", member=key_to(), at=models.DateTimeField(null=True), said=models.TextField())
    for days, said in ((2, "oud"), (None, "ooit"), (1, "nieuw")):
        class_.objects.create(member=an, at=days and timezone.now() - timedelta(days=days), said=said)

    with declared(class_, deleted, member=person(), at=observed(label="op"), said=provided(label="zin")):
        words = words_of(read(browser, "beside.Mark"))

    assert re.findall(r"\b(oud|ooit|nieuw)\b", words) == ["nieuw", "oud", "ooit"]


def test_what_lies_between_is_shown_by_its_name(browser, an):
    make_favourite(an, folder=make_folder(an, "Voor dinsdag"))

    assert "Voor dinsdag" in words_of(read(browser, "usage.Favourite"))


def test_a_key_that_leads_nowhere_is_shown_as_it_is(browser, an):
    resource = make_resource()
    class_ = make_table("Loose", member=key_to(), resource=key_to(type(resource), db_constraint=False, on_delete=models.DO_NOTHING))
    class_.objects.create(member=an, resource_id=987_654)

    with declared(class_, deleted, member=person(), resource=observed(label="leermiddel")):
        assert "987654" in words_of(read(browser, "beside.Loose"))


def test_a_table_with_many_columns_is_read_as_lists(browser, an):
    page = read(browser, "accounts.Member")

    assert "<table" not in page
    assert re.search(r"<dt>Geslacht</dt><dd><bdi class=\"said\">vrouw</bdi>", page)


def test_a_column_that_was_declared_secret_never_shows(browser, an):
    class_ = make_table("Vault", member=key_to(), pin=models.CharField(max_length=9), hint=models.CharField(max_length=9))
    class_.objects.create(member=an, pin="1830-pin", hint="leeuw")

    with declared(class_, deleted, member=person(), pin=secret(label="pincode"), hint=not_personal("a word")):
        page = read(browser, "beside.Vault")

    assert "1830-pin" not in page
    assert "leeuw" not in page


@pytest.mark.parametrize("text", HOSTILE, ids=["markup", "long", "control", "template"])
def test_hostile_text_is_shown_not_run(text, browser, an):
    make_comment(an, text=text)

    page = read(browser, "usage.Comment")

    assert "<script>alert" not in page
    assert "<img" not in page
    shown = "".join(re.findall(r'<bdi class="said">([^<]*)</bdi>', page)).replace(" …", "")
    assert html.escape(text) in shown


def test_a_page_of_a_table_has_fifty_rows(browser, an):
    resource = make_resource()
    ResourceView.objects.bulk_create(ResourceView(member=an, resource=resource) for _row in range(51))

    first, second = read(browser, "usage.ResourceView"), read(browser, "usage.ResourceView", page=2)

    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (50, 1)
    assert "Pagina 1 van 2" in words_of(first)
    assert 'rel="next" href="?page=2"' in first


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("0", 1),
        ("-3", 1),
        ("abc", 1),
        ("", 1),
        ("1e9", 1),
        ("²", 1),
        ("2", 2),
        ("3", 3),
        ("4", 3),
        ("1" + "0" * 30, 3),
        ("9" * 5000, 3),
        ("٢", 2),
    ],
)
def test_any_page_number_gives_the_nearest_page(asked, given, browser, an):
    resource = make_resource()
    ResourceView.objects.bulk_create(ResourceView(member=an, resource=resource) for _row in range(101))

    assert f"Pagina {given} van 3" in words_of(read(browser, "usage.ResourceView", page=asked))


@pytest.mark.parametrize(
    ("slug", "label"),
    [
        ("usage", "usage.Nothing"),
        ("nothing", "usage.ResourceView"),
        ("usage", "accounts.Member"),
        ("usage", "usage.Resource"),
        ("usage", "USAGE.ResourceView"),
        ("usage", "<script>"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_table_that_is_not_in_that_group_is_not_found(method, slug, label, browser):
    answer = getattr(browser, method)(reverse("privacy:table", args=[slug, label]))

    assert answer.status_code == 404


def test_a_table_costs_the_same_however_many_rows(browser, an, bo, edupartner):
    rows_of(an, bo)
    few = statements_of_all(browser)
    for _round in range(4):
        rows_of(an, bo)

    many = statements_of_all(browser)

    assert many == few
    assert max(many.values()) <= 10


def rows_of(an, bo):
    make_view(an)
    make_favourite(an)
    make_message(an, bo)
    make_comment(an)


def statements_of_all(browser) -> dict:
    counted = {}
    for data_map in registry.maps.values():
        with CaptureQueriesContext(connection) as seen:
            browser.get(url(data_map))
        counted[data_map.label()] = len(seen)
    return counted


@pytest.mark.long
def test_a_deep_page_is_not_slower_than_the_first(browser, an, record_property):
    """500 pages: OFFSET walks past rows, and that must stay small."""
    resource = make_resource()
    ResourceView.objects.bulk_create((ResourceView(member=an, resource=resource) for _row in range(25_000)), batch_size=5000)
    read(browser, "usage.ResourceView")

    took = {}
    for page in (1, 250, 500):
        begun = timezone.now()
        assert f"Pagina {page} van 500" in words_of(read(browser, "usage.ResourceView", page=page))
        took[page] = (timezone.now() - begun).total_seconds() * 1000

    record_property("measured", ", ".join(f"page {page}: {milliseconds:.0f} ms" for page, milliseconds in took.items()))
    assert max(took.values()) < 1000


def test_a_stranger_signs_in_first_and_htmx_moves_the_whole_page(client, db):
    path = reverse("privacy:table", args=["usage", "usage.ResourceView"])

    assert client.get(path).status_code == 302
    assert client.get(path, headers={"HX-Request": "true"})["HX-Redirect"].startswith(reverse("account_login"))


def test_the_page_is_not_kept_by_a_browser(browser):
    answer = browser.get(url(registry.labelled("usage.ResourceView")))

    assert "no-store" in answer["Cache-Control"]


def test_each_row_leads_to_where_she_corrects_it_or_writes_beside_it(browser, an):
    """G-30."""
    score = make_score(an)

    page = read(browser, "usage.Score")

    assert reverse("privacy:correct_row", args=["usage.Score", score.pk]) in page


def test_the_key_of_a_session_stands_in_no_address(browser):
    """T-12, T-32."""
    page = read(browser, "sessions.Session")

    assert browser.session.session_key not in page


def test_what_she_wrote_stands_beside_the_value(browser, an):
    """G-30."""
    address = an.emailaddress_set.get()
    at_once.state(an.subject, Place("account.EmailAddress", address.pk, "email"), "<b>Zo schrijf ik het niet</b>")

    page = read(browser, "account.EmailAddress")

    assert "<b>Zo" not in page
    assert "<b>Zo schrijf ik het niet</b>" in words_of(page)
