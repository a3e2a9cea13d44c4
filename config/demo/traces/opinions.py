"""Stars and comments: what members think of resources, and threads of answers."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import uuid4

from usage.models import Comment, Score

from .. import loading, words
from . import moments

STARS = [2, 3, 4, 4, 5, 5]


def write(teachers, published, *, random, progress) -> None:
    scored = _scores(teachers, published, random)
    loading.load(Score, ["member", "resource", "value", "given_at"], scored, progress=progress)
    columns = ["id", "author", "shown_name", "resource", "reply_to", "text", "published_at"]
    loading.load(Comment, columns, _comments(teachers, published, random), progress=progress)


def _scores(teachers, published, random) -> Iterator[tuple]:
    for teacher in teachers:
        for each in random.sample(published, random.randint(3, 15)):
            yield teacher.pk, each.resource, random.choice(STARS), moments.some_time_ago(random)


def _comments(teachers, published, random) -> Iterator[tuple]:
    """Under the names of their authors; right after a comment come its answers, the first by who published the resource.

    Under one resource nobody says what was said there before.
    """
    names = {teacher.pk: teacher.name for teacher in teachers}
    left = defaultdict(lambda: random.sample(words.COMMENTS, len(words.COMMENTS)))
    for teacher in teachers:
        for each in filter(lambda each: left[each.resource], random.sample(published, random.randint(0, 4))):
            number, text, moment = uuid4(), left[each.resource].pop(), moments.some_time_ago(random)
            yield number, teacher.pk, teacher.name, each.resource, None, text, moment
            for author, answer in zip([each.author, random.choice(teachers).pk], _answers(text, random), strict=False):
                moment = moments.later(moment, random, hours=72)
                if author != teacher.pk:
                    yield uuid4(), author, names[author], each.resource, number, answer, moment


def _answers(text, random) -> list[str]:
    return words.THREADS[text][: random.choice([0, 0, 1, 1, 2])]
