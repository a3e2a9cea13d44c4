"""The page of external permissions, and the page on which a person allows one."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from consents import offers, pages, permissions, releases
from consents.models import Arrangement, ConsentEvent, PartnerGrant, WantsNoOffers
from consents.standing import grants_of
from privacy.datamap import Right
from privacy.models import DataSubjectRequest, Notice
from privacy.rights import erasure

from .ledgers import lines
from .makers import make_grant, make_partner
from .races import at_once, needs_threads
from .reading import questions, words_of
from .signing_in import browser_of

PAGE = reverse("consents:permissions")
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\x08\u202eomgekeerd\u0007"]
HTMX = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"}


def stop(partner):
    return reverse("consents:withdraw", args=[partner.slug])


def ask(partner):
    return reverse("consents:allow", args=[partner.slug])


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def browser(an):
    return browser_of(an, headers={"accept-language": "nl"})


def test_every_partner_is_named_with_what_it_gets_and_how_to_reach_it(an, edupartner, browser):
    """G-54, K-10, G-22."""
    make_grant(an, edupartner, ["first_name", "email"])
    releases.release(edupartner, an)
    make_partner("quizkast")

    said = text_of(browser.get(PAGE))

    for part in ["Edupartner", "Laat leerlingen oefenen.", "Voornaam", "E-mailadres", "1 keer in totaal", "privacy@edupartner.example"]:
        assert part in said
    assert "Privacyverklaring van Edupartner" in said
    assert said.index("Heeft nu toegang") < said.index("Edupartner") < said.index("Heeft geen toegang") < said.index("Quizkast")


def test_one_click_stops_a_partner_without_a_question(an, edupartner, browser):
    """G-52, G-12."""
    make_grant(an, edupartner)

    answer = browser.post(stop(edupartner), follow=True)

    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Edupartner heeft geen toegang meer." in text_of(answer)
    assert "Geef opnieuw toegang" in text_of(answer)
    assert PartnerGrant.objects.get().is_withdrawn
    request = DataSubjectRequest.objects.get()
    assert (request.right, request.status, bool(request.identified_by)) == (Right.WITHDRAWAL, "fulfilled", True)


def test_clicking_twice_ends_it_once_and_answers_the_same(an, edupartner, browser):
    make_grant(an, edupartner)

    first, second = (text_of(browser.post(stop(edupartner), follow=True)) for _click in range(2))

    assert re.search("heeft geen toegang meer. Dat geldt sinds [^.]+", first)[0] in second
    assert (ConsentEvent.objects.filter(kind="withdrawn").count(), Notice.objects.count()) == (1, 1)


def test_with_htmx_the_article_changes_in_place_and_the_note_says_so(an, edupartner, browser):
    """FACE: the state of our notice, at once."""
    make_grant(an, edupartner)

    answer = browser.post(stop(edupartner), headers=HTMX)

    body = answer.content.decode()
    assert body.lstrip().startswith("<article")
    assert 'id="said" hx-swap-oob="innerHTML"' in body
    assert "Toegang dicht" in body
    assert "<html" not in body


def test_without_a_session_the_click_leads_to_the_sign_in_page(an, edupartner, client):
    make_grant(an, edupartner)

    by_htmx, plain = client.post(stop(edupartner), headers=HTMX), client.post(stop(edupartner))

    assert by_htmx.headers["HX-Redirect"].startswith(reverse("account_login"))
    assert plain.headers["Location"].startswith(reverse("account_login"))
    assert not PartnerGrant.objects.get().is_withdrawn


def test_a_permission_of_somebody_else_cannot_be_stopped(bo, edupartner, browser):
    """T-06: a foreign and an unknown partner are both not found."""
    make_grant(bo, edupartner)

    assert browser.post(stop(edupartner)).status_code == 404
    assert browser.post(reverse("consents:withdraw", args=["nobody"])).status_code == 404
    assert browser.get(reverse("consents:allow", args=["nobody"])).status_code == 404
    assert not PartnerGrant.objects.get().is_withdrawn


def test_stopping_takes_a_post_with_a_token(an, edupartner):
    """T-31."""
    make_grant(an, edupartner)
    strict = browser_of(an)
    strict.handler.enforce_csrf_checks = True

    assert strict.get(stop(edupartner)).status_code == 405
    assert strict.post(stop(edupartner)).status_code == 403
    assert not PartnerGrant.objects.get().is_withdrawn


@pytest.mark.parametrize(
    ("state", "attempts", "said"),
    [
        ("queued", 0, "Bericht aan Edupartner is onderweg"),
        ("queued", 6, "Bericht nog niet aangekomen, 6 keer geprobeerd"),
        ("delivered", 1, "Bericht aangekomen bij Edupartner"),
        ("acknowledged", 1, "Edupartner bevestigde"),
        ("impossible", 1, "Bericht niet aangekomen, 1 keer geprobeerd"),
    ],
)
def test_she_sees_how_far_our_message_is_also_when_it_fails(an, edupartner, browser, state, attempts, said):
    """G-48, G-49."""
    permissions.withdraw(make_grant(an, edupartner))
    Notice.objects.update(state=state, attempts=attempts, settled_at=None if state == "queued" else timezone.now())

    answer = text_of(browser.get(PAGE))

    assert "Toegang dicht" in answer
    assert said in answer
    assert ("Lukt het niet voor" in answer) == (state == "queued" and attempts > 0)


def test_only_the_last_withdrawal_counts(an, edupartner, browser):
    permissions.withdraw(make_grant(an, edupartner))
    Notice.objects.update(state="impossible", settled_at=timezone.now())
    permissions.withdraw(make_grant(an, edupartner))

    assert "Niet bereikt" not in text_of(browser.get(PAGE))


def test_fifty_partners_take_as_many_questions_as_three(an, browser):
    for number in range(3):
        make_grant(an, make_partner(f"first{number}"))
    few = questions(browser, PAGE)
    for number in range(47):
        grant = make_grant(an, make_partner(f"more{number}"))
        releases.release(grant.partner, an)
        permissions.withdraw(grant) if number % 2 else None

    assert questions(browser, PAGE) == few <= 12


def test_fifty_partners_are_no_heavy_page(an, browser):
    """Under 60 kB with 45 kB of style, font, sprite and script."""
    for number in range(50):
        make_grant(an, make_partner(f"partner{number}"))

    answer = browser.get(PAGE, headers={"accept-encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) < 15_000


def test_nothing_is_ticked_and_no_is_as_large_as_yes(an, edupartner, browser):
    """G-53; recital 32: silence is no consent."""
    body = browser.get(ask(edupartner)).content.decode()

    assert "checked" not in body
    assert re.findall(r'<button class="(\w+)" name="answer" value="(\w+)"', body) == [("quiet", "no"), ("quiet", "yes")]
    assert "an.peeters@school.example" in body
    assert "met één klik. Wat daarvoor al gebeurde, blijft geldig." in body


def test_allowing_records_the_text_and_the_language_that_were_shown(an, edupartner, browser):
    """G-51."""
    answer = browser.post(ask(edupartner), {"attributes": ["email"], "answer": "yes", "reading": edupartner.reading}, follow=True)

    event = ConsentEvent.objects.get()
    assert (event.attributes, event.text_version, event.language, event.method) == (["email"], pages.TEXT_VERSION, "nl", "page")
    assert "Edupartner heeft nu toegang." in text_of(answer)


@pytest.mark.parametrize(
    "sent", [{"answer": "no", "attributes": ["email"]}, {"attributes": ["email"]}, {"answer": "YES", "attributes": ["email"]}]
)
def test_whoever_does_not_say_yes_gives_nothing(edupartner, browser, sent):
    browser.post(ask(edupartner), sent)

    assert not PartnerGrant.objects.exists()


def test_yes_without_a_tick_asks_again(an, edupartner, browser):
    answer = browser.post(ask(edupartner), {"answer": "yes", "reading": edupartner.reading})

    assert answer.status_code == 400
    assert "Er is nog niets aangevinkt" in text_of(answer)
    assert not PartnerGrant.objects.exists()


@pytest.mark.parametrize("field", ["birth_date", "password", "x" * 10_000, *HOSTILE])
def test_a_field_that_the_partner_may_not_ask_is_refused(edupartner, browser, field):
    answer = browser.post(ask(edupartner), {"answer": "yes", "reading": edupartner.reading, "attributes": [field]})

    assert answer.status_code == 400
    assert "<script>alert" not in answer.content.decode()
    assert "<img src=x" not in answer.content.decode()
    assert not PartnerGrant.objects.exists()


def test_allowing_again_keeps_the_name_by_which_she_was_known(an, edupartner, browser):
    before = permissions.withdraw(make_grant(an, edupartner))

    browser.post(ask(edupartner), {"answer": "yes", "reading": edupartner.reading, "attributes": ["email"]})

    after = grants_of(an.subject).get()
    assert (after.sub, after.is_withdrawn, after.attributes) == (before.sub, False, ["email"])


def test_who_comes_back_may_begin_as_a_new_person(an, edupartner, browser):
    make_grant(an, edupartner)
    assert "as_new_person" not in browser.get(ask(edupartner)).content.decode()
    before = permissions.withdraw(PartnerGrant.objects.get())
    assert "as_new_person" in browser.get(ask(edupartner)).content.decode()

    for _click in range(2):
        browser.post(ask(edupartner), {"answer": "yes", "reading": edupartner.reading, "attributes": ["email"], "as_new_person": "on"})

    assert PartnerGrant.objects.get().sub != before.sub
    assert Notice.objects.filter(event="erasure", known_as=before.sub).count() == 1


def test_who_asked_for_erasure_can_allow_nobody(an, edupartner, browser):
    erasure.hide(an.subject)

    answer = browser.post(ask(edupartner), {"answer": "yes", "reading": edupartner.reading, "attributes": ["email"]})

    assert answer.status_code != 200
    assert not PartnerGrant.including_hidden.exists()


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_makes_one_permission(an, edupartner):
    needs_threads()
    browsers = [browser_of(an), browser_of(an)]
    form = {"answer": "yes", "reading": edupartner.reading, "attributes": ["email"]}

    answers = at_once(*[lambda one=one: one.post(ask(edupartner), form) for one in browsers])

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (PartnerGrant.objects.count(), ConsentEvent.objects.count()) == (1, 1)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_of_a_partner_or_a_member_stay_text(an, edupartner, hostile):
    an.first_name = hostile
    an.save()
    edupartner.recipient.name, edupartner.recipient.privacy_url, edupartner.purpose = hostile, "javascript:alert(1)", hostile
    edupartner.recipient.save()
    edupartner.save()
    make_grant(an, edupartner)
    browser = browser_of(an)

    answers = [browser.get(PAGE), browser.get(ask(edupartner)), browser.post(stop(edupartner), headers=HTMX)]

    for answer in answers:
        assert "<script>alert" not in answer.content.decode()
        assert "<img src=x" not in answer.content.decode()
        assert "javascript:" not in answer.content.decode()


def test_an_empty_platform_says_nobody(browser):
    assert "Niemand. Geen enkele partner kan iets over jou ophalen." in text_of(browser.get(PAGE))


def detail(partner):
    return reverse("consents:partner", args=[partner.slug])


def narrow(partner):
    return reverse("consents:narrow", args=[partner.slug])


def contact(partner):
    return reverse("consents:contact", args=[partner.slug])


def test_the_page_of_a_partner_says_what_it_got_when_and_how_often(an, edupartner, browser):
    """K-10: each field with its first and last time, and each release."""
    make_grant(an, edupartner, ["first_name", "email"])
    releases.release(edupartner, an)
    releases.release(edupartner, an, ["email"])

    said = words_of(browser.get(detail(edupartner)).content.decode())

    assert re.search(r"E-mailadres 2 Vandaag, \d\d:\d\d Vandaag, \d\d:\d\d Voornaam 1 Vandaag", said)
    assert "2 keer in totaal" in said
    assert "an.peeters" not in said


def test_releases_come_in_pages(an, edupartner, browser):
    make_grant(an, edupartner)
    for _time in range(21):
        releases.release(edupartner, an)

    first, second = (words_of(browser.get(detail(edupartner), {"page": page}).content.decode()) for page in ("1", "9" * 5000))

    assert "Pagina 1 van 2" in first
    assert "Pagina 2 van 2" in second


def test_a_partner_that_got_much_takes_as_many_questions_as_one_that_got_little(an, edupartner, browser):
    make_grant(an, edupartner)
    releases.release(edupartner, an)
    little = questions(browser, detail(edupartner))
    for number in range(30):
        releases.release(edupartner, an)
        make_grant(an, edupartner, text_version=f"2025-{number}")

    assert questions(browser, detail(edupartner)) == little <= 14


def test_a_partner_that_she_never_met_has_a_page_too(edupartner, browser):
    said = words_of(browser.get(detail(edupartner)).content.decode())

    assert "Nog niets doorgegeven" in said
    assert "Geef toegang" in said


def test_who_answers_for_what_stands_beside_each_partner(edupartner, browser):
    """G-72, Art. 26(2) and (3)."""
    Arrangement.objects.create(partner=edupartner, reports="partner", contact="samen@edupartner.example")

    for address in (PAGE, detail(edupartner), ask(edupartner)):
        said = text_of(browser.get(address))
        assert "Houdt het doorgeven veilig Wij" in said
        assert "Laat het weten als er iets misloopt De partner" in said
        assert "samen@edupartner.example" in said
        assert "Met elk van je rechten kan je bij ons allebei terecht: bij ons , bij Edupartner ." in said


def test_a_partner_without_an_arrangement_of_its_own_has_the_standard_one(edupartner, browser):
    assert "Antwoordt wie een recht gebruikt Elk voor het eigen deel" in text_of(browser.get(PAGE))


def test_all_access_stops_with_one_click(an, edupartner, browser):
    make_grant(an, edupartner)
    assert "Stop alles" not in text_of(browser.get(PAGE))
    make_grant(an, make_partner("quizkast"))
    assert "Stop alles" in text_of(browser.get(PAGE))

    answer = browser.post(reverse("consents:withdraw_all"), follow=True)

    assert "2 partners hebben geen toegang meer. Dat geldt sinds vandaag" in text_of(answer)
    assert text_of(answer).count("Geef opnieuw toegang") == 2


def test_stopping_all_where_nothing_stands_says_so(browser):
    assert "Geen enkele partner had nog toegang." in text_of(browser.post(reverse("consents:withdraw_all"), follow=True))


def test_narrowing_shows_what_it_gets_and_takes_what_she_unticks(an, edupartner, browser):
    make_grant(an, edupartner, ["first_name", "email"])
    page = browser.get(narrow(edupartner)).content.decode()

    answer = browser.post(narrow(edupartner), {"attributes": ["email"]}, follow=True)

    assert page.count(" checked") == 2
    assert "Edupartner krijgt vanaf nu: E-mailadres." in text_of(answer)
    assert ConsentEvent.objects.order_by("pk").last().attributes == ["email"]


@pytest.mark.parametrize("sent", [{}, {"attributes": ["password"]}, {"attributes": HOSTILE}])
def test_narrowing_to_nothing_is_asked_again(an, edupartner, browser, sent):
    make_grant(an, edupartner, ["first_name", "email"])

    answer = browser.post(narrow(edupartner), sent)

    assert (answer.status_code, "Er zou niets overblijven" in text_of(answer)) == (400, True)
    assert PartnerGrant.objects.get().attributes == ["first_name", "email"]


def test_narrowing_what_does_not_stand_changes_nothing(an, bo, edupartner, browser):
    make_grant(bo, edupartner)

    answer = browser.post(narrow(edupartner), {"attributes": ["first_name"]})

    assert (answer.status_code, ConsentEvent.objects.count()) == (302, 1)


def test_a_reason_stands_beside_what_is_asked_and_what_is_needed_says_so(an, edupartner, browser):
    edupartner.reasons, edupartner.needed = {"email": "Om je klas te mailen."}, ["first_name"]
    edupartner.save()

    page = browser.get(ask(edupartner)).content.decode()
    browser.post(ask(edupartner), {"answer": "yes", "reading": edupartner.reading})

    assert "Om je klas te mailen." in page
    assert 'value="first_name"' not in page
    assert PartnerGrant.objects.get().attributes == ["first_name"]


def test_offers_are_asked_apart_and_unticked(an, edupartner, browser):
    """K-9."""
    edupartner.offers = "Nieuwe pakketten aanbieden."
    edupartner.save()

    page = browser.get(ask(edupartner)).content.decode()
    browser.post(ask(edupartner), {"answer": "yes", "reading": edupartner.reading, "attributes": ["email"]})

    assert page.index("</fieldset>") < page.index('name="contact"')
    assert "checked" not in page
    assert PartnerGrant.objects.get().contact_allowed_at is None


def test_a_ticked_offer_is_a_second_consent_in_the_same_answer(an, edupartner, browser):
    edupartner.offers = "Nieuwe pakketten aanbieden."
    edupartner.save()

    browser.post(ask(edupartner), {"answer": "yes", "reading": edupartner.reading, "attributes": ["email"], "contact": "yes"})

    assert list(ConsentEvent.objects.order_by("pk").values_list("purpose", "text_version")) == [
        ("use", pages.TEXT_VERSION),
        ("contact", pages.TEXT_VERSION),
    ]


def test_a_yes_that_fails_halfway_leaves_no_line_in_the_ledger(an, edupartner, browser, monkeypatch):
    edupartner.offers = "Nieuwe pakketten aanbieden."
    edupartner.save()
    make_grant(an, edupartner, ["first_name", "email"])
    before = lines()
    monkeypatch.setattr(offers, "allow", lambda *_what, **_how: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        browser.post(ask(edupartner), {"answer": "yes", "reading": edupartner.reading, "attributes": ["email"], "contact": "yes"})

    assert lines() == before
    assert PartnerGrant.objects.get().attributes == ["first_name", "email"]


def test_less_and_offers_in_one_answer_are_both_on_record(an, edupartner, browser):
    edupartner.offers = "Nieuwe pakketten aanbieden."
    edupartner.save()
    make_grant(an, edupartner, ["first_name", "email"])

    browser.post(ask(edupartner), {"answer": "yes", "reading": edupartner.reading, "attributes": ["email"], "contact": "yes"})

    grant = PartnerGrant.objects.get()
    assert (grant.attributes, grant.contact_allowed_at is None) == (["email"], False)
    assert lines()[-1] == ("narrowed", str(an.subject_id))


def test_offers_are_allowed_and_stopped_with_one_click(an, edupartner, browser):
    edupartner.offers = "Nieuwe pakketten aanbieden."
    edupartner.save()
    make_grant(an, edupartner)

    yes = text_of(browser.post(contact(edupartner), {"answer": "yes", "reading": edupartner.reading}, follow=True))
    no = text_of(browser.post(contact(edupartner), {"answer": "no"}, follow=True))

    assert "Edupartner mag je contacteren." in yes
    assert "Edupartner mag je geen aanbiedingen sturen. Dat geldt vanaf nu." in no
    assert "Dat je geen aanbiedingen wil, vandaag" in no
    assert Notice.objects.get().event == "objection"


def test_a_contact_that_is_not_hers_to_end_is_not_found(bo, edupartner, browser):
    make_grant(bo, edupartner)

    assert browser.post(contact(edupartner), {"answer": "no"}).status_code == 404
    assert browser.get(contact(edupartner)).status_code == 405


def test_an_objection_to_offers_is_taken_back_with_one_click(an, browser):
    browser.post(reverse("consents:no_offers"))

    answer = browser.post(reverse("consents:offers_again"), follow=True)

    assert "Partners mogen het weer vragen." in text_of(answer)
    assert not WantsNoOffers.objects.exists()
