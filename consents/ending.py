"""Ending the work with a partner: closed for everybody at one moment, then each permission, in batches that let the site breathe."""

from datetime import datetime

from django.db import connection, models, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from privacy.evidence import replay, trail
from privacy.evidence.recipients import Notice
from privacy.evidence.replay import replayed
from privacy.evidence.trail import TrailEntry
from privacy.outbox import HOLD
from privacy.rights.pace import pace, resting_after
from privacy.subjects import Subject

from .errors import PartnerHasEnded
from .models import ConsentEvent, IncomingTransfer, Partner, PartnerEnding, PartnerGrant
from .oidc import tokens
from .signals import streams
from .transfer import coming

Purpose = ConsentEvent.Purpose
# From a permission to whose it is.
PERSON = "member__subject"
# What a batch writes for each member: column -> expression over her permission.
Written = dict[str, models.expressions.BaseExpression]


@transaction.atomic
def end(partner: Partner, reason: str, *, by: Subject) -> PartnerEnding:
    """From the commit on no program of it gets anything; the worker closes what members allowed. PartnerHasEnded the second time.

    `reason` is read by its contacts, `by` is who of ours ends it.
    """
    ending = _begin(partner, reason)
    trail.record("partner.ended", actor_ref=by.ref, reason=partner.slug)
    replay.note("partner_ended", partner=partner.slug)
    return ending


def _begin(partner, reason):
    held = Partner.objects.select_for_update().get(pk=partner.pk)
    if held.ended_at:
        raise PartnerHasEnded
    partner.ended_at = held.ended_at = timezone.now()
    held.save(update_fields=["ended_at"])
    streams.shut(held)
    return PartnerEnding.objects.create(partner=held, reason=reason, begun_at=held.ended_at)


@replayed("partner_ended")
@transaction.atomic
def end_again(line) -> None:
    """After a restore: closed at once, and the worker goes on; the reason was in the database alone."""
    partner = Partner.objects.filter(slug=line.facts["partner"], ended_at=None).first()
    if partner is not None:
        _begin(partner, "")


def unfinished() -> QuerySet[PartnerEnding]:
    """Also one to which a permission came that was being given at that moment: it opens nothing, and is closed."""
    was_left = Exists(_open(OuterRef("partner")))
    return PartnerEnding.objects.filter(Q(finished_at=None) | was_left).free().select_related("partner__recipient").order_by("pk")


def carry_on(ending: PartnerEnding) -> bool:
    """Close what is open, until nothing is: killed in the middle, the next one goes on there. False where another is at it."""
    if not ending.take():
        return False
    chosen = pace()
    is_last = False
    while not is_last:
        last = _end_of_batch(ending.partner, chosen.at_once)
        is_last = last is None
        with resting_after(chosen, is_last=is_last), transaction.atomic():
            _finish(ending) if is_last else _close_batch(ending, last)
    return True


def _open(partner) -> QuerySet[PartnerGrant]:
    return PartnerGrant.including_hidden.filter(partner=partner, revoked_at=None)


def _end_of_batch(partner, rows: int) -> int | None:
    """Key of its last permission; None when nothing is open."""
    keys = _open(partner).order_by("pk").values_list("pk", flat=True)[:rows]
    return _open(partner).filter(pk__in=keys).aggregate(last=models.Max("pk"))["last"]


def _close_batch(ending, last: int) -> None:
    """As `permissions.close` and `tell` do for one: under the lock of each member, the events, their entries in the trail, the notice.

    Nobody is signed out at the partner: she stays signed in here, and what it does with her session is no longer between us.
    """
    closed, now = 0, timezone.now()
    if keys := _hold(_open(ending.partner).filter(pk__lte=last)):
        batch = _open(ending.partner).filter(pk__in=keys)
        _close_contact(batch, now)
        _write(ConsentEvent, batch, _event(Purpose.USE, now))
        _write(TrailEntry, batch, _entry("consent.ended", now))
        _write(Notice, batch, _notice(ending.partner, now))
        tokens.end_many(ending.partner, batch.values("member"))
        closed = batch.update(revoked_at=now)
    PartnerEnding.objects.filter(pk=ending.pk).update(members=F("members") + closed, held_until=now + HOLD)


def who_may_be_contacted(partner: Partner) -> QuerySet[PartnerGrant]:
    return _open(partner).filter(contact_allowed_at__isnull=False)


@transaction.atomic
def end_contact(partner: Partner, *, last: int | None = None) -> None:
    """It offers something else: nobody is contacted on a yes to other words (Art. 7). `last`: key up to which, alone."""
    up_to = {} if last is None else {"pk__lte": last}
    keys, now, rows = _hold(who_may_be_contacted(partner).filter(**up_to)), timezone.now(), pace().at_once
    for begin in range(0, len(keys), rows):
        _close_contact(_open(partner).filter(pk__in=keys[begin : begin + rows]), now)


def _close_contact(batch, now):
    may_contact = batch.filter(contact_allowed_at__isnull=False)
    _write(ConsentEvent, may_contact, _event(Purpose.CONTACT, now) | {"attributes": _nothing()})
    _write(TrailEntry, may_contact, _entry("contact.withdrawn", now))
    may_contact.update(contact_allowed_at=None)


def _finish(ending):
    _bring_no_more(ending.partner)
    tokens.end_all(ending.partner)
    PartnerEnding.objects.filter(pk=ending.pk).update(finished_at=timezone.now(), held_until=None)


def _bring_no_more(partner):
    """What its programs were still to bring: a handful, and nothing that needs a batch."""
    brought = IncomingTransfer.including_hidden.waiting().filter(application__partner=partner)
    list(Subject.objects.select_for_update(no_key=True).filter(pk__in=brought.values(PERSON)).order_by("pk"))
    coming.stop_those(brought, ConsentEvent.Method.ENDED)


def _hold(grants) -> list[int]:
    """`permissions.hold` for each, in one order: nobody gives, withdraws or is handed out anything meanwhile. The keys of those held.

    Asked again without them, `grants` may have one more, which was being given when we looked: that one is closed in a batch of its own.
    """
    persons = Subject.objects.select_for_update(no_key=True).filter(pk__in=grants.values(PERSON)).order_by("pk")
    held = set(persons.values_list("pk", flat=True))
    return [key for key, person in grants.order_by("pk").values_list("pk", PERSON) if person in held]


def _event(purpose, now: datetime) -> Written:
    return {
        "subject_ref": F(PERSON),
        "partner": F("partner"),
        "kind": Value(ConsentEvent.Kind.WITHDRAWN),
        "purpose": Value(purpose),
        "attributes": F("attributes"),
        "asked": _nothing(),
        "text_version": _given("text_version", purpose),
        "language": _given("language", purpose),
        "method": Value(ConsentEvent.Method.ENDED),
        "at": Value(now),
    }


def _nothing():
    return Value([], models.JSONField())


def _given(name, purpose):
    """What stood there in the text that she agreed to last; empty where none was recorded."""
    of_grant = {"subject_ref": OuterRef(PERSON), "partner": OuterRef("partner"), "purpose": purpose}
    hers = ConsentEvent.objects.filter(kind=ConsentEvent.Kind.GIVEN, **of_grant)
    return Coalesce(Subquery(hers.order_by("-pk").values(name)[:1]), Value(""))


def _entry(event: str, now: datetime) -> Written:
    nothing = dict.fromkeys(("request_ref", "reason"), Value(""))
    return {"event": Value(event), "at": Value(now), "subject_ref": F(PERSON), "actor_ref": Value("controller"), **nothing}


def _notice(partner, now: datetime) -> Written:
    return {
        "attempts": Value(0),
        "recipient": Value(partner.recipient_id),
        "subject_ref": F(PERSON),
        "request_ref": Value(""),
        "event": Value("ended"),
        "known_as": _AsText("sub"),
        "attributes": F("attributes"),
        "state": Value(Notice.State.QUEUED),
        "created_at": Value(now),
    }


class _AsText(models.Func):
    """A UUID as people and programs write it, whatever the database keeps."""

    output_field = models.CharField()
    template = "CAST(%(expressions)s AS varchar)"

    def as_sqlite(self, compiler, connection, **context):
        found, values = compiler.compile(self.source_expressions[0])
        parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        return " || '-' || ".join(f"substr({found}, {begin}, {length})" for begin, length in parts), tuple(values) * len(parts)


def _write(model, batch, written: Written) -> None:
    """A row of `model` for each permission, in one statement; what is not named stays empty."""
    columns = [model._meta.get_field(name).column for name in written]
    named = {f"its_{column}": value for column, value in zip(columns, written.values(), strict=True)}
    found, values = batch.order_by("pk").annotate(**named).values_list(*named).query.sql_with_params()
    names = ", ".join(map(connection.ops.quote_name, columns))
    into = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) {found}"
    with connection.cursor() as cursor:
        cursor.execute(into, values)
