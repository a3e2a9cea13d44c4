"""How far a request is, as its person follows it: steps, percentage, moments, archive and recipients."""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..casework import disowning, going_on, outcome, quota
from ..casework.earlier import scope_of
from ..casework.letters import Kind, Letter
from ..casework.requests import DataSubjectRequest
from ..datamap import Right
from ..evidence.recipients import Notice
from ..rights import access
from . import notices, wording
from .moments import day, moment

Status = DataSubjectRequest.Status
# That are shown; an archive has one for each time it was fetched.
LETTERS = 20


@dataclass(frozen=True)
class Following:
    """One request with what its page shows; `asked` comes with its run and archive."""

    asked: DataSubjectRequest

    @property
    def run(self):
        return getattr(self.asked, "run", None)

    @cached_property
    def archive(self):
        """While it can be fetched."""
        archive = getattr(self.asked, "archive", None)
        return archive if archive is not None and archive.is_ready else None

    @cached_property
    def _state(self):
        words = {"answer_by": day(self.asked.answer_by)}
        words["day"] = day(self.run.not_before) if self.run else ""
        words["until"] = moment(self.archive.expires_at) if self.archive else ""
        heading, sentence = wording.state(self.asked, self.archive, is_disowned=self._is_disowned())
        return heading, sentence % words

    def _is_disowned(self):
        return self.asked.status == Status.CANCELLED and disowning.is_disowned(self.asked)

    @property
    def heading(self) -> str:
        return self._state[0]

    @property
    def sentence(self) -> str:
        return self._state[1]

    @property
    def asked_for(self) -> str:
        scope = scope_of(self.asked) if self.asked.scope else None
        return wording.asked_for(scope) if scope else wording.ASKED[Right(self.asked.right)]

    @property
    def chip(self) -> dict:
        return wording.chip(self.asked)

    @property
    def identified(self) -> str:
        return wording.how_we_knew(self.asked)

    @cached_property
    def extension(self):
        """Why it takes longer, where it does."""
        return self.asked.extensions.first() if self.asked.is_extended else None

    @cached_property
    def pause(self):
        """While we wait for her."""
        return self.asked.pauses.open().first() if self.asked.is_open else None

    @property
    def refused_uses(self) -> list[str]:
        return outcome.uses(self.asked.refused_about)

    @property
    def can_be_asked_again(self) -> bool:
        """An archive whose time has passed."""
        is_gone = self.asked.status == Status.FULFILLED and self.archive is None
        return is_gone and self.asked.right in quota.ARCHIVES and self.asked.channel != self.asked.Channel.COMMAND

    @property
    def can_be_taken_back(self) -> bool:
        """As long as nothing has begun (cases.cancel)."""
        return self.asked.status in {Status.RECEIVED, Status.APPROVED}

    @property
    def waits_for_her(self) -> bool:
        """Asked by our form, and not begun before she goes on with it signed in."""
        return going_on.is_waiting(self.asked)

    @property
    def is_moving(self) -> bool:
        """A worker is at it, or may begin any moment: worth looking again."""
        if self.run is None or not self.asked.is_open:
            return False
        return self.asked.status == Status.RUNNING or self.run.not_before <= timezone.now()

    @property
    def is_waiting(self) -> bool:
        """Its steps are known, and none may begin yet."""
        return self.run is not None and self.asked.is_open and not self.is_moving

    @cached_property
    def ledger(self) -> list:
        return list(self.run.steps.all()) if self.run else []

    @property
    def steps(self) -> list[dict]:
        received = {"name": _("Request received"), "state": "done", "at": self.asked.received_at}
        between = self._steps_of_ledger() if self.ledger else self._steps_of_people()
        return [received, *between, *self._end()]

    def _steps_of_ledger(self):
        """The first step that is open is the one under way, once a worker may begin; a request that closed has no such step.
        Nobody is told of a copy (Art. 19 names rectification, erasure and restriction), so she does not read that somebody was."""
        is_reached = self.is_moving
        for step in self.ledger:
            if step.name == wording.TELLING and self.asked.right in quota.ARCHIVES and not step.problem:
                continue
            if step.finished_at:
                yield {"name": wording.step(step.name), "state": "done", "at": step.finished_at}
            elif self.asked.is_open:
                yield {"name": wording.step(step.name), **(_under_way(step) if is_reached else {})}
                is_reached = False

    def _steps_of_people(self):
        """Of what a person decides: somebody looks at it, and answers."""
        if self.asked.is_open:
            yield {"name": _("We look at what you asked"), "state": "now"}
            yield {"name": _("You get our answer"), "note": self._by()}

    def _by(self):
        return _("by %(day)s") % {"day": day(self.asked.answer_by)}

    def _end(self):
        """Of a ledger that was finished, its last step says so."""
        if not self.asked.is_open and not (self.ledger and self.asked.status == Status.FULFILLED):
            yield {"name": wording.ENDS[self.asked.status], "state": "done", "at": self.asked.closed_at}

    @property
    def progress(self) -> dict | None:
        """Percentage with the numbers behind it, while a worker is at it."""
        if not self.is_moving or not self.ledger:
            return None
        if self.asked.right in quota.ARCHIVES:
            return _of_archive(access.progress_of(self.run))
        done = sum(1 for step in self.ledger if step.finished_at)
        text = _("%(done)d of %(all)d steps done.") % {"done": done, "all": len(self.ledger)}
        return {"percent": done * 100 // len(self.ledger), "text": text}

    @property
    def moments(self) -> list[dict]:
        """Hidden, erased, answered: of an erasure that was not taken back."""
        if self.asked.right != Right.ERASURE or self.run is None or self.asked.status == Status.CANCELLED:
            return []
        hidden = _("Your account closes and your name disappears from every page. Partners get nothing more.")
        erased = _("We really erase, in the database and in the files. We ask whoever received your data to do the same.")
        answered = _("You get our answer by mail: what is gone, what stays and why. Then we throw away your address.")
        return [
            {"kind": "wait", "icon": "mask", "name": _("hidden"), "when": day(self.asked.approved_at), "text": hidden},
            {"kind": "bad", "icon": "bin", "name": _("erased"), "when": moment(self.run.not_before), "text": erased},
            {"kind": "ok", "icon": "mail", "name": _("answered"), "when": self._by(), "text": answered},
        ]

    @cached_property
    def told(self) -> list[dict]:
        """G-49: every recipient that has to know, by name, and whether it does."""
        told = Notice.objects.filter(request_ref=self.asked.ref, subject_ref=self.asked.subject_ref).select_related("recipient")
        return [
            {"name": notice.recipient.name, "at": notice.settled_at or notice.created_at, "chip": notices.chip(notice.state)}
            for notice in told.order_by("recipient__name")
        ]

    @cached_property
    def letters(self) -> list[Letter]:
        """The newest first. That a message waits, the messages themselves say."""
        return list(self.asked.letters.exclude(kind=Kind.MESSAGE).order_by("-pk")[:LETTERS])

    @cached_property
    def counts(self) -> list[tuple[str, int]]:
        """What became of her rows so far: in words, and how many."""
        if self.asked.right != Right.ERASURE or not self.ledger:
            return []
        rows: dict[str, int] = {}
        found = outcome.of(self.asked)
        for category in found.treated:
            rows[str(category.label)] = rows.get(str(category.label), 0) + category.rows
        for kept in found.kept:
            rows[str(kept.reason)] = rows.get(str(kept.reason), 0) + kept.rows
        return list(rows.items())


def _under_way(step):
    """What failed is tried again by itself; what it was is for us, not for her."""
    return {"state": "fail", "note": _("did not work, we try again")} if step.problem else {"state": "now", "note": _("busy")}


def _of_archive(progress) -> dict:
    if not progress.rows_expected:
        return {"percent": 0, "text": _("We begin in a moment.")}
    numbers = _("%(done)s of %(all)s rows.") % {"done": number_format(progress.rows_done), "all": number_format(progress.rows_expected)}
    return {"percent": progress.percent, "text": f"{numbers} {_left(progress.seconds_left)}".strip()}


def _left(seconds) -> str:
    if not seconds:
        return ""
    if seconds < 60:
        return ngettext("About %(count)d second left.", "About %(count)d seconds left.", seconds) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext("About %(count)d minute left.", "About %(count)d minutes left.", minutes) % {"count": minutes}
