"""Accounts that nobody uses (Art. 5(1)(e)): the rule, who approved it, and the calendar of warnings, set-based."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..conf import hook, setting
from ..days import day_of, start_of
from ..outbox import Outgoing, OutgoingQuerySet
from ..subjects import NOTHING, Subject

# Whatever the settings say, nobody is closed out sooner than this after her last warning.
LEAST_DAYS = 7
# How long a warning is tried; then it rests, and is tried anew after a month. Who was not reached is never erased.
GIVE_UP_AFTER, TRY_AGAIN_AFTER = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Rule:
    """After how many months without use an account of this kind goes, and how many days before its person is warned."""

    kind: str
    months: int
    warn_days: tuple[int, ...]

    def last_day_for(self, used_on: date) -> date:
        """The last day on which using it keeps it: the same day number, else the last day of that month."""
        return used_on + relativedelta(months=self.months)

    def unused_before(self, on: date) -> datetime:
        """Who used it last before this moment is to be warned on this day, for the first time.

        The latest day whose time ends within the first warning's days; from 29, 30 and 31 the months lead to one day.
        """
        limit = on + timedelta(days=self.warn_days[0])
        day = limit - relativedelta(months=self.months)
        while self.last_day_for(day + timedelta(days=1)) <= limit:
            day += timedelta(days=1)
        return start_of(day + timedelta(days=1))


def rules() -> list[Rule]:
    """One per kind of person in PRIVACY["INACTIVE_MONTHS"]; the longest warning first, the last at least 7 days before."""
    days = tuple(sorted({max(days, LEAST_DAYS) for days in setting("INACTIVE_WARN_DAYS")} or {LEAST_DAYS}, reverse=True))
    return [Rule(kind, months, days) for kind, months in setting("INACTIVE_MONTHS").items() if months]


class ApprovedRuleQuerySet(models.QuerySet):
    def in_force(self):
        """Approved as the settings say it today."""
        return self.filter(reduce(or_, map(_as_approved, rules()), NOTHING), withdrawn_at__isnull=True)


def _as_approved(rule: Rule) -> Q:
    return Q(kind=rule.kind, months=rule.months, warn_days=list(rule.warn_days))


class ApprovedRule(models.Model):
    """A rule as the data protection officer approved it; one that differs needs another approval. Who did stands in the trail."""

    kind = models.CharField(_("kind"), max_length=30, help_text=_("Which kind of person it is about."))
    months = models.PositiveSmallIntegerField(_("months"), help_text=_("After how many months without use."))
    warn_days = models.JSONField(_("warnings"), help_text=_("How many days before the person is warned."))
    approved_at = models.DateTimeField(_("approved"), default=timezone.now, help_text=_("From then on it is applied."))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, help_text=_("From then on it is not."))

    objects = ApprovedRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("approved rule")
        verbose_name_plural = _("approved rules")
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(withdrawn_at__isnull=True), name="privacy_one_approved_rule_per_kind")
        ]

    def __str__(self):
        return f"{self.kind} {self.months}"


class UnusedAccountQuerySet(OutgoingQuerySet):
    def of_rules_in_force(self):
        return self.filter(approval__in=ApprovedRule.objects.in_force())

    def about(self, subject):
        return self.filter(subject_ref=subject.ref)

    def to_send(self, now):
        """Warnings that still have to go out, of rules in force."""
        tried_lately = Q(attempts=0) | Q(written_at__gt=now - GIVE_UP_AFTER)
        return self.of_rules_in_force().filter(tried_lately, sent_at__isnull=True)

    def not_reached(self, now):
        return self.filter(sent_at__isnull=True, attempts__gt=0, written_at__lte=now - GIVE_UP_AFTER)

    def over(self, approval, on: date):
        """Warned for the last time, and the last day has passed."""
        return self.filter(approval=approval, days=min(approval.warn_days), sent_at__isnull=False, ends_on__lt=on)


class UnusedAccount(Outgoing):
    """An account that goes unless it is used, with the warning that is next or went out last. It holds no text and no address."""

    approval = models.ForeignKey(
        ApprovedRule, on_delete=models.CASCADE, verbose_name=_("rule"), help_text=_("Under which rule; without it there is no row.")
    )
    subject_ref = models.UUIDField(_("person"), unique=True, help_text=_("Reference of the person concerned."))
    unused_since = models.DateTimeField(_("unused since"), help_text=_("When the account was last used."))
    ends_on = models.DateField(_("last day"), db_index=True, help_text=_("Until then, using the account keeps it."))
    days = models.PositiveSmallIntegerField(_("warning"), help_text=_("Which warning: so many days before."))
    written_at = models.DateTimeField(_("written"), default=timezone.now, help_text=_("When this warning was due."))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, help_text=_("When this warning went out."))
    grace_days = models.PositiveSmallIntegerField(
        _("days to go back"),
        null=True,
        blank=True,
        help_text=_("How long one can go back once it closed, as the last warning said."),
    )

    objects = UnusedAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account that nobody uses")
        verbose_name_plural = _("accounts that nobody uses")

    def __str__(self):
        return f"unused {self.pk}"

    def postpone(self, on: date) -> None:
        """A warning that goes out late still leaves as many days as it says."""
        self.ends_on = max(self.ends_on, on + timedelta(days=self.days))
        UnusedAccount.objects.filter(pk=self.pk).update(ends_on=self.ends_on)


def told(kind: str) -> str:
    """What a person of this kind is told of the rule in force, before it touches anybody (Art. 13(2)(a)); "" where there is none."""
    rule = next((rule for rule in rules() if rule.kind == kind and in_force(rule)), None)
    if rule is None:
        return ""
    said = {"months": rule.months, "days": get_text_list(rule.warn_days, gettext("and"))}
    return gettext("an account that nobody uses for %(months)s months is erased by itself; we write %(days)s days before") % said


def in_force(rule: Rule) -> ApprovedRule | None:
    """None until somebody approved it, and again once anything in it changed."""
    return ApprovedRule.objects.in_force().filter(kind=rule.kind).first()


@transaction.atomic
def approve(rule: Rule) -> bool:
    """Every countdown begins anew under it. False where it was approved already, by whoever came first of two."""
    if in_force(rule):
        return False
    _end(rule.kind, ApprovedRule.objects.exclude(pk__in=ApprovedRule.objects.in_force()))
    try:
        with transaction.atomic():
            ApprovedRule.objects.create(kind=rule.kind, months=rule.months, warn_days=list(rule.warn_days))
    except IntegrityError:
        return False
    return True


@transaction.atomic
def withdraw(kind: str) -> bool:
    """From now on nobody is warned or erased; who was warned already starts anew if it is approved again."""
    return _end(kind, ApprovedRule.objects.all())


def _end(kind, approvals) -> bool:
    ended = approvals.filter(kind=kind, withdrawn_at=None).update(withdrawn_at=timezone.now())
    UnusedAccount.objects.filter(approval__kind=kind, approval__withdrawn_at__isnull=False).delete()
    return bool(ended)


def people(kind: str) -> QuerySet[Subject]:
    """Whom the host would let go, each with `last_seen_at`; nobody who is hidden, or whose data may only be kept."""
    return hook("LAST_SEEN")(Subject.objects.filter(kind=kind, hidden_at=None, restricted_at=None))


def proposals(rule: Rule, found: QuerySet[Subject], on: date) -> QuerySet[Subject]:
    """Who of `found` is to be warned on this day for the first time, the longest unused first."""
    known = UnusedAccount.objects.filter(subject_ref=OuterRef("pk"))
    return found.filter(~Exists(known), last_seen_at__lt=rule.unused_before(on)).order_by("last_seen_at", "pk")


def propose(approval: ApprovedRule, rule: Rule, found: QuerySet[Subject], *, now: datetime, at_most: int) -> int:
    """Their first warning, in the transaction that holds the approval; so many a night."""
    due = proposals(rule, found, day_of(now)).values_list("pk", "last_seen_at")[:at_most]
    return len(UnusedAccount.objects.bulk_create([_first(approval, rule, *each, now) for each in due]))


def _first(approval, rule, ref, last_seen_at, now):
    days = rule.warn_days[0]
    ends_on = max(rule.last_day_for(day_of(last_seen_at)), day_of(now) + timedelta(days=days))
    facts = {"unused_since": last_seen_at, "ends_on": ends_on, "days": days, "written_at": now}
    return UnusedAccount(approval=approval, subject_ref=ref, **facts)


def stop_where_used(approval: ApprovedRule, found: QuerySet[Subject]) -> int:
    """Whoever used the account meanwhile, or may no longer be proposed."""
    still = found.filter(pk=OuterRef("subject_ref"), last_seen_at__lte=OuterRef("unused_since"))
    return UnusedAccount.objects.filter(~Exists(still), approval=approval).delete()[0]


def move_on(approval: ApprovedRule, *, now: datetime) -> int:
    """The next warning of those whose last one went out; of several that are due only the last one, with all its days still to go."""
    on, moved = day_of(now), 0
    for days in sorted(approval.warn_days):
        due = UnusedAccount.objects.filter(approval=approval, days__gt=days, sent_at__isnull=False, ends_on__lte=on + timedelta(days=days))
        moved += due.update(days=days, ends_on=on + timedelta(days=days), written_at=now, sent_at=None, attempts=0, held_until=None)
    return moved


def try_again(approval: ApprovedRule, *, now: datetime) -> int:
    """Who was not reached a month ago."""
    rested = UnusedAccount.objects.filter(approval=approval, sent_at__isnull=True, written_at__lte=now - TRY_AGAIN_AFTER)
    return rested.update(written_at=now, attempts=0, held_until=None)
