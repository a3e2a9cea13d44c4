"""What she asked and how far we are: the list, the page of one request, and taking one back."""

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from consents import permissions, releases
from privacy.casework import cases, disowning, letters, mailing
from privacy.casework.cases import DataSubjectRequest, Status
from privacy.datamap import RefusalGround, Right
from privacy.evidence.recipients import tell
from privacy.pages import wording
from privacy.pages.following import Following
from privacy.steps import Run, Step

from . import races
from .makers import make_grant, make_score
from .reading import questions
from .signing_in import browser_of

LIST = reverse("privacy:requests")
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "x" * 5_000, "\u202egnitset\x07"]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def page_of(request):
    return reverse("privacy:request", args=[request.ref])


def english_browser(member):
    return browser_of(member, headers={"accept-language": "en"})


def shown(member, at):
    answer = english_browser(member).get(at)
    assert answer.status_code == 200
    return answer.content.decode()


def asked(member, right, *, approved=False, done=False, **how):
    request = cases.submit(right, subject=member.subject, **how)
    if approved or done:
        cases.approve(request, subject=member.subject, grace=how.pop("grace", None))
    if done:
        cases.run(request)
    return request


def heading(page):
    return page.partition("<h1>")[2].partition("</h1>")[0]


def test_the_list_names_each_request_with_its_state_and_when_the_answer_comes(an):
    open_one, closed = asked(an, Right.OBJECTION), asked(an, Right.RESTRICTION)
    cases.cancel(closed)

    page = shown(an, LIST)

    for request, words, state in ((open_one, "Saying no to a use", "Received"), (closed, "Putting a use on hold", "Cancelled")):
        assert f'<a href="{page_of(request)}">{words}</a>' in page
        assert f"{state}</span>" in page
    assert "By " in page


def test_without_requests_the_list_says_so(an):
    page = shown(an, LIST)

    assert "None yet." in page
    assert "Nothing yet." in page


@pytest.mark.parametrize(
    ("right", "reached", "said"),
    [
        (Right.OBJECTION, "submitted", "We received your request"),
        (Right.ACCESS, "approved", "Your archive is being made"),
        (Right.PORTABILITY, "done", "Your archive is ready"),
        (Right.ERASURE, "approved", "You are hidden, and nothing is erased yet"),
    ],
)
def test_the_heading_is_the_state_in_words(an, right, reached, said):
    request = asked(an, right, approved=reached == "approved", done=reached == "done")

    assert heading(shown(an, page_of(request))) == said


def test_every_state_of_every_right_has_words():
    for right in Right.values:
        for status in Status.values:
            request = DataSubjectRequest(right=right, status=status, channel="self_service")
            said, sentence = wording.state(request, None, is_disowned=False)
            assert said
            assert sentence % {"answer_by": "1", "day": "2", "until": "3"}
        assert wording.ASKED[Right(right)]
    assert set(wording.CHIPS) == set(Status)


def test_every_step_of_every_plan_has_a_sentence_and_no_sentence_is_left_over():
    names = {step.name for plan in (*cases.PLANS.values(), cases.closing) for step in plan}

    assert names == set(wording.STEPS)


def test_how_we_knew_who_asked_is_said_in_words(an):
    request = asked(an, Right.OBJECTION, identified_by="mailed_code 2026-11-23T18:30Z")

    assert "You gave the code from our mail" in shown(an, page_of(request))


def test_the_steps_show_what_is_done_what_is_under_way_and_what_failed(an):
    """G-44."""
    request = asked(an, Right.ACCESS, approved=True)
    first, second = Step.objects.filter(run__request=request)[:2]
    Step.objects.filter(pk=first.pk).update(finished_at=timezone.now())
    under_way = shown(an, page_of(request))
    Step.objects.filter(pk=second.pk).update(problem="OperationalError")
    failed = shown(an, page_of(request))

    assert (under_way.count('<li class="done"'), under_way.count('<li class="now" aria-current="step"')) == (2, 1)
    assert '<li class="fail"' in failed
    assert "OperationalError" not in failed


def test_while_a_worker_is_at_it_the_page_says_how_far_and_looks_again(an):
    request = asked(an, Right.ACCESS, approved=True)
    Run.objects.filter(request=request).update(rows_done=50, rows_expected=200)

    page = shown(an, page_of(request))

    assert '<b class="big">25%</b>' in page
    assert "50 of 200 rows. About" in page
    assert f'hx-get="{page_of(request)}" hx-trigger="every 2s"' in page
    assert f'<a id="again" href="{page_of(request)}">' in page


def test_looking_again_stops_once_it_is_done_and_says_so_aloud(an):
    request = asked(an, Right.ACCESS, done=True)

    fragment = english_browser(an).get(page_of(request), headers={"hx-request": "true"}).content.decode()

    assert fragment.startswith('<div id="state">')
    assert "hx-get" not in fragment
    assert '<p hx-swap-oob="innerHTML:#said">Your archive is ready</p>' in fragment
    assert "<html" not in fragment


def test_an_erasure_that_waits_for_its_day_is_not_asked_for_again(an):
    request = asked(an, Right.ERASURE, approved=True)

    page = shown(an, page_of(request))

    assert "hx-get" not in page
    assert "htmx" not in page.partition("</main>")[2]


def test_an_erasure_shows_its_moments(an):
    request = asked(an, Right.ERASURE, approved=True)

    moments = Following(DataSubjectRequest.objects.select_related("run", "archive").get(pk=request.pk)).moments

    assert [moment["name"] for moment in moments] == ["hidden", "erased", "answered"]
    assert moments[0]["when"] == "today"
    assert moments[1]["when"].startswith(f"{timezone.localtime(request.run.not_before):%-d }")
    assert '<ol class="moments">' in shown(an, page_of(request))


def test_of_a_copy_she_does_not_read_that_others_were_told(an):
    """Art. 19 names rectification, erasure and restriction."""
    copied = shown(an, page_of(asked(an, Right.ACCESS, done=True)))
    erased = shown(an, page_of(asked(an, Right.ERASURE, approved=True)))

    assert str(wording.STEPS["answer"]) in copied
    assert str(wording.STEPS[wording.TELLING]) not in copied
    assert str(wording.STEPS[wording.TELLING]) in erased


def test_a_ready_archive_is_one_click_away_and_a_destroyed_one_can_be_asked_again(an):
    request = asked(an, Right.PORTABILITY, done=True)
    ready = shown(an, page_of(request))
    type(request.archive).objects.update(destroyed_at=timezone.now())
    gone = shown(an, page_of(request))

    assert reverse("privacy:fetch", args=[request.ref]) in ready
    assert heading(gone) == "Your archive is gone"
    assert reverse("privacy:fetch", args=[request.ref]) not in gone
    assert f'href="{reverse("privacy:download")}"' in gone


def test_the_recipients_of_a_request_are_named_with_whether_they_know(an, edupartner):
    """G-49."""
    grant = make_grant(an, edupartner)
    releases.release(edupartner, an)
    permissions.withdraw(grant)
    request = DataSubjectRequest.objects.get(right=Right.WITHDRAWAL)
    queued = shown(an, page_of(request))
    mailing.deliver_notices()

    assert "<dt>Edupartner</dt>" in queued
    assert "On its way</span>" in queued
    assert "Delivered</span>" in shown(an, page_of(request))


def test_a_refusal_gives_its_ground_its_reasons_and_the_way_to_complain(an):
    """G-28."""
    request = asked(an, Right.OBJECTION)
    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons="Er loopt een geschil.", actor_ref="dpo")

    page = shown(an, page_of(request))

    for words in ("An exception of the regulation applies", "Er loopt een geschil.", "contact@apd-gba.be", "go to court"):
        assert words in page


def test_an_erasure_under_way_counts_what_became_of_her_rows(an):
    request = asked(an, Right.ERASURE, approved=True)
    make_score(an)
    Run.objects.filter(request=request).update(not_before=timezone.now())
    Step.objects.filter(run__request=request, name="treat rows").update(
        counts={"usage.Score anonymised": 3, "usage.ResourceView counted": 4}
    )

    page = shown(an, page_of(request))

    assert "What became of your data?" in page
    assert '<dd class="num">3</dd>' in page


def test_an_erasure_can_be_taken_back_and_everything_is_visible_again(an):
    request = asked(an, Right.ERASURE, approved=True)
    browser = english_browser(an)

    answer = browser.post(reverse("privacy:cancel", args=[request.ref]), follow=True)

    an.subject.refresh_from_db()
    assert an.subject.hidden_at is None
    assert answer.redirect_chain == [(page_of(request), 302)]
    assert "Everything is visible again. Nothing was erased." in answer.content.decode()
    assert reverse("privacy:cancel", args=[request.ref]) not in answer.content.decode()


def test_a_second_click_says_that_it_was_taken_back_already(an):
    request, browser = asked(an, Right.OBJECTION), english_browser(an)
    for _click in range(2):
        answer = browser.post(reverse("privacy:cancel", args=[request.ref]), follow=True)

    assert "You had taken this back already." in answer.content.decode()
    assert DataSubjectRequest.objects.get().status == Status.CANCELLED


@pytest.mark.parametrize("status", [Status.RUNNING, Status.FULFILLED, Status.OVERTAKEN])
def test_too_late_is_said_on_the_page_that_shows_how_far_we_are(an, status):
    request = asked(an, Right.ERASURE, approved=True)
    DataSubjectRequest.objects.update(status=status)

    answer = english_browser(an).post(reverse("privacy:cancel", args=[request.ref]), follow=True)

    assert "It is too late to take this back." in answer.content.decode()
    assert reverse("privacy:cancel", args=[request.ref]) not in answer.content.decode()
    assert DataSubjectRequest.objects.get().status == status


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_take_it_back_once(an):
    races.needs_threads()
    request = asked(an, Right.OBJECTION)
    browsers = [english_browser(an), english_browser(an)]

    answers = races.at_once(*(partial(each.post, reverse("privacy:cancel", args=[request.ref])) for each in browsers))

    assert [answer.status_code for answer in answers] == [302, 302]
    assert request.letters.filter(kind=letters.Kind.CANCELLED).count() == 1


def test_what_was_reported_as_not_hers_does_not_say_that_she_took_it_back(an):
    request = asked(an, Right.OBJECTION)
    disowning.disown(request)

    assert heading(shown(an, page_of(request))) == "We stopped this request"


def test_taking_back_takes_a_form(an):
    request = asked(an, Right.OBJECTION)

    answer = english_browser(an).get(reverse("privacy:cancel", args=[request.ref]))

    assert answer.status_code == 405
    assert DataSubjectRequest.objects.get().is_open


def test_a_form_without_a_token_takes_nothing_back(an):
    request = asked(an, Right.OBJECTION)
    browser = browser_of(an)
    browser.handler.enforce_csrf_checks = True

    assert browser.post(reverse("privacy:cancel", args=[request.ref])).status_code == 403
    assert DataSubjectRequest.objects.get().is_open


@pytest.mark.parametrize("ref", ["", "NOSUCHREF1", "../../etc", "x" * 500, "<script>", "'; DROP"])
def test_a_request_of_another_or_of_nobody_is_not_there(an, bo, ref):
    request = asked(bo, Right.OBJECTION)
    browser = browser_of(an)

    for name in ("request", "cancel"):
        at = reverse(f"privacy:{name}", args=["R"]).replace("/R/", f"/{ref or request.ref}/")
        assert (browser.get if name == "request" else browser.post)(at).status_code == 404
    assert DataSubjectRequest.objects.get().is_open


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(an, text):
    request = asked(an, Right.OBJECTION, identified_by=text[:40])
    cases.refuse(request, ground=RefusalGround.EXCEPTION, reasons=text, actor_ref="dpo")

    for page in (shown(an, page_of(request)), shown(an, f"{LIST}?page={text[:50]}&asked={text[:50]}")):
        assert "<script" not in page
        assert "<img" not in page


def test_who_is_hidden_reaches_her_requests(an):
    request = asked(an, Right.ERASURE, approved=True)

    for at in (LIST, page_of(request)):
        assert "Erasing everything" in shown(an, at)


def test_who_is_not_signed_in_signs_in_first_and_htmx_moves_the_whole_page(an):
    request = asked(an, Right.OBJECTION)

    for at in (LIST, page_of(request)):
        assert Client().get(at)["Location"].startswith(reverse("account_login"))
    answer = Client().get(page_of(request), headers={"hx-request": "true", "hx-current-url": f"http://testserver{page_of(request)}"})
    assert reverse("account_login") in answer["HX-Redirect"]


def test_questions_to_the_database_do_not_grow(an, edupartner):
    browser = browser_of(an)

    request = asked(an, Right.ACCESS, done=True)
    few = questions(browser, LIST), questions(browser, page_of(request))
    for _time in range(12):
        grant = make_grant(an, edupartner)
        releases.release(edupartner, an)
        permissions.withdraw(grant)
    tell(edupartner.recipient, "rectification", subject_ref=an.subject.ref, known_as="", request_ref=request.ref)

    assert (questions(browser, LIST) - 1, questions(browser, page_of(request))) == few
    assert max(few) < 15


def test_many_requests_come_in_pages(an):
    for _time in range(45):
        cases.cancel(asked(an, Right.OBJECTION))

    first, last = shown(an, LIST), shown(an, f"{LIST}?asked=3")

    assert (first.count('<tr><th scope="row">'), last.count('<tr><th scope="row">')) == (20, 5)
    assert 'href="?asked=2"' in first
    assert 'href="?page=2"' in first
    assert len(first) < 60_000


def test_an_archive_is_asked_for_until_a_day_in_words(an, settings):
    settings.PRIVACY = {**settings.PRIVACY, "ARCHIVE_HOURS": 48}
    request = asked(an, Right.PORTABILITY, done=True)
    until = timezone.localtime(request.archive.expires_at)

    assert until - timezone.localtime(request.archive.ready_at) == timedelta(hours=48)
    assert f"You can fetch it until {until:%-d %B}, {until:%H:%M}." in shown(an, page_of(request))
