"""A yes holds for the words to which it was said: a partner that says something else asks anew (Art. 5(1)(b), 6(4), 7)."""

import importlib
import json
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consents import offers, permissions, releases, wording
from consents.errors import PermissionEnded, WordingChanged
from consents.models import ConsentEvent, Partner, PartnerGrant, Wording
from consents.registration import fields, proposing
from consents.standing import standings
from privacy.models import Recipient

from .makers import make_contact, make_grant, make_partner
from .misconduct import make_colleague
from .partner_side import SITE, Program, make_application, reading_of, told
from .races import at_once, let_it_reach_the_lock, needs_threads, outcome, start
from .reading import questions, words_of
from .signing_in import browser_of
from .wordings import LETTERS, PRACTISES, REASONS, SELLS, proposal_of, says, stands, with_reasons

PAGE = reverse("consents:permissions")
# In which a withdrawal gets so far, unless it has to wait for the approval, as on SQLite.
SECONDS_TO_HOLD = 3


@pytest.fixture
def edupartner(edupartner):
    return with_reasons(edupartner)


@pytest.fixture
def browser(an):
    return browser_of(an, headers={"accept-language": "nl"})


def in_english(member):
    return browser_of(member, headers={"accept-language": "en"})


@pytest.fixture
def program(edupartner, an, client):
    client.force_login(an)
    return Program(make_application(edupartner), client, scope="openid first_name email")


def test_another_purpose_stands_everybody_still_and_deletes_nothing(an, bo, edupartner):
    for member in (an, bo):
        make_grant(member, edupartner, ["first_name"])

    says(edupartner, purpose=SELLS)

    assert not stands(an, edupartner)
    assert not stands(bo, edupartner)
    with pytest.raises(PermissionEnded):
        releases.release(edupartner, an)
    assert not PartnerGrant.objects.filter(revoked_at__isnull=False).exists()
    assert ConsentEvent.objects.filter(kind="given").count() == ConsentEvent.objects.count() == 2


def test_another_reason_stands_still_who_allowed_that_field(an, bo, edupartner):
    make_grant(an, edupartner, ["first_name"])
    make_grant(bo, edupartner, ["first_name", "email"])

    says(edupartner, reasons=REASONS | {"email": "Voor onze nieuwsbrief."})

    assert stands(an, edupartner)
    assert not stands(bo, edupartner)


def test_what_becomes_needed_asks_anew_who_gave_it_by_choice(an, bo, edupartner):
    make_grant(an, edupartner, ["first_name"])
    make_grant(bo, edupartner, ["email"])

    says(edupartner, needed=["first_name"])

    assert (stands(an, edupartner), stands(bo, edupartner)) == (False, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"contact_email": "vragen@edupartner.example"},
        {"privacy_url": "https://edupartner.example/anders"},
        {"offers": "Nieuwe pakketten."},
        {"attributes": ["first_name", "email", "town"], "reasons": REASONS | {"town": "Voor lessen dicht bij jou."}},
        {"attributes": ["first_name"], "reasons": {"first_name": REASONS["first_name"]}},
    ],
)
def test_what_says_nothing_else_about_what_she_allowed_asks_nobody(an, edupartner, changes):
    make_grant(an, edupartner, ["first_name"])

    says(edupartner, **changes)

    assert stands(an, edupartner)


def test_a_correction_of_spelling_asks_nobody_and_is_on_record(an, edupartner):
    make_contact(an, edupartner)

    says(edupartner, purpose="Laat leerlingen oefenen!", offers="Nieuwe pakketten aanbieden!", keeps_meaning=True)

    assert stands(an, edupartner)
    assert PartnerGrant.objects.get().contact_allowed_at
    assert Wording.objects.order_by("pk").values_list("purpose", "keeps_meaning").last() == ("Laat leerlingen oefenen!", True)


def test_who_stands_still_stays_so_when_the_words_are_corrected_later(an, edupartner):
    make_grant(an, edupartner)
    says(edupartner, purpose=SELLS)
    since = PartnerGrant.objects.get().asks_anew_since

    says(edupartner, purpose=SELLS.upper(), keeps_meaning=True)
    says(edupartner, purpose="Iets anders.")

    assert PartnerGrant.objects.get().asks_anew_since == since


def test_a_permission_that_ended_is_not_asked_anew(an, edupartner):
    permissions.withdraw(make_grant(an, edupartner))

    says(edupartner, purpose=SELLS)

    assert PartnerGrant.objects.get().asks_anew_since is None


def test_each_change_is_one_row_of_history_and_none_where_nothing_changes(edupartner):
    before = Wording.objects.count()

    says(edupartner, purpose=SELLS, reasons=REASONS)
    says(edupartner, contact_email="vragen@edupartner.example")

    assert Wording.objects.count() == before + 1


def test_a_new_partner_begins_with_what_it_says(db):
    made = fields.new_partner({"name": "Quizkast", "purpose": "Laat oefenen.", "attributes": ["email"], "reasons": {"email": "Zo maar."}})

    said = Wording.objects.get(partner=made)
    assert (said.purpose, said.attributes, said.reasons) == ("Laat oefenen.", ["email"], {"email": "Zo maar."})


def test_partners_that_were_there_begin_their_history_once(edupartner):
    begin = importlib.import_module("consents.migrations.0009_wording").begin_histories
    there = Partner.objects.create(recipient=Recipient.objects.create(name="Oud", kind="controller"), slug="oud", attributes=[])
    before = Wording.objects.count()

    begin(apps, None)
    begin(apps, None)

    assert Wording.objects.count() == before + 1
    assert there.wordings.get().purpose == ""


def test_her_new_yes_makes_it_stand_under_the_new_words(an, edupartner):
    grant = make_grant(an, edupartner)
    says(edupartner, purpose=SELLS)

    again = make_grant(an, edupartner)

    assert stands(an, edupartner)
    assert (again.pk, again.sub) == (grant.pk, grant.sub)
    assert ConsentEvent.objects.filter(kind="given").count() == 2
    assert releases.release(edupartner, an)["first_name"] == "An"


def test_what_stands_still_can_be_ended_and_neither_narrowed_nor_widened(an, edupartner):
    grant = make_grant(an, edupartner, ["first_name", "email"])
    says(edupartner, purpose=SELLS, offers="Boeken aanbieden.")

    grant = permissions.narrow(grant, ["email"], text_version="2025-01", language="nl")
    assert (grant.attributes, grant.asks_anew_since is None) == (["first_name", "email"], False)
    assert offers.allow(grant, text_version="2025-01", language="nl").contact_allowed_at is None
    assert permissions.withdraw(grant).is_withdrawn


def test_the_partners_next_call_fails_and_the_next_sign_in_asks(program, edupartner, an):
    token = program.sign_in()["access_token"]
    says(edupartner, purpose=SELLS)

    assert program.session.get(SITE + reverse("oidc:userinfo")).status_code == 401
    assert program.post("oidc:introspect", token=token).json() == {"active": False}
    assert told(program.ask(prompt="none"))["error"] == "consent_required"
    page = words_of(program.ask().content.decode())
    assert "Laat leerlingen oefenen." in page
    assert SELLS in page

    program.redeem(program.answer(attributes=["first_name"]))
    assert program.userinfo()["given_name"] == "An"


def test_a_refresh_gives_nothing_while_it_stands_still(program, edupartner):
    renewal = program.sign_in()["refresh_token"]
    says(edupartner, reasons=REASONS | {"email": "Voor onze nieuwsbrief."})

    assert program.post("oidc:token", grant_type="refresh_token", refresh_token=renewal).json()["error"] == "invalid_grant"


def test_a_yes_to_words_that_changed_while_she_read_is_none(program, edupartner):
    program.ask()
    says(edupartner, purpose=SELLS)

    answer = program.answer(attributes=["email"])

    assert answer.status_code == 400
    assert SELLS in words_of(answer.content.decode())
    assert " checked" not in answer.content.decode()
    assert not PartnerGrant.objects.exists()
    assert program.answer(attributes=["email"], reading=reading_of(answer)).status_code == 302


def test_what_changed_while_she_read_is_on_the_page_with_nothing_ticked(edupartner, browser):
    says(edupartner, offers="Nieuwe pakketten.")
    form = {"answer": "yes", "attributes": ["email"], "contact": "yes", "reading": edupartner.reading}
    says(edupartner, offers="Alles van anderen.")

    answer = browser.post(reverse("consents:allow", args=["edupartner"]), form)

    assert answer.status_code == 400
    assert "Alles van anderen." in words_of(answer.content.decode())
    assert " checked" not in answer.content.decode()


def test_a_page_shows_the_words_whose_digest_it_sends(program, edupartner, monkeypatch):
    """An approval comes between the two moments at which the page could read the partner."""

    def approved_meanwhile(*args, **only):
        says(edupartner, purpose=SELLS, reasons=LETTERS)
        return standings(*args, **only)

    monkeypatch.setattr("consents.oidc.authorize.standings", approved_meanwhile)

    page = words_of(program.ask().content.decode())

    assert program.reading == edupartner.reading
    assert SELLS in page
    assert LETTERS["email"] in page
    assert REASONS["email"] not in page


def test_another_privacy_statement_is_read_before_a_yes_to_it(edupartner, browser):
    form = {"answer": "yes", "attributes": ["email"], "reading": edupartner.reading}
    says(edupartner, privacy_url="https://nieuw.example/")

    answer = browser.post(reverse("consents:allow", args=["edupartner"]), form)

    assert answer.status_code == 400
    assert "https://nieuw.example/" in answer.content.decode()
    assert not PartnerGrant.objects.exists()


def test_a_program_that_names_the_member_gets_the_page_that_asks_anew(program, edupartner):
    token = program.sign_in()["id_token"]
    says(edupartner, purpose=SELLS)

    assert SELLS in words_of(program.ask(id_token_hint=token).content.decode())
    assert told(program.ask(id_token_hint=token, prompt="none"))["error"] == "consent_required"


def test_a_field_that_is_not_asked_this_time_ends_where_she_is_asked_anew(program, edupartner, an):
    make_grant(an, edupartner, ["first_name", "email"])
    says(edupartner, purpose=SELLS)
    program.session.scope, program.browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "openid email", "en"

    page = words_of(program.ask().content.decode())
    program.redeem(program.answer(attributes=["email"]))

    assert "Nothing else of what you allowed before comes back." in page
    assert PartnerGrant.objects.get().attributes == ["email"]


@pytest.mark.parametrize("reading", [None, "", "x" * 100_000, "<script>alert(1)</script>", "\x00", "0" * 64])
def test_an_answer_that_does_not_say_what_was_read_asks_again(edupartner, browser, reading):
    form = {"answer": "yes", "attributes": ["email"]} | ({} if reading is None else {"reading": reading})

    answer = browser.post(reverse("consents:allow", args=["edupartner"]), form)

    assert answer.status_code == 400
    assert "<script>alert" not in answer.content.decode()
    assert not PartnerGrant.objects.exists()


def test_a_yes_to_offers_that_changed_while_she_read_is_none(an, edupartner, browser):
    make_grant(an, edupartner)
    says(edupartner, offers="Nieuwe pakketten.")
    read = edupartner.reading
    says(edupartner, offers="Alles van anderen.")

    browser.post(reverse("consents:contact", args=["edupartner"]), {"answer": "yes", "reading": read})

    assert PartnerGrant.objects.get().contact_allowed_at is None


def test_who_still_holds_the_old_words_gives_nothing(an, edupartner):
    old = Partner.objects.get(pk=edupartner.pk)
    says(edupartner, purpose=SELLS)

    with pytest.raises(WordingChanged):
        make_grant(an, old)


def test_her_page_shows_old_beside_new_and_two_ways_out(an, edupartner, browser):
    make_grant(an, edupartner, ["first_name", "email"])
    says(edupartner, purpose=SELLS, reasons=REASONS | {"email": "Voor onze nieuwsbrief."}, needed=["email"])

    (standing,) = standings(an.subject, slug="edupartner")
    for page in (PAGE, reverse("consents:partner", args=["edupartner"]), reverse("consents:allow", args=["edupartner"])):
        said = words_of(browser.get(page).content.decode())
        assert all(part in said for part in ["Laat leerlingen oefenen.", SELLS, "Voor je verslag.", "Voor onze nieuwsbrief."])
        assert "Voor je oefenblad." not in said or "allow" in page

    assert (standing.changes[0].old, standing.changes[0].new) == ("Laat leerlingen oefenen.", SELLS)
    assert (standing.is_open, standing.is_asked_anew, standing.can_narrow) == (False, True, False)
    body = browser.get(PAGE).content.decode()
    assert reverse("consents:allow", args=["edupartner"]) in body
    assert reverse("consents:withdraw", args=["edupartner"]) in body


def test_it_does_not_count_as_access_and_a_narrowing_leads_back(an, edupartner, browser):
    make_grant(an, edupartner)
    says(edupartner, purpose=SELLS)

    assert browser.get(PAGE).context["open"] == []
    assert browser.get(reverse("consents:narrow", args=["edupartner"])).status_code == 302


def test_a_narrowing_that_an_approval_overtook_promises_nothing(an, edupartner, monkeypatch):
    make_grant(an, edupartner, ["first_name", "email"])
    browser, before = in_english(an), standings(an.subject, slug="edupartner")
    says(edupartner, purpose=SELLS)
    monkeypatch.setattr("consents.pages.standings", lambda *args, **only: before)

    answer = browser.post(reverse("consents:narrow", args=["edupartner"]), {"attributes": ["email"]}, follow=True)

    assert "Edupartner says something else by now, and asks you again." in words_of(answer.content.decode())
    assert PartnerGrant.objects.get().attributes == ["first_name", "email"]


def test_a_no_to_new_words_says_that_it_stays_without_access_and_asks_on(an, edupartner):
    make_grant(an, edupartner)
    says(edupartner, purpose=SELLS)

    answer = in_english(an).post(reverse("consents:allow", args=["edupartner"]), {"answer": "no"}, follow=True)

    assert "Edupartner stays without access, and goes on asking you." in words_of(answer.content.decode())
    assert not stands(an, edupartner)


@pytest.mark.parametrize(("all_of_them", "button"), [(False, "Stop all access"), (True, "End them all")])
def test_what_asks_anew_is_ended_with_the_rest_by_one_button(an, edupartner, all_of_them, button):
    quizkast, browser = make_partner("quizkast"), in_english(an)
    for partner in (edupartner, quizkast):
        make_grant(an, partner)
    for partner in (edupartner, quizkast) if all_of_them else (edupartner,):
        says(partner, purpose=SELLS)

    assert button in words_of(browser.get(PAGE).content.decode())
    browser.post(reverse("consents:withdraw_all"))

    assert not PartnerGrant.objects.not_withdrawn().exists()
    assert button not in words_of(browser.get(PAGE).content.decode())


def test_fifty_that_ask_anew_take_as_many_questions_as_two(an, browser):
    def ask_anew(number):
        partner = make_partner(f"p{number}")
        make_grant(an, partner)
        says(partner, purpose=SELLS)

    for number in range(2):
        ask_anew(number)
    few = questions(browser, PAGE)
    for number in range(2, 50):
        ask_anew(number)

    assert questions(browser, PAGE) == few


def test_a_call_of_a_partner_asks_no_table_more(an, edupartner):
    make_grant(an, edupartner)

    with CaptureQueriesContext(connection) as asked:
        releases.release(edupartner, an)

    assert not [query for query in asked.captured_queries if "consents_wording" in query["sql"]]


def test_a_receipt_prints_what_was_said_at_its_moment(an, edupartner, browser):
    edupartner.needed = ["first_name"]
    edupartner.save()
    wording.keep(edupartner)
    make_grant(an, edupartner, ["first_name", "email"])
    old = ConsentEvent.objects.get()

    says(edupartner, purpose=SELLS, reasons=REASONS | {"email": "Voor onze nieuwsbrief."}, needed=[], privacy_url="https://nieuw.example/")
    make_grant(an, edupartner, ["first_name", "email"])
    new = ConsentEvent.objects.last()

    assert _read(browser, old) == ("Laat leerlingen oefenen.", "dpv:Required", "Voor je verslag.", "https://edupartner.example/privacy")
    assert _read(browser, new) == (SELLS, "dpv:Optional", "Voor onze nieuwsbrief.", "https://nieuw.example/")


def _read(browser, event):
    """Purpose, necessity of the first name, reason of the address, privacy statement."""
    answer = browser.get(reverse("consents:receipt", args=["edupartner", event.ref]))
    record = json.loads(answer.content)["dpv:hasRecordOfActivity"][0]
    (process,) = record["dpv:hasProcess"]
    _code, first_name, email = process["dpv:hasPersonalData"]
    said = process["dpv:hasPurpose"][0]["dct:description"]
    return said, first_name["dpv:hasNecessity"], email["dct:description"], record["dpv:hasNotice"][1]["@id"]


def test_before_its_history_the_oldest_words_are_the_ones(edupartner):
    long_ago = timezone.now() - timedelta(days=900)

    history = wording.histories([edupartner])[edupartner.pk]

    assert wording.said_at(long_ago, history, edupartner) == history[0]
    assert wording.said_at(long_ago, [], edupartner).purpose == edupartner.purpose


def test_who_approves_reads_how_many_are_asked_again_and_may_judge_otherwise(an, bo, edupartner):
    make_grant(an, edupartner, ["email"])
    make_grant(bo, edupartner, ["first_name"])
    pia = browser_of(make_colleague("Pia", "partners"), headers={"accept-language": "en"})
    proposal = proposal_of(edupartner, reasons=REASONS | {"email": "Voor je  verslag."})
    page = pia.get(reverse("portal:proposal", args=[proposal.pk]))

    for colleague in (pia, browser_of(make_colleague("Rik", "partners"))):
        colleague.post(reverse("portal:approve", args=[proposal.pk]), {"keeps_meaning": "on"})

    assert page.context["asked_anew"] == 1
    assert 'name="keeps_meaning"' in page.content.decode()
    assert stands(an, edupartner)
    assert proposal.approvals.filter(keeps_meaning=True).count() == 2


def test_without_the_tick_they_are_asked_again(an, edupartner):
    make_grant(an, edupartner, ["email"])
    pia = browser_of(make_colleague("Pia", "partners"))
    proposal = proposal_of(edupartner, purpose=SELLS)

    pia.post(reverse("portal:approve", args=[proposal.pk]))

    assert not stands(an, edupartner)


def test_other_particulars_show_no_such_question(edupartner):
    pia = browser_of(make_colleague("Pia", "partners"))
    proposal = proposal_of(edupartner, contact_email="vragen@edupartner.example")

    assert "keeps_meaning" not in pia.get(reverse("portal:proposal", args=[proposal.pk])).content.decode()


def test_that_nobody_is_asked_is_nothing_that_one_of_ours_decides(an, edupartner):
    make_grant(an, edupartner)
    pia, rik = (make_colleague(name, "partners") for name in ("Pia", "Rik"))
    proposal = proposal_of(edupartner, purpose=SELLS)

    assert proposing.approve(proposal, by=pia.subject, keeps_meaning=True).is_waiting
    edupartner.refresh_from_db()
    assert edupartner.purpose == PRACTISES
    page = in_english(rik).get(reverse("portal:proposal", args=[proposal.pk]))
    assert "A colleague finds that it changes no meaning" in words_of(page.content.decode())

    proposing.approve(proposal, by=rik.subject, keeps_meaning=True)
    assert Partner.objects.get().purpose == SELLS
    assert stands(an, edupartner)


@pytest.mark.parametrize("more", [{}, {"offers": "Boeken aanbieden."}])
def test_of_two_who_agree_one_who_finds_another_meaning_is_enough(an, edupartner, more):
    make_grant(an, edupartner)
    pia, rik = (make_colleague(name, "partners") for name in ("Pia", "Rik"))
    proposal = proposal_of(edupartner, purpose=SELLS, **more)

    proposing.approve(proposal, by=pia.subject, keeps_meaning=True)
    proposing.approve(proposal, by=rik.subject)

    assert not stands(an, edupartner)


def test_other_offers_say_to_who_approves_that_their_consent_ends(an, edupartner):
    make_contact(an, edupartner)
    pia = in_english(make_colleague("Pia", "partners"))
    proposal = proposal_of(edupartner, offers="Iets anders.")

    said = words_of(pia.get(reverse("portal:proposal", args=[proposal.pk])).content.decode())

    assert "No access stops" in said
    assert "that consent ends, and the rest goes on." in said


def test_first_offers_end_no_consent_and_say_nothing_of_one(edupartner):
    pia = in_english(make_colleague("Pia", "partners"))
    proposal = proposal_of(edupartner, offers="Boeken aanbieden.")

    assert "that consent ends" not in words_of(pia.get(reverse("portal:proposal", args=[proposal.pk])).content.decode())


def test_her_page_shows_what_we_judged_the_same_since_she_said_yes(an, bo, edupartner):
    make_contact(an, edupartner)
    says(edupartner, purpose="Laat leerlingen oefenen!", offers="Nieuwe pakketten!", keeps_meaning=True)
    page = reverse("consents:partner", args=["edupartner"])

    said = words_of(in_english(an).get(page).content.decode())
    assert "Edupartner says this in other words since you said yes." in said
    assert all(part in said for part in [PRACTISES, "Laat leerlingen oefenen!", "Nieuwe pakketten aanbieden.", "Nieuwe pakketten!"])

    make_grant(bo, edupartner)
    assert "in other words" not in words_of(in_english(bo).get(page).content.decode())


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_an_approval_at_once_never_leave_an_old_yes_to_new_words(an, edupartner):
    """Whoever comes first: she is asked anew, or she gave nothing."""
    needs_threads()
    pia = make_colleague("Pia", "partners")
    for number in range(8):
        proposal = proposal_of(edupartner, purpose=f"Doel nummer {number}.")
        old = Partner.objects.get(pk=edupartner.pk)

        at_once(lambda old=old: _say_yes(an, old), lambda proposal=proposal: proposing.approve(proposal, by=pia.subject))

        assert Partner.objects.get().purpose == f"Doel nummer {number}."
        assert not stands(an, edupartner)


@pytest.mark.django_db(transaction=True)
def test_approvals_withdrawals_and_new_offers_at_once_wait_for_nobody_for_ever(an, bo, edupartner):
    needs_threads()
    grants = [make_contact(an, edupartner), make_grant(bo, edupartner)]
    changes = {"name": "Edupartner Vlaanderen", "purpose": SELLS, "offers": "Iets anders.", "attributes": ["first_name"]}

    at_once(
        lambda: says(edupartner, **changes),
        lambda: permissions.withdraw(grants[0]),
        lambda: permissions.withdraw(grants[1]),
        lambda: _say_yes(bo, Partner.objects.get(pk=edupartner.pk)),
    )

    assert PartnerGrant.objects.get(member=an).is_withdrawn
    assert PartnerGrant.objects.get(member=an).contact_allowed_at is None


@pytest.mark.django_db(transaction=True)
def test_another_name_with_another_purpose_and_a_withdrawal_do_not_wait_for_each_other(an, edupartner, monkeypatch):
    """She holds her permission and tells the recipient; an approval that held the recipient would wait for her permission."""
    needs_threads()
    grant, withdrawn, keep_change, tell = make_grant(an, edupartner), [], wording.keep_change, permissions.tell
    holds_her_permission = threading.Event()

    def in_between(*args, **more):
        withdrawn.append(start(lambda: permissions.withdraw(grant)))
        holds_her_permission.wait(SECONDS_TO_HOLD)
        let_it_reach_the_lock()
        keep_change(*args, **more)

    def tells(*args, **more):
        holds_her_permission.set()
        tell(*args, **more)

    monkeypatch.setattr(wording, "keep_change", in_between)
    monkeypatch.setattr(permissions, "tell", tells)
    with transaction.atomic():
        says(edupartner, name="Edupartner Vlaanderen", purpose=SELLS)

    assert outcome(withdrawn[0]).is_withdrawn
    assert Recipient.objects.get().name == "Edupartner Vlaanderen"


@pytest.mark.django_db(transaction=True)
def test_a_narrowing_beside_an_approval_is_no_yes_to_its_words(an, edupartner):
    needs_threads()
    grant = make_grant(an, edupartner, ["first_name", "email"])

    with transaction.atomic():
        says(edupartner, purpose=SELLS)
        narrowed = start(lambda: permissions.narrow(grant, ["email"], text_version="2025-01", language="nl"))
        let_it_reach_the_lock()

    assert outcome(narrowed).attributes == ["first_name", "email"]
    (standing,) = standings(an.subject, slug="edupartner")
    assert standing.agreed_to.purpose == PRACTISES
    assert ConsentEvent.objects.count() == 1


def _say_yes(member, partner):
    with suppress(WordingChanged):
        make_grant(member, partner)
