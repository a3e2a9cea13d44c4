"""The first page of the desk: what needs somebody today, narrowed, and several lines at once."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.casework import agenda, assigning, cases
from privacy.casework.agenda import Kind
from privacy.casework.queue import SOON_DAYS
from privacy.datamap import RefusalGround, Right
from privacy.models import Absence, AgendaItem, Assignment, DataSubjectRequest, TrailEntry
from privacy.pages import queue
from privacy.pages.urgency import today

from . import races
from .makers import desk_permissions, make_member
from .reading import questions
from .signing_in import browser_of
from .test_page_desk import _in_trouble, asked_by, text_of

QUEUE = reverse("privacy:desk")
HAND, SETTLE = reverse("privacy:hand"), reverse("privacy:settle")


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "nl"})


@pytest.fixture
def els(db):
    """Of the desk too."""
    member = make_member("Els", last_name="Maes", is_staff=True)
    member.user_permissions.add(*desk_permissions())
    return member


@pytest.fixture
def assistant(db):
    """Reads the desk, and does not decide there."""
    member = make_member("Fien", last_name="Smet", is_staff=True)
    member.user_permissions.add(*desk_permissions().filter(codename__startswith="view"))
    return member


def due_in(asked, days):
    day = today() + timedelta(days=days)
    DataSubjectRequest.objects.filter(pk=asked.pk).update(due_on=day)
    AgendaItem.objects.filter(request_ref=asked.ref).update(due_on=day)
    return asked


def shown(browser, query=""):
    page = browser.get(QUEUE + query).content.decode().partition("<tbody>")[2]
    return set(re.findall(r"[2-9A-Z]{10}", page.partition("</tbody>")[0]))


def item_of(asked, kind=Kind.DECIDE):
    return AgendaItem.objects.get(request_ref=asked.ref, kind=kind)


def came_back(asked):
    agenda.note(Kind.BOUNCED, asked.ref, today())
    return item_of(asked, Kind.BOUNCED)


def test_what_is_due_first_comes_first(an, bo, browser):
    """G-01, G-02."""
    for member, days in [(an, 12), (bo, -1), (make_member("Carla"), 0), (make_member("Els"), 3)]:
        due_in(asked_by(member, Right.RESTRICTION), days)

    said = text_of(browser.get(QUEUE + "?state=waiting"))

    places = [said.index(words) for words in ["1 dag te laat", "de laatste dag", "nog 3 dagen", "nog 12 dagen"]]
    assert places == sorted(places)
    assert "1 te laat 1 vandaag 1 binnen 7 dagen" in said


def test_what_is_not_due_in_a_week_does_not_need_her_today(an, bo, browser):
    soon, later = due_in(asked_by(an), SOON_DAYS), due_in(asked_by(bo), SOON_DAYS + 1)

    assert shown(browser) == {soon.ref}
    assert shown(browser, "?state=waiting") == {soon.ref, later.ref}


def test_what_a_worker_carries_out_needs_nobody_until_it_is_nearly_late(an, browser):
    asked = asked_by(an, Right.ERASURE)
    cases.approve(asked, subject=an.subject)
    quiet = text_of(browser.get(QUEUE))
    due_in(asked, 1)

    assert "of al te laat" not in quiet
    assert "1 verzoek dat vanzelf loopt, is bijna of al te laat." in text_of(browser.get(QUEUE))
    assert shown(browser, "?state=open") == {asked.ref}


def test_filters_narrow_what_waits(an, bo, browser):
    objection, complaint = asked_by(an), asked_by(bo, Right.COMPLAINT)
    came_back(complaint)
    DataSubjectRequest.objects.filter(pk=complaint.pk).update(channel="letter")

    assert shown(browser, "?state=waiting&right=complaint") == {complaint.ref}
    assert shown(browser, "?state=waiting&right=objection&channel=letter") == set()
    assert shown(browser, "?state=waiting&channel=letter") == {complaint.ref}
    assert shown(browser, "?state=waiting&kind=bounced") == {complaint.ref}
    assert shown(browser, "?state=today") == {complaint.ref}
    assert shown(browser, "?state=late") == set()
    assert shown(browser, "?state=waiting") == {objection.ref, complaint.ref}


def test_open_and_closed_requests_have_lists_of_their_own(an, bo, browser):
    archive, closed = asked_by(an, Right.ACCESS), asked_by(bo)
    cases.refuse(closed, ground=RefusalGround.EXCEPTION, reasons="Er loopt een geschil.", actor_ref="dpo")

    assert shown(browser, "?state=open") == {archive.ref}
    assert shown(browser, "?state=closed") == {closed.ref}
    assert shown(browser, "?state=closed&right=access") == set()


@pytest.mark.parametrize(
    "query",
    [
        "?right=x&state=y",
        "?right=<script>alert(1)</script>",
        "?page=99",
        "?page=x",
        "?state=" + "9" * 5_000,
        "?kind=none&channel=pigeon&mine=no",
    ],
)
def test_a_filter_that_does_not_exist_is_none(an, browser, query):
    asked = due_in(asked_by(an), 1)

    answer = browser.get(QUEUE + query)

    assert asked.ref in text_of(answer)
    assert "<script>alert" not in answer.content.decode()


def test_a_long_queue_is_divided_and_keeps_its_filter(an, browser, monkeypatch):
    monkeypatch.setattr(queue, "ON_A_PAGE", 2)
    for number in range(3):
        asked_by(make_member(f"Lid{number}"))

    first = browser.get(QUEUE + "?state=waiting&right=objection")

    assert 'href="?state=waiting&amp;right=objection&amp;page=2"' in first.content.decode()
    assert len(shown(browser, "?state=waiting&right=objection&page=2")) == 1


def test_no_list_is_longer_than_anybody_reads(browser, monkeypatch):
    monkeypatch.setattr("privacy.casework.queue.LISTED", 3)
    for number in range(5):
        due_in(asked_by(make_member(f"Lid{number}")), number)

    answer = browser.get(QUEUE)

    assert answer.context["page"].paginator.count == 3
    assert "De eerste 3, zonder namen" in text_of(answer)


def test_fifty_lines_take_as_many_questions_as_one(an, daan, browser):
    _waits_in_trouble(an, daan)
    few = {query: questions(browser, QUEUE + query) for query in ("", "?state=open", "?mine=1")}
    for number in range(12):
        _waits_in_trouble(make_member(f"Lid{number}"), daan)

    assert {query: questions(browser, QUEUE + query) for query in few} == few
    assert max(few.values()) <= 17


def _waits_in_trouble(member, colleague):
    asked = due_in(_in_trouble(member), 2)
    Assignment.objects.create(item=came_back(asked), colleague_ref=colleague.subject.ref)


def test_what_belongs_to_no_request_is_a_line_too(browser):
    agenda.note(Kind.REVIEW_SETTING, "ARCHIVE_HOURS", today())

    assert "ARCHIVE_HOURS" in text_of(browser.get(QUEUE))


def test_a_breach_leads_to_its_own_page(browser):
    agenda.note(Kind.BREACH, "LEK2345678", today())

    assert f'href="{reverse("privacy:breach", args=["LEK2345678"])}"' in browser.get(QUEUE).content.decode()


def test_an_empty_desk_says_so(browser):
    assert "wacht niemand op jou" in text_of(browser.get(QUEUE))
    assert "Niets is te laat" in text_of(browser.get(QUEUE + "?state=late"))


def test_she_takes_in_hand_what_she_ticked_and_sees_it_as_hers(an, bo, daan, browser):
    hers, other = due_in(asked_by(an), 1), due_in(asked_by(bo), 1)

    answer = browser.post(HAND, {"item": item_of(hers).pk, "mine": "1", "back": QUEUE + "?state=waiting"})

    assert answer["Location"] == QUEUE + "?state=waiting"
    assert Assignment.objects.get().colleague_ref == daan.subject.ref
    assert shown(browser, "?mine=1") == {hers.ref}
    assert shown(browser) == {hers.ref, other.ref}
    assert "Daan Wouters" in text_of(browser.get(QUEUE))


def test_a_colleague_gets_it_whoever_had_it(an, els, daan, browser):
    item = item_of(asked_by(an))
    browser.post(HAND, {"item": item.pk, "mine": "1"})

    browser.post(HAND, {"item": item.pk, "colleague": str(els.subject.ref)})

    assert Assignment.objects.get().colleague_ref == els.subject.ref


def test_nothing_is_handed_to_who_is_not_of_the_desk(an, bo, browser):
    item = item_of(asked_by(an))

    for colleague in [str(bo.subject.ref), "x", ""]:
        assert browser.post(HAND, {"item": item.pk, "colleague": colleague}).status_code == 400

    assert not Assignment.objects.exists()


@pytest.mark.parametrize("ticked", [[], ["x"], ["9" * 40], ["-1"], ["²"], ["1" * 17]])
def test_what_is_no_line_changes_nothing(an, browser, ticked):
    asked_by(an, Right.RESTRICTION)

    for act in (HAND, SETTLE):
        assert browser.post(act, {"item": ticked, "mine": "1"}).status_code == 302

    assert not Assignment.objects.exists()
    assert AgendaItem.objects.open().count() == 1


def test_what_came_back_is_done_once_somebody_saw_to_it(an, daan, browser):
    asked = asked_by(an, Right.RESTRICTION)
    bounced, decide = came_back(asked), item_of(asked)

    answer = browser.post(SETTLE, {"item": [bounced.pk, decide.pk]}, follow=True)

    assert set(AgendaItem.objects.open()) == {decide}
    entry = TrailEntry.objects.get(event="desk.settled")
    assert (entry.actor_ref, entry.reason) == (str(daan.subject.ref), "bounced")
    assert "1 is in orde" in text_of(answer)
    assert "1 blijft" in text_of(answer)


def test_of_two_who_settle_it_one_is_on_record(an, els, browser):
    item = came_back(asked_by(an))
    other = browser_of(els)

    for window in (browser, other, browser):
        window.post(SETTLE, {"item": item.pk})

    assert TrailEntry.objects.filter(event="desk.settled").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_settle_and_take_it_at_once_each_is_answered(an, daan, els):
    """One settles it, the other had it for a moment or found it done; nothing is lost and nothing fails."""
    races.needs_threads()
    item = came_back(asked_by(an))
    items = AgendaItem.objects.filter(pk=item.pk)

    results = races.at_once(
        lambda: agenda.settle(item.kind, item.request_ref, daan.subject.ref),
        lambda: agenda.settle(item.kind, item.request_ref, els.subject.ref),
        lambda: assigning.hand(items, daan.subject.ref),
        lambda: assigning.hand(items, els.subject.ref),
    )

    assert sorted(results[:2]) == [False, True]
    assert set(results[2:]) <= {0, 1}
    assert TrailEntry.objects.filter(event="desk.settled").count() == 1


def test_together_nothing_is_ever_decided(an, browser):
    """FACE: one decision at a time."""
    for kind in set(Kind) - set(agenda.SETTLED_BY_HAND):
        agenda.note(kind, "ABC", today())

    browser.post(SETTLE, {"item": list(AgendaItem.objects.values_list("pk", flat=True))})

    assert not AgendaItem.objects.filter(done_at__isnull=False).exists()


def test_an_assistant_hands_over_and_settles_nothing(an, assistant):
    """T-18."""
    item, browser = came_back(asked_by(an)), browser_of(assistant)

    assert browser.post(HAND, {"item": item.pk, "mine": "1"}).status_code == 302
    assert browser.post(SETTLE, {"item": item.pk}).status_code == 403


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/account/", "javascript:alert(1)"])
def test_the_way_back_from_an_act_is_the_desk(an, browser, back):
    assert browser.post(HAND, {"item": item_of(asked_by(an)).pk, "mine": "1", "back": back})["Location"] == QUEUE


def test_who_stands_in_sees_what_the_other_has_in_hand(an, daan, els):
    asked = due_in(asked_by(an), 1)
    Assignment.objects.create(item=item_of(asked), colleague_ref=daan.subject.ref)
    browser = browser_of(els, headers={"accept-language": "nl"})
    before = shown(browser, "?mine=1")
    Absence.objects.create(subject_ref=daan.subject.ref, stand_in_ref=els.subject.ref, begins_on=today(), ends_on=today())

    assert (before, shown(browser, "?mine=1")) == (set(), {asked.ref})
    assert "Je vervangt Daan Wouters tot en met vandaag." in text_of(browser.get(QUEUE))


def test_a_request_shows_what_waits_in_it_and_what_else_the_person_asked(an, daan, browser):
    asked, other = asked_by(an), asked_by(an, Right.COMPLAINT)
    Assignment.objects.create(item=item_of(asked), colleague_ref=daan.subject.ref)

    said = text_of(browser.get(reverse("privacy:case", args=[asked.ref])))

    assert "Over een verzoek beslissen" in said
    assert "opgenomen door Daan Wouters" in said
    assert other.ref in said
    assert "Peeters" not in said


def test_the_context_of_a_request_is_asked_for_at_once(an, browser):
    asked = asked_by(an)
    page = reverse("privacy:case", args=[asked.ref])
    browser.get(page)
    asked_by(an, Right.COMPLAINT)
    came_back(asked)
    few = questions(browser, page)
    for right in (Right.INFORMATION, Right.RESTRICTION, Right.RECTIFICATION):
        asked_by(an, right)
    for kind in (Kind.IDENTIFY, Kind.NOT_REACHED):
        agenda.note(kind, asked.ref, today())

    assert questions(browser, page) == few


def test_what_was_closed_lately_is_counted_and_how_much_in_time(an, bo, browser):
    for member, days in [(an, 3), (bo, -2)]:
        asked = due_in(asked_by(member), days)
        cases.refuse(asked, ground=RefusalGround.EXCEPTION, reasons="Er loopt een geschil.", actor_ref="dpo")
    long_ago = asked_by(make_member("Carla"))
    cases.cancel(long_ago)
    DataSubjectRequest.objects.filter(pk=long_ago.pk).update(closed_at=timezone.now() - timedelta(days=31))

    assert "1 van 2 op tijd afgesloten in 30 dagen" in text_of(browser.get(QUEUE))
