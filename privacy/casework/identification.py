"""Whether it is really she who asks: one-time codes and tries, counted per person (T-13)."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from ..conf import hook, setting
from ..days import ZONE
from ..errors import CodeNotSent, NoWayToIdentify, TooManyCodes, TooManyTries, UnknownPerson
from ..subjects import Subject
from .requests import ALPHABET

# 31 letters and figures, eight times: 40 bits, of which 5 an hour may be tried.
CODE_LENGTH = 8
CODE_LIVES = timedelta(minutes=10)
MOST_TRIES, MOST_CODES = 5, 3
# Counters start anew this long after the last of them, so that no hour holds more.
PERIOD = timedelta(hours=1)


class Identification(models.Model):
    """How often it was tried lately whether it is she. Times are the database's; the code itself is nowhere."""

    subject_ref = models.UUIDField(_("person"), primary_key=True, help_text=_("Reference of the person concerned."))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, help_text=_("Passwords and codes since the last right one."))
    tried_at = models.DateTimeField(_("last try"), null=True, blank=True, help_text=_("When a password or a code was last typed."))
    codes = models.PositiveSmallIntegerField(_("codes"), default=0, help_text=_("Codes that we mailed since the last right one."))
    code_sent_at = models.DateTimeField(_("code sent"), null=True, blank=True, help_text=_("When we mailed the last one."))
    code_digest = models.CharField(_("digest of the code"), max_length=64, blank=True, help_text=_("HMAC-SHA-256 of the last code."))

    class Meta:
        verbose_name = _("proof of identity")
        verbose_name_plural = _("proofs of identity")

    def __str__(self):
        return f"tries of {self.subject_ref}"

    def take_try(self, now: datetime) -> None:
        """Counted before we look whether it is right, so that none of many at once slips past."""
        self.tries = _one_more(self.tries, self.tried_at, now, MOST_TRIES, TooManyTries)
        self.tried_at = now

    def take_code(self, now: datetime) -> None:
        self.codes = _one_more(self.codes, self.code_sent_at, now, MOST_CODES, TooManyCodes)
        self.code_sent_at = now

    def has_code(self, now: datetime) -> bool:
        return bool(self.code_digest) and now - self.code_sent_at < CODE_LIVES

    def settle(self) -> None:
        """It is she: the code is spent, and counting starts anew."""
        self.tries, self.codes, self.code_digest = 0, 0, ""


def _one_more(count, last, now, most, refusal) -> int:
    if last is None or now - last >= PERIOD:
        return 1
    if count >= most:
        raise refusal(last + PERIOD)
    return count + 1


@dataclass(frozen=True)
class State:
    """What can be done now: `blocked_until` for any try, `next_code_at` for one more code; None where nothing stands in the way."""

    has_code: bool
    blocked_until: datetime | None
    next_code_at: datetime | None


def state_of(subject) -> State:
    row = Identification.objects.filter(pk=subject.ref).annotate(now=Now()).first()
    if row is None:
        return State(False, None, None)
    return State(
        row.has_code(row.now),
        _until(row.tries, row.tried_at, row.now, MOST_TRIES),
        _until(row.codes, row.code_sent_at, row.now, MOST_CODES),
    )


def _until(count, last, now, most) -> datetime | None:
    return last + PERIOD if count >= most and now - last < PERIOD else None


@contextmanager
def _counting(subject) -> Iterator[tuple[Identification, datetime]]:
    """Her row and the database's time, under her lock: two at once come one after the other."""
    with transaction.atomic():
        held = Subject.objects.select_for_update(no_key=True).filter(pk=subject.pk).annotate(now=Now()).first()
        if held is None:
            raise UnknownPerson
        row, _is_new = Identification.objects.get_or_create(pk=subject.ref)
        yield row, held.now
        row.save()


def is_password(subject, user, typed: str) -> bool:
    """TooManyTries after 5 wrong ones. Hashing takes long, and holds no lock."""
    with _counting(subject) as (row, now):
        row.take_try(now)
    if not (user.has_usable_password() and user.check_password(typed)):
        return False
    with _counting(subject) as (row, _now):
        row.settle()
    return True


def shown_by(subject, check: Callable[[str], str], typed: str) -> str:
    """What the host's `check` says of this code, "" if it is wrong; TooManyTries after 5 wrong ones. The host looks without our lock."""
    with _counting(subject) as (row, now):
        row.take_try(now)
    how = check(typed)
    if how:
        with _counting(subject) as (row, _now):
            row.settle()
    return how


def is_code(subject, typed: str) -> bool:
    """TooManyTries after 5 wrong ones; a code is good for ten minutes, once."""
    with _counting(subject) as (row, now):
        row.take_try(now)
        is_right = row.has_code(now) and constant_time_compare(row.code_digest, _digest(subject, address_of(subject), typed))
        if is_right:
            row.settle()
    return is_right


def send_code(subject) -> None:
    """Mail a new one, at once; the one before it is dead. TooManyCodes after 3, CodeNotSent where the mail server fails."""
    address = address_of(subject)
    if not address:
        raise NoWayToIdentify
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    with _counting(subject) as (row, now):
        row.take_code(now)
        row.code_digest = _digest(subject, address, code)
    try:
        hook("MAILER")(_mail(subject, address, code, now + CODE_LIVES))
    except Exception as error:  # any mail backend may fail in its own way; its words may hold the address, so nothing is chained or logged
        _take_back(subject, row.code_digest)
        raise CodeNotSent(type(error).__name__) from None


def _take_back(subject, digest) -> None:
    """A code that never went out does not count, unless a newer one did."""
    with _counting(subject) as (row, _now):
        if row.code_digest == digest:
            row.codes, row.code_digest = row.codes - 1, ""


def _mail(subject, address, code, until) -> EmailMessage:
    context = {"code": f"{code[:4]}-{code[4:]}", "until": until, "controller": setting("CONTROLLER"), "dpo": setting("DPO")}
    with translation.override(hook("LANGUAGE")(subject)), timezone.override(ZONE):
        title, text = render_to_string("privacy/letters/code.txt", context).split("\n", 1)
    return EmailMessage(title, text.strip() + "\n", to=[address])


def address_of(subject) -> str:
    """Where a code goes; empty where she has no address that she confirmed."""
    return next(iter(hook("ADDRESSES")(subject)), "")


def _digest(subject, address: str, typed: str) -> str:
    """Keyed, so that who reads the table alone cannot try; blanks, hyphens and capitals do not matter. Another address ends the code."""
    plain = "".join(letter for letter in typed.upper() if letter in ALPHABET)
    return salted_hmac("privacy.identification", f"{subject.ref}:{address}:{plain}", algorithm="sha256").hexdigest()
