"""How a transfer stands, in a person's words: what happened, how far it is, what the receipt says."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..attributes import title_of_record
from .models import IncomingTransfer, OutgoingTransfer

Out, In = OutgoingTransfer.State, IncomingTransfer.State
CHIPS = {
    Out.ASKED: ("wait", "clock"),
    Out.SENDING: ("info", "turn"),
    Out.DONE: ("ok", "check"),
    Out.UNCONFIRMED: ("bad", "alert"),
    Out.FAILED: ("bad", "alert"),
    Out.STOPPED: ("", "cross"),
    In.ALLOWED: ("wait", "clock"),
    In.BEGUN: ("info", "turn"),
    In.TAKING_IN: ("info", "turn"),
    In.REFUSED: ("bad", "alert"),
    In.EXPIRED: ("", "clock"),
}
# Two dictionaries: a state of one way has the same code as that of the other, and says something else.
SAID_GOING = {
    Out.ASKED: gettext_lazy("You did not say yes there yet. Nothing was sent."),
    Out.SENDING: gettext_lazy("Your data are on their way. You may close this page."),
    Out.DONE: gettext_lazy("It confirmed what it took in. Your data stay here too, until you have them erased."),
    Out.UNCONFIRMED: gettext_lazy(
        "Everything was sent, but the receipt does not say what we sent. Ask there what they have of you. We keep the receipt as it is."
    ),
    Out.STOPPED: gettext_lazy(
        "Nothing more goes there. What it did not take in yet, it destroys at our word, or else three days after your yes."
    ),
}
SAID_COMING = {
    In.ALLOWED: gettext_lazy("You allowed it. Nothing came yet."),
    In.BEGUN: gettext_lazy("Your data are coming. Nothing is taken in before all of it is here."),
    In.TAKING_IN: gettext_lazy("Everything is here. We are taking it in."),
    In.DONE: gettext_lazy("It is done. What was here already stayed as it was, and what was sent we destroyed."),
    In.EXPIRED: gettext_lazy("It did not come in time. What came, we destroyed; nothing was taken in."),
    In.STOPPED: gettext_lazy("It was stopped. What came, we destroyed; nothing was taken in."),
}
# Code of a problem -> what she can do; any other is ours or the other side's, and is tried again or begun anew.
PROBLEMS_GOING = {
    "#another-person": gettext_lazy(
        "The two accounts have no confirmed e-mail address in common. Add yours to one of them, then try again."
    ),
    "#account-not-open": gettext_lazy("The account there is about to be erased. Take that back there first."),
    "#unknown-issuer": gettext_lazy("That platform does not know us yet. Tell them, or take your archive there yourself."),
    "#too-large": gettext_lazy(
        "It is more than that platform takes at once. Begin again and tick less there, or take your archive there yourself, part by part."
    ),
    "#version": gettext_lazy("That platform reads another version of our archives. Take your archive there yourself."),
    "#consent": gettext_lazy("Your yes there has ended. Begin again, and say yes there once more."),
    "#broken-off": gettext_lazy("It broke off there. What it took in before that is there. Begin again: what is there is never doubled."),
    "late": gettext_lazy("It did not confirm within three days what it took in. Ask there before you begin again."),
    "archive": gettext_lazy("Your archive was not there any more. Begin again."),
    "closed": gettext_lazy("Nothing goes to that platform from here any more. Fetch your archive, and bring it there yourself."),
}
FAILED_GOING = gettext_lazy(
    "Something did not fit, and it is not your fault. Your data are safe here. Begin again, or take your archive there yourself."
)
PROBLEMS_COMING = {
    "#another-person": gettext_lazy(
        "The two accounts have no confirmed e-mail address in common. Add yours to one of them, then try again."
    ),
    "#account-not-open": gettext_lazy("Your account here is about to be erased. Take that back first."),
    "#too-large": gettext_lazy("It is more than we take at once. Fetch your archive there, and bring it yourself, a part at a time."),
    "#broken-off": gettext_lazy(
        "It broke off while we took it in, and that is our fault. What we took in before that is here, the rest we destroyed. "
        "Begin again there: what is here is never doubled."
    ),
}
# It ended while it was being taken in, or before anything could go.
PARTLY_COME = gettext_lazy("It ended while we took it in. What we took in before that is here, the rest we destroyed.")
NOTHING_WENT = gettext_lazy("Nothing went there.")
FAILED_COMING = gettext_lazy(
    "Something did not fit, and it is not your fault. What came, we destroyed; nothing was taken in. Begin again there, "
    "or fetch your archive there and bring it yourself."
)


@dataclass(frozen=True)
class Line:
    """What became of one kind of data."""

    title: str
    text: str


@dataclass(frozen=True)
class Following:
    transfer: OutgoingTransfer | IncomingTransfer

    @property
    def chip(self) -> dict:
        kind, icon = CHIPS[self.transfer.state]
        return {"kind": kind, "icon": icon, "text": self.transfer.get_state_display().capitalize()}

    @cached_property
    def taken(self) -> list[Line]:
        return [Line(title_of_record(each["record"]), _counted(each)) for each in self._said("taken")]

    @cached_property
    def left(self) -> list[Line]:
        return [Line(title_of_record(each["record"]), str(each["why"])) for each in self._said("not_taken")]

    def _said(self, what) -> list[dict]:
        """Another's receipt may hold anything."""
        listed = self.transfer.said.get(what)
        wanted = {"record", "sent" if what == "taken" else "why"}
        is_whole = isinstance(listed, list) and all(isinstance(each, dict) and wanted <= each.keys() for each in listed)
        return listed if is_whole else []


class Going(Following):
    @property
    def may_begin_again(self) -> bool:
        """It ended without arriving, and data still go there."""
        return not self.transfer.is_open and self.transfer.state != Out.DONE and self.transfer.receiver.closed_at is None

    @property
    def name(self) -> str:
        return self.transfer.receiver.recipient.name

    @property
    def began_at(self) -> datetime:
        return self.transfer.created_at

    @property
    def sentence(self) -> str:
        if self.transfer.state == Out.STOPPED and not self.transfer.started_at:
            return str(NOTHING_WENT)
        return str(SAID_GOING.get(self.transfer.state) or PROBLEMS_GOING.get(self.transfer.problem, FAILED_GOING))

    @property
    def progress(self) -> dict | None:
        """100 only once the receiver confirmed."""
        transfer = self.transfer
        if transfer.state != Out.SENDING:
            return None
        if not transfer.bytes_expected:
            return {"percent": 0, "text": _("We make your archive first.")}
        text = _("%(sent)s of %(all)s sent.") % {
            "sent": filesizeformat(transfer.bytes_sent),
            "all": filesizeformat(transfer.bytes_expected),
        }
        return {"percent": min(99, transfer.bytes_sent * 100 // transfer.bytes_expected), "text": text}

    @property
    def steps(self) -> list[dict]:
        transfer = self.transfer
        said_yes = {"name": _("You said yes there"), "at": transfer.started_at, "state": "done" if transfer.started_at else ""}
        steps = [{"name": _("You chose the platform"), "at": transfer.created_at, "state": "done"}, said_yes]
        if transfer.state == Out.SENDING:
            return [*steps, self._under_way(), {"name": _("It confirms what it took in")}]
        if transfer.state == Out.ASKED:
            return steps
        ends = {Out.DONE: _("It confirmed what it took in"), Out.UNCONFIRMED: _("Its receipt does not add up")}
        ends |= {Out.FAILED: _("It did not work"), Out.STOPPED: _("Stopped")}
        fate = "done" if transfer.state in {Out.DONE, Out.STOPPED} else "fail"
        return [*steps, {"name": ends[transfer.state], "at": transfer.ended_at, "state": fate}]

    def _under_way(self) -> dict:
        if self.transfer.problem:
            return {"name": _("Sending"), "state": "fail", "note": _("did not work, we try again")}
        return {"name": _("Sending"), "state": "now", "note": _("busy")}


class Coming(Following):
    @property
    def can_stop(self) -> bool:
        return self.transfer.state in {In.ALLOWED, In.BEGUN}

    @property
    def name(self) -> str:
        return self.transfer.application.partner.recipient.name

    @property
    def began_at(self) -> datetime:
        return self.transfer.allowed_at

    @property
    def sentence(self) -> str:
        if self.transfer.attempts and self.transfer.state in {In.STOPPED, In.EXPIRED}:
            return str(PARTLY_COME)
        return str(SAID_COMING.get(self.transfer.state) or PROBLEMS_COMING.get(self.transfer.problem, FAILED_COMING))


def _counted(each) -> str:
    """Only what there is something to say of."""
    said = [
        (each.get("new"), ngettext("%(count)d taken in.", "%(count)d taken in.", _number(each.get("new")))),
        (each.get("here"), ngettext("%(count)d was there already.", "%(count)d were there already.", _number(each.get("here")))),
        (
            each.get("conflicts"),
            ngettext(
                "%(count)d says something else there, and stays.",
                "%(count)d say something else there, and stay.",
                _number(each.get("conflicts")),
            ),
        ),
    ]
    sentences = [sentence % {"count": count} for count, sentence in said if _number(count)]
    return " ".join([*sentences, *_refused(each.get("refused"))])


def _refused(listed) -> list[str]:
    found = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return [
        ngettext("%(count)d cannot come: %(why)s.", "%(count)d cannot come: %(why)s.", _number(each.get("count")))
        % {"count": _number(each.get("count")), "why": str(each.get("why", ""))[:200].removesuffix(".")}
        for each in found
    ]


def _number(value) -> int:
    return value if type(value) is int and value > 0 else 0
