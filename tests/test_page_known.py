"""What we know about you: every purpose with its counts, and one purpose with why, how long and the newest rows."""

import html
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from privacy.datamap import Activity, LawfulBasis, deleted, inferred, observed, person, registry
from privacy.pages.bases import explained
from privacy.pages.year import through_the_year
from privacy.rights import inactivity
from privacy.rights.holdings import known
from privacy.rights.inactivity import Rule
from usage.models import ResourceView, SignIn

from .beside import declared
from .makers import make_comment, make_favourite, make_grant, make_message, make_resource, make_score, make_view
from .reading import words_of
from .signing_in import browser_of

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def read(browser, name="data", *args) -> str:
    answer = browser.get(reverse(f"privacy:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def browser(an):
    return browser_of(an)


def test_every_group_is_there_with_its_counts_and_leads_to_its_tables(browser, an):
    """G-21, K-12."""
    for _view in range(3):
        make_view(an, make_resource())

    page = read(browser)

    assert "Wat je hier doet" in page
    assert re.search(r"Bekeken leermiddelen\s+3 ", words_of(page))
    assert reverse("privacy:group", args=["usage"]) in page
    assert reverse("privacy:table", args=["usage", "usage.ResourceView"]) in page


def test_thousands_are_set_apart(browser, an):
    resource = make_resource()
    ResourceView.objects.bulk_create(ResourceView(member=an, resource=resource) for _row in range(1146))

    assert re.search(r"Bekeken leermiddelen\s+1\.146 ", words_of(read(browser)))
    assert 'width="100.0"' in read(browser)


def test_groups_without_data_are_named_too(browser):
    """G-20: that we have nothing is an answer."""
    words = words_of(read(browser))

    assert "Overtreden regels : geen." in words
    assert "Wat je publiceerde : geen." in words


def test_what_lies_outside_the_database_is_told(browser):
    words = words_of(read(browser))

    assert all(str(held.what)[1:] in words for held in registry.elsewhere)


def test_the_tabs_add_up(browser, an):
    make_score(an)
    make_comment(an)

    tabs = re.findall(r'<span class="num">(\d+)</span></a></li>', read(browser))

    assert int(tabs[0]) == sum(map(int, tabs[1:])) > 4


def test_a_group_answers_each_question_of_the_article(browser, an):
    """G-21: purposes, bases, recipients, how long, source, decisions, transfers."""
    make_view(an)

    words = words_of(read(browser, "group", "usage"))

    assert "Waarom Het platform laten werken" in words
    assert "op grond van de overeenkomst met jou en ons gerechtvaardigd belang ." in words
    assert "IP-adres: de waarde wordt gewist, 90 dagen" in words
    asked = ["Hoelang", "Waar het vandaan komt", "Wie het kreeg", "Gaat het Europa uit", "Beslissen we ermee", "Hoe we het beveiligen"]
    assert [question for question in asked if question not in words] == []


@pytest.mark.parametrize("basis", LawfulBasis)
def test_each_basis_is_explained_in_plain_words(basis):
    said = explained(basis)

    assert said.name
    assert len(said.text) > 40
    assert re.fullmatch(r"Art. 6, lid 1, [a-f] AVG", said.article)


def test_every_term_opens_its_explanation(browser):
    page = read(browser, "group", "usage")

    opened = re.findall(r'popovertarget="([^"]+)"', page)

    assert opened == re.findall(r'<div popover id="([^"]+)"', page) == ["basis-contract", "basis-legitimate_interests"]


@pytest.mark.parametrize(("slug", "may_object"), [("usage", True), ("account", False)])
def test_saying_no_is_offered_where_the_basis_allows_it(slug, may_object, browser):
    """Art. 21(1): not where a contract asks it."""
    assert (f'href="{reverse("privacy:object")}"' in read(browser, "group", slug)) is may_object


def test_derived_columns_are_named(browser):
    """Profiling is told (Art. 15(1)(h))."""
    lines = {"member": person(), "resource": observed(), "viewed_at": observed(), "ip_address": inferred()}
    with declared(ResourceView, deleted, **lines):
        words = words_of(read(browser, "group", "usage"))

    assert "Dit leidden we zelf af: IP-adres." in words


def test_each_table_says_what_an_erasure_leaves(browser, an, bo):
    make_view(an)
    make_message(an, bo)

    words = words_of(read(browser, "group", "usage"))

    assert "Bij wissen: gewist; alleen aantallen van minstens 10 mensen blijven." in words
    assert "Bij wissen: eigen kant gewist" in words


def test_the_five_newest_rows_are_shown_and_the_rest_is_a_link(browser, an):
    for days in range(7):
        make_view(an, make_resource(f"Titel {days}"), viewed_at=timezone.now() - timedelta(days=days))

    words = words_of(read(browser, "group", "usage"))

    assert [days for days in range(7) if f"Titel {days}" in words] == [0, 1, 2, 3, 4]
    assert "Toon alle 7" in words


def test_nobody_elses_rows_are_shown_or_counted(browser, bo):
    make_view(bo, make_resource("Van Bo"))
    SignIn.objects.all().delete()

    pages = read(browser) + read(browser, "group", "usage")

    assert "Van Bo" not in pages
    assert "Wat je hier doet : geen." in words_of(pages)


def test_a_group_without_rows_says_so(browser):
    assert "Niets. Hiervoor hebben we geen gegevens van jou." in words_of(read(browser, "group", "publication"))


def test_a_group_of_which_everything_lies_elsewhere_has_a_page(browser, monkeypatch):
    held = registry.elsewhere[0]
    mail = Activity(slug="mail", purpose="Letters", lawful_bases=(LawfulBasis.CONTRACT,), title="Brieven")
    monkeypatch.setattr(registry, "elsewhere", [type(held)("mail server", mail, "letters", "the mail server")])

    words = words_of(read(browser, "group", "mail"))

    assert "Brieven" in words
    assert "Mail server Letters." in words


@pytest.mark.parametrize("slug", ["nothing", "usage-", "USAGE", "privacy.Subject"])
def test_an_unknown_group_is_not_found(slug, browser):
    assert browser.get(f"{reverse('privacy:data')}{slug}/").status_code == 404


def test_hostile_titles_do_not_run(browser, an):
    make_favourite(an, make_resource(HOSTILE), note=HOSTILE)

    page = read(browser, "group", "usage")

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert page.count(html.escape(HOSTILE)) == 2


def test_a_group_costs_the_same_however_many_rows(browser, an, bo, edupartner):
    one_of_each(an, bo)
    make_grant(an, edupartner)
    few = statements(browser, "usage")
    for _round in range(6):
        one_of_each(an, bo)

    assert statements(browser, "usage") == few <= 20


def one_of_each(an, bo):
    resource = make_resource()
    make_view(an, resource)
    make_score(an, resource)
    make_favourite(an, resource)
    make_message(an, bo)


def statements(browser, *args) -> int:
    with CaptureQueriesContext(connection) as seen:
        read(browser, "group" if args else "data", *args)
    return len(seen)


def test_the_list_of_groups_costs_the_same_however_many_rows(browser, an, bo):
    few = statements(browser)
    for _round in range(6):
        one_of_each(an, bo)

    assert statements(browser) == few <= 10


@pytest.mark.parametrize("name", ["data", "group"])
def test_a_stranger_signs_in_first(name, client, db):
    answer = client.get(reverse(f"privacy:{name}", args=["usage"] if name == "group" else []))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_the_year_counts_by_month_in_the_time_of_the_reader(an):
    """Half past midnight on 1 June in Brussels is still May in UTC."""
    for at in (datetime(2025, 6, 1, 0, 30), datetime(2025, 6, 20, 12), datetime(2025, 3, 2, 12)):
        make_view(an, make_resource(), viewed_at=at.replace(tzinfo=ZoneInfo("Europe/Brussels")))

    year = through_the_year(an.subject, known(an.subject)[0].categories, today=date(2025, 6, 30))

    assert [month.rows for month in year.months] == [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2]
    assert (year.most.name, year.most.rows, year.empty) == ("juni 2025", 2, 10)


def test_what_is_older_than_a_year_is_not_drawn(an):
    for at in ("2024-06-30T21:59Z", "2024-06-30T22:00Z", "2025-06-30T12:00Z"):
        make_view(an, make_resource(), viewed_at=datetime.fromisoformat(at))

    year = through_the_year(an.subject, known(an.subject)[0].categories, today=date(2025, 6, 30))

    assert [month.rows for month in year.months] == [1, *[0] * 10, 1]


def test_one_month_alone_is_no_year(browser, an):
    make_view(an)
    make_view(an)

    assert through_the_year(an.subject, known(an.subject)[0].categories) is None
    assert "Door het jaar" not in read(browser, "group", "usage")


def test_the_year_is_said_in_words_too(browser, an):
    for days, times in ((0, 2), (40, 1)):
        for _view in range(times):
            make_view(an, make_resource(), viewed_at=timezone.now() - timedelta(days=days))

    page = read(browser, "group", "usage")

    assert re.search(r"Het meest in \w+ \d{4}: 2\. In 10 maanden was er niets\.", words_of(page))
    assert page.count("<rect ") == 12
    assert not re.search(r'<rect [^>]*="\d+,\d', page)


RULE = Rule("member", 36, (60, 30, 7))


def test_the_rule_for_unused_accounts_is_named_once_it_is_approved(browser, db):
    """G-15, G-21: also to who is far from it, from the rule's own data."""
    before = read(browser) + read(browser, "group", "usage")
    inactivity.approve(RULE)

    overview, facts, kept = words_of(read(browser)), words_of(read(browser, "group", "usage")), words_of(read(browser, "group", "rights"))

    assert "36" not in words_of(before)
    for page in (overview, facts, kept):
        assert re.search(r"36 .{1,80}60, 30 \S+ 7 ", page)


def test_what_expires_by_itself_is_named_on_the_overview(browser):
    """G-21: each period as the data map declares it."""
    told = words_of(read(browser)).partition("Elke nacht")[2] or words_of(read(browser)).partition("Each night")[2]

    assert "90" in told
    assert [line.expires.days for data_map in registry.maps.values() for line in data_map.lines.values() if line.expires] == [90, 90]
