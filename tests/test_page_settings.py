"""Settings on the desk: read by the desk, changed by who decides there, by two where it takes time from people."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.misconduct import roles
from privacy.casework import cases, changeable, settings
from privacy.datamap import Right
from privacy.models import AgendaItem, DataSubjectRequest, SettingChange
from privacy.pages import step_up

from .makers import make_member
from .reading import questions, words_of
from .signing_in import browser_of

PAGE = reverse("privacy:settings")
GRACE = "ERASURE_GRACE_DAYS"


def address_of(code, act=""):
    return reverse(f"privacy:{act}_setting" if act else "privacy:setting", args=[code])


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "en"})


@pytest.fixture
def colleague(db):
    """Another who decides at the desk."""
    member = make_member("Els")
    roles.appoint(member, "dpo")
    return browser_of(member, headers={"accept-language": "en"})


def send(browser, code, value, *, seen=0, reason="zo beslist", act="change"):
    prefix = "decide-" if act == "decide" else ""
    sent = {f"{prefix}seen": seen, f"{prefix}reason": reason, "value": value}
    return browser.post(address_of(code, act), sent | ({"accept": "1"} if act == "decide" and value else {}), follow=True)


def said(answer) -> str:
    return words_of(answer.content.decode())


def test_every_setting_is_listed_with_what_it_says_now(browser):
    page = said(browser.get(PAGE))

    assert "14 days" in page
    assert "Voorbeeldstraat 1, 1000 Brussel" in page
    assert "Refusal, nl" in page


def test_a_change_is_shown_with_since_when_and_why(browser):
    answer = send(browser, GRACE, "20")

    assert "Changed. It is in force from now on." in said(answer)
    assert "Why: zo beslist." in said(answer)
    assert "waits for a second person" not in said(browser.get(PAGE))


def test_a_lower_number_waits_for_a_colleague_who_accepts_it(browser, colleague):
    """T-18: four eyes where it takes time from people."""
    waits = send(browser, GRACE, "7")
    done = send(colleague, GRACE, "yes", seen=1, act="decide")

    assert "A colleague of the desk accepts it." in said(waits)
    assert "Accepted. It is in force from now on." in said(done)
    assert SettingChange.objects.get(step="set").value == "7"


def test_who_proposed_it_is_not_offered_to_accept_it_and_cannot(browser):
    send(browser, GRACE, "7")

    page, answer = said(browser.get(address_of(GRACE))), send(browser, GRACE, "yes", seen=1, act="decide")

    assert "Take it back" in page
    assert "Accept " not in page
    assert answer.status_code == 400
    assert not SettingChange.objects.filter(step="set").exists()


def test_it_is_taken_back(browser):
    send(browser, GRACE, "7")

    answer = send(browser, GRACE, "", seen=1, act="decide")

    assert "Refused. Nothing changed." in said(answer)


def test_who_was_slower_reads_so_and_keeps_what_was_typed(browser, colleague):
    send(colleague, "refusal.nl", "Bel ons.")

    answer = send(browser, "refusal.nl", "Schrijf ons gerust.")

    assert answer.status_code == 400
    assert "Somebody else was faster" in said(answer)
    assert "Schrijf ons gerust." in said(answer)
    assert 'name="seen" value="1"' in answer.content.decode()


@pytest.mark.parametrize("value", ["", "0", "999", "<script>alert(1)</script>", "x" * 10_000])
def test_what_cannot_be_is_said_beside_the_field(browser, value):
    answer = send(browser, GRACE, value)

    assert answer.status_code == 400
    assert "Choose a number from 1 to 28." in said(answer)
    assert "<script>alert" not in answer.content.decode()
    assert not SettingChange.objects.exists()


@pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 30])
def test_a_page_that_was_changed_by_hand_changes_nothing(browser, seen):
    assert send(browser, GRACE, "20", seen=seen).status_code == 400
    assert not SettingChange.objects.exists()


def test_without_a_reason_nothing_changes(browser):
    assert send(browser, GRACE, "20", reason=" ").status_code == 400
    assert not SettingChange.objects.exists()


def test_markup_in_a_paragraph_stays_text(browser):
    answer = send(browser, "refusal.nl", "<img src=x onerror=alert(1)>")

    assert "<img src=x" not in answer.content.decode()
    assert "<img src=x" not in browser.get(PAGE).content.decode()


@pytest.mark.parametrize("code", ["SITE", "refusal", "x" * 2_000, "' OR 1=1"])
def test_what_is_no_setting_is_not_found(browser, code):
    assert browser.get(address_of(code)).status_code == 404
    assert send(browser, code, "1").status_code == 404


def test_a_change_asks_again_who_it_is(browser):
    session = browser.session
    session.pop(step_up.SESSION_KEY)
    session.save()

    answer = browser.post(address_of(GRACE, "change"), {"seen": 0, "value": "20", "reason": "x"})

    assert answer.status_code == 302
    assert not SettingChange.objects.exists()


def test_an_assistant_reads_and_changes_nothing(db):
    member = make_member("Els")
    roles.appoint(member, "assistant")
    browser = browser_of(member, headers={"accept-language": "en"})

    page = browser.get(address_of(GRACE))

    assert "<button>Save" not in page.content.decode()
    assert send(browser, GRACE, "20").status_code == 403
    assert not SettingChange.objects.exists()


def test_what_has_to_be_looked_at_again_is_asked_and_answered(browser):
    """G-40."""
    settings.note_reviews(timezone.now())
    assert "The list of banned addresses" in said(browser.get(PAGE))

    for _twice in range(2):
        browser.post(address_of("bans", "keep"))

    assert not AgendaItem.objects.open().filter(request_ref="bans").exists()
    assert "banned addresses" not in said(browser.get(PAGE))


def test_many_changes_take_as_many_questions_as_one(browser):
    send(browser, GRACE, "20")
    list_of_one, one_of_one = questions(browser, PAGE), questions(browser, address_of(GRACE))
    for number in range(1, 8):
        each = changeable.named(GRACE)
        settings.change(each, str(20 + number), reason="x", actor_ref="dpo", seen=number)

    assert questions(browser, PAGE) == list_of_one
    assert questions(browser, address_of(GRACE)) == one_of_one


def test_the_history_names_nobody(browser, daan):
    page = send(browser, GRACE, "20").content.decode()

    assert str(daan.subject.ref) in page
    assert "Wouters" not in words_of(page)


def test_roles_of_the_desk_are_given_by_their_name(db):
    assert {name for name, _permission in Permission.objects.values_list("codename", "pk")} >= {
        each.split(".")[1] for role in ("dpo", "assistant", "auditor") for each in roles.ROLES[role][1:]
    }


@pytest.mark.parametrize(("code", "value", "days"), [("ACCOUNTABILITY_YEARS", "1", 400), ("FREE_TEXT_DAYS", "30", 40)])
def test_a_shorter_time_says_that_it_reaches_back_and_what_goes(browser, colleague, an, code, value, days):
    """Art. 5(2): who agrees reads first that what is there goes too."""
    for since in (days, 1):
        request = cases.submit(Right.ERASURE, subject=an.subject)
        cases.cancel(request)
        DataSubjectRequest.objects.filter(pk=request.pk).update(closed_at=timezone.now() - timedelta(days=since))
    before = said(browser.get(address_of(code)))
    send(browser, code, value)

    page = said(colleague.get(address_of(code)))

    assert "It counts for all that is there too: what is older goes the next night." in before
    assert "nothing brings it back. Closed requests that lose something: 1." in page


def test_a_shorter_time_to_go_back_takes_nothing_that_is_there(browser, colleague):
    send(browser, GRACE, "7")

    assert "all that is there" not in said(colleague.get(address_of(GRACE)))
