"""What happened to a person's data, newest first: her requests, what went out, and who opened what (Art. 5(2), 15)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from ..casework import extending, looks, pausing
from ..casework.requests import DataSubjectRequest
from ..datamap import KeepGround, RefusalGround, RestrictionGround, Right
from ..evidence import events, remarks
from ..evidence.recipients import Disclosure, Notice
from ..evidence.trail import TrailEntry
from .attributes import in_words

# What comes after the dot of an event -> the words of its code, where it is no ground of refusal.
REASONS = {"extended": extending.Reason, "paused": pausing.Reason}
# Of which the code and the words are both said.
LOOKS = {"desk.opened", "desk.looked_up"}
# Whose codes stand in the trail; of any other event that of a refusal.
GROUNDS = {"hold.placed": KeepGround, "restriction.begun": RestrictionGround, **dict.fromkeys(LOOKS, looks.Why)}


@dataclass(frozen=True)
class Entry:
    """One line; `is_mine` where she did it herself."""

    at: datetime
    icon: str
    text: str
    is_mine: bool = False
    note: str = ""
    url: str = ""
    link: str = ""


class Timeline:
    """A list that reads no more than the pages up to the one asked for; django.core.paginator takes it as it is."""

    def __init__(self, subject):
        self.subject = subject

    def count(self) -> int:
        return self._recorded().count() + self._released().count()

    def __getitem__(self, window: slice) -> list[Entry]:
        """Releases of one day to one recipient are one line, so that a thousand do not hide a request."""
        recorded = [(entry.at, entry) for entry in self._recorded()[: window.stop]]
        released = [(release["last_at"], release) for release in self._released()[: window.stop]]
        shown = [row for _at, row in sorted(recorded + released, key=lambda pair: pair[0], reverse=True)[window]]
        return list(self._entries(shown))

    def _recorded(self):
        """Without what another line already says."""
        said_elsewhere = Q(event__in=events.SAID_BY_ANOTHER) | Q(event="consent.withdrawn") & ~Q(request_ref="")
        by_itself = Q(event__in=events.BY_ITSELF, actor_ref=str(self.subject.ref))
        entries = TrailEntry.objects.filter(subject_ref=self.subject.ref).exclude(said_elsewhere | by_itself)
        asked = DataSubjectRequest.objects.about(self.subject).filter(ref=OuterRef("request_ref"))
        return entries.annotate(has_page=Exists(asked)).order_by("-at", "-pk")

    def _released(self):
        releases = Disclosure.objects.filter(subject_ref=self.subject.ref).annotate(day=TruncDate("at"))
        alike = releases.order_by().values("day", "recipient__name", "attributes")
        return alike.annotate(times=Count("pk"), last_at=Max("at")).order_by("-last_at", "recipient__name")

    def _entries(self, rows):
        entries = [row for row in rows if isinstance(row, TrailEntry)]
        told = self._told([entry.request_ref for entry in entries if entry.event in events.TELLS])
        why = remarks.beside(entries)
        for row in rows:
            yield self._of_release(row) if isinstance(row, dict) else self._of_trail(row, told[row.request_ref], why.get(row.pk))

    def _told(self, refs) -> defaultdict[str, list[str]]:
        """Number of a request -> who was told of it."""
        names = defaultdict(list)
        notices = Notice.objects.filter(subject_ref=self.subject.ref, request_ref__in=refs).order_by("recipient__name")
        for ref, name in notices.values_list("request_ref", "recipient__name"):
            names[ref].append(name)
        return names

    def _of_trail(self, row, told, why) -> Entry:
        is_mine = row.actor_ref == str(self.subject.ref)
        icon, text = events.sentence_of(row.event, is_mine=is_mine)
        right = row.event.partition(".")[0]
        words = {"right": Right(right).label if right in Right.values else "", "event": row.event}
        return Entry(row.at, icon, text % words, is_mine, _note(row, told, why), **_link(row.request_ref if row.has_page else ""))

    def _of_release(self, row) -> Entry:
        name, what = row["recipient__name"], in_words(self.subject, row["attributes"])
        text = _("%(name)s received your %(what)s.") if what else _("%(name)s received a code, not your name.")
        note = _("%(count)d times that day.") % {"count": row["times"]} if row["times"] > 1 else ""
        return Entry(row["last_at"], "plug", text % {"name": name, "what": what}, note=note)


def _link(ref) -> dict:
    return {"url": reverse("privacy:request", args=[ref]), "link": _("Request %(ref)s") % {"ref": ref}} if ref else {}


def _note(row, told, why) -> str:
    """Why, where a reason was recorded; who was told, where somebody was."""
    if row.reason and row.event.partition(".")[2] in events.GIVES_REASON and (why is None or row.event in LOOKS):
        why = ": ".join(filter(None, (str(_in_words(row.event, row.reason)), why)))
    if why:
        return _("Reason: %(reason)s.") % {"reason": why}
    if told and row.event in events.TELLS:
        return _("We told %(names)s.") % {"names": get_text_list(told, _("and"))}
    return ""


def _in_words(event, reason) -> str:
    """A code by its label: a ground, or why a clock moved; of the administration which table was opened."""
    grounds = GROUNDS.get(event) or REASONS.get(event.partition(".")[2], RefusalGround)
    return grounds(reason).label if reason in grounds.values else reason
