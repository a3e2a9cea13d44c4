"""Restrictions on the desk, and what the person reads of them."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.casework import asking, cases, weighing
from privacy.datamap import RestrictionGround, Right
from privacy.models import DataSubjectRequest, Rectification, Restriction, Statement, TrailEntry
from privacy.rights import restriction
from privacy.rights.statements import Place

from .makers import make_comment, make_member
from .properties.acts import erase
from .reading import questions
from .signing_in import browser_of
from .test_page_desk import HOSTILE, text_of

pytestmark = pytest.mark.django_db

LIST = reverse("privacy:restrictions")
OVERVIEW = reverse("privacy:overview")


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "nl"})


@pytest.fixture
def asked(an):
    return asking.ask(Right.RESTRICTION, subject=an.subject, activities=["usage"], ground="unlawful", text="Dit mag niet.")


def page_of(asked):
    return reverse("privacy:place_restriction", args=[asked.ref])


def one(row, act="restriction"):
    return reverse(f"privacy:{act}", args=[row.pk])


def restrict(member, **how):
    (row,) = restriction.begin(member.subject, ["usage"], ground=RestrictionGround.UNLAWFUL, **how)
    return row


def told(row, *, days_ago):
    at = timezone.now() - timedelta(days=days_ago)
    Restriction.objects.filter(pk=row.pk).update(announced_at=at, told_at=at)


def test_the_officer_puts_on_hold_what_was_asked(an, asked, browser):
    """G-33."""
    form = browser.get(page_of(asked)).context["form"]
    assert form.initial == {"uses": ["usage"], "ground": "unlawful"}

    answer = browser.post(page_of(asked), form.initial)

    row = Restriction.objects.get()
    assert answer.url == reverse("privacy:case", args=[asked.ref])
    assert (row.activity, row.ground, row.request_ref) == ("usage", "unlawful", asked.ref)


def test_for_an_objection_its_own_ground_is_filled_in(an, browser):
    """G-36: by form or letter she names none."""
    asked = cases.submit(Right.OBJECTION, subject=an.subject, channel="form")

    assert browser.get(page_of(asked)).context["form"].initial == {"uses": [], "ground": "objection"}


def test_all_uses_are_one_restriction(asked, browser):
    browser.post(page_of(asked), {"uses": ["all", "usage"], "ground": "accuracy"})

    assert Restriction.objects.get().activity == ""


@pytest.mark.parametrize("said", [{}, {"uses": "usage"}, {"ground": "accuracy"}, {"uses": "sign-in", "ground": "accuracy"}])
def test_nothing_is_put_on_hold_without_ground_or_use(asked, browser, said):
    """G-33."""
    answer = browser.post(page_of(asked), said)

    assert answer.status_code == 400
    assert not Restriction.objects.exists()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_hostile_gets_in(asked, browser, hostile):
    answer = browser.post(page_of(asked), {"uses": [hostile], "ground": hostile})

    assert answer.status_code == 400
    assert "<script>alert" not in answer.content.decode()
    assert not Restriction.objects.exists()


def test_sent_twice_it_says_that_it_is_on_hold_already(asked, browser):
    said = {"uses": ["usage"], "ground": "unlawful"}
    browser.post(page_of(asked), said)

    answer = browser.post(page_of(asked), said)

    assert answer.status_code == 400
    assert Restriction.objects.count() == 1


def test_of_who_was_erased_nothing_can_be_kept(an, asked, browser):
    erase(an.subject)

    answer = browser.get(page_of(asked))

    assert answer.status_code == 400


@pytest.mark.parametrize("act", ["restriction", "announce_restriction", "restriction_by_post", "lift_restriction"])
def test_a_number_that_is_none_is_a_page_that_says_so(browser, act):
    address = reverse(f"privacy:{act}", args=[4711])

    answer = browser.get(address) if act == "restriction" else browser.post(address)

    assert answer.status_code == 404


@pytest.mark.parametrize("act", ["announce_restriction", "restriction_by_post", "lift_restriction"])
def test_looking_changes_nothing(an, browser, act):
    row = restrict(an)

    assert browser.get(one(row, act)).status_code == 405


def test_it_is_told_and_then_ended(an, browser):
    """G-35."""
    row = restrict(an)
    browser.post(one(row, "announce_restriction"))
    assert Restriction.objects.get().announced_at
    early = browser.post(one(row, "lift_restriction"))
    assert early.status_code == 409
    told(row, days_ago=8)

    answer = browser.post(one(row, "lift_restriction"))

    assert answer.url == LIST
    assert not Restriction.objects.in_force().exists()


def test_two_days_after_our_letter_the_page_says_from_when(an, browser):
    """G-35."""
    row = restrict(an)
    told(row, days_ago=2)

    answer = browser.post(one(row, "lift_restriction"))

    assert answer.status_code == 409
    assert "kan eindigen vanaf" in text_of(answer)


def test_the_letter_by_post_is_noted(an, browser):
    row = restrict(an)
    an.emailaddress_set.all().delete()
    browser.post(one(row, "announce_restriction"))
    assert one(row, "restriction_by_post") in browser.get(one(row)).content.decode()

    browser.post(one(row, "restriction_by_post"))

    assert Restriction.objects.get().told_at


def test_who_has_an_address_is_not_said_to_be_told_by_post(an, browser):
    row = restrict(an)
    browser.post(one(row, "announce_restriction"))
    assert one(row, "restriction_by_post") not in browser.get(one(row)).content.decode()

    assert browser.post(one(row, "restriction_by_post")).status_code == 400
    assert not Restriction.objects.get().told_at


def test_about_herself_she_ends_nothing(daan, browser):
    """T-18."""
    row = restrict(daan)
    told(row, days_ago=8)

    answer = browser.post(one(row, "lift_restriction"))

    assert answer.status_code == 400
    assert Restriction.objects.in_force().exists()


def test_the_list_names_nobody_and_asks_as_much_for_many(an, bo, browser):
    restrict(an, request_ref="ABC")
    few = questions(browser, LIST)
    for number in range(4):
        restrict(make_member(f"Lid{number}"))

    page = text_of(browser.get(LIST))

    assert questions(browser, LIST) == few
    assert [name for name in (an.last_name, an.email) if name in page] == []
    assert "5" in page


def test_an_empty_list_says_so(browser):
    assert "niets" in text_of(browser.get(LIST)).lower()


def test_the_request_shows_what_is_on_hold(an, asked, browser):
    row = restrict(an)

    answer = browser.get(reverse("privacy:case", args=[asked.ref]))

    assert one(row) in answer.content.decode()


def test_she_reads_what_is_on_hold_since_when_and_why(an, asked):
    """G-34."""
    restrict(an, request_ref=asked.ref)

    page = text_of(browser_of(an, headers={"accept-language": "nl"}).get(OVERVIEW))

    assert "Wat je hier doet" in page
    assert "vandaag" in page
    assert asked.ref in page


def test_she_reads_nothing_where_nothing_is(an):
    assert "on_hold" not in str(browser_of(an).get(OVERVIEW).content)


def test_her_timeline_says_that_it_began(an, asked):
    restrict(an)

    page = unescape(text_of(browser_of(an, headers={"accept-language": "nl"}).get(OVERVIEW)))

    assert TrailEntry.objects.filter(event="restriction.begun", reason="unlawful").exists()
    assert "bewaren" in page


def test_she_disputes_a_value_that_she_cannot_correct(an):
    """G-30."""
    address = reverse("privacy:statement", args=["accounts.Member", an.pk, "date_joined"])

    answer = browser_of(an).post(address, {"text": "Ik ben al langer lid.", "disputed": "on"})

    request = DataSubjectRequest.objects.get()
    assert (request.right, request.status) == (Right.RECTIFICATION, "received")
    assert answer.url == reverse("privacy:request", args=[request.ref])
    assert Restriction.objects.get().ground == "accuracy"


def test_words_beside_a_value_restrict_nothing_by_themselves(an):
    """G-30."""
    address = reverse("privacy:statement", args=["accounts.Member", an.pk, "date_joined"])

    browser_of(an).post(address, {"text": "Ik ben al langer lid."})

    assert not Restriction.objects.exists()
    assert cases.DataSubjectRequest.objects.get().status == "fulfilled"


@pytest.fixture
def dispute(an):
    """An says that her comment has the wrong words in it: she cannot change those herself."""
    comment = make_comment(an, text="Ik werk in Gent.")
    place = Place("usage.Comment", str(comment.pk), "text")
    asked = weighing.dispute(an.subject, place, "Ik werk in Brugge.")
    return asked, comment, reverse("privacy:put_right", args=[asked.ref, Statement.objects.get().pk])


def test_the_officer_puts_a_disputed_value_right(dispute, browser):
    """G-30, G-32."""
    asked, comment, address = dispute
    assert address in browser.get(reverse("privacy:case", args=[asked.ref])).content.decode()

    browser.post(address, {"text": "Ik werk in Brugge."})

    comment.refresh_from_db()
    done = Rectification.objects.get()
    assert comment.text == "Ik werk in Brugge."
    assert (done.field, done.request_ref) == ("usage.Comment.text", asked.ref)
    assert "Brugge" not in str(Rectification.objects.values().get())


def test_the_same_value_once_more_is_no_correction(dispute, browser):
    _asked, comment, address = dispute

    answer = browser.post(address, {"text": comment.text})

    assert answer.status_code == 400
    assert not Rectification.objects.exists()


def test_what_was_answered_is_not_put_right_any_more(an, dispute, browser):
    asked, comment, address = dispute
    cases.cancel(asked)

    assert browser.post(address, {"text": "x"}).status_code == 404
    comment.refresh_from_db()
    assert comment.text == "Ik werk in Gent."


@pytest.mark.parametrize("column", ["email", "is_staff", "date_joined"])
def test_how_she_signs_in_and_what_we_recorded_is_not_written_at_the_desk(an, browser, column):
    """T-03: nobody takes an account over by a dispute."""
    asked = weighing.dispute(an.subject, Place("accounts.Member", str(an.pk), column), "Klopt niet.")
    address = reverse("privacy:put_right", args=[asked.ref, Statement.objects.get().pk])

    browser.post(address, {column: "1"})

    assert not Rectification.objects.exists()
