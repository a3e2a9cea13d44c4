"""Following a member: her newest publications come to one's own page. She sees how many follow her, not who."""

from django.db import transaction
from django.db.models import Q

from privacy.subjects import usable

from . import members, published
from .models import Follow


@transaction.atomic
def follow(follower, key):
    """The followed member; a second click changes nothing. The refusals are those of `members.meet`."""
    followed = members.meet(follower, key)
    Follow._base_manager.get_or_create(follower=follower, followed=followed)
    return followed


def stop(follower, key) -> None:
    """Also where the other is hidden, or was never followed."""
    Follow._base_manager.filter(follower=follower, followed=key).delete()


def is_following(follower, followed) -> bool:
    return Follow.objects.filter(follower=follower, followed=followed).exists()


def followed_by(member):
    """Whom she follows and may still meet, the latest first."""
    here = Q(followed__is_active=True) & usable("followed__subject__", "account")
    return Follow.objects.filter(here, follower=member).select_related("followed__subject").order_by("-since", "-pk")


def how_many_follow(member) -> int:
    """For herself alone. Who they are is theirs to tell (the data map gives `follower` to the follower)."""
    return Follow.objects.filter(followed=member).count()


def news(member):
    """What those whom she follows published, the newest first."""
    return published.under_a_name().filter(author__in=followed_by(member).values("followed"))
