"""What a database that was put back from a backup no longer knows: each act is noted outside it first, and done again from there."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..errors import DatabaseOlder, LedgerBroken, NotReplayed, PrivacyError, ReplayUnderWay
from . import trail
from .ledger import Line, as_written, outside

# Seconds that an answer of `is_behind` counts: a page costs one look at the file, and now and then one row.
FRESH_SECONDS = 5
# The last line is written before its act is committed. Younger than this, it is taken for one that is under way (`settle`).
UNDER_WAY = timedelta(seconds=60)


class LedgerPosition(models.Model):
    """One row: up to which line of the ledger this database knows what was done. It moves in the transaction of each act."""

    number = models.PositiveBigIntegerField(_("line"), default=0, help_text=_("Number of the last line that was done here."))
    digest = models.CharField(_("digest"), max_length=64, blank=True, help_text=_("SHA-256 of that line."))

    class Meta:
        verbose_name = _("position in the replay ledger")
        verbose_name_plural = _("positions in the replay ledger")

    def __str__(self):
        return f"line {self.number}"

    @classmethod
    def hold(cls) -> "LedgerPosition":
        """The row, locked until the transaction ends: lines stand in the order in which their acts are committed."""
        cls.objects.get_or_create(pk=1)
        return cls.objects.select_for_update().get(pk=1)

    @classmethod
    def now(cls) -> "LedgerPosition":
        """Without waiting, nor for SQLite's one writer; the beginning where the tables are older than this software."""
        try:
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                return cls.objects.filter(pk=1).first() or cls()
        except DatabaseError:
            if cls._meta.db_table in connection.introspection.table_names():
                raise
            return cls()

    def move_to(self, line: Line) -> None:
        """Forward only."""
        if line.number <= self.number:
            return
        self.number, self.digest = line.number, line.digest
        self.save(update_fields=["number", "digest"])

    def refuse_broken(self, last: Line | None) -> None:
        """LedgerBroken where the line that was done here is not in the ledger any more, or says something else."""
        number, digest = (last.number, last.digest) if last else (0, "")
        if number < self.number or (number == self.number and digest != self.digest):
            raise LedgerBroken(self.number)


@dataclass(frozen=True)
class Act:
    """How an event is done again. `only_last`: each overtakes the ones before it, and `settle` leaves it to the next."""

    again: Callable[[Line], None]
    only_last: bool = False


_acts: dict[str, Act] = {}
_line: ContextVar[Line | None] = ContextVar("the line that is done again", default=None)
_settles: ContextVar[bool] = ContextVar("whether one line is caught up with, and the site is open", default=False)
# What the ledger looked like when this database was last seen to know all of it, and until when that counts.
_current: tuple = (None, 0.0)


def replayed(event: str, *, only_last=False):
    """Register how an event is done again: a function of Line, idempotent, by the same path as the act itself, quietly."""

    def register(function):
        if event in _acts:
            raise ValueError(f"{event!r} is registered twice.")
        _acts[event] = Act(function, only_last)
        return function

    return register


def note(event: str, *, subject_ref=None, **facts) -> None:
    """A line for this act, on disk when this returns, in the caller's transaction and as its last statement. Never a value.

    LedgerUnwritable, DatabaseOlder or LedgerBroken: the caller's transaction ends with it, and nothing was done. A line whose act
    died before it was committed is taken up when the act is tried again, or by `settle`.
    """
    subject_ref, facts = str(subject_ref) if subject_ref else None, as_written(facts)
    if under_way():
        _pass(_line.get(), event, subject_ref, facts)
        return
    _refuse_second()
    position, ledger = LedgerPosition.hold(), outside()
    last = ledger.last()
    position.refuse_broken(last)
    if last is None or last.number == position.number:
        last = ledger.append(event, subject_ref, facts)
    elif not (last.number == position.number + 1 and last.tells(event, subject_ref, facts)):
        raise DatabaseOlder
    position.move_to(last)
    _remember(ledger.state())


def _pass(line, event, subject_ref, facts):
    """This very act, done again in steps: those that follow are left to whoever carries out what is open, should one of them fail."""
    if line.tells(event, subject_ref, facts):
        LedgerPosition.hold().move_to(line)


@dataclass(frozen=True)
class _Noted:
    """Waits for the commit as long as its transaction does, and goes with it when that is rolled back."""

    within: str | None

    def __call__(self):
        pass


def _refuse_second():
    """One line per transaction: of two, the first could be left without its act, and `settle` takes up one alone."""
    noted = _Noted(_outermost())
    if any(function == noted for _savepoints, function, _robust in connection.run_on_commit):
        raise RuntimeError("Two lines for the replay ledger in one transaction: one act is one line.")
    transaction.on_commit(noted)


def _outermost() -> str | None:
    """The savepoint of the outermost block that is no test case's; None for the transaction itself."""
    cases = sum(1 for block in connection.atomic_blocks if block._from_testcase)
    return connection.savepoint_ids[cases - 1] if cases and len(connection.savepoint_ids) >= cases else None


def under_way() -> bool:
    """What happens now was done before: no letter, no new line."""
    return _line.get() is not None


def is_behind() -> bool:
    """Whether acts stand in the ledger that this database does not know: it comes from a backup."""
    seen = outside().state()
    if seen is None or (_current[0] == seen and time.monotonic() < _current[1]):
        return False
    last, number = outside().last(), LedgerPosition.now().number
    if last is None or last.number <= number:
        _remember(seen)
        return False
    return last.number > number + 1 or timezone.now() - last.at > UNDER_WAY


def _remember(state):
    global _current
    _current = state, time.monotonic() + FRESH_SECONDS


def require_current() -> None:
    """DatabaseOlder while it is: nobody may be served from a database that forgot what people asked."""
    if is_behind():
        raise DatabaseOlder


def waiting() -> list[Line]:
    """What this database does not know, in order. LedgerBroken where the ledger itself is not whole."""
    position, ledger = LedgerPosition.now(), outside()
    lines = list(ledger.lines(after=position.number - 1 if position.number else 0))
    if position.number:
        known, lines = (lines[0], lines[1:]) if lines else (None, [])
        position.refuse_broken(known)
    return lines


def replay(*, each=lambda line: None) -> int:
    """Do again what this database does not know, in order; how many lines. `each` hears of every line before it is done.

    NotReplayed at the first that fails: those before it are done, and the next call goes on there.
    """
    with outside().alone():
        lines = waiting()
        for at, line in enumerate(lines):
            each(line)
            _do_again(line, lines[at + 1 :])
        if lines:
            trail.record("ledger.replayed", actor_ref="operator", reason=f"{lines[0].number}-{lines[-1].number}")
    return len(lines)


def _do_again(line, later):
    act = _acts.get(line.event)
    if act is None:
        raise NotReplayed(line, "this software does not know the event")
    is_overtaken = act.only_last and (is_settling() or any(other.event == line.event for other in later))
    if not is_overtaken:
        with _as_replay(line):
            act.again(line)
    with transaction.atomic():
        LedgerPosition.hold().move_to(line)  # unless its own note did, and others went on since


@contextmanager
def _as_replay(line):
    token = _line.set(line)
    try:
        yield
    except PrivacyError as refusal:
        raise NotReplayed(line, str(refusal)) from refusal
    except Exception as error:  # its own words may hold values
        raise NotReplayed(line, type(error).__name__) from error
    finally:
        _line.reset(token)


def is_settling() -> bool:
    """Everybody waits for this one line: what takes long is only begun, and the worker goes on with it."""
    return _settles.get()


def settle() -> None:
    """The last line, whose process died before its act was committed: done now, since somebody asked for it.

    More than one line is for `manage.py replay_ledger`. An act that is under way holds the position, and is waited for.
    """
    last = outside().last()
    if last is None or last.number != LedgerPosition.now().number + 1:
        return
    with transaction.atomic():
        is_alone = last.number == LedgerPosition.hold().number + 1
    if is_alone:
        token = _settles.set(True)
        try:
            with suppress(ReplayUnderWay):
                replay()
        finally:
            _settles.reset(token)


def faults() -> Iterator[str]:
    """What is wrong between ledger and database, for who runs the installation."""
    try:
        lines = waiting()
    except LedgerBroken as broken:
        yield str(broken)
    else:
        if lines and is_behind():
            yield str(DatabaseOlder())
