"""The desk of the data protection officer: who may look, and one request to read."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.casework import cases
from privacy.datamap import RefusalGround, Right
from privacy.days import day_of, today
from privacy.evidence.recipients import tell
from privacy.evidence.residue import Kind
from privacy.models import DataSubjectRequest, Notice, ResidueFinding, ResidueScan, Step, TrailEntry
from privacy.pages.docket import EVENTS
from privacy.pages.urgency import Urgent, urgent
from privacy.rights.statements import Statement

from .makers import make_favourite, make_member, make_partner
from .reading import questions
from .signing_in import browser_of
from .test_timeline import PRODUCT, recorded_in

QUEUE = reverse("privacy:desk")
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\u202eomgekeerd\x07", "x" * 2_000]


def case_of(asked):
    return reverse("privacy:case", args=[asked.ref])


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def asked_by(member, right=Right.OBJECTION, *, days_ago=0):
    return cases.submit(right, subject=member.subject, received_at=timezone.now() - timedelta(days=days_ago), identified_by="password")


def due_in(asked, days):
    DataSubjectRequest.objects.filter(pk=asked.pk).update(due_on=today() + timedelta(days=days))


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "nl"})


@pytest.mark.parametrize("address", [QUEUE, reverse("privacy:case", args=["ABCDEFGHJK"])])
def test_the_desk_opens_to_its_officer_alone(an, client, address):
    """T-18."""
    anonymous, teacher = client.get(address), browser_of(an).get(address)

    assert anonymous.headers["Location"].startswith(reverse("account_login"))
    assert teacher.status_code == 403


def test_the_queue_names_nobody(an, browser):
    """FACE: no names in the queue."""
    asked = asked_by(an)

    for address in [QUEUE, QUEUE + "?state=open", case_of(asked)]:
        body = browser.get(address).content.decode()
        assert not {name for name in ["Peeters", an.email, str(an.subject.ref)] if name in body}


@pytest.mark.parametrize(
    ("now", "days_left"),
    [(datetime(2026, 11, 29, 22, 59, tzinfo=UTC), 1), (datetime(2026, 11, 29, 23, 1, tzinfo=UTC), 0)],
)
def test_days_are_counted_in_brussels(an, now, days_left):
    """G-03: 23:01 UTC on the 29th is the 30th where we answer."""
    asked = DataSubjectRequest(due_on=datetime(2026, 11, 30).date(), received_at=now, status="received")

    assert Urgent(asked, day_of(now)).days_left == days_left


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


def test_a_request_that_does_not_exist_is_not_found_and_not_on_record(browser):
    for ref in ["NOPE", "x" * 2_000, "%00", "' OR 1=1"]:
        assert browser.get(QUEUE + ref + "/").status_code in {400, 404}
    assert not TrailEntry.objects.filter(event="desk.opened").exists()


def test_the_desk_only_reads(an, browser):
    asked = asked_by(an)

    assert browser.post(QUEUE).status_code == 405
    assert browser.post(case_of(asked)).status_code == 405


def test_every_event_of_a_request_has_words_at_the_desk():
    """What is recorded with a person and a number; those of the registers are other numbers."""
    sources = [path.read_text() for path in PRODUCT if "registers" not in path.parts]
    events = {event for source in sources for event in recorded_in(source, of_requests=True)} - {"profile.given"}  # by no request

    assert {"erasure.submitted", "restriction.lifted", "letter.posted", "consent.withdrawn"} <= events
    assert sorted(event for event in events if not {event, event.partition(".")[2]} & set(EVENTS)) == []


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
