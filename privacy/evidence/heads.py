"""The head of the trail, kept each day outside the database and mailed, so that seals which were taken away are missed (T-27)."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..conf import store
from ..days import day_of
from ..files import create, rename
from ..verify.jose import Keys, NotASignature, Signature
from . import seals, signing, trail
from .growing import GrowingModel
from .trail import TrailSeal
from .verifying import Verdict, verify

FOLDER, ENDING = "heads", ".json"
# What the signature is of, so that it passes for nothing else.
KIND = "inzage-trail-head"
# Faults that a row names; `verify_trail` names them all.
NAMED = 20
# What the trail says of a head that was put away, by its day, and of a file that is called by no day.
SET_ASIDE, NO_DAY = "trail.set_aside", "no_day"


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

    @property
    def day(self) -> str:
        return _day_of(self.checked_at)


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

    @property
    def code(self) -> str:
        """In the trail, which takes no word that is not ours."""
        return self.day if trail.CODE.fullmatch(self.day) and len(self.day) == len("2026-11-29") else NO_DAY


def _day_of(moment) -> str:
    return day_of(moment).isoformat()


def check(now: datetime) -> TrailCheck:
    """Read the whole trail, compare it with every head that was kept, that of today too, and write down what came of it."""
    verdict = compared(now, expected={_day_of(now)})
    facts = {"head": verdict.head, "seals": verdict.seals, "entries": verdict.entries, "faults": verdict.faults[:NAMED]}
    return TrailCheck.objects.create(checked_at=now, **facts)


def compared(now: datetime | None = None, *, expected: set[str] = frozenset()) -> Verdict:
    """With a fault for each day whose head no seal has any more, or is gone or expected, and one where sealing stands still."""
    known = kept()
    days = {head.day for head in known}
    verdict = verify(remember={head.seal for head in known})
    strange = {head.day for head in known if verdict.roots.get(head.seal) != head.root}
    expected = expected - days if verdict.head else set()
    for day in sorted(strange | expected | _missed(days)):
        verdict.note(f"head of {day}")
    if since := seals.unsealed_since(now or timezone.now()):
        verdict.note(f"unsealed since {_day_of(since)}")
    return verdict


def _missed(known: set[str]) -> set[str]:
    """Days on which the trail was read with a head that no seal has now, or whose file is gone and was not put away."""
    unknown = TrailCheck.objects.exclude(head="").exclude(head__in=TrailSeal.objects.values("root"))
    return {check.day for check in unknown} | _without_file(known)


def _without_file(known: set[str]) -> set[str]:
    """Days on which a check read a head, less those that were put away."""
    put_away = set(trail.TrailEntry.objects.filter(event=SET_ASIDE).values_list("reason", flat=True))
    return {check.day for check in TrailCheck.objects.exclude(head="").only("checked_at")} - known - put_away


def keep(day: date) -> tuple[Head, str] | None:
    """The head of this day and its signature, in a file of its own; the first of a day stays. None where nothing was sealed yet."""
    last = TrailSeal.objects.order_by("pk").last()
    if last is None:
        return None
    head = Head(day.isoformat(), last.pk, last.root)
    if not _path(head).exists():
        _write(head, signing.sign(head.words, kind=KIND))
    return _read(_path(head), signing.checking_keys())


def kept() -> list[Head]:
    """Of every day, the first day first."""
    keys = signing.checking_keys()
    return [_read(path, keys)[0] for path in _files()]


def last() -> Head | None:
    return next((_read(path, signing.checking_keys())[0] for path in reversed(_files())), None)


def is_known(said: str, signature: str = "") -> bool:
    """Whether a seal has this root; or this head, as it stands in a mail of ours above its signature, which has to be ours."""
    if not signature:
        return TrailSeal.objects.filter(root=said).exists()
    head = _signed(said, signature, signing.checking_keys())
    return head is not None and TrailSeal.objects.filter(pk=head.seal, root=head.root).exists()


def _files() -> list[Path]:
    """None in a folder that cannot be read: then each of its days is missed."""
    try:
        return sorted(store(FOLDER).glob(f"*{ENDING}"))
    except OSError:
        return []


def set_aside(*, actor_ref: str) -> list[str]:
    """The days whose head the database does not know, as after a restore, or that have none: on record, out of the way, not destroyed."""
    folder, heads = store(FOLDER, "set-aside"), kept()  # where the folder cannot be read, nothing is put away
    known = dict(TrailSeal.objects.filter(pk__in=[head.seal for head in heads]).values_list("pk", "root"))
    strange = [head for head in heads if known.get(head.seal) != head.root]
    lost = sorted(_without_file({head.day for head in heads}))
    for head in strange:
        with transaction.atomic():
            trail.record(SET_ASIDE, actor_ref=actor_ref, reason=head.code)
            rename(_path(head), _free(folder, head))
    for day in lost:
        trail.record(SET_ASIDE, actor_ref=actor_ref, reason=day)
    return [*(head.day for head in strange), *lost]


def _free(folder, head) -> Path:
    """A day may be put away twice, after two restores."""
    names = (f"{head.day}{f'.{number}' if number > 1 else ''}{ENDING}" for number in count(1))
    return next(folder / name for name in names if not (folder / name).exists())


def _path(head: Head) -> Path:
    return store(FOLDER) / f"{head.day}{ENDING}"


def _write(head, signature):
    """Whole or not at all: a worker that was killed left a part, which is written anew."""
    part = _path(head).with_suffix(".part")
    part.unlink(missing_ok=True)
    with create(part) as file:
        file.write(json.dumps({"head": head.words.decode(), "signature": signature}).encode())
    rename(part, _path(head))


def _read(path, keys) -> tuple[Head, str]:
    """What is no file of ours, or one of another day, fits no seal, and is named as the day that it is called."""
    try:
        said = json.loads(path.read_bytes())
        head, signature = _signed(said["head"], said["signature"], keys), said["signature"]
    except (OSError, ValueError, KeyError, TypeError):
        head = None
    return (head, signature) if head and head.day == path.stem else (Head(path.stem, 0, ""), "")


def _signed(words: str, signature: str, keys: Keys) -> Head | None:
    """None where it is no head, or not under a key of ours."""
    try:
        line, said = Signature.read(signature.encode(), kind=KIND), json.loads(words)
        head = Head(str(said["day"]), int(said["seal"]), str(said["root"]))
    except (NotASignature, ValueError, KeyError, TypeError, AttributeError):
        return None
    return head if line.kid in keys and line.fits(words.encode(), keys[line.kid]) else None
