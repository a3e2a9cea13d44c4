"""The head of the trail, kept each day outside the database and mailed, so that seals which were taken away are missed (T-27)."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..conf import store
from ..files import create, rename
from . import signing
from .growing import GrowingModel
from .trail import TrailSeal
from .verifying import Verdict, verify

FOLDER, ENDING = "heads", ".json"
# What the signature is of, so that it passes for nothing else.
KIND = "inzage-trail-head"
# Faults that a row names; `verify_trail` names them all.
NAMED = 20


class TrailCheck(GrowingModel):
    """One look through the whole trail, for the auditor to read; what counts is what `verify_trail` says now."""

    checked_at = models.DateTimeField(_("checked"), default=timezone.now, help_text=_("When the trail was read."))
    head = models.CharField(_("head"), max_length=64, blank=True, help_text=_("The last root at that moment."))
    seals = models.PositiveBigIntegerField(_("seals"), help_text=_("How many were checked."))
    entries = models.PositiveBigIntegerField(_("entries"), help_text=_("How many sealed entries were checked."))
    faults = models.JSONField(_("faults"), default=list, help_text=_("What did not fit, by number; at most twenty."))

    class Meta(GrowingModel.Meta):
        verbose_name = _("check of the trail")
        verbose_name_plural = _("checks of the trail")

    def __str__(self):
        return f"{self.checked_at:%Y-%m-%d} {self.head[:8]}"


@dataclass(frozen=True)
class Head:
    """The last seal of a day, as it was kept under the name of that day."""

    day: str
    seal: int
    root: str

    @property
    def words(self) -> bytes:
        """What is signed and mailed."""
        return json.dumps({"day": self.day, "seal": self.seal, "root": self.root}, separators=(",", ":")).encode()


def check(now: datetime) -> TrailCheck:
    """Read the whole trail, compare it with every head that was kept, and write down what came of it."""
    verdict = compared()
    facts = {"head": verdict.head, "seals": verdict.seals, "entries": verdict.entries, "faults": verdict.faults[:NAMED]}
    return TrailCheck.objects.create(checked_at=now, **facts)


def compared() -> Verdict:
    """With a fault for each day whose head no seal has any more."""
    known = kept()
    verdict = verify(remember={head.seal for head in known})
    for head in known:
        if verdict.roots.get(head.seal) != head.root:
            verdict.note(f"head of {head.day}")
    return verdict


def keep(day: date) -> tuple[Head, str] | None:
    """The head of this day and its signature, in a file of its own; the first of a day stays. None where nothing was sealed yet."""
    last = TrailSeal.objects.order_by("pk").last()
    if last is None:
        return None
    head = Head(day.isoformat(), last.pk, last.root)
    if not _path(head).exists():
        _write(head, signing.sign(head.words, kind=KIND))
    return _read(_path(head))


def kept() -> list[Head]:
    """Of every day, the first day first."""
    return [_read(path)[0] for path in _files()]


def last() -> Head | None:
    return next((_read(path)[0] for path in reversed(_files())), None)


def _files() -> list[Path]:
    return sorted(store(FOLDER).glob(f"*{ENDING}"))


def set_aside() -> list[str]:
    """After a restore: the days whose head the database of before does not know, out of the way and not destroyed."""
    known = dict(TrailSeal.objects.filter(pk__in=[head.seal for head in kept()]).values_list("pk", "root"))
    strange = [head for head in kept() if known.get(head.seal) != head.root]
    for head in strange:
        rename(_path(head), store(FOLDER, "set-aside") / _path(head).name)
    return [head.day for head in strange]


def _path(head: Head) -> Path:
    return store(FOLDER) / f"{head.day}{ENDING}"


def _write(head, signature):
    """Whole or not at all: a worker that was killed left a part, which is written anew."""
    part = _path(head).with_suffix(".part")
    part.unlink(missing_ok=True)
    with create(part) as file:
        file.write(json.dumps({"head": head.words.decode(), "signature": signature}).encode())
    rename(part, _path(head))


def _read(path) -> tuple[Head, str]:
    """What is no file of ours fits no seal, and is named as the day that it is called."""
    try:
        said = json.loads(path.read_bytes())
        head = json.loads(said["head"])
        return Head(path.stem, int(head["seal"]), str(head["root"])), str(said["signature"])
    except (ValueError, KeyError, TypeError):
        return Head(path.stem, 0, ""), ""
