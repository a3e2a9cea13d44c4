"""Resources, who published them and the files of some."""

from itertools import islice
from typing import NamedTuple
from uuid import UUID

from usage.models import Publication, Resource
from usage.models.resources import LONGEST_TAG, MOST_TAGS

from .. import loading, words
from . import moments

# As many as there are topics and kinds, three kinds of each; on a large platform members add more.
KINDS_OF_EACH, RESOURCES_PER_MEMBER = 3, 0.4
# Of teachers, one in so many publishes.
ACTIVE_ONE_IN = 3
# Files cost more than rows; an author's first publications have one, on a large platform not everybody's.
MOST_FILES = 150
BATCH = 2_000


class Published(NamedTuple):
    """What comments and followers need to know of a resource."""

    resource: int
    author: UUID


def publish(teachers, *, random, shelf, progress) -> list[Published]:
    """In random order; the first ones are read most, and active teachers come first among their authors."""
    made = _imagined(random, max(len(words.TOPICS) * KINDS_OF_EACH, round(len(teachers) * RESOURCES_PER_MEMBER)))
    authors = active(teachers)
    published = []
    for nth, chunk in enumerate(loading.chunks(made, BATCH)):
        Resource.objects.bulk_create(resource for resource, _description in chunk)
        publications = [
            _publication(resource, description, _author(authors, nth * BATCH + number, random), random)
            for number, (resource, description) in enumerate(chunk)
        ]
        _put_files(publications, random, shelf)
        loading.save(publications, progress=progress)
        progress(len(chunk))
        published += [Published(publication.resource_id, publication.author_id) for publication in publications]
    return published


def active(teachers):
    return teachers[::ACTIVE_ONE_IN]


def _imagined(random, how_many):
    """Resources and their descriptions, every topic in every round."""
    topics = random.sample(words.TOPICS, len(words.TOPICS))
    rounds = ((nth_round, topic) for nth_round in range(how_many) for topic in topics)
    for nth_round, topic in islice(rounds, how_many):
        kinds = words.kinds_for(topic.level)
        kind = kinds[(nth_round + len(topic.title)) % len(kinds)]
        yield _resource(topic, kind), random.choice(kind.descriptions).format(topic.title)


def _resource(topic, kind):
    tags = [*topic.key_words, kind.word, topic.subject.lower()]
    return Resource(
        title=kind.title.format(topic.title),
        subject_taught=topic.subject,
        level=topic.level,
        tags=[tag for tag in tags if len(tag) <= LONGEST_TAG][:MOST_TAGS],
    )


def _author(authors, nth, random):
    """Everybody who is active once, after that the first half of them again and again."""
    return authors[nth] if nth < len(authors) else random.choice(authors[: len(authors) // 2 + 1])


def _publication(resource, description, author, random):
    return Publication(
        resource=resource,
        author_id=author.pk,
        shown_name=author.name,
        description=description,
        town=author.town,
        published_at=moments.some_time_ago(random),
    )


def _put_files(publications, random, shelf):
    for publication in publications[: MOST_FILES - len(shelf.stored)]:
        shelf.put(publication, publication.resource.title, random.choice(["pdf", "pdf", "txt"]))
