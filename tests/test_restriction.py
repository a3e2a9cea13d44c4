"""Restriction: data that are only kept, from its ground to the letter before its end (Art. 18)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from consents import offers, permissions, releases
from consents.errors import PermissionEnded
from consents.models import PartnerGrant
from privacy.casework import agenda, asking, cases, restricting, weighing
from privacy.casework.agenda import Kind
from privacy.datamap import RestrictionGround, Right
from privacy.errors import (
    AlreadyRestricted,
    NotForPost,
    NotTold,
    OwnDecision,
    RefusalIncomplete,
    RequestAlreadyOpen,
    RestrictionIncomplete,
    RestrictionNotFound,
    UnknownPerson,
    WhileRestricted,
)
from privacy.evidence import replay
from privacy.models import AgendaItem, DataSubjectRequest, Notice, Restriction, TrailEntry
from privacy.rights import restriction, retention
from privacy.rights.statements import Place
from usage import recommending
from usage.models import ResourceView

from . import races
from .ledgers import lines, lost
from .makers import make_contact, make_favourite, make_grant, make_member, make_view
from .properties.acts import erase
from .test_by_hand import entered

pytestmark = pytest.mark.django_db

Status = DataSubjectRequest.Status
EVERYTHING = [""]


def restrict(member, uses=EVERYTHING, *, ground=RestrictionGround.LEGAL_CLAIMS, **how):
    rows = restriction.begin(member.subject, uses, ground=ground, **how)
    member.subject.refresh_from_db()
    return rows


def paused(member, uses=("usage",), ground="unlawful"):
    return asking.ask(Right.RESTRICTION, subject=member.subject, activities=list(uses), ground=ground)


def said_no(member, uses=("usage",)):
    return asking.ask(Right.OBJECTION, subject=member.subject, activities=list(uses))


def decide(request, answer=cases.fulfil, **how):
    cases.approve(request, subject=cases.subject_of(request))
    answer(request, actor_ref="dpo", **how)


def refuse(request):
    cases.refuse(request, ground="exception", reasons="Wij moeten spam kunnen tegenhouden.", actor_ref="dpo")


def told(row, *, days_ago):
    Restriction.objects.filter(pk=row.pk).update(announced_at=timezone.now(), told_at=timezone.now() - timedelta(days=days_ago))
    row.refresh_from_db()
    return row


def on_hold(member):
    return set(Restriction.objects.in_force().of(member.subject_id).values_list("activity", "ground"))


# Beginning


@pytest.mark.parametrize("ground", RestrictionGround.values)
def test_each_of_the_five_grounds_puts_a_use_on_hold(an, ground):
    """G-33."""
    restrict(an, ["usage"], ground=ground)

    assert on_hold(an) == {("usage", ground)}
    assert an.subject.restricts("usage")
    assert not an.subject.restricts("account")


@pytest.mark.parametrize(
    ("uses", "ground"), [(["usage"], ""), (["usage"], "because"), ([], "accuracy"), (["nothing"], "accuracy"), (["' OR 1=1"], "accuracy")]
)
def test_there_is_none_without_a_ground_and_a_use_that_exists(an, uses, ground):
    """G-33."""
    with pytest.raises(RestrictionIncomplete):
        restrict(an, uses, ground=ground)

    assert not Restriction.objects.exists()


def test_the_database_knows_no_other_ground(an):
    with pytest.raises(IntegrityError), transaction.atomic():
        Restriction.objects.create(subject_ref=an.subject_id, ground="because")


def test_all_uses_stop_with_all_of_them(an):
    restrict(an)

    assert an.subject.restricts("usage")
    assert an.subject.restricts("publication")
    assert an.subject.restricts("one that comes later")


def test_a_name_that_is_part_of_another_is_another_use(an):
    restrict(an, ["account"])

    assert not an.subject.restricts("count")
    assert not an.subject.restricts("acc")


def test_the_same_once_more_changes_nothing(an):
    restrict(an, ["usage"])

    assert restrict(an, ["usage"]) == []
    assert (Restriction.objects.count(), TrailEntry.objects.filter(event="restriction.begun").count()) == (1, 1)


def test_two_grounds_hold_until_the_last_one_ends(an):
    first, second = restrict(an, ["usage"]), restrict(an, ["usage"], ground="accuracy")

    restriction.end(first)
    an.subject.refresh_from_db()
    assert an.subject.restricts("usage")
    restriction.end(second)
    an.subject.refresh_from_db()

    assert (an.subject.restricted_at, an.subject.restricted_uses) == (None, "")


def test_what_stands_beside_the_person_is_what_is_in_force(an):
    restrict(an, ["usage", "account"])
    restrict(an, ["account", "publication"], ground="accuracy")
    restriction.end(Restriction.objects.filter(activity="account", ground="legal_claims"))
    restriction.end(Restriction.objects.filter(activity="usage"))
    an.subject.refresh_from_db()

    assert an.subject.restricted_uses.split() == sorted({use for use, _ground in on_hold(an)}) == ["account", "publication"]
    assert an.subject.restricted_at == min(Restriction.objects.in_force().values_list("begun_at", flat=True))


def test_nobody_else_is_restricted(an, bo):
    restrict(an)
    bo.subject.refresh_from_db()

    assert bo.subject.restricted_at is None


def test_of_who_was_erased_nothing_is_restricted(an):
    subject = an.subject
    erase(subject)

    with pytest.raises(UnknownPerson):
        restriction.begin(subject, EVERYTHING, ground=RestrictionGround.LEGAL_CLAIMS)


@pytest.mark.django_db(transaction=True)
def test_two_who_restrict_at_once_leave_one_restriction(an):
    races.needs_threads()
    acts = [lambda: restriction.begin(an.subject, ["usage"], ground=RestrictionGround.UNLAWFUL)] * 4

    made = races.at_once(*acts)

    assert sorted(len(rows) for rows in made) == [0, 0, 0, 1]


def test_what_is_on_hold_from_an_earlier_request_goes_with_the_one_that_the_desk_takes_in(an):
    """G-35, G-36: also after its end was announced."""
    first = said_no(an, ["usage", "publication"])
    refuse(first)
    request = cases.submit(Right.OBJECTION, subject=an.subject, channel="form")

    put_on_hold(request, an, ["usage"])

    assert [(row.activity, row.announced_at) for row in restricting.of(request)] == [("usage", None)]
    assert restricting.of(first)[0].activity == "publication"
    with pytest.raises(AlreadyRestricted):
        put_on_hold(request, an, ["usage"])


def test_what_is_on_hold_stays_with_a_request_that_is_still_to_be_answered(an):
    """The objection would be answered, and its use go on."""
    first = said_no(an)
    request = cases.submit(Right.RESTRICTION, subject=an.subject, channel="form")

    with pytest.raises(AlreadyRestricted):
        put_on_hold(request, an, ["usage"])

    assert restricting.of(first)


def test_what_stopped_for_good_is_not_ended_by_a_dispute_that_it_came_over_to(an):
    decide(said_no(an))
    request = cases.submit(Right.RECTIFICATION, subject=an.subject, channel="form")
    put_on_hold(request, an, ["usage"])

    decide(request)

    assert Restriction.objects.in_force().get().announced_at is None


def put_on_hold(request, member, uses):
    restricting.begin(request, member.subject, uses, ground="objection", actor_ref="dpo")


def test_nobody_of_the_desk_restricts_herself(daan):
    request = paused(daan)

    with pytest.raises(OwnDecision):
        restricting.begin(request, daan.subject, ["usage"], ground="unlawful", actor_ref=daan.subject.ref)


# What stops


def test_partners_get_nothing_and_hear_why(an, edupartner):
    """G-34."""
    grant = make_grant(an, edupartner)

    restrict(an, ["account"])

    with pytest.raises(PermissionEnded):
        releases.release(edupartner, an)
    assert not PartnerGrant.objects.live().exists()
    assert Notice.objects.get().event == "restriction"
    restriction.end(Restriction.objects.all())
    assert releases.release(edupartner, an)["sub"] == str(grant.sub)
    assert list(Notice.objects.order_by("pk").values_list("event", flat=True)) == ["restriction", "restriction-lifted"]


def test_what_partners_never_had_they_hear_nothing_of(an, edupartner):
    make_grant(an, edupartner)

    restrict(an, ["usage"])

    assert not Notice.objects.exists()


@pytest.mark.parametrize("act", ["give", "contact"])
def test_nothing_new_is_allowed_meanwhile_and_everything_is_taken_back(an, edupartner, act):
    """G-34."""
    grant = make_grant(an, edupartner)
    restrict(an)
    text = {"text_version": "2025-01", "language": "nl"}

    with pytest.raises(WhileRestricted):
        permissions.give(an, edupartner, ["email"], **text) if act == "give" else offers.allow(grant, **text)

    assert permissions.withdraw(grant).is_withdrawn


def test_an_objection_to_offers_works_also_then(an, edupartner):
    """G-36."""
    grant = make_contact(an, edupartner)
    restrict(an)

    offers.stop(grant)

    grant.refresh_from_db()
    assert grant.contact_allowed_at is None


def test_her_values_do_not_expire_meanwhile(an, bo):
    """G-34."""
    long_ago = timezone.now() - timedelta(days=100)
    of_an, of_bo = make_view(an, viewed_at=long_ago), make_view(bo, viewed_at=long_ago)
    restrict(an)

    retention.apply(timezone.now())

    kept = dict(ResourceView._base_manager.values_list("pk", "ip_address"))
    assert kept == {of_an.pk: "192.0.2.7", of_bo.pk: None}


def test_the_copy_of_her_data_is_made_all_the_same(an):
    """G-34."""
    make_view(an)
    restrict(an)

    request = cases.submit(Right.ACCESS, subject=an.subject)
    cases.approve(request, subject=an.subject)

    assert cases.run(request)
    assert request.archive.rows > 1


# Ending


def test_nothing_ends_before_she_was_told(an):
    """G-35."""
    (row,) = restrict(an)

    with pytest.raises(NotTold) as refusal:
        restriction.lift(row)

    assert refusal.value.from_on is None
    assert on_hold(an)


@pytest.mark.parametrize(("days_ago", "ends"), [(0, False), (6, False), (7, True), (30, True)])
def test_it_ends_seven_days_after_our_letter_went_out(an, days_ago, ends):
    """G-35."""
    row = told(restrict(an)[0], days_ago=days_ago)

    if ends:
        restriction.lift(row)
    else:
        with pytest.raises(NotTold):
            restriction.lift(row)

    assert bool(on_hold(an)) is not ends


def test_the_setting_says_how_many_days(an, settings):
    settings.PRIVACY = settings.PRIVACY | {"LIFT_NOTICE_DAYS": 14}

    with pytest.raises(NotTold):
        restriction.lift(told(restrict(an)[0], days_ago=13))


def test_our_letter_names_the_uses_and_leaves_once(an):
    """G-35."""
    rows = restrict(an, ["usage", "publication"], request_ref="ABC")

    restricting.announce(rows)
    sent = restricting.send_due(), restricting.send_due()

    assert sent == (1, 0)
    (letter,) = mail.outbox
    assert letter.to == [an.email]
    assert "Wat je hier doet" in letter.body
    assert "Wat je publiceerde" in letter.body
    assert "7 dagen" in letter.body
    assert set(Restriction.objects.values_list("told_at", flat=True)) - {None}
    assert AgendaItem.objects.open().get().kind == Kind.LIFT


def test_without_an_address_the_letter_goes_by_post(an, daan):
    """G-35."""
    (row,) = restrict(an, request_ref="ABC")
    an.emailaddress_set.all().delete()
    restricting.announce([row], actor_ref=daan.subject.ref)

    assert restricting.send_due() == 0
    restricting.told_by_post(row, actor_ref=daan.subject.ref)

    row.refresh_from_db()
    assert row.told_at
    assert TrailEntry.objects.get(event="letter.posted").actor_ref == str(daan.subject_id)
    with pytest.raises(NotForPost):
        restricting.told_by_post(row, actor_ref=daan.subject.ref)


def test_nothing_is_said_to_be_posted_that_no_letter_waits_for(an, daan):
    """G-35: a row beside one that is announced is none."""
    first, second = restrict(an, ["usage", "publication"], request_ref="ABC")
    an.emailaddress_set.all().delete()
    restricting.announce([first])

    with pytest.raises(NotForPost):
        restricting.told_by_post(second, actor_ref=daan.subject.ref)

    assert not Restriction.objects.filter(told_at__isnull=False).exists()


def test_a_mail_that_no_server_takes_is_posted_after_7_days(an, daan):
    """G-35: who has an address hears it there."""
    (row,) = restrict(an)
    restricting.announce([row])
    row.refresh_from_db()
    with pytest.raises(NotForPost):
        restricting.told_by_post(row, actor_ref=daan.subject.ref)

    Restriction.objects.update(announced_at=timezone.now() - timedelta(days=7, minutes=1))
    row.refresh_from_db()
    restricting.told_by_post(row, actor_ref=daan.subject.ref)

    assert Restriction.objects.get().told_at


def test_what_is_asked_again_is_not_ended(an):
    """G-35."""
    told(restrict(an, ["usage"])[0], days_ago=8)

    restrict(an, ["usage"])

    with pytest.raises(NotTold):
        restriction.lift(Restriction.objects.get())


def test_of_two_who_lift_it_the_second_finds_nothing(an, daan):
    row = told(restrict(an, request_ref="ABC")[0], days_ago=8)
    agenda.note(Kind.LIFT, "ABC", timezone.localdate())

    restricting.lift(row, actor_ref=daan.subject.ref)
    with pytest.raises(RestrictionNotFound):
        restricting.lift(row, actor_ref=daan.subject.ref)

    assert TrailEntry.objects.filter(event="restriction.lifted", actor_ref=str(daan.subject_id)).count() == 1
    assert not AgendaItem.objects.open().exists()


def test_nobody_ends_her_own(daan):
    row = told(restrict(daan)[0], days_ago=8)

    with pytest.raises(OwnDecision):
        restricting.lift(row, actor_ref=daan.subject.ref)


# Requests


def test_a_pause_that_we_follow_is_a_restriction(an):
    """G-33."""
    request = paused(an, ["usage", "account"])
    assert not on_hold(an)

    decide(request)

    assert on_hold(an) == {("usage", "unlawful"), ("account", "unlawful")}


def test_a_pause_that_we_refuse_is_none(an):
    refuse(paused(an))

    assert not on_hold(an)


def test_an_objection_stops_the_use_at_once_and_opens_a_task(an):
    """G-36."""
    request = said_no(an, ["usage", "publication"])

    assert on_hold(an) == {("usage", "objection"), ("publication", "objection")}
    assert set(AgendaItem.objects.open().values_list("kind", flat=True)) == {"decide", "compelling_grounds"}
    assert set(AgendaItem.objects.values_list("request_ref", flat=True)) == {request.ref}


def test_an_objection_to_offers_is_never_weighed(an, edupartner):
    """G-36."""
    offers.stop(make_contact(an, edupartner))

    assert not on_hold(an)
    assert not AgendaItem.objects.exists()


def test_suggestions_obey_an_objection_to_profiling(an, bo):
    """G-36, K-16."""
    make_favourite(an)
    assert recommending.may_profile(an)

    said_no(an)
    an.subject.refresh_from_db()

    assert not recommending.may_profile(an)
    assert recommending.suggest(an) == []


def test_an_objection_that_we_follow_stops_the_use_for_good(an):
    """G-36."""
    decide(said_no(an))

    row = Restriction.objects.in_force().get()
    assert row.upheld_at
    assert row.announced_at is None


def test_an_objection_that_we_refuse_ends_after_our_letter_alone(an):
    """G-36, G-35."""
    refuse(said_no(an))

    row = Restriction.objects.in_force().get()
    assert row.announced_at
    with pytest.raises(NotTold):
        restriction.lift(row)
    assert AgendaItem.objects.open().get().kind == Kind.LIFT


def test_an_objection_that_is_made_again_is_refused_as_the_first(an):
    """G-35, G-36: the use follows what becomes of the last one."""
    first = said_no(an)
    refuse(first)
    again = said_no(an)
    assert not AgendaItem.objects.open().filter(kind=Kind.LIFT).exists()

    refuse(again)

    row = Restriction.objects.in_force().get()
    assert (bool(row.announced_at), row.request_ref) == (True, again.ref)
    assert list(AgendaItem.objects.open().values_list("kind", "request_ref")) == [(Kind.LIFT, again.ref)]


def test_an_objection_that_is_made_again_may_be_right(an):
    """G-36."""
    refuse(said_no(an))

    decide(said_no(an))

    assert Restriction.objects.in_force().get().upheld_at
    assert not AgendaItem.objects.open().exists()


def test_what_we_put_on_hold_ourselves_follows_an_objection_to_it(an):
    restrict(an, ["usage"], ground="objection", request_ref="ABC")

    refuse(said_no(an))

    assert Restriction.objects.in_force().get().announced_at


def test_a_use_that_stopped_for_good_stays_so_whatever_is_asked_of_it(an):
    """G-36."""
    decide(said_no(an))

    refuse(said_no(an))

    row = Restriction.objects.in_force().get()
    assert (bool(row.upheld_at), row.announced_at) == (True, None)


def test_of_two_uses_that_end_the_one_that_does_not_leaves_the_other_on_the_agenda(an):
    refuse(said_no(an, ["usage", "publication"]))

    said_no(an)

    assert Restriction.objects.to_tell().get().activity == "publication"
    assert AgendaItem.objects.open().filter(kind=Kind.LIFT).count() == 1


def test_what_is_on_hold_for_good_has_no_end_on_the_agenda(an):
    decide(said_no(an))
    restricting.announce(Restriction.objects.all())
    assert AgendaItem.objects.open().get().kind == Kind.LIFT

    Restriction.objects.update(upheld_at=None)
    restriction.uphold(Restriction.objects.all())

    assert not AgendaItem.objects.open().exists()


def test_compelling_grounds_have_to_be_written(an):
    """G-36."""
    request = said_no(an)

    with pytest.raises(RefusalIncomplete):
        cases.refuse(request, ground="exception", reasons=" \n", actor_ref="dpo")

    request.refresh_from_db()
    assert request.status == Status.RECEIVED
    assert on_hold(an)


def test_an_objection_to_what_protects_others_is_weighed_and_stops_nothing(an):
    """G-34."""
    said_no(an, ["misconduct"])

    assert not on_hold(an)
    assert Kind.COMPELLING_GROUNDS in AgendaItem.objects.open().values_list("kind", flat=True)


def test_while_we_look_at_an_erasure_by_letter_data_are_only_kept(an, daan):
    """G-33, K-15."""
    request = entered(an, daan)
    assert on_hold(an) == {("", "erasure")}

    cases.refuse(request, ground="exception", reasons="Er loopt een geschil.", actor_ref="dpo")

    assert not on_hold(an)


def test_an_erasure_by_letter_that_was_taken_back_holds_nothing(an, daan):
    cases.cancel(entered(an, daan))

    assert not on_hold(an)


def test_a_restricted_person_is_erased_whole(an, bo, edupartner):
    make_grant(an, edupartner), make_view(an)
    restrict(an)

    erase(an.subject)

    assert not Restriction.objects.in_force().exists()
    assert not ResourceView._base_manager.filter(member=an.pk).exists()


# A value that she disputes


def disputed(member, column="email"):
    return weighing.dispute(member.subject, Place("accounts.Member", member.pk, column), "Dat klopt niet.")


def test_a_disputed_value_restricts_its_use_and_is_looked_at(an):
    """G-30, G-33."""
    request = disputed(an)

    assert (request.right, request.status) == (Right.RECTIFICATION, Status.RECEIVED)
    assert on_hold(an) == {("account", "accuracy")}
    assert set(AgendaItem.objects.open().values_list("kind", flat=True)) == {"decide", "verify_accuracy"}


def test_a_second_dispute_joins_the_first(an):
    first = disputed(an)

    assert disputed(an, "date_joined").ref == first.ref
    assert Restriction.objects.count() == 1


def test_a_dispute_never_joins_one_that_was_closed_meanwhile(an, monkeypatch):
    """As it looks to who was refused just before the first one was closed."""
    first = disputed(an)
    submit, refusals = cases.submit, [RequestAlreadyOpen(DataSubjectRequest.objects.get())]
    cases.cancel(first)
    monkeypatch.setattr(cases, "submit", lambda *right, **how: submit(*right, **how) if not refusals else _raise(refusals.pop()))

    second = disputed(an, "date_joined")

    assert second.ref != first.ref
    assert set(AgendaItem.objects.open().values_list("request_ref", "kind")) == {(second.ref, "decide"), (second.ref, "verify_accuracy")}
    assert Restriction.objects.get().request_ref == second.ref


def _raise(refusal):
    raise refusal


def test_once_we_looked_the_use_is_told_to_go_on(an):
    """G-35."""
    decide(disputed(an))

    assert Restriction.objects.in_force().get().announced_at
    assert AgendaItem.objects.open().get().kind == Kind.LIFT


# After a restore


def test_what_began_after_the_backup_begins_again_with_its_day(an):
    request = paused(an)
    with lost():
        decide(request)
        since = Restriction.objects.get().begun_at

    _replay()

    assert Restriction.objects.in_force().get().begun_at == since
    assert ("restricted", str(an.subject_id)) in lines()


def test_an_objection_that_is_lost_stops_the_use_again(an):
    with lost():
        said_no(an)

    _replay()

    assert on_hold(an) == {("usage", "objection")}


def test_what_ended_after_the_backup_ends_again(an, daan):
    request = paused(an)
    decide(request)
    row = told(Restriction.objects.get(), days_ago=8)
    with lost():
        restricting.lift(row, actor_ref=daan.subject.ref)
    assert on_hold(an)

    _replay()

    assert not on_hold(an)


def _replay():
    replay.replay()


def test_restrictions_name_nobody(an):
    restrict(an, request_ref="ABC")

    assert an.email not in str(Restriction.objects.values().get())


def test_asking_who_is_restricted_costs_no_query_per_row(django_assert_num_queries, an):
    for number in range(3):
        restrict(make_member(f"Lid{number}"))

    with django_assert_num_queries(1):
        list(ResourceView.objects.all())
