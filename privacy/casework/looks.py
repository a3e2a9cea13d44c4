"""Why somebody of ours opens a request, or looks a person up: a word of a closed list, and her own beside it (T-18)."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from ..errors import ReasonNeeded, UnknownPerson
from ..evidence import remarks, trail
from ..subjects import Subject
from .finding import subject_known_as


class Why(models.TextChoices):
    """The person reads it as it stands here."""

    ANSWER = "answer", _("to answer this request")
    IDENTITY = "identity", _("to find out who asks")
    QUESTION = "question", _("to answer a question about it")
    COMPLAINT = "complaint", _("to look into a complaint")
    CHECK = "check", _("to check how we worked")
    AUTHORITY = "authority", _("because the authority asks about it")


# What a request is there for needs no more words.
SPEAKS_FOR_ITSELF = {Why.ANSWER, Why.IDENTITY}


def need_words(why: str, words: str) -> None:
    """ReasonNeeded for a look of another kind of which nobody says what it is about."""
    if why not in Why.values or (why not in SPEAKS_FOR_ITSELF and not words.strip()):
        raise ReasonNeeded


@transaction.atomic
def note_opened(request, *, why: str, words: str, actor_ref) -> None:
    need_words(why, words)
    entry = trail.record("desk.opened", subject_ref=request.subject_ref, actor_ref=actor_ref, request_ref=request.ref, reason=why)
    remarks.write(entry, words)


def look_up(address: str, *, why: str, words: str, actor_ref) -> Subject | None:
    """Who confirmed this address, or None; either is on record."""
    need_words(why, words)
    subject = _known_as(address)
    with transaction.atomic():
        entry = trail.record("desk.looked_up", subject_ref=subject and subject.ref, actor_ref=actor_ref, reason=why)
        remarks.write(entry, words)
    return subject


def look_up_for(register: str, lines: list[str], *, actor_ref) -> list[Subject | None]:
    """Whom a register names, line by line. On record without who was found: when she reads of it, the register decides."""
    trail.record("desk.looked_up", actor_ref=actor_ref, reason=register)
    return [_known_as(line) for line in lines]


def _known_as(address) -> Subject | None:
    try:
        return subject_known_as(address)
    except UnknownPerson:
        return None
