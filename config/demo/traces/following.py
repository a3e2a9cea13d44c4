"""Whose publications members wish to see."""

from usage.models import Follow

from .. import loading
from . import moments

AT_MOST = 8


def write(teachers, published, *, random, progress) -> None:
    authors = list(dict.fromkeys(each.author for each in published))
    loading.load(Follow, ["follower", "followed", "since"], _follows(teachers, authors, random), progress=progress)


def _follows(teachers, authors, random):
    """Some who publish; nobody herself."""
    for teacher in teachers:
        for author in random.sample(authors, min(random.randint(0, AT_MOST), len(authors))):
            if author != teacher.pk:
                yield teacher.pk, author, moments.some_time_ago(random)
