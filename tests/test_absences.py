"""Who of the desk is away, and who stands in."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from privacy.casework import absences, officer
from privacy.casework.colleagues import DECIDES, READS
from privacy.errors import AwayAlready, DaysMixedUp, UnfitStandIn
from privacy.models import Absence
from privacy.pages.people import DESK, DESK_ACTS
from privacy.pages.urgency import today

from . import races
from .makers import desk_permissions, make_member
from .signing_in import browser_of
from .test_holds import erased
from .test_page_desk import text_of

PAGE = reverse("privacy:absence")
DAY = date(2027, 3, 1)
WEEK = timedelta(days=7)


def colleague(name):
    member = make_member(name, last_name="Maes", is_staff=True)
    member.user_permissions.add(*desk_permissions())
    return member


@pytest.fixture
def els(db):
    return colleague("Els")


def note(who, stand_in, begins_on=DAY, ends_on=DAY + WEEK, on=DAY):
    return absences.note(who.subject.ref, stand_in_ref=stand_in.subject.ref, begins_on=begins_on, ends_on=ends_on, on=on)


def said(stand_in, begins_on=None, ends_on=None):
    begins_on = begins_on or today()
    return {"begins_on": begins_on, "ends_on": ends_on or begins_on + WEEK, "stand_in_ref": str(stand_in.subject.ref)}


def test_the_desk_and_its_pages_ask_for_the_same_permissions():
    assert (READS, DECIDES) == (DESK, DESK_ACTS)


def test_who_stands_in_is_written_to_on_those_days_alone(daan, els):
    note(daan, els)

    for day, is_told in [(DAY - timedelta(days=1), False), (DAY, True), (DAY + WEEK, True), (DAY + WEEK + timedelta(days=1), False)]:
        assert (els.email in officer.addresses(day)) == is_told


def test_who_lost_the_task_is_written_to_no_more(daan, els):
    note(daan, els)
    els.user_permissions.clear()

    assert officer.addresses(DAY) == ["dpo@platform.example"]


def test_of_two_who_stand_in_for_each_other_the_mailbox_is_left(daan, els):
    note(daan, els)
    note(els, daan)

    assert officer.addresses(DAY) == ["dpo@platform.example"]


def test_a_stand_in_who_is_away_hands_on_to_hers(daan, els):
    fien = colleague("Fien")
    note(daan, els)
    note(els, fien)

    assert officer.addresses(DAY) == ["dpo@platform.example", fien.email]


def test_only_who_may_decide_stands_in_and_never_oneself(daan, an):
    """T-18."""
    for stand_in in (an, daan):
        with pytest.raises(UnfitStandIn):
            note(daan, stand_in)
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(subject_ref=daan.subject.ref, stand_in_ref=daan.subject.ref, begins_on=DAY, ends_on=DAY)


@pytest.mark.parametrize(("begins", "ends"), [(-1, 5), (3, 2), (0, 366)])
def test_days_that_passed_or_are_mixed_up_or_last_for_ever_are_refused(daan, els, begins, ends):
    with pytest.raises(DaysMixedUp):
        note(daan, els, DAY + timedelta(days=begins), DAY + timedelta(days=ends))


@pytest.mark.parametrize(("begins", "ends"), [(0, 7), (7, 9), (-3, 0), (2, 3), (-1, 20)])
def test_one_is_away_once_at_a_time(daan, els, begins, ends):
    note(daan, els)

    with pytest.raises(AwayAlready):
        note(daan, els, DAY + timedelta(days=begins), DAY + timedelta(days=ends), on=DAY - WEEK)


def test_it_is_forgotten_after_a_while(daan, els):
    note(daan, els, today(), today() + WEEK, on=today())

    absences.forget(timezone.now() + timedelta(days=90))
    assert Absence.objects.exists()
    absences.forget(timezone.now() + timedelta(days=99))

    assert not Absence.objects.exists()


def test_she_notes_it_herself_and_everybody_of_the_desk_sees_it(daan, els):
    answer = browser_of(daan, headers={"accept-language": "nl"}).post(PAGE, said(els), follow=True)

    assert "Genoteerd" in text_of(answer)
    page = text_of(browser_of(els, headers={"accept-language": "nl"}).get(reverse("privacy:desk")))
    assert "Je vervangt Daan Wouters" in page


def test_a_colleague_is_offered_who_may_decide_and_nobody_else(daan, els, an):
    offered = dict(browser_of(daan).get(PAGE).context["form"].fields["stand_in_ref"].choices)

    assert set(offered) == {"", str(els.subject.ref)}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"stand_in_ref": "x"},
        {"begins_on": "gisteren"},
        {"ends_on": "9999-99-99"},
        {"begins_on": "0001-01-01"},
        {"ends_on": "9999-12-31"},
    ],
)
def test_a_form_that_is_not_right_changes_nothing(daan, els, given):
    answer = browser_of(daan).post(PAGE, said(els) | given if given else {})

    assert answer.status_code == 400
    assert not Absence.objects.exists()


def test_sent_twice_it_is_noted_once(daan, els):
    browser = browser_of(daan, headers={"accept-language": "nl"})
    browser.post(PAGE, said(els))

    answer = browser.post(PAGE, said(els))

    assert answer.status_code == 400
    assert "noteerde al" in text_of(answer)
    assert Absence.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_windows_at_once_one_notes_it(daan, els):
    races.needs_threads()

    results = races.at_once(lambda: note(daan, els), lambda: note(daan, els))

    assert sorted(type(result).__name__ for result in results) == ["Absence", "AwayAlready"]
    assert Absence.objects.count() == 1


def test_who_is_back_ends_it_and_nobody_ends_another_s(daan, els):
    absence = note(daan, els, today(), today() + WEEK, on=today())
    end = reverse("privacy:end_absence", args=[absence.pk])

    browser_of(els).post(end)
    assert Absence.objects.exists()
    for _twice in range(2):
        assert browser_of(daan).post(end).status_code == 302

    assert not Absence.objects.exists()


def test_a_member_is_not_of_the_desk(an):
    """T-18."""
    assert browser_of(an).get(PAGE).status_code == 403


def test_an_erased_colleague_leaves_no_absence(daan, els):
    """G-40."""
    note(daan, els)

    erased(els)

    assert not Absence.objects.exists()
