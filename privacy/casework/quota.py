"""How much a person may ask for in a day: each request costs work and a letter, and a hijacked session must not keep us busy (T-24)."""

from datetime import timedelta

from django.utils import timezone

from ..conf import setting
from ..datamap import Right
from ..errors import TooManyArchives, TooManyRequests
from ..subjects import Subject
from .requests import DataSubjectRequest

# Rights that an archive answers.
ARCHIVES = (Right.ACCESS, Right.PORTABILITY)
# Ending a permission and leaving are never refused (Art. 7(3), 17).
NEVER_REFUSED = (Right.WITHDRAWAL, Right.ERASURE)
# What she asks herself, signed in or by our form.
BY_HERSELF = (DataSubjectRequest.Channel.SELF_SERVICE, DataSubjectRequest.Channel.FORM)
DAY = timedelta(hours=24)


def refuse_flood(request: DataSubjectRequest) -> None:
    """Under the lock of the person's row: TooManyRequests where her letters of a day would bury those that she has to read."""
    if _is_never_refused(request) or request.channel != DataSubjectRequest.Channel.SELF_SERVICE:
        return
    since = timezone.now() - DAY
    asked = DataSubjectRequest.objects.filter(subject_ref=request.subject_ref, received_at__gt=since, channel=request.channel)
    if asked.exclude(right__in=NEVER_REFUSED).count() >= setting("REQUESTS_PER_DAY"):
        raise TooManyRequests


def _is_never_refused(request) -> bool:
    """Nor is an objection that was done at once: to offers, which nobody weighs (Art. 21(3))."""
    return request.right in NEVER_REFUSED or (request.right == Right.OBJECTION and not request.is_open)


def refuse_one_too_many(subject: Subject) -> None:
    """In the transaction of the request it precedes, which waits for another of hers. What was taken back before it began costs nothing."""
    Subject.objects.select_for_update(no_key=True).filter(pk=subject.pk).first()
    asked = DataSubjectRequest.objects.about(subject).filter(
        right__in=ARCHIVES, channel__in=BY_HERSELF, received_at__gt=timezone.now() - DAY
    )
    counted = asked.exclude(status=DataSubjectRequest.Status.CANCELLED).order_by("-received_at")
    latest = counted.values_list("received_at", flat=True)[: setting("ARCHIVES_PER_DAY")]
    if len(latest) >= setting("ARCHIVES_PER_DAY"):
        raise TooManyArchives(latest[len(latest) - 1] + DAY)
