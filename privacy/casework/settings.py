"""What the data protection officer changes on the desk: with a history that only grows, by two where it takes time from others."""

import json
import secrets
from collections import defaultdict
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import conf
from ..days import day_of
from ..errors import SettingChangedMeanwhile, SettingProposedByYou
from ..evidence import remarks, trail
from ..evidence.growing import GrowingModel
from ..files import create, rename
from . import agenda, changeable
from .changeable import Changeable
from .requests import DataSubjectRequest

# How long a look lasts, and how many days before its end somebody is asked for the next.
REVIEW_YEARS, ASKED_DAYS_BEFORE = 1, 30


class Step(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    SET = "set", _("in force")
    REFUSED = "refused", _("refused")


class SettingChange(GrowingModel):
    """One step in the life of one setting. It names nobody: who did it, and why, stands in the trail and beside it."""

    name = models.CharField(_("setting"), max_length=60, help_text=_("Which setting, as PRIVACY calls it."))
    number = models.PositiveIntegerField(_("number"), help_text=_("Of the steps of this setting, from 1."))
    step = models.CharField(_("step"), max_length=10, choices=Step.choices, help_text=_("Whether it was proposed, set or refused."))
    value = models.TextField(_("value"), blank=True, help_text=_("What the setting says: a number, or words of the organisation."))
    made_at = models.DateTimeField(_("when"), default=timezone.now, help_text=_("The moment it was done; from then on it is in force."))
    entry_id = models.BigIntegerField(_("entry"), unique=True, help_text=_("Number of the trail entry."))

    class Meta(GrowingModel.Meta):
        verbose_name = _("change of a setting")
        verbose_name_plural = _("changes of settings")
        constraints = [models.UniqueConstraint(fields=["name", "number"], name="privacy_setting_changes_one_by_one")]

    def __str__(self):
        return f"{self.name} {self.number} {self.step}"


def change(each: Changeable, value: str, *, reason: str, actor_ref, seen: int) -> SettingChange:
    """In force at once, or proposed where it takes a second person. SettingInvalid; SettingChangedMeanwhile after another's step."""
    value = each.clean(value)
    step = Step.PROPOSED if each.takes_two(value) else Step.SET
    last = _last(each)
    if last and last.step == Step.PROPOSED:
        raise SettingChangedMeanwhile
    return _add(each, step, value, reason=reason, actor_ref=actor_ref, seen=seen)


def decide(each: Changeable, *, accept: bool, reason: str, actor_ref, seen: int) -> SettingChange:
    """On what a colleague proposed; who proposed it may take it back, and not accept it: SettingProposedByYou."""
    proposed = waiting(each)
    if proposed is None:
        raise SettingChangedMeanwhile
    if accept and actor_of(proposed) == str(actor_ref):
        raise SettingProposedByYou
    return _add(each, Step.SET if accept else Step.REFUSED, proposed.value, reason=reason, actor_ref=actor_ref, seen=seen)


def keep(code: str, *, actor_ref) -> bool:
    """Looked at again and found right; False where nothing waited."""
    return agenda.settle(agenda.Kind.REVIEW_SETTING, code, actor_ref)


def _add(each, step, value, *, reason, actor_ref, seen):
    """Each step has the next number: of two who came from the same page one is refused, and so is who saw a number that is none."""
    try:
        with transaction.atomic():
            if seen != last_number(each):
                raise SettingChangedMeanwhile
            entry = trail.record(f"setting.{step}", actor_ref=actor_ref, request_ref=each.code)
            remarks.write(entry, reason)
            added = SettingChange.objects.create(name=each.name, number=seen + 1, step=step, value=value, entry_id=entry.pk)
            if step == Step.SET:
                agenda.AgendaItem.objects.end(each.code, agenda.Kind.REVIEW_SETTING)
                transaction.on_commit(write_out)
    except IntegrityError:
        raise SettingChangedMeanwhile from None
    return added


def history(each: Changeable):
    return SettingChange.objects.filter(name=each.name).order_by("-number")


def waiting(each: Changeable) -> SettingChange | None:
    """What was proposed and nobody decided on."""
    last = _last(each)
    return last if last and last.step == Step.PROPOSED else None


def last_number(each: Changeable) -> int:
    """Of its last step; 0 where it was never changed here."""
    last = _last(each)
    return last.number if last else 0


def _last(each):
    return history(each).first()


def falls_away(each: Changeable, value: str, now: datetime) -> int:
    """Closed requests that the night takes something of once this shorter time is in force, and would not with the one of now."""
    begins, ends = (now - relativedelta(**{each.keeps_for: int(number)}) for number in (each.now, value))
    return DataSubjectRequest.objects.filter(closed_at__gte=begins, closed_at__lt=ends).count()


def actor_of(made: SettingChange) -> str:
    return trail.TrailEntry.objects.values_list("actor_ref", flat=True).get(pk=made.entry_id)


def in_force() -> dict:
    """By key of PRIVACY: what was set last."""
    known, said = {each.name: each for each in changeable.everything()}, defaultdict(dict)
    for name, value in SettingChange.objects.filter(step=Step.SET, name__in=known).order_by("number").values_list("name", "value"):
        section, _dot, key = name.partition(".")
        if key:
            said[section][key] = known[name].as_setting(value)
        else:
            said[section] = known[name].as_setting(value)
    return dict(said)


def write_out() -> None:
    """The file that `conf.setting` reads, where it says something else than the table; after a restore the table is right."""
    path, words = conf.store() / conf.CHANGED, json.dumps(in_force(), sort_keys=True).encode()
    if words == (path.read_bytes() if path.exists() else b"{}"):
        return
    part = conf.store() / f"{secrets.token_hex(8)}.part"
    with create(part) as file:
        file.write(words)
    rename(part, path)


def note_reviews(now: datetime) -> None:
    """Each setting is looked at every year, and so is what the host names (G-40); what nobody looked at yet, in a month."""
    on = day_of(now)
    for code in changeable.to_review():
        asked = agenda.AgendaItem.objects.filter(kind=agenda.Kind.REVIEW_SETTING, request_ref=code)
        last = max(filter(None, (_changed_at(code), asked.aggregate(models.Max("done_at"))["done_at__max"])), default=None)
        due = day_of(last) + relativedelta(years=REVIEW_YEARS) if last else on + relativedelta(days=ASKED_DAYS_BEFORE)
        if due <= on + relativedelta(days=ASKED_DAYS_BEFORE) and not asked.open().exists():
            agenda.note(agenda.Kind.REVIEW_SETTING, code, due)


def _changed_at(name) -> datetime | None:
    return SettingChange.objects.filter(name=name, step=Step.SET).aggregate(models.Max("made_at"))["made_at__max"]
