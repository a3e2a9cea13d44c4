"""The page of the figures: who may read it, that it says what was counted, and the file of the same."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from privacy.casework import figures
from privacy.casework.states import Status
from privacy.datamap import Right
from privacy.pages.figures import months_of
from privacy.pages.people import AUDIT
from privacy.pages.urgency import today

from .counting_requests import came, extended, keep, make_many
from .makers import make_member
from .reading import questions, words_of
from .signing_in import browser_of

PAGE, FILE = reverse("privacy:figures"), reverse("privacy:figures_file")
EVERY = pytest.mark.parametrize("address", [PAGE, FILE])
ODD = ["x", "0", "-1", "2026.5", "٢٠٢٦", "9" * 5_000, "<script>alert(1)</script>", "=1+1", "1900", "2999"]


def ago(days):
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "nl"})


def read(answer) -> list[dict]:
    return list(csv.DictReader(StringIO(answer.content.decode())))


@EVERY
def test_the_figures_open_to_the_desk_and_to_who_looks_back(an, browser, client, address):
    """T-18."""
    auditor = make_member("Els")
    auditor.user_permissions.add(Permission.objects.get(content_type__app_label="privacy", codename=AUDIT.partition(".")[2]))

    assert browser.get(address).status_code == 200
    assert browser_of(auditor).get(address).status_code == 200
    assert browser_of(an).get(address).status_code == 403
    assert client.get(address).headers["Location"].startswith(reverse("account_login"))


@EVERY
def test_the_figures_are_only_read(browser, address):
    assert browser.post(address).status_code == 405


def test_the_page_says_how_many_were_answered_in_time(browser):
    """G-69."""
    keep(came(ago(100), days=4), came(ago(100), days=6), came(ago(100), days=60), came(ago(100)))

    said = words_of(browser.get(PAGE).content.decode())

    assert "50% 2 van 4 binnen een maand" in said
    assert "75% 3 van 4 binnen drie maanden" in said
    assert "6 dagen, de mediaan" in said
    assert "1 vandaag open, waarvan 1 te laat" in said


def test_the_page_says_how_many_were_extended_and_when_that_is_often(browser):
    """G-05."""
    keep(extended(ago(50).date()), *(came(ago(50), days=3) for _nth in range(9)))
    said = words_of(browser.get(PAGE).content.decode())
    keep(came(ago(50), days=3))

    assert "10% 1 van 10 verlengd" in said
    assert "Nemen we die zo vaak" in said
    assert "Nemen we die zo vaak" not in words_of(browser.get(PAGE).content.decode())


def test_half_a_day_is_written_as_the_dutch_do(browser):
    keep(came(ago(50), days=4), came(ago(50), days=5))

    assert "4,5 dagen" in words_of(browser.get(PAGE).content.decode())


def test_the_tables_have_the_numbers_of_the_figures(browser):
    """G-69: behind each drawing."""
    make_many(300, until=timezone.now())
    found = figures.of(months_of(""), timezone.now())

    page = browser.get(PAGE).content.decode()

    rows = [re.findall(r'<td data-l="([^"]+)" class="num">(.*?)</td>', row) for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)]
    received = [int(re.search(r"\d+", cell)[0]) for row in rows for label, cell in row if label == "Ontvangen"]
    assert received == [found.of_month(month).received for month in found.months] + [found.of_right(right).received for right in Right]


def test_the_drawing_has_a_column_for_each_month_and_its_late_part(browser):
    keep(came(ago(100)), came(ago(100), days=3))

    page = browser.get(PAGE).content.decode()

    assert page.count('<rect class="late"') == 12
    assert re.findall(r'width="7" height="(\d+\.\d)"', page).count("46.0") == 1
    assert re.findall(r'width="7" height="(\d+\.\d)"', page).count("23.0") == 1


def test_an_empty_desk_has_figures_of_nothing(browser):
    said = words_of(browser.get(PAGE).content.decode())

    assert " 0 van 0 binnen een maand" in said
    assert "In deze tijd kwam er geen binnen." in said


def test_nobody_is_named(an, browser):
    asked = keep(came(ago(3), subject_ref=an.subject.ref))[0]

    for address in (PAGE, FILE):
        body = browser.get(address).content.decode()
        assert not {name for name in ("Peeters", an.email, str(an.subject.ref), asked.ref) if name in body}


@pytest.mark.parametrize("period", ODD)
def test_a_period_that_does_not_exist_is_the_last_twelve_months(browser, period):
    keep(came(ago(3)))

    answer = browser.get(PAGE, {"period": period})

    assert answer.context["all"].received == 1
    assert "<script>alert" not in answer.content.decode()
    assert len(read(browser.get(FILE, {"period": period}))) == 1


def test_a_year_is_that_year(browser):
    year = today().year - 1
    keep(came(today().replace(year=year, month=3, day=9)), came(ago(1)))

    answer = browser.get(PAGE, {"period": str(year)})

    assert answer.context["all"].received == 1
    assert f'<option value="{year}" selected>' in answer.content.decode()
    assert [row["month"] for row in read(browser.get(FILE, {"period": str(year)}))] == [f"{year}-03"]


def test_years_go_as_far_back_as_all_requests_are_kept(browser, settings):
    """G-68: of the year before, those that were answered soon are gone."""
    settings.PRIVACY = {**settings.PRIVACY, "ACCOUNTABILITY_YEARS": 2}

    page = browser.get(PAGE).content.decode()

    assert re.findall(r'<option value="(\d{4})">', page) == [str(today().year - back) for back in range(2)]


def test_the_file_has_the_same_numbers_and_codes_alone(browser):
    """G-69."""
    make_many(300, until=timezone.now())
    found = figures.of(months_of(""), timezone.now())

    answer = browser.get(FILE)

    assert {(row["month"], row["right"]): int(row["in_month"]) for row in read(answer)} == {
        (f"{month:%Y-%m}", right.value): tally.in_month for (month, right), tally in found.cells.items()
    }
    assert re.fullmatch(r"[a-z_,\r\n]+(\d{4}-\d{2},[a-z]+(,\d+(\.\d)?|,)+\r\n)+", answer.content.decode())
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="figures-\d{4}-\d\d-\d{4}-\d\d\.csv"', answer.headers["Content-Disposition"])


def test_an_empty_file_has_its_heading(browser):
    assert browser.get(FILE).content.decode().startswith("month,right,received,at_once,")


def test_many_requests_take_as_many_questions_as_none(browser):
    browser.get(PAGE)
    few = questions(browser, PAGE)
    make_many(200, until=timezone.now())

    assert questions(browser, PAGE) == few
    assert questions(browser, FILE) < few


def test_the_desk_leads_to_its_figures(browser):
    assert f'href="{PAGE}"' in browser.get(reverse("privacy:desk")).content.decode()


def test_what_lies_ahead_says_whether_the_pile_grows(browser):
    keep(*(came(ago(20)) for _nth in range(13)))
    grows = words_of(browser.get(PAGE).content.decode())
    keep(*(came(ago(200), days=190, status=Status.REFUSED) for _nth in range(26)))

    shrinks = words_of(browser.get(PAGE).content.decode())

    assert "kwamen er elke week 1,0 binnen" in grows
    assert "Dus groeit de stapel." in grows
    assert "Dus krimpt de stapel." in shrinks
