"""The pages of a partner's contacts and of who decides about partners: who sees them, what they show, what they never show."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import check_password
from django.urls import reverse
from django.utils import timezone

from consents import ending
from consents.errors import ProgramExists
from consents.models import Partner, PartnerApplication, Proposal, Signal
from consents.registration import contacts, fields, figures, programs, proposing
from privacy.evidence import recipients
from privacy.models import Disclosure

from .makers import make_grant, make_member, make_partner
from .misconduct import make_colleague
from .partner_side import make_application
from .reading import questions, words_of
from .receiving import make_stream
from .signing_in import browser_of

REASON = "Voor je oefenblad."
ORGANISATION = {
    "name": "Quizkast",
    "contact_email": "privacy@quizkast.example",
    "privacy_url": "https://quizkast.example/privacy",
    "purpose": "Laat leerlingen oefenen.",
    "asks_first_name": "on",
    "why_first_name": REASON,
    "informs": "each",
    "hands_over": "platform",
    "answers": "each",
    "reports": "each",
}
HOSTILE = ["<script>alert(1)</script>", "\u202eomgekeerd", "🙂" * 300, "x" * 100_000]


@pytest.fixture
def lut(edupartner):
    """Speaks for Edupartner."""
    member = make_member("Lut")
    contacts.add(edupartner, member)
    return member


@pytest.fixture
def pia(db):
    """Decides about partners."""
    return make_colleague("Pia", "partners")


@pytest.fixture
def program(edupartner):
    return make_application(edupartner, name="Website")


def address(name, *args):
    return reverse(f"portal:{name}", args=args)


def read(browser, name, *args) -> str:
    return words_of(browser.get(address(name, *args)).content.decode())


def of_contacts(program):
    slug = program.partner.slug
    return [
        address("partner", slug),
        address("change", slug),
        address("log", slug),
        address("add_program", slug),
        address("program", slug, program.pk),
    ]


def of_ours(proposal):
    return [address("desk"), address("proposal", proposal.pk), address("of_partner", "edupartner"), address("end", "edupartner")]


@pytest.fixture
def proposal(edupartner, lut):
    wanted = {"attributes": ["first_name", "email", "town"], "reasons": {"town": "Dichtbij."}}

    return proposing.propose(fields.of_organisation(edupartner) | wanted, partner=edupartner, by=lut.subject)


@pytest.mark.parametrize(
    ("who", "sees_contacts", "sees_ours"),
    [("lut", 200, 404), ("pia", 404, 200), ("an", 404, 404), ("daan", 404, 404), ("moderator", 404, 404), (None, 302, 302)],
)
def test_each_sees_her_own_pages_and_no_other(request, client, program, proposal, who, sees_contacts, sees_ours):
    browser = browser_of(request.getfixturevalue(who)) if who else client

    assert {browser.get(page).status_code for page in of_contacts(program)} == {sees_contacts}
    assert {browser.get(page).status_code for page in of_ours(proposal)} == {sees_ours}


def test_a_contact_of_another_partner_does_nothing_here(program, an):
    contacts.add(make_partner("quizkast"), an)
    browser = browser_of(an)
    acts = [address(name, "quizkast", program.pk) for name in ("program", "rotate", "end_secret", "test_event")]

    assert {browser.post(act).status_code for act in acts} == {404}
    assert PartnerApplication.objects.get().client_secret == program.client_secret


def test_a_member_registers_an_organisation(an):
    browser = browser_of(an)

    answer = browser.post(address("register"), ORGANISATION)

    assert answer.status_code == 302
    asked = Proposal.objects.get()
    assert (asked.changes["name"], asked.changes["reasons"]) == ("Quizkast", {"first_name": REASON})
    assert "Quizkast" in read(browser, "mine")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"why_first_name": ""}, "why_first_name"),
        ({"privacy_url": "http://quizkast.example/"}, "privacy_url"),
        ({"privacy_url": "javascript:alert(1)"}, "privacy_url"),
        ({"contact_email": "geen adres"}, "contact_email"),
        ({"name": "x" * 100_000}, "name"),
        ({"purpose": "nul\0teken"}, None),
    ],
)
def test_what_is_wrong_stands_beside_what_was_typed(an, wrong, field):
    answer = browser_of(an).post(address("register"), ORGANISATION | wrong)

    assert answer.status_code == 400
    assert not Proposal.objects.exists()
    if field:
        assert field in answer.context["form"].errors


@pytest.mark.parametrize("hostile", HOSTILE[:2])
def test_words_are_shown_as_words(an, pia, hostile):
    browser_of(an).post(address("register"), ORGANISATION | {"purpose": hostile, "why_first_name": hostile})

    page = browser_of(pia).get(address("proposal", Proposal.objects.get().pk)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page or "\u202e" in page


def test_two_of_ours_agree_to_new_data_and_read_what_is_new(pia, proposal):
    page = read(browser_of(pia), "proposal", proposal.pk)
    assert "twee" in page or "two" in page.lower()
    assert "Dichtbij." in page

    browser_of(pia).post(address("approve", proposal.pk))
    answer = browser_of(make_colleague("Rik", "partners")).post(address("approve", proposal.pk))

    assert answer.status_code == 302
    assert "town" in Partner.objects.get().attributes


def test_a_refusal_says_why_and_the_contact_reads_it(pia, lut, proposal):
    assert browser_of(pia).post(address("proposal", proposal.pk), {"answer": ""}).status_code == 400

    browser_of(pia).post(address("proposal", proposal.pk), {"answer": "De gemeente heb je niet nodig."})

    assert "De gemeente heb je niet nodig." in read(browser_of(lut), "partner", "edupartner")


def test_a_secret_is_on_one_answer_and_nowhere_after(lut, edupartner):
    browser = browser_of(lut)

    answer = browser.post(address("add_program", "edupartner"), {"name": "Website", "keeps_secrets": "yes"})

    made = PartnerApplication.objects.get()
    secret = answer.context["secret"]
    assert len(secret) >= 64
    assert secret in answer.content.decode()
    assert secret not in browser.get(address("program", "edupartner", made.pk)).content.decode()
    assert answer.headers["Cache-Control"].startswith("max-age=0") or "no-store" in answer.headers["Cache-Control"]


def test_a_program_whose_form_is_sent_twice_is_made_once_and_its_secret_counts(lut, edupartner):
    browser, sent = browser_of(lut), {"name": "Website", "keeps_secrets": "yes"}

    first = browser.post(address("add_program", "edupartner"), sent)
    again = browser.post(address("add_program", "edupartner"), sent | {"name": "website "})

    assert (first.status_code, again.status_code) == (200, 400)
    assert check_password(first.context["secret"], PartnerApplication.objects.get().client_secret)
    assert again.context["form"].non_field_errors() == [str(ProgramExists.sentence)]


def test_a_name_that_deceives_stands_beside_what_was_typed(lut, edupartner):
    answer = browser_of(lut).post(address("add_program", "edupartner"), {"name": "Web\u202esite", "keeps_secrets": "yes"})

    assert (answer.status_code, PartnerApplication.objects.count()) == (400, 0)
    assert answer.context["form"].data["keeps_secrets"] == "yes"
    assert answer.context["form"].non_field_errors()


def test_who_proposed_too_often_today_reads_so_and_loses_nothing(lut, edupartner, program, monkeypatch):
    monkeypatch.setattr(proposing, "MOST_PER_DAY", 0)
    browser, typed = browser_of(lut), "https://edupartner.example/elders"

    of_program = browser.post(address("program", "edupartner", program.pk), {"redirect_uris": typed})
    of_partner = browser.post(address("change", "edupartner"), ORGANISATION)

    assert (of_program.status_code, of_partner.status_code) == (429, 429)
    assert typed in of_program.content.decode()
    assert REASON in of_partner.content.decode()


def test_a_new_secret_is_asked_for_once_and_the_earlier_one_ends_by_a_click(lut, program):
    browser = browser_of(lut)
    to = address("rotate", "edupartner", program.pk)

    first, again = browser.post(to), browser.post(to)
    assert (first.status_code, again.status_code) == (200, 400)
    assert PartnerApplication.objects.get().has_earlier_secret
    browser.post(address("end_secret", "edupartner", program.pk))

    assert not PartnerApplication.objects.get().has_earlier_secret


@pytest.mark.parametrize(
    "wrong",
    [
        "http://edupartner.example/back",
        "https://edupartner.example/back#frag",
        "https://*.example/back",
        "https://u:p@edupartner.example/",
        "javascript:alert(1)",
        "https://",
        "https://[oeps",
        "https://edupartner.example:99999/",
        "https://edupartner.example/" + "x" * 600,
        "\n".join(f"https://edupartner.example/{nth}" for nth in range(11)),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(lut, program, wrong):
    answer = browser_of(lut).post(address("program", "edupartner", program.pk), {"redirect_uris": wrong})

    assert answer.status_code == 400
    assert not Proposal.objects.exists()


def test_other_addresses_are_proposed_by_who_showed_that_it_is_she(lut, program, settings):
    browser, there = browser_of(lut), address("program", "edupartner", program.pk)
    settings.PRIVACY = {**settings.PRIVACY, "STEP_UP_SECONDS": 0}

    answer = browser.post(there, {"redirect_uris": "https://edupartner.example/elders"}, headers={"referer": f"http://testserver{there}"})

    assert answer.url == f"{reverse('privacy:step_up')}?{urlencode({'next': there})}"
    assert not Proposal.objects.exists()
    assert browser.get(there).status_code == 200


def test_the_log_names_nobody(an, lut, edupartner):
    grant = make_grant(an, edupartner)
    recipients.tell(edupartner.recipient, "withdrawal", subject_ref=an.subject_id, known_as=str(grant.sub), request_ref="2026-0001")

    page = browser_of(lut).get(address("log", "edupartner")).content.decode()

    assert "withdrawal" not in page
    assert not [secret for secret in (str(grant.sub), str(an.subject_id), "2026-0001", "Peeters") if secret in page.partition("<main")[2]]


def test_the_log_takes_as_many_questions_whatever_it_holds(lut, edupartner):
    browser = browser_of(lut)
    few = questions(browser, address("log", "edupartner"))
    for number in range(10):
        recipients.tell(edupartner.recipient, "erasure", subject_ref=lut.subject_id, known_as="", request_ref=f"2026-{number}")

    assert questions(browser, address("log", "edupartner")) <= few + 1


def test_a_test_event_goes_into_its_stream_and_a_second_waits(lut, program):
    make_stream(program)
    browser = browser_of(lut, headers={"accept-language": "en"})

    for _nth in range(2):
        answer = browser.post(address("test_event", "edupartner", program.pk), follow=True)

    assert Signal.objects.get().kind == "verification"
    assert "Wait half a minute" in answer.content.decode()
    assert "test" in read(browser, "signals", "edupartner", program.pk)


@pytest.mark.parametrize("wrong", ["http://edupartner.example/out", "https://127.0.0.1/out", "https://10.0.0.1/out", "javascript:alert(1)"])
def test_where_we_tell_of_a_sign_out_is_an_address_that_we_may_call(lut, program, settings, wrong):
    settings.PARTNERS_ON_LOOPBACK = False
    sent = {"redirect_uris": program.redirect_uris, "backchannel_logout_uri": wrong}

    answer = browser_of(lut).post(address("program", "edupartner", program.pk), sent)

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["backchannel_logout_uri"])
    assert not Proposal.objects.exists()


def test_what_she_proposes_besides_stands_with_the_rest(lut, edupartner, pia):
    sent = ORGANISATION | {"name": "Edupartner", "offers": "Nieuwe pakketten.", "answers": "partner", "contact": "samen@edupartner.example"}

    answer = browser_of(lut).post(address("change", "edupartner"), sent)

    assert answer.status_code == 302
    asked = Proposal.objects.get()
    assert {name: asked.changes.get(name) for name in ("offers", "answers", "contact", "informs")} == {
        "offers": "Nieuwe pakketten.",
        "answers": "partner",
        "contact": "samen@edupartner.example",
        "informs": None,
    }
    page = read(browser_of(pia, headers={"accept-language": "en"}), "proposal", asked.pk)
    assert "Each for its own part" in page
    assert "Nieuwe pakketten." in page


def test_a_test_event_without_a_stream_says_so(lut, program):
    answer = browser_of(lut).post(address("test_event", "edupartner", program.pk), follow=True)

    assert answer.status_code == 200


def test_figures_are_shown_from_ten_people_on(edupartner):
    members = [make_member(f"Lid{number}") for number in range(10)]
    a_week_ago = timezone.now() - timedelta(days=7)
    for member in members[:9]:
        make_grant(member, edupartner)
        Disclosure.objects.create(
            recipient=edupartner.recipient, subject_ref=member.subject_id, attributes=["email"], basis="consent", at=a_week_ago
        )
    assert figures._count(edupartner).members is None
    assert [week.releases for week in figures._count(edupartner).weeks] == [None]

    make_grant(members[9], edupartner)
    Disclosure.objects.create(
        recipient=edupartner.recipient, subject_ref=members[9].subject_id, attributes=["email"], basis="consent", at=a_week_ago
    )

    assert figures._count(edupartner).members == 10
    assert [week.releases for week in figures._count(edupartner).weeks] == [10]


def test_a_partner_is_published_by_a_click_and_ended_with_a_reason(pia, lut, edupartner, an):
    make_grant(an, edupartner)
    Partner.objects.update(published_at=None, reasons={"first_name": REASON, "email": REASON})
    browser = browser_of(pia)

    browser.post(address("publish", "edupartner"))
    assert Partner.objects.taking_part().exists()
    assert browser.post(address("end", "edupartner"), {"reason": " "}).status_code == 400
    browser.post(address("end", "edupartner"), {"reason": "Het contract loopt af."})

    assert Partner.objects.get().ended_at
    assert "Het contract loopt af." in read(browser_of(lut), "partner", "edupartner")
    assert "zijn naam" not in read(browser, "of_partner", "edupartner")


def test_a_partner_that_was_not_published_is_ended_from_its_page_too(pia, edupartner):
    Partner.objects.update(published_at=None)
    browser = browser_of(pia)
    assert address("end", "edupartner") in browser.get(address("of_partner", "edupartner")).content.decode()

    browser.post(address("end", "edupartner"), {"reason": "Ze komen toch niet."})

    assert Partner.objects.get().ended_at
    assert address("end", "edupartner") not in browser.get(address("of_partner", "edupartner")).content.decode()


def test_a_partner_that_lacks_something_is_refused_with_what(pia, edupartner):
    Partner.objects.update(published_at=None)
    browser = browser_of(pia)

    answer = browser.post(address("publish", "edupartner"))

    assert answer.status_code == 400
    assert "“" in words_of(answer.content.decode())


def test_members_see_who_takes_part_and_whom_they_knew(an, bo, pia, edupartner):
    make_partner("quizkast", is_published=False)
    make_grant(an, edupartner)
    ending.carry_on(ending.end(edupartner, "Klaar.", by=pia.subject))

    hers, his = (words_of(browser_of(member).get(reverse("consents:permissions")).content.decode()) for member in (an, bo))

    assert "Quizkast" not in hers + his
    assert ("Edupartner" in hers, "Edupartner" in his) == (True, False)
    assert browser_of(an).get(reverse("consents:allow", args=["edupartner"])).status_code == 400


def test_a_program_of_an_ended_partner_is_only_looked_at(lut, pia, program):
    ending.end(program.partner, "Klaar.", by=pia.subject)
    browser = browser_of(lut)

    assert browser.get(address("program", "edupartner", program.pk)).status_code == 200
    assert browser.post(address("rotate", "edupartner", program.pk)).status_code == 400
    assert programs.BOTH_COUNT.days == 14
