"""What erasing a member means for partners."""

from datetime import timedelta

import pytest

from consents import permissions
from consents.erasure import withdraw_permissions
from consents.models import ConsentEvent, PartnerGrant
from consents.releases import release
from privacy.casework import cases
from privacy.datamap import Right
from privacy.evidence.recipients import Disclosure, Notice, Recipient
from privacy.steps import Work, write_ledger

from .makers import make_grant, make_partner


def approved_erasure(member):
    request = cases.submit(Right.ERASURE, subject=member.subject)
    cases.approve(request, subject=member.subject, grace=timedelta(0))
    request.refresh_from_db()
    return request


@pytest.fixture
def work(an):
    """The step of An's erasure, as a worker is handed it."""

    def begun():
        run = approved_erasure(an).run
        run.claim()
        write_ledger(run, cases.plan_of(run.request))
        return Work(run, run.steps.get(name="withdraw permissions"), run.request, an.subject)

    return begun


def make_authority(name):
    return Recipient.objects.create(
        name=name, kind=Recipient.Kind.AUTHORITY, contact_email="griffie@authority.example", privacy_url="https://authority.example/"
    )


def erasure_notices():
    return Notice.objects.filter(event="erasure")


def test_erasure_ends_a_permission_and_tells_the_partner(an, edupartner, work):
    """G-48."""
    grant = make_grant(an, edupartner)

    withdraw_permissions(work())

    event = ConsentEvent.objects.order_by("pk").last()
    assert (event.kind, event.method, event.text_version) == ("withdrawn", "erasure", "2025-01")
    assert (erasure_notices().get().recipient, erasure_notices().get().known_as) == (edupartner.recipient, str(grant.sub))


def test_a_partner_that_received_something_before_the_withdrawal_is_told_too(an, edupartner, work):
    """G-48."""
    grant = make_grant(an, edupartner)
    release(edupartner, an)
    permissions.withdraw(grant)

    withdraw_permissions(work())

    assert erasure_notices().get().known_as == str(grant.sub)
    assert ConsentEvent.objects.filter(kind="withdrawn").count() == 1


def test_a_partner_that_received_nothing_before_the_withdrawal_is_not_told(an, bo, edupartner, work):
    permissions.withdraw(make_grant(an, edupartner))
    make_grant(bo, edupartner)
    release(edupartner, bo)

    withdraw_permissions(work())

    assert not erasure_notices().exists()


def test_a_recipient_without_permission_is_told_once_and_by_no_name(an, bo, work):
    """G-48."""
    court, ministry = make_authority("Rechtbank"), make_authority("Ministerie")
    for recipient, member in [(court, an), (court, an), (court, bo), (ministry, bo)]:
        Disclosure.objects.create(recipient=recipient, subject_ref=member.subject.ref, attributes=["email"], basis="legal_obligation")

    withdraw_permissions(work())

    assert (erasure_notices().get().recipient, erasure_notices().get().known_as) == (court, "")


def test_a_replay_writes_no_second_event_notice_or_count(an, edupartner, work):
    """G-44."""
    make_grant(an, edupartner)
    release(edupartner, an)
    step = work()
    withdraw_permissions(step)

    withdraw_permissions(step)

    assert (ConsentEvent.objects.filter(kind="withdrawn").count(), erasure_notices().count()) == (1, 1)
    assert step.run.steps.get(name="withdraw permissions").counts == {"consents.PartnerGrant withdrawn": 1}


def test_a_permission_without_recorded_consent_does_not_stop_an_erasure(an, edupartner, work):
    PartnerGrant.objects.create(member=an, partner=edupartner, attributes=["email"])

    withdraw_permissions(work())

    assert ConsentEvent.objects.get().method == "erasure"


def test_erasing_an_leaves_the_permissions_of_bo(an, bo, edupartner, work):
    of_bo = make_grant(bo, edupartner)
    make_grant(an, edupartner)

    withdraw_permissions(work())

    assert list(PartnerGrant.objects.live()) == [of_bo]
    assert {notice.subject_ref for notice in Notice.objects.all()} == {an.subject.ref}


def test_after_the_whole_erasure_only_the_record_of_consent_is_left(an, edupartner):
    """K-14, G-51."""
    make_grant(an, edupartner)
    release(edupartner, an)
    make_grant(an, make_partner("toetspartner"))
    ref, request = an.subject.ref, approved_erasure(an)

    assert cases.run(request)

    assert not PartnerGrant.including_hidden.exists()
    assert ConsentEvent.objects.filter(subject_ref=ref).count() == 4
    assert set(erasure_notices().values_list("state", "known_as")) == {("delivered", "")}
