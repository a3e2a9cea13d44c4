"""Ending the work with a partner: cut off at one moment, then each permission closed, noted and told."""

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_refresh_token_model

from accounts.models import Member
from consents import ending, offers, permissions, releases, tasks
from consents.errors import PartnerHasEnded, PartnerTakesNoPart, PermissionEnded
from consents.models import ConsentEvent, PartnerEnding, PartnerGrant, Signal
from privacy.evidence import replay
from privacy.models import Notice, TrailEntry
from privacy.rights import pace

from . import receiving
from .ledgers import lost
from .makers import make_grant, make_member, make_partner
from .partner_side import SITE, Program, make_application
from .races import at_once, needs_threads
from .receiving import deliver, make_stream

REASON = "Het contract loopt af."


def end(partner, by):
    return ending.end(partner, REASON, by=by.subject)


def make_members(how_many):
    return [make_member(f"Lid{number}") for number in range(how_many)]


@pytest.fixture
def small_batches(monkeypatch):
    tiny = pace.Pace({"sqlite": 2, "postgresql": 2}, rest=0)
    monkeypatch.setattr(ending, "pace", lambda: tiny)


def test_its_programs_get_nothing_from_the_first_moment_on(an, daan, edupartner, client):
    client.force_login(an)
    program = Program(make_application(edupartner), client)
    program.sign_in()

    end(edupartner, daan)

    assert program.session.get(SITE + reverse("oidc:userinfo")).status_code == 401
    assert program.post("oidc:introspect", token=program.session.token["access_token"]).status_code == 401
    assert program.post("oidc:token", grant_type="client_credentials").status_code == 401
    assert program.ask().status_code == 400
    with pytest.raises(PermissionEnded):
        releases.release(edupartner, an)


def test_each_permission_is_closed_noted_and_told(an, bo, daan, edupartner):
    grants = [make_grant(an, edupartner, text_version="2024-09"), make_grant(bo, edupartner, language="en")]

    ending.carry_on(end(edupartner, daan))

    events = ConsentEvent.objects.filter(kind="withdrawn").order_by("pk")
    assert [(event.subject_ref, event.method, event.attributes) for event in events] == [
        (member.subject_id, "ended", ["first_name"]) for member in (an, bo)
    ]
    assert [(event.text_version, event.language) for event in events] == [("2024-09", "nl"), ("2025-01", "en")]
    notices = Notice.objects.order_by("pk")
    assert [(notice.event, notice.known_as, notice.state) for notice in notices] == [
        ("ended", str(grant.sub), "queued") for grant in grants
    ]
    assert set(TrailEntry.objects.filter(event="consent.ended").values_list("subject_ref", flat=True)) == {an.subject_id, bo.subject_id}
    assert not PartnerGrant.objects.filter(revoked_at=None).exists()


def test_who_let_it_contact_her_is_on_record_twice(an, bo, daan, edupartner):
    """Each is a consent of its own; of an objection nobody is told, since nobody objected."""
    edupartner.offers = "Nieuwe pakketten aanbieden."
    edupartner.save()
    offers.allow(make_grant(an, edupartner), text_version="2025-03", language="en")
    make_grant(bo, edupartner)

    ending.carry_on(end(edupartner, daan))

    event = ConsentEvent.objects.get(kind="withdrawn", purpose="contact")
    assert (event.subject_ref, event.attributes, event.text_version, event.language) == (an.subject_id, [], "2025-03", "en")
    assert ConsentEvent.objects.filter(kind="withdrawn", purpose="use").count() == 2
    assert TrailEntry.objects.get(event="contact.withdrawn").subject_ref == an.subject_id
    assert not PartnerGrant.objects.exclude(contact_allowed_at=None).exists()
    assert set(Notice.objects.values_list("event", flat=True)) == {"ended"}


@pytest.mark.parametrize("state", [{"ended_at": timezone.now()}, {"published_at": None}])
def test_a_program_of_who_takes_no_part_gets_nowhere_with_its_own_token(edupartner, state):
    application = make_application(edupartner)
    program, stream = receiving.Program(application), make_stream(application)

    type(edupartner).objects.filter(pk=edupartner.pk).update(**state)

    calls = {"GET": "stream", "POST": f"poll/{stream.pk}", "DELETE": "stream"}
    answers = [program.call(method, path, {} if method == "POST" else None).status_code for method, path in calls.items()]
    assert answers == [401, 401, 401]
    assert Program(application, None).post("oidc:token", grant_type="client_credentials").status_code == 401


def test_what_its_program_was_to_fetch_goes_by_mail_at_once(an, bo, daan, edupartner):
    make_stream(make_application(edupartner))
    earlier = permissions.withdraw(make_grant(an, edupartner))
    deliver()
    grant = make_grant(bo, edupartner)

    ending.carry_on(end(edupartner, daan))
    deliver()

    told = "".join(message.body for message in mail.outbox if message.to == [edupartner.recipient.contact_email])
    assert str(earlier.sub) in told
    assert str(grant.sub) in told
    assert not Notice.objects.undelivered().exists()
    assert not Signal.objects.queued().exists()


def test_what_is_brought_to_its_program_still_is(an, bo, daan, edupartner, settings):
    settings.PARTNERS_ON_LOOPBACK = True
    with receiving.running() as receiver:
        make_stream(make_application(edupartner), receiver)
        permissions.withdraw(make_grant(an, edupartner))
        make_grant(bo, edupartner)

        ending.carry_on(end(edupartner, daan))
        deliver()

    said = [receiving.claims_of(token)["events"].popitem() for token in receiver.tokens]
    revoked = [payload["initiating_entity"] for name, payload in said if name.endswith("authorisation-revoked")]
    assert revoked == ["user", "admin"]
    assert not mail.outbox


def test_her_page_says_that_it_ended_from_the_first_moment_on(an, daan, edupartner, client):
    make_grant(an, edupartner)
    client.force_login(an)

    end(edupartner, daan)

    page = client.get(reverse("consents:permissions"), headers={"accept-language": "en"}).content.decode()
    assert "No longer a partner of ours" in page
    assert reverse("consents:withdraw", args=["edupartner"]) not in page
    assert reverse("consents:allow", args=["edupartner"]) not in page


def test_its_tokens_are_gone(an, daan, edupartner, client):
    client.force_login(an)
    program = Program(make_application(edupartner), client)
    program.sign_in()
    program.session.refresh_token(SITE + reverse("oidc:token"))
    program.post("oidc:token", grant_type="client_credentials", scope="ssf.read")

    ending.carry_on(end(edupartner, daan))

    assert not get_access_token_model().objects.exists()
    assert not get_refresh_token_model().objects.exists()


def test_what_others_allowed_another_partner_stands(an, bo, daan, edupartner):
    """Also what was withdrawn before keeps its moment."""
    other = make_grant(an, make_partner("quizkast"))
    withdrawn = permissions.withdraw(make_grant(bo, edupartner))

    ending.carry_on(end(edupartner, daan))

    assert PartnerGrant.objects.live().get() == other
    assert PartnerGrant.objects.get(pk=withdrawn.pk).revoked_at == withdrawn.revoked_at
    assert Notice.objects.count() == 1


def test_a_worker_that_was_killed_is_followed_by_one_that_goes_on(daan, edupartner, small_batches, monkeypatch):
    for member in make_members(5):
        make_grant(member, edupartner)
    begun, finish, closed = end(edupartner, daan), ending._close_batch, []

    def killed_at_the_second(*args):
        finish(*args)
        closed.append(1)
        if len(closed) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(ending, "_close_batch", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        ending.carry_on(begun)
    monkeypatch.setattr(ending, "_close_batch", finish)
    PartnerEnding.objects.update(held_until=None)
    tasks.end_partners()

    begun.refresh_from_db()
    assert (begun.members, Notice.objects.count(), begun.finished_at is not None) == (5, 5, True)
    assert ConsentEvent.objects.filter(kind="withdrawn").values("subject_ref").distinct().count() == 5


def test_a_second_worker_leaves_it_alone(an, daan, edupartner):
    make_grant(an, edupartner)
    begun = end(edupartner, daan)
    PartnerEnding.objects.get().take()

    assert not ending.carry_on(begun)
    assert not ending.unfinished().exists()


def test_what_is_still_being_given_at_that_moment_opens_nothing_and_is_closed(an, daan, edupartner):
    begun = end(edupartner, daan)
    ending.carry_on(begun)
    PartnerGrant.objects.create(member=an, partner=edupartner, attributes=["first_name"])

    assert not PartnerGrant.objects.live().exists()
    tasks.end_partners()

    assert Notice.objects.count() == 1
    assert not ending.unfinished().exists()


def test_nobody_can_allow_it_any_more_and_it_ends_once(an, daan, edupartner):
    end(edupartner, daan)

    with pytest.raises(PartnerTakesNoPart):
        make_grant(an, edupartner)
    with pytest.raises(PartnerHasEnded):
        end(edupartner, daan)


def test_a_database_from_before_ends_it_again(an, daan, edupartner):
    """The line of the ledger says which; the worker goes on with it."""
    make_grant(an, edupartner)
    with lost():
        end(edupartner, daan)

    replay.replay()
    tasks.end_partners()

    edupartner.refresh_from_db()
    assert edupartner.ended_at
    assert not PartnerGrant.objects.filter(revoked_at=None).exists()


def test_what_is_given_again_in_the_middle_of_a_batch_is_closed_with_its_event(an, bo, daan, edupartner, monkeypatch):
    """Its row is older than those of the batch."""
    hers, moments = permissions.withdraw(make_grant(an, edupartner)), ["once"]
    make_grant(bo, edupartner)
    begun, end_tokens = end(edupartner, daan), ending.tokens.end_many

    def meanwhile_she_gives(*args):
        if moments:
            PartnerGrant.objects.filter(pk=hers.pk).update(revoked_at=None)
            moments.pop()
        end_tokens(*args)

    monkeypatch.setattr(ending.tokens, "end_many", meanwhile_she_gives)
    ending.carry_on(begun)

    ended = ConsentEvent.objects.filter(kind="withdrawn", method="ended")
    assert set(ended.values_list("subject_ref", flat=True)) == {an.subject_id, bo.subject_id}
    assert PartnerEnding.objects.get().members == 2
    assert not PartnerGrant.objects.filter(revoked_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_who_withdraws_at_that_moment_is_told_of_once(edupartner, small_batches):
    needs_threads()
    members, daan = make_members(6), make_member("Daan")
    grants = [make_grant(member, edupartner) for member in members]
    begun = end(edupartner, daan)

    at_once(*[lambda grant=grant: permissions.withdraw(grant) for grant in grants[3:]], lambda: ending.carry_on(begun))

    assert Notice.objects.count() == ConsentEvent.objects.filter(kind="withdrawn").count() == 6


@pytest.mark.long
def test_twenty_thousand_members_take_no_more_statements_than_their_batches(daan, edupartner, django_assert_max_num_queries):
    template = make_member("Lid")
    subjects = type(template.subject).objects.bulk_create([type(template.subject)(kind="member") for _nth in range(20_000)])
    members = Member.objects.bulk_create([Member(subject=subject, email=f"{subject.pk}@school.example") for subject in subjects])
    PartnerGrant.objects.bulk_create([PartnerGrant(member=member, partner=edupartner, attributes=["first_name"]) for member in members])
    begun = end(edupartner, daan)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does with rows that were committed

    with django_assert_max_num_queries(20 * (20_000 // pace.pace().at_once + 2)):
        ending.carry_on(begun)

    assert Notice.objects.count() == 20_000
