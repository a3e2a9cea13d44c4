"""How an organisation becomes a partner: proposed, agreed to by ours, by two where it gets more, published when it says enough."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from consents import ending
from consents.errors import (
    ApprovedAlready,
    NameDeceives,
    NameTaken,
    NothingProposed,
    OwnProposal,
    PartnerHasEnded,
    PartnerIncomplete,
    ProposalDecided,
    ProposerGone,
    TooManyProposals,
)
from consents.models import Arrangement, ConsentEvent, Partner, PartnerContact, PartnerGrant, Proposal
from consents.registration import contacts, fields, forgetting, programs, proposing, publishing
from privacy.models import Recipient, TrailEntry
from privacy.rights import erasure

from .makers import make_contact, make_grant, make_member, make_partner
from .misconduct import make_colleague
from .partner_side import make_application
from .races import at_once, needs_threads

REASONS = {"first_name": "Voor je oefenblad.", "email": "Voor je verslag."}
NEW = {
    "name": "Quizkast",
    "contact_email": "privacy@quizkast.example",
    "privacy_url": "https://quizkast.example/privacy",
    "purpose": "Laat leerlingen oefenen.",
    "attributes": ["first_name"],
    "reasons": {"first_name": "Voor je oefenblad."},
    "needed": [],
}


@pytest.fixture
def pia(db):
    """Decides about partners."""
    return make_colleague("Pia", "partners")


@pytest.fixture
def rik(db):
    """So does he."""
    return make_colleague("Rik", "partners")


@pytest.fixture
def lut(edupartner):
    """Speaks for Edupartner."""

    member = make_member("Lut")
    contacts.add(edupartner, member)
    return member


def wants(partner, **changes):
    return fields.of_organisation(partner) | changes


def asks_for_town(partner, lut):
    more = wants(partner, attributes=["first_name", "email", "town"], reasons=REASONS | {"town": "Voor lessen dicht bij jou."})
    return proposing.propose(more, partner=partner, by=lut.subject)


def test_an_organisation_becomes_a_partner_when_two_of_ours_agreed(an, pia, rik):
    asked = proposing.propose(NEW, by=an.subject)

    proposing.approve(asked, by=pia.subject)
    assert not Partner.objects.exists()
    proposing.approve(asked, by=rik.subject)

    made = Partner.objects.get()
    assert fields.of_organisation(made) == fields.of_organisation(None) | NEW
    assert (made.slug, made.published_at, made.takes_part) == ("quizkast", None, False)
    assert PartnerContact.objects.get(partner=made).member == an


def test_the_same_one_agreeing_twice_is_one(an, pia):
    asked = proposing.propose(NEW, by=an.subject)
    proposing.approve(asked, by=pia.subject)

    with pytest.raises(ApprovedAlready):
        proposing.approve(asked, by=pia.subject)

    assert not Partner.objects.exists()


def test_new_data_take_two_of_ours(edupartner, lut, pia, rik):
    """G-54."""
    asked = asks_for_town(edupartner, lut)

    proposing.approve(asked, by=pia.subject)
    edupartner.refresh_from_db()
    assert "town" not in edupartner.attributes
    proposing.approve(asked, by=rik.subject)

    edupartner.refresh_from_db()
    assert edupartner.attributes == ["first_name", "email", "town"]


def test_other_particulars_and_less_data_take_one(edupartner, lut, pia):
    less = wants(edupartner, attributes=["first_name"], reasons={"first_name": "Voor je oefenblad."}, purpose="Laat oefenen.")

    decided = proposing.approve(proposing.propose(less, partner=edupartner, by=lut.subject), by=pia.subject)

    edupartner.refresh_from_db()
    assert not decided.is_waiting
    assert (edupartner.attributes, edupartner.purpose) == (["first_name"], "Laat oefenen.")


def test_addresses_of_a_program_count_once_one_agreed(edupartner, lut, pia):
    program = make_application(edupartner, redirect_uris="")
    out = "https://edupartner.example/out"
    wanted = {"redirect_uris": "https://edupartner.example/back", "post_logout_redirect_uris": "", "backchannel_logout_uri": out}

    asked = proposing.propose(wanted, partner=edupartner, application=program, by=lut.subject)
    assert not type(program).objects.get().redirect_uris
    proposing.approve(asked, by=pia.subject)

    program.refresh_from_db()
    assert (program.redirect_uris, program.backchannel_logout_uri) == ("https://edupartner.example/back", out)


def test_who_agreed_to_other_offers_is_asked_anew(an, edupartner, lut, pia):
    """The permission itself stays; G-48."""
    grant = make_contact(an, edupartner)

    proposing.approve(proposing.propose(wants(edupartner, offers=""), partner=edupartner, by=lut.subject), by=pia.subject)

    grant.refresh_from_db()
    last = ConsentEvent.objects.latest("pk")
    assert (grant.contact_allowed_at, grant.is_withdrawn) == (None, False)
    assert (last.kind, last.purpose, last.attributes) == ("withdrawn", "contact", [])


def test_a_field_that_was_dropped_is_given_no_more_when_it_comes_back(an, edupartner, lut, pia):
    """Asked for later, it is a new question; G-48."""
    grant, dropped = make_grant(an, edupartner), edupartner.attributes[0]
    left = edupartner.attributes[1:]
    PartnerGrant.objects.update(attributes=edupartner.attributes)
    reasons = dict.fromkeys(left, "Voor je oefenblad.")

    asked = proposing.propose(wants(edupartner, attributes=left, reasons=reasons, needed=[]), partner=edupartner, by=lut.subject)
    proposing.approve(asked, by=pia.subject)

    grant.refresh_from_db()
    assert (grant.attributes, dropped in grant.attributes) == (left, False)


def test_who_speaks_for_it_does_not_publish_it(edupartner, pia):
    contacts.add(edupartner, pia)

    with pytest.raises(OwnProposal):
        publishing.publish(edupartner, by=pia.subject)


def test_to_make_offers_takes_two_and_to_make_none_one(edupartner, lut, pia, rik):
    asked = proposing.propose(wants(edupartner, offers="Nieuwe pakketten."), partner=edupartner, by=lut.subject)

    assert proposing.approve(asked, by=pia.subject).is_waiting
    proposing.approve(asked, by=rik.subject)

    edupartner.refresh_from_db()
    assert edupartner.offers == "Nieuwe pakketten."
    none = proposing.propose(wants(edupartner, offers=""), partner=edupartner, by=lut.subject)
    assert not proposing.approve(none, by=pia.subject).is_waiting


def test_another_arrangement_counts_once_agreed_with_its_day(edupartner, lut, pia):
    """G-72: until then, and for who proposes none, the standard one stands."""
    asked = proposing.propose(wants(edupartner, answers="partner"), partner=edupartner, by=lut.subject)
    assert not Arrangement.objects.exists()

    proposing.approve(asked, by=pia.subject)

    agreed = Arrangement.objects.get()
    assert (agreed.answers, agreed.informs, agreed.agreed_on) == ("partner", "each", timezone.localdate())


def test_a_new_organisation_brings_its_arrangement(an, pia, rik):
    asked = proposing.propose(NEW | {"contact": "samen@quizkast.example"}, by=an.subject)

    for colleague in (pia, rik):
        proposing.approve(asked, by=colleague.subject)

    assert Arrangement.objects.get().contact == "samen@quizkast.example"


def test_what_was_proposed_goes_five_years_after_we_worked_with_the_partner(edupartner, lut, an, pia, daan):
    decided, refused, other = asks_for_town(edupartner, lut), proposing.propose(NEW, by=an.subject), make_partner("leerhoek")
    stays = proposing.propose(wants(other, purpose="Laat oefenen."), partner=other, by=lut.subject)
    for each in (decided, refused):
        proposing.refuse(each, "Niet nodig.", by=pia.subject)
    ending.end(edupartner, "Het contract loopt af.", by=daan.subject)
    now = timezone.now()

    forgetting.forget(now + timedelta(days=5 * 365))
    assert Proposal.objects.count() == 3
    forgetting.forget(now + timedelta(days=5 * 366 + 1))

    assert Proposal.objects.get() == stays


def test_who_speaks_for_it_does_not_decide_about_it(edupartner, lut, pia):
    asked = proposing.propose(wants(edupartner, purpose="Anders."), partner=edupartner, by=lut.subject)
    contacts.add(edupartner, pia)

    with pytest.raises(OwnProposal):
        proposing.approve(asked, by=pia.subject)
    with pytest.raises(OwnProposal):
        proposing.refuse(asked, "Nee.", by=pia.subject)


def test_another_proposal_takes_the_place_of_the_one_that_waits(edupartner, lut, pia):
    """Nobody agrees to what was not looked at."""
    first = asks_for_town(edupartner, lut)
    proposing.approve(first, by=pia.subject)

    second = proposing.propose(wants(edupartner, purpose="Anders."), partner=edupartner, by=lut.subject)

    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "waiting")
    with pytest.raises(ProposalDecided):
        proposing.approve(first, by=pia.subject)


def test_refused_with_an_answer_and_once(edupartner, lut, pia, rik):
    asked = asks_for_town(edupartner, lut)

    proposing.refuse(asked, "De gemeente heb je niet nodig.", by=pia.subject)

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("refused", "De gemeente heb je niet nodig.")
    with pytest.raises(ProposalDecided):
        proposing.approve(asked, by=rik.subject)


@pytest.mark.parametrize(
    "name", ["Edupartner", "EDUPARTNER", "Edu-partner", "Edupärtner", "Edupa rtner", "\uff25dupartner", "Edupa\u0301rtner"]
)
def test_a_name_that_is_taken_is_refused(edupartner, an, name):
    with pytest.raises(NameTaken):
        proposing.propose(NEW | {"name": name}, by=an.subject)


DECEIVING = {
    "another direction": "Quiz\u202etsak",
    "a joiner": "Quiz\u200bkast",
    "a filler": "Quiz\u3164kast",
    "a chosen variant": "Quizkast\ufe0f",
    "another blank": "Quiz\u00a0kast",
    "a letter of another alphabet": "Quizk\u0430st",
}


@pytest.mark.parametrize("name", DECEIVING.values(), ids=DECEIVING)
def test_a_name_that_deceives_is_refused_of_an_organisation_and_of_a_program(edupartner, lut, name):
    with pytest.raises(NameDeceives):
        proposing.propose(NEW | {"name": name}, by=lut.subject)
    with pytest.raises(NameDeceives):
        programs.add(edupartner, name, keeps_secrets=True, by=lut.subject)

    assert not Proposal.objects.exists()


@pytest.mark.parametrize("name", ["Één & 't Quizhuis", "Дневник 24", "学びLAB", "مدرسة", "Εκπαίδευση", "Quiz (🙂)"])
def test_a_name_in_any_language_is_welcome(edupartner, an, name):
    assert proposing.propose(NEW | {"name": name}, by=an.subject).name == name


def test_a_name_wholly_in_look_alikes_is_taken(an):
    """Each letter of it is Cyrillic."""
    make_partner("cope")

    with pytest.raises(NameTaken):
        proposing.propose(NEW | {"name": "\u0421\u043e\u0440\u0435"}, by=an.subject)


def test_a_program_may_be_named_after_its_own_organisation_and_no_other(edupartner, lut):
    make_partner("quizkast")

    programs.add(edupartner, "Edupartner", keeps_secrets=True, by=lut.subject)

    with pytest.raises(NameTaken):
        programs.add(edupartner, "QuizKast", keeps_secrets=True, by=lut.subject)


def test_a_contact_proposes_so_often_a_day_and_another_is_not_held_up(edupartner, lut, an, monkeypatch):
    monkeypatch.setattr(proposing, "MOST_PER_DAY", 1)
    first = asks_for_town(edupartner, lut)

    with pytest.raises(TooManyProposals):
        proposing.propose(wants(edupartner, purpose="Iets anders."), partner=edupartner, by=lut.subject)

    first.refresh_from_db()
    assert first.is_waiting
    assert proposing.propose(NEW, by=an.subject).is_waiting


def test_the_day_after_she_proposes_again(edupartner, lut, monkeypatch):
    monkeypatch.setattr(proposing, "MOST_PER_DAY", 1)
    asks_for_town(edupartner, lut)
    Proposal.objects.update(made_at=timezone.now() - timedelta(hours=25))

    assert proposing.propose(wants(edupartner, purpose="Iets anders."), partner=edupartner, by=lut.subject).is_waiting


def test_nothing_new_is_no_proposal(edupartner, lut):
    with pytest.raises(NothingProposed):
        proposing.propose(wants(edupartner), partner=edupartner, by=lut.subject)

    assert not Proposal.objects.exists()


def test_of_an_ended_partner_nothing_changes(edupartner, lut, pia):
    asked = asks_for_town(edupartner, lut)
    Partner.objects.update(ended_at=edupartner.published_at)

    with pytest.raises(PartnerHasEnded):
        proposing.approve(asked, by=pia.subject)


def test_nobody_speaks_for_it_once_who_asked_is_leaving(an, pia, rik):
    asked = proposing.propose(NEW, by=an.subject)
    proposing.approve(asked, by=pia.subject)
    erasure.hide(an.subject)

    with pytest.raises(ProposerGone):
        proposing.approve(asked, by=rik.subject)

    assert not Partner.objects.exists()


@pytest.mark.parametrize("lacking", [{"contact_email": ""}, {"privacy_url": ""}, {"privacy_url": "javascript:alert(1)"}, {"name": " "}])
def test_a_partner_whose_particulars_are_missing_cannot_be_published(pia, lacking):
    """G-54, K-10."""
    partner = make_partner(is_published=False)
    partner.reasons = REASONS
    partner.save()
    Recipient.objects.update(**lacking)

    with pytest.raises(PartnerIncomplete) as refusal:
        publishing.publish(partner, by=pia.subject)

    assert len(refusal.value.lacks) == 1
    assert not Partner.objects.taking_part().exists()


@pytest.mark.parametrize("lacking", [{"purpose": ""}, {"attributes": []}, {"reasons": {"first_name": "Daarom."}}])
def test_a_partner_that_does_not_say_what_it_asks_and_why_cannot_be_published(pia, lacking):
    """G-54."""
    partner = make_partner(is_published=False)
    Partner.objects.update(**{"reasons": REASONS} | lacking)

    with pytest.raises(PartnerIncomplete):
        publishing.publish(partner, by=pia.subject)


def test_without_a_purpose_the_database_refuses_it_too(edupartner):
    with pytest.raises(IntegrityError), transaction.atomic():
        Partner.objects.update(purpose="")


def test_a_partner_that_only_brings_archives_needs_no_data_of_ours(pia):
    partner = make_partner(attributes=[], is_published=False)
    make_application(partner, brings_from="https://elders.example")

    publishing.publish(partner, by=pia.subject)

    assert Partner.objects.get().published_at is not None


def test_published_once_it_says_all(pia):
    partner = make_partner(is_published=False)
    Partner.objects.update(reasons=REASONS)

    publishing.publish(partner, by=pia.subject)
    publishing.publish(partner, by=pia.subject)

    assert Partner.objects.taking_part().exists()
    assert TrailEntry.objects.filter(event="partner.published").count() == 1


def test_partners_whose_names_look_alike_have_short_names_of_their_own(edupartner):
    names = [fields.new_partner(NEW | {"name": name}).slug for name in ("Quiz kast", "Quiz-kast", "日本")]

    assert names == ["quiz-kast", "quiz-kast-2", "partner"]


def test_an_operator_lets_a_member_speak_for_a_partner(edupartner, an, capsys):
    call_command("speak_for", "edupartner", an.email)
    call_command("speak_for", "edupartner", an.email)
    assert PartnerContact.objects.count() == 1

    call_command("speak_for", "edupartner", an.email, "--no-longer")

    assert not PartnerContact.objects.exists()
    with pytest.raises(CommandError):
        call_command("speak_for", "nergens", an.email)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_agree_at_once_each_counts_once(edupartner, lut, pia, rik):
    needs_threads()
    asked = asks_for_town(edupartner, lut)

    at_once(*[lambda by=by: proposing.approve(asked, by=by.subject) for by in (pia, rik)])

    asked.refresh_from_db()
    edupartner.refresh_from_db()
    assert (asked.state, asked.approvals.count(), "town" in edupartner.attributes) == ("approved", 2, True)
