"""A letter on the desk: entered by one, decided by another."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from privacy.casework import identity
from privacy.casework.identity import Method
from privacy.days import today
from privacy.models import DataSubjectRequest, Mandate, TrailEntry
from privacy.restricted import changed_by_us

from .makers import desk_permissions, make_comment, make_member
from .signing_in import browser_of
from .test_page_desk import text_of

LETTER = reverse("privacy:letter")


@pytest.fixture
def carla(db):
    """A second person of the desk."""
    member = make_member("Carla", last_name="Maes", is_staff=True)
    member.user_permissions.add(*desk_permissions())
    return member


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "nl"})


@pytest.fixture
def second(carla):
    return browser_of(carla, headers={"accept-language": "nl"})


def letter(member, **given):
    on = today() - timedelta(days=3)
    said = {
        "right": "erasure",
        "person": member.email,
        "channel": "letter",
        "received_on": on,
        "identified_by": "id_card",
        "reason": "brief van 3 maart",
    }
    return said | {"for_comments": "former_member", "for_resources": "former_member"} | given


def page_of(asked):
    return reverse("privacy:decide", args=[asked.ref])


def entered(browser, member, **given):
    browser.post(LETTER, letter(member, **given))
    return DataSubjectRequest.objects.get()


def seen_by(browser, asked):
    return browser.get(page_of(asked)).context["told"].fingerprint


def test_one_enters_it_and_another_accepts(an, daan, carla, browser, second):
    """T-18."""
    make_comment(an)
    asked = entered(browser, an, for_comments="remove")

    answer = second.post(page_of(asked), {"accept": "1", "seen": seen_by(second, asked)})

    asked.refresh_from_db()
    an.subject.refresh_from_db()
    assert answer.status_code == 302
    assert (asked.status, asked.choices) == ("approved", {"comments": "remove"})
    assert an.subject.hidden_at


@pytest.mark.parametrize(("days", "is_told"), [(3, False), (20, True)])
def test_it_says_when_an_old_letter_leaves_less_time(an, browser, second, days, is_told):
    asked = entered(browser, an, received_on=today() - timedelta(days=days))

    said = second.get(page_of(asked), headers={"accept-language": "en"})

    assert (said.context["sooner"] is not None) == is_told
    assert ("to answer in time" in text_of(said)) == is_told


def test_who_entered_it_cannot_accept(an, browser):
    asked = entered(browser, an)

    said = text_of(browser.get(page_of(asked)))
    answer = browser.post(page_of(asked), {"accept": "1", "seen": seen_by(browser, asked)})

    asked.refresh_from_db()
    assert "Aanvaard" not in said
    assert (answer.status_code, asked.status) == (400, "received")


def test_who_it_is_about_cannot_accept(carla, browser, second):
    asked = entered(browser, carla)

    assert second.post(page_of(asked), {"accept": "1", "seen": seen_by(second, asked)}).status_code == 400
    asked.refresh_from_db()
    assert asked.status == "received"


def test_what_changed_meanwhile_is_shown_again(an, browser, second):
    asked = entered(browser, an)
    seen = seen_by(second, asked)
    with changed_by_us():  # she herself can change nothing meanwhile (K-15)
        make_comment(an)

    assert second.post(page_of(asked), {"accept": "1", "seen": seen}).status_code == 409
    asked.refresh_from_db()
    assert asked.status == "received"


def test_it_is_refused_with_ground_and_reasons(an, browser, second):
    asked = entered(browser, an)
    for method in (Method.STORED_ADDRESS, Method.CALLED_BACK):
        identity.note(asked, method, passed=False, actor_ref="dpo")

    assert second.post(page_of(asked), {"refuse": "1"}).status_code == 400
    second.post(page_of(asked), {"refuse": "1", "ground": "identity", "reasons": "De handtekening klopt niet."})

    asked.refresh_from_db()
    assert (asked.status, asked.refusal_ground) == ("refused", "identity")


def test_once_decided_it_is_not_decided_again(an, browser, second):
    asked = entered(browser, an)
    second.post(page_of(asked), {"accept": "1", "seen": seen_by(second, asked)})

    assert second.get(page_of(asked)).status_code == 400


def test_she_reads_who_entered_it_and_why(an, browser):
    """T-18."""
    entered(browser, an)

    said = text_of(browser_of(an).get(reverse("privacy:requests")))

    assert "brief van 3 maart" in said


@pytest.mark.parametrize(
    "person",
    [
        "niemand@school.example",
        "an.peeters",
        "an.peeters@school.exampl",
        "%",
        "x" * 5_000,
        "an\x00@x.be",
        "00000000-0000-4000-8000-000000000000",
        "",
    ],
)
def test_a_person_is_found_by_all_of_an_address_or_not_at_all(an, browser, person):
    answer = browser.post(LETTER, letter(an, person=person))

    assert answer.status_code == 400
    assert not DataSubjectRequest.objects.exists()


def test_an_address_that_was_never_confirmed_finds_nobody(browser):
    els = make_member("Els", verified=False)

    assert browser.post(LETTER, letter(els)).status_code == 400


@pytest.mark.parametrize("spelling", ["{email}", " {email} ", "{ref}"])
def test_her_address_in_capitals_or_her_reference_finds_her(an, browser, spelling):
    person = spelling.format(email=an.email.upper(), ref=an.subject.ref)

    browser.post(LETTER, letter(an, person=person))

    assert DataSubjectRequest.objects.get().subject_ref == an.subject.ref


@pytest.mark.parametrize(
    "given",
    [
        {"received_on": today() + timedelta(days=1)},
        {"received_on": "0001-01-01"},
        {"received_on": "morgen"},
        {"channel": "self_service"},
        {"identified_by": ""},
        {"reason": ""},
        {"reason": "x" * 61},
        {"reason": "\x00"},
        {"for_comments": "alles"},
        {"right": "lezen"},
        {"right": ""},
        {"mandate": "vriend"},
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_entered(an, browser, given):
    """T-18: nor is anybody looked up."""
    answer = browser.post(LETTER, letter(an, **given))

    assert answer.status_code == 400
    assert "person" not in answer.context["form"].errors
    assert not DataSubjectRequest.objects.exists()
    assert not TrailEntry.objects.filter(event="desk.looked_up").exists()


@pytest.mark.parametrize("is_known", [True, False])
def test_whose_letter_it_is_was_looked_up_and_that_is_on_record(an, bo, daan, browser, is_known):
    """T-18: found or not, and also where nothing came of it."""
    entered(browser, bo)
    browser.post(LETTER, letter(bo) if is_known else letter(bo, person="niemand@school.example"))

    entry = TrailEntry.objects.filter(event="desk.looked_up").latest("pk")
    assert TrailEntry.objects.filter(event="desk.looked_up").count() == 2
    assert (entry.subject_ref, entry.actor_ref) == (bo.subject.ref if is_known else None, str(daan.subject.ref))


def test_entered_twice_it_leads_to_the_first(an, browser):
    first = entered(browser, an)

    answer = browser.post(LETTER, letter(an))

    assert answer["Location"] == reverse("privacy:case", args=[first.ref])


def test_of_oneself_or_of_the_last_one_with_a_task_it_is_said(daan, browser):
    answer = browser.post(LETTER, letter(daan))

    assert answer.status_code == 400
    assert not DataSubjectRequest.objects.exists()


@pytest.mark.parametrize("address", [LETTER, reverse("privacy:decide", args=["ABCDEFGHJK"])])
def test_letters_are_for_the_desk_alone(an, address):
    assert browser_of(an).get(address).status_code == 403


def test_it_asks_again_who_it_is(an, browser, settings):
    settings.PRIVACY = {**settings.PRIVACY, "STEP_UP_SECONDS": 0}

    assert browser.post(LETTER, letter(an))["Location"].startswith(reverse("privacy:step_up"))
    assert not TrailEntry.objects.filter(event="erasure.submitted").exists()


@pytest.mark.parametrize("right", ["access", "objection", "complaint"])
def test_a_letter_of_another_right_is_accepted_by_a_colleague(an, browser, second, right):
    """T-18."""
    asked = entered(browser, an, right=right)
    assert text_of(second.get(page_of(asked)))

    assert browser.post(page_of(asked), {"accept": "1"}).status_code == 400
    assert second.post(page_of(asked), {"accept": "1"}).status_code == 302

    asked.refresh_from_db()
    an.subject.refresh_from_db()
    assert (asked.right, asked.status, asked.choices, an.subject.hidden_at) == (right, "approved", {}, None)


def test_a_letter_of_another_right_is_refused_by_a_colleague(an, browser, second):
    asked = entered(browser, an, right="complaint")

    assert second.post(page_of(asked), {"refuse": "1"}).status_code == 400
    second.post(page_of(asked), {"refuse": "1", "ground": "unfounded", "reasons": "Wij vonden niets."})

    asked.refresh_from_db()
    assert asked.status == "refused"


def test_an_assistant_enters_and_decides_nothing(an, carla, browser):
    """T-18."""
    assistant = make_member("Els", is_staff=True)
    assistant.user_permissions.add(*Permission.objects.filter(codename__in=["view_datasubjectrequest", "add_datasubjectrequest"]))
    els = browser_of(assistant)

    asked = entered(els, an, right="objection")

    assert asked.actor_ref == str(assistant.subject.ref)
    assert els.post(page_of(asked), {"accept": "1"}).status_code == 403


def test_who_asks_for_another_needs_a_mandate_that_somebody_saw(an, browser, second):
    """G-18."""
    asked = entered(browser, an, right="access", mandate="lawyer")
    mandate = reverse("privacy:mandate", args=[asked.ref])

    assert second.post(page_of(asked), {"accept": "1"}).status_code == 400
    assert second.get(mandate).status_code == 200
    assert second.post(mandate).status_code == 302
    assert second.post(page_of(asked), {"accept": "1"}).status_code == 302

    assert Mandate.objects.get().by
    assert browser.get(reverse("privacy:case", args=[asked.ref])).status_code == 200
