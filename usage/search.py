"""Finding material by its words: title, key words, subject, description, and the name that others may read with it."""

import json
import re
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from privacy.subjects import usable

from .models import Publication, Resource, Search
from .names import NAMED_FOR

# Characters; more words than this find nothing that fewer do not.
LONGEST = 100
# As many as anybody looks through. Ranking reads the words of each: of 50,000 that took seconds.
MOST_RANKED = 500
# What means something between words, as PostgreSQL's websearch reads it.
EITHER, RULED_OUT = "or", re.compile(r"(?<!\S)-\S+")
# The stems and small words that PostgreSQL leaves out.
CONFIG = "dutch"
# A name is sought only while others may read it.
READABLE = Q(publication__author__isnull=True) | usable("publication__author__subject__", *NAMED_FOR)
SHOWN_NAME = Case(When(READABLE, then=F("publication__shown_name")), default=Value(""))

# Frozen in migration 0004, whose indexes serve these two and no other.
WORDS_OF_RESOURCE = SearchVector("title", "subject_taught", "tags", config=CONFIG)
WORDS_OF_PUBLICATION = SearchVector("description", "shown_name", config=CONFIG)
RANKED = (
    SearchVector("title", weight="A", config=CONFIG)
    + SearchVector("tags", "subject_taught", weight="B", config=CONFIG)
    + SearchVector("publication__description", SHOWN_NAME, weight="C", config=CONFIG)
)


def normal(words: str) -> str:
    """On one line, without what no text can hold."""
    return " ".join(words.replace("\0", " ").split())[:LONGEST].strip()


def note(member, words: str) -> None:
    """As the statistics of popular searches count them; of nobody whose use is on hold."""
    if not member.subject.restricts("usage"):
        Search.objects.create(member=member, words=words.lower()[:LONGEST])


def matching(resources: QuerySet, words: str) -> QuerySet:
    """The best first on PostgreSQL; on SQLite, which development and small hosts use, the newest."""
    return _by_index(resources, words) if connection.vendor == "postgresql" else _by_looking(resources, words)


def _by_index(resources, words):
    """Two indexes give what holds the words; what holds them as they were meant is decided, and ranked, over the newest of those alone."""
    holding = [_holding(word) for word in _sought(words)]
    if not holding:
        return resources.none()
    candidates = resources.filter(reduce(or_ if EITHER in words.lower().split() else and_, holding))[:MOST_RANKED]
    meant = SearchQuery(words, config=CONFIG, search_type="websearch")
    found = resources.filter(pk__in=candidates.values("pk")).annotate(found=RANKED, rank=SearchRank(RANKED, meant))
    return found.filter(found=meant).order_by("-rank", "-pk")


def _sought(words) -> list[str]:
    """What has to be there: each word that is no small one of the language, nor ruled out with a minus."""
    said = set(re.findall(r"\w+", RULED_OUT.sub(" ", words.lower()))) - {EITHER}
    asked = sorted(said)
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(['numnode(plainto_tsquery(%s::regconfig, %s))'] * len(asked))}",
            [value for word in asked for value in (CONFIG, word)],
        )
        stems = cursor.fetchone()
    return [word for word, has_stem in zip(asked, stems, strict=True) if has_stem]


def _holding(word) -> Q:
    """In the resource, or in what its author says of it."""
    query = SearchQuery(word, config=CONFIG, search_type="plain")
    of_resource = Resource.objects.annotate(words=WORDS_OF_RESOURCE).filter(words=query).values("pk")
    of_publication = Publication._base_manager.annotate(words=WORDS_OF_PUBLICATION).filter(words=query).values("resource")
    return Q(pk__in=of_resource) | Q(pk__in=of_publication)


def _by_looking(resources, words):
    """Each word somewhere; SQLite's own comparison knows no capitals but A to Z."""
    found = resources.annotate(name=SHOWN_NAME, tag_text=Cast("tags", TextField()))
    for word in words.split():
        sought = re.escape(word.strip('"'))
        texts = [f"{place}__iregex" for place in ("title", "subject_taught", "publication__description", "name")]
        somewhere = Q(tag_text__icontains=json.dumps(word.strip('"').lower())[1:-1])
        for text in texts:
            somewhere |= Q(**{text: sought})
        found = found.filter(somewhere)
    return found
