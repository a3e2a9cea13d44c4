"""What members say of material: stars, and words for all to read."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.db.models import Avg, Count
from django.utils import timezone

from . import members
from .errors import AnsweredCommentGone, MaterialRemoved, TooManyComments
from .models import Comment, Resource, Score

# Enough for a lively talk, too few to advertise with.
COMMENTS_PER_HOUR = 50
HOUR = timedelta(hours=1)
# Fewer scores would tell what one person thinks.
FEWEST_SCORES = 3


@contextmanager
def on_offer(member, resource: Resource) -> Iterator[Resource]:
    """In one transaction, while she is here and nobody can take it back; MaterialRemoved where somebody did, AccountLeaving."""
    with transaction.atomic():
        members.hold(member)
        now = Resource.objects.select_for_update(no_key=True).get(pk=resource.pk)
        if now.is_removed:
            raise MaterialRemoved
        yield now


def score(member, resource: Resource, value: int) -> None:
    """Her latest counts. Of the base manager, since PostgreSQL locks no row behind the joins that leave out hidden members."""
    with on_offer(member, resource):
        Score._base_manager.update_or_create(member=member, resource=resource, defaults={"value": value, "given_at": timezone.now()})


def average(resource: Resource) -> dict | None:
    """`stars` and of how many `scores`; None where there are too few."""
    found = Score.objects.filter(resource=resource).aggregate(stars=Avg("value"), scores=Count("pk"))
    return found if found["scores"] >= FEWEST_SCORES else None


def score_of(member, resource: Resource) -> int | None:
    return Score.objects.filter(member=member, resource=resource).values_list("value", flat=True).first()


def comment(member, resource: Resource, text: str, *, number: uuid.UUID, reply_to=None) -> Comment:
    """Under her name as it is now. `number` was drawn with the form: sent twice, it is one comment; with other words in it, another one.

    TooManyComments, and the refusals of `on_offer`.
    """
    with on_offer(member, resource):
        answered = _thread_of(resource, reply_to) if reply_to else None
        said = {"author": member, "resource": resource, "text": text, "reply_to": answered}
        before = Comment._base_manager.filter(pk=number).first()
        if before and all(getattr(before, column) == value for column, value in said.items()):
            return before
        if Comment.objects.filter(author=member, published_at__gt=timezone.now() - HOUR).count() >= COMMENTS_PER_HOUR:
            raise TooManyComments
        return Comment.objects.create(pk=uuid.uuid4() if before else number, shown_name=member.get_full_name(), **said)


def _thread_of(resource, number):
    """Answers stand one level deep: an answer to an answer joins its thread, also where the first comment was removed."""
    answered = resource.comments.filter(pk=number).first()
    if answered:
        return answered.reply_to or answered.pk
    if resource.comments.filter(reply_to=number).exists():
        return number
    raise AnsweredCommentGone


def remove_comment(comment: Comment) -> None:
    """Answers to it stay."""
    Comment.objects.filter(pk=comment.pk).delete()
