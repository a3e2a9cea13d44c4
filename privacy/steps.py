"""The steps of an act, their ledger, and the lease that lets one worker at a time carry them out."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .conf import setting
from .outbox import pause_after
from .sql import Sql, safe_with_the_next, send, updating

# Pause before a failed step is tried again, doubled with each try up to an hour.
RETRY = timedelta(seconds=30)


# Sent after commit with `request`: there is work to do. The worker listens; a lost message costs a sweep's wait.
ready = Signal()


def _lease() -> timedelta:
    return timedelta(seconds=setting("LEASE_SECONDS"))


class LeaseLost(Exception):
    """Another worker took over; this one stops without a trace."""


class NotYet(Exception):
    """A step waits for somebody else, a recipient's answer for one; nothing is wrong."""


class RunQuerySet(models.QuerySet):
    def due(self, now):
        """Runs that wait for a worker: their time has come and nobody holds them."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
        return self.filter(free, finished_at__isnull=True, not_before__lte=now)


class Run(models.Model):
    """One act under way: who may work on it now. The fence is the number of the attempt; an old worker's number no longer fits."""

    request = models.OneToOneField(
        "privacy.DataSubjectRequest", on_delete=models.CASCADE, verbose_name=_("request"), help_text=_("What this act answers.")
    )
    not_before = models.DateTimeField(
        _("not before"), default=timezone.now, help_text=_("When the act may begin: after the time to go back.")
    )
    fence = models.PositiveIntegerField(_("attempt"), default=0, help_text=_("How often a worker took this up."))
    lease_until = models.DateTimeField(
        _("held until"), null=True, blank=True, help_text=_("Until then one worker holds it, or it rests after a failure.")
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, help_text=_("When the last step was done."))
    rows_expected = models.PositiveBigIntegerField(_("rows expected"), default=0, help_text=_("How many rows this act goes through."))
    rows_done = models.PositiveBigIntegerField(_("rows done"), default=0, help_text=_("How many of them it went through so far."))

    wrapped_key = models.BinaryField(
        _("key"), blank=True, help_text=_("Of what it keeps between two attempts, wrapped under one outside the database.")
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")

    def __str__(self):
        return f"run {self.pk}"

    def claim(self) -> bool:
        """Take the lease with a new fence; False where another worker holds it or the act is finished."""
        now = timezone.now()
        taken = Run.objects.due(now).filter(pk=self.pk).update(lease_until=now + _lease(), fence=F("fence") + 1)
        if taken:
            self.refresh_from_db()
        return bool(taken)

    def renew(self, **progress: int) -> None:
        """Hold on, and say how far we are (`rows_done`, `rows_expected`); raises LeaseLost where the fence moved.

        The row stays locked until the transaction ends.
        """
        if not self._held().update(lease_until=timezone.now() + _lease(), **progress):
            raise LeaseLost

    def rest(self, *, tries: int) -> None:
        """After a step failed for the n-th time: the next worker waits a little longer each time."""
        pause = pause_after(tries, RETRY)
        self._held().update(lease_until=timezone.now() + pause)

    def finish(self) -> None:
        self._held().update(finished_at=timezone.now(), lease_until=None)
        self.refresh_from_db()

    def _held(self):
        return Run.objects.filter(pk=self.pk, fence=self.fence, finished_at__isnull=True)


class Step(models.Model):
    """One line of the ledger: done once, seen by the person, with counts and no values."""

    run = models.ForeignKey(
        Run, on_delete=models.CASCADE, related_name="steps", verbose_name=_("run"), help_text=_("The act this step belongs to.")
    )
    position = models.PositiveSmallIntegerField(_("position"), help_text=_("Its place in the order."))
    name = models.CharField(_("name"), max_length=100, help_text=_("What is done."))
    counts = models.JSONField(_("counts"), default=dict, help_text=_("How many rows of what were treated how; never a value."))
    attempts = models.PositiveIntegerField(_("attempts"), default=0, help_text=_("How often it was begun."))
    problem = models.CharField(
        _("problem"), max_length=100, blank=True, help_text=_("The kind of error that stopped it last; empty when all is well.")
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, help_text=_("When it was done."))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="privacy_step_once_per_run")]

    def __str__(self):
        return self.name


@dataclass
class Work:
    """What a step is handed: the request, the person while there is one, and a way to commit in batches."""

    run: Run
    step: Step
    request: models.Model
    subject: object | None
    progress: Callable[[str, int], None] = lambda what, rows: None
    following: Step | None = None
    _uncommitted: Counter = field(default_factory=Counter)

    @contextmanager
    def batch(self):
        """One transaction: the lease is renewed in it, and the counts become part of it, so that a replay doubles nothing."""
        steps = [step for step in (self.step, self.following) if step is not None]
        before = [(step.counts, step.finished_at, step.attempts) for step in steps]
        try:
            with transaction.atomic():
                self.run.renew()
                yield
                if self._uncommitted:
                    send([self._writing()])
        except BaseException:
            for step, state in zip(steps, before, strict=True):
                step.counts, step.finished_at, step.attempts = state
            raise
        finally:
            self._uncommitted = Counter()

    def followed_by(self, name: str) -> "Work | None":
        """The step after this one, if it is that one: inside `batch()` it can be done in the same transaction."""
        following = self.following
        if following is None or following.name != name or following.finished_at is not None:
            return None
        return Work(self.run, following, self.request, self.subject, self.progress)

    def count(self, what: str, rows: int) -> None:
        """`rows` more were treated as `what` ("usage.ResourceView counted"); belongs inside `batch()`."""
        if rows:
            self._uncommitted[what] += rows
            self.progress(what, rows)

    def finish(self, *others: "Work") -> None:
        """Inside `batch()`: the step is done with this transaction, and so are others'. For what must not happen or be counted again."""
        for work in (self, *others):
            work.step.finished_at = timezone.now()
        send(work._writing() for work in (self, *others))

    def _writing(self) -> Sql:
        self.step.counts = dict(Counter(self.step.counts) + self._uncommitted)
        self.step.attempts = self.step.attempts or 1
        self._uncommitted = Counter()
        written = {name: getattr(self.step, name) for name in ("counts", "finished_at", "attempts")}
        return updating(Step.objects.filter(pk=self.step.pk), written)


@dataclass(frozen=True)
class StepDefinition:
    """A named, idempotent piece of an act; `function` takes Work and may run any number of times."""

    name: str
    function: Callable[[Work], None]
    order: int


class Plan:
    """The ordered steps of one kind of act; host apps add theirs."""

    def __init__(self):
        self._steps: dict[str, StepDefinition] = {}

    def step(self, name: str, *, order: int):
        """Register a step. Order 100-499 comes before rows are treated, 600-799 after; the same name twice is an error."""

        def register(function):
            if name in self._steps:
                raise ValueError(f"Step {name!r} is registered twice.")
            self._steps[name] = StepDefinition(name, function, order)
            return function

        return register

    def __iter__(self):
        return iter(sorted(self._steps.values(), key=lambda step: (step.order, step.name)))


def write_ledger(run: Run, plan: Iterable[StepDefinition]) -> None:
    """All steps as open lines, so that a person sees what is to come; none that an update of the software took away."""
    run.steps.filter(finished_at=None).exclude(name__in=[definition.name for definition in plan]).delete()
    Step.objects.bulk_create(
        [Step(run=run, position=position, name=definition.name) for position, definition in enumerate(plan, 1)], ignore_conflicts=True
    )


def carry_out(run: Run, plan: Iterable[StepDefinition], *, subject_of, progress=None) -> bool:
    """Do what is open, in order; True when every step is done. False: another worker holds it. A step that fails keeps the run open."""
    if not run.claim():
        return False
    write_ledger(run, plan)
    ledger = {step.name: step for step in run.steps.all()}
    steps = [ledger[definition.name] for definition in plan]
    try:
        for definition, step, following in zip(plan, steps, [*steps[1:], None], strict=True):
            if step.finished_at is None:
                _do(run, definition, step, following, subject_of(run.request), progress)
    except (LeaseLost, NotYet):
        return False
    run.finish()
    return True


def _do(run, definition, step, following, subject, progress):
    work = Work(run, step, run.request, subject, **({"progress": progress} if progress else {}), following=following)
    _begin(step)
    try:
        definition.function(work)
        if step.finished_at is None:
            with work.batch():
                work.finish()
    except LeaseLost:
        raise
    except NotYet:
        run.rest(tries=step.attempts)
        raise
    except Exception as error:
        Step.objects.filter(pk=step.pk).update(problem=type(error).__name__)
        run.rest(tries=step.attempts)
        raise


def _begin(step):
    """Seen at once; were it lost when the server fails, nothing would be done twice for it."""
    step.attempts += 1
    begun = updating(Step.objects.filter(pk=step.pk), {"attempts": step.attempts, "problem": ""})
    send([begun] if connection.in_atomic_block else [*safe_with_the_next(), begun])
