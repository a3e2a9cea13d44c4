"""Courts and authorities that ask for data: two of ours, a ground, and a person who reads it unless the law forbids."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from privacy.casework.registers import authorities
from privacy.datamap import registry
from privacy.days import today
from privacy.errors import (
    AuthorityRequestClosed,
    AuthorityRequestNotFound,
    DisclosureIncomplete,
    NotAnAuthority,
    ReceivedInFuture,
    SecondPersonForAuthority,
    SecrecyIncomplete,
)
from privacy.models import AuthorityRequest, Disclosure, Notice, Recipient, TrailEntry
from privacy.pages.disclosed import to_whom
from privacy.pages.timeline import Timeline
from privacy.subjects import rows_concerning

from .makers import make_member, make_view
from .properties.acts import erase
from .races import at_once, needs_threads

pytestmark = pytest.mark.django_db

COMMENTS = "usage.Comment"


def asked(member, by, **given):
    said = {"authority": "Parket Antwerpen", "contact": "parket@just.example", "legal_ground": "Art. 39bis Sv.", "asked": "Reacties"}
    said |= {"received_on": today(), "actor_ref": by.subject.ref}
    return authorities.note(member.subject, **said | given)


def secret(member, by, *, days=30):
    return asked(member, by, secret_until=today() + timedelta(days=days), secrecy_ground="Art. 28quinquies Sv.")


def handed_over(request, by, attributes=(COMMENTS,)):
    return authorities.answer(request.ref, outcome="handed_over", attributes=attributes, actor_ref=by.subject.ref)


def shown_to(member):
    """How many lines of her timeline, recipients and copies show it."""
    copy = rows_concerning(registry.maps[AuthorityRequest], member.subject).count()
    said = [entry.text for entry in Timeline(member.subject)[0:50]]
    return len(to_whom(member.subject)), copy, sum("gerecht" in text or "court" in text for text in said)


def test_what_an_authority_got_stands_among_the_recipients_of_her_data(an, bo, daan):
    """K-9."""
    handed_over(asked(an, daan), bo)

    (disclosed,) = to_whom(an.subject)
    assert (disclosed.recipient.name, disclosed.recipient.kind, disclosed.received.bases) == (
        "Parket Antwerpen",
        "authority",
        {"legal_obligation"},
    )
    assert disclosed.what == str(registry.labelled(COMMENTS).heading())
    assert shown_to(bo) == (0, 0, 0)


def test_nothing_shows_it_while_a_law_forbids_to_tell_her(an, bo, daan):
    """K-9: neither page nor copy; the register of ours holds it all the same."""
    request = secret(an, daan)
    handed_over(request, bo)

    assert shown_to(an) == (0, 0, 0)
    assert not TrailEntry.objects.filter(subject_ref=an.subject.ref, request_ref=request.ref).exists()
    assert AuthorityRequest.objects.get().outcome == "handed_over"


def test_she_reads_it_the_day_after_the_secrecy_with_the_moment_it_went_out(an, bo, daan):
    """K-9."""
    request = handed_over(secret(an, daan, days=3), bo)

    authorities.tell_after_secrecy(now=timezone.now() + timedelta(days=3))
    assert shown_to(an)[0] == 0
    for _twice in range(2):
        authorities.tell_after_secrecy(now=timezone.now() + timedelta(days=4))

    assert shown_to(an) == (1, 1, 1)
    assert Disclosure.objects.get().at == request.answered_at


def test_a_refusal_is_told_and_hands_over_nothing(an, bo, daan):
    authorities.answer(asked(an, daan).ref, outcome="refused", attributes=[COMMENTS], actor_ref=bo.subject.ref)

    assert (Disclosure.objects.count(), shown_to(an)[2]) == (0, 1)


@pytest.mark.parametrize("who", ["daan", "an", "role"])
def test_who_entered_it_does_not_decide_nor_the_person_nor_a_role(an, daan, who):
    """T-18."""
    request = asked(an, daan)
    by = {"daan": daan.subject.ref, "an": an.subject.ref, "role": "dpo"}[who]

    with pytest.raises(SecondPersonForAuthority):
        authorities.answer(request.ref, outcome="handed_over", attributes=[COMMENTS], actor_ref=by)


def test_nobody_enters_a_request_about_herself(daan):
    """T-18."""
    with pytest.raises(SecondPersonForAuthority):
        asked(daan, daan)


@pytest.mark.parametrize(
    "given",
    [
        {"secret_until": "later"},
        {"secrecy_ground": "Art. 28quinquies Sv."},
        {"secret_until": "earlier", "secrecy_ground": "Art. 28quinquies Sv."},
    ],
)
def test_secrecy_needs_a_ground_and_a_day_to_come(an, daan, given):
    days = {"later": today() + timedelta(days=9), "earlier": today() - timedelta(days=1)}
    given = {name: days.get(value, value) for name, value in given.items()}

    with pytest.raises(SecrecyIncomplete):
        asked(an, daan, **given)


def test_the_database_knows_no_secrecy_and_no_request_without_a_ground(an, daan):
    request = asked(an, daan)

    for broken in ({"secret_until": today()}, {"legal_ground": ""}, {"outcome": "refused"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AuthorityRequest.objects.filter(pk=request.pk).update(**broken)


@pytest.mark.parametrize("kind", ["processor", "controller"])
def test_no_organisation_becomes_an_authority_by_its_name(an, daan, kind):
    Recipient.objects.create(name="Parket Antwerpen", kind=kind, contact_email="hulp@host.example")

    with pytest.raises(NotAnAuthority):
        asked(an, daan)

    assert (AuthorityRequest.objects.count(), Recipient.objects.get().contact_email) == (0, "hulp@host.example")


def test_an_authority_that_moved_is_reached_at_its_new_address_and_the_trail_says_who_knew(an, daan):
    asked(an, daan), asked(an, daan)
    moved = asked(an, daan, contact="nieuw@just.example")

    assert Recipient.objects.get().contact_email == "nieuw@just.example"
    entry = TrailEntry.objects.get(event="recipient.changed")
    assert (entry.actor_ref, entry.reason) == (str(daan.subject.ref), f"changed.{moved.authority.pk}")


def test_a_request_of_tomorrow_did_not_come(an, daan):
    with pytest.raises(ReceivedInFuture):
        asked(an, daan, received_on=today() + timedelta(days=1))


def test_nothing_is_handed_over_without_saying_what(an, bo, daan):
    with pytest.raises(DisclosureIncomplete):
        handed_over(asked(an, daan), bo, attributes=())


def test_of_two_who_decide_at_once_one_does(transactional_db):
    needs_threads()
    an, bo, daan, els = (make_member(name) for name in ("An", "Bo", "Daan", "Els"))
    request = asked(an, daan)

    ended = at_once(lambda: handed_over(request, bo), lambda: handed_over(request, els))

    assert sorted(type(each).__name__ for each in ended) == ["AuthorityRequest", "AuthorityRequestClosed"]
    assert Disclosure.objects.count() == 1


def test_what_was_decided_stays_so(an, bo, daan):
    request = handed_over(asked(an, daan), bo)

    with pytest.raises(AuthorityRequestClosed):
        handed_over(request, bo)


@pytest.mark.parametrize("ref", ["ABCDEFGHJK", "", "x" * 5_000, "\x00"])
def test_a_number_that_is_none_finds_nothing(ref):
    with pytest.raises(AuthorityRequestNotFound):
        authorities.numbered(ref)


def test_an_authority_of_which_she_may_not_know_is_told_nothing_of_her_erasure(an, bo, daan):
    make_view(an)
    handed_over(secret(an, daan), bo)

    erase(an.subject)

    assert not Notice.objects.exists()


def test_a_secret_request_outlives_her_erasure_and_shows_nobody(an, bo, daan):
    request = secret(an, daan)
    handed_over(request, bo)

    erase(an.subject)
    authorities.tell_after_secrecy(now=timezone.now() + timedelta(days=31))

    request.refresh_from_db()
    assert request.told_at


def test_it_goes_after_the_years_of_accountability(an, bo, daan):
    """G-68."""
    handed_over(asked(an, daan), bo)

    authorities.forget(now=timezone.now() + timedelta(days=4 * 365))
    assert AuthorityRequest.objects.exists()
    authorities.forget(now=timezone.now() + timedelta(days=6 * 365))

    assert not AuthorityRequest.objects.exists()
