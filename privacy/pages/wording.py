"""How a request reads to the person who made it: what she asked, how it stands, and each step in a sentence."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..casework.quota import ARCHIVES
from ..casework.requests import DataSubjectRequest
from ..casework.telling import TELLING
from ..datamap import Right
from ..rights.caption import caption
from ..rights.portability import Scope
from . import moments

Status = DataSubjectRequest.Status

# What she asked, as she would say it.
ASKED = {
    Right.ACCESS: _("A copy of all your data"),
    Right.PORTABILITY: _("The data you can take along"),
    Right.RECTIFICATION: _("A correction"),
    Right.ERASURE: _("Erasing everything"),
    Right.RESTRICTION: _("Putting a use on hold"),
    Right.OBJECTION: _("Saying no to a use"),
    Right.WITHDRAWAL: _("Stopping an access"),
    Right.COMPLAINT: _("A complaint"),
    Right.INFORMATION: _("An explanation"),
}
# Status -> kind of chip, icon.
CHIPS = {
    Status.RECEIVED: ("wait", "clock"),
    Status.APPROVED: ("info", "clock"),
    Status.RUNNING: ("info", "turn"),
    Status.FULFILLED: ("ok", "check"),
    Status.PARTLY: ("info", "check"),
    Status.REFUSED: ("bad", "cross"),
    Status.CANCELLED: ("", "cross"),
    Status.OVERTAKEN: ("", "bin"),
}
# The state in words and what she may do meanwhile; first what differs per right.
MAKING = _("Your archive is being made"), _("You may close this page. We mail you as soon as it is ready.")
STATES = {
    **{(right, status): MAKING for right in ARCHIVES for status in (Status.APPROVED, Status.RUNNING)},
    (Right.ERASURE, Status.APPROVED): (_("You are hidden, and nothing is erased yet"), _("Until %(day)s you can still go back.")),
    (Right.ERASURE, Status.RUNNING): (_("We are erasing your data"), _("You may close this page. We mail you our answer.")),
    (Right.ERASURE, Status.FULFILLED): (_("Your data are erased"), _("We mailed you what went, and what stays and why.")),
    (Right.ERASURE, Status.CANCELLED): (_("Everything is visible again"), _("You took back your request. Nothing was erased.")),
    (Right.RECTIFICATION, Status.FULFILLED): (_("Your data are corrected or completed"), _("That counts from now on.")),
    (Right.WITHDRAWAL, Status.FULFILLED): (_("The access is closed"), _("That counts from now on. What was done before stays lawful.")),
}
ANY_RIGHT = {
    Status.RECEIVED: (_("We received your request"), _("We look at it, and answer by %(answer_by)s.")),
    Status.APPROVED: (_("We accepted your request"), _("We carry it out, and answer by %(answer_by)s.")),
    Status.RUNNING: (_("We are working on your request"), _("You may close this page. We mail you our answer.")),
    Status.FULFILLED: (_("Your request is done"), _("We mailed you our answer.")),
    Status.PARTLY: (_("We did a part of what you asked"), _("Here is what we did not do and why, and what you can do about it.")),
    Status.REFUSED: (_("We do not follow your request"), _("Here is why, and what you can do about it.")),
    Status.CANCELLED: (_("You took back your request"), _("We did nothing with it.")),
    Status.OVERTAKEN: (_("This request ended with the erasure of your data"), _("There is nothing left to do for it.")),
}
ARCHIVE_READY = _("Your archive is ready"), _("You can fetch it until %(until)s. Then we destroy it.")
NOTHING_HELD = _("We hold nothing of this"), _("The archive says so, signed by us. You can fetch it until %(until)s.")
ARCHIVE_GONE = _("Your archive is gone"), _("Its time has passed, so we destroyed it. Ask for a new one whenever you like.")
DISOWNED = _("We stopped this request"), _("You reported that it was not yours.")
COPIED = _("An operator made a copy of your data"), _("Did you not ask for it? Write to us.")

# The last line of the steps of a request that is closed.
ENDS = {
    Status.FULFILLED: _("You got our answer"),
    Status.PARTLY: _("You got our answer"),
    Status.REFUSED: _("You got our answer"),
    Status.CANCELLED: _("You took it back"),
    Status.OVERTAKEN: _("It ended with the erasure"),
}

# The name of a step in the ledger -> what it does, in the person's words; a test finds a step without one.
STEPS = {
    "collect": _("Collect and pack your data"),
    "end restrictions": _("End what only kept your data, so that they can go"),
    "end sessions": _("Sign you out everywhere"),
    "stop transfers": _("Stop what goes to other platforms"),
    "withdraw permissions": _("Close the access of partners"),
    "sign out at partners": _("Sign you out at partners"),
    "withdraw resources": _("Take back your material"),
    "look for a successor": _("Look whether somebody has to take over from you"),
    "set aside what is held": _("Set aside what the law lets us keep, sealed"),
    "note what is kept": _("Note what has to stay, and why"),
    "seal what to look for": _("Note what we will search for afterwards, sealed"),
    "note in the ledger": _("Note it outside our database, so that no backup brings you back"),
    "treat rows": _("Erase your data"),
    "remove the person": _("Remove your account"),
    "close other requests": _("Close your other requests"),
    "remove archives": _("Destroy your archives"),
    "remove what she brought": _("Destroy the archive that you brought"),
    "forget addresses": _("Forget where we wrote to you"),
    "remove files": _("Remove your files"),
    "clean up tables": _("Clean up the tables"),
    TELLING: _("Tell who received your data"),
    "look for what is left": _("Search everything for what might be left of you"),
    "issue the certificate": _("Sign a certificate of the erasure"),
    "answer": _("Write you our answer"),
}

# The first word of `identified_by` -> how we knew that it was she.
EVIDENCE = {
    "sign_in": _("You had just signed in"),
    "password": _("You gave your password"),
    "mailed_code": _("You gave the code from our mail"),
    "totp": _("You gave a code from your app"),
    "passkey": _("You showed your passkey"),
    "recovery_code": _("You gave one of your recovery codes"),
    "session": _("You were signed in"),
    "id_card": _("You showed us your identity card"),
    "in_person": _("You came to us, and we know you"),
    "called_back": _("We called you on a number that we knew"),
    "known_address": _("You answered to an address that you had confirmed"),
    "stored_address": _("You answered from an address that you confirmed"),
    "not_yet": _("We did not know yet who wrote"),
}


def asked_for(scope: Scope) -> str:
    """An archive, whole or which part of it."""
    if scope.is_whole:
        return ASKED[scope.right]
    return capfirst(caption(scope, day=moments.day, moment=moments.moment))


def chip(asked) -> dict:
    kind, icon = CHIPS[asked.status]
    return {"kind": kind, "icon": icon, "text": asked.get_status_display()}


def state(asked, archive, *, is_disowned) -> tuple[str, str]:
    """Heading and first sentence; the sentence has room for %(answer_by)s, %(day)s and %(until)s."""
    if is_disowned:
        return DISOWNED
    if asked.right in ARCHIVES and archive is not None and archive.is_ready:
        return ARCHIVE_READY if archive.rows else NOTHING_HELD
    if asked.right in ARCHIVES and asked.status == Status.FULFILLED:
        return COPIED if asked.channel == asked.Channel.COMMAND else ARCHIVE_GONE
    return STATES.get((asked.right, asked.status)) or ANY_RIGHT[asked.status]


def step(name: str) -> str:
    return STEPS.get(name, name)


def how_we_knew(asked) -> str:
    """How she showed who she is, else how the request reached us."""
    return EVIDENCE.get(asked.identified_by.partition(" ")[0]) or asked.get_channel_display()
