"""Having everything erased, in the browser: look and choose, confirm, go back."""

import re
from datetime import timedelta
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from consents import releases
from consents.errors import PermissionEnded
from privacy.casework import cases, letters
from privacy.casework.cases import DataSubjectRequest, Status
from privacy.datamap import ErasureGround, Right
from privacy.errors import RequestAlreadyOpen, UnknownGround
from privacy.evidence.trail import TrailEntry
from privacy.pages import consequences
from privacy.pages import erase as erase_page
from privacy.rights.preview import preview
from privacy.steps import Run
from privacy.subjects import Subject
from usage.models import Comment, ResourceView

from . import races
from .makers import make_comment, make_grant, make_message, make_partner, make_resource, make_score, make_view
from .properties.traces import snapshot
from .reading import questions
from .signing_in import browser_of

LOOK, CONFIRM = reverse("privacy:erase"), reverse("privacy:erase_confirm")
WORDS = "wis mijn gegevens"
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "x" * 10_000, "a\x07b", "\u202egnitset"]


def text_of(answer):
    return answer.content.decode()


def hidden_fields(page):
    """What the form on a page would send along."""
    fields = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page):
        fields.setdefault(name, []).append(value)
    return fields


def address(browser, **query):
    """Of the last page, as the first one leads there."""
    seen = hidden_fields(text_of(browser.get(LOOK)))["seen"][-1]
    return f"{CONFIRM}?{'&'.join(f'{name}={value}' for name, value in {**query, 'seen': seen}.items())}"


def filled_in(browser, at, words=WORDS):
    return hidden_fields(text_of(browser.get(at))) | {"sentence": words}


def erase(browser, words=WORDS, **query):
    at = address(browser, **query)
    return browser.post(at, filled_in(browser, at, words))


def only_request():
    return DataSubjectRequest.objects.get(right=Right.ERASURE)


def leads_to_her_request(answer):
    """The page that names it, or the way to it: whoever comes last may find herself hidden already."""
    return only_request().ref in (text_of(answer) if answer.status_code == 200 else answer.url)


def pass_the_time_to_go_back(request):
    Run.objects.filter(request=request).update(not_before=timezone.now())


# Look and choose.


def test_the_figures_add_up_to_all_she_has(an, bo, edupartner):
    """G-39."""
    for make in (make_score, make_view, make_comment):
        make(an)
    make_message(an, bo)
    make_grant(an, edupartner)

    told = consequences.of(an.subject, {})

    assert sum(part.rows for part in told.parts) == told.rows == preview(an.subject).rows
    assert [part.end.colour for part in told.parts] == ["p1", "p5", "p2", "p3", "p4"]
    assert sum(len(column) for purpose in told.purposes for column in purpose[1:]) == len(preview(an.subject).categories)


@pytest.mark.parametrize("views", [1, 300])
def test_the_parts_of_the_bar_fill_it_and_none_is_too_small_to_see(an, views):
    make_comment(an)
    resource = make_resource()
    ResourceView.objects.bulk_create([ResourceView(member=an, resource=resource) for _each in range(views)])

    parts = consequences.of(an.subject, {}).parts

    assert 998 <= parts[-1].x + parts[-1].width <= 1002
    assert min(part.width for part in parts) >= 6
    assert all(one.x + one.width < other.x for one, other in pairwise(parts))


def test_the_first_page_says_what_goes_what_stays_and_why(an, edupartner):
    """G-39, G-47, K-4."""
    make_comment(an)
    make_score(an)
    make_grant(an, edupartner)
    releases.release(edupartner, an)

    page = text_of(browser_of(an).get(LOOK))

    assert f"{preview(an.subject).rows - 1} gegevens over jou" not in page
    for said in (
        "gemiddelde score van een leermiddel",
        "zonder einddatum; zodra de account gewist is, leidt de verwijzing naar niemand",
        "Edupartner",
        "14 dagen",
        "dpo@platform",
    ):
        assert said in page


def test_each_group_of_publications_has_three_choices_and_the_first_is_the_default(an):
    """G-42, K-4."""
    make_comment(an)

    page = text_of(browser_of(an).get(LOOK))

    assert re.findall(r'name="for_comments" value="(\w+)"( checked)?', page) == [
        ("former_member", " checked"),
        ("name_stays", ""),
        ("remove", ""),
    ]
    assert "We noteren bij je verzoek dat je dat goed vond" in page


def test_who_published_nothing_has_nothing_to_choose(an, bo):
    make_comment(bo)

    page = text_of(browser_of(an).get(LOOK))

    assert "for_comments" not in page
    assert 'name="seen"' in page


def test_six_grounds_can_be_chosen_and_the_first_is_the_default(an):
    """G-38."""
    page = text_of(browser_of(an).get(LOOK))

    chosen = re.findall(r'name="ground" value="(\w+)"( checked)?', page)
    assert [ground for ground, _checked in chosen] == ErasureGround.values
    assert [ground for ground, checked in chosen if checked] == ["no_longer_necessary"]


def test_who_comes_back_to_look_finds_what_she_chose(an):
    make_comment(an)

    page = text_of(browser_of(an).get(LOOK, {"for_comments": "remove", "ground": "child"}))

    assert 'value="remove" checked' in page
    assert 'value="child" checked' in page


def test_looking_changes_nothing(an):
    make_comment(an)
    browser = browser_of(an)
    at = address(browser)
    before = snapshot()

    for page in (LOOK, at):
        assert "no-store" in browser.get(page)["Cache-Control"]

    assert snapshot() == before


def test_the_first_page_names_only_her_own_recipients(an, bo, edupartner):
    """T-08."""
    make_grant(bo, edupartner)
    releases.release(edupartner, bo)

    assert "Edupartner" not in text_of(browser_of(an).get(LOOK))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("for_comments=everything", "Kies per groep van publicaties"),
        ("for_comments=", "Kies per groep van publicaties"),
        ("for_articles=remove", "Kies per groep van publicaties"),
        ("for_=remove", "Kies per groep van publicaties"),
        ("ground=because", "Kies een van de redenen"),
    ],
)
@pytest.mark.parametrize("page", [LOOK, CONFIRM])
def test_a_choice_that_is_none_is_refused_in_her_language(an, page, query, said):
    answer = browser_of(an).get(f"{page}?{query}&seen=x")

    assert answer.status_code == 400
    assert said in text_of(answer)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_the_address_or_the_form_is_only_text(an, text):
    """T-12."""
    browser = browser_of(an)
    recipient = make_partner().recipient
    type(recipient).objects.update(name=text[:200])
    make_grant(an, recipient.partner)
    releases.release(recipient.partner, an)

    answers = [browser.get(LOOK, {"for_comments": text}), browser.get(LOOK), browser.get(CONFIRM, {"seen": text})]
    answers += [browser.post(f"{CONFIRM}?seen=x", {"seen": text, "rows": [text, f"usage.Comment {text}"], "sentence": text})]

    assert [answer.status_code for answer in answers] == [400, 200, 200, 200]
    assert not any(bad in text_of(answer) for answer in answers for bad in ("<script>alert", "<img src=x"))
    assert escape(text[:200]) in text_of(answers[1])


@pytest.mark.parametrize("page", [LOOK, CONFIRM])
def test_a_page_asks_the_same_few_questions_however_much_there_is(an, bo, page):
    browser = browser_of(an)

    make_comment(an)
    few = questions(browser, page, {"seen": "x"})
    for number in range(5):
        make_comment(an)
        make_score(an)
        partner = make_partner(f"partner{number}")
        make_grant(an, partner)
        releases.release(partner, an)

    assert questions(browser, page, {"seen": "x"}) == few <= 12


@pytest.mark.parametrize(("page", "method"), [(LOOK, "post"), (LOOK, "delete"), (CONFIRM, "put")])
def test_other_methods_are_refused(an, page, method):
    assert getattr(browser_of(an), method)(page).status_code == 405


# Confirm.


def test_the_last_page_is_reached_by_the_first(an):
    """G-39: shown before she confirms."""
    answer = browser_of(an).get(CONFIRM, {"ground": "child"})

    assert (answer.status_code, answer.url) == (302, f"{LOOK}?ground=child")


def test_the_last_page_asks_who_she_is_and_comes_back_with_her_choices(an, settings):
    """T-06, T-07."""
    make_comment(an)
    browser = browser_of(an)
    at = address(browser, for_comments="remove")
    settings.PRIVACY = {**settings.PRIVACY, "STEP_UP_SECONDS": 0}

    for answer in (browser.get(at), browser.post(at, {"sentence": WORDS}, headers={"referer": f"http://testserver{at}"})):
        assert parse_qs(urlsplit(answer.url).query)["next"] == [at]

    assert not DataSubjectRequest.objects.exists()


def test_the_last_page_says_the_moments_and_repeats_her_choices(an):
    """G-47."""
    make_comment(an)
    browser = browser_of(an)

    page = text_of(browser.get(address(browser, for_comments="name_stays", ground="unlawful")))

    with translation.override("nl"):
        erased_on = (timezone.localtime() + timedelta(days=14)).strftime("%Y-%m-%d")
    for said in (f'datetime="{erased_on}"', "met jouw naam", "ga je daarmee akkoord", "Jullie mochten mijn gegevens niet gebruiken", WORDS):
        assert said in page
    assert "veranderden sinds je keek" not in page
    assert "for_comments=name_stays&amp;ground=unlawful" in page


def test_who_did_not_say_why_is_not_told_why(an):
    browser = browser_of(an)

    assert "Ik heb het niet meer nodig" not in text_of(browser.get(address(browser, ground="no_longer_necessary")))


@pytest.mark.parametrize("words", ["", " ", "wis", "wis mijn gegevens niet", "erase my data", "wis\tmijn", "wis mijn gegevens\x00"])
def test_other_words_erase_nothing_and_say_which_words(an, words):
    """T-06."""
    make_comment(an)
    answer = erase(browser_of(an), words, for_comments="remove")

    assert answer.status_code == 200
    assert 'aria-invalid="true"' in text_of(answer)
    assert "Typ deze woorden: wis mijn gegevens" in text_of(answer) or "\x00" in words
    assert "Reacties: 1" in text_of(answer)
    assert " required" not in text_of(answer).partition('name="sentence"')[2].partition(">")[0]
    assert not DataSubjectRequest.objects.exists()


@pytest.mark.parametrize("words", ["wis mijn gegevens", "  WIS   mijn gegevens. ", "“Wis mijn gegevens.”", "wis\u00a0mijn gegevens"])
def test_the_words_count_however_they_are_typed(an, words):
    assert erase(browser_of(an), words).status_code == 200
    assert only_request().status == Status.APPROVED


def test_the_words_are_in_her_language(an):
    browser = browser_of(an, headers={"accept-language": "en"})

    assert "Type these words: erase my data" in text_of(erase(browser, WORDS))
    assert "You are hidden from now on" in text_of(erase(browser, "Erase my data."))


def test_confirming_hides_her_and_says_how_she_was_known_what_she_chose_and_why(an):
    """G-38, G-42, K-14, T-07."""
    make_comment(an)

    erase(browser_of(an), for_comments="remove", ground="objection")

    request = only_request()
    assert (request.status, request.channel, request.choices) == ("approved", "self_service", {"comments": "remove"})
    assert (request.erasure_ground, request.identified_by.split()[0]) == ("objection", "sign_in")
    assert Subject.objects.get(pk=an.subject_id).hidden_at
    assert request.run.not_before - request.approved_at > timedelta(days=13, hours=23)
    assert request.letters.get().kind == letters.Kind.ACKNOWLEDGEMENT


def test_without_a_ground_the_data_are_no_longer_necessary(an, bo):
    """G-38."""
    erasure = cases.submit(Right.ERASURE, subject=an.subject)
    access = cases.submit(Right.ACCESS, subject=an.subject)

    assert (erasure.erasure_ground, access.erasure_ground) == ("no_longer_necessary", "")
    with pytest.raises(UnknownGround):
        cases.submit(Right.ERASURE, subject=bo.subject, ground="because")


def test_that_a_name_stays_is_a_recorded_consent(an):
    """K-4."""
    make_comment(an)

    erase(browser_of(an), for_comments="name_stays")

    entry = TrailEntry.objects.get(event="consent.name_stays")
    assert (entry.subject_ref, entry.request_ref, entry.reason) == (an.subject_id, only_request().ref, "comments")


def test_goodbye_needs_no_session_and_says_until_when_she_can_go_back(an):
    """T-15."""
    browser, elsewhere = browser_of(an), browser_of(an)

    answer = erase(browser)

    request = only_request()
    assert (answer.status_code, Session.objects.count()) == (200, 0)
    assert "no-store" in answer["Cache-Control"]
    for said in (request.ref, f"{timezone.localtime(request.run.not_before):%H:%M}", reverse("privacy:request", args=[request.ref])):
        assert said in text_of(answer)
    assert an.email not in text_of(answer)
    assert "An Peeters" not in text_of(answer)
    for one in (browser, elsewhere):
        assert urlsplit(one.get(LOOK).url).path == reverse("account_login")


def test_what_she_made_in_between_is_shown_before_anything_is_erased(an):
    make_comment(an)
    browser = browser_of(an)
    at = address(browser, for_comments="remove")
    form = filled_in(browser, at)
    make_comment(an)

    answer = browser.post(at, form)

    assert (answer.status_code, DataSubjectRequest.objects.count()) == (409, 0)
    for said in ("veranderden sinds je keek", "Reacties: eerst 1, nu 2", "Reacties: 2</dt><dd>Gewist", f'value="{WORDS}"'):
        assert said in text_of(answer)
    assert browser.post(at, hidden_fields(text_of(answer)) | {"sentence": WORDS}).status_code == 200
    assert only_request().choices == {"comments": "remove"}


def test_what_she_made_between_both_pages_is_said_on_the_second(an):
    browser = browser_of(an)
    at = address(browser)
    make_comment(an)

    assert "veranderden sinds je keek" in text_of(browser.get(at))


@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "0" * 64}])
def test_a_form_that_shows_no_figures_erases_nothing(an, seen):
    browser = browser_of(an)

    answer = browser.post(address(browser), {"sentence": WORDS, **seen})

    assert (answer.status_code, DataSubjectRequest.objects.count()) == (409, 0)


def test_a_form_without_a_token_erases_nothing(an):
    """T-31."""
    browser = browser_of(an, enforce_csrf_checks=False)
    at = address(browser)
    form = filled_in(browser, at)
    browser.handler.enforce_csrf_checks = True

    assert browser.post(at, {**form, "csrfmiddlewaretoken": "x"}).status_code == 403
    assert not DataSubjectRequest.objects.exists()


def test_one_that_is_open_already_is_shown_instead(an):
    browser = browser_of(an)
    at = address(browser)
    form = filled_in(browser, at)
    opened = cases.submit(Right.ERASURE, subject=an.subject)
    status = reverse("privacy:request", args=[opened.ref])

    assert [browser.get(LOOK).url, browser.get(at).url, browser.post(at, form).url] == [status] * 3


def test_a_second_click_gets_the_answer_of_the_first(an):
    """Its session ended with the first."""
    browser = browser_of(an)
    at = address(browser)
    form = filled_in(browser, at)
    first = browser.post(at, form)

    second = browser.post(at, form)

    assert (second.status_code, DataSubjectRequest.objects.count()) == (200, 1)
    assert only_request().ref in text_of(first)
    assert only_request().ref in text_of(second)


def test_who_comes_second_and_is_still_signed_in_gets_the_answer_of_the_first(an, monkeypatch):
    def second(request, asked, submit=erase_page._submit):
        raise RequestAlreadyOpen(submit(request, asked))

    monkeypatch.setattr(erase_page, "_submit", second)

    answer = erase(browser_of(an))

    assert answer.status_code == 200
    assert only_request().ref in text_of(answer)


def test_who_is_not_signed_in_signs_in_first(an, bo):
    """Also with the page of somebody who did not leave, or with a forged one."""
    browser = browser_of(bo)
    at = address(browser)
    leaving = filled_in(browser, at)
    cases.submit(Right.ERASURE, subject=bo.subject)

    for form in ({}, {"leaving": "x"}, {"leaving": str(bo.subject_id)}, leaving):
        answer = Client().post(at, form)
        assert urlsplit(answer.url).path == reverse("account_login")

    assert urlsplit(Client().post(at, headers={"hx-request": "true"})["HX-Redirect"]).path == reverse("account_login")
    assert only_request().status == Status.RECEIVED


def test_the_page_of_one_person_says_nothing_of_another(an, bo):
    erase(browser_of(an))
    browser = browser_of(bo)
    at = address(browser)
    form = filled_in(browser, at)
    browser.logout()

    assert only_request().ref not in text_of(browser.post(at, form))


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_leave_one_request_and_both_get_an_answer(an):
    races.needs_threads()
    tabs = [browser_of(an), browser_of(an)]
    forms = [(address(tab), filled_in(tab, address(tab))) for tab in tabs]

    answers = races.at_once(*[lambda tab=tab, form=form: tab.post(*form) for tab, form in zip(tabs, forms, strict=True)])

    assert [leads_to_her_request(answer) for answer in answers] == [True, True]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_in_one_tab_get_the_same_answer(an):
    races.needs_threads()
    tab = browser_of(an)
    at = address(tab)
    form = filled_in(tab, at)
    twins = [Client(), Client()]
    for twin in twins:
        twin.cookies.update(tab.cookies)

    answers = races.at_once(*[lambda twin=twin: twin.post(at, form) for twin in twins])

    assert [leads_to_her_request(answer) for answer in answers] == [True, True]


# Go back, and the end.


def test_while_hidden_she_reaches_only_her_request(an, edupartner):
    """K-14."""
    make_grant(an, edupartner)
    erase(browser_of(an))
    status = reverse("privacy:request", args=[only_request().ref])

    browser = browser_of(an)

    for page in (LOOK, CONFIRM, reverse("privacy:overview"), reverse("privacy:data")):
        assert browser.get(page).url == status
    assert browser.post(CONFIRM, {"sentence": WORDS}).url == status
    assert browser.get(status).status_code == 200
    assert reverse("privacy:cancel", args=[only_request().ref]) in text_of(browser.get(status))


def test_taken_back_everything_is_as_before_and_it_can_be_done_again(an, edupartner):
    """G-47, T-15: what partners may have too, since nothing ends before the last day."""
    make_comment(an)
    make_grant(an, edupartner)
    before = preview(an.subject).fingerprint
    erase(browser_of(an), for_comments="remove")
    browser = browser_of(an)
    with pytest.raises(PermissionEnded):
        releases.release(edupartner, an)

    browser.post(reverse("privacy:cancel", args=[only_request().ref]))

    assert not Subject.objects.get(pk=an.subject_id).hidden_at
    assert preview(an.subject).fingerprint == before
    assert releases.release(edupartner, an)["first_name"] == "An"
    assert Comment.objects.get().author_name == "An Peeters"
    assert erase(browser).status_code == 200
    assert sorted(DataSubjectRequest.objects.values_list("status", flat=True)) == ["approved", "cancelled"]


@pytest.mark.parametrize(("choice", "left"), [("former_member", [("", None)]), ("name_stays", [("An Peeters", None)]), ("remove", [])])
def test_after_the_last_day_the_worker_does_what_she_chose(an, choice, left):
    """G-42, G-44."""
    make_comment(an)
    erase(browser_of(an), for_comments=choice)
    request = only_request()
    pass_the_time_to_go_back(request)

    assert cases.run(request)

    assert request.status == Status.FULFILLED
    assert request.identified_by.startswith("sign_in")
    assert list(Comment.objects.values_list("shown_name", "author")) == left
    assert not Subject.objects.filter(pk=an.subject_id).exists()


def test_the_old_page_of_who_was_erased_shows_nothing(an):
    browser = browser_of(an)
    at = address(browser)
    form = filled_in(browser, at)
    browser.post(at, form)
    pass_the_time_to_go_back(only_request())
    cases.run(only_request())

    for answer in (browser.get(at), browser.post(at, form)):
        assert urlsplit(answer.url).path == reverse("account_login")


def test_erasing_an_by_the_page_does_not_hide_bo(an, bo):
    browser = browser_of(bo)
    make_message(bo, an)

    erase(browser_of(an))

    assert not Subject.objects.get(pk=bo.subject_id).hidden_at
    assert browser.get(LOOK).status_code == 200
