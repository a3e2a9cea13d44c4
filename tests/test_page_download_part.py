"""A part of her data: one category, a period, what changed; how much that is, and asking for it."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.casework import cases, disowning, mailing
from privacy.casework.earlier import MARGIN, earlier_archives
from privacy.datamap import Right
from privacy.days import start_of
from privacy.models import Archive, DataSubjectRequest
from privacy.pages.part_form import PartForm
from privacy.rights import access
from privacy.rights.caption import caption
from privacy.rights.estimate import Estimate
from privacy.rights.portability import Kind, Scope

from . import races
from .archives import Opened, archive_of
from .makers import make_score, make_view
from .reading import questions, words_of
from .reports import text_of
from .signing_in import browser_of

PAGE, PART = reverse("privacy:download"), reverse("privacy:download_part")


@pytest.fixture
def browser(an):
    return browser_of(an)


def looked(browser, **said):
    return words_of(browser.get(PART, {"kind": "everything", **said}).content.decode())


def answered(member, scope=Scope.EVERYTHING):
    request = cases.submit(scope.right, subject=member.subject, scope=scope.words)
    cases.approve(request, subject=member.subject)
    cases.run(request)
    return request


def in_march(member):
    return make_view(member, viewed_at=datetime(2026, 3, 31, 21, 59, tzinfo=UTC))  # 23:59 in Brussels


# Which part


def test_the_two_plain_choices_stay_one_click_away_and_the_rest_is_folded(browser):
    page = browser.get(PAGE).content.decode()

    assert page.count('name="scope"') == 2
    assert page.index("Maak mijn archief") < page.index("<details") < page.index('name="category"')


def test_each_category_is_named_with_how_many_records_of_hers_it_has(an, bo, browser):
    make_view(an)
    make_view(bo)
    browser.get(PAGE)
    expected = archive_of(an, scope=Scope(activity="usage")).manifest["rows"]

    assert f"Wat je hier doet ({expected})" in browser.get(PAGE).content.decode()


def test_how_much_a_part_is_stands_there_before_it_is_made(an, browser):
    make_view(an)
    make_score(an)
    expected = archive_of(an, scope=Scope(activity="usage")).manifest["rows"]

    text = looked(browser, category="usage")

    assert f"{expected} gegevens, ongeveer" in text
    assert not DataSubjectRequest.objects.exists()


def test_the_last_day_of_a_period_is_part_of_it(an, browser):
    in_march(an)

    assert "1 gegeven," in looked(browser, category="usage", since="2026-03-31", until="2026-03-31")
    assert "Hiervan hebben we niets" in looked(browser, category="usage", since="2026-03-01", until="2026-03-30")
    assert "Hiervan hebben we niets" in looked(browser, category="usage", since="2026-04-01", until="2026-04-02")


def test_what_is_looked_at_is_what_is_asked(an, browser):
    in_march(an)
    said = {"kind": "portable", "category": "usage", "since": "2026-03-01", "until": "2026-03-31"}
    form = browser.get(PART, said).context["choice"].scope

    answer = browser.post(PAGE, {"scope": form.kind, "part": form.words})

    request = DataSubjectRequest.objects.get()
    assert answer.url == reverse("privacy:request", args=[request.ref])
    assert Scope.of(request) == Scope(Kind.PORTABLE, "usage", start_of(date(2026, 3, 1)), start_of(date(2026, 4, 1)))


def test_her_pages_say_which_part_she_asked(an, browser):
    request = answered(an, Scope(Kind.PORTABLE, "usage", start_of(date(2025, 3, 1)), start_of(date(2025, 4, 1))))
    said = "De gegevens van “Wat je hier doet” die je kan meenemen, vanaf 1 maart 2025, tot en met 31 maart 2025"

    for page in (PAGE, reverse("privacy:requests"), reverse("privacy:request", args=[request.ref])):
        assert said in unescape(browser.get(page).content.decode())


def test_a_part_of_a_purpose_that_is_declared_no_longer_is_still_listed(an, browser):
    answered(an)
    DataSubjectRequest.objects.update(scope="activity=dropped")

    assert "Een kopie van al je gegevens" in browser.get(PAGE).content.decode()


# What is no part


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"since": "2026-03-02", "until": "2026-03-01"}, "Deze dag ligt voor de dag waarop het begint."),
        ({"since": "0001-01-01"}, "Zo oud is niets wat we hebben."),
        ({"until": "0001-01-01"}, "Zo oud is niets wat we hebben."),
        ({"until": "9999-12-31"}, "Deze dag moet nog komen."),
        ({"since": "9999-12-31"}, "Deze dag moet nog komen."),
        ({"since": "2026-02-30"}, "Deze dag kennen we niet."),
        ({"until": "x" * 10_000}, "Deze dag kennen we niet."),
        ({"until": "<script>alert(1)</script>"}, "Deze dag kennen we niet."),
        ({"category": "nothing"}, "Deze categorie kennen we niet."),
        ({"kind": ""}, "Kies een van de twee."),
        ({"kind": "\u202e\U0001f600"}, "Kies een van de twee."),
    ],
)
def test_what_makes_no_sense_gets_a_sentence_beside_the_field_and_stays(browser, said, sentence):
    page = browser.get(PART, {"kind": "everything", **said})

    assert page.status_code == 200
    assert sentence in words_of(page.content.decode())
    assert [page.context["form"][name].value() for name in said] == list(said.values())
    assert 'name="part"' not in page.content.decode()
    assert "<script>alert(1)" not in page.content.decode()


@pytest.mark.parametrize(
    "part",
    [
        "activity=nothing",
        "since=yesterday",
        "since=2026-03-01",
        "since=0001-01-01T00:00:00%2B14:00",
        "until=9999-12-31T23:59:59-14:00",
        "since=2026-03-02T00:00:00%2B00:00&until=2026-03-01T00:00:00%2B00:00",
        "activity=usage&more=1",
        "x" * 100_000,
        "activity=" + "\u202e\U0001f600" * 1_000,
        "%00%ff",
    ],
)
def test_a_part_that_nobody_offered_asks_nothing(browser, part):
    answer = browser.post(PAGE, {"scope": "everything", "part": part}, follow=True)

    assert answer.status_code == 200
    assert "Kies welke gegevens je wil" in words_of(answer.content.decode())
    assert not DataSubjectRequest.objects.exists()


@pytest.mark.parametrize("name", ["kind", "category", "since", "until"])
def test_a_null_character_is_no_choice(name):
    """The platform refuses it before; another host may not."""
    form = PartForm(defaultdict(lambda: Estimate(0, 0, 0)), {"kind": "everything", name: "\0"})

    assert list(form.errors) == [name]


def test_an_empty_page_asks_which_part(browser):
    assert "Kies hieronder welk deel" in words_of(browser.get(PART).content.decode())


# One at a time


def test_the_same_part_twice_is_one_request_and_another_part_is_another(browser):
    first = browser.post(PAGE, {"scope": "everything", "part": "activity=usage"})
    again = browser.post(PAGE, {"scope": "everything", "part": "activity=usage"})
    other = browser.post(PAGE, {"scope": "everything", "part": "activity=account"})
    whole = browser.post(PAGE, {"scope": "everything"})

    assert first.url == again.url
    assert len({first.url, other.url, whole.url}) == DataSubjectRequest.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_at_once_one_asks_for_the_part(an):
    races.needs_threads()
    browsers = [browser_of(an), browser_of(an)]

    asked = {"scope": "everything", "part": "activity=usage"}
    answers = races.at_once(*(lambda browser=browser: browser.post(PAGE, asked).url for browser in browsers))

    assert len(set(answers)) == 1
    assert DataSubjectRequest.objects.count() == 1


def test_all_parts_together_count_for_the_quota(an, browser, settings):
    """T-24."""
    settings.PRIVACY = {**settings.PRIVACY, "ARCHIVES_PER_DAY": 2}
    answered(an, Scope(activity="usage"))
    answered(an, Scope(activity="account"))

    answer = browser.post(PAGE, {"scope": "everything", "part": "activity=showing"})

    assert (answer.status_code, DataSubjectRequest.objects.count()) == (429, 2)


# What changed


def test_what_changed_since_her_last_archive_is_offered_once_there_is_one(an, browser):
    assert "sinds je vorige archief" not in browser.get(PAGE).content.decode()
    request = answered(an)

    assert f"{PART}?after={request.ref}" in browser.get(PAGE).content.decode()


def test_nothing_falls_between_two_archives(an, browser):
    """Not what was written down while the first was made, nor what became visible only after it."""
    make_view(an, viewed_at=timezone.now() - timedelta(days=1))
    request = answered(an)
    make_view(an, viewed_at=DataSubjectRequest.objects.get().approved_at - timedelta(minutes=9))
    make_view(an)

    scope = browser.get(PART, {"after": request.ref}).context["choice"].scope

    assert scope.since == request.approved_at - MARGIN < request.run.not_before
    assert len(archive_of(an, scope=scope).rows("usage.ResourceView")) == 2


def test_it_goes_on_from_an_archive_that_expired(an, browser):
    request = answered(an)
    access.expire(timezone.now() + timedelta(days=4))

    assert "veranderd sinds vandaag" in words_of(browser.get(PART, {"after": request.ref}).content.decode())


def test_it_goes_on_from_the_last_one_of_its_kind(an):
    for scope in (Scope(activity="usage"), Scope.EVERYTHING, Scope(activity="usage"), Scope.PORTABLE):
        answered(an, scope)

    asked = [earlier.scope for earlier in earlier_archives(an.subject)]

    assert asked == [Scope.PORTABLE, Scope(activity="usage"), Scope.EVERYTHING]


def test_a_second_one_goes_on_from_the_first(an):
    answered(an)
    [first] = earlier_archives(an.subject)
    answered(an, first.next())

    [second] = earlier_archives(an.subject)

    assert second.scope == first.next()
    assert second.next().since > first.next().since


def test_one_of_a_period_that_ended_is_no_beginning(an):
    answered(an, Scope(until=timezone.now() - timedelta(days=1)))

    assert earlier_archives(an.subject) == []


def test_one_up_to_and_including_today_is_a_beginning(an):
    answered(an, Scope(until=timezone.now() + timedelta(hours=3)))

    [earlier] = earlier_archives(an.subject)

    assert earlier.next().until is None


def test_one_that_somebody_else_asked_for_is_no_beginning(an):
    """T-07: it was destroyed, and she may never have had it."""
    disowning.disown(answered(an))

    assert earlier_archives(an.subject) == []


def test_one_that_was_never_made_is_no_beginning(an):
    cases.cancel(cases.submit(Right.ACCESS, subject=an.subject))

    assert earlier_archives(an.subject) == []


def test_the_archive_of_somebody_else_is_no_beginning(bo, browser):
    assert browser.get(PART, {"after": answered(bo).ref}).status_code == 404
    assert browser.get(PART, {"after": "<script>\u202e"}).status_code == 404


# Nothing


def test_of_what_we_do_not_hold_she_gets_a_confirmation(an, browser):
    """G-20."""
    assert "Maak mijn bevestiging" in looked(browser, category="misconduct")
    request = answered(an, Scope(activity="misconduct"))

    with access.open_archive(request) as file:
        archive = Opened(file.read())
        manifest = archive.manifest

    assert (manifest["rows"], manifest["holds_data"]) == (0, False)
    assert "bevestigt: van wat gevraagd is, hebben we niets over jou" in manifest["confirmation"]
    assert "Overtreden regels" in manifest["confirmation"]
    assert manifest["confirmation"].split(":")[0] in text_of(archive.zip.read("report.pdf"))
    page = words_of(browser.get(reverse("privacy:request", args=[request.ref])).content.decode())
    assert "Hiervan hebben we niets" in page


def test_the_letter_says_that_there_is_nothing(an, mailoutbox):
    """G-20."""
    answered(an, Scope(activity="misconduct"))

    mailing.send_due()

    assert "Van wat je vroeg, hebben we niets." in mailoutbox[-1].body


def test_of_what_we_hold_nothing_is_confirmed(an):
    manifest = archive_of(an).manifest

    assert (manifest["holds_data"], manifest["confirmation"]) == (True, None)


# The page


def test_as_many_questions_to_the_database_whatever_we_hold(an, browser):
    said = {"kind": "everything", "category": "usage", "since": "2026-01-01"}
    few = questions(browser, PART, said)
    for _ in range(5):
        answered(an, Scope(activity="usage"))
        make_view(an)

    assert questions(browser, PART, said) == few <= 18


def test_the_page_of_all_asks_as_many_whatever_she_had_before(an, browser):
    answered(an)
    few = questions(browser, PAGE)
    for slug in ("usage", "account", "showing"):
        answered(an, Scope(activity=slug))

    assert questions(browser, PAGE) == few <= 16


def test_htmx_reads_what_is_wrong_in_place(browser):
    page = browser.get(PART, {"kind": "everything", "since": "9999-12-31"}, headers={"HX-Request": "true"}).content.decode()

    measure = page.partition('id="measure"')[2].partition("</div>")[0]
    assert "Deze dag moet nog komen." in measure


def test_who_asks_late_shows_first_who_she_is_and_comes_back_to_her_choice(browser):
    """T-07."""
    session = browser.session
    session["privacy.identified"] = ["sign_in", 0]
    session.save()
    here = f"http://testserver{PART}?kind=everything&category=usage"

    answer = browser.post(PAGE, {"scope": "everything", "part": "activity=usage"}, headers={"Referer": here})

    assert "category%3Dusage" in answer.url
    assert not Archive.objects.exists()


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (Scope.EVERYTHING, "al je gegevens"),
        (Scope.PORTABLE, "de gegevens die je kan meenemen"),
        (Scope(since=start_of(date(2026, 3, 1))), "al je gegevens, vanaf 1 maart 2026"),
        (Scope(since=datetime(2026, 3, 1, 8, tzinfo=UTC)), "al je gegevens, veranderd sinds 1 maart 2026, 09:00"),
        (Scope(until=start_of(date(2026, 3, 1))), "al je gegevens, tot en met 28 februari 2026"),
        (Scope(until=datetime(2026, 7, 1, 8, tzinfo=UTC)), "al je gegevens, tot 1 juli 2026, 10:00"),
    ],
)
def test_a_part_in_words(scope, said):
    assert caption(scope) == said
