"""What a partner said when: every yes finds its own words, whichever server's clock it was given by, and wherever the words came from."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consents import offers, permissions, wording
from consents.models import ConsentEvent, Partner, PartnerGrant
from consents.registration import proposing
from consents.standing import standings
from privacy.evidence import replay
from privacy.models import Recipient

from .ledgers import lines, lost
from .makers import make_contact, make_grant
from .misconduct import make_colleague
from .reading import words_of
from .signing_in import browser_of
from .wordings import LETTERS, PRACTISES, REASONS, SELLS, proposal_of, says, stands, with_reasons

SHOWN = {"text_version": "2025-01", "language": "nl"}
SECONDS_AHEAD = timedelta(seconds=5)


@pytest.fixture
def edupartner(edupartner):
    return with_reasons(edupartner)


@pytest.fixture
def pia(db):
    return make_colleague("Pia", "partners").subject


def said_to(event, partner) -> str:
    return wording.said_at(event.at, wording.histories([partner])[partner.pk], partner).purpose


def test_a_partner_without_a_history_begins_it_with_what_members_agreed_to(an):
    """Registered by a fixture, or by software that knew no history yet."""
    recipient = Recipient.objects.create(name="Oud", kind=Recipient.Kind.CONTROLLER)
    old = Partner.objects.create(recipient=recipient, slug="oud", purpose=PRACTISES, attributes=["first_name"], published_at=timezone.now())
    make_grant(an, old)

    says(old, purpose=SELLS)

    assert [said.purpose for said in old.wordings.order_by("pk")] == [PRACTISES, SELLS]
    assert said_to(ConsentEvent.objects.get(), old) == PRACTISES


def test_words_that_came_otherwise_than_by_an_approval_stand_in_the_history_too(an, edupartner):
    edupartner.purpose = "Door een beheerder gezet."
    edupartner.save()
    make_grant(an, edupartner)

    says(edupartner, purpose=SELLS)

    assert [said.purpose for said in edupartner.wordings.order_by("pk")][-2:] == ["Door een beheerder gezet.", SELLS]


def test_a_yes_by_a_slow_clock_is_to_the_words_that_she_read(an, edupartner):
    """The server at which ours approved was ahead."""
    says(edupartner, purpose=SELLS, offers="Boeken.")
    ahead = wording.as_it_stands(edupartner)
    ahead.purpose, ahead.since = PRACTISES, timezone.now() + SECONDS_AHEAD
    edupartner.purpose = PRACTISES
    edupartner.save()
    ahead.save()

    grant = offers.allow(make_grant(an, edupartner, ["first_name", "email"]), **SHOWN)
    permissions.narrow(grant, ["email"], **SHOWN)

    assert ConsentEvent.objects.count() == 3
    assert {said_to(event, edupartner) for event in ConsentEvent.objects.all()} == {PRACTISES}


def test_words_by_a_slow_clock_come_after_the_yes_before_them(an, edupartner, monkeypatch):
    """The server at which she said yes was ahead."""
    later = timezone.now() + SECONDS_AHEAD
    with monkeypatch.context() as patched:
        patched.setattr(wording.timezone, "now", lambda: later)
        make_grant(an, edupartner)

    says(edupartner, purpose=SELLS)

    assert said_to(ConsentEvent.objects.get(), edupartner) == PRACTISES
    (standing,) = standings(an.subject, slug="edupartner")
    assert [change.old for change in standing.changes] == [PRACTISES]


def test_two_changes_at_one_moment_have_moments_of_their_own(edupartner, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(wording.timezone, "now", lambda: now)

    says(edupartner, purpose=SELLS)
    says(edupartner, purpose=PRACTISES)

    moments = list(edupartner.wordings.order_by("pk").values_list("since", flat=True))
    assert sorted(set(moments)) == moments


def test_words_that_go_back_let_her_permission_count_again(an, bo, edupartner):
    make_grant(an, edupartner)
    says(edupartner, purpose=SELLS)
    make_grant(bo, edupartner)

    says(edupartner, purpose=PRACTISES)

    assert stands(an, edupartner)
    assert not stands(bo, edupartner)


def test_what_was_judged_the_same_goes_back_with_it(an, bo, edupartner):
    make_grant(an, edupartner)
    says(edupartner, purpose="Laat leerlingen oefenen!", keeps_meaning=True)
    make_grant(bo, edupartner)
    says(edupartner, purpose=SELLS)

    says(edupartner, purpose=PRACTISES)

    assert (stands(an, edupartner), stands(bo, edupartner)) == (True, True)


@pytest.mark.parametrize(
    ("fields", "reasons", "counts"),
    [
        (["email"], REASONS, True),
        (["email"], LETTERS, False),
        (["email"], REASONS | {"first_name": "Voor je naambordje."}, True),
        (["email", "first_name"], REASONS | {"first_name": "Voor je naambordje."}, False),
    ],
)
def test_only_who_would_read_what_she_read_counts_again(an, edupartner, fields, reasons, counts):
    make_grant(an, edupartner, fields)
    says(edupartner, reasons=LETTERS)

    says(edupartner, reasons=reasons, privacy_url="https://nieuw.example/")

    assert stands(an, edupartner) is counts


def test_words_from_before_a_field_was_asked_say_nothing_about_it(an, edupartner):
    asked = {"attributes": ["first_name", "email", "town"], "reasons": REASONS | {"town": "Voor lessen dicht bij jou."}}
    says(edupartner, **asked)
    make_grant(an, edupartner, ["town"])

    says(edupartner, reasons=REASONS | {"town": "Voor reclame."})

    assert not stands(an, edupartner)


def test_after_a_restore_who_agreed_to_words_that_were_replaced_since_stands_still(an, edupartner, pia):
    make_grant(an, edupartner)
    proposal = proposal_of(edupartner, purpose=SELLS)
    with lost():
        proposing.approve(proposal, by=pia)
    assert stands(an, edupartner)

    assert replay.replay() == 1

    assert not stands(an, edupartner)
    assert lines() == [("says_else", None)]


def test_words_that_changed_since_the_backup_and_stand_there_again_do_not_end_the_wait(an, edupartner, pia):
    """What the partner says by now is known to nobody but itself, until ours approve it again."""
    make_grant(an, edupartner)
    proposal = proposal_of(edupartner, purpose=SELLS)
    with lost():
        proposing.approve(proposal, by=pia)
    replay.replay()

    says(edupartner, attributes=["first_name", "email", "town"], reasons=REASONS | {"town": "Voor lessen dicht bij jou."})

    assert not stands(an, edupartner)
    page = browser_of(an, headers={"accept-language": "en"}).get(reverse("consents:permissions"))
    assert "What you agreed to stands there again now." in words_of(page.content.decode())


def test_after_a_restore_the_words_concern_whom_they_concerned(an, bo, edupartner, pia):
    make_contact(an, edupartner)
    make_grant(bo, edupartner, ["email"])
    proposal = proposal_of(edupartner, reasons=LETTERS, offers="")
    with lost():
        proposing.approve(proposal, by=pia)

    replay.replay()

    assert (stands(an, edupartner), stands(bo, edupartner)) == (True, False)
    assert not PartnerGrant.objects.filter(contact_allowed_at__isnull=False).exists()


@pytest.mark.parametrize("changes", [{"contact_email": "vragen@edupartner.example"}, {"attributes": ["first_name"]}])
def test_an_approval_of_which_nobody_is_asked_is_no_line(edupartner, pia, changes):
    proposing.approve(proposal_of(edupartner, **changes), by=pia)

    assert lines() == []
