"""What we may answer to a request, what the letter would say, and saying it (Art. 12(3), 12(4))."""

from dataclasses import dataclass
from hashlib import sha256

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..datamap import RefusalGround, Right
from ..errors import UnknownPerson
from . import cases, extending, letter_text, not_me, pausing, refusing, weighing
from .agenda import ANSWERED_BY_US
from .letters import Kind, Letter
from .states import Status, as_if


class Answer(models.TextChoices):
    ACCEPT = "accept", _("Yes: it is carried out")
    FOLLOW = "follow", _("Yes: we did what was asked")
    PARTLY = "partly", _("In part: some of it was done, the rest is refused")
    REFUSE = "refuse", _("No: we do not do it")


# Answer -> the letter, and the status that it is about; what is accepted is answered by the worker.
SAYS = {
    Answer.FOLLOW: (Kind.ANSWER, Status.FULFILLED),
    Answer.PARTLY: (Kind.PARTLY, Status.PARTLY),
    Answer.REFUSE: (Kind.REFUSAL, Status.REFUSED),
}
SAYS_NO = (Answer.PARTLY, Answer.REFUSE)
# We did it, all of it or some.
DONE = (Answer.FOLLOW, Answer.PARTLY)
ACTS = {Answer.FOLLOW: cases.fulfil, Answer.PARTLY: cases.refuse_in_part, Answer.REFUSE: cases.refuse}


# In the place of the link by which she alone says that it was not she: whoever has it stops the request.
HER_LINK = _("[a link for this person alone]")


@dataclass(frozen=True)
class Draft:
    """The letter as it would go out now."""

    title: str
    text: str

    @property
    def fingerprint(self) -> str:
        return sha256(f"{self.title}\n{self.text}".encode()).hexdigest()


def answers_to(request) -> list[Answer]:
    """What somebody of ours can say now. An erasure is accepted where what goes and what stays can be read (pages.letter)."""
    if not request.is_open or request.status == Status.RUNNING:
        return []
    if request.right in ANSWERED_BY_US or _has_no_account(request):
        return [Answer.FOLLOW, Answer.PARTLY, Answer.REFUSE]
    may_accept = request.status == Status.RECEIVED and request.right != Right.ERASURE
    return [Answer.ACCEPT, Answer.REFUSE] if may_accept else [Answer.REFUSE]


def _has_no_account(request) -> bool:
    """No worker carries out what is asked without one."""
    subject = cases.subject_of(request)
    return subject is not None and not subject.has_root


def draft(request, answer: Answer, *, ground="", reasons="", about=()) -> Draft | None:
    """None where no letter goes out yet."""
    if answer not in SAYS:
        return None
    kind, status = SAYS[answer]
    no = {"refusal_ground": RefusalGround(ground), "refusal_reasons": reasons, "refused_about": list(about)} if answer in SAYS_NO else {}
    return _draft_of(as_if(request, status, **no), kind)


def draft_of_more_time(request, *, reason, words) -> Draft:
    """As `extending.extend` would write it now."""
    extension = extending.Extension(request=request, reason=reason, words=words.strip())
    return _draft_of(as_if(request, request.status, extended_at=timezone.now()), Kind.EXTENSION, extension=extension)


def draft_of_question(request, *, reason) -> Draft:
    """As `pausing.pause` would write it now."""
    pause = pausing.Pause(request=request, reason=reason, moves_deadline=pausing.in_time(request, timezone.now()))
    return _draft_of(request, Kind.PAUSED, pause=pause)


def _draft_of(request, kind, **beside) -> Draft:
    hidden = {"not_me": HER_LINK} if not_me.link_to(request) else {}
    said = letter_text.of(Letter(request=request, kind=kind), **hidden, **beside)
    return Draft(said.title, said.text)


def answer(request, chosen: Answer, *, actor_ref, **no) -> None:
    """Accepted where it still waits, and answered, in one transaction: of two who answer at once the first one does.

    `no`: ground, reasons and evidence as `cases.refuse` takes them, and of a no in part what it is about.
    RequestNotApproved where it was answered or taken back meanwhile; UseNotNamed where a yes would stop nothing.
    """
    with transaction.atomic():
        cases.hold(request)
        request.refresh_from_db()
        if chosen in DONE:
            weighing.need_use(request)
        if chosen == Answer.ACCEPT or (chosen != Answer.REFUSE and request.status == Status.RECEIVED):
            _accept(request, actor_ref)
        if chosen in ACTS:
            ACTS[chosen](request, actor_ref=actor_ref, **no)


def _accept(request, actor_ref):
    subject = cases.subject_of(request)
    if subject is None:
        raise UnknownPerson
    cases.approve(request, subject=subject, actor_ref=actor_ref)


def uses_to_refuse(request) -> list[str]:
    """Of which a no in part says which they are; nothing to choose where it is about one use, or none."""
    uses = refusing.uses_of(request)
    return uses if len(uses) > 1 else []
