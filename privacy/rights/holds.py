"""What has to outlive an erasure, because the law excepts it: who asked for that, on which ground, until when (Art. 17(3), 18(2))."""

import json
import uuid
from base64 import b64encode
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.core import serializers
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..datamap import KeepGround, Right, registry
from ..datamap.maps import DataMap
from ..days import day_of, today
from ..errors import AlreadyHeld, HoldIncomplete, HoldNotFound, HoldTooLate, HoldTooLong, UnknownPerson
from ..evidence import remarks, replay, trail
from ..steps import Run
from ..subjects import Subject, rows_concerning
from . import held_keys, rectification

# The exceptions of Art. 17(3)(a)-(e), and nothing besides (G-39).
GROUNDS = (
    KeepGround.EXPRESSION,
    KeepGround.LEGAL_OBLIGATION,
    KeepGround.PUBLIC_HEALTH,
    KeepGround.ARCHIVING,
    KeepGround.LEGAL_CLAIMS,
)
# An action about a debt or a wrong lapses after ten years at most (art. 2262bis of the old Belgian Civil Code).
YEARS_AT_MOST = 10
# A key is made before its rows are committed.
MAKING_A_COPY = timedelta(hours=1)
# What is sealed in the ledger, beside the copies that are sealed under the same key.
TERMS = "terms"


class TermsQuerySet(models.QuerySet):
    def of(self, subject):
        return self.filter(subject_ref=subject.ref)

    def in_force(self, on: date):
        return self.filter(until__gte=on)

    def expired(self, on: date):
        return self.filter(until__lt=on)

    def due_for_review(self, on: date):
        return self.filter(review_on__lte=on)


class Terms(models.Model):
    """On which terms something is held; no column names a person."""

    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    record = models.CharField(_("what"), max_length=100, help_text=_("Which kind of data, as app.Model."))
    ground = models.CharField(
        _("ground"), max_length=20, choices=[(ground.value, ground.label) for ground in GROUNDS], help_text=_("Why it may stay, as a code.")
    )
    why = models.TextField(_("why"), max_length=500, help_text=_("In words that the person reads; they name nobody."))
    until = models.DateField(_("until"), help_text=_("The last day on which it is held."))
    review_on = models.DateField(_("looked at again"), help_text=_("When we look whether it is still needed."))
    placed_by = models.CharField(_("placed by"), max_length=60, help_text=_("Reference of who decided this."))
    placed_at = models.DateTimeField(_("placed"), default=timezone.now, help_text=_("When it was decided."))
    reminded_on = models.DateField(_("reminded"), null=True, blank=True, help_text=_("When we last wrote that it is due for review."))

    class Meta:
        abstract = True


class Hold(Terms):
    """Of one person: a row, or all rows of a kind, now and until she is erased; then it becomes a HeldRecord."""

    ref = models.UUIDField(_("number"), primary_key=True, default=uuid.uuid4, editable=False, help_text=_("Random; to speak of it."))
    row_key = models.CharField(_("row"), max_length=255, blank=True, help_text=_("Which row; empty where all of its kind are held."))

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.UniqueConstraint(fields=["subject_ref", "record", "row_key"], name="privacy_hold_once"),
            models.CheckConstraint(condition=Q(review_on__lte=models.F("until")), name="privacy_hold_reviewed_before_its_end"),
        ]

    def __str__(self):
        return f"hold {code_of(self.ref)}"

    def rows(self, subject: Subject) -> models.QuerySet:
        """None of a kind that an update of the software took away."""
        data_map = registry.labelled(self.record)
        if data_map is None:
            return Hold.objects.none()
        rows = rows_concerning(data_map, subject)
        return rows.filter(pk=self.row_key) if self.row_key else rows


class HeldRecord(Terms):
    """What was set aside when its person was erased: a sealed copy of rows and their files, under a key outside the database (D-7)."""

    hold_ref = models.UUIDField(_("hold"), db_index=True, help_text=_("The hold that it came from; one may give several."))
    request_ref = models.CharField(_("request"), max_length=20, db_index=True, help_text=_("Number of the erasure."))
    part = models.PositiveIntegerField(_("part"), help_text=_("Which part of the hold this is."))
    rows = models.PositiveIntegerField(_("rows"), help_text=_("How many rows are in it."))
    sealed = models.BinaryField(_("sealed copy"), help_text=_("Readable only with the key of the hold, which is destroyed when it ends."))
    held_at = models.DateTimeField(_("set aside"), default=timezone.now, help_text=_("When it was copied."))

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("held record")
        verbose_name_plural = _("held records")
        constraints = [models.UniqueConstraint(fields=["hold_ref", "part"], name="privacy_held_part_once")]

    def __str__(self):
        return f"held {code_of(self.hold_ref)}.{self.part}"


def held_rows(data_map: type[DataMap], on: date) -> Q:
    """Which rows of this table are held on that day, each by itself or as all of a kind."""
    found = list(Hold.objects.filter(record=data_map.label()).in_force(on))
    held = Q(pk__in=[hold.row_key for hold in found if hold.row_key])
    refs = {hold.subject_ref for hold in found if not hold.row_key}
    for subject in Subject.objects.filter(pk__in=refs) if refs else ():
        held |= Q(pk__in=rows_concerning(data_map, subject).values("pk"))
    return held


def title_of(record: str) -> str:
    """What a person reads for "usage.Comment"."""
    data_map = registry.labelled(record)
    return data_map.heading() if data_map else record


def code_of(ref) -> str:
    """Short, for letters and lists: "3F2A90B1"."""
    return str(ref)[:8].upper()


def holdable() -> list[type[DataMap]]:
    """What erasure would take away; what is kept has its own ground and end, and the engine's own tables are no evidence."""
    maps = registry.maps.values()
    return [data_map for data_map in maps if data_map.row.name != "kept" and data_map.model._meta.app_label != "privacy"]


@transaction.atomic
def place(subject: Subject, record: str, *, row_key="", ground: str, why: str, until: date, review_on: date, actor_ref) -> Hold:
    """HoldIncomplete, HoldTooLong, RowNotFound, AlreadyHeld; HoldTooLate once her erasure began, which waits for us or we for it."""
    if not Subject.objects.select_for_update(no_key=True).filter(pk=subject.pk).exists():
        raise UnknownPerson
    if Run.objects.filter(request__subject_ref=subject.ref, request__right=Right.ERASURE, request__status="running").exists():
        raise HoldTooLate
    _check(record, ground, why)
    check_days(until, review_on)
    row_key = str(rectification.find(subject, record, row_key)[1].pk) if row_key else ""
    terms = {"ground": ground, "why": why.strip(), "until": until, "review_on": review_on, "placed_by": str(actor_ref)}
    hold = _insert(Hold(subject_ref=subject.ref, record=record, row_key=row_key, **terms))
    trail.record("hold.placed", subject_ref=subject.ref, actor_ref=actor_ref, reason=ground)
    _note(hold)
    return hold


def _note(hold):
    """Its words are of a person, and stand in the ledger only as long as its key is there."""
    held_keys.make(hold.ref)
    row = json.dumps(serializers.serialize("python", [hold]), default=str)
    sealed = b64encode(held_keys.seal(hold.ref, row.encode(), name=TERMS)).decode()
    replay.note("hold", subject_ref=hold.subject_ref, ref=hold.ref, sealed=sealed)


def _check(record, ground, why):
    if record not in {data_map.label() for data_map in holdable()} or ground not in GROUNDS or not why.strip():
        raise HoldIncomplete


def check_days(until: date, review_on: date) -> None:
    """HoldTooLong unless it is looked at again from tomorrow on, at the latest when it ends, and that within ten years."""
    if not today() < review_on <= until <= today() + relativedelta(years=YEARS_AT_MOST):
        raise HoldTooLong


def _insert(hold):
    try:
        with transaction.atomic():
            hold.save(force_insert=True)
    except IntegrityError:
        raise AlreadyHeld from None
    return hold


@transaction.atomic
def prolong(ref, *, until: date, review_on: date, actor_ref, reason: str) -> None:
    """Looked at, and still needed. HoldNotFound, HoldTooLong."""
    check_days(until, review_on)
    terms = _locked(ref)
    set_days(ref, until=until, review_on=review_on)
    remarks.write(trail.record("hold.prolonged", subject_ref=terms.subject_ref, actor_ref=actor_ref), reason)
    replay.note("hold_prolonged", subject_ref=terms.subject_ref, ref=ref, until=until, review_on=review_on)


def set_days(ref, *, until: date, review_on: date) -> None:
    for model in (Hold, HeldRecord):
        _rows_of(model, ref).update(until=until, review_on=review_on, reminded_on=None)


@transaction.atomic
def lift(ref, *, actor_ref, reason: str) -> None:
    """No longer needed: what was set aside goes, and its key. Of two at once the second finds nothing (HoldNotFound)."""
    _end("hold.lifted", _locked(ref), ref, actor_ref=actor_ref, reason=reason)


def expire(now: datetime) -> None:
    """Holds whose last day has passed end by themselves; keys that a killed process left go."""
    for ref in _refs(lambda rows: rows.expired(day_of(now))):
        with transaction.atomic():
            terms = _first_locked(ref)
            if terms and terms.until < day_of(now):
                _end("hold.expired", terms, ref)
    for ref in held_keys.made_before(now - MAKING_A_COPY):
        if not is_there(ref):
            held_keys.destroy(ref)


def _end(event, terms, ref, *, actor_ref="", reason=""):
    destroy(ref)
    remarks.write(trail.record(event, subject_ref=terms.subject_ref, actor_ref=actor_ref), reason)
    replay.note("hold_ended", subject_ref=terms.subject_ref, ref=ref)


def destroy(ref) -> None:
    """The hold, what was set aside for it, and its key."""
    for model in (HeldRecord, Hold):
        _rows_of(model, ref).delete()
    transaction.on_commit(lambda: held_keys.destroy(ref))


def is_there(ref) -> bool:
    return any(_rows_of(model, ref).exists() for model in (Hold, HeldRecord))


def _rows_of(model, ref):
    return model.objects.filter(**{"pk" if model is Hold else "hold_ref": ref})


def _refs(narrow) -> set:
    """Of holds and of what was set aside."""
    return {*narrow(Hold.objects).values_list("pk", flat=True), *narrow(HeldRecord.objects).values_list("hold_ref", flat=True)}


def _locked(ref) -> Terms:
    terms = _first_locked(ref)
    if terms is None:
        raise HoldNotFound
    return terms


def _first_locked(ref) -> Terms | None:
    """The hold itself while there is one: a worker that sets it aside holds the same lock."""
    hold = _rows_of(Hold, ref).select_for_update().first()
    return hold or _rows_of(HeldRecord, ref).select_for_update().defer("sealed").order_by("part").first()
