"""All that the desk reads of one request: its steps, who was told, her own words, and what the trail says of it."""

from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..casework import cases, certifying, looks, outcome
from ..casework.confirming import WHOLE
from ..datamap import Right, registry
from ..evidence.certificate import Certificate
from ..evidence.recipients import Notice, received
from ..evidence.residue import CLEANED_STEP, ResidueScan
from ..evidence.trail import TrailEntry, is_reference
from ..rights.restriction import Restriction
from ..rights.statements import Statement
from ..subjects import Subject
from . import notices, wording
from .attributes import in_words
from .on_hold import OnHold, on_hold
from .searched import Searched
from .standing import Standing, standing
from .timeline import Entry
from .urgency import Urgent

# Entries and letters that are shown; a request has a handful.
LOG = 100
# Of one recipient.
ATTEMPTS = 5
REACHED = {Notice.State.DELIVERED, Notice.State.ACKNOWLEDGED}
# An event, or what comes after its dot -> icon, and how the desk says it.
EVENTS = {
    "submitted": ("doc", gettext_lazy("The request was received")),
    "approved": ("check", gettext_lazy("The request was accepted")),
    "ready": ("down", gettext_lazy("The archive is ready")),
    "fetched": ("down", gettext_lazy("The archive was fetched")),
    "exported": ("eye", gettext_lazy("An operator made a copy")),
    "certified": ("check", gettext_lazy("The certificate was signed")),
    "searched": ("eye", gettext_lazy("Everything was searched for what might be left")),
    "fulfilled": ("check", gettext_lazy("The request was answered")),
    "partly": ("check", gettext_lazy("A part of the request was done, the rest refused")),
    "refused": ("cross", gettext_lazy("The request was refused")),
    "extended": ("clock", gettext_lazy("The time to answer was extended")),
    "paused": ("pause", gettext_lazy("The clock was stopped")),
    "resumed": ("turn", gettext_lazy("The clock goes on")),
    "identified": ("user", gettext_lazy("We looked who asks, and it was the person")),
    "not_identified": ("alert", gettext_lazy("We looked who asks, and it was not shown")),
    "mandate_seen": ("eye", gettext_lazy("We saw the mandate of who asks for the person")),
    "identity_lowered": ("alert", gettext_lazy("Somebody proposed a weaker way to see who asks")),
    "identity_agreed": ("user", gettext_lazy("A second person agreed to that weaker way")),
    "cancelled": ("turn", gettext_lazy("The request was taken back")),
    "disowned": ("alert", gettext_lazy("The person says: this was not me")),
    "overtaken": ("bin", gettext_lazy("The request ended with an erasure")),
    "run": ("eye", gettext_lazy("An operator had it carried out")),
    "replayed": ("turn", gettext_lazy("It was carried out once more, after a restore")),
    "registered_again": ("turn", gettext_lazy("The request was noted once more, after a restore")),
    "opened": ("eye", gettext_lazy("The request was opened")),
    "withdrawn": ("cross", gettext_lazy("A permission ended")),
    "none_wanted": ("hand", gettext_lazy("The person wants offers from nobody")),
    "name_stays": ("user", gettext_lazy("The person agreed that the name stays with what she published")),
    "begun": ("pause", gettext_lazy("A restriction began")),
    "announced": ("mail", gettext_lazy("It was decided that a restriction ends")),
    "lifted": ("check", gettext_lazy("A restriction ended")),
    "to_post": ("mail", gettext_lazy("A letter goes by post")),
    "posted": ("mail", gettext_lazy("A letter was posted")),
    "returned": ("alert", gettext_lazy("A letter came back")),
    "mailed_again": ("mail", gettext_lazy("A letter is mailed once more")),
    "transfer.allowed": ("plug", gettext_lazy("The person said yes there: the data may go to another platform")),
    "transfer.begun": ("up", gettext_lazy("The data began to go to another platform")),
    "transfer.done": ("check", gettext_lazy("The other platform confirmed that the data arrived")),
    "transfer.unconfirmed": ("alert", gettext_lazy("The data went to another platform, and what it confirmed does not add up")),
    "transfer.failed": ("cross", gettext_lazy("Taking the data to another platform did not work")),
    "transfer.stopped": ("cross", gettext_lazy("Taking the data to another platform was stopped")),
    "written": ("send", gettext_lazy("The person wrote to us")),
    "answered": ("mail", gettext_lazy("We wrote to the person")),
}
# What stopped a step, where somebody of the desk can do something about it; any other is told to who runs the server, by its name.
PROBLEMS = {
    "ResidueFound": gettext_lazy("something was left behind, see below"),
    "LastInRole": gettext_lazy("nobody else has this person's task"),
}


class Docket:
    """One request; the person is named nowhere."""

    def __init__(self, urgent: Urgent):
        self.urgent, self.asked = urgent, urgent.asked

    @cached_property
    def steps(self) -> list[dict]:
        """In the words that the person reads, with what failed and how often."""
        run = getattr(self.asked, "run", None)
        return [_step(step) for step in run.steps.all()] if run else []

    @cached_property
    def recipients(self) -> list[dict]:
        """Whoever was told of this request, or received data of this person."""
        got, subject = received(self.asked.subject_ref), _subject(self.asked)
        of_request = Notice.objects.filter(request_ref=self.asked.ref)
        notices = of_request.select_related("recipient").prefetch_related("tries").order_by("recipient__name")
        return [{"notice": notice, "got": in_words(subject, got[notice.recipient_id].attributes), **_told(notice)} for notice in notices]

    @cached_property
    def words(self) -> list[dict]:
        """Her own, and what they are about."""
        statements = Statement.objects.filter(request_ref=self.asked.ref, subject_ref=self.asked.subject_ref).order_by("pk")
        is_open = self.asked.is_open and self.asked.right == Right.RECTIFICATION
        return [{"about": _about(said.about), "statement": said, "is_disputed": is_open and bool(said.row_key)} for said in statements]

    @cached_property
    def kept(self) -> list[outcome.Kept]:
        return outcome.of(self.asked).kept if self.asked.right == Right.ERASURE else []

    @property
    def refused_uses(self) -> list[str]:
        return outcome.uses(self.asked.refused_about)

    @cached_property
    def certificate(self) -> Certificate | None:
        return certifying.certificate_of(self.asked) if self.asked.right == Right.ERASURE else None

    @cached_property
    def can_hold(self) -> bool:
        """While there is somebody to hold something of."""
        subject = cases.subject_of(self.asked)
        return subject is not None and subject.has_root

    @cached_property
    def held(self) -> list[Standing]:
        """What is held of this person, whatever this request asks."""
        return standing(subject_ref=self.asked.subject_ref)

    @cached_property
    def on_hold(self) -> list[OnHold]:
        """Which uses of this person's data are on hold, whatever this request asks."""
        return on_hold(Restriction.objects.in_force().of(self.asked.subject_ref).order_by("begun_at", "pk"))

    @cached_property
    def searched(self) -> Searched | None:
        """The last search for what might be left of her."""
        scan = ResidueScan.objects.filter(request_ref=self.asked.ref).first() if self.asked.right == Right.ERASURE else None
        return Searched(scan) if scan else None

    @cached_property
    def has_returned_letter(self) -> bool:
        return self.asked.letters.returned().exists()

    @cached_property
    def message_waits(self) -> bool:
        """The last word is the person's."""
        last = self.asked.messages.last()
        return self.asked.is_open and last is not None and not last.from_us

    @cached_property
    def log(self) -> list[Entry]:
        """What the trail says, and our letters; newest first."""
        trail = TrailEntry.objects.filter(subject_ref=self.asked.subject_ref, request_ref=self.asked.ref).order_by("-at", "-pk")[:LOG]
        entries = [self._entry(entry) for entry in trail]
        entries += [_letter(letter) for letter in self.asked.letters.order_by("-pk")[:LOG]]
        return sorted(entries, key=lambda entry: entry.at, reverse=True)

    def _entry(self, entry):
        icon, text = EVENTS.get(entry.event) or EVENTS.get(entry.event.partition(".")[2], ("info", entry.event))
        by_her = entry.actor_ref == str(self.asked.subject_ref)
        why = looks.Why(entry.reason).label if entry.event == "desk.opened" and entry.reason in looks.Why.values else ""
        return Entry(entry.at, icon, str(text), by_her, note=", ".join(filter(None, [_by(entry.actor_ref, by_her), str(why)])))


def _by(actor_ref, by_her):
    """A role says who it was; a reference says only that it was somebody who signed in."""
    if by_her:
        return _("by the person")
    if not actor_ref:
        return _("by the system")
    return _("by the desk") if is_reference(actor_ref) else _("by %(role)s") % {"role": actor_ref}


def _subject(asked):
    """Once she is erased, what a member's data are called still tells what went out."""
    return cases.subject_of(asked) or Subject(kind=next(iter(registry.roots.values())))


def _about(what):
    """A use of data by its title, a field by its own, a question or a complaint as what it is."""
    if what == WHOLE:
        return _("what was asked")
    if what in Right.values:
        return Right(what).label
    activity = next((activity for activity in registry.activities() if activity.slug == what), None)
    if activity:
        return activity.heading
    label, _dot, name = what.rpartition(".")
    data_map = registry.labelled(label)
    return data_map.title(data_map.lines[name]) if data_map and name in data_map.lines else what


def _letter(letter):
    kind = {"kind": letter.get_kind_display()}
    if letter.posted_at:
        return Entry(letter.posted_at, "mail", _("Letter posted: %(kind)s") % kind)
    if letter.sent_at:
        return Entry(letter.sent_at, "mail", _("Letter sent: %(kind)s") % kind)
    if letter.by_post:
        return Entry(letter.created_at, "mail", _("Letter to be posted: %(kind)s") % kind)
    tried = _tries(letter.attempts) if letter.attempts else ""
    return Entry(letter.created_at, "mail", _("Letter not sent yet: %(kind)s") % kind, note=tried)


def _step(step):
    rows = 0 if step.name == CLEANED_STEP else sum(step.counts.values())
    name = str(wording.step(step.name))
    if rows:
        name = ngettext("%(step)s, %(count)d row", "%(step)s, %(count)d rows", rows) % {"step": name, "count": rows}
    if step.finished_at:
        return {"name": name, "state": "done", "at": step.finished_at}
    if step.problem:
        return {"name": name, "state": "fail", "note": f"{_tries(step.attempts)}, {PROBLEMS.get(step.problem, step.problem)}"}
    return {"name": name, "state": "now" if step.attempts else ""}


def _told(notice):
    """With the last attempts where nobody was reached so far: the proof, should it prove impossible (Art. 19)."""
    tried = [] if notice.state in REACHED else list(notice.tries.all())[-ATTEMPTS:]
    return {"chip": notices.chip(notice.state), "tries": _tries(notice.attempts) if notice.attempts > 1 else "", "tried": tried}


def _tries(count):
    return ngettext("%(count)d try", "%(count)d tries", count) % {"count": count}
