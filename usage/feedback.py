"""What members and visitors write to us: received, answered by mail, and forgotten 90 days later (K-5)."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import get_language

from privacy.waking import wake_worker

from . import letters, members
from .errors import AlreadyAnswered, AnswerNotSent, TooMuchFeedback
from .limits import is_one_too_many
from .models import Feedback

DAY_SECONDS = 24 * 60 * 60
# Per day: a person with much to say, and a school behind one network address. Who types a member's address takes nothing of hers.
FROM_ONE_MAILBOX, FROM_ONE_NETWORK = 5, 50
# The data map promises it.
KEPT_AFTER_ANSWER = timedelta(days=90)


def receive(email: str, text: str, *, network: str | None, member=None) -> Feedback:
    """Kept, and acknowledged by a mail that repeats nothing: anybody can type another's address.

    TooMuchFeedback; AccountLeaving for a member who is going.
    """
    counts = [
        is_one_too_many("mailbox" if member is None else "member", email.lower(), most=FROM_ONE_MAILBOX, seconds=DAY_SECONDS),
        is_one_too_many("network", network or "", most=FROM_ONE_NETWORK, seconds=DAY_SECONDS),
    ]
    if any(counts):
        raise TooMuchFeedback
    with transaction.atomic():
        if member is not None:
            members.hold(member)
        received = Feedback.objects.create(email=email, text=text)
    wake_worker("usage.acknowledge_feedback", received.pk, get_language())
    return received


def to_answer():
    """All of it: what waits first, the longest waiting on top; then what was answered, the latest on top."""
    return Feedback.objects.order_by(F("answered_at").desc(nulls_first=True), "sent_at", "pk")


def answer(received: Feedback, text: str) -> None:
    """By mail; we keep that we answered, not what. AlreadyAnswered, AnswerNotSent."""
    settle(received)
    try:
        letters.mail("answer", received.email, language=get_language(), answer=text, received=received)
    except OSError as error:
        Feedback.objects.filter(pk=received.pk).update(answered_at=None)
        raise AnswerNotSent from error


def settle(received: Feedback) -> None:
    """Answered, or in no need of it; of two colleagues at once one is told AlreadyAnswered."""
    if not Feedback.objects.filter(pk=received.pk, answered_at__isnull=True).update(answered_at=timezone.now()):
        raise AlreadyAnswered


def forget(now: datetime) -> int:
    """What was answered long enough ago; how many."""
    return Feedback.objects.filter(answered_at__lt=now - KEPT_AFTER_ANSWER).delete()[0]


@receiver(post_delete, sender=EmailAddress, dispatch_uid="usage.feedback")
def follow_address(sender, instance, **kwargs) -> None:
    """What she wrote stays hers when a confirmed address of hers goes: it moves to the one she has now, so that access and erasure find it.

    An address that was never confirmed may be a stranger's. Where she has no other, the rows stay where they are.
    """
    if not instance.verified:
        return
    now = EmailAddress.objects.filter(user=instance.user_id, verified=True).order_by("-primary", "pk").first()
    if now:
        Feedback.objects.filter(Exact(Lower("email"), instance.email.lower())).update(email=now.email)
