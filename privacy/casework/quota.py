"""How many archives a person may ask for in a day: each costs work, and a hijacked session must not keep us busy (T-24)."""

from datetime import timedelta

from django.utils import timezone

from ..conf import setting
from ..datamap import Right
from ..errors import TooManyArchives
from ..subjects import Subject
from .requests import DataSubjectRequest

# Rights that an archive answers.
ARCHIVES = (Right.ACCESS, Right.PORTABILITY)
DAY = timedelta(hours=24)


def refuse_one_too_many(subject: Subject) -> None:
    """In the transaction of the request it precedes, which waits for another of hers. What was taken back before it began costs nothing."""
    Subject.objects.select_for_update(no_key=True).filter(pk=subject.pk).first()
    asked = DataSubjectRequest.objects.about(subject).filter(
        right__in=ARCHIVES, channel=DataSubjectRequest.Channel.SELF_SERVICE, received_at__gt=timezone.now() - DAY
    )
    counted = asked.exclude(status=DataSubjectRequest.Status.CANCELLED).order_by("-received_at")
    latest = counted.values_list("received_at", flat=True)[: setting("ARCHIVES_PER_DAY")]
    if len(latest) >= setting("ARCHIVES_PER_DAY"):
        raise TooManyArchives(latest[len(latest) - 1] + DAY)
