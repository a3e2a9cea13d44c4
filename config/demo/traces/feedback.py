"""What members and visitors asked us, and what we answered."""

from datetime import timedelta

from django.utils import timezone

from usage.models import Feedback

from .. import loading, words
from . import material

# Answered feedback is removed after 90 days (usage/personal_data.py), so none is older than this.
DAYS_BACK = 80
# Visitors beside so many members who wrote.
ONE_VISITOR_BESIDE = 4


def write(teachers, *, random, progress) -> None:
    rows = _feedback(material.active(teachers), random)
    loading.load(Feedback, ["email", "text", "sent_at", "answered_at"], rows, progress=progress)


def _feedback(writers, random):
    for number, teacher in enumerate(writers):
        yield teacher.email, *_asked(random)
        if number % ONE_VISITOR_BESIDE == 0:
            yield f"ouder{number + 1}@bezoeker.example", *_asked(random)


def _asked(random):
    """The question, when, and when we answered if we did."""
    sent_at = timezone.now() - timedelta(days=random.uniform(1, DAYS_BACK))
    answered_at = sent_at + timedelta(days=random.uniform(0.1, 4))
    return random.choice(words.FEEDBACK), sent_at, answered_at if answered_at < timezone.now() else None
