"""What we suggest to a member, from what, and how she stops it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from privacy.models import Rectification
from privacy.rights import erasure
from usage import recommending
from usage.models import Level, Publication

from .makers import make_favourite, make_folder, make_member, make_message, make_publication, make_resource, make_view
from .reading import questions, words_of
from .signing_in import browser_of

PAGE, SWITCH = reverse("usage:for_you"), reverse("usage:switch_suggestions")


def offer(author, title="Breuken vergelijken", subject_taught="wiskunde", **fields):
    return make_publication(author, make_resource(title, subject_taught=subject_taught, **fields))


def opened(member, times=1, subject_taught="wiskunde", **fields):
    """By nobody who is there: what she opened is not what is suggested."""
    return [make_view(member, make_resource(subject_taught=subject_taught, **fields)) for _time in range(times)]


def titles(member):
    return [publication.resource.title for each in recommending.suggest(member) for publication in each.publications]


def reasons(member):
    return [str(each.interest.reason) for each in recommending.suggest(member)]


def read(browser) -> str:
    return words_of(browser.get(PAGE, headers={"accept-language": "en"}).content.decode())


def test_what_she_opened_most_is_suggested_with_the_reason(an, bo):
    offer(bo)
    opened(an, 5)

    said = read(browser_of(an))

    assert "Breuken vergelijken" in said
    assert "Because you opened 5 resources about mathematics." in said


def test_the_same_resource_opened_twice_counts_once(an, bo):
    offer(bo)
    resource = make_resource()
    for _time in range(3):
        make_view(an, resource)

    assert [each.interest.opened for each in recommending.suggest(an)] == [1]


def test_keeping_counts_for_more_than_opening(an, bo):
    offer(bo, "Werkwoorden", "Frans")
    offer(bo, "Breuken")
    opened(an, 1)
    folder = make_folder(an)
    make_favourite(an, make_resource(subject_taught="Frans"), folder=folder)

    assert titles(an) == ["Werkwoorden", "Breuken"]


def test_subject_and_level_are_one_interest(an, bo):
    offer(bo, "Voor de lagere school", level=Level.PRIMARY)
    offer(bo, "Voor de derde graad", level=Level.THIRD)
    opened(an, level=Level.PRIMARY)

    assert titles(an) == ["Voor de lagere school"]


def test_what_she_knows_is_hers_or_was_taken_back_is_not_suggested(an, bo):
    opened(an)
    make_view(an, offer(bo, "Al geopend").resource)
    make_favourite(an, offer(bo, "Al bewaard").resource)
    offer(an, "Van haarzelf")
    offer(bo, "Teruggenomen", removed_at="2026-01-01T00:00Z")
    offer(bo, "Nieuw")

    assert titles(an) == ["Nieuw"]


def test_hidden_and_former_members_are_left_out_alike(an, bo):
    """K-14: else the difference would tell who asked for erasure."""
    opened(an)
    offer(bo, "Van Bo")
    former = offer(bo, "Van een gewezen lid")
    Publication.objects.filter(pk=former.pk).update(author=None)
    erasure.hide(bo.subject)

    assert titles(an) == []


def test_of_each_interest_the_newest_few_are_shown(an, bo):
    opened(an)
    for number in range(recommending.OF_EACH + 2):
        offer(bo, f"Les {number}")

    assert titles(an) == [f"Les {number}" for number in range(recommending.OF_EACH + 1, 1, -1)]


def test_who_she_is_and_what_she_writes_play_no_part(an, bo):
    """K-2: two members who opened the same get the same."""
    els = make_member("Els", gender="other", birth_date=None, town="2000 Antwerpen", occupation="geeft Frans")
    for member in (an, els):
        make_view(member, make_resource("Gelezen"))
    make_message(els, bo, "Heb jij iets over Frans?")
    offer(bo, "Frans", "Frans")
    offer(bo, "Breuken")

    with CaptureQueriesContext(connection) as asked:
        assert titles(an) == titles(els) == ["Breuken"]
    assert not any("usage_message" in query["sql"] for query in asked)


def test_who_did_nothing_yet_is_told_so(an, bo):
    offer(bo)

    assert "Nothing yet" in read(browser_of(an))


def test_turned_off_nothing_is_worked_out_and_the_page_says_so(an, bo):
    offer(bo)
    opened(an)
    browser = browser_of(an)

    browser.post(SWITCH)

    an.refresh_from_db()
    with CaptureQueriesContext(connection) as asked:
        assert recommending.suggest(an) == []
    assert len(asked) == 0
    said = read(browser)
    assert "You turned this off" in said
    assert "Breuken vergelijken" not in said


def test_turning_off_is_on_record_once(an):
    browser = browser_of(an)

    for _click in range(2):
        assert browser.post(SWITCH).headers["Location"] == PAGE

    assert list(Rectification.objects.values_list("field", flat=True)) == ["accounts.Member.recommendations"]


def test_it_can_be_turned_on_again(an):
    browser = browser_of(an)
    browser.post(SWITCH)

    browser.post(SWITCH, {"recommendations": "on"})

    an.refresh_from_db()
    assert an.recommendations


def test_the_page_asks_as_much_for_many_as_for_few(an, bo):
    offer(bo)
    opened(an)
    browser = browser_of(an)
    few = questions(browser, PAGE)
    for taught in ("wiskunde", "Frans", "muziek", "Engels"):
        opened(an, 3, taught)
        for number in range(4):
            offer(make_member(f"Lid {taught} {number}"), f"{taught} {number}", taught)

    assert questions(browser, PAGE) == few


@pytest.mark.parametrize("numbers", [(1, 0), (0, 1), (2, 3)])
def test_every_reason_is_a_sentence(numbers):
    reason = recommending.Interest("wiskunde", Level.PRIMARY, *numbers).reason

    assert str(max(numbers)) in reason
    assert "wiskunde" in reason
