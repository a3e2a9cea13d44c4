"""The log of breaches on the desk: noting one, telling whom the law wants told, and reading it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from privacy.casework.registers import breach_letters, breaching
from privacy.models import AffectedPerson, Breach, BreachLetter, BreachNotice, Disclosure, TrailEntry
from privacy.pages import register_forms

from .breached import EFFECTS, FACTS, MEASURES, known, make_breach, told_authority, told_persons
from .makers import allow, make_member, make_partner, make_view
from .reading import questions, words_of
from .signing_in import browser_of

LOG = reverse("privacy:breaches")
NOTE = reverse("privacy:note_breach")
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\u202eomgekeerd\x07"]


@pytest.fixture
def browser(daan):
    return browser_of(daan, headers={"accept-language": "nl"})


def page_of(breach, what="breach", **more):
    return reverse(f"privacy:{what}", kwargs={"ref": breach.ref, **more})


def filled(**given):
    at = timezone.localtime() - timedelta(hours=2)
    said = {"title": "Lijst verstuurd", "aware_at": at.strftime("%Y-%m-%dT%H:%M"), "kinds": ["confidentiality"], "activities": ["usage"]}
    said |= {"whom": "everybody", "facts": FACTS, "effects": EFFECTS, "measures": MEASURES, "contact": "Daan", "risk": "high"}
    return said | given


def read(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return words_of(answer.content.decode())


def test_a_breach_is_noted_counted_and_its_clock_runs(an, browser):
    """G-62, G-63, G-64: An looked at something, Daan signed in."""
    make_view(an)

    answer = browser.post(NOTE, filled())

    breach = Breach.objects.get()
    said = read(browser, answer.url)
    assert answer.url == page_of(breach)
    for shown in ["Nog 69 uur om de toezichthouder in te lichten", "Ongeveer 2 personen", FACTS, EFFECTS, MEASURES]:
        assert shown in said


@pytest.mark.parametrize("missing", ["title", "aware_at", "kinds", "activities", "whom", "facts", "effects", "measures", "contact", "risk"])
def test_a_form_that_lacks_something_is_shown_again_with_what_was_written(browser, missing):
    """G-64."""
    answer = browser.post(NOTE, {name: value for name, value in filled().items() if name != missing})

    assert (answer.status_code, Breach.objects.count()) == (400, 0)
    assert missing == "facts" or FACTS in answer.content.decode()


@pytest.mark.parametrize("moment", ["2099-01-01T10:00", "2026-10-25T02:30", "2026-03-29T02:30", "0001-01-01T00:00", "x", "9" * 5_000])
def test_a_moment_that_cannot_be_is_refused_and_nothing_is_lost(browser, moment):
    """A clock change, tomorrow, the year 1."""
    answer = browser.post(NOTE, filled(aware_at=moment))

    assert answer.status_code in {302, 400}
    assert answer.status_code == 302 or FACTS in answer.content.decode()


@pytest.mark.parametrize(
    "given", [{"facts": "x" * 5_001}, {"activities": ["nothing"]}, {"kinds": ["x"]}, {"risk": "x"}, {"title": "x" * 101}]
)
def test_what_is_too_long_or_on_no_list_is_refused(browser, given):
    assert (browser.post(NOTE, filled(**given)).status_code, Breach.objects.count()) == (400, 0)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(browser, words):
    browser.post(NOTE, filled(facts=words, title=words[:90]))

    page = browser.get(page_of(Breach.objects.get())).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_breach_of_a_few_names_them_by_address_and_shows_none(an, bo, browser):
    """G-64."""
    make_view(an), make_view(bo)

    browser.post(NOTE, filled(whom="named", persons=f"{an.email}\n\n{an.email}\n"))

    breach = Breach.objects.get()
    assert list(AffectedPerson.objects.values_list("subject_ref", flat=True)) == [an.subject.ref]
    assert an.email not in browser.get(page_of(breach)).content.decode()


@pytest.mark.parametrize("persons", ["", "niemand@school.example", "\x00@x", "x@y.example\n" * 201])
def test_people_whom_nobody_knows_are_no_scope(an, browser, persons):
    answer = browser.post(NOTE, filled(whom="named", persons=persons))

    assert (answer.status_code, Breach.objects.count()) == (400, 0)


def test_whom_a_breach_names_is_looked_up_on_record_and_last(an, browser):
    """T-18: once for all of them, and of nobody who is named for everybody."""
    named = {"whom": "named", "persons": f"{an.email}\nniemand@school.example"}
    lacking = browser.post(NOTE, filled(**named, facts=""))
    browser.post(NOTE, filled(persons="niemand@school.example"))
    assert set(lacking.context["form"].errors) == {"facts"}
    assert not TrailEntry.objects.filter(event="desk.looked_up").exists()

    browser.post(NOTE, filled(**named))

    entry = TrailEntry.objects.get(event="desk.looked_up")
    assert (entry.subject_ref, entry.reason) == (None, "breach")


def test_a_later_phase_names_no_more_than_all_of_it_may(an, bo, browser, monkeypatch):
    """Whom an earlier phase named counts too."""
    monkeypatch.setattr(register_forms, "NAMED_AT_MOST", 1)
    breach = make_breach(refs=[an.subject.ref])

    answers = [browser.post(page_of(breach, "breach_more"), filled(seen=1, whom="named", persons=each.email)) for each in (bo, an)]

    assert [answer.status_code for answer in answers] == [400, 302]
    assert "Je kan hoogstens 1 mensen noemen." in words_of(answers[0].content.decode())


def test_the_line_that_finds_nobody_is_said_by_its_number(an, browser):
    answer = browser.post(NOTE, filled(whom="named", persons=f"{an.email}\nniemand@school.example"))

    assert "We vinden niemand bij regel 2." in words_of(answer.content.decode())


def test_a_late_report_asks_why(an, browser):
    """G-63."""
    breach = make_breach(hours_ago=80)
    said = {"seen": 1, "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "way": "form", "reference": "GBA-7"}

    assert "8 uur te laat" in read(browser, page_of(breach))
    assert browser.post(page_of(breach, "breach_authority"), said).status_code == 400
    browser.post(page_of(breach, "breach_authority"), said | {"words": "De hosting meldde het laat."})

    assert "De hosting meldde het laat." in read(browser, page_of(breach))


def test_letters_are_shown_before_they_go_and_then_on_record(an, browser):
    """G-65."""
    breach = make_breach(risk="high", refs=[an.subject.ref])
    said = {"seen": 1, "words": "Je adres lekte.", "effects": "Iemand kan je bellen.", "measures": "Let op vreemde mails."}

    shown = browser.post(page_of(breach, "breach_persons"), said | {"preview": "1"})
    assert "Er ging iets mis met je gegevens" in words_of(shown.content.decode())
    assert not BreachLetter.objects.exists()

    browser.post(page_of(breach, "breach_persons"), said | {"send": "1"})
    breach_letters.send_due()
    assert [message.to for message in mail.outbox] == [[an.email]]
    for shown in ["Verzonden: 1", "Je adres lekte.", "Iemand kan je bellen.", "Let op vreemde mails."]:
        assert shown in read(browser, page_of(breach))


def test_a_letter_that_reached_nobody_waits_for_one_of_us(an, browser, settings):
    """G-65: the page and the queue say so until somebody saw to it."""
    breach = make_breach(risk="high", refs=[an.subject.ref])
    told_authority(breach), told_persons(breach)
    settings.PRIVACY = {**settings.PRIVACY, "MAILER": "tests.test_breach_letters.refuse"}
    BreachLetter.objects.update(written_at=timezone.now() - timedelta(days=8))
    breach_letters.send_due()

    page, queue = browser.get(page_of(breach)).content.decode(), browser.get(reverse("privacy:desk")).content.decode()
    assert "Iemand werd niet bereikt" in words_of(page)
    assert (f'href="{page_of(breach)}"' in queue, "Iemand werd niet bereikt" in words_of(queue)) == (True, True)
    assert f'action="{reverse("privacy:settle")}"' in page
    said = dict(re.findall(r'type="hidden" name="(item|back)" value="([^"]*)"', page))

    assert browser.post(reverse("privacy:settle"), said).url == page_of(breach)

    after = browser.get(page_of(breach)).content.decode()
    assert ("Niemand moet het nog horen" in words_of(after), reverse("privacy:settle") in after) == (True, False)


def test_no_letters_takes_a_ground_and_words(an, browser):
    """G-65."""
    make_view(an)
    breach = make_breach(risk="high")
    address = page_of(breach, "breach_silence", to="persons")

    assert browser.post(address, {"seen": 1, "outcome": "no_risk", "words": "Valt mee."}).status_code == 400
    assert browser.post(address, {"seen": 1, "outcome": "encrypted"}).status_code == 400
    browser.post(address, {"seen": 1, "outcome": "encrypted", "words": "De schijf was versleuteld."})

    assert BreachNotice.objects.get().words == "De schijf was versleuteld."


def test_the_page_lists_the_partners_and_writes_to_their_officers(an, browser):
    """G-66."""
    recipient = make_partner("quizkast").recipient
    Disclosure.objects.create(recipient=recipient, subject_ref=an.subject.ref, attributes=["email"], basis="consent")
    make_view(an)
    breach = make_breach()

    assert f"{recipient.name} niet ingelicht" in read(browser, page_of(breach))
    browser.post(page_of(breach, "breach_partners"), {"seen": 1, "recipients": [str(recipient.pk)]})

    assert f"{recipient.name} ingelicht vandaag" in read(browser, page_of(breach))


def test_what_was_written_beside_an_older_phase_is_shown_again_and_can_be_sent(an, browser):
    breach = make_breach()
    browser.post(page_of(breach, "breach_more"), filled(seen=1))
    late = filled(seen=1, facts="Nog iets anders.")

    refused = browser.post(page_of(breach, "breach_more"), late)

    assert (refused.status_code, refused.context["form"]["seen"].value()) == (400, 2)
    assert "Nog iets anders." in refused.content.decode()


@pytest.mark.parametrize("what", ["breach", "breach_more", "breach_authority", "breach_persons", "breach_public", "breach_partners"])
@pytest.mark.parametrize("ref", ["ABCDEFGHJK", "x" * 300, "%3Cscript%3E"])
def test_a_number_that_is_none_is_a_page_that_says_so(browser, what, ref):
    assert browser.get(reverse(f"privacy:{what}", args=["X"]).replace("X", ref)).status_code == 404


def test_silence_towards_somebody_else_is_no_page(an, browser):
    assert browser.get(page_of(make_breach(), "breach_silence", to="public")).status_code == 404


def test_an_auditor_reads_the_log_and_changes_nothing(an):
    """T-18."""
    breach = make_breach()
    auditor = make_member("Ada")
    allow(auditor, "view_trailentry")
    browser = browser_of(auditor, headers={"accept-language": "nl"})

    assert "Een lijst ging" in read(browser, page_of(breach))
    assert reverse("privacy:breach_authority", args=[breach.ref]) not in browser.get(page_of(breach)).content.decode()
    assert [browser.get(address).status_code for address in (NOTE, page_of(breach, "breach_authority"))] == [403, 403]


def test_a_member_has_no_such_pages(an, browser):
    breach = make_breach()
    teacher = browser_of(an)

    assert [teacher.get(address).status_code for address in (LOG, NOTE, page_of(breach))] == [403, 403, 403]


def test_breaches_that_name_people_take_as_many_questions_as_one(an, browser):
    def told_twice():
        breach = make_breach(risk="high", refs=[an.subject.ref])
        told_persons(breach)
        breaching.know_more(breach.ref, seen=1, known=known(risk="high"), refs=[an.subject.ref], actor_ref="dpo")
        return breach

    first = told_twice()
    few, one = questions(browser, LOG), questions(browser, page_of(first))
    told_twice(), told_twice()
    breaching.know_more(first.ref, seen=2, known=known(risk="high"), refs=[an.subject.ref], actor_ref="dpo")

    assert (questions(browser, LOG), questions(browser, page_of(first))) == (few, one)


def test_fifty_breaches_take_as_many_questions_as_one(an, browser):
    told_authority(make_breach())
    few = questions(browser, LOG)
    for _number in range(8):
        told_authority(make_breach())

    assert questions(browser, LOG) == few <= 14


def test_a_breach_with_many_notices_takes_as_many_questions_as_one(an, browser):
    breach = make_breach()
    _tell_a_partner(breach, an, "quizkast")
    few = questions(browser, page_of(breach))
    for number in range(6):
        _tell_a_partner(breach, an, f"p{number}")

    assert questions(browser, page_of(breach)) == few <= 16


def _tell_a_partner(breach, member, slug):
    recipient = make_partner(slug).recipient
    Disclosure.objects.create(recipient=recipient, subject_ref=member.subject.ref, attributes=["email"], basis="consent")
    breaching.tell_partners(breach.ref, [recipient], seen=1, actor_ref="dpo")
