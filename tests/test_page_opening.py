"""Before a request is opened on the desk somebody says why; the person reads it (T-18)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.evidence.remarks import WORDS_AT_MOST
from privacy.models import DataSubjectRequest, Remark, TrailEntry
from privacy.pages import opening

from .signing_in import browser_of
from .test_page_desk import asked_by, case_of, text_of
from .test_page_letter import letter
from .test_restriction import restrict

HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\u202eomgekeerd"]
WHY = {"why": "question", "words": "vraag per telefoon"}


def question_of(asked):
    return reverse("privacy:open", args=[asked.ref])


def looks():
    return TrailEntry.objects.filter(event="desk.opened")


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "nl"}, says_why=False)


@pytest.mark.parametrize("name", ["case", "certificate", "decide", "place_hold"])
def test_each_page_of_a_request_asks_first_and_then_leads_there(an, browser, name):
    """T-18."""
    asked = asked_by(an)
    page = reverse(f"privacy:{name}", args=[asked.ref, "pdf"] if name == "certificate" else [asked.ref])

    asking = browser.get(page)
    answer = browser.post(asking["Location"], WHY)

    assert asking["Location"].startswith(question_of(asked))
    assert answer["Location"] == page


def test_the_reason_is_on_record_and_the_person_reads_it(an, daan, browser):
    """T-18: the code in the trail, her words beside it."""
    asked = asked_by(an)

    browser.post(question_of(asked), WHY)

    entry = looks().get()
    assert (entry.subject_ref, entry.actor_ref, entry.request_ref, entry.reason) == (
        an.subject.ref,
        str(daan.subject.ref),
        asked.ref,
        "question",
    )
    assert Remark.objects.get(entry_id=entry.pk).text == WHY["words"]
    said = text_of(browser_of(an, headers={"accept-language": "nl"}).get(reverse("privacy:requests")))
    assert "opende je verzoek" in said
    assert "vraag per telefoon" in said


def test_a_look_at_somebody_who_is_restricted_is_on_record_too(an, browser):
    """G-30, T-18: to note it is no use of her data."""
    asked = asked_by(an)
    restrict(an)

    browser.post(question_of(asked), WHY)

    assert looks().get().subject_ref == an.subject.ref
    assert browser.get(case_of(asked)).status_code == 200


def test_until_somebody_said_why_nothing_is_shown_and_nothing_on_record(an, browser):
    asked = asked_by(an)

    said = text_of(browser.get(case_of(asked), follow=True))

    assert "Waarom open je dit verzoek?" in said
    assert "Peeters" not in said
    assert not looks().exists()


@pytest.mark.parametrize("given", [{}, {"why": "nieuwsgierig"}, {"why": "check"}, {"why": "check", "words": "   "}, {"why": ["x"] * 50}])
def test_without_a_reason_of_the_list_it_stays_closed(an, browser, given):
    asked = asked_by(an)

    assert browser.post(question_of(asked), given).status_code == 400

    assert not looks().exists()


def test_to_answer_it_needs_no_words(an, browser):
    asked = asked_by(an)

    assert browser.post(question_of(asked), {"why": "answer"}).status_code == 302

    assert looks().get().reason == "answer"
    assert not Remark.objects.exists()


def test_too_many_words_are_refused_and_stay_in_the_form(an, browser):
    answer = browser.post(question_of(asked_by(an)), {"why": "check", "words": "w" * (WORDS_AT_MOST + 1)})

    assert answer.status_code == 400
    assert "w" * (WORDS_AT_MOST + 1) in answer.content.decode()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_stay_text_where_the_person_reads_them(an, browser, hostile):
    browser.post(question_of(asked_by(an)), {"why": "check", "words": hostile})

    body = browser_of(an).get(reverse("privacy:requests")).content.decode()

    assert "<script>alert" not in body
    assert "<img src=x" not in body


def test_one_look_is_one_hour_in_one_session(an, daan, browser):
    """So that loading again tells her nothing new."""
    asked = asked_by(an)
    browser.post(question_of(asked), WHY)

    assert browser.get(case_of(asked)).status_code == 200
    assert browser.post(question_of(asked), WHY)["Location"] == case_of(asked)
    assert browser_of(daan, says_why=False).get(case_of(asked)).status_code == 302
    assert looks().count() == 1


def test_after_an_hour_it_is_asked_again(an, browser):
    asked = asked_by(an)
    browser.post(question_of(asked), WHY)
    session = browser.session
    session[opening.SESSION_KEY] = {asked.ref: (timezone.now() - opening.ONE_LOOK).timestamp() - 1}
    session.save()

    assert browser.get(case_of(asked)).status_code == 302


def test_one_request_opens_no_other(an, bo, browser):
    browser.post(question_of(asked_by(an)), WHY)

    assert browser.get(case_of(asked_by(bo))).status_code == 302


def test_what_was_sent_before_a_reason_is_not_done(an, daan, bo):
    """It is sent again by hand."""
    bo.user_permissions.set(daan.user_permissions.all())
    browser_of(daan).post(reverse("privacy:letter"), letter(an))
    asked = DataSubjectRequest.objects.get(right="erasure")
    browser = browser_of(bo, says_why=False)

    answer = browser.post(reverse("privacy:decide", args=[asked.ref]), {"refuse": "1", "ground": "exception", "reasons": "x"})

    asked.refresh_from_db()
    assert answer["Location"].startswith(question_of(asked))
    assert asked.is_open


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/account/logout/", "\\\\evil", ""]
)
def test_the_way_back_is_a_page_of_the_desk(an, browser, elsewhere):
    """T-31."""
    asked = asked_by(an)

    answer = browser.post(question_of(asked), WHY | {"next": elsewhere})

    assert answer["Location"] == case_of(asked)


def test_a_request_that_does_not_exist_is_not_asked_about(browser):
    for ref in ["NOPE", "x" * 2_000, "%00", "' OR 1=1"]:
        assert browser.post(reverse("privacy:desk") + ref + "/open/", WHY).status_code in {400, 404}
    assert not looks().exists()


def test_who_may_not_see_the_desk_is_not_asked(an):
    """T-18."""
    assert browser_of(an, says_why=False).post(question_of(asked_by(an)), WHY).status_code == 403
    assert not looks().exists()
