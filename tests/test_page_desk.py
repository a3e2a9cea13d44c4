"""The desk of the data protection officer: the queue, and one request to read."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.casework import cases, deadlines
from privacy.datamap import RefusalGround, Right
from privacy.evidence.recipients import tell
from privacy.evidence.residue import Kind
from privacy.models import DataSubjectRequest, Notice, ResidueFinding, ResidueScan, Step, TrailEntry
from privacy.pages import desk, opening
from privacy.pages.docket import EVENTS
from privacy.pages.urgency import Urgent, urgent
from privacy.rights.statements import Statement

from .makers import make_favourite, make_member, make_partner
from .reading import questions
from .signing_in import browser_of

QUEUE = reverse("privacy:desk")
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\u202eomgekeerd\x07", "x" * 2_000]


def case_of(asked):
    return reverse("privacy:case", args=[asked.ref])


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def asked_by(member, right=Right.OBJECTION, *, days_ago=0):
    return cases.submit(right, subject=member.subject, received_at=timezone.now() - timedelta(days=days_ago), identified_by="password")


def due_in(asked, days):
    DataSubjectRequest.objects.filter(pk=asked.pk).update(due_on=deadlines.received_on(timezone.now()) + timedelta(days=days))


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "nl"})


@pytest.mark.parametrize("address", [QUEUE, reverse("privacy:case", args=["ABCDEFGHJK"])])
def test_the_desk_opens_to_its_officer_alone(an, client, address):
    """T-18."""
    anonymous, teacher = client.get(address), browser_of(an).get(address)

    assert anonymous.headers["Location"].startswith(reverse("account_login"))
    assert teacher.status_code == 403


def test_the_most_urgent_request_comes_first(an, bo, browser):
    """G-01, G-02."""
    for member, days in [(an, 12), (bo, -1), (make_member("Carla"), 0), (make_member("Els"), 3)]:
        due_in(asked_by(member), days)

    said = text_of(browser.get(QUEUE))

    places = [said.index(words) for words in ["1 dag te laat", "de laatste dag", "nog 3 dagen", "nog 12 dagen"]]
    assert places == sorted(places)
    assert "1 te laat 2 binnen 7 dagen 4 open" in said


def test_the_queue_names_nobody(an, browser):
    """FACE: no names in the queue."""
    asked = asked_by(an)

    for address in [QUEUE, case_of(asked)]:
        body = browser.get(address).content.decode()
        assert not {name for name in ["Peeters", an.email, str(an.subject.ref)] if name in body}


@pytest.mark.parametrize(
    ("now", "days_left"),
    [(datetime(2026, 11, 29, 22, 59, tzinfo=UTC), 1), (datetime(2026, 11, 29, 23, 1, tzinfo=UTC), 0)],
)
def test_days_are_counted_in_brussels(an, now, days_left):
    """G-03: 23:01 UTC on the 29th is the 30th where we answer."""
    asked = DataSubjectRequest(due_on=datetime(2026, 11, 30).date(), received_at=now, status="received")

    assert Urgent(asked, deadlines.received_on(now)).days_left == days_left


def test_filters_narrow_by_right_and_state(an, bo, browser):
    objection, complaint, closed = asked_by(an), asked_by(bo, Right.COMPLAINT), asked_by(bo)
    cases.refuse(closed, ground=RefusalGround.EXCEPTION, reasons="Er loopt een geschil.", actor_ref="dpo")

    def shown(query):
        return set(re.findall(r"[2-9A-Z]{10}", text_of(browser.get(QUEUE + query))))

    assert shown("") == {objection.ref, complaint.ref}
    assert shown("?right=complaint") == {complaint.ref}
    assert shown("?state=closed") == {closed.ref}
    assert shown("?state=late") == set()


@pytest.mark.parametrize("query", ["?right=x&state=y", "?right=<script>alert(1)</script>", "?page=99", "?page=x", "?state=" + "9" * 5_000])
def test_a_filter_that_does_not_exist_is_none(an, browser, query):
    asked = asked_by(an)

    answer = browser.get(QUEUE + query)

    assert asked.ref in text_of(answer)
    assert "<script>alert" not in answer.content.decode()


def test_a_long_queue_is_divided_and_keeps_its_filter(an, browser, monkeypatch):
    monkeypatch.setattr(desk, "ON_A_PAGE", 2)
    for number in range(3):
        asked_by(make_member(f"Lid{number}"))

    first = browser.get(QUEUE + "?right=objection")

    assert 'href="?state=open&amp;right=objection&amp;page=2"' in first.content.decode()
    assert len(re.findall("nog [0-9]+ dag", text_of(browser.get(QUEUE + "?right=objection&page=2")))) == 1


def test_fifty_requests_take_as_many_questions_as_one(an, browser):
    _in_trouble(an)
    few = questions(browser, QUEUE)
    for number in range(12):
        _in_trouble(make_member(f"Lid{number}"))

    assert questions(browser, QUEUE) == few <= 12


def _in_trouble(member):
    asked = asked_by(member, Right.ERASURE)
    cases.approve(asked, subject=member.subject, grace=timedelta(0))
    Step.objects.filter(run__request=asked, name="treat rows").update(problem="OperationalError", attempts=3)
    Notice.objects.update_or_create(
        recipient=make_partner(f"p{member.pk.hex}").recipient,
        request_ref=asked.ref,
        event="erasure",
        defaults={"subject_ref": asked.subject_ref, "attempts": 6},
    )
    return asked


def test_the_chip_says_what_is_stuck_or_what_happens(an, bo, browser):
    def said(asked):
        return urgent([DataSubjectRequest.objects.select_related("run").get(pk=asked.pk)])[0].now["text"]

    waiting, erasing = asked_by(an), asked_by(bo, Right.ERASURE)
    cases.approve(erasing, subject=bo.subject)

    assert said(waiting) == "Wacht op een besluit"
    assert said(erasing).startswith("Bedenktijd tot")
    assert said(_in_trouble(make_member("Carla"))) == "Een stap lukt niet"


def test_a_request_shows_its_steps_and_who_was_told(an, browser):
    """G-44, G-48: also when it fails."""
    asked = _in_trouble(an)

    said = text_of(browser.get(case_of(asked)))

    assert "3 pogingen, OperationalError" in said
    assert re.search(r"Onderweg 6 pogingen", said)
    assert "Aangemeld, wachtwoord herhaald" in said
    assert "Het verzoek kwam binnen door de betrokkene" in said


def test_a_request_shows_what_was_tried_to_reach_a_recipient(an, edupartner, browser):
    """G-48: and the database is asked as much after many attempts."""
    asked = asked_by(an, Right.ERASURE)
    notice = tell(edupartner.recipient, "erasure", subject_ref=an.subject.ref, known_as="", request_ref=asked.ref)
    notice.note_attempt("push", "503")
    browser.get(case_of(asked))
    after_one = questions(browser, case_of(asked))
    for _nth in range(9):
        notice.note_attempt("push", "timeout")

    said = text_of(browser.get(case_of(asked)))

    assert said.count("push: timeout") == 5
    assert questions(browser, case_of(asked)) == after_one


def test_an_erased_person_leaves_a_request_that_can_be_read(an, edupartner, browser):
    asked = asked_by(an, Right.ERASURE)
    tell(edupartner.recipient, "erasure", subject_ref=an.subject.ref, known_as="", request_ref=asked.ref)
    cases.approve(asked, subject=an.subject, grace=timedelta(0))
    cases.run(asked)

    said = text_of(browser.get(case_of(asked)))

    assert "Edupartner" in said
    assert "Peeters" not in said


def test_her_own_words_are_shown(an, browser):
    asked = asked_by(an)
    Statement.objects.create(subject_ref=asked.subject_ref, request_ref=asked.ref, about="usage", text="Ik wil dat niet.")
    Statement.objects.create(subject_ref=asked.subject_ref, request_ref="ANDERE2345", about="usage", text="Iets anders.")

    said = text_of(browser.get(case_of(asked)))

    assert "Ik wil dat niet." in said
    assert "Iets anders." not in said


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_stay_text(an, edupartner, browser, hostile):
    asked = asked_by(an)
    Statement.objects.create(subject_ref=asked.subject_ref, request_ref=asked.ref, about=hostile[:100], text=hostile)
    edupartner.recipient.name = hostile[:200]
    edupartner.recipient.save()
    tell(edupartner.recipient, "rectification", subject_ref=an.subject.ref, known_as="", request_ref=asked.ref, attributes=[hostile])
    cases.refuse(asked, ground=RefusalGround.EXCEPTION, reasons=hostile, actor_ref="dpo")

    body = browser.get(case_of(asked)).content.decode()

    assert "<script>alert" not in body
    assert "<img src=x" not in body


def test_opening_a_request_is_on_record_and_the_person_sees_it(an, daan, browser):
    """T-18: once per session and hour, so that loading again tells her nothing new."""
    asked = asked_by(an)

    for _look in range(3):
        browser.get(case_of(asked))
    browser_of(daan).get(case_of(asked))

    opened = TrailEntry.objects.filter(event="desk.opened")
    assert opened.count() == 2
    assert {(entry.subject_ref, entry.actor_ref, entry.request_ref) for entry in opened} == {
        (an.subject.ref, str(daan.subject.ref), asked.ref)
    }
    assert "opende je verzoek" in text_of(browser_of(an).get(reverse("privacy:requests")))


def test_after_an_hour_a_look_is_another(an, browser):
    asked = asked_by(an)
    browser.get(case_of(asked))
    session = browser.session
    session[opening.SESSION_KEY] = {asked.ref: (timezone.now() - opening.ONE_LOOK).timestamp() - 1}
    session.save()

    browser.get(case_of(asked))

    assert TrailEntry.objects.filter(event="desk.opened").count() == 2


def test_a_request_that_does_not_exist_is_not_found_and_not_on_record(browser):
    for ref in ["NOPE", "x" * 2_000, "%00", "' OR 1=1"]:
        assert browser.get(QUEUE + ref + "/").status_code in {400, 404}
    assert not TrailEntry.objects.filter(event="desk.opened").exists()


def test_the_desk_only_reads(an, browser):
    asked = asked_by(an)

    assert browser.post(QUEUE).status_code == 405
    assert browser.post(case_of(asked)).status_code == 405


def test_an_empty_desk_says_so(browser):
    assert "Niemand wacht op antwoord" in text_of(browser.get(QUEUE))
    assert "Niets is te laat" in text_of(browser.get(QUEUE + "?state=late"))


def test_every_event_of_a_request_has_words_at_the_desk(an, bo, browser):
    cancelled, refused = asked_by(an), asked_by(bo)
    cases.cancel(cancelled)
    cases.refuse(refused, ground=RefusalGround.EXCEPTION, reasons="Er loopt een geschil.", actor_ref="dpo")

    events = set(TrailEntry.objects.exclude(request_ref="").values_list("event", flat=True))

    assert {event for event in events if event.partition(".")[2] not in EVENTS} == set()


def test_before_an_erasure_tells_anybody_the_case_does_not_say_that_nobody_holds_something(an, daan):
    """G-49."""
    request = cases.submit(Right.ERASURE, subject=an.subject)

    page = browser_of(daan).get(reverse("privacy:case", args=[request.ref])).content.decode()

    assert "Tot nu toe is niemand verwittigd." in page


def test_the_case_lists_what_a_search_found(an, bo, browser):
    """What others wrote is for the desk to judge."""
    note = make_favourite(bo, note=f"Vraag het aan An Peeters, {an.email}.")
    request = cases.submit(Right.ERASURE, subject=an.subject)
    cases.approve(request, subject=an.subject, grace=timedelta(0))
    cases.run(request)

    answer = browser.get(case_of(request))

    groups = {group["kind"]: group for group in answer.context["docket"].searched.groups}
    assert list(groups) == [Kind.ANOTHERS, Kind.NAME, Kind.KEPT]
    assert groups[Kind.ANOTHERS]["places"][0]["keys"][0].replace("-", "") == note.pk.hex
    assert "usage_favourite.note" in text_of(answer)
    assert an.email not in answer.content.decode()


def test_what_a_search_found_is_asked_for_at_once(an, browser):
    request = cases.submit(Right.ERASURE, subject=an.subject)
    cases.approve(request, subject=an.subject, grace=timedelta(0))
    cases.run(request)
    browser.get(case_of(request))
    one = questions(browser, case_of(request))
    scan = ResidueScan.objects.get(request_ref=request.ref)
    ResidueFinding.objects.bulk_create([ResidueFinding(scan=scan, place=f"diary.{n}", kind="name", hits=1) for n in range(30)])

    assert questions(browser, case_of(request)) == one
