"""Restriction: her data are only kept, for all uses or for some, until we told her that it ends (Art. 18)."""

from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import restricted
from ..conf import setting
from ..datamap import RestrictionGround, registry
from ..datamap.activity import Activity
from ..datamap.maps import DataMap
from ..days import day_of, start_of
from ..errors import NotTold, RestrictionIncomplete, RestrictionNotFound, UnknownPerson
from ..evidence import trail
from ..outbox import Outgoing, OutgoingQuerySet
from ..subjects import Subject, rows_concerning

# Sent with `subject` and `request_ref`, in the transaction of the act, where her uses on hold became more or fewer: recipients are to be
# told (Art. 19).
restricted_more, restricted_less = Signal(), Signal()
# Sent with `request_ref`, in the transaction of the act, where an end that was announced with this request does not come.
stays = Signal()
# Our own promise (K-15) and no right of Art. 18(1): it ends with the decision that it waits for, whose letter says so.
NEEDS_NO_NOTICE = {RestrictionGround.ERASURE}


class RestrictionQuerySet(OutgoingQuerySet):
    def in_force(self):
        return self.filter(lifted_at=None)

    def of(self, subject_ref):
        return self.filter(subject_ref=subject_ref)

    def to_tell(self):
        """It was decided that they end, and she does not know yet."""
        return self.in_force().filter(announced_at__isnull=False, told_at=None)


class Restriction(Outgoing):
    """One use of one person's data, on one ground. The letter before its end is this row, sent as every letter is."""

    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    request_ref = models.CharField(
        _("request"), max_length=20, blank=True, db_index=True, help_text=_("Number of the request that it came with.")
    )
    activity = models.CharField(_("use"), max_length=100, blank=True, help_text=_("Which use of data is on hold; empty for all of them."))
    ground = models.CharField(
        _("ground"), max_length=20, choices=RestrictionGround.choices, help_text=_("Why data may only be kept, as a code.")
    )
    begun_at = models.DateTimeField(_("since"), default=timezone.now, help_text=_("Since when data are only kept."))
    begun_by = models.CharField(_("begun by"), max_length=60, blank=True, help_text=_("Reference or role of who began it."))
    upheld_at = models.DateTimeField(
        _("for good"), null=True, blank=True, help_text=_("When the objection was found right: this use has stopped for good.")
    )
    announced_at = models.DateTimeField(
        _("end decided"), null=True, blank=True, help_text=_("When it was decided that it ends, and the letter about it was written.")
    )
    told_at = models.DateTimeField(_("told"), null=True, blank=True, help_text=_("When the letter went out that says it will end."))
    lifted_at = models.DateTimeField(_("ended"), null=True, blank=True, help_text=_("When it ended."))
    lifted_by = models.CharField(_("ended by"), max_length=60, blank=True, help_text=_("Reference or role of who ended it."))

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        indexes = [models.Index(fields=["begun_at", "id"], condition=Q(lifted_at=None), name="privacy_restrictions_in_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_ref", "activity", "ground"], condition=Q(lifted_at=None), name="privacy_restriction_once_per_ground"
            ),
            models.CheckConstraint(condition=Q(ground__in=RestrictionGround.values), name="privacy_restriction_has_a_ground"),
        ]

    def __str__(self):
        return f"restriction {self.pk}"

    @property
    def use(self) -> str:
        """What a person reads for it."""
        return title_of(self.activity)

    @property
    def may_end_on(self) -> date | None:
        """The first day on which it may be lifted; None while our letter has not gone out."""
        return self.told_at and day_of(self.told_at) + timedelta(days=setting("LIFT_NOTICE_DAYS"))


def title_of(slug: str) -> str:
    activity = next((each for each in registry.activities() if each.slug == slug), None)
    return str(activity.heading) if activity else slug or str(_("all uses"))


def restrictable() -> list[Activity]:
    """Uses that stop while data may only be kept; the others go on by law (Art. 18(2))."""
    return [activity for activity in registry.activities() if not activity.goes_on]


def begin(subject: Subject, uses, *, ground: str, request_ref="", actor_ref="", at: datetime | None = None) -> list[Restriction]:
    """Those that are new; a use on hold on this ground stays as it is. `uses` are slugs of activities; "" is all of them.

    What was announced to end is on hold with this request from now on.

    In the caller's transaction. RestrictionIncomplete without ground or use, UnknownPerson once she was erased.
    """
    known = {activity.slug for activity in registry.activities()} | {""}
    uses = list(dict.fromkeys(uses))
    if ground not in RestrictionGround.values or not uses or not set(uses) <= known:
        raise RestrictionIncomplete
    with transaction.atomic():
        held = _hold(subject)
        there = Restriction.objects.in_force().of(held.pk).filter(ground=ground, activity__in=uses)
        _stay(there.filter(announced_at__isnull=False), request_ref=request_ref)
        new = [use for use in uses if use not in set(there.values_list("activity", flat=True))]
        facts = {"subject_ref": held.pk, "request_ref": request_ref, "ground": ground, "begun_by": str(actor_ref)}
        rows = Restriction.objects.bulk_create([Restriction(activity=use, begun_at=at or timezone.now(), **facts) for use in new])
        if rows:
            trail.record("restriction.begun", subject_ref=held.pk, actor_ref=actor_ref, request_ref=request_ref, reason=ground)
            _remember(held, subject, request_ref)
    return rows


@transaction.atomic
def announce(rows, *, actor_ref="") -> list[Restriction]:
    """It is decided that these end: our letter goes out, and from so many days after it they may be lifted (Art. 18(3)). Once for each."""
    found = list(Restriction.objects.in_force().filter(pk__in=[row.pk for row in rows], announced_at=None).select_for_update())
    Restriction.objects.filter(pk__in=[row.pk for row in found]).update(announced_at=timezone.now())
    for ref, request_ref in {(row.subject_ref, row.request_ref) for row in found}:
        trail.record("restriction.announced", subject_ref=ref, actor_ref=actor_ref, request_ref=request_ref)
    return found


@transaction.atomic
def uphold(rows, *, actor_ref="") -> int:
    """The objection was right: these uses have stopped for good (Art. 21(1))."""
    open_ones = Restriction.objects.in_force().filter(pk__in=[row.pk for row in rows], upheld_at=None)
    return _stay(open_ones, upheld_at=timezone.now())


def _stay(rows, **also) -> int:
    """They do not end, whatever was announced."""
    ends = set(rows.filter(announced_at__isnull=False).values_list("request_ref", flat=True))
    changed = rows.update(announced_at=None, told_at=None, attempts=0, held_until=None, **also)
    for request_ref in sorted(ends - {""}):
        stays.send(sender=Restriction, request_ref=request_ref)
    return changed


def lift(restriction: Restriction, *, actor_ref="", now: datetime | None = None) -> Restriction:
    """NotTold unless our letter went out PRIVACY["LIFT_NOTICE_DAYS"] before. Of two at once the second has RestrictionNotFound."""
    now = now or timezone.now()
    with transaction.atomic():
        found = Restriction.objects.in_force().filter(pk=restriction.pk).select_for_update().first()
        if found is None:
            raise RestrictionNotFound
        if found.ground not in NEEDS_NO_NOTICE:
            refuse_early(found, now)
        end([found], actor_ref=actor_ref, now=now)
    return found


def refuse_early(restriction: Restriction, now: datetime) -> None:
    """Whole days in Brussels: the day of the letter counts for none of them."""
    if restriction.may_end_on is None or now < start_of(restriction.may_end_on):
        raise NotTold(restriction.may_end_on)


def end(rows, *, actor_ref="", now: datetime | None = None, quietly=False) -> int:
    """In the caller's transaction, whatever she was told: by `lift`, by our own promise, or `quietly` since her data go.

    How many people were concerned.
    """
    ended = 0
    for ref in {row.subject_ref for row in rows}:
        subject = Subject.objects.select_for_update(no_key=True).filter(pk=ref).first()
        hers = Restriction.objects.in_force().of(ref).filter(pk__in=[row.pk for row in rows])
        request_ref = hers.values_list("request_ref", flat=True).order_by("pk").first() or ""
        if hers.update(lifted_at=now or timezone.now(), lifted_by=str(actor_ref)):
            ended += 1
            if not quietly:
                trail.record("restriction.lifted", subject_ref=ref, actor_ref=actor_ref, request_ref=request_ref)
            if subject is not None:
                _remember(subject, None, request_ref, quietly=quietly)
    return ended


def in_force_for(subject: Subject) -> list[Restriction]:
    """The oldest first; for her own pages and the desk."""
    return list(Restriction.objects.in_force().of(subject.ref).order_by("begun_at", "pk"))


def rows_only_kept(data_map: type[DataMap]) -> Q:
    """Rows of this table that no night of ours may change, in one short list of people: few are restricted."""
    use, kept = restricted.use_of(data_map), Q(pk__in=[])
    for subject in Subject.objects.restricted() if use else ():
        if subject.restricts(use.slug):
            kept |= Q(pk__in=rows_concerning(data_map, subject).values("pk"))
    return kept


def _hold(subject: Subject) -> Subject:
    held = Subject.objects.select_for_update(no_key=True).filter(pk=subject.pk).first()
    if held is None:
        raise UnknownPerson
    return held


def _remember(held: Subject, given: Subject | None, request_ref, *, quietly=False) -> None:
    """What is on hold, beside the person, so that no query looks it up; `given` is the caller's own copy."""
    rows = Restriction.objects.in_force().of(held.pk).values_list("activity", "begun_at")
    before, uses = held.restricted_uses, restricted.written({use for use, _at in rows})
    held.restricted_at, held.restricted_uses = min((at for _use, at in rows), default=None), uses
    held.save(update_fields=["restricted_at", "restricted_uses"])
    if given is not None:
        given.restricted_at, given.restricted_uses = held.restricted_at, uses
    if uses != before and not quietly:
        signal = restricted_more if _is_more(before, uses) else restricted_less
        signal.send(sender=Restriction, subject=held, request_ref=request_ref)


def _is_more(before: str, uses: str) -> bool:
    """Something is on hold that was not."""
    return not restricted.covers(before, restricted.EVERY_USE) and bool(set(uses.split()) - set(before.split()))
